"""What a route is: a function from a comparison and its rows to a candidate, with the names and measures it gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from ..align import Reported
from .candidate import Candidate
from .comparison import Comparison

#: How close to printed scores a route stays.
Family = Literal["scores", "p values", "counts"]


class Reports(NamedTuple):
    """What a route reads.

    Attributes
    ----------
    comparison : Comparison
        The arms it is about.
    rows : sequence of Reported
        Rows that measure one thing at one time in one way.
    trial : sequence of Reported
        Every usable row of the trial.
    measure : str
        The measure asked for.
    fail : function
        Called with a row and the reason why it gives nothing.
    """

    comparison: Comparison
    rows: Sequence[Reported]
    trial: Sequence[Reported]
    measure: str
    fail: Callable[[Reported, str], None]

    @property
    def same_time(self) -> list[Reported]:
        """Rows of the trial with the same outcome, instrument and time; none where the week is not known."""
        like = self.rows[0]
        return [
            row
            for row in self.trial
            if row.at.week == like.at.week
            and (row.outcome, row.instrument, row.at, row.when) == (like.outcome, like.instrument, like.at, like.when)
        ]


class Route(NamedTuple):
    """A way from reported rows to an effect; call it with what it reads.

    Attributes
    ----------
    names : tuple of str
        What the column ``route`` says of its candidates.
    family : {"scores", "p values", "counts"}
        How close to printed scores it stays.
    measures : collection of str
        The measures it gives.
    kinds : collection of str
        The kinds of row that it starts from: it is not asked where there is none.
    read : function
        From `Reports` to a candidate, None where they give none.
    """

    names: tuple[str, ...]
    family: Family
    measures: Collection[str]
    kinds: Collection[str]
    read: Callable[[Reports], Candidate | None]

    def __call__(self, reports: Reports) -> Candidate | None:
        return self.read(reports)

    def reads(self, measure: str, kinds: Collection[str]) -> bool:
        """Can it give a measure where there are rows of these kinds?"""
        return measure in self.measures and not set(kinds).isdisjoint(self.kinds)


def route(
    *names: str, family: Family, measures: Collection[str], kinds: Collection[str]
) -> Callable[[Callable[[Reports], Candidate | None]], Route]:
    """Make a function a route."""
    return lambda read: Route(names, family, measures, kinds, read)


def first_per_arm(rows: Iterable[Reported]) -> list[Reported]:
    """The first row of each arm."""
    first: dict[str, Reported] = {}
    for row in rows:
        first.setdefault(row.arm, row)
    return list(first.values())
