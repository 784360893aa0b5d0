"""People with an event, and ratios of their proportions."""

from __future__ import annotations

import math

from ...effects.recover.scales import or_to_smd
from ..align import COUNTED, Reported
from ..turning import in_percent
from .candidate import Candidate, joined_note
from .differences import Difference, average, wanted
from .numbers import Counts, Known
from .route import Reports, first_per_arm, route


@route("counts", family="counts", measures=("RR", "OR", "RD", "SMD"), kinds=("events",))
def from_counts(reports: Reports) -> Candidate | None:
    """People with an event in each arm (RR, OR, RD; SMD by way of the odds ratio)."""
    c, measure, fail = reports.comparison, reports.measure, reports.fail
    usable = []
    for row in first_per_arm(row for row in reports.rows if row.kind == "events"):
        if c.size_of(row)[0] >= 2:
            usable.append(row)
        else:
            fail(row, "the arm's size is not known")
    ours, theirs = c.sides(usable)
    if not ours or not theirs:
        for row in usable:
            fail(row, "no arm to set it against has a count")
        return None
    cells, notes, doubtful = [], [], False
    for side in (ours, theirs):
        events = total = 0.0
        for row in side:
            n, said, assumed = c.size_of(row)
            count, how = _count(row, n)
            if _turned(row):
                count, how = n - count, f"{how or f'{count:g} of {n:g}'} did not improve, {n - count:g} did"
            events, total = events + count, total + n
            notes += [said, how]
            doubtful |= assumed or "no whole count" in how
        cells.append((events, total))
    (ai, n1), (ci, n2) = cells
    words = "counts, log odds ratio x sqrt(3)/pi" if measure == "SMD" else "counts"
    if 0 in (ai, ci) or ai == n1 or ci == n2:
        notes.append("0.5 added to each cell")
    notes = [words, *notes, *joined_note(ours, theirs)]
    numbers = Counts(measure, ai, n1, ci, n2, 1 if _turned(ours[0]) else ours[0].benefit)
    return Candidate(numbers, n1, n2, "counts", 30, tuple(notes), (*ours, *theirs), doubtful)


@route("printed ratio", family="counts", measures=("RR", "OR", "RD", "SMD"), kinds=("ratio",))
def from_ratios(reports: Reports) -> Candidate | None:
    """Ratios and risk differences with an interval as printed (RR, OR, RD; SMD by way of the odds ratio)."""
    c, measure, fail = reports.comparison, reports.measure, reports.fail
    ratio = {"SMD": "OR"}.get(measure, measure)
    pairs: dict[tuple[str, str], Difference] = {}
    for row in reports.rows:
        if row.kind != "ratio" or row.statistic != ratio:
            continue
        n1, n2, said, assumed = c.pair_sizes(row)
        if math.isnan(row.value) or "interval" in row.faults:
            fail(row, row.faults.get("interval", "no estimate"))
            continue
        if ratio == "RD":
            value = row.value * (0.01 if in_percent(row.low, row.high) else 1.0)
        elif min(row.value, row.low, row.high) <= 0:
            fail(row, "a ratio must be above zero")
            continue
        else:
            value = math.log(row.value)
        note = f"{ratio} and {100 * row.level:g}% interval as printed"
        pairs.setdefault(
            (row.arm, row.versus),
            Difference(value * row.benefit, row.se_of_interval, n1, n2, (note, *said), (row,), assumed),
        )
    found = wanted(c, pairs)
    if not found:
        return None
    mean = average(found)
    yi, vi = mean.value, mean.se**2
    if measure == "SMD":
        yi, vi = (float(x) for x in or_to_smd(yi, vi))
    return Candidate(Known(yi, vi), mean.n1, mean.n2, "printed ratio", 31, mean.notes, mean.rows, mean.doubtful)


def _turned(row: Reported) -> bool:
    """Does it count people who did not improve? The others are counted: a risk ratio cannot be turned round."""
    return row.outcome in COUNTED and row.benefit < 0


def _count(row: Reported, n: float) -> tuple[float, str]:
    """Events in an arm; a printed percentage gives a whole count where one reproduces it."""
    if not math.isnan(row.events):
        return row.events, ""
    whole = round(row.percent * n / 100)
    digits = len(f"{row.percent:.6f}".rstrip("0").split(".")[1])
    if abs(100 * whole / n - row.percent) <= 0.5 * 10.0**-digits + 1e-9:
        return whole, f"{row.percent:g}% of {n:g} = {whole}"
    return row.percent * n / 100, f"{row.percent:g}% of {n:g} as printed, no whole count gives it"
