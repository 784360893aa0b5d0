"""Signs behind the names of trials, which stay where a name is shortened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...errors import InvalidInput
from .interval_rows import Row
from .table import Layout
from .text import plain, shorten, width
from .theme import small_size


def signs_of(marks: Sequence[str] | None, trial: Sequence[bool]) -> list[str]:
    """The mark of each row, "" where it is no trial."""
    if marks is not None and len(marks) != sum(trial):
        raise InvalidInput(f"forest: marks has {len(marks)} signs for {sum(trial)} trials")
    left = iter(marks if marks is not None else ("",) * sum(trial))
    return [plain(next(left)) if here else "" for here in trial]


def signed(row: Row, sign: str, layout: Layout) -> Row:
    """The row with its name shortened so that the mark after it stays."""
    if not sign:
        return row
    start, end = layout.spans[0]
    name = row.cells[0].removesuffix(sign)
    short = shorten(name, end - start - width(sign, small_size()), small_size())
    return replace(row, cells=(short + sign, *row.cells[1:]))
