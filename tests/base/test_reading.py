"""Files as people save them are read, or refused with the place and the rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import evidence as ev


def edit(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    assert change(text) != text, "the edit must change the file"
    path.write_text(change(text), encoding="utf-8")


def as_semicolon_file(path: Path) -> None:
    """Save as a spreadsheet with a comma locale does: BOM, semicolons, decimal commas, quoted texts."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in rows:
            writer.writerow([cell.replace(".", ",") if _number(cell) else cell for cell in row])


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "." in cell


def test_a_semicolon_file_with_bom_and_decimal_commas_reads_the_same(raw: Path, db: ev.EvidenceBase) -> None:
    as_semicolon_file(raw / "results.csv")
    assert b"\xef\xbb\xbf" in (raw / "results.csv").read_bytes()[:3]
    again = ev.load(raw)
    np.testing.assert_array_equal(again.results["mean"], db.results["mean"])
    assert again.results["mean"].notna().sum() > 500
    # dois and urls keep their dots: only numbers have decimal commas
    assert (again.results["source_url"] == db.results["source_url"]).all()


def test_spaces_dashes_and_words_for_missing_are_understood(raw: Path, db: ev.EvidenceBase) -> None:
    first = db.results.iloc[0]
    old = f"{first['result_id']},{first['study_id']},arm,"
    edit(
        raw / "results.csv", lambda text: text.replace(old, f"\u00a0{first['result_id']} , {first['study_id']},arm,", 1)
    )
    edit(raw / "results.csv", lambda text: text.replace(",-28.7,30.3,", ", \u221228.7 ,30.3,", 1))
    edit(raw / "results.csv", lambda text: text.replace(",-23.6,31.0,", ",-23.6,31.0,", 1) + "\r\n")
    edit(raw / "arms.csv", lambda text: text.replace(",140,12,8,,", ",140,12,8,n/a,", 1))
    again = ev.load(raw)
    assert again.results.loc[0, "result_id"] == first["result_id"]
    assert (again.results["mean"] == -28.7).sum() == (db.results["mean"] == -28.7).sum()


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "value", "rule"),
    [
        ("results.csv", ",-28.7,30.3,", ',"-28,7",30.3,', "mean", "-28,7", "decimal comma"),
        ("results.csv", ",-28.7,30.3,", ",28.7%,30.3,", "mean", "28.7%", "without a percent sign"),
        ("results.csv", ",-28.7,30.3,", ",-28.7,-30.3,", "sd", "-30.3", "must be above 0"),
        ("results.csv", ",-28.7,30.3,", ",-28.7,about 30,", "sd", "about 30", "must be a number"),
        ("results.csv", ",-28.7,30.3,", ",1e999,30.3,", "mean", "1e999", "too large"),
        ("results.csv", "-3.7,13.9,0.95", "13.9,-3.7,0.95", "ci_low", "13.9", "limits swapped"),
        ("results.csv", "-3.7,13.9,0.95", "-3.7,,0.95", "ci_high", "", "both limits"),
        ("results.csv", "-3.7,13.9,0.95", "-3.7,13.9,95", "ci_level", "95.0", "must be below 1"),
        ("results.csv", "5.1,0.26,=", "5.1,1.26,=", "p_value", "1.26", "must be at most 1"),
        ("results.csv", "brinkhaus-2006,arm,acu,", "brinkhaus-2006,arm,akku,", "arm", "akku", "not in arms.csv"),
        ("results.csv", "brinkhaus-2006,arm,acu,,pain", "brinkhaus-2006,arm,acu,,agony", "outcome", "agony",
         "not in outcomes.csv"),
        ("studies.csv", ",chronic_overuse,", ",backache,", "condition", "backache", "must be one of"),
        ("arms.csv", ",140,12,8,", ",140.5,12,8,", "n_randomised", "140.5", "whole number"),
        ("arms.csv", ",140,12,8,", ",1.000,12,8,", "n_randomised", "1.000", "could be 1 or 1000"),
        ("comparisons.csv", "brinkhaus-2006,acu,sham,sham,yes,yes", "brinkhaus-2006,acu,sham,shame,yes,yes",
         "comparator", "shame", "must be one of"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_its_place_and_rule(
    raw: Path, file: str, old: str, new: str, column: str, value: str, rule: str
) -> None:
    path = raw / file
    line = next(i for i, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if old in text)
    edit(path, lambda text: text.replace(old, new, 1))
    found = [p for p in ev.validate(raw) if (p.file, p.line, p.column) == (file, line, column)]
    assert [(p.value, rule in p.rule) for p in found] == [(value, True)]


def test_all_problems_come_at_once_and_nothing_is_loaded(raw: Path) -> None:
    edit(raw / "results.csv", lambda text: text.replace(",-28.7,30.3,", ",-28.7,-30.3,", 1))
    edit(raw / "arms.csv", lambda text: text.replace("brinkhaus-2006,acu,acupuncture", "brinkhaus-2006,acu,needles", 1))
    (raw / "styles.csv").unlink()
    with pytest.raises(ev.InvalidData) as error:
        ev.load(raw)
    assert {"results.csv", "arms.csv", "styles.csv"} <= {p.file for p in error.value.problems}
    assert "needles" in str(error.value)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("é".encode("latin-1"), "not UTF-8"),
        (b"style,label\x00", "NUL"),
        (b'style,label,needle_penetrates,note\nmanual,"open', "well-formed"),
        (b"style,label,needle_penetrates,note\nmanual,Manual,yes,,extra", "has 5 cells"),
        (b"style,label,needle_penetrates\nmanual,Manual,yes", "column is missing"),
        (b"style,label,needle_penetrates,note,colour\n", "not in the codebook"),
        (b"style,label,label,needle_penetrates,note\n", "stands twice"),
        (b"style,label,needle_penetrates,note,\nmanual,Manual,yes,,extra", "not in the codebook"),
        (b"", "column is missing"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(raw: Path, content: bytes, rule: str) -> None:
    (raw / "styles.csv").write_bytes(content)
    problems = [p for p in ev.validate(raw) if p.file == "styles.csv"]
    assert any(rule in p.rule for p in problems), problems


def test_empty_rows_and_a_nameless_empty_column_go(raw: Path, db: ev.EvidenceBase) -> None:
    edit(raw / "styles.csv", lambda text: text.replace("\n", ",\n, ,\u00a0,,\n"))
    np.testing.assert_array_equal(ev.load(raw).styles, db.styles)


def test_a_quoted_line_break_does_not_shift_the_lines(raw: Path) -> None:
    edit(
        raw / "styles.csv",
        lambda text: text.replace("manual,Manual acupuncture,yes,", 'manual,Manual acupuncture,yes,"two\nlines"', 1),
    )
    edit(raw / "styles.csv", lambda text: text.replace("laser,Laser acupuncture,no", "laser,Laser acupuncture,nope", 1))
    lines = (raw / "styles.csv").read_text(encoding="utf-8").split("\n")
    (problem,) = ev.validate(raw)
    assert lines[problem.line - 1].startswith("laser,")


@pytest.mark.parametrize(
    ("cell", "rule"), [("manual\x07", "holds a control character"), ("m" * 6000, "longer than 5000 characters")]
)
def test_a_cell_that_is_no_text_is_named(raw: Path, cell: str, rule: str) -> None:
    edit(raw / "styles.csv", lambda text: text.replace("Manual acupuncture", f"Manual {cell} acupuncture", 1))
    (problem,) = [problem for problem in ev.validate(raw) if problem.file == "styles.csv"]
    assert (problem.line, problem.column) == (2, "label") and rule in problem.rule and len(problem.value) <= 40


def test_a_folder_that_is_none_is_a_problem(tmp_path: Path) -> None:
    (problem,) = ev.validate(tmp_path / "nowhere")
    assert "is not a folder" in problem.rule
