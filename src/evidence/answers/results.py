"""The results that several pages show, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.comparisons import admissible
from ..derive.derivation import trial_label
from ..derive.evidence_base import EvidenceBase
from ..derive.points import typical_sd
from .claims.claims import claim_evidence, claims
from .grade.missing_results import missing_results
from .grade.summary_of_findings import summary_of_findings
from .grade.table import certainty_table
from .mechanisms import mechanism_pools
from .pooled_table import GROUPS, pooled_table
from .ranking import rank_conditions
from .wording.words import COMPARATORS


@dataclass(frozen=True)
class Results:
    """What the trials of a base show, as frames.

    Attributes
    ----------
    db : EvidenceBase
    """

    db: EvidenceBase

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """`rank_conditions` for pain up to 3 months against sham."""
        return rank_conditions(self.db)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """`pooled_table` of standardised differences, with the certainty of each pool and what lowers it."""
        pooled = pooled_table(self.db.effects("SMD"), typical_sd(self.db))
        graded = certainty_table(self.db)[[*GROUPS, "grade", "doubts"]]
        return pooled.merge(graded, on=list(GROUPS), validate="one_to_one")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """`summary_of_findings` up to 3 months against every comparator."""
        parts = [summary_of_findings(self.db, comparator=comparator) for comparator in COMPARATORS]
        return pd.concat([part for part in parts if len(part)], ignore_index=True)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """`claims`, with the question of each."""
        asked = self.db.claims.set_index("claim_id")["mechanism"]
        return claims(self.db).assign(mechanism=lambda frame: frame["claim_id"].map(asked))

    @cached_property
    def claim_parts(self) -> pd.DataFrame:
        """`claim_evidence`: what each condition says about a claim."""
        return claim_evidence(self.db)

    @cached_property
    def mechanisms(self) -> pd.DataFrame:
        """`mechanism_pools`."""
        return mechanism_pools(self.db)

    @cached_property
    def missing(self) -> pd.DataFrame:
        """`missing_results` for pain up to 3 months."""
        return missing_results(self.db)

    @cached_property
    def silent(self) -> pd.Series:
        """Why a trial enters no effect, by its key."""
        excluded = self.db.excluded()
        return excluded[excluded["item"] == excluded["study"]].set_index("study")["reason"]

    @cached_property
    def trials(self) -> list[dict[str, Any]]:
        """Every trial: its row of ``studies``, ``label``, ``comparators``, ``outcomes`` and ``reason``.

        ``comparators`` are those of admissible comparisons, ``outcomes`` those with an effect; ``reason`` says why
        there is none.
        """
        effects = pd.concat([self.db.effects(measure) for measure in ("SMD", "MD100", "RR")])
        outcomes = effects.groupby("study")["outcome"].unique()
        comparators = admissible(self.db).groupby("study_id")["comparator"].unique()
        return [
            trial
            | {
                "label": trial_label(trial),
                "comparators": list(comparators.get(trial["study_id"], ())),
                "outcomes": list(outcomes.get(trial["study_id"], ())),
                "reason": self.silent.get(trial["study_id"], ""),
            }
            for trial in rows_of(self.db.studies)
        ]
