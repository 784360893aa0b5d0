"""The numbers behind a candidate; `computed` makes effects of many at once, for formulas work on columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from ...effects.inputs import Floats
from ...effects.measures.effect_size import effect_size
from ...effects.measures.small_sample import bias_correction
from ...effects.measures.smd_from_tests import smd_from_t
from ...effects.recover.arms import combine_arms, pooled_sd
from ...effects.recover.scales import or_to_smd


class Numbers(Protocol):
    """What an effect is computed from."""

    @property
    def kind(self) -> Hashable:
        """Numbers of the same kind can be computed together."""

    @staticmethod
    def effects(alike: Sequence[Any]) -> Floats:
        """Effects and their sampling variances, (k, 2), of numbers of one kind."""


class Known(NamedTuple):
    """An effect and its sampling variance."""

    yi: float
    vi: float

    @property
    def kind(self) -> Hashable:
        return Known

    @staticmethod
    def effects(alike: Sequence[Known]) -> Floats:
        return np.array(alike, dtype=float)


class Joined(NamedTuple):
    """Effects of parts of a trial that share nobody, weighted by inverse variance."""

    parts: tuple[Numbers, ...]

    @property
    def kind(self) -> Hashable:
        return len(self.parts)

    @staticmethod
    def effects(alike: Sequence[Joined]) -> Floats:
        each = computed([part for like in alike for part in like.parts]).reshape(len(alike), -1, 2)
        weights = 1 / each[:, :, 1]
        total = weights.sum(axis=1)
        return np.stack([(each[:, :, 0] * weights).sum(axis=1) / total, 1 / total], axis=1)


class Standardised(NamedTuple):
    """A difference, its SE and degrees of freedom, to be divided by the SD within ``arms``: n1, sd1, n2, sd2."""

    value: float
    se: float
    df: float
    arms: tuple[float, float, float, float]

    @property
    def kind(self) -> Hashable:
        return Standardised

    @staticmethod
    def effects(alike: Sequence[Standardised]) -> Floats:
        value, se, df = np.array([like[:3] for like in alike], dtype=float).T
        sd = pooled_sd(*np.array([like.arms for like in alike], dtype=float).T)
        j = bias_correction(df)
        g = j * value / sd
        return np.stack([g, j**2 * (se / sd) ** 2 + g**2 / (2 * df)], axis=1)


class TStatistic(NamedTuple):
    """The t of two groups, and their sizes."""

    t: float
    n1: float
    n2: float

    @property
    def kind(self) -> Hashable:
        return TStatistic

    @staticmethod
    def effects(alike: Sequence[TStatistic]) -> Floats:
        return np.stack(smd_from_t(*np.array(alike, dtype=float).T), axis=1)


class Means(NamedTuple):
    """Sizes, means and SDs of the arms of each side, the measure of their difference, and what it is multiplied by."""

    measure: str
    ours: tuple[tuple[float, float, float], ...]
    theirs: tuple[tuple[float, float, float], ...]
    factor: float

    @property
    def kind(self) -> Hashable:
        return self.measure, len(self.ours), len(self.theirs)

    @staticmethod
    def effects(alike: Sequence[Means]) -> Floats:
        one, two = (
            combine_arms(*np.moveaxis(np.array(side), 2, 0))
            for side in ([like.ours for like in alike], [like.theirs for like in alike])
        )
        groups: dict[str, Any] = {
            "m1": one.mean,
            "sd1": one.sd,
            "n1": one.n,
            "m2": two.mean,
            "sd2": two.sd,
            "n2": two.n,
        }
        effect = effect_size(alike[0].measure, **groups).to_numpy()
        factor = np.array([like.factor for like in alike])
        scaled: Floats = effect * np.stack([factor, factor**2], axis=1)
        return scaled


class Counts(NamedTuple):
    """Events and people of each side, the measure, and 1 where an event is good, -1 where it is not."""

    measure: str
    ai: float
    n1: float
    ci: float
    n2: float
    benefit: int

    @property
    def kind(self) -> Hashable:
        return self.measure

    @staticmethod
    def effects(alike: Sequence[Counts]) -> Floats:
        measure = alike[0].measure
        ai, n1, ci, n2, benefit = np.array([like[1:] for like in alike], dtype=float).T
        found = effect_size("OR" if measure == "SMD" else measure, ai=ai, bi=n1 - ai, ci=ci, di=n2 - ci)
        yi, vi = found["yi"].to_numpy() * benefit, found["vi"].to_numpy()
        return np.stack(or_to_smd(yi, vi) if measure == "SMD" else (yi, vi), axis=1)


def computed(numbers: Sequence[Numbers]) -> Floats:
    """Effects and their sampling variances, (k, 2), in the order given."""
    found = np.empty((len(numbers), 2))
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for at, one in enumerate(numbers):
        alike[type(one), one.kind].append(at)
    for places in alike.values():
        found[places] = numbers[places[0]].effects([numbers[at] for at in places])
    return found
