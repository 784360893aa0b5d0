"""The workbook of a new trial: what it offers, and how carefully its cells are read."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import evidence as ev
from evidence.base.package import fields, resources
from evidence.report.new_trial import FORMS, add_trial, check_trial, write_forms
from evidence.report.new_trial.example import EXAMPLE
from evidence.report.new_trial.filled import read_forms
from evidence.report.project import Project

KEY = "example-2025"
PLACE = f"new-trials/{KEY}/{KEY}.xlsx"


@pytest.fixture
def path(few: Project) -> Path:
    """The workbook of a trial that nobody has filled in."""
    return write_forms(few, KEY)[-1]


def put(book: Workbook, table: str, rows: list[dict[str, Any]], line: int = 2) -> None:
    sheet = book[table]
    names = [cell.value for cell in sheet[1]]
    for down, row in enumerate(rows):
        for name, value in row.items():
            sheet.cell(line + down, 1 + names.index(name)).value = value if value != "" else None


def fill_in(path: Path, numbers: type = str, **more: Any) -> None:
    """Fill in the worked example by hand: as text, or with numbers as a spreadsheet types them."""
    book = openpyxl.load_workbook(path)
    for table, rows in EXAMPLE.items():
        typed = [{k: numbers(v) if v.isdecimal() else v for k, v in row.items()} for row in rows]
        put(book, table, [row | (more if table == "results" else {}) for row in typed])
    book.save(path)


def offered(book: Workbook, sheet: Worksheet) -> dict[str, list[str]]:
    """Column of a sheet to the words that its drop-down list offers."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        assert rule.type == "list" and rule.showErrorMessage
        assert len(rule.error) <= 225 and len(rule.errorTitle) <= 32, "what Excel opens"
        name, _, cells = rule.formula1.partition("!")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        rows = book[name.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
        column, first, last, end = range_boundaries(str(rule.sqref))
        assert column == last and first == 2 and end > 100
        found[sheet.cell(1, column).value] = [row[0] for row in rows if row[0] is not None]
    return found


def test_lists_are_the_vocabularies(path: Path, few: Project) -> None:
    fill_in(path)
    book, db = openpyxl.load_workbook(path), ev.load(few.raw)
    for table in FORMS:
        expected: dict[str, list[str]] = {}
        for key in resources()[table]["schema"]["foreignKeys"]:
            source, column = key["reference"]["resource"], key["reference"]["fields"][-1]
            if source == "arms":
                expected[key["fields"][-1]] = ["acu", "sham"]
            elif source != "studies":
                expected[key["fields"][-1]] = list(dict.fromkeys(getattr(db, source)[column]))
        for field in fields(table):
            if "resource" in field.get("items", {}):
                words = list(getattr(db, field["items"]["resource"])[field["items"]["field"]])
                expected[field["name"]] = field["items"].get("also", []) + words
            if "enum" in field.get("constraints", {}):
                expected[field["name"]] = field["constraints"]["enum"]
        assert offered(book, book[table]) == expected
    assert offered(book, book["results"])["outcome"] == db.outcomes["outcome"].tolist()
    assert offered(book, book["comparisons"])["isolates"] == ["yes", "no", "unclear"]


def test_headers_say_what_a_column_means_and_which_are_required(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for table in FORMS:
        sheet = book[table]
        assert sheet.freeze_panes == "B2"
        heads = {head.value: head for head in sheet[1]}
        for field in fields(table):
            head = heads[field["name"]]
            assert field["description"] in head.comment.text
            required = field.get("constraints", {}).get("required", False)
            assert head.comment.text.partition("\n\n")[2].startswith("required") == required == head.font.bold
            shape = sheet.column_dimensions[head.column_letter]
            assert shape.width > len(head.value) and shape.number_format == "@", "text, so that 1.5 is no date"
    fills = {cell.value: cell.fill.start_color.rgb for cell in book["results"][1]}
    assert len({fills["outcome"], fills["mean"], fills["q1"]}) == 3, "required, what matters, the rest"


def test_the_example_is_shown_and_never_read(path: Path, few: Project) -> None:
    shown = [cell.value for row in openpyxl.load_workbook(path)["example"].iter_rows() for cell in row]
    assert {"EXAMPLE, not read as data: results", "degenerative lumbar stenosis", "44"} <= set(shown)
    with pytest.raises(ev.InvalidInput, match="are empty"):
        check_trial(few, KEY)


def test_the_same_forms_are_the_same_bytes(few: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return datetime.datetime(2031, 5, 4, 3, 2, 1, tzinfo=tz)

    first = write_forms(few, KEY)[-1]
    content = first.read_bytes()
    for form in first.parent.iterdir():
        form.unlink()
    first.parent.rmdir()
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0)
    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert write_forms(few, KEY)[-1].read_bytes() == content


@pytest.mark.parametrize("numbers", [str, int, float])
def test_a_filled_workbook_is_read_like_the_csv(path: Path, few: Project, numbers: type) -> None:
    fill_in(path, numbers)
    read = read_forms(few, KEY)
    assert not read.problems and read.places["results"] == f"{PLACE}, sheet results"
    for table, rows in EXAMPLE.items():
        assert [{k: v for k, v in row.items() if v} for row in read.rows[table]] == [
            {k: v for k, v in row.items() if v} for row in rows
        ]
    add_trial(few, KEY)
    effects = ev.load(few.raw).effects("MD100").set_index("study")
    assert effects.loc[KEY, "yi"] == pytest.approx(12.0)


def test_decimal_commas_and_percentages(path: Path, few: Project) -> None:
    fill_in(path, ci_low="-1,5", ci_high="2.50", note="1,5 points")
    book = openpyxl.load_workbook(path)
    put(book, "results", [{"kind": "events", "percent": 0.455, "events": 0.1 + 0.2}])
    names = [cell.value for cell in book["results"][1]]
    book["results"].cell(2, 1 + names.index("percent")).number_format = "0.0%"
    book.save(path)
    first, second = read_forms(few, KEY).rows["results"]
    assert (second["ci_low"], second["ci_high"], second["note"]) == ("-1.5", "2.50", "1,5 points")
    assert (first["percent"], first["events"]) == ("45.5%", "0.3")


@pytest.mark.parametrize(
    ("value", "shown", "rule"),
    [
        (datetime.datetime(2025, 5, 1), "2025-05-01 00:00:00", "is a date, as spreadsheets make of 1.5"),
        (datetime.time(1, 30), "01:30:00", "is a date"),
        (True, "TRUE", "is a logical value"),
        ("#DIV/0!", "#DIV/0!", "is an error of the spreadsheet"),
        ("=10+2", "=10+2", "is a formula whose result was not saved"),
    ],
)
def test_a_cell_that_is_no_text_is_named(path: Path, few: Project, value: object, shown: str, rule: str) -> None:
    fill_in(path)
    book = openpyxl.load_workbook(path)
    put(book, "results", [{"sd": value}], line=3)
    names = [cell.value for cell in book["results"][1]]
    if isinstance(value, datetime.datetime):
        book["results"].cell(3, 1 + names.index("sd")).number_format = "d mmm"
    book.save(path)
    problems = [p for p in check_trial(few, KEY).problems if p.column == "sd"]
    assert [(p.file, p.line, p.value) for p in problems] == [(f"{PLACE}, sheet results", 3, shown)]
    assert problems[0].rule.startswith(rule)


def test_the_result_of_a_formula_is_read_where_it_was_saved(path: Path, few: Project) -> None:
    fill_in(path, sd="11")
    content = _with_result(path, formula="10+12", result="22")
    path.write_bytes(content)
    read = read_forms(few, KEY)
    assert not read.problems and [row["sd"] for row in read.rows["results"]] == ["22", "11"]


def _with_result(path: Path, formula: str, result: str) -> bytes:
    """The workbook with a formula and its result in the first sd, as Excel saves it (openpyxl saves no results)."""
    import io
    from zipfile import ZipFile

    made = io.BytesIO()
    with ZipFile(path) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet5.xml"):
                assert content.count("<is><t>11</t></is>") == 2
                cell = f"<f>{formula}</f><v>{result}</v>"
                content = content.replace(' t="inlineStr"><is><t>11</t></is>', f">{cell}", 1)
            new.writestr(name, content)
    return made.getvalue()


def test_what_stands_where_nothing_is_read_is_named(path: Path, few: Project) -> None:
    fill_in(path)
    book = openpyxl.load_workbook(path)
    book["arms"].title = "arms (2)"
    sheet = book["comparisons"]
    sheet.cell(2, sheet.max_column + 2).value = "who judged?"
    sheet["A1"].value = "study"
    book.save(path)
    said = [str(problem) for problem in read_forms(few, KEY).problems]
    assert any(line.startswith(f"{PLACE}, sheet arms (2): is no table, so nothing on it is read") for line in said)
    assert f"{PLACE}, sheet comparisons, line 2, column J: 'who judged?': stands in a column without a name" in said
    assert f"{PLACE}, sheet comparisons, line 1, column study: column is not in the codebook" in said


@pytest.mark.parametrize("content", [b"study_id;citation", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_workbook_is_named(path: Path, few: Project, content: bytes) -> None:
    path.write_bytes(content)
    (problem,) = read_forms(few, KEY).problems
    assert problem.file == PLACE and problem.rule.startswith("is no workbook that can be read")
    form = path.parent / "arms.csv"
    form.write_text(
        form.read_text(encoding="utf-8-sig") + f"{KEY},acu,acupuncture,,,needles,40,,,,\n", encoding="utf-8"
    )
    with pytest.raises(ev.InvalidData) as refused:
        read_forms(few, KEY)
    assert refused.value.problems == [problem], "it may hold more than the CSV"


def test_csv_and_workbook_that_differ_are_refused_by_name(path: Path, few: Project) -> None:
    fill_in(path)
    form = path.parent / "arms.csv"
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    form.write_text("\n".join([*lines[:-1], f"{KEY},acu,acupuncture,,,needles,40,,,,"]), encoding="utf-8")
    with pytest.raises(ev.InvalidData) as refused:
        check_trial(few, KEY)
    said = [str(problem) for problem in refused.value.problems]
    assert (
        f"{PLACE}, sheet arms: and new-trials/{KEY}/arms.csv: both are filled in and they differ: keep one, "
        "remove the other"
    ) in said
    path.unlink()
    assert [row["label"] for row in read_forms(few, KEY).rows["arms"]] == ["needles"]


def test_of_a_draft_whichever_was_changed_is_read(few: Project) -> None:
    path = write_forms(few, KEY, EXAMPLE)[-1]
    book = openpyxl.load_workbook(path)
    put(book, "results", [{"mean": "30"}])
    book["results"]["A1"].fill = PatternFill("solid", "FF0000")
    book.save(path)
    assert [row["mean"] for row in read_forms(few, KEY).rows["results"]] == ["30", "44"]
    form = path.parent / "results.csv"
    written = form.read_bytes()
    form.write_bytes(written.replace(b",44,22,", b",45,22,"))
    with pytest.raises(ev.InvalidData, match="both are filled in"):
        read_forms(few, KEY)
    form.write_bytes(written.replace(b",32,20,", b",30.0,20,"))
    assert [row["mean"] for row in read_forms(few, KEY).rows["results"]][1] == "44", "both say the same"


def test_text_that_looks_like_a_formula_stays_text(few: Project) -> None:
    odd = {"p_relation": "=", "note": "=1+1", "instrument": "#N/A", "mean": "1"}
    path = write_forms(few, KEY, {"results": [odd]})[-1]
    for form in path.parent.glob("*.csv"):
        form.unlink()
    read = read_forms(few, KEY)
    assert not read.problems
    assert {name: read.rows["results"][0][name] for name in odd} == odd
