"""Words that must stand in another table: foreign keys, and lists of keys joined by a bar.

A field of the descriptor with ``items`` holds keys: one, or several joined by its ``delimiter`` where its type is
"list". ``items`` names the column they come from (``resource`` and ``field``) or the words themselves (``enum``), and
in ``also`` the words that stand for several keys at once, such as "any".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from .package import Descriptor, enumerated, fields, resources

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Break:
    """Rows of one table that break one rule; ``column`` is the cell to show."""

    table: str
    column: str
    rows: np.ndarray
    rule: str


def broken_keys(tables: Tables) -> Iterator[Break]:
    """Cells with a key that no other table has."""
    for name in tables:
        for key in resources()[name]["schema"].get("foreignKeys", []):
            if key["reference"]["resource"] in tables and key["fields"][-1] not in enumerated(name):
                yield from _unresolved(tables, name, key)
        for field in fields(name):
            if "items" in field:
                yield from _unlisted(tables, name, field)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as the end of a rule, "" where none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def key_rows(frame: pd.DataFrame, columns: list[str]) -> list[tuple[object, ...]]:
    """Rows as tuples that can be compared: missing numbers are infinite, for NaN equals nothing."""
    return list(_keys(frame, columns))


def _keys(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[object, ...]]:
    cells = [frame[name].to_numpy() for name in columns]
    filled = (np.where(np.isnan(one), np.inf, one) if one.dtype == float else one for one in cells)
    return zip(*(one.tolist() for one in filled), strict=True)


def _unresolved(tables: Tables, name: str, key: Descriptor) -> Iterator[Break]:
    target, here = key["reference"]["resource"], key["fields"]
    known = set(_keys(tables[target], key["reference"]["fields"]))
    lost = {value for value in set(_keys(tables[name], here)) - known if value[-1] != ""}
    values = key_rows(tables[name], here) if lost else []
    for value in sorted(lost, key=values.index):
        near = did_you_mean(str(value[-1]), sorted(str(one[-1]) for one in known if one[:-1] == value[:-1]))
        where = f"is not in {target}.csv" + (" for this trial" if here[1:] else "")
        yield Break(name, here[-1], np.array([one == value for one in values]), where + near)


def _unlisted(tables: Tables, name: str, field: Descriptor) -> Iterator[Break]:
    known, column = _vocabulary(tables, field["items"]), str(field["name"])
    if known is None:
        return
    cells = tables[name][column].tolist()
    for cell in dict.fromkeys(cells):
        rule = _list_rule(cell, known, field) if cell else ""
        if rule:
            yield Break(name, column, np.array([one == cell for one in cells]), rule)


def _list_rule(cell: str, known: Collection[str], field: Descriptor) -> str:
    """The first rule that a list of keys breaks, "" where it keeps all."""
    items, general = field["items"], field["items"].get("also", [])
    words = cell.split(field["delimiter"]) if field["type"] == "list" else [cell]
    where = f"not in {items['resource']}.csv" if "resource" in items else f"not one of {', '.join(known)}"
    for word in words:
        if word in general and words[1:]:
            return f"{word} stands alone"
        if words.count(word) > 1:
            return f"{word!r} stands twice"
        if word not in known and word not in general:
            which = f"{word!r} is" if words[1:] else "is"
            return f"{which} {where}{did_you_mean(word, [*known, *general])}"
    return ""


def _vocabulary(tables: Tables, items: Descriptor) -> list[str] | None:
    """Words a list may hold, None where the table they stand in could not be read."""
    if "enum" in items:
        return list(items["enum"])
    target, column = str(items["resource"]), str(items["field"])
    limits = next(field.get("constraints", {}) for field in fields(target) if field["name"] == column)
    if "enum" in limits:
        return list(limits["enum"])
    return sorted(set(tables[target][column].tolist())) if target in tables else None
