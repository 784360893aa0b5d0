"""What the trials of a base show: every result that tables, figures, pages and notebooks share, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.labels import labels
from ..derive.points import reference_sd
from ..derive.screening.screen import Screening, screen
from .by_comparator import ByComparator
from .claims.claims import Claims, claims
from .context import Context
from .durability import Durability, durability
from .grade.missing_results import missing_results
from .grade.summary_of_findings import summary_of_findings
from .grade.table import certainty_table
from .harm.benefit_and_harm import BenefitAndHarm, benefit_and_harm
from .literature.grades import AgainstGrades, against_grades
from .literature.reviews import against_reviews
from .mechanisms import mechanism_pools
from .multiverse.multiverse import multiverse
from .multiverse.result import Multiverse
from .pooled_table import GROUPS, pooled_table
from .ranked import Ranking
from .ranking import rank_conditions
from .sound import sound
from .wording.pool_sentence import pool_sentence
from .wording.vocabulary import Vocabulary

#: Measures that are reported: differences in SD and in points, and risk ratios.
REPORTED = ("SMD", "MD100", "RR")


class Results:
    """The results of a base, each computed when it is first asked for and then kept.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Attributes
    ----------
    db : EvidenceBase
        The same.
    context : Context
        What it says beside its numbers.

    See Also
    --------
    rank_conditions : one ranking by itself.
    claims : the verdicts by themselves.

    Examples
    --------
    >>> import evidence as ev
    >>> results = ev.Results(ev.load())
    >>> results.ranking("sham", "pain") is results.ranking("sham", "pain")
    True
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.db = db
        self.context = Context.of(db)
        self._rankings: dict[tuple[str, str, str], Ranking] = {}
        self._findings: dict[str, pd.DataFrame] = {}
        self._durability: dict[tuple[str, str, str], Durability] = {}
        self._multiverses: dict[tuple[str, str, str, str], Multiverse] = {}

    @property
    def words(self) -> Vocabulary:
        """What conditions, comparators and outcomes are called."""
        return self.context.words

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Effects that enter headlines, in every measure that is reported."""
        return sound(self.all_effects)

    @cached_property
    def all_effects(self) -> pd.DataFrame:
        """Effects in every measure that is reported, also of trials whose numbers cannot be right as printed."""
        return pd.concat([self.db.effects(measure) for measure in REPORTED], ignore_index=True)

    def effects_on(self, **chosen: str) -> pd.DataFrame:
        """Standardised differences of one question.

        Parameters
        ----------
        **chosen : str
            Column of the effects frame to its value: ``condition, comparator, outcome, time``.

        Returns
        -------
        DataFrame
            Rows of `EvidenceBase.effects`, with an index from 0.
        """
        return _chosen(self.context.effects("SMD"), chosen)

    @cached_property
    def integrity(self) -> Screening:
        """`screen` of the base."""
        return screen(self.db)

    @cached_property
    def pooled(self) -> pd.DataFrame:
        """`pooled_table` of every measure that is reported."""
        return pooled_table(self.all_effects, self.db)

    @cached_property
    def certainty(self) -> pd.DataFrame:
        """`certainty_table` of standardised differences."""
        return certainty_table(self.db)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """Pools of standardised differences, each with its grade as ``certainty``, and ``doubts``."""
        graded = self.certainty[[*GROUPS, "grade", "doubts"]].rename(columns={"grade": "certainty"})
        return self.pooled[self.pooled["measure"] == "SMD"].merge(graded, on=list(GROUPS), validate="one_to_one")

    def pools_on(self, **chosen: str) -> pd.DataFrame:
        """Rows of `pools` about one question.

        Parameters
        ----------
        **chosen : str
            As for `effects_on`.

        Returns
        -------
        DataFrame
            One row a pool, with an index from 0.
        """
        return _chosen(self.pools, chosen)

    def sentences(self, **chosen: str) -> list[str]:
        """What the pools about one question permit to say, in points of 100 where they have them.

        Parameters
        ----------
        **chosen : str
            As for `effects_on`.

        Returns
        -------
        list of str
            One for each pool, conditions and comparators in their order; each ends with its certainty.
        """
        ranks = {name: list(getattr(self.words, f"{name}s")).index for name in ("condition", "comparator")}
        pools = self.pools_on(**chosen)
        pools = pools[pools["condition"].isin(self.words.headline)]
        pools = pools.sort_values(list(ranks), key=lambda column: column.map(ranks[str(column.name)]), kind="stable")
        return [
            f"{pool_sentence(row, self.words, brief=True)} Certainty: {row['certainty']}." for row in rows_of(pools)
        ]

    def effects_in_points(self, **chosen: str) -> pd.DataFrame:
        """Effects of one question in points of 100, by how far scores of the outcome usually spread.

        Parameters
        ----------
        **chosen : str
            As for `effects_on`.

        Returns
        -------
        DataFrame
            `effects_on` with ``yi`` and ``vi`` in points, ``measure`` "MD100", and ``sd``, the points that one
            standard deviation is (`reference_sd`); without outcomes for which none is known.
        """
        effects = self.effects_on(**chosen)
        sd = effects["outcome"].map(reference_sd(self.db)["sd"]).astype(float)
        scaled = effects.assign(yi=effects["yi"] * sd, vi=effects["vi"] * sd**2, measure="MD100", sd=sd)
        return scaled[sd.notna()].reset_index(drop=True)

    def ranking(self, comparator: str = "sham", outcome: str = "pain", time: str = "short") -> Ranking:
        """`rank_conditions` for one question.

        Parameters
        ----------
        comparator : str
            What acupuncture is compared with.
        outcome : str
            What is measured.
        time : str
            The window.

        Returns
        -------
        Ranking
            The same one whenever it is asked for.
        """
        asked = comparator, outcome, time
        if asked not in self._rankings:
            found = rank_conditions(self.db, comparator=comparator, outcome=outcome, time=time)
            self._rankings[asked] = found
        return self._rankings[asked]

    @cached_property
    def side_by_side(self) -> ByComparator:
        """`rank_conditions` without a comparator: pain up to 3 months against every kind of comparator."""
        return rank_conditions(self.db)

    def findings(self, comparator: str = "sham") -> pd.DataFrame:
        """`summary_of_findings` up to 3 months against one comparator.

        Parameters
        ----------
        comparator : str
            What acupuncture is compared with.

        Returns
        -------
        DataFrame
            The same one whenever it is asked for.
        """
        if comparator not in self._findings:
            self._findings[comparator] = summary_of_findings(self.db, comparator=comparator)
        return self._findings[comparator]

    @cached_property
    def claims(self) -> Claims:
        """`claims`: the verdicts, and the parts behind them."""
        return claims(self.db)

    @cached_property
    def mechanisms(self) -> pd.DataFrame:
        """`mechanism_pools`."""
        return mechanism_pools(self.db)

    @cached_property
    def missing(self) -> pd.DataFrame:
        """`missing_results` for pain up to 3 months."""
        return missing_results(self.db)

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """`against_reviews`."""
        return against_reviews(self.db)

    @cached_property
    def grades(self) -> AgainstGrades:
        """`against_grades`."""
        return against_grades(self.db)

    def benefit_and_harm(self, condition: str) -> BenefitAndHarm:
        """`benefit_and_harm` of one condition.

        Parameters
        ----------
        condition : str
            Its key.

        Returns
        -------
        BenefitAndHarm
            Benefit, harm and certainty.
        """
        return benefit_and_harm(self.db, condition)

    def durability(self, condition: str, outcome: str = "pain", comparator: str = "sham") -> Durability:
        """`durability` of one condition.

        Parameters
        ----------
        condition : str
            Whose trials; "" for all populations together.
        outcome : str
            What is measured.
        comparator : str
            What acupuncture is compared with.

        Returns
        -------
        Durability
            The same one whenever it is asked for.
        """
        asked = condition, outcome, comparator
        if asked not in self._durability:
            found = durability(self.db, condition=condition, outcome=outcome, comparator=comparator)
            self._durability[asked] = found
        return self._durability[asked]

    def multiverse(self, condition: str, comparator: str, outcome: str, time: str = "short") -> Multiverse:
        """`multiverse` of one question.

        Parameters
        ----------
        condition : str
            Whose trials.
        comparator : str
            What acupuncture is compared with.
        outcome : str
            What is measured.
        time : str
            The window.

        Returns
        -------
        Multiverse
            The same one whenever it is asked for.
        """
        asked = condition, comparator, outcome, time
        if asked not in self._multiverses:
            question = dict(zip(("condition", "comparator", "outcome", "time"), asked, strict=True))
            self._multiverses[asked] = multiverse(self.db, question, progress=False)
        return self._multiverses[asked]

    @cached_property
    def excluded(self) -> pd.DataFrame:
        """`EvidenceBase.excluded`."""
        return self.db.excluded()

    @cached_property
    def silent(self) -> pd.Series:
        """Why a trial enters no effect, by its key."""
        excluded = self.excluded
        return excluded[excluded["item"] == excluded["study"]].set_index("study")["reason"]

    @cached_property
    def trials(self) -> list[dict[str, Any]]:
        """Every trial: its row of ``studies``, ``label``, ``comparators``, ``outcomes`` and ``reason``.

        ``comparators`` are those of admissible comparisons, ``outcomes`` those with an effect; ``reason`` says why
        there is none.
        """
        names = labels(self.db)
        outcomes = self.effects.groupby("study")["outcome"].unique()
        comparators = admissible(self.db).groupby("study_id")["comparator"].unique()
        return [
            trial
            | {
                "label": names[trial["study_id"]],
                "comparators": list(comparators.get(trial["study_id"], ())),
                "outcomes": list(outcomes.get(trial["study_id"], ())),
                "reason": self.silent.get(trial["study_id"], ""),
            }
            for trial in rows_of(self.db.studies)
        ]


def _chosen(frame: pd.DataFrame, chosen: dict[str, str]) -> pd.DataFrame:
    for name, value in chosen.items():
        frame = frame[frame[name] == value]
    return frame.reset_index(drop=True)
