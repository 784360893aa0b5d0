"""Tables in a notebook: one style, names for keys, numbers written for reading."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...answers.wording.vocabulary import Vocabulary, bundled
from ...answers.wording.words import WINDOWS, capital, whole
from ...base.package import bundled_root
from ...charts.sources import web_address
from ...effects.arguments import require_count, require_kind
from ...effects.inputs import require_distinct
from ...errors import InvalidInput, require_extra
from ...models.result import Result
from ...models.values import numbers
from ...models.wording import number

if TYPE_CHECKING:
    from great_tables import GT

#: What stands where there is no number.
NONE = "–"
#: Characters that a column has room for at least, where its cells are that long, and pixels of each.
_ROOM, _PIXELS = 22, 6
Columns = Mapping[Any, str]

_MOST_DIGITS = 15


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """A table that a notebook shows.

    Attributes
    ----------
    cells : DataFrame
        Its cells as they are read, heads as columns.
    gt : GT
        The same as a great table, to go on with.

    See Also
    --------
    table : makes it.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> ev.table(pd.DataFrame({"trials": [3.0], "effect": [float("nan")]}))
    Trials  Effect
    3       –
    """

    cells: pd.DataFrame
    gt: GT

    def __repr__(self) -> str:
        rows = [list(self.cells.columns), *self.cells.to_numpy().tolist()]
        widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
        lines = ("  ".join(str(cell).ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        return self.gt.as_raw_html()


def table(
    rows: pd.DataFrame | Result,
    columns: Columns | None = None,
    *,
    title: str = "",
    note: str = "",
    group: str = "",
    links: Mapping[str, str] | None = None,
    digits: int = 2,
    words: Vocabulary | None = None,
) -> Table:
    """Show rows of a result as a table.

    Parameters
    ----------
    rows : DataFrame or result
        A frame, or a result, which gives its own.
    columns : mapping, optional
        Column to its head, in the order to show. Three columns in one, ``("estimate", "ci_low", "ci_high")``, are an
        estimate with its interval. Default: every column under its own name.
    title : str
        Above the table.
    note : str
        Below it.
    group : str
        A column whose values head groups of rows.
    links : mapping of str, optional
        Column to the column with the addresses that its cells lead to.
    digits : int
        Digits after the point, where a column has any.
    words : Vocabulary, optional
        What conditions, comparators and outcomes are called. Default: as in the data that comes with the package.

    Returns
    -------
    Table
        Numbers written for reading, a dash where there is none; everything else as text, keys by their names.

    Raises
    ------
    InvalidInput
        Neither a frame nor a result, a column that is not there, an option of another kind.

    See Also
    --------
    say : sentences.
    findings_table : the summary of findings.

    Examples
    --------
    >>> import evidence as ev
    >>> pools = ev.Results(ev.load()).pools_on(condition="osteoarthritis", comparator="no_treatment", outcome="pain")
    >>> shown = ev.table(pools, {"comparator": "Against", ("points", "points_low", "points_high"): "Points"}, digits=0)
    >>> shown.cells["Against"].unique().tolist()
    ['no treatment or a waiting list']
    """
    frame = rows.to_frame() if isinstance(rows, Result) else rows
    if not isinstance(frame, pd.DataFrame):
        raise InvalidInput(f"a {type(rows).__name__} has no rows: give a frame or a result")
    require_distinct(frame)
    for name, value, kind, what in (
        ("columns", columns, Mapping | None, "a mapping of columns to their heads"),
        ("links", links, Mapping | None, "a mapping of columns to columns of addresses"),
        *((name, value, str, "text") for name, value in (("title", title), ("note", note), ("group", group))),
        ("words", words, Vocabulary | None, "a Vocabulary"),
    ):
        require_kind(name, value, kind, what)
    require_count("digits", digits, 0, _MOST_DIGITS)
    for name, given in (("columns", columns or {}), ("links", links or {})):
        if odd := [value for value in given.values() if not isinstance(value, str)]:
            raise InvalidInput(f"{name} leads to {odd[0]!r}, which is no text")
    if uneven := [names for names in columns or {} if isinstance(names, tuple) and len(names) != 3]:
        raise InvalidInput(f"columns has {uneven[0]!r}; three in one are an estimate and both ends of its interval")
    chosen: Columns = columns or {name: _head(name) for name in frame.columns if name != group}
    links = links or {}
    needed = [*_names(chosen), *links.values(), *([group] if group else [])]
    absent = [name for name in needed if name not in frame]
    if absent:
        raise InvalidInput(f"there is no column {absent[0]!r}; there are {', '.join(map(str, frame.columns))}")
    named = bundled() if words is None else words
    chosen = {group: _head(group), **chosen} if group else chosen
    shown = pd.DataFrame({head: _cells(frame, names, digits, named) for names, head in chosen.items()}, dtype=object)
    right = [head for names, head in chosen.items() if _is_number(frame, names) and names != group]
    addresses = {chosen[name]: frame[address].tolist() for name, address in links.items()}
    return Table(shown, _great(shown, right, addresses, _head(group) if group else None, title, note))


def _great(
    shown: pd.DataFrame,
    right: list[str],
    addresses: Mapping[str, Sequence[object]],
    group: str | None,
    title: str,
    note: str,
) -> GT:
    great = require_extra("great_tables", "lab")
    made = great.GT(shown, id=_identity(shown), groupname_col=group)
    made = made.tab_header(title) if title else made
    made = made.tab_source_note(great.html(escape(note))) if note else made
    for head, given in addresses.items():
        for at, (cell, address) in enumerate(zip(shown[head], given, strict=True)):
            made = made.fmt(_link(cell, str(address)), columns=head, rows=[at])
    made = made.cols_align("left").cols_align("right", right) if right else made.cols_align("left")
    return styled(made, _identity(shown), shown)


def styled(made: GT, identity: str, cells: pd.DataFrame) -> GT:
    """The one style of tables: as wide as they need to be, and on a phone scrolled rather than squeezed.

    Parameters
    ----------
    made : GT
        The table.
    identity : str
        Its id.
    cells : DataFrame
        Its cells as they are read.
    """
    longest = [max((len(str(cell)) for cell in cells[head]), default=0) for head in cells]
    least = sum(_PIXELS * min(long, _ROOM) for long in longest)
    return made.tab_options(
        table_additional_css=[f"#{identity} table {{ min-width: {least}px; }}"],
        table_font_size="15px",
        table_margin_left="0",
        heading_align="left",
        data_row_padding="6px",
        table_border_top_style="none",
        column_labels_font_weight="600",
        row_group_font_weight="600",
        container_overflow_x="auto",
    )


def _link(cell: str, address: str) -> Callable[[object], str]:
    safe = web_address(address)
    return lambda _: f'<a href="{escape(safe)}">{escape(cell)}</a>' if safe else escape(cell)


def _identity(shown: pd.DataFrame) -> str:
    """The same name for the same table, so that the same run gives the same bytes."""
    return f"t{sha256(shown.to_csv().encode()).hexdigest()[:10]}"


def _names(columns: Columns) -> list[Hashable]:
    return [name for names in columns for name in (names if isinstance(names, tuple) else (names,))]


def _head(name: object) -> str:
    return capital(str(name).replace("_", " "))


def _cells(frame: pd.DataFrame, names: Any, digits: int, words: Vocabulary) -> list[str]:
    if not isinstance(names, tuple):
        return _written(frame, names, digits, words)
    triples = zip(*(numbers(frame[name], str(name)) for name in names), strict=True)
    return [
        NONE if middle != middle else f"{_round(middle, digits)} ({_round(low, digits)} to {_round(high, digits)})"
        for middle, low, high in triples
    ]


def _is_number(frame: pd.DataFrame, names: Any) -> bool:
    return isinstance(names, tuple) or frame[names].dtype.kind in "iuf"


def _written(frame: pd.DataFrame, name: Any, digits: int, words: Vocabulary) -> list[str]:
    column = frame[name]
    if pd.api.types.is_bool_dtype(column):
        return [NONE if pd.isna(cell) else "yes" if cell else "no" for cell in column]
    if _is_number(frame, name):
        known = column.dropna().astype(float)
        counts = bool((known % 1 == 0).all())
        return [NONE if pd.isna(cell) else _figure(float(cell), str(name), counts, digits) for cell in column]
    called = _names_of(str(name), words)
    return ["" if pd.isna(cell) else called.get(str(cell), str(cell)) for cell in column]


def _figure(value: float, name: str, counts: bool, digits: int) -> str:
    if name == "year":
        return f"{value:.0f}"
    return f"{value:,.0f}".replace("-", "−") if counts else _round(value, digits)


def _round(value: float, digits: int) -> str:
    """A whole number where no digits are asked for, not the first digit that is not zero."""
    return number(value, digits) if digits else whole(value)


def _names_of(column: str, words: Vocabulary) -> Mapping[str, str]:
    """What the keys of a column are called."""
    known: Mapping[str, Mapping[str, str]] = {
        "condition": words.conditions,
        "comparator": words.comparators,
        "time": WINDOWS,
    }
    if column in ("outcome", "mechanism"):
        return _labels(column)
    return known.get(column, {})


@cache
def _labels(column: str) -> Mapping[str, str]:
    rows = pd.read_csv(bundled_root() / f"{column}s.csv", keep_default_na=False)
    return dict(zip(rows[column], rows["label"], strict=True))
