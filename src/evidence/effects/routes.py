"""The routes from reported numbers to one effect: arm means, contrasts, exact p values, counts, ratios.

A route looks at the rows that measure one thing at one time in one comparison and returns what they give, a `Piece`,
or says through ``fail`` why they give nothing. A higher value is better and group 1 is acupuncture throughout.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .align import Reported, Size
from .arms import combine_arms, pooled_sd
from .effect_size import effect_size
from .scales import or_to_smd
from .se import se_from_ci, se_from_p
from .small_sample import bias_correction
from .smd_from_tests import smd_from_p, smd_from_t

NAN = math.nan
Fail = Callable[[Reported, str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Acupuncture arms and comparator arms that are all compared with each other, and what is known of them."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    sizes: Mapping[str, Size]
    crossover: bool
    baseline_sds: Mapping[tuple[str, str, str], float]


@dataclass(frozen=True, slots=True)
class Piece:
    """An effect with what it came from; ``preference`` orders routes, smaller first."""

    yi: float
    vi: float
    n1: float
    n2: float
    route: str
    preference: int
    notes: tuple[str, ...]
    rows: tuple[Reported, ...]
    doubtful: bool = False
    imputed: bool = False


def from_means(c: Comparison, rows: Sequence[Reported], measure: str, fail: Fail) -> Piece | None:
    """Means and SDs of the arms (MD100, SMD, ROM); several arms are joined exactly."""
    usable = []
    for row in _first_per_arm(row for row in rows if row.kind == "arm"):
        if math.isnan(row.value):
            fail(row, row.faults["mean"])
        elif math.isnan(row.sd):
            fail(row, row.faults["sd"])
        elif measure == "MD100" and math.isnan(row.scale):
            fail(row, row.faults["scale"])
        elif measure == "ROM" and (row.statistic != "final" or row.mean <= 0):
            fail(row, "a ratio of means needs final means above zero")
        elif not _size(c, row)[0] >= 2:
            fail(row, "the arm's size is not known")
        else:
            usable.append(row)
    ours, theirs = _sides(c, usable)
    if not ours or not theirs:
        for row in usable:
            fail(row, "no arm to set it against has a mean with a spread")
        return None
    joined, notes, doubtful = [], [], False
    for side in (ours, theirs):
        n, said, assumed = zip(*(_size(c, row) for row in side), strict=True)
        values = [row.mean if measure == "ROM" else row.value for row in side]
        joined.append(combine_arms(n, values, [row.sd for row in side]))
        notes += [*said, *(row.sd_source for row in side if row.sd_source != "SD")]
        doubtful |= any(assumed)
    one, two = joined
    effect = effect_size(
        "MD" if measure == "MD100" else measure, m1=one.mean, sd1=one.sd, n1=one.n, m2=two.mean, sd2=two.sd, n2=two.n
    ).to_numpy()
    per_point = 100 / ours[0].scale if measure == "MD100" else float(ours[0].benefit) if measure == "ROM" else 1.0
    kind = "change" if ours[0].statistic == "change" else "final"
    order = {"MD100": 2 if kind == "change" else 4}.get(measure, 0)
    return Piece(
        effect[0, 0] * per_point,
        effect[0, 1] * per_point**2,
        float(one.n),
        float(two.n),
        "arm means",
        order,
        (f"means and SDs of {kind} scores", *notes, *_joined(ours, theirs)),
        (*ours, *theirs),
        doubtful,
        imputed=any(row.imputed for row in (*ours, *theirs)),
    )


def from_contrasts(
    c: Comparison, rows: Sequence[Reported], arm_rows: Sequence[Reported], measure: str, fail: Fail
) -> Piece | None:
    """Differences between arms with an interval, an SE or an exact p (MD100, SMD)."""
    pairs: dict[tuple[str, str], _Difference] = {}
    for row in rows:
        if row.kind != "contrast" or row.statistic in ("smd", "ratio_of_means") or math.isnan(row.value):
            continue
        if measure == "MD100" and math.isnan(row.scale):
            fail(row, row.faults["scale"])
            continue
        n1, n2, said, assumed = _pair_sizes(c, row)
        found = _standard_error(row, n1, n2)
        if isinstance(found, str):
            fail(row, found)
        else:
            se, source = found
            pairs.setdefault(
                (row.arm, row.versus), _Difference(row.value, se, n1, n2, (source, *said), (row,), assumed)
            )
    found_pairs = _wanted(c, pairs)
    if not found_pairs:
        return None
    estimate = _average(found_pairs)
    statistic = estimate.rows[0].statistic
    adjusted = statistic == "adjusted_difference"
    words = {"adjusted_difference": "adjusted difference", "difference_in_change": "difference in change"}.get(
        statistic, "difference in final scores"
    )
    by_p = any(note.startswith("SE from exact p") for note in estimate.notes)
    if measure == "MD100":
        per_point = 100 / estimate.rows[0].scale
        order = {"adjusted difference": 0, "difference in change": 1}.get(words, 3) + 5 * by_p
        return Piece(
            estimate.value * per_point,
            (estimate.se * per_point) ** 2,
            estimate.n1,
            estimate.n2,
            "contrast",
            order,
            (f"{words} between arms", *estimate.notes),
            estimate.rows,
            estimate.doubtful,
        )
    if math.isnan(estimate.n1) or math.isnan(estimate.n2):
        for row in estimate.rows:
            fail(row, "the arms' sizes are not known")
        return None
    spread = _sd_of_scores(c, estimate.rows[0], arm_rows)
    if spread is not None:
        sd, source = spread
        df = estimate.n1 + estimate.n2 - 2
        j = float(bias_correction(np.asarray(df)))
        g = j * estimate.value / sd
        return Piece(
            g,
            j**2 * (estimate.se / sd) ** 2 + g**2 / (2 * df),
            estimate.n1,
            estimate.n2,
            "contrast / SD",
            1,
            (f"{words} divided by the {source}", *estimate.notes),
            estimate.rows,
            estimate.doubtful,
        )
    if c.crossover:
        for row in estimate.rows:
            fail(row, "crossover: a paired test gives no SMD without an SD or the correlation")
        return None
    yi, vi = smd_from_t(estimate.value / estimate.se, estimate.n1, estimate.n2)
    warning = ("standardised by its own SE: adjustment can make it look larger",) if adjusted else ()
    return Piece(
        float(yi),
        float(vi),
        estimate.n1,
        estimate.n2,
        "contrast t",
        (4 if adjusted else 3) + 2 * by_p,
        (f"t of the {words}", *warning, *estimate.notes),
        estimate.rows,
        estimate.doubtful,
    )


def from_printed_smd(c: Comparison, rows: Sequence[Reported], fail: Fail) -> Piece | None:
    """A standardised difference as the source prints it, its variance from the sizes (SMD)."""
    pairs: dict[tuple[str, str], _Difference] = {}
    for row in rows:
        if row.statistic == "smd" and not math.isnan(row.value):
            n1, n2, said, assumed = _pair_sizes(c, row)
            if math.isnan(n1) or math.isnan(n2):
                fail(row, "the arms' sizes are not known")
            else:
                se = math.sqrt(1 / n1 + 1 / n2 + row.value**2 / (2 * (n1 + n2)))
                pairs.setdefault((row.arm, row.versus), _Difference(row.value, se, n1, n2, said, (row,), assumed))
    found = _wanted(c, pairs)
    if not found:
        return None
    mean = _average(found)
    return Piece(
        mean.value,
        mean.se**2,
        mean.n1,
        mean.n2,
        "printed SMD",
        2,
        ("SMD as printed", *mean.notes),
        mean.rows,
        mean.doubtful,
    )


def from_means_and_p(c: Comparison, rows: Sequence[Reported], arm_rows: Iterable[Reported], fail: Fail) -> Piece | None:
    """Means of two arms without spread, and the exact p of their comparison (MD100; for SMD see `from_exact_p`)."""
    arms = {row.arm: row for row in _first_per_arm(row for row in arm_rows if row.kind == "arm")}
    for test in rows:
        one, two = arms.get(test.arm), arms.get(test.versus)
        if one is None or two is None or math.isnan(test.p) or math.isnan(one.value) or math.isnan(two.value):
            continue
        if (test.arm not in c.ours) or (test.versus not in c.theirs):
            continue
        difference = one.value - two.value
        if math.isnan(one.scale) or not 0 < test.p < 1 or difference == 0:
            continue
        if test.favours and test.favours * difference < 0:
            fail(test, "the direction in words contradicts the means")
            continue
        n1, n2, said, assumed = _pair_sizes(c, test)
        df = n1 + n2 - 2 if n1 + n2 > 2 else None
        per_point = 100 / one.scale
        se = float(se_from_p(difference, test.p, df=df)) * per_point
        return Piece(
            difference * per_point,
            se**2,
            n1,
            n2,
            "means and exact p",
            9,
            (f"arm means, SE from exact p = {test.p:g}", *said),
            (one, two, test),
            assumed,
        )
    return None


def from_exact_p(c: Comparison, rows: Sequence[Reported], arm_rows: Iterable[Reported], fail: Fail) -> Piece | None:
    """An exact two-sided p value with the sizes, and the direction in words or from the arms' means (SMD).

    Where neither gives the sign, because the words say only "no difference", leaving the trial out would favour
    whatever is reported with a direction; so it enters as 0 with the variance of a g of either sign: vi + g^2.
    """
    means = {row.arm: row.value for row in arm_rows if row.kind == "arm" and not math.isnan(row.value)}
    pairs: dict[tuple[str, str], _Difference] = {}
    for row in rows:
        if row.kind != "contrast" or math.isnan(row.p) or not math.isnan(row.value):
            continue
        n1, n2, said, assumed = _pair_sizes(c, row)
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
                _Difference(yi, math.sqrt(vi), n1, n2, (note, *said), (row,), assumed or unsigned),
            )
    found = _wanted(c, pairs)
    if not found:
        return None
    mean = _average(found)
    return Piece(mean.value, mean.se**2, mean.n1, mean.n2, "exact p", 20, mean.notes, mean.rows, mean.doubtful)


def from_counts(c: Comparison, rows: Sequence[Reported], measure: str, fail: Fail) -> Piece | None:
    """People with an event in each arm (RR, OR, RD; SMD by way of the odds ratio)."""
    usable = []
    for row in _first_per_arm(row for row in rows if row.kind == "events"):
        if _size(c, row)[0] >= 2:
            usable.append(row)
        else:
            fail(row, "the arm's size is not known")
    ours, theirs = _sides(c, usable)
    if not ours or not theirs:
        for row in usable:
            fail(row, "no arm to set it against has a count")
        return None
    cells, notes, doubtful = [], [], False
    for side in (ours, theirs):
        events = total = 0.0
        for row in side:
            n, said, assumed = _size(c, row)
            count, how = _count(row, n)
            events, total = events + count, total + n
            notes += [said, how]
            doubtful |= assumed or "no whole count" in how
        cells.append((events, total))
    (ai, n1), (ci, n2) = cells
    ratio = "OR" if measure == "SMD" else measure
    effect = effect_size(ratio, ai=ai, bi=n1 - ai, ci=ci, di=n2 - ci).to_numpy()
    yi, vi = effect[0, 0] * ours[0].benefit, effect[0, 1]
    words = "counts"
    if measure == "SMD":
        yi, vi = (float(x) for x in or_to_smd(yi, vi))
        words = "counts, log odds ratio x sqrt(3)/pi"
    if 0 in (ai, ci) or ai == n1 or ci == n2:
        notes.append("0.5 added to each cell")
    return Piece(yi, vi, n1, n2, "counts", 30, (words, *notes, *_joined(ours, theirs)), (*ours, *theirs), doubtful)


def from_ratios(c: Comparison, rows: Sequence[Reported], measure: str, fail: Fail) -> Piece | None:
    """Ratios and risk differences with an interval as printed (RR, OR, RD; SMD by way of the odds ratio)."""
    wanted = {"SMD": "OR"}.get(measure, measure)
    pairs: dict[tuple[str, str], _Difference] = {}
    for row in rows:
        if row.kind != "ratio" or row.statistic != wanted:
            continue
        n1, n2, said, assumed = _pair_sizes(c, row)
        if math.isnan(row.value) or "interval" in row.faults:
            fail(row, row.faults.get("interval", "no estimate"))
            continue
        value, low, high = row.value, row.low, row.high
        if wanted == "RD":
            hundredth = 0.01 if max(abs(low), abs(high)) > 1 else 1.0  # printed in percentage points
            value, low, high = value * hundredth, low * hundredth, high * hundredth
        elif min(value, low, high) <= 0:
            fail(row, "a ratio must be above zero")
            continue
        else:
            value, low, high = math.log(value), math.log(low), math.log(high)
        se = float(se_from_ci(low, high, level=row.level))
        note = f"{wanted} and {100 * row.level:g}% interval as printed"
        pairs.setdefault(
            (row.arm, row.versus), _Difference(value * row.benefit, se, n1, n2, (note, *said), (row,), assumed)
        )
    found = _wanted(c, pairs)
    if not found:
        return None
    mean = _average(found)
    yi, vi = mean.value, mean.se**2
    if measure == "SMD":
        yi, vi = (float(x) for x in or_to_smd(yi, vi))
    return Piece(yi, vi, mean.n1, mean.n2, "printed ratio", 31, mean.notes, mean.rows, mean.doubtful)


def across(pieces: Sequence[Piece]) -> Piece:
    """One effect from parts of a trial that share nobody, weighted by inverse variance."""
    if len(pieces) == 1:
        return pieces[0]
    weights = np.array([1 / piece.vi for piece in pieces])
    yi = float(np.average([piece.yi for piece in pieces], weights=weights))
    notes = tuple(dict.fromkeys(note for piece in pieces for note in piece.notes))
    return Piece(
        yi,
        float(1 / weights.sum()),
        sum(piece.n1 for piece in pieces),
        sum(piece.n2 for piece in pieces),
        pieces[0].route,
        max(piece.preference for piece in pieces),
        (*notes, f"{len(pieces)} separate pairs of arms, inverse-variance mean"),
        tuple(row for piece in pieces for row in piece.rows),
        any(piece.doubtful for piece in pieces),
        any(piece.imputed for piece in pieces),
    )


@dataclass(frozen=True, slots=True)
class _Difference:
    """Arm minus versus, on the scale of the value."""

    value: float
    se: float
    n1: float
    n2: float
    notes: tuple[str, ...]
    rows: tuple[Reported, ...]
    doubtful: bool


def _wanted(c: Comparison, pairs: dict[tuple[str, str], _Difference]) -> list[_Difference]:
    """The differences between our arms and theirs, turned round or taken by way of a third arm where need be."""
    found = []
    for one in c.ours:
        for two in c.theirs:
            if (one, two) in pairs:
                found.append(pairs[one, two])
            elif (two, one) in pairs:
                back = pairs[two, one]
                found.append(_Difference(-back.value, back.se, back.n2, back.n1, back.notes, back.rows, back.doubtful))
            else:
                found += _by_way_of_a_third(pairs, one, two)
    return found


def _by_way_of_a_third(pairs: dict[tuple[str, str], _Difference], one: str, two: str) -> list[_Difference]:
    for (arm, third), first in pairs.items():
        second = pairs.get((two, third))
        if arm == one and second is not None and not math.isnan(first.n1 + first.n2 + second.n1):
            residual = _residual_variance([first, second])
            return [
                _Difference(
                    first.value - second.value,
                    math.sqrt(residual * (1 / first.n1 + 1 / second.n1)),
                    first.n1,
                    second.n1,
                    (f"difference of the contrasts of {one} and {two} with {third}", *first.notes),
                    (*first.rows, *second.rows),
                    first.doubtful or second.doubtful,
                )
            ]
    return []


def _average(found: list[_Difference]) -> _Difference:
    """Several acupuncture or comparator arms as one: means weighted by size, the shared arm counted once.

    With a common residual variance s2, var(difference ij) = s2 (1/ni + 1/nj); the joint difference has
    s2 (1/sum ni + 1/sum nj).
    """
    if len(found) == 1:
        return found[0]
    ours = {pair.rows[0].arm: pair.n1 for pair in found}
    theirs = {pair.rows[0].versus: pair.n2 for pair in found}
    n1, n2 = sum(ours.values()), sum(theirs.values())
    if math.isnan(n1 + n2):
        best = min(found, key=lambda pair: pair.se)
        note = "one of several pairs of arms, sizes for joining them are not known"
        return _Difference(best.value, best.se, best.n1, best.n2, (*best.notes, note), best.rows, best.doubtful)
    value = float(np.average([pair.value for pair in found], weights=[pair.n1 * pair.n2 for pair in found]))
    se = math.sqrt(_residual_variance(found) * (1 / n1 + 1 / n2))
    notes = tuple(dict.fromkeys(note for pair in found for note in pair.notes))
    return _Difference(
        value,
        se,
        n1,
        n2,
        (*notes, f"arms combined: {' + '.join(ours)} against {' + '.join(theirs)}"),
        tuple(row for pair in found for row in pair.rows),
        any(pair.doubtful for pair in found),
    )


def _residual_variance(pairs: list[_Difference]) -> float:
    return float(np.mean([pair.se**2 / (1 / pair.n1 + 1 / pair.n2) for pair in pairs]))


def _standard_error(row: Reported, n1: float, n2: float) -> tuple[float, str] | str:
    if not math.isnan(row.se):
        return row.se, "SE as printed"
    if "interval" not in row.faults:
        return float(se_from_ci(row.low, row.high, level=row.level)), f"SE from {100 * row.level:g}% interval"
    if row.faults["interval"] != "no interval":
        return row.faults["interval"]
    if math.isnan(row.p):
        return "a difference without interval, SE or exact p"
    if row.value == 0 or row.p == 1:
        return "no SE can be had from p when the difference is zero or p is 1"
    df = n1 + n2 - 2 if n1 + n2 > 2 else None
    return float(se_from_p(row.value, row.p, df=df)), f"SE from exact p = {row.p:g}"


def _sd_of_scores(c: Comparison, row: Reported, arm_rows: Iterable[Reported]) -> tuple[float, str] | None:
    """SD within arms of the same instrument: final scores at that time, else changes, else baseline."""
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
            n1, n2 = _size(c, ours)[0], _size(c, theirs)[0]
            return float(pooled_sd(n1, ours.sd, n2, theirs.sd)), f"SD of {statistic} scores"
    ours_sd, theirs_sd = (c.baseline_sds.get((arm, row.outcome, row.instrument), NAN) for arm in (row.arm, row.versus))
    n1, n2 = c.sizes[row.arm].n, c.sizes[row.versus].n
    if math.isnan(ours_sd + theirs_sd) or not min(n1, n2) >= 2:
        return None
    return float(pooled_sd(n1, ours_sd, n2, theirs_sd)), "SD at baseline"


def _size(c: Comparison, row: Reported) -> tuple[float, str, bool]:
    """(n of the row's arm, remark, is it assumed?)"""
    if not math.isnan(row.n):
        return row.n, "", False
    size = c.sizes[row.arm]
    return size.n, size.source, size.source.startswith("equal")


def _pair_sizes(c: Comparison, row: Reported) -> tuple[float, float, tuple[str, ...], bool]:
    """Sizes of both arms of a contrast; a printed total is divided as randomised."""
    one, two = c.sizes[row.arm], c.sizes[row.versus]
    said = tuple(dict.fromkeys(source for source in (one.source, two.source) if source))
    assumed = any(source.startswith("equal") for source in said)
    together = one.n + two.n
    if not math.isnan(row.n) and row.n < together:
        return (
            row.n * one.n / together,
            row.n * two.n / together,
            (f"{row.n:g} analysed, divided as randomised",),
            assumed,
        )
    return one.n, two.n, said, assumed


def _count(row: Reported, n: float) -> tuple[float, str]:
    """Events in an arm; a printed percentage gives a whole count where one reproduces it."""
    if not math.isnan(row.events):
        return row.events, ""
    whole = round(row.percent * n / 100)
    digits = len(f"{row.percent:.6f}".rstrip("0").split(".")[1])
    if abs(100 * whole / n - row.percent) <= 0.5 * 10.0**-digits + 1e-9:
        return whole, f"{row.percent:g}% of {n:g} = {whole}"
    return row.percent * n / 100, f"{row.percent:g}% of {n:g} as printed, no whole count gives it"


def _first_per_arm(rows: Iterable[Reported]) -> list[Reported]:
    first: dict[str, Reported] = {}
    for row in rows:
        first.setdefault(row.arm, row)
    return list(first.values())


def _sides(c: Comparison, rows: Iterable[Reported]) -> tuple[list[Reported], list[Reported]]:
    rows = list(rows)
    return [row for row in rows if row.arm in c.ours], [row for row in rows if row.arm in c.theirs]


def _joined(ours: Sequence[Reported], theirs: Sequence[Reported]) -> tuple[str, ...]:
    if len(ours) == 1 and len(theirs) == 1:
        return ()
    return (f"arms combined: {' + '.join(row.arm for row in ours)} against {' + '.join(row.arm for row in theirs)}",)
