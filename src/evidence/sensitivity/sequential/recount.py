"""Pool counts again after some of them changed: many versions of the same 2x2 tables at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from ...effects.measures.effect_size import effect_size
from ...errors import InvalidInput, NotEstimable
from ...models.counts.mantel_haenszel import METHODS, CountMeasure
from ...models.counts.result import CountsPooled
from ...models.counts.two_by_two import Rows, Tables, read_tables
from ...models.engine.engine import Floats, Settings, fit_batch
from ...models.engine.inference import common_mean_columns, critical
from ...models.univariate.pooled import Pooled

#: (B, k, 4) counts ai, bi, ci, di to the (B, 2) ends of the pooled interval, NaN where it cannot be had.
Intervals = Callable[[Floats], Floats]

_MEASURES = ("RR", "OR", "RD", "PETO", "AS")
_CLOSE = 1e-8


@dataclass(frozen=True, slots=True)
class Recount:
    """The (k, 4) counts ai, bi, ci, di behind a fit, and how its interval comes from such counts."""

    counts: Floats
    intervals: Intervals


def recount(fit: Pooled | CountsPooled) -> Recount | str:
    """The counts behind a fit, or why they are not known."""
    if fit.frame is None:
        return "the counts did not come in a frame"
    try:
        tables = read_tables(fit.frame, None, None, None)
    except InvalidInput:
        return "its frame has no counts (ai, bi or n1, ci, di or n2)"
    counts = np.column_stack([tables.ai, tables.bi, tables.ci, tables.di])
    found = _of_tables(fit, tables) if isinstance(fit, CountsPooled) else _of_effects(fit, counts)
    if isinstance(found, str):
        return found
    if not np.allclose(found(counts[None])[0], fit.ci, rtol=_CLOSE, atol=_CLOSE):
        return "the counts in its frame do not make the pooled interval"
    return Recount(counts, found)


def _of_effects(fit: Pooled, counts: Floats) -> Intervals | str:
    """A fit of `pool`: effect sizes of the measure that made its own."""
    if fit.custom_weights is not None:
        return "weights of your own do not follow the counts"
    for measure in _MEASURES:
        own = _effects(measure, counts)
        if np.allclose(own["yi"], fit.yi, atol=_CLOSE) and np.allclose(own["vi"], fit.vi, atol=_CLOSE):
            return lambda versions: _pooled(measure, fit.settings, versions)
    return f"the counts in its frame do not make its effect sizes, as {', '.join(_MEASURES)}"


def _of_tables(fit: CountsPooled, tables: Tables) -> Intervals | str:
    if fit.measure == "IRR":
        return "rates have no people to change"
    if fit.name.startswith("Peto"):
        # Peto's method is the common effect of these effect sizes
        return lambda versions: _pooled("PETO", Settings("EE", "z", fit.level), versions, add=0.0)
    method = METHODS[cast(CountMeasure, fit.measure)]
    half = float(critical(fit.level, np.array([np.inf]))[0])

    def intervals(versions: Floats) -> Floats:
        ends = np.full((len(versions), 2), np.nan)
        for i, version in enumerate(versions):
            try:
                a, b, c, d = version.T
                found = method(Tables(a, b, c, d, Rows(None, None)), False)
            except NotEstimable:
                continue
            reach = half * np.sqrt(found.variance)
            ends[i] = found.estimate - reach, found.estimate + reach
        return ends

    return intervals


def _pooled(measure: str, settings: Settings, versions: Floats, add: float | None = None) -> Floats:
    own = _effects(measure, versions.reshape(-1, 4), add)
    known = own["yi"].notna().to_numpy()
    sizes = known.reshape(versions.shape[:2]).sum(axis=1)
    some = sizes > 0
    starts = np.concatenate([[0], np.cumsum(sizes[some])])
    batch = fit_batch(settings, own["yi"].to_numpy()[known], own["vi"].to_numpy()[known], starts)
    ends = np.full((len(versions), 2), np.nan)
    ends[some] = pd.DataFrame(common_mean_columns(settings, batch))[["ci_low", "ci_high"]].to_numpy()
    return ends


def _effects(measure: str, counts: Floats, add: float | None = None) -> pd.DataFrame:
    """Effect sizes of tables, (n, 4); missing where Peto's method has none."""
    names = dict(zip(("ai", "bi", "ci", "di"), counts.T, strict=True))
    return effect_size(measure, add=add, drop00=add == 0.0, **names)
