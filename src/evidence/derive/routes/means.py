"""Means of arms, with a spread or with the p value of their comparison."""

from __future__ import annotations

import math

from ...effects.recover.se import se_from_p
from .candidate import Candidate, joined_note
from .numbers import Known, Means
from .route import Reports, first_per_arm, route


@route("arm means", family="scores", measures=("MD100", "SMD", "ROM"), kinds=("arm",))
def from_means(reports: Reports) -> Candidate | None:
    """Means and SDs of the arms (MD100, SMD, ROM); several arms are joined exactly."""
    c, measure, fail = reports.comparison, reports.measure, reports.fail
    usable = []
    for row in first_per_arm(row for row in reports.rows if row.kind == "arm"):
        if math.isnan(row.value):
            fail(row, row.faults["mean"])
        elif math.isnan(row.sd):
            fail(row, row.faults["sd"])
        elif measure == "MD100" and math.isnan(row.scale):
            fail(row, row.faults["scale"])
        elif measure == "ROM" and (row.statistic != "final" or not row.mean > 0):
            fail(row, "a ratio of means needs final means above zero")
        elif not c.size_of(row)[0] >= 2:
            fail(row, "the arm's size is not known")
        else:
            usable.append(row)
    ours, theirs = c.sides(usable)
    if not ours or not theirs:
        for row in usable:
            fail(row, "no arm to set it against has a mean with a spread")
        return None
    sides, notes, doubtful = [], [], False
    for side in (ours, theirs):
        n, said, assumed = zip(*(c.size_of(row) for row in side), strict=True)
        values = [row.mean if measure == "ROM" else row.value for row in side]
        sides.append(tuple(zip(n, values, [row.sd for row in side], strict=True)))
        notes += [*said, *(row.sd_source for row in side if row.sd_source != "SD")]
        doubtful |= any(assumed)
    per_point = 100 / ours[0].scale if measure == "MD100" else float(ours[0].benefit) if measure == "ROM" else 1.0
    kind = "change" if ours[0].statistic == "change" else "final"
    order = {"MD100": 2 if kind == "change" else 4}.get(measure, 0)
    return Candidate(
        Means("MD" if measure == "MD100" else measure, sides[0], sides[1], per_point),
        sum(n for n, _, _ in sides[0]),
        sum(n for n, _, _ in sides[1]),
        "arm means",
        order,
        (f"means and SDs of {kind} scores", *notes, *joined_note(ours, theirs)),
        (*ours, *theirs),
        doubtful,
        imputed=any(row.imputed for row in (*ours, *theirs)),
    )


@route("means and exact p", family="p values", measures=("MD100",), kinds=("contrast", "ratio"))
def from_means_and_p(reports: Reports) -> Candidate | None:
    """Means of two arms without spread, and the exact p of their comparison (MD100; for SMD see `from_exact_p`)."""
    c = reports.comparison
    tests = [row for row in reports.rows if row.p > 0 and row.arm in c.ours and row.versus in c.theirs]
    same_time = reports.same_time if tests else ()
    arms = {row.arm: row for row in first_per_arm(row for row in same_time if row.kind == "arm")}
    for test in tests:
        one, two = arms.get(test.arm), arms.get(test.versus)
        if one is None or two is None or math.isnan(one.value) or math.isnan(two.value):
            continue
        difference = one.value - two.value
        if math.isnan(one.scale) or test.p >= 1 or difference == 0:
            continue
        if test.favours and test.favours * difference < 0:
            reports.fail(test, "the direction in words contradicts the means")
            continue
        n1, n2, said, assumed = c.pair_sizes(test)
        df = n1 + n2 - 2 if n1 + n2 > 2 else None
        per_point = 100 / one.scale
        se = float(se_from_p(difference, test.p, df=df)) * per_point
        return Candidate(
            Known(difference * per_point, se**2),
            n1,
            n2,
            "means and exact p",
            9,
            (f"arm means, SE from exact p = {test.p:g}", *said),
            (one, two, test),
            assumed,
        )
    return None
