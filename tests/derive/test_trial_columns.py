"""The columns that people bring: other tools' names, capital letters, workbooks, intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence as ev

MEANS = {"m1": 12.5, "sd1": 4.0, "n1": 40, "m2": 10.0, "sd2": 5.0, "n2": 41}
SMD = ev.effect_size("SMD", **MEANS).to_numpy()[0]
RR = ev.effect_size("RR", ai=12, n1=40, ci=20, n2=41).to_numpy()[0]


def written(folder, text, name="mine.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "measure", "expected", "heard"),
    [
        ("study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,12.5,4,40,10,5,41\n", "smd", SMD, "m1i as m1"),
        ("STUDY;M1I;SD1I;N1I;M2I;SD2I;N2I\nA;12,5;4;40;10;5;41\n", "SMD", SMD, "SD2I as sd2"),
        ("Study,M1,SD1,N1,M2,SD2,N2\nA,12.5,4,40,10,5,41\n", "SMD", SMD, ""),
        ("study,mean.e,sd.e,n.e,mean.c,sd.c,n.c\nA,12.5,4,40,10,5,41\n", "SMD", SMD, "mean.e as m1"),
        (
            "Study,Experimental mean,Experimental SD,Experimental N,Control mean,Control SD,Control N\n"
            "A,12.5,4,40,10,5,41\n",
            "SMD",
            SMD,
            "Experimental mean as m1",
        ),
        ("study,ai,bi,ci,di\nA,12,28,20,21\n", "rr", RR, ""),
        ("study,ai,n1i,ci,n2i\nA,12,40,20,41\n", "RR", RR, "n1i as n1"),
        ("study,event.e,n.e,event.c,n.c\nA,12,40,20,41\n", "RR", RR, "event.e as ai"),
        (
            "Study,Experimental cases,Experimental N,Control cases,Control N\nA,12,40,20,41\n",
            "RR",
            RR,
            "Control cases as ci",
        ),
        ("studlab,TE,seTE\nA,0.5,0.2\n", "", (0.5, 0.04), "TE as yi"),
        ("Study,GIV Mean,GIV SE\nA,0.5,0.2\n", "", (0.5, 0.04), "GIV SE as sei"),
        ("study,smd,se\nA,0.5,0.2\n", "", (0.5, 0.04), "smd as yi"),
        ("study,xi,ni\nA,5,20\n", "pr", (0.25, 0.25 * 0.75 / 20), ""),
        ("study,ri,ni\nA,0.5,20\n", "zcor", (np.arctanh(0.5), 1 / 17), ""),
    ],
)
def test_names_of_other_tools_are_understood_and_said(tmp_path, text, measure, expected, heard):
    read = ev.read_trials(written(tmp_path, text), measure)
    assert read["label"].tolist() == ["A"]
    assert read[["yi", "vi"]].to_numpy()[0] == pytest.approx(expected)
    assert heard in "; ".join(read.attrs["understood"])


def test_an_interval_gives_the_standard_error(tmp_path):
    read = ev.read_trials(written(tmp_path, "study,estimate,lower,upper\nA,0.2,0.004,0.396\nB,-0.1,-0.3,0.1\n"))
    assert read["yi"].tolist() == [0.2, -0.1]
    assert np.sqrt(read["vi"]).tolist() == pytest.approx([0.196 / 1.959964, 0.2 / 1.959964], rel=1e-6)
    assert "95% interval" in read.attrs["understood"][-1]


def test_ratios_with_their_interval_become_logs_and_logs_stay(tmp_path):
    text = "study,OR,CI lower,CI upper\nA,0.5,0.25,1.0\nB,2,1,4\n"
    read = ev.read_trials(written(tmp_path, text))
    assert read["yi"].tolist() == pytest.approx([np.log(0.5), np.log(2)]) and read.attrs["measure"] == "OR"
    assert np.sqrt(read["vi"]).tolist() == pytest.approx([np.log(2) / 1.959964] * 2, rel=1e-6)
    logs = ev.read_trials(written(tmp_path, "study,estimate,lower,upper\nA,0.5,0.1,0.9\nB,0.7,0.5,0.9\n"), "OR")
    assert logs["yi"].tolist() == [0.5, 0.7] and "the log of OR" in logs.attrs["understood"][-1]


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("study,estimate,lower,upper\nA,0.5,0.25,1.0\nB,2,1,4\n", "", "as those of ratios do; choose a measure"),
        ("study,OR,se\nA,0.5,0.2\n", "", "OR could be the ratio or its log"),
        ("study,estimate,TE,se\nA,0.5,0.5,0.2\n", "", "estimate and TE both mean yi"),
        ("study,estimate,lower,upper\nA,0.5,0.6,1.0\n", "", "line 2, column yi, lower, upper"),
        ("study,estimate,lower,upper\nA,0.5,0.5,0.5\n", "", "must lie inside its interval"),
        ("study,yi,vi\nA,1,1\n", "smdd", "measure 'smdd' is unknown"),
    ],
)
def test_what_could_mean_two_things_is_refused(tmp_path, text, measure, words):
    with pytest.raises(ev.EvidenceError, match=words):
        ev.read_trials(written(tmp_path, text), measure)


def test_the_measure_of_ready_effects_is_told_and_changes_no_number(tmp_path):
    path = written(tmp_path, "study,TE,seTE\nA,0.5,0.2\n")
    plain, told = ev.read_trials(path), ev.read_trials(path, "rr")
    assert plain.equals(told) and told.attrs["measure"] == "RR" and "yi as the log of RR" in told.attrs["understood"]


def test_a_workbook_is_read_as_its_csv_would_be(tmp_path):
    frame = pd.DataFrame(
        {"Study": ["A 1999", "B 2004", "Total"], **{f"{n}I".upper(): [v] * 3 for n, v in MEANS.items()}}
    )
    frame["M1I"] = [12.5, 11.25, 12.0]
    frame.to_excel(tmp_path / "mine.xlsx", index=False, startrow=1)
    frame.to_csv(tmp_path / "mine.csv", index=False)
    sheet, text = (ev.read_trials(tmp_path / name, "SMD") for name in ("mine.xlsx", "mine.csv"))
    pd.testing.assert_frame_equal(sheet, text)
    assert sheet["label"].tolist() == ["A 1999", "B 2004"]
    (left_out,) = sheet.attrs["incomplete"]
    assert left_out.line == 5 and left_out.file == "mine.xlsx", "the line is that of the sheet"


def test_an_open_document_sheet_is_read(tmp_path):
    import zipfile

    cell = "<table:table-cell office:value-type='{kind}' {value}><text:p>{text}</text:p></table:table-cell>"
    names = "".join(cell.format(kind="string", value="", text=name) for name in ("Study", "TE", "seTE"))
    numbers = "".join(cell.format(kind="float", value=f"office:value='{x}'", text=x) for x in (0.5, 0.2))
    first = cell.format(kind="string", value="", text="A")
    spaces = " ".join(
        f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for name in ("office", "table", "text")
    )
    rows = f"<table:table-row>{names}</table:table-row><table:table-row>{first}{numbers}</table:table-row>"
    table = f"<office:spreadsheet><table:table table:name='s'>{rows}</table:table></office:spreadsheet>"
    body = f"<office:body>{table}</office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(tmp_path / "mine.ods", "w") as file:
        file.writestr("mimetype", kind)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{body}</office:document-content>",
        )
    read = ev.read_trials(tmp_path / "mine.ods")
    assert read[["label", "yi"]].to_numpy().tolist() == [["A", 0.5]] and read["vi"][0] == pytest.approx(0.04)


def test_what_is_no_workbook_is_a_problem_with_words(tmp_path):
    with pytest.raises(ev.InvalidData, match="cannot be read as a workbook"):
        ev.read_trials(written(tmp_path, "study,yi,vi\n", "mine.xlsx"))
    pd.DataFrame().to_excel(tmp_path / "none.xlsx", index=False)
    with pytest.raises(ev.InvalidData, match="its first sheet is empty"):
        ev.read_trials(tmp_path / "none.xlsx")
