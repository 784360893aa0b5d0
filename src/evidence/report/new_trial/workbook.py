"""The forms of a trial as one workbook: a sheet a table, with lists to choose from and notes on every column."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...errors import require_extra
from .columns import Column
from .example import EXAMPLE
from .rows import Cells

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Name of the property of the workbook that knows the rows it was written with.
WRITTEN = "evidence_rows_as_written"
#: Sheets that hold no rows of the trial.
READ_ME, SAMPLE, LISTS = "read me", "example", "lists"
_LAST_ROW = 500  # rows of a sheet that lists and text format reach
_WIDEST = 40  # characters
_LONGEST_ERROR = 225  # characters: with more Excel calls the file broken
_DATE = "2000-01-01T00:00:00Z"
_HEADER = {"required": ("1F4E79", "FFFFFF"), "matters": ("BDD7EE", "000000"), "rest": ("EDEDED", "595959")}
_ADVICE = (
    "Forms of the trial {study}",
    "",
    "Fill in the sheets from left to right, what the report prints, as it prints it; what it does not say stays empty.",
    "Dark columns must be filled in every row, light blue ones are those that matter most, grey ones come after them.",
    "Point at a column's name to read what it means. Cells with a list take only its words (they stand on 'lists').",
    "All cells are text, so that 1.5 stays 1.5 and becomes no date.",
    "The sheet 'example' shows one trial filled in; it is never read as data, nor are this sheet and 'lists'.",
    "",
    "See what is wrong or still empty, and what the trial would change:  evidence new-trial {study} --check",
    "Put it into the data:  evidence new-trial {study} --add",
)


def workbook_of(
    study: str, asked: Mapping[str, list[Column]], rows: Mapping[str, Sequence[Cells]], written: str
) -> bytes:
    """The workbook of a trial's forms; the same bytes for the same forms.

    Parameters
    ----------
    study : str
        Key of the trial.
    asked : mapping
        Table to its columns.
    rows : mapping
        Table to the rows to start from.
    written : str
        Their fingerprint, by which a reader tells whether somebody has filled in more.

    Returns
    -------
    bytes

    Raises
    ------
    MissingExtra
        Without openpyxl.
    """
    require_extra("openpyxl", "excel")
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

    book = Workbook()
    book.remove(book.active)
    _fill_read_me(book.create_sheet(READ_ME), study)
    sheets = {table: book.create_sheet(table) for table in asked}
    _fill_example(book.create_sheet(SAMPLE), asked)
    lists = _fill_lists(book.create_sheet(LISTS), asked)
    for table, sheet in sheets.items():
        _fill_form(sheet, asked[table], rows[table])
        _offer(sheet, asked, table, lists)
    book.custom_doc_props.append(StringProperty(name=WRITTEN, value=written))
    book.properties.creator = "evidence"
    return _undated(book)


def _fill_read_me(sheet: Worksheet, study: str) -> None:
    for at, line in enumerate(_ADVICE, start=1):
        sheet.cell(at, 1, line.format(study=study))
    sheet.cell(1, 1).font = _font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 110


def _fill_form(sheet: Worksheet, asked: Sequence[Column], rows: Sequence[Cells]) -> None:
    from openpyxl.comments import Comment

    for at, column in enumerate(asked, start=1):
        head = _head(sheet, 1, at, column)
        note = Comment("\n\n".join(filter(None, (column.meaning, column.allowed))), "evidence", 150, 320)
        head.comment = note
        shape = sheet.column_dimensions[head.column_letter]
        shape.number_format = "@"
        shape.width = _width([column.name, *column.words, *(row[column.name] for row in rows)])
    _write(sheet, 2, [[row[column.name] for column in asked] for row in rows])
    sheet.freeze_panes = "B2"


def _fill_example(sheet: Worksheet, asked: Mapping[str, list[Column]]) -> None:
    line = 1
    for table, rows in EXAMPLE.items():
        shown = [column for column in asked[table] if column.matters]
        sheet.cell(line, 1, f"EXAMPLE, not read as data: {table}").font = _font(bold=True)
        for at, column in enumerate(shown, start=1):
            _head(sheet, line + 1, at, column)
        _write(sheet, line + 2, [[row[column.name] for column in shown] for row in rows])
        line += 4 + len(rows)
    for letter in (cell.column_letter for cell in sheet[2]):
        sheet.column_dimensions[letter].width = 18


def _fill_lists(sheet: Worksheet, asked: Mapping[str, list[Column]]) -> dict[tuple[str, str], str]:
    """Write each list of words in a column of its own; table and column to the range it stands in."""
    from openpyxl.utils import get_column_letter

    chosen = [(table, column) for table, some in asked.items() for column in some if column.words]
    ranges = {}
    for at, (table, column) in enumerate(chosen, start=1):
        letter = get_column_letter(at)
        sheet.cell(1, at, f"{table}.{column.name}").font = _font(bold=True)
        _write(sheet, 2, [[word] for word in column.words], at)
        sheet.column_dimensions[letter].width = _width([f"{table}.{column.name}", *column.words])
        ranges[table, column.name] = f"'{LISTS}'!${letter}$2:${letter}${1 + len(column.words)}"
    sheet.freeze_panes = "A2"
    return ranges


def _offer(
    sheet: Worksheet, asked: Mapping[str, list[Column]], table: str, lists: Mapping[tuple[str, str], str]
) -> None:
    """Drop-down lists: of a vocabulary, or of the arms on their own sheet."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    arm = get_column_letter(1 + [column.name for column in asked["arms"]].index("arm"))
    for at, column in enumerate(asked[table], start=1):
        source = f"'arms'!${arm}$2:${arm}$21" if column.of_arms else lists.get((table, column.name))
        if source:
            rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = column.name, f"{column.name}: {column.allowed}"[:_LONGEST_ERROR]
            letter = get_column_letter(at)
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(rule)


def _head(sheet: Worksheet, line: int, at: int, column: Column) -> Any:
    from openpyxl.styles import PatternFill

    back, front = _HEADER["required" if column.required else "matters" if column.matters else "rest"]
    head = sheet.cell(line, at, column.name)
    head.fill, head.font = PatternFill("solid", back), _font(bold=column.required, color=front)
    return head


def _write(sheet: Worksheet, line: int, rows: Sequence[Sequence[str]], at: int = 1) -> None:
    for down, row in enumerate(rows):
        for right, text in enumerate(row):
            if text:
                cell = sheet.cell(line + down, at + right, text)
                cell.data_type = "s"  # "=a" and "#N/A" are text here, no formula and no error
                cell.number_format = "@"


def _font(**how: Any) -> Any:
    from openpyxl.styles import Font

    return Font(name="Calibri", **{"size": 11, **how})


def _width(texts: Sequence[str]) -> int:
    return min(_WIDEST, 3 + max(8, *map(len, texts)))


def _undated(book: Workbook) -> bytes:
    """The workbook as a file without the moment it was made in: neither in its properties nor in the archive."""
    made, file = io.BytesIO(), io.BytesIO()
    book.save(made)
    with ZipFile(made) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _DATE.encode(), content)
            entry = ZipInfo(name)  # of 1980
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, content)
    return file.getvalue()
