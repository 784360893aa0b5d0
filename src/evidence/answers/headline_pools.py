"""The pools of a base's own effects: each is made when it is first asked for, whoever asks."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from ..base.once import once
from ..derive.evidence_base import EvidenceBase
from .context import Context
from .grade.synthesis import Synthesis, synthesise

#: What one pool is about.
GROUPS = ["measure", "condition", "comparator", "outcome", "time"]


class HeadlinePools(Mapping[tuple[Hashable, ...], Synthesis]):
    """Pools of sound effects by `GROUPS`; get them by `headline_pools`.

    Parameters
    ----------
    context : Context
        Of the base.
    measure : str
        Of the effects.
    """

    def __init__(self, context: Context, measure: str) -> None:
        self._pooling, self._groups = context.pooling, context.effects(measure).groupby(GROUPS)
        self._made: dict[tuple[Hashable, ...], Synthesis] = {}

    def __getitem__(self, key: tuple[Hashable, ...]) -> Synthesis:
        if key not in self._made:
            self._made[key] = synthesise(self._pooling, self._groups.get_group(key))
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._groups.groups

    def __iter__(self) -> Iterator[tuple[Hashable, ...]]:
        return iter(self._groups.groups)

    def __len__(self) -> int:
        return self._groups.ngroups


@once
def headline_pools(db: EvidenceBase, measure: str = "SMD") -> HeadlinePools:
    """The pools of a base.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    measure : str
        Of the effects.
    """
    return HeadlinePools(Context.of(db), measure)
