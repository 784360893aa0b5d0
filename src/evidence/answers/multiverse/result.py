"""What a multiverse found: its specifications, and in words how far the answer hangs on the choices."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...languages import in_english
from ...models import wording
from ...models.engine.inference import Interval
from ...models.result import Result
from ..wording.words import FAVOURS, listed, whole
from .words import CHOICES

#: So many choices are named.
_NAMED = 3
#: What an estimate is in where it cannot be told in points of 100.
_UNITS = {"SMD": " SD", "MD100": " points of 100", "RD": " of the risk difference"}


@dataclass(frozen=True, repr=False, eq=False)
class Multiverse(Result):
    """Every defensible analysis of one question.

    Attributes
    ----------
    specifications : DataFrame
        One row a specification, the headline first: see `multiverse`.
    level : float
        Coverage of the intervals.
    moves : DataFrame
        One row a choice with several options, the one that moves the estimate most first: ``choice, pairs, change,
        turned`` (see Notes of `multiverse`).
    points : float
        Points of 100 in one unit of the estimates; NaN where there are none.

    See Also
    --------
    multiverse : makes it.
    plots.specification_curve : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> question = dict(condition="osteoarthritis", comparator="sham", outcome="pain", time="short")
    >>> found = ev.multiverse(ev.load(), question, dict(measure=["SMD"], leave_out=["none"], routes=["all"]))
    >>> "no test" in found.sentence()
    True
    """

    specifications: pd.DataFrame
    level: float
    moves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["choice", "pairs", "change", "turned"]))
    points: float = math.nan

    _figure = "specification_curve"

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self,), {"favours": FAVOURS}

    @property
    def estimable(self) -> pd.DataFrame:
        """Rows of the specifications that can be estimated."""
        return self.specifications[self.specifications["estimate"].notna()]

    def in_short(self) -> str:
        """How many reasonable analyses exclude no effect: "9% exclude no effect (182 specifications)".

        Returns
        -------
        str
            The share of the specifications that can be estimated, and how many these are.
        """
        found = self.estimable
        excluding = int(((found["ci_low"] > 0) | (found["ci_high"] < 0)).sum())
        share = 100 * excluding / len(found)
        said = "under 1%" if 0 < share < 0.5 else "over 99%" if 99.5 <= share < 100 else f"{share:.0f}%"
        verb = "excludes" if len(found) == 1 else "exclude"
        return f"{said} {verb} no effect ({len(found):,} specification{'' if len(found) == 1 else 's'})"

    def most_moving(self) -> str:
        """The three choices that move the result most, each with what it moves when it alone is changed.

        Returns
        -------
        str
            A sentence or two; "" where there is no choice.
        """
        if self.moves.empty:
            return ""
        top = self.moves[self.moves["change"] > 0].head(_NAMED)
        if top.empty:
            return "No choice moves the estimate."
        named = [
            f"{CHOICES[choice].whether} ({self.amount(change)})"
            for choice, change in zip(top["choice"], top["change"], strict=True)
        ]
        text = f"What moves the estimate most, on average when nothing else is changed: {listed(named)}."
        choice, turned = self.moves.sort_values("turned", ascending=False, kind="stable").iloc[0][["choice", "turned"]]
        if turned > 0:
            share = f"{100 * turned:.0f}%" if turned >= 0.005 else "under 1%"
            text += (
                f" Whether the interval excludes no effect turns most often on {CHOICES[choice].whether}: "
                f"in {share} of the pairs that differ in nothing else."
            )
        return text

    def amount(self, change: float) -> str:
        """A change of the estimate in words: in points of 100 where there are any.

        Parameters
        ----------
        change : float
            In the unit of the estimates.

        Returns
        -------
        str
            "2.4 points of 100", "0.12 SD".
        """
        points = change * self.points
        if not math.isnan(points):
            return "less than 1 point of 100" if points < 0.95 else f"{wording.number(points, 1)} points of 100"
        unit = _UNITS.get(str(self.specifications["measure"].iloc[0]), " on the log scale")
        return f"{wording.number(change)}{unit}"

    @in_english
    def sentence(self) -> str:
        """How far the answer hangs on the choices, without a verdict.

        Returns
        -------
        str
            A few plain sentences: how many specifications exclude no effect, what they find, and the three choices
            that move the estimate most.
        """
        frame, found = self.specifications, self.estimable
        n, first, middle = wording.number, frame.iloc[0], found["estimate"].median()
        counts = {"above": int((found["ci_low"] > 0).sum()), "below": int((found["ci_high"] < 0).sum())}
        shares = [
            f"{count} ({100 * count / len(found):.0f}%) lie {side} no effect" for side, count in counts.items() if count
        ]
        reported, in_points = "", ""
        if not math.isnan(self.points) and self.specifications["measure"].iloc[0] != "MD100":
            least, most, half = (whole(x * self.points) for x in (*found["estimate"].agg(["min", "max"]), middle))
            in_points = (
                f"they find {least} to {most} points of 100, with {half} in the middle; in standard deviations, "
            )
        if not np.isnan(first["estimate"]):
            ci = wording.interval(Interval(first["ci_low"], first["ci_high"]))
            reported = f" The headline specification gives {n(first['estimate'])} ({ci})."
        return (
            f"All reasonable ways to compute this: {self.in_short()}. "
            f"{len(found):,} of {len(frame):,} specifications can be estimated, from {found['set'].nunique()} "
            f"different sets of effects: {in_points}estimates run from {n(found['estimate'].min())} to "
            f"{n(found['estimate'].max())} (median {n(middle)}); of their "
            f"{wording.percent(self.level)} intervals {' and '.join(shares) or 'none excludes no effect'}.{reported} "
            f"{self.most_moving()} "
            "Specifications share trials and are not equally good, so these shares are no test."
        ).replace("  ", " ")

    def _title(self) -> str:
        return f"multiverse of {len(self.specifications):,} specifications"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _rows(self) -> pd.DataFrame:
        return self.specifications
