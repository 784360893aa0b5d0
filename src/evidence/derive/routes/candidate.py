"""What a route returns: an effect that may stand for its trial, with what it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..align import Reported
from .numbers import Joined, Numbers, computed


@dataclass(frozen=True, slots=True)
class Candidate:
    """An effect that may stand for its trial.

    Attributes
    ----------
    numbers : Numbers
        What its effect is computed from: one of `evidence.derive.routes.numbers`.
    n1 : float
        People in the acupuncture arms.
    n2 : float
        People in the comparator arms.
    route : str
        Name of the way it was had.
    preference : int
        Orders candidates of the same rows, smaller first: under 20 scores, under 30 p values, then counts.
    notes : tuple of str
        How the numbers came to be, for the column ``derivation``.
    rows : tuple of Reported
        What it was read from, the row it is about first.
    doubtful : bool
        Something was assumed.
    imputed : bool
        It rests on an imputed SD.
    """

    numbers: Numbers
    n1: float
    n2: float
    route: str
    preference: int
    notes: tuple[str, ...]
    rows: tuple[Reported, ...]
    doubtful: bool = False
    imputed: bool = False

    @property
    def yi(self) -> float:
        """The effect, in units of its measure; positive favours acupuncture."""
        return float(computed([self.numbers])[0, 0])

    @property
    def vi(self) -> float:
        """Its sampling variance."""
        return float(computed([self.numbers])[0, 1])


def across(candidates: Sequence[Candidate]) -> Candidate:
    """One effect from parts of a trial that share nobody, weighted by inverse variance."""
    if len(candidates) == 1:
        return candidates[0]
    notes = tuple(dict.fromkeys(note for candidate in candidates for note in candidate.notes))
    return Candidate(
        Joined(tuple(candidate.numbers for candidate in candidates)),
        sum(candidate.n1 for candidate in candidates),
        sum(candidate.n2 for candidate in candidates),
        candidates[0].route,
        max(candidate.preference for candidate in candidates),
        (*notes, f"{len(candidates)} separate pairs of arms, inverse-variance mean"),
        tuple(row for candidate in candidates for row in candidate.rows),
        any(candidate.doubtful for candidate in candidates),
        any(candidate.imputed for candidate in candidates),
    )


def joined_note(ours: Sequence[Reported], theirs: Sequence[Reported]) -> tuple[str, ...]:
    """Which arms were joined, as a note; empty for two single arms."""
    if len(ours) == 1 and len(theirs) == 1:
        return ()
    return (f"arms combined: {' + '.join(row.arm for row in ours)} against {' + '.join(row.arm for row in theirs)}",)
