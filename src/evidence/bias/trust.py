"""How far a bias method can be trusted on given studies: the rules, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..models.univariate.pooled import Pooled
from .small_study_effects import LEAST_STUDIES
from .waap import ADEQUATE_POWER

Trust = Literal["yes", "caution", "no"]

# Ioannidis & Trikalinos (2007), CMAJ 176:1091: tests of asymmetry make sense with ten studies or more, I2 below 50%,
# a largest variance more than four times the smallest, and a significant study at all.
ASYMMETRY_I2 = 50.0
VARIANCE_RATIO = 4.0
# Stanley (2017), Social Psychological and Personality Science 8:581: PET-PEESE fails with fewer than 20 studies, with
# I2 of 80% or more, and where all studies are small.
PET_PEESE_STUDIES = 20
PET_PEESE_I2 = 80.0
# Ours, on the safe side of simulations (McShane et al. 2016; Carter et al. 2019): selection models spend two to five
# parameters, and the chance of an interval of p values rests on the studies in it.
SELECTION_STUDIES = 20
INTERVAL_STUDIES = 3
# Ours: beyond this many naive standard errors an estimate is an admission that the data do not determine it.
STANDARD_ERRORS = 3.0
# Ours: an average over fewer studies than this hangs on each of them.
ADEQUATE_STUDIES = 5
# Ours: a curve needs points.
CURVE_STUDIES = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to trust a method.

    Attributes
    ----------
    weight : "caution" or "no"
    reason : str
    """

    weight: Literal["caution", "no"]
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Trust, and the reasons that lower it joined by semicolons."""

    trust: Trust
    reason: str


def verdict(doubts: list[Doubt]) -> Verdict:
    """The worst of all doubts, with every reason."""
    trust: Trust = "yes"
    if doubts:
        trust = "no" if any(doubt.weight == "no" for doubt in doubts) else "caution"
    return Verdict(trust, "; ".join(doubt.reason for doubt in doubts))


def funnel_doubts(fit: Pooled) -> list[Doubt]:
    """What weakens every method that reads the shape of the funnel, heterogeneity aside."""
    doubts = []
    if fit.k < LEAST_STUDIES:
        doubts.append(Doubt("no", f"{fit.k} studies, fewer than {LEAST_STUDIES}"))
    if fit.vi.max() <= VARIANCE_RATIO * fit.vi.min():
        doubts.append(
            Doubt("caution", f"studies of one size: largest variance at most {VARIANCE_RATIO:g} times the least")
        )
    return doubts


def heterogeneity_doubts(fit: Pooled, weight: Literal["caution", "no"]) -> list[Doubt]:
    """Heterogeneity that can make a funnel asymmetric by itself."""
    if fit.i2 <= ASYMMETRY_I2:
        return []
    return [Doubt(weight, f"I² = {fit.i2:.0f}%, above {ASYMMETRY_I2:g}%: heterogeneity alone can look like this")]


def pet_peese_doubts(fit: Pooled) -> list[Doubt]:
    """Stanley's (2017) conditions beside those of every funnel method."""
    doubts = funnel_doubts(fit)
    if LEAST_STUDIES <= fit.k < PET_PEESE_STUDIES:
        doubts.append(Doubt("caution", f"{fit.k} studies, fewer than {PET_PEESE_STUDIES}"))
    if fit.i2 >= PET_PEESE_I2:
        doubts.append(Doubt("no", f"I² = {fit.i2:.0f}%, at or above {PET_PEESE_I2:g}%"))
    else:
        doubts += heterogeneity_doubts(fit, "caution")
    if np.sqrt(fit.vi.min()) > abs(fit.estimate) / ADEQUATE_POWER:
        doubts.append(Doubt("caution", "no study with 80% power for the average effect"))
    return doubts


def selection_doubts(fit: Pooled, se: float, fewest: int | None) -> list[Doubt]:
    """Too few studies, too few in an interval of p values, or an estimate the data do not determine."""
    doubts = []
    if fit.k < LEAST_STUDIES:
        doubts.append(Doubt("no", f"{fit.k} studies, fewer than {LEAST_STUDIES}"))
    elif fit.k < SELECTION_STUDIES:
        doubts.append(Doubt("caution", f"{fit.k} studies, fewer than {SELECTION_STUDIES}"))
    if fewest is not None and fewest < INTERVAL_STUDIES:
        doubts.append(Doubt("caution", f"an interval of p values with {fewest} of the studies"))
    if se > STANDARD_ERRORS * fit.se:
        doubts.append(Doubt("no", f"standard error {se / fit.se:.0f} times the naive one"))
    return doubts


def waap_doubts(adequate: int) -> list[Doubt]:
    """Too few adequately powered studies."""
    if adequate < 2:
        return [Doubt("no", "fewer than two adequately powered studies: this is the average of all")]
    if adequate < ADEQUATE_STUDIES:
        return [Doubt("caution", f"{adequate} adequately powered studies")]
    return []


def asymmetry_doubts(fit: Pooled) -> list[Doubt]:
    """Ioannidis and Trikalinos's (2007) conditions for a test of asymmetry."""
    doubts = funnel_doubts(fit) + heterogeneity_doubts(fit, "caution")
    if (np.abs(fit.yi) < 1.96 * np.sqrt(fit.vi)).all():
        doubts.append(Doubt("caution", "no study is significant"))
    return doubts


def curve_doubts(fit: Pooled, significant: int) -> list[Doubt]:
    """Few significant studies, or heterogeneity (van Aert, Wicherts & van Assen 2016)."""
    doubts = heterogeneity_doubts(fit, "caution")
    if significant < CURVE_STUDIES:
        doubts.append(Doubt("no", f"{significant} significant studies, fewer than {CURVE_STUDIES}"))
    return doubts
