"""What a multiverse found: its specifications, and in words how far the answer hangs on the choices."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ...languages import N_, _, decimal, joined, ngettext
from ...models.result import Result
from ..wording.words import FAVOURS, listed, number, whole
from .words import CHOICES

#: So many choices are named.
_NAMED = 3
#: What an estimate is in where it cannot be told in points of 100.
_UNITS = {"SMD": N_("{n} SD"), "MD100": N_("{n} points of 100"), "RD": N_("{n} of the risk difference")}


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
        if 0 < share < 0.5:
            said = _("under 1%")
        elif 99.5 <= share < 100:
            said = _("over 99%")
        else:
            said = _("{n}%", n=f"{share:.0f}")
        return ngettext(
            "{share} excludes no effect ({n} specification)",
            "{share} exclude no effect ({n} specifications)",
            len(found),
            share=said,
        )

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
            return _("No choice moves the estimate.")
        named = [
            _("{choice} ({amount})", choice=_(CHOICES[choice].whether), amount=self.amount(change))
            for choice, change in zip(top["choice"], top["change"], strict=True)
        ]
        text = _(
            "What moves the estimate most, on average when nothing else is changed: {choices}.", choices=listed(named)
        )
        choice, turned = self.moves.sort_values("turned", ascending=False, kind="stable").iloc[0][["choice", "turned"]]
        if turned <= 0:
            return text
        turns = _(
            "Whether the interval excludes no effect turns most often on {choice}: in {share} of the pairs that differ "
            "in nothing else.",
            choice=_(CHOICES[choice].whether),
            share=_("{n}%", n=f"{100 * turned:.0f}") if turned >= 0.005 else _("under 1%"),
        )
        return joined(text, turns)

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
            if points < 0.95:
                return _("less than 1 point of 100")
            return _("{n} points of 100", n=number(points, 1))
        unit = _UNITS.get(str(self.specifications["measure"].iloc[0]), N_("{n} on the log scale"))
        return _(unit, n=number(change))

    def sentence(self) -> str:
        """How far the answer hangs on the choices, without a verdict.

        Returns
        -------
        str
            A few plain sentences: how many specifications exclude no effect, what they find, and the three choices
            that move the estimate most.
        """
        found, first = self.estimable, self.specifications.iloc[0]
        parts = [
            _("All reasonable ways to compute this: {found}.", found=self.in_short()),
            _(
                "{n} of {all} specifications can be estimated, from {sets} different sets of effects: {found}.",
                n=decimal(len(found)),
                all=decimal(len(self.specifications)),
                sets=found["set"].nunique(),
                found=self._range(),
            ),
        ]
        if not math.isnan(first["estimate"]):
            ends = {name: number(first[name]) for name in ("estimate", "ci_low", "ci_high")}
            parts.append(_("The headline specification gives {estimate} ({ci_low} to {ci_high}).", **ends))
        no_test = _("Specifications share trials and are not equally good, so these shares are no test.")
        return joined(*parts, self.most_moving(), no_test)

    def _range(self) -> str:
        """From where to where the estimates run, and how many intervals exclude no effect."""
        found = self.estimable
        least, most, middle = found["estimate"].agg(["min", "max", "median"])
        above, below = int((found["ci_low"] > 0).sum()), int((found["ci_high"] < 0).sum())
        shares = [
            *([_("{n} ({share}) lie above no effect", **_share(above, len(found)))] if above else []),
            *([_("{n} ({share}) lie below no effect", **_share(below, len(found)))] if below else []),
        ]
        said = _(
            "estimates run from {low} to {high} (median {middle}); of their {level} intervals {shares}",
            low=number(least),
            high=number(most),
            middle=number(middle),
            level=_("{n}%", n=f"{100 * self.level:g}"),
            shares=listed(shares or [_("none excludes no effect")]),
        )
        if math.isnan(self.points) or self.specifications["measure"].iloc[0] == "MD100":
            return said
        low, high, half = (whole(x * self.points) for x in (least, most, middle))
        return _(
            "they find {low} to {high} points of 100, with {middle} in the middle; in standard deviations, {rest}",
            low=low,
            high=high,
            middle=half,
            rest=said,
        )

    def _title(self) -> str:
        return f"multiverse of {len(self.specifications):,} specifications"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _rows(self) -> pd.DataFrame:
        return self.specifications


def _share(n: int, of: int) -> dict[str, str]:
    return {"n": decimal(n), "share": _("{n}%", n=f"{100 * n / of:.0f}")}
