"""What the trials of a base show: every result that tables, figures, pages and notebooks share, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from ..base.once import once
from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.labels import labels
from ..derive.screening.screen import Screening, screen
from ..errors import NotEstimable
from ..languages import in_english, spoken
from .by_comparator import ByComparator
from .claims.claims import Claims, claims
from .durability import Durability, durability
from .grade.missing_results import missing_results
from .grade.summary_of_findings import summary_of_findings
from .harm.benefit_and_harm import BenefitAndHarm, benefit_and_harm
from .literature.grades import AgainstGrades, against_grades
from .literature.reviews import against_reviews
from .mechanisms import mechanism_pools
from .multiverse.multiverse import multiverse
from .multiverse.result import Multiverse
from .pools import Pools
from .ranked import Ranking
from .ranking import rank_conditions


class Results(Pools):
    """The results of a base, each computed when it is first asked for and then kept.

    Words in tables are English; a ranking and the claims have those of the language in which they are asked for.

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
        super().__init__(db)
        self._rankings: dict[tuple[str, ...], Ranking] = {}
        self._findings: dict[str, pd.DataFrame] = {}
        self._finding_rows: dict[str, list[dict[str, Any]]] = {}
        self._benefits_and_harms: dict[str, BenefitAndHarm] = {}
        self._durability: dict[tuple[str, str, str], Durability] = {}
        self._multiverses: dict[tuple[str, str, str, str], Multiverse | NotEstimable] = {}

    @cached_property
    @in_english
    def integrity(self) -> Screening:
        """`screen` of the base."""
        return screen(self.db)

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
        require_words(self.db, comparator=comparator, outcome=outcome, time=time)
        asked = comparator, outcome, time, spoken()
        if asked not in self._rankings:
            found = rank_conditions(self.db, comparator=comparator, outcome=outcome, time=time)
            self._rankings[asked] = found
        return self._rankings[asked]

    @cached_property
    @in_english
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
        require_words(self.db, comparator=comparator)
        if comparator not in self._findings:
            self._findings[comparator] = in_english(summary_of_findings)(self.db, comparator=comparator)
        return self._findings[comparator]

    def finding_rows(self, comparator: str = "sham") -> list[dict[str, Any]]:
        """Rows of `findings`.

        Parameters
        ----------
        comparator : str
            What acupuncture is compared with.

        Returns
        -------
        list of dict
            The same ones whenever they are asked for: not to be changed.
        """
        found = self.findings(comparator)
        if comparator not in self._finding_rows:
            self._finding_rows[comparator] = rows_of(found)
        return self._finding_rows[comparator]

    @cached_property
    @in_english
    def claims(self) -> Claims:
        """`claims`: the verdicts, and the parts behind them."""
        return once(claims)(self.db)

    @cached_property
    @in_english
    def mechanisms(self) -> pd.DataFrame:
        """`mechanism_pools`."""
        return mechanism_pools(self.db)

    @cached_property
    @in_english
    def missing(self) -> pd.DataFrame:
        """`missing_results` for pain up to 3 months."""
        return once(missing_results)(self.db)

    @cached_property
    @in_english
    def reviews(self) -> pd.DataFrame:
        """`against_reviews`."""
        return against_reviews(self.db)

    @cached_property
    @in_english
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
            The same one whenever it is asked for.
        """
        require_words(self.db, condition=condition)
        if condition not in self._benefits_and_harms:
            self._benefits_and_harms[condition] = in_english(benefit_and_harm)(self.db, condition)
        return self._benefits_and_harms[condition]

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
        require_words(self.db, "condition", condition=condition, outcome=outcome, comparator=comparator)
        asked = condition, outcome, comparator
        if asked not in self._durability:
            found = in_english(durability)(self.db, condition=condition, outcome=outcome, comparator=comparator)
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

        Raises
        ------
        NotEstimable
            No set of its trials can be pooled.
        """
        require_words(self.db, condition=condition, comparator=comparator, outcome=outcome, time=time)
        asked = condition, comparator, outcome, time
        if asked not in self._multiverses:
            question = dict(zip(("condition", "comparator", "outcome", "time"), asked, strict=True))
            try:
                self._multiverses[asked] = in_english(multiverse)(self.db, question, progress=False)
            except NotEstimable as refusal:
                self._multiverses[asked] = refusal
        if isinstance(found := self._multiverses[asked], NotEstimable):
            raise found.with_traceback(None)
        return found

    @cached_property
    @in_english
    def excluded(self) -> pd.DataFrame:
        """`EvidenceBase.excluded`."""
        return self.db.excluded()

    @cached_property
    @in_english
    def silent(self) -> pd.Series:
        """Why a trial enters no effect, by its key."""
        excluded = self.excluded
        return excluded[excluded["item"] == excluded["study"]].set_index("study")["reason"]

    @cached_property
    @in_english
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
