"""The axis an effect is read from: its name, its ticks, its two directions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from ...effects.arguments import require_kind
from ...effects.measures.back import FUNCTIONS, Back, read_back, sizes_in, suited_digits, typical_size
from ...effects.measures.measures import MEASURES
from ...errors import InvalidInput
from ...languages import N_, _, decimal, pointed
from ...models.measure import measure_in, measure_of
from .text import interval, number

#: What effects below and above the null favour, where the caller has no words of its own.
SIDES = (N_("comparator"), N_("treatment"))

_RATIO_TICKS = (
    (0.01, 0.1, 1, 10, 100),
    (0.1, 0.2, 0.5, 1, 2, 5, 10),
    (0.25, 0.5, 1, 2, 4),
    (0.5, 0.7, 1, 1.4, 2),
    (0.8, 0.9, 1, 1.1, 1.25),
)


@dataclass(frozen=True)
class Measure:
    """How effects of one measure are shown.

    Pooled values come on the log scale where ``ratio`` is true, and on the scale of ``back`` where there is one. Where
    ``null`` is false, as for proportions, no value is one of no effect.
    """

    label: str
    short: str
    ratio: bool = False
    digits: int = 2
    back: Back | None = None
    null: bool = True
    name: str = ""  # where the size of a trial matters

    def shown(self, value: float) -> float:
        """A pooled value as readers know it: ratios back from their logarithm."""
        if self.back is not None:
            return float(self.back.back(np.asarray(value, dtype=float)))
        return math.exp(max(min(value, 700.0), -700.0)) if self.ratio else value

    def placed(self, value: float) -> float:
        """The place on the axis of a value as readers know it."""
        if self.ratio and not value > 0:
            raise InvalidInput(f"{self.label}: {value} is not a ratio; ratios are above zero")
        if self.back is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                place = float(self.back.forth(np.asarray(value, dtype=float)))
            if not math.isfinite(place):
                raise InvalidInput(f"{self.label}: {value} is no {self.back.what} between its ends")
            return place
        return math.log(value) if self.ratio else value

    def number(self, value: float) -> str:
        return number(self.shown(value), self.digits)

    def limit(self, value: float) -> str:
        """A number that somebody set, such as 10 points: without decimals where it has none."""
        shown = self.shown(value)
        return number(shown, 0 if shown == round(shown) else self.digits)

    def interval(self, low: float, high: float) -> str:
        return interval(self.shown(low), self.shown(high), self.digits)

    def of_trial(self, variance: float) -> Measure:
        """The same for one trial, where what is read back hangs on its size (PFT, IRFT), which its variance tells."""
        return replace(self, back=read_back(self.name, typical_size(self.name, [variance]))) if self.name else self

    def suited(self, intervals: Iterable[tuple[float, float]]) -> Measure:
        """The same with as many digits as the narrowest of some pooled intervals needs to be seen as one."""
        widths = (abs(self.shown(high) - self.shown(low)) for low, high in intervals)
        return replace(self, digits=suited_digits(widths, self.digits))

    def ticks(self, low: float, high: float, most: int = 6) -> list[tuple[float, str]]:
        """Places between ``low`` and ``high`` and what to write there."""
        if self.back is not None:
            even = MaxNLocator(nbins=most - 1, steps=[1, 2, 5, 10]).tick_values(self.shown(low), self.shown(high))
            found = [float(t) for t in even if self.shown(low) <= t <= self.shown(high)]
            return [
                (place, pointed(f"{t:.6g}").replace("-", "−")) for t in found if math.isfinite(place := self._place(t))
            ]
        if not self.ratio:
            places = MaxNLocator(nbins=most - 1, steps=[1, 2, 5, 10]).tick_values(low, high)
            gap = float(places[1] - places[0])
            digits = max(0, -math.floor(math.log10(gap) + 1e-9))
            return [(float(t), _tick(float(t), digits)) for t in places if low - 1e-9 <= t <= high + 1e-9]
        best: list[float] = []
        for candidates in _RATIO_TICKS:
            inside = [math.log(t) for t in candidates if low <= math.log(t) <= high]
            if len(best) < len(inside) <= most + 1:
                best = inside
        decades = range(math.ceil(low / math.log(10)), math.floor(high / math.log(10)) + 1)
        if len(decades) > most:
            step = math.ceil(len(decades) / most)
            best = [d * math.log(10) for d in decades if d % step == 0]
        if len(best) < 2:
            fine = [math.log(m * 10.0**d) for d in range(decades.start - 1, decades.stop) for m in (1, 2, 5)]
            best = [t for t in fine if low <= t <= high]
            best = best if len(best) <= most + 1 else [d * math.log(10) for d in decades]
        if len(best) < 2:
            even = MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(self.shown(low), self.shown(high))
            best = [math.log(t) for t in even if t > 0 and low <= math.log(t) <= high]
        return [(t, pointed(f"{self.shown(t):.6g}").replace("e+0", "e").replace("e-0", "e−")) for t in best]

    def _place(self, value: float) -> float:
        """Where a value stands; infinite for an end that the scale never reaches."""
        assert self.back is not None
        with np.errstate(divide="ignore"):
            return float(self.back.forth(np.asarray(value, dtype=float)))


_MEASURES = {
    "effect": Measure(N_("Effect"), N_("Effect")),  # of numbers whose measure nobody named
    "SMD": Measure(N_("Standardised mean difference (Hedges g)"), "SMD"),
    "SD": Measure(N_("Difference in standard deviations"), "SMD"),
    "difference in SMD": Measure(N_("difference in SMD"), N_("difference in SMD")),
    "SMDH": Measure(N_("Standardised mean difference"), "SMD"),
    "MD": Measure(N_("Mean difference"), N_("Difference"), digits=1),
    "MD100": Measure(N_("Mean difference, points of 0–100"), N_("Points"), digits=1),
    "points": Measure(N_("Points of 100"), N_("Points"), digits=0),
    "RR": Measure(N_("Risk ratio (log scale)"), N_("Risk ratio"), ratio=True),
    "OR": Measure(N_("Odds ratio (log scale)"), N_("Odds ratio"), ratio=True),
    "PETO": Measure(N_("Odds ratio, Peto (log scale)"), N_("Odds ratio"), ratio=True),
    "ROM": Measure(N_("Ratio of means (log scale)"), N_("Ratio"), ratio=True),
    "IRR": Measure(N_("Rate ratio (log scale)"), N_("Rate ratio"), ratio=True),
    "VR": Measure(N_("Variability ratio (log scale)"), N_("Ratio"), ratio=True),
    "RD": Measure(N_("Risk difference"), N_("Difference")),
    "COR": Measure(N_("Correlation"), "r"),
    "CVR": Measure(N_("Ratio of coefficients of variation (log scale)"), N_("Ratio"), ratio=True),
    "ROMC": Measure(N_("Ratio of means, after to before (log scale)"), N_("Ratio"), ratio=True),
    "IRD": Measure(N_("Rate difference"), N_("Difference")),
    "AS": Measure(N_("Arcsine difference of risks"), N_("Difference")),
    "PR": Measure(N_("Proportion"), N_("Proportion"), null=False),
    "MN": Measure(N_("Mean"), N_("Mean"), digits=1, null=False),
    "PLO": Measure(N_("Proportion (logit scale)"), N_("Proportion"), null=False),
    "PAS": Measure(N_("Proportion (arcsine scale)"), N_("Proportion"), null=False),
    "PFT": Measure(N_("Proportion (double arcsine scale)"), N_("Proportion"), null=False),
    "ZCOR": Measure(N_("Correlation (Fisher's z scale)"), "r"),
}
#: Of which no value means that there is no effect.
_OF_ONE_GROUP = set(["PLN", "PRZ", "IR", "IRLN", "IRS", "IRFT", "MNLN", "SDLN", "CVLN", "ARAW", "AHW", "ABT", "CLES"])
#: Where no variance tells the sizes of the trials.
_UNSIZED = {
    "PFT": Measure("Freeman-Tukey double arcsine of the proportion", "Double arcsine", null=False),
}


def measure_named(name: str, vi: ArrayLike | None = None) -> Measure:
    """How to show ``name``, a measure in any letters or a function such as "exp"; others as they are, on a plain scale.

    ``vi`` are the sampling variances of the trials, from which alone PFT and IRFT come back.
    """
    require_kind("measure", name, str, 'the name of a measure, such as "SMD", or what the axis is called')
    found = _measure(name, vi)
    return replace(found, label=_(found.label), short=_(found.short))


def measure_shown(given: str | None, result: object) -> Measure:
    """How to show the measure that is asked for, else the one that a fit or its frame tells, else just an effect."""
    return measure_named(given or measure_of(result) or measure_in(result) or "effect")


def _measure(name: str, vi: ArrayLike | None) -> Measure:
    if name in FUNCTIONS:
        scale = FUNCTIONS[name][0]
        label = f"{name} of the effect ({scale} scale)"
        return Measure(label, name, ratio=True) if name == "exp" else Measure(label, name, back=read_back(name))
    known = {each.upper(): each for each in (*MEASURES, *_MEASURES)}
    name = known.get(name.strip().upper(), name)
    sized = sizes_in(name, vi) is not None
    if name in _UNSIZED and not sized:
        return _UNSIZED[name]
    found = _MEASURES.get(name) or _registered(name)
    return found if found.ratio else replace(found, back=read_back(name, typical_size(name, vi)), name=name * sized)


def _registered(name: str) -> Measure:
    """By what the registry says of a measure that has no words of its own here."""
    if name not in MEASURES:
        return Measure(name, name)
    of = MEASURES[name]
    what = of.what[0].upper() + of.what[1:]
    label = f"{what} ({of.scale} scale)" if of.scale else what
    return Measure(label, "Ratio" if "ratio of" in of.what else what, of.scale == "log", null=name not in _OF_ONE_GROUP)


def given_limits(figure: str, shown: Measure, xlim: tuple[float, float]) -> tuple[float, float]:
    """Limits of an effect axis as told, as places on it.

    Raises
    ------
    InvalidInput
        They are not two numbers in their order with no effect between them: the axis would run backwards, or its line
        of no effect stand outside it.
    """
    ends = tuple(xlim)
    if len(ends) == 2 and all(math.isfinite(end) for end in ends):
        low, high = (shown.placed(float(end)) for end in ends)
        if low < high and (low <= 0 <= high or not shown.null):
            return low, high
    null = 1 if shown.ratio else 0
    raise InvalidInput(f"{figure}: xlim={xlim}; give the smaller end first, with no effect ({null}) between them")


def effect_limits(
    estimate: ArrayLike, low: ArrayLike, high: ArrayLike, keep: Iterable[float] = (), *, null: bool = True
) -> tuple[float, float]:
    """Limits that show every ordinary interval whole and cut the few that would flatten the rest.

    Parameters
    ----------
    estimate : (k,) array
        Estimates; not-a-number is left out, with its interval.
    low : (k,) array
        Lower ends of their intervals.
    high : (k,) array
        Upper ends of their intervals.
    keep : iterable of float
        Values that must be on the axis whatever happens: pooled intervals, the worthwhile effect, and every estimate
        in figures that do not print it as a number.
    null : bool
        Whether 0 means no effect and must be on the axis, too.

    Returns
    -------
    (float, float)
        Zero, and a little more than the longest ordinary interval: no interval counts beyond 2.5 times the median
        one, no estimate beyond six times the larger of the estimates' spread (1.48 MAD) and the median half-width.
    """
    yi, lo, hi = (np.asarray(a, dtype=float).ravel() for a in (estimate, low, high))
    usable = np.isfinite(yi)
    yi, lo, hi = yi[usable], lo[usable], hi[usable]
    must = [*([0.0] if null else []), *(v for v in keep if math.isfinite(v))]
    if yi.size:
        down, up = yi - lo, hi - yi
        halves = np.concatenate([down, up])
        finite = halves[np.isfinite(halves)]
        half = float(np.median(finite)) if finite.size else 0.0
        centre = float(np.median(yi))
        reach = 6.0 * max(1.4826 * float(np.median(np.abs(yi - centre))), half)
        longest = np.where(np.isfinite(halves), np.minimum(halves, 2.5 * half), 2.5 * half)
        ends = np.concatenate([yi - longest[: yi.size], yi + longest[yi.size :]])
        inside = np.clip(ends, centre - reach, centre + reach) if reach > 0 else ends
        must += [float(inside.min()), float(inside.max())]
    left, right = min(must, default=0.0), max(must, default=0.0)
    pad = 0.04 * (right - left) or 0.5
    return left - pad, right + pad


def _tick(value: float, digits: int) -> str:
    text = decimal(value, digits) if abs(value) < 1e6 else pointed(f"{value:.1e}".replace("e+0", "e"))
    return (text.lstrip("-") if not any(c in "123456789" for c in text) else text).replace("-", "−")
