"""What a base says beside its numbers, made once for it: words, worthwhile effects, known trials, concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from itertools import product
from typing import Any

import pandas as pd

from ..base.once import once
from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..derive.hierarchy import Hierarchy
from .absolute import Absolute
from .directions import Directions
from .grade.concerns import Concerns
from .grade.worthwhile import Worthwhile
from .known_trials import KnownTrials
from .maintenance import Maintenance, maintenance
from .points import Points
from .pooling import Pooling
from .sound import sound_effects
from .wording.vocabulary import Vocabulary


class Context:
    """All that answers need of a base besides one question; get it by `Context.of`.

    Each part is made when it is first asked for.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.

    Attributes
    ----------
    db : EvidenceBase
        The same.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.db = db
        self._effects: dict[str, pd.DataFrame] = {}

    @classmethod
    def of(cls, db: EvidenceBase) -> Context:
        """The context of a base: the same one whenever it is asked for, as long as the base lives."""
        return _context(db)

    def effects(self, measure: str = "SMD") -> pd.DataFrame:
        """`sound_effects` of the base, one frame for all who ask: not to be changed."""
        if not isinstance(measure, str) or measure not in self._effects:
            self._effects[measure] = sound_effects(self.db, measure)  # which refuses what is no measure
        return self._effects[measure]

    @cached_property
    def words(self) -> Vocabulary:
        """What conditions, comparators and outcomes are called."""
        return Vocabulary.of(self.db)

    @cached_property
    def worthwhile(self) -> Worthwhile:
        """The smallest effects worth having, and the SDs that turn them into points."""
        return Worthwhile(self.db)

    @cached_property
    def pooling(self) -> Pooling:
        """How its pools are summarised."""
        return Pooling(self.db)

    @cached_property
    def points(self) -> Points:
        """What its pools come to in points of 100."""
        return Points(self.db, self.pooling)

    @cached_property
    def absolute(self) -> Absolute:
        """What its pools come to in people of 100."""
        return Absolute(self.db, self.effects("RR"), self.pooling)

    @cached_property
    def known(self) -> KnownTrials:
        """What each trial of a comparison tells about a question, and which results are missing."""
        return KnownTrials(self.db, self.directions, self.db.derived("SMD"))

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Which measured outcome speaks for which."""
        return Hierarchy.of(self.db)

    @cached_property
    def concerns(self) -> Concerns:
        """Blinding and risk of bias of each trial."""
        return Concerns(self.db)

    @cached_property
    def overrides(self) -> list[dict[str, object]]:
        """Rows of certainty_overrides.csv."""
        return rows_of(self.db.certainty_overrides)

    @cached_property
    def published_moderators(self) -> list[dict[str, Any]]:
        """Rows of published_moderators.csv."""
        return rows_of(self.db.published_moderators)

    @cached_property
    def directions(self) -> Directions:
        """Which way results went, where trials print no numbers."""
        return Directions(self.db)

    @cached_property
    def maintenance(self) -> Maintenance:
        """What trials found of going on after the same first course."""
        return maintenance(self.db)

    @cached_property
    def of_maintenance(self) -> Context:
        """The context of those trials alone."""
        return Context.of(self.db.select(phase="maintenance"))

    @cached_property
    def _measured(self) -> defaultdict[tuple[str, str], set[str]]:
        """Trials by outcome and condition."""
        condition = dict(zip(self.db.studies["study_id"], self.db.studies["condition"], strict=True))
        found = defaultdict(set)
        for study, outcome in zip(self.db.results["study_id"], self.db.results["outcome"], strict=True):
            found[outcome, condition[study]].add(study)
        return found

    def measured(self, outcomes: Collection[str], conditions: Collection[str]) -> int:
        """Trials with any result row of these outcomes in these conditions."""
        return len(set().union(*(self._measured[asked] for asked in product(outcomes, conditions))))


@once
def _context(db: EvidenceBase) -> Context:
    return Context(db)
