"""Fill in the standard deviations that reports leave out: only when asked for, and never without saying so."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from ..effects.recover.change import change_sd, correlation_from_change
from .align import Reported, Size

Rows = Mapping[str, list[Reported]]
Baselines = Mapping[tuple[str, str, str, str], float]


def imputed(rows: Rows, ways: Iterable[str], sizes: Mapping[tuple[str, str], Size], baselines: Baselines) -> Rows:
    """Result rows with SDs filled in where a mean has none.

    Parameters
    ----------
    rows : mapping of str to list of Reported
        Result rows by trial.
    ways : iterable of str
        "r": the SD of a change from the SD at baseline, the SD of the final score (the baseline's where it is not
        printed) and a correlation, the median of those recovered in the data. "borrow_sd": the SD of the same
        instrument, kind of score and window in the other trials. Each where the one before gives nothing.
    sizes : mapping
        People by (trial, arm).
    baselines : mapping
        Baseline SD by (trial, arm, outcome, instrument).

    Returns
    -------
    dict of list of Reported
        The same rows; filled ones have ``imputed`` set and say in ``sd_source`` where their SD comes from.
    """
    asked = tuple(ways)
    r, arms_with_r = _recovered_r(rows, baselines) if "r" in asked else (math.nan, 0)
    pooled = _pooled_sds(rows, sizes) if "borrow_sd" in asked else {}

    def filled(trial: str, row: Reported) -> Reported:
        if row.kind != "arm" or math.isnan(row.value) or not math.isnan(row.sd):
            return row
        before = baselines.get((trial, row.arm, row.outcome, row.instrument), math.nan)
        if row.statistic == "change" and not math.isnan(before + r):
            sd = float(change_sd(before, before, r))
            return row._replace(
                sd=sd,
                imputed=True,
                sd_source=f"SD imputed from baseline with r = {r:.2f}, the median of {arms_with_r} arms",
            )
        shares = pooled.get(_kind(row), {})
        others = [share for other, share in shares.items() if other != trial]
        if others and not math.isnan(row.scale):
            squares, people = (sum(column) for column in zip(*others, strict=True))
            sd = row.scale * math.sqrt(squares / people)
            where = f"{len(others)} {'trial' if len(others) == 1 else 'trials'}"
            return row._replace(sd=sd, imputed=True, sd_source=f"SD imputed: that of the same instrument in {where}")
        return row

    return {trial: [filled(trial, row) for row in those] for trial, those in rows.items()}


def _recovered_r(rows: Rows, baselines: Baselines) -> tuple[float, int]:
    """Median correlation between baseline and final score over arms that print all three SDs, and their number."""
    sds: dict[tuple[str, str, str, str, str], dict[str, float]] = defaultdict(dict)
    for trial, those in rows.items():
        for row in those:
            if row.kind == "arm" and not math.isnan(row.sd):
                sds[trial, row.arm, row.outcome, row.instrument, row.at.window][row.statistic] = row.sd
    found = []
    for (*arm, _), known in sds.items():
        before = baselines.get((arm[0], arm[1], arm[2], arm[3]), math.nan)
        if {"final", "change"} <= known.keys() and not math.isnan(before):
            r = float(correlation_from_change(before, known["final"], known["change"]))
            found.append(r)
    return (median(found), len(found)) if found else (math.nan, 0)


def _pooled_sds(
    rows: Rows, sizes: Mapping[tuple[str, str], Size]
) -> dict[tuple[str, str, str], dict[str, tuple[float, float]]]:
    """By kind of score and trial: sum of n (SD / scale)^2, and of n."""
    sums: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = defaultdict(dict)
    for trial, those in rows.items():
        for row in those:
            n = sizes[trial, row.arm].n if math.isnan(row.n) else row.n
            if row.kind == "arm" and not math.isnan(row.sd + row.scale + n) and not row.doubtful:
                squares, people = sums[_kind(row)].get(trial, (0.0, 0.0))
                sums[_kind(row)][trial] = squares + n * (row.sd / row.scale) ** 2, people + n
    return sums


def _kind(row: Reported) -> tuple[str, str, str]:
    return row.instrument.split(":")[0], row.statistic, row.at.window
