"""The checks by name, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from . import estimates, scores
from .finding import Columns
from .material import Material

CHECKS: Mapping[str, Callable[[Material], Iterator[Columns]]] = {
    "grim": scores.whole_means,
    "grimmer": scores.whole_spreads,
    "sd_plausible": scores.spreads,
    "se_as_sd": scores.standard_errors,
    "correlation_implied": scores.correlations,
    "same_numbers": scores.shared_numbers,
    "baseline_balance": scores.balance,
    "p_recomputed": estimates.p_values,
    "interval_symmetric": estimates.intervals,
    "percent_of_n": estimates.percentages,
    "n_flow": estimates.people,
    "effect_outlier": estimates.outliers,
}
