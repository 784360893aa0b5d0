"""Effects and pools of a base, each computed once: what `evidence.answers.results` begins with."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property

import numpy as np
import pandas as pd

from ..base.once import once
from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..derive.points import reference_sd
from ..effects.arguments import require_choice
from ..errors import NotEstimable
from ..languages import _, in_english
from .context import Context
from .grade.table import certainty_table
from .headline_pools import GROUPS, headline_pools
from .pooled_table import table_of
from .pooling import Fit
from .sound import sound
from .wording.pool_sentence import pool_sentence
from .wording.vocabulary import Vocabulary
from .wording.words import GRADE_WORDS

#: Measures that are reported: differences in SD and in points, and risk ratios.
REPORTED = ("SMD", "MD100", "RR")
#: Columns by which questions are asked.
_ASKED = ("condition", "comparator", "outcome", "time")


class Pools:
    """The effects of a base and their pools, each computed when it is first asked for and then kept.

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
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.db = db
        self.context = Context.of(db)
        self._asked: dict[Hashable, pd.DataFrame] = {}
        self._fits: dict[Hashable, tuple[Fit, pd.DataFrame]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__} of {self.db!r}"

    @property
    def words(self) -> Vocabulary:
        """What conditions, comparators and outcomes are called."""
        return self.context.words

    @cached_property
    @in_english
    def effects(self) -> pd.DataFrame:
        """Effects that enter headlines, in every measure that is reported."""
        return sound(self.all_effects)

    @cached_property
    @in_english
    def all_effects(self) -> pd.DataFrame:
        """Effects in every measure that is reported, also of trials whose numbers cannot be right as printed."""
        return _all_effects(self.db)

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

        Raises
        ------
        InvalidInput
            Another column, or a word that the base does not know.
        """
        return self._about("effects", self._differences, chosen)

    @cached_property
    def _differences(self) -> pd.DataFrame:
        return sound(self.db.effects("SMD"))

    @cached_property
    @in_english
    def pooled(self) -> pd.DataFrame:
        """`pooled_table` of every measure that is reported."""
        return _pooled(self.db)

    @cached_property
    @in_english
    def certainty(self) -> pd.DataFrame:
        """`certainty_table` of standardised differences."""
        return certainty_table(self.db)

    @cached_property
    @in_english
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

        Raises
        ------
        InvalidInput
            As `effects_on`.
        """
        return self._about("pools", self.pools, chosen)

    def _about(self, name: str, frame: pd.DataFrame, chosen: dict[str, str]) -> pd.DataFrame:
        """The rows of a frame about one question, looked for once; each who asks gets a frame of their own."""
        for column in chosen:
            require_choice("column", column, _ASKED)
        require_words(self.db, **chosen)
        question = name, frozenset(chosen.items())
        if question not in self._asked:
            self._asked[question] = _chosen(frame, chosen)
        return self._asked[question].copy()

    def fit_on(self, condition: str, comparator: str, outcome: str, time: str) -> tuple[Fit, pd.DataFrame]:
        """The model of one pool, whose trials have their names.

        Parameters
        ----------
        condition : str
            A condition of the base.
        comparator : str
            What acupuncture was compared with.
        outcome : str
            What was measured.
        time : str
            When: a window.

        Returns
        -------
        Pooled or Posterior
            What `Pooling.fit` makes of the effects of the question.
        DataFrame
            These effects in the order of its trials, one frame for all who ask: not to be changed.

        Raises
        ------
        InvalidInput
            A word that the base does not know.
        NotEstimable
            No trial gives a number.
        """
        question = condition, comparator, outcome, time
        rows = self.effects_on(condition=condition, comparator=comparator, outcome=outcome, time=time)
        if rows.empty:
            raise NotEstimable(f"no trial gives a number for {', '.join(question)}")
        if question not in self._fits:
            rows = rows.sort_values(["year", "study"])
            self._fits[question] = self.context.pooling.fit(rows, slab="label"), rows
        return self._fits[question]

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
            _(
                "{sentence} Certainty: {grade}.",
                sentence=pool_sentence(row, self.words, brief=True),
                grade=GRADE_WORDS[row["certainty"]],
            )
            for row in rows_of(pools)
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


def _all_effects(db: EvidenceBase) -> pd.DataFrame:
    return pd.concat([db.effects(measure) for measure in REPORTED], ignore_index=True)


@once
def _pooled(db: EvidenceBase) -> pd.DataFrame:
    known = {key: pool for measure in REPORTED for key, pool in headline_pools(db, measure).items()}
    return table_of(Context.of(db), _all_effects(db), known)


def _chosen(frame: pd.DataFrame, chosen: dict[str, str]) -> pd.DataFrame:
    kept = np.ones(len(frame), dtype=bool)
    for name, value in chosen.items():
        kept &= (frame[name] == value).to_numpy(bool)
    return frame[kept].reset_index(drop=True)
