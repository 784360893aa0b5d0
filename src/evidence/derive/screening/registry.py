"""The checks by name, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from . import estimates, scores
from .finding import SERIOUS, SOME, Columns
from .material import Material


class Check(NamedTuple):
    """A check of a whole base.

    Attributes
    ----------
    ask : function
        What it finds, in one part or several.
    weighs : str
        The most that a misfit weighs by itself; an override may give it more.
    """

    ask: Callable[[Material], Iterator[Columns]]
    weighs: str = SOME


CHECKS: Mapping[str, Check] = {
    "grim": Check(scores.whole_means),
    "grimmer": Check(scores.whole_spreads),
    "sd_plausible": Check(scores.spreads, SERIOUS),
    "se_as_sd": Check(scores.standard_errors, SERIOUS),
    "correlation_implied": Check(scores.correlations),
    "same_numbers": Check(scores.shared_numbers),
    "baseline_balance": Check(scores.balance),
    "p_recomputed": Check(estimates.p_values, SERIOUS),
    "interval_symmetric": Check(estimates.intervals),
    "percent_of_n": Check(estimates.percentages),
    "n_flow": Check(estimates.people),
    "effect_outlier": Check(estimates.outliers),
}
