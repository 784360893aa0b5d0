"""A draft of a trial's forms: what a source says, where it goes, what it does not say, what has no place."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..base.package import Descriptor, fields

Forms = dict[str, list[dict[str, str]]]
#: Cells that a trial needs to give an effect, beside those the codebook requires of every row.
_NEEDED = {
    "comparisons": ("versus", "comparator", "isolates", "needle"),
    "results": ("statistic", "sign", "instrument_id", "week", "when"),
}
_KINDS = {"statistic": ("arm", "contrast", "ratio"), "sign": ("arm", "contrast")}
_LONGEST = 2_000  # characters of a cell: the longest title of a registry is a quarter of it
_SHOWN = 12  # words of the source in one line of the list
_FORMULA = re.compile(r"[=+\-@]")
_KEPT = ("study_id", "result_id")


@dataclass
class Draft:
    """One trial as a source tells it.

    Attributes
    ----------
    study : str
        Key of the trial.
    tables : dict
        Table to its rows, each column to text; the keys of trial and result are added by `forms`.
    said : dict
        (table, column) to what the source says there, where that is none of our words; once each, in its order.
    unplaced : dict
        What of the source no column takes; likewise.
    """

    study: str
    tables: Forms = field(default_factory=lambda: defaultdict(list))
    said: dict[tuple[str, str], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    unplaced: dict[str, None] = field(default_factory=dict)
    _rows: set[tuple[object, ...]] = field(default_factory=set)

    def add(self, table: str, **cells: str) -> None:
        """Add a row, unless the same row is there already.

        Parameters
        ----------
        table : str
            Name of the table.
        **cells : str
            Column to text; text that a spreadsheet would take for a formula gets a space before it.
        """
        known = {one["name"]: one for one in fields(table)}
        row = {name: _cell(text, known[name]) for name, text in cells.items() if text}
        if row and (table, *row.items()) not in self._rows:
            self._rows.add((table, *row.items()))
            self.tables[table].append(row)

    def tell(self, table: str, column: str, *words: str) -> None:
        """Keep what the source says about a cell that stays empty.

        Parameters
        ----------
        table : str
            Name of the table.
        column : str
            The column.
        *words : str
            In the source's words; empty ones and repetitions are dropped.
        """
        self.said[table, column] |= dict.fromkeys(filter(None, words))

    def drop(self, words: str) -> None:
        """Keep what has no place in the tables.

        Parameters
        ----------
        words : str
            In the source's words.
        """
        self.unplaced[words] = None

    def forms(self) -> Forms:
        """Rows by table, with the keys of the trial and its results."""
        filled: Forms = {}
        for table, rows in self.tables.items():
            keys = [
                {"study_id": self.study} | ({"result_id": f"{self.study}-{at:02d}"} if table == "results" else {})
                for at in range(1, len(rows) + 1)
            ]
            filled[table] = [key | row for key, row in zip(keys, rows, strict=True)]
        return filled

    def missing(self) -> list[str]:
        """A line for each column that has an empty cell somebody must fill, and one for each table with the rest."""
        return [line for table in ("studies", "arms", "comparisons", "results") for line in self._missing_of(table)]

    def _missing_of(self, table: str) -> Iterator[str]:
        rows = self.tables.get(table, [])
        silent = []
        for one in fields(table):
            name = one["name"]
            asked = [row for row in rows if row.get("kind", "") in _KINDS.get(name, (row.get("kind", ""),))]
            empty = sum(not row.get(name) for row in asked)
            told = list(self.said.get((table, name), ()))
            shown = ", ".join(map(repr, told[:_SHOWN])) + (f" and {len(told) - _SHOWN} more" * (len(told) > _SHOWN))
            words = f"; the source says {shown}" if told else ""
            needed = one.get("constraints", {}).get("required") or name in _NEEDED.get(table, ())
            if name in _KEPT:
                continue
            if told or (needed and (empty or not rows)):
                which = f"in {empty} of {len(asked)} rows" if 0 < empty < len(asked) else ""
                state = " ".join(filter(None, ("empty" if empty or not rows else "to be looked at", which)))
                yield f"{table}.{name}: {state}{words}"
            elif rows and empty == len(rows):
                silent.append(name)
        if silent:
            yield f"{table}, not said: {', '.join(silent)}"


def study_key(*words: str) -> str:
    """Key of a trial from what a source calls it: ASCII letters and digits in lower case, joined by hyphens.

    Parameters
    ----------
    *words : str
        Author and year, or a registry's number. Accents are dropped; "" when no letter or digit is left.

    Examples
    --------
    >>> study_key("Müller-Wohlfahrt, 2010a")
    'muller-wohlfahrt-2010a'
    """
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-")


def _cell(text: str, column: Descriptor) -> str:
    if column["type"] in ("number", "integer") or "enum" in column.get("constraints", {}):
        return text
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [...]"
    return f" {text}" if _FORMULA.match(text) else text
