"""Differences between arms as printed: with an error, standardised, or as a p value alone."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ...effects.measures.smd_from_tests import smd_from_p
from ...effects.recover.se import se_from_p
from ..align import Reported
from .candidate import Candidate
from .comparison import Comparison
from .differences import Difference, average, wanted
from .numbers import Known, Standardised, TStatistic
from .route import Reports, route

NAN = math.nan


@route("contrast", "contrast / SD", "contrast t", family="scores", measures=("MD100", "SMD"), kinds=("contrast",))
def from_contrasts(reports: Reports) -> Candidate | None:
    """Differences between arms with an interval, an SE or an exact p (MD100, SMD)."""
    c, fail = reports.comparison, reports.fail
    pairs: dict[tuple[str, str], Difference] = {}
    for row in reports.rows:
        if row.kind != "contrast" or row.statistic in ("smd", "ratio_of_means") or math.isnan(row.value):
            continue
        if reports.measure == "MD100" and math.isnan(row.scale):
            fail(row, row.faults["scale"])
            continue
        n1, n2, said, assumed = c.pair_sizes(row)
        found = _standard_error(row, n1, n2)
        if isinstance(found, str):
            fail(row, found)
        else:
            se, source = found
            pairs.setdefault((row.arm, row.versus), Difference(row.value, se, n1, n2, (source, *said), (row,), assumed))
    found_pairs = wanted(c, pairs)
    if not found_pairs:
        return None
    estimate = average(found_pairs)
    return _in_points(estimate) if reports.measure == "MD100" else _standardised(reports, estimate)


def _in_points(estimate: Difference) -> Candidate:
    per_point = 100 / estimate.rows[0].scale
    order = {"adjusted_difference": 0, "difference_in_change": 1}.get(estimate.rows[0].statistic, 3)
    return Candidate(
        Known(estimate.value * per_point, (estimate.se * per_point) ** 2),
        estimate.n1,
        estimate.n2,
        "contrast",
        order + 5 * _by_p(estimate),
        (f"{_kind(estimate)} between arms", *estimate.notes),
        estimate.rows,
        estimate.doubtful,
    )


def _standardised(reports: Reports, estimate: Difference) -> Candidate | None:
    """Divided by the SD of the scores where it is known; else from t, which the difference is with its own error."""
    c = reports.comparison
    if math.isnan(estimate.n1) or math.isnan(estimate.n2):
        for row in estimate.rows:
            reports.fail(row, "the arms' sizes are not known")
        return None
    spread = _sd_of_scores(c, estimate.rows[0], reports.trial)
    if spread is not None:
        arms, source = spread
        return Candidate(
            Standardised(estimate.value, estimate.se, estimate.n1 + estimate.n2 - 2, arms),
            estimate.n1,
            estimate.n2,
            "contrast / SD",
            1,
            (f"{_kind(estimate)} divided by the {source}", *estimate.notes),
            estimate.rows,
            estimate.doubtful,
        )
    if c.crossover:
        for row in estimate.rows:
            reports.fail(row, "crossover: a paired test gives no SMD without an SD or the correlation")
        return None
    adjusted = estimate.rows[0].statistic == "adjusted_difference"
    warning = ("standardised by its own SE: adjustment can make it look larger",) if adjusted else ()
    return Candidate(
        TStatistic(estimate.value / estimate.se, estimate.n1, estimate.n2),
        estimate.n1,
        estimate.n2,
        "contrast t",
        (4 if adjusted else 3) + 2 * _by_p(estimate),
        (f"t of the {_kind(estimate)}", *warning, *estimate.notes),
        estimate.rows,
        estimate.doubtful,
    )


@route("printed SMD", family="scores", measures=("SMD",), kinds=("contrast",))
def from_printed_smd(reports: Reports) -> Candidate | None:
    """A standardised difference as the source prints it, its variance from the sizes (SMD)."""
    c = reports.comparison
    pairs: dict[tuple[str, str], Difference] = {}
    for row in reports.rows:
        if row.statistic == "smd" and not math.isnan(row.value):
            n1, n2, said, assumed = c.pair_sizes(row)
            if math.isnan(n1) or math.isnan(n2):
                reports.fail(row, "the arms' sizes are not known")
            else:
                se = math.sqrt(1 / n1 + 1 / n2 + row.value**2 / (2 * (n1 + n2)))
                pairs.setdefault((row.arm, row.versus), Difference(row.value, se, n1, n2, said, (row,), assumed))
    found = wanted(c, pairs)
    if not found:
        return None
    mean = average(found)
    return Candidate(
        Known(mean.value, mean.se**2),
        mean.n1,
        mean.n2,
        "printed SMD",
        2,
        ("SMD as printed", *mean.notes),
        mean.rows,
        mean.doubtful,
    )


@route("exact p", family="p values", measures=("SMD",), kinds=("contrast",))
def from_exact_p(reports: Reports) -> Candidate | None:
    """An exact two-sided p value with the sizes, and the direction in words or from the arms' means (SMD).

    Where neither gives the sign, because the words say only "no difference", leaving the trial out would favour
    whatever is reported with a direction; so it enters as 0 with the variance of a g of either sign: vi + g^2.
    """
    c, fail = reports.comparison, reports.fail
    tests = [row for row in reports.rows if row.kind == "contrast" and not math.isnan(row.p) and math.isnan(row.value)]
    same_time = reports.same_time if tests else ()
    means = {row.arm: row.value for row in same_time if row.kind == "arm" and not math.isnan(row.value)}
    pairs: dict[tuple[str, str], Difference] = {}
    for row in tests:
        n1, n2, said, assumed = c.pair_sizes(row)
        if c.crossover:
            fail(row, "crossover: the p of a paired test gives no SMD without the correlation")
        elif math.isnan(n1) or math.isnan(n2):
            fail(row, "exact p value, but the arms' sizes are not known")
        elif row.favours is None and not {row.arm, row.versus} <= means.keys():
            fail(row, "exact p value, but its direction is not said")
        else:
            sign = row.favours or int(np.sign(means.get(row.arm, 0.0) - means.get(row.versus, 0.0)))
            unsigned = sign == 0
            g, v = (float(x) for x in smd_from_p(row.p, n1, n2, sign or 1))
            note = f"exact p = {row.p:g}" + (", sign not printed: 0 with variance enlarged by g2" if unsigned else "")
            yi, vi = (0.0, v + g**2) if unsigned else (g, v)
            pairs.setdefault(
                (row.arm, row.versus),
                Difference(yi, math.sqrt(vi), n1, n2, (note, *said), (row,), assumed or unsigned),
            )
    found = wanted(c, pairs)
    if not found:
        return None
    mean = average(found)
    effect = Known(mean.value, mean.se**2)
    return Candidate(effect, mean.n1, mean.n2, "exact p", 20, mean.notes, mean.rows, mean.doubtful)


def _kind(estimate: Difference) -> str:
    words = {"adjusted_difference": "adjusted difference", "difference_in_change": "difference in change"}
    return words.get(estimate.rows[0].statistic, "difference in final scores")


def _by_p(estimate: Difference) -> bool:
    return any(note.startswith("SE from exact p") for note in estimate.notes)


def _standard_error(row: Reported, n1: float, n2: float) -> tuple[float, str] | str:
    if not math.isnan(row.se):
        return row.se, "SE as printed"
    if "interval" not in row.faults:
        return row.se_of_interval, f"SE from {100 * row.level:g}% interval"
    if row.faults["interval"] != "no interval":
        return row.faults["interval"]
    if math.isnan(row.p):
        return "a difference without interval, SE or exact p"
    if row.value == 0 or row.p == 1:
        return "no SE can be had from p when the difference is zero or p is 1"
    df = n1 + n2 - 2 if n1 + n2 > 2 else None
    return float(se_from_p(row.value, row.p, df=df)), f"SE from exact p = {row.p:g}"


def _sd_of_scores(
    c: Comparison, row: Reported, arm_rows: Iterable[Reported]
) -> tuple[tuple[float, float, float, float], str] | None:
    """n and SD of both arms on the same instrument: final scores at that time, else changes, else baseline."""
    for statistic in ("final", "change"):
        known = {
            other.arm: other
            for other in arm_rows
            if other.kind == "arm"
            and not (other.imputed or math.isnan(other.sd))
            and (other.outcome, other.instrument, other.statistic) == (row.outcome, row.instrument, statistic)
            and (other.at.week == row.at.week or (math.isnan(other.at.week) and other.when == row.when))
        }
        ours, theirs = known.get(row.arm), known.get(row.versus)
        if ours and theirs:
            n1, n2 = c.size_of(ours)[0], c.size_of(theirs)[0]
            return (n1, ours.sd, n2, theirs.sd), f"SD of {statistic} scores"
    ours_sd, theirs_sd = (c.baseline_sds.get((arm, row.outcome, row.instrument), NAN) for arm in (row.arm, row.versus))
    n1, n2 = c.sizes[row.arm].n, c.sizes[row.versus].n
    if math.isnan(ours_sd + theirs_sd) or not min(n1, n2) >= 2:
        return None
    return (n1, ours_sd, n2, theirs_sd), "SD at baseline"
