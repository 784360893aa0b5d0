"""Forms of a new trial: what they ask, and how they are read when people have filled them in."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

import evidence as ev
from evidence.base.package import fields, resources
from evidence.report.new_trial import FORMS, check_trial, write_forms
from evidence.report.new_trial.columns import columns
from evidence.report.new_trial.example import EXAMPLE
from evidence.report.new_trial.filled import read_forms
from evidence.report.project import Project

KEY = "example-2025"
Rows = dict[str, list[dict[str, str]]]


def said(rows: Rows) -> Rows:
    """Rows without their empty cells, tables without rows left out."""
    return {table: [{k: v for k, v in row.items() if v} for row in some] for table, some in rows.items() if some}


def test_the_forms_are_the_tables_that_refer_to_a_trial() -> None:
    refers = {
        name
        for name, resource in resources().items()
        for key in resource["schema"].get("foreignKeys", [])
        if key["reference"] == {"resource": "studies", "fields": ["study_id"]}
    }
    assert set(FORMS) == {"studies"} | refers and FORMS[: len(EXAMPLE)] == tuple(EXAMPLE)


def test_what_matters_comes_first_with_its_words_and_an_example(few: Project, forms: Any) -> None:
    assert {path.stem for path in write_forms(few, KEY) if path.suffix == ".csv"} == set(FORMS)
    for table in FORMS:
        header, *rest = forms.lines(table)
        assert sorted(header) == sorted(field["name"] for field in fields(table))
        example = EXAMPLE.get(table, [])
        assert header[: len(example[0]) if example else 0] == (list(example[0]) if example else [])
        marks = [line[0] for line in rest]
        assert marks[:-1] == ["# meaning", "# allowed", *["# example"] * len(example)] and KEY in marks[-1]
        for line, row in zip(rest[2:-1], example, strict=True):
            assert line[1:] == [row.get(name, "") for name in header[1:]]
        assert not any(cell.startswith(("=", "+", "-", "@")) for line in rest for cell in line), "no formula"
    header, meaning, allowed, *_ = forms.lines("results")
    outcome = dict(zip(header, allowed, strict=True))["outcome"]
    assert outcome.startswith("required") and all(word in outcome for word in ev.load(few.raw).outcomes["outcome"])
    assert dict(zip(header, meaning, strict=True))["sd"] == "Standard deviation."


def test_the_worked_example_is_the_walk_of_contributing() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for table, rows in EXAMPLE.items():
        block = text.split(f"`{table}.csv`: ", 1)[1].split("```csv\n", 1)[1].split("```", 1)[0]
        assert list(csv.DictReader(io.StringIO(block))) == rows


def test_an_untouched_form_is_empty(few: Project) -> None:
    write_forms(few, KEY)
    with pytest.raises(ev.InvalidInput, match="are empty"):
        check_trial(few, KEY)


def test_rows_known_already_stand_in_csv_and_workbook(few: Project) -> None:
    rows: Rows = {table: [dict(row) for row in some] for table, some in EXAMPLE.items()}
    for row in rows["results"]:
        del row["study_id"], row["result_id"]
    folder = write_forms(few, KEY, rows)[0].parent
    once = said(read_forms(few, KEY).rows)
    assert once == said(EXAMPLE)
    for form in folder.glob("*.csv"):
        form.unlink()
    assert said(read_forms(few, KEY).rows) == once, "the same from the workbook"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"armss": []}, "'armss' is no table; did you mean arms?"),
        ({"studies": [{"citaton": "Jones"}]}, "'citaton' is no column of studies; did you mean citation?"),
        ({"arms": [{"study_id": "witt-2006", "arm": "acu"}]}, "'witt-2006' is another trial than example-2025"),
        ({"studies": [{"notes": "a\x01b"}]}, "studies, notes: 'a\\x01b' is not text without control characters"),
        ({"studies": [{"year": 2025}]}, "studies, year: 2025 is not text"),
    ],
)
def test_rows_that_fit_no_form_are_refused(few: Project, rows: Rows, words: str) -> None:
    with pytest.raises(ev.InvalidInput) as refused:
        write_forms(few, KEY, rows)
    assert words in str(refused.value)
    assert not (few.root / "new-trials").exists()


def test_columns_may_stand_in_any_order(few: Project, forms: Any) -> None:
    folder = forms.fill_in()
    for form in folder.glob("*.csv"):
        forms.save(form.stem, [line[::-1] for line in forms.lines(form.stem)])
    assert said(read_forms(few, KEY).rows) == said(EXAMPLE)


def test_a_spreadsheet_with_german_settings_may_save_it(few: Project, forms: Any) -> None:
    forms.fill_in(lambda table, row: row.update(mean=row["mean"] + ",5") if table == "results" else None)
    for table in FORMS:
        lines = forms.lines(table)
        forms.save(table, [*lines, [""] * len(lines[0])], ";")
    read = read_forms(few, KEY)
    assert not read.problems
    assert [row["mean"] for row in read.rows["results"]] == ["32.5", "44.5"]


def test_keys_left_empty_are_filled_in(few: Project, forms: Any) -> None:
    def keyless(table: str, row: dict[str, str]) -> None:
        row.update({"study_id": "", **({"result_id": ""} if table == "results" else {})})

    forms.fill_in(keyless)
    assert said(read_forms(few, KEY).rows) == said(EXAMPLE)


def test_another_trial_is_refused(few: Project, forms: Any) -> None:
    forms.fill_in(lambda table, row: row.update(study_id="vas-2004") if table == "arms" else None)
    problems = read_forms(few, KEY).problems
    assert [(p.column, p.value, p.rule) for p in problems] == [
        ("study_id", "vas-2004", f"must be {KEY}, whose forms these are")
    ] * 2
    assert problems[0].file == f"new-trials/{KEY}/arms.csv"
    assert forms.lines("arms")[problems[0].line - 1][0] == "vas-2004"


def test_nothing_after_a_hash_is_lost_in_silence(few: Project, forms: Any) -> None:
    folder = forms.fill_in(lambda table, row: row.update(note="# 3 of 4") if table == "results" else None)
    form = folder / "results.csv"
    form.write_text(form.read_text(encoding="utf-8-sig") + '# ask the author\n"# twice"\n', encoding="utf-8")
    read = read_forms(few, KEY)
    assert not read.problems, "a remark alone on its line"
    assert {row["note"] for row in read.rows["results"]} == {"# 3 of 4"}

    lines = forms.lines("arms")
    example = next(line for line in lines if line[0] == "# example")
    example[lines[0].index("label")] = "true acupuncture"
    forms.save("arms", lines)
    (problem,) = read_forms(few, KEY).problems
    assert problem.rule == "is not read, for it begins with #: remove that, or the other cells of the line"
    assert (problem.line, problem.value) == (lines.index(example) + 1, "# example")


def test_a_form_saved_as_something_else_is_named(few: Project, forms: Any) -> None:
    folder = forms.fill_in()
    (folder / f"{KEY}.ods").write_bytes(b"")
    (folder / "the-paper.pdf").write_bytes(b"")
    (problem,) = read_forms(few, KEY).problems
    assert problem.file == f"new-trials/{KEY}/{KEY}.ods" and "is not read: the forms are arms.csv" in problem.rule


def test_a_column_is_marked_by_what_the_codebook_says(few: Project) -> None:
    asked = {column.name: column for column in columns(few, "results")}
    assert asked["outcome"].required and asked["outcome"].matters and not asked["percent"].matters
    assert asked["arm"].of_arms and asked["versus"].of_arms and not asked["arm"].words
    assert asked["statistic"].words == tuple(
        next(field for field in fields("results") if field["name"] == "statistic")["constraints"]["enum"]
    )
