"""Trials of maintenance: after the same first course in all arms, more of it, less of it, or none."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from ..base.once import A_BASE
from ..base.rows import rows_of
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.labels import labels
from ..effects.arguments import require_kind
from ..languages import in_english
from ..models.result import Result
from ..models.univariate.pool import pool
from .sound import sound_effects
from .wording.further_sessions import counted_words, often_words, trial_by_trial
from .wording.vocabulary import Vocabulary

_AS_IN_EFFECTS = ("study", "comparator", "outcome", "time", "week", "yi", "vi", "confidence", "result_ids")
_COLUMNS = (
    *(
        "study",
        "label",
        "condition",
        "directness",
        "arm",
        "versus",
        "often",
        "often_versus",
        "comparator",
        "outcome",
        "time",
        "week",
    ),
    *("n", "yi", "vi", "ci_low", "ci_high", "direction", "counts", "confidence", "result_ids"),
)


@dataclass(frozen=True, repr=False, eq=False)
class Maintenance(Result):
    """What trials found of going on after a first course.

    Attributes
    ----------
    found : DataFrame
        One row a result: ``study, label, condition, directness, arm, versus`` (arms joined by "|"); ``often,
        often_versus``, how often they had acupuncture, in words, "" for none; ``comparator, outcome, time, week, n``;
        ``yi, vi, ci_low, ci_high``, standardised, above 0 the arm did better than ``versus``; ``direction``: 1 better,
        -1 worse, 0 no difference, by the number or in words; ``counts``, people with an event, in words;
        ``confidence, result_ids``. A pair of arms without any result of its own has one row with ``outcome`` "".
    arms : mapping
        Trial and arm to its row of arms.csv, of arms with acupuncture.
    printed : mapping
        ``result_id`` to its row of results.csv.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    maintenance : makes it.
    durability : how long the effect of a first course lasts.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.maintenance(ev.load()).found
    >>> sorted(found.loc[found["yi"].notna(), "outcome"].unique())
    ['disability', 'medication_use', 'pain', 'responder']
    """

    found: pd.DataFrame
    arms: Mapping[tuple[str, str], dict[str, Any]]
    printed: Mapping[str, dict[str, Any]]
    words: Vocabulary

    def _rows(self) -> pd.DataFrame:
        return self.found

    def _title(self) -> str:
        return "further sessions after the same first course"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame:
        return self.found

    def only(self, **chosen: str | Collection[str]) -> Maintenance:
        """The results about one question.

        Parameters
        ----------
        **chosen : str or collection of str
            Column of ``found`` to its value or values: ``outcome``, ``comparator``, ``condition`` ...

        Returns
        -------
        Maintenance
            With the rows that have them.
        """
        rows = self.found
        for name, value in chosen.items():
            rows = rows[rows[name].isin([value] if isinstance(value, str) else list(value))]
        return replace(self, found=rows.reset_index(drop=True))

    def sentence(self) -> str:
        """What each trial compared and found.

        Returns
        -------
        str
            A sentence or two for each trial and comparison.
        """
        return trial_by_trial(self.found, self.arms, self.printed, self.words)


@in_english
def maintenance(db: EvidenceBase) -> Maintenance:
    """Trials that gave all arms the same first course, and then more of it or not.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.

    Returns
    -------
    Maintenance
        What each trial compared and found: a number, a direction in words, or nothing.

    See Also
    --------
    durability : how long the effect of a first course lasts.
    dose_response : more treatment, more effect?
    claims : the maintenance claims rest on these trials first.

    Notes
    -----
    A pair of arms belongs here where its ``exclude_reason`` in comparisons.csv begins "maintenance:"
    (``db.select(phase="maintenance")``). Nobody in such a pair went without acupuncture, so it says nothing of whether
    acupuncture works, and enters no other pool.

    Examples
    --------
    >>> import evidence as ev
    >>> print(ev.maintenance(ev.load()).sentence()[:44])
    One trial (DeBar 2025, chronic low back pain
    """
    require_kind("db", db, EvidenceBase, A_BASE)
    own = db.select(phase="maintenance", comparator=db.comparators["comparator"].tolist())
    pairs = rows_of(admissible(own))
    printed = {row["result_id"]: row for row in rows_of(own.results)}
    rows = list(_numbers(own, pairs, printed))
    with_number = {_question(row) for row in rows}
    rows += [row for row in _directions(own, pairs) if _question(row) not in with_number]
    told = {(row["study"], *pair) for row in rows for pair in product(row["arm"].split("|"), row["versus"].split("|"))}
    rows += [_of_pair(pair) for pair in pairs if (pair["study_id"], pair["arm"], pair["versus"]) not in told]
    arms = {(arm["study_id"], arm["arm"]): arm for arm in rows_of(own.arms) if arm["role"] == "acupuncture"}
    return Maintenance(_frame(own, rows, arms), arms, printed, Vocabulary.of(db))


def _numbers(
    own: EvidenceBase, pairs: list[dict[str, Any]], printed: Mapping[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Results with a number: one effect of a trial, comparator, outcome and window."""
    effects = sound_effects(own)
    for at, effect in enumerate(rows_of(effects)):
        used = [printed[name] for name in effect["result_ids"].split("|")]
        there = {arm for row in used for arm in (row["arm"], row["versus"])}
        mine = [
            pair
            for pair in pairs
            if (pair["study_id"], pair["comparator"]) == (effect["study"], effect["comparator"])
            and {pair["arm"], pair["versus"]} <= there
        ]
        low, high = pool(effects.iloc[[at]]).ci  # one trial: its own interval
        yield {
            **{name: effect[name] for name in _AS_IN_EFFECTS},
            "arm": "|".join(dict.fromkeys(pair["arm"] for pair in mine)),
            "versus": "|".join(dict.fromkeys(pair["versus"] for pair in mine)),
            "n": effect["n_acupuncture"] + effect["n_comparator"],
            "ci_low": low,
            "ci_high": high,
            "direction": (low > 0) - (high < 0),
            "counts": counted_words(used, mine[0]["arm"], mine[0]["versus"]) if len(mine) == 1 else "",
        }


def _directions(own: EvidenceBase, pairs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Results that say in words which way they went."""
    sides = {(pair["study_id"], pair["arm"], pair["versus"]): pair for pair in pairs}
    for study, reported in own.reported.items():
        for row in reported:
            turned = (study, row.arm, row.versus) not in sides
            pair = sides.get((study, row.versus, row.arm) if turned else (study, row.arm, row.versus))
            if pair and row.favours is not None and row.benefit:
                yield {
                    **_of_pair(pair),
                    "outcome": row.outcome,
                    "time": row.at.window,
                    "week": row.at.week,
                    "direction": -row.favours if turned else row.favours,
                    "confidence": "low" if row.doubtful else "high",
                    "result_ids": row.id,
                }


def _question(row: dict[str, Any]) -> tuple[str, ...]:
    return row["study"], row["comparator"], row["outcome"], row["time"]


def _of_pair(pair: dict[str, Any]) -> dict[str, Any]:
    """A pair of which nothing is known yet."""
    words = dict.fromkeys(("outcome", "time", "counts", "confidence", "result_ids"), "")
    numbers = dict.fromkeys(("week", "n", "yi", "vi", "ci_low", "ci_high", "direction"), math.nan)
    key = {"study": pair["study_id"], **{name: pair[name] for name in ("arm", "versus", "comparator")}}
    return {**words, **numbers, **key}


def _frame(
    own: EvidenceBase, rows: list[dict[str, Any]], arms: Mapping[tuple[str, str], dict[str, Any]]
) -> pd.DataFrame:
    """The rows with their trial's name and how often each side was treated, in the order of outcomes.csv."""
    trials, names = {trial["study_id"]: trial for trial in rows_of(own.studies)}, labels(own)
    order = {name: at for at, name in enumerate(own.outcomes["outcome"])}
    for row in rows:
        trial = trials[row["study"]]
        row |= {"label": names[trial["study_id"]], "condition": trial["condition"], "directness": trial["directness"]}
        for side, name in (("arm", "often"), ("versus", "often_versus")):
            needled = [(row["study"], arm) for arm in row[side].split("|") if (row["study"], arm) in arms]
            row[name] = often_words([arms[arm] for arm in needled]) if needled else ""
    rows.sort(key=lambda row: (row["study"], row["comparator"] == "acupuncture", order.get(row["outcome"], len(order))))
    return pd.DataFrame(rows, columns=list(_COLUMNS))
