"""Effects with the arm statistics that give them, on the scale of their instrument."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..base.rows import rows_of
from ..derive.align import Reported, arm_sizes
from ..derive.evidence_base import EvidenceBase
from ..effects.measures.effect_size import effect_size
from ..effects.recover.arms import combine_arms
from ..effects.recover.scales import or_to_smd

NAN = math.nan
Basis = Literal["final", "change", "counts", "effect"]
#: Measure of the effects frame to the one of metafor's ``escalc`` that gives it from means.
_FROM_MEANS = {"MD100": "MD", "SMD": "SMD", "ROM": "ROM"}
#: The same from counts; OR2DL is the log odds ratio times sqrt(3)/pi.
_FROM_COUNTS = {"RR": "RR", "OR": "OR", "RD": "RD", "SMD": "OR2DL"}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contrast: its arms as one group.

    Attributes
    ----------
    arms : tuple of str
        Keys of the arms.
    n : float
        People.
    mean : float
        Mean on the instrument's own scale; of a change, final minus baseline. NaN where there are counts.
    sd : float
        Standard deviation.
    events : float
        People with the event. NaN where there are means.
    ids : tuple of str
        Rows of results.csv.
    """

    arms: tuple[str, ...]
    n: float = NAN
    mean: float = NAN
    sd: float = NAN
    events: float = NAN
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contrast:
    """An effect and what it rests on.

    Attributes
    ----------
    effect : dict
        Its row of the effects frame.
    name : str
        The trial's label; with its key where two trials share the label.
    rows : tuple of Reported
        What it was read from, the row it is about first.
    ours : Side
        Acupuncture.
    theirs : Side
        What it is compared with.
    basis : {"final", "change", "counts", "effect"}
        Statistics that the sides have; "effect" where no statistics of two sides give the effect exactly.
    escalc : str
        The measure of metafor that gives the effect from the sides, "" where none does.
    factor : float
        What that measure, positive for a higher number with acupuncture, is multiplied by to give ``yi``.
    """

    effect: dict[str, Any]
    name: str
    rows: tuple[Reported, ...]
    ours: Side
    theirs: Side
    basis: Basis = "effect"
    escalc: str = ""
    factor: float = 1.0

    @property
    def estimate(self) -> float:
        """The effect on the instrument's own scale: acupuncture minus comparator, a ratio as its logarithm."""
        return float(self.effect["yi"] / self.factor)

    @property
    def se(self) -> float:
        """Its standard error."""
        return math.sqrt(self.effect["vi"]) / abs(self.factor)

    @property
    def instrument(self) -> str:
        """The instrument in the source's words."""
        return self.rows[0].instrument.split(": ", 1)[-1]


def contrasts(db: EvidenceBase, measure: str) -> list[Contrast]:
    """Every effect of a base with the statistics behind it.

    Statistics of the two sides are given only where they give the effect again: what was joined from separate pairs of
    arms, or had from a printed difference or a p value, stays an effect.

    Parameters
    ----------
    db : EvidenceBase
        Its effects are taken.
    measure : str
        See `EvidenceBase.effects`.
    """
    whole = db.whole or db  # effects may rest on rows that a choice among effects left out
    effects = rows_of(db.effects(measure))
    reported = {row.id: row for rows in whole.reported.values() for row in rows}
    sizes = {key: size.n for key, size in arm_sizes(whole).items()}
    pairs = whole.comparisons.groupby(["study_id", "comparator"])
    sides = {key: (set(group["arm"]), set(group["versus"])) for key, group in pairs}
    trials = Counter(label for label, _ in {(effect["label"], effect["study"]) for effect in effects})
    found = []
    for effect in effects:
        study, label = effect["study"], effect["label"]
        rows = tuple(reported[name] for name in effect["result_ids"].split("|"))
        ours, theirs = sides[study, effect["comparator"]]
        name = label if trials[label] == 1 else f"{label} ({study})"
        bare = Contrast(
            effect,
            name,
            rows,
            Side(_arms(rows, ours - theirs), effect["n_acupuncture"]),
            Side(_arms(rows, theirs - ours), effect["n_comparator"]),
            factor=rows[0].benefit * (100 / rows[0].scale if measure == "MD100" else 1.0),
        )
        people = {row.id: sizes[study, row.arm] if math.isnan(row.n) else row.n for row in rows}
        found.append(_with_statistics(bare, people))
    return found


def _arms(rows: Iterable[Reported], wanted: Collection[str]) -> tuple[str, ...]:
    arms = (arm for row in rows for arm in (row.arm, row.versus))
    return tuple(dict.fromkeys(arm for arm in arms if arm in wanted))


def _with_statistics(bare: Contrast, people: dict[str, float]) -> Contrast:
    """The contrast with statistics of its sides where they give its effect, else as it is."""
    measure, route = bare.effect["measure"], bare.effect["route"]
    if route not in ("arm means", "counts"):
        return bare
    join, kinds = (_joined_means, _FROM_MEANS) if route == "arm means" else (_joined_counts, _FROM_COUNTS)
    both = [[row for row in bare.rows if row.arm in side.arms] for side in (bare.ours, bare.theirs)]
    if not all(both):
        return bare
    one, two = (join(rows, people) for rows in both)
    yi, vi = _effect(kinds[measure], one, two)
    if not np.allclose([bare.factor * yi, bare.factor**2 * vi], [bare.effect["yi"], bare.effect["vi"]], rtol=1e-9):
        return bare
    basis: Basis = "change" if bare.rows[0].statistic == "change" else "final"
    if route == "counts":
        basis = "counts"
    return replace(bare, ours=one, theirs=two, basis=basis, escalc=kinds[measure])


def _joined_means(rows: Sequence[Reported], people: dict[str, float]) -> Side:
    means = [row.benefit * row.value for row in rows]
    group = combine_arms([people[row.id] for row in rows], means, [row.sd for row in rows])
    arms, ids = tuple(row.arm for row in rows), tuple(row.id for row in rows)
    return Side(arms, float(group.n), float(group.mean), float(group.sd), ids=ids)


def _joined_counts(rows: Sequence[Reported], people: dict[str, float]) -> Side:
    n = [people[row.id] for row in rows]
    events = [
        float(round(row.percent * size / 100)) if math.isnan(row.events) else row.events
        for row, size in zip(rows, n, strict=True)
    ]
    arms, ids = tuple(row.arm for row in rows), tuple(row.id for row in rows)
    return Side(arms, sum(n), events=sum(events), ids=ids)


def _effect(escalc: str, one: Side, two: Side) -> tuple[float, float]:
    if escalc in _FROM_MEANS.values():
        found = effect_size(escalc, m1=one.mean, sd1=one.sd, n1=one.n, m2=two.mean, sd2=two.sd, n2=two.n).to_numpy()[0]
        return float(found[0]), float(found[1])
    counts: dict[str, Any] = {"ai": one.events, "bi": one.n - one.events, "ci": two.events, "di": two.n - two.events}
    found = effect_size("OR" if escalc == "OR2DL" else escalc, **counts).to_numpy()[0]
    if escalc == "OR2DL":
        found = [float(x) for x in or_to_smd(found[0], found[1])]
    return float(found[0]), float(found[1])
