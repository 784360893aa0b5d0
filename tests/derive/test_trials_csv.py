"""One's own trials from a CSV, as people save them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import evidence as ev


@pytest.fixture
def csv(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(text.encode())
        return path

    return write


def test_means_become_hedges_g(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("study,m1,sd1,n1,m2,sd2,n2,country\nA,3.1,2,40,2,2.5,42,KR\n"), "SMD")
    wanted = ev.effect_size("SMD", m1=3.1, sd1=2, n1=40, m2=2, sd2=2.5, n2=42)
    assert read.loc[0, ["label", "country"]].tolist() == ["A", "KR"]
    assert read[["yi", "vi"]].to_numpy().tolist() == wanted.to_numpy().tolist()


def test_a_spreadsheet_from_a_country_of_commas(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("\ufefftrial;yi;sei\r\n Ärzte 2001 ;−0,5;0,2\r\nB;0,1;n/a\r\n"))
    assert read["label"].tolist() == ["Ärzte 2001"]
    assert read["yi"][0] == -0.5 and read["vi"][0] == pytest.approx(0.04)
    (problem,) = read.attrs["incomplete"]
    assert (problem.line, problem.column) == (3, "sei")


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("study,yi,vi\nA,0.1,-2\n", "", "mine.csv, line 2, column vi: '-2': must be above 0"),
        ('study,yi,vi\nA,"0,1",2\n', "", "line 2, column yi: '0,1': decimal comma"),
        ("study,yi,vi\nA,12%,2\n", "", "line 2, column yi: '12%': must be a number without a percent sign"),
        ("study,yi,vi\nA,1,2\nB,2,2\nA,1,2\n", "", "line 4: is the same as line 2"),
        ("study,ai,n1,ci,n2\nA,1,20,3,20\nB,45,40,2,40\n", "OR", "line 3: ai = 45.0: must not exceed n1"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,-2,9\n", "SMD", "line 2, column sd2: '-2': must be above 0"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,-1,2,9\n", "ROM", "line 2: ROM needs"),
        (
            "study;m1;sd1;n1;m2;sd2;n2\nA;3,1;2;3.200;2,5;2;90\n",
            "SMD",
            "line 2, column n1: '3.200': could be 3.2 or 3200",
        ),
        ("study\tm1\tsd1\tn1\tm2\tsd2\tn2\nA\t3.1\t2\t3.200\t2.5\t2\t90\n", "SMD", "column n1: '3.200': could be"),
        ("study;yi;vi\nA;1.250;2\n", "", "line 2, column yi: '1.250': could be 1.25 or 1250"),
        ("study;yi;vi\nA;1,250;2\nB;3.5;1\n", "", "line 2, column yi: '1,250': could be 1.25 or 1250"),
        ("study,ai,n1,ci,n2\nA,2.5,20,3,20\n", "OR", "line 2, column ai: '2.5': must be a whole number"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,1.000,1,2,9\n", "SMD", "column n1: '1.000': could be 1 or 1000"),
        (
            "study,yi,vi,sei\nA,1,0.04,0.2\nB,1,0.04,0.5\n",
            "",
            "line 3, column vi, sei: '0.04, 0.5': vi must be the square",
        ),
        (
            "study,yi,sei\nA,1,1e200\nB,1,1e-200\n",
            "",
            "line 3, column sei: '1e-200': must be above 0, a standard error from",
        ),
        ("study,yi,vi,x,x\nA,1,1,1,1\n", "", "line 1, column x: column stands twice"),
        ("sep=;\nstudy;yi;vi\nA;1;1\nB;2;-1\n", "", "line 4, column vi: '-1'"),
        ("study,yi,vi,\x1b[31mdose\nA,1,1,1\n", "", r"line 1, column '\x1b[31mdose': holds a control character"),
        ("study,yi,vi" + ",x" * 20_000 + "\n", "", "line 1: has 20003 columns"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(csv, text: str, measure: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ev.InvalidData) as error:
        ev.read_trials(csv(text), measure)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,2,9\n", "", "choose a measure among MD, SMD"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,2,9\n", "OR", "OR needs ai, bi, ci, di"),
        ("study,effect\nA,3\n", "", "needs yi with vi, sei, or lower and upper"),
        ("study,yi,vi\nA,,2\n", "", "no row has all of yi, vi"),
    ],
)
def test_columns_that_give_no_effect(csv, text: str, measure: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ev.InvalidInput, match=words):
        ev.read_trials(csv(text), measure)


def test_totals_stand_for_those_without_an_event(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("study,ai,n1,ci,n2\nA,5,20,9,20\n"), "RR")
    assert read["yi"][0] == pytest.approx(np.log(5 / 9))


def test_what_shows_that_a_point_is_decimal_decides_for_the_file(csv) -> None:  # type: ignore[no-untyped-def]
    for text in ("study;yi;vi\nA;1.250;2\nB;0.5;1\n", "study;yi;vi\nA;1,250;2\nB;0,5;1\n"):
        assert ev.read_trials(csv(text))["yi"].tolist() == [1.25, 0.5]


def test_numbers_among_the_other_columns_are_numbers(csv) -> None:  # type: ignore[no-untyped-def]
    text = "study;yi;vi;dose;week;site;empty\nA;0,1;1;1,5;12;NA;\nB;0,3;1;NA;4;Bonn;n/a\nC;0,2;1;2,5;8;7;\n"
    read = ev.read_trials(csv(text))
    assert read["dose"].tolist() == pytest.approx([1.5, np.nan, 2.5], nan_ok=True)
    assert read["week"].tolist() == [12, 4, 8]
    assert read["site"].isna().tolist() == [True, False, False] and read["site"][2] == "7"
    assert read["empty"].isna().all()
    assert ev.cumulative(read, order=read["week"]).index.tolist() == ["B", "C", "A"]
    slope = ev.regress(read, formula="~ week", method="EE").coefficients
    assert slope.index.tolist() == ["Intercept", "week"]
    assert slope.loc["week", "estimate"] == pytest.approx(-0.025)


def test_screening_knows_the_decimals_of_the_file(csv) -> None:  # type: ignore[no-untyped-def]
    # a mean of 5.20 in 10 people on a whole-number scale can be, 5.25 cannot; 5.2 and 5.20 are one number
    text = "study;m1;sd1;n1;m2;sd2;n2;items\nA;5,20;1,23;10;5,25;1,00;10;1\n"
    read = ev.read_trials(csv(text), "SMD")
    assert read["m1"].tolist() == [5.2]
    found = ev.screen(read).to_frame()
    grim = found[found["check"] == "grim"].set_index("item")
    assert grim["passes"].tolist() == [True, False]
    assert "mean 5.20, SD 1.23, n 10" in grim["printed"].tolist()
    assert ev.screen(read.assign(m1=5.5)).to_frame()["printed"].str.contains("mean 5.5,").any()


def test_a_row_that_sums_up_is_no_trial(csv) -> None:  # type: ignore[no-untyped-def]
    for name in ("Total", "Subtotal (95% CI)", "Overall effect", "pooled estimate:"):
        read = ev.read_trials(csv(f"study,yi,vi\nA,1,1\nB,2,1\n{name},1.5,0.5\n"))
        assert read["label"].tolist() == ["A", "B"]
        (problem,) = read.attrs["incomplete"]
        assert (problem.line, problem.value) == (4, name) and "left out" in problem.rule
    assert len(ev.read_trials(csv("study,yi,vi\nTotal Knee Group 2010,1,1\nB,2,1\n"))) == 2


def test_empty_columns_at_the_end_are_nothing(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("study,yi,vi,,\nA,1,1,,\nB,2,1,,\n"))
    assert read.columns.tolist() == ["label", "yi", "vi"]
    with pytest.raises(ev.InvalidData, match="line 1: several columns have no name"):
        ev.read_trials(csv("study,yi,vi,,\nA,1,1,x,\nB,2,1,,y\n"))


def test_excels_separator_line_is_understood(csv) -> None:  # type: ignore[no-untyped-def]
    assert ev.read_trials(csv("sep=;\r\nstudy;yi;vi\r\nA;1,5;1\r\n"))["yi"].tolist() == [1.5]


@pytest.mark.parametrize("path", [None, 3, b"x", "x" * 5000, "a\0b", "no/such.csv", ["a"]])
def test_no_path(path) -> None:  # type: ignore[no-untyped-def]
    for function in (ev.read_trials, ev.load, ev.validate):
        if path is None and function is ev.load:
            continue
        try:
            found = function(path)
        except (ev.InvalidInput, ev.InvalidData) as error:
            assert "such" in str(error) or "path" in str(error) or "folder" in str(error)
        else:
            assert function is ev.validate and "folder" in found[0].rule
