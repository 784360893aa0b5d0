"""Harms: adverse events in each arm, trials against their comparator, and large surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.once import once
from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...languages import _, decimal, joined, ngettext
from ...models.result import Result
from ..context import Context
from ..wording.vocabulary import Vocabulary
from ..wording.words import people, trials
from .arms import harm_arms
from .contrasts import contrasts, with_sentences
from .totals import reporting, totals


@dataclass(frozen=True, repr=False, eq=False)
class Safety(Result):
    """What trials and surveys say about harms.

    Attributes
    ----------
    arms : DataFrame
        One row an arm and definition: ``study, label, condition, arm, role, definition, kind`` (harms.csv: minor,
        serious, drug, ungraded), ``serious, events, n, percent, ci_low, ci_high`` (percent, exact), ``counted`` (how
        events or people are known where they are not printed), ``note``.
    compared : DataFrame
        `contrasts` without their sentences.
    totals : DataFrame
        Arms together: ``condition`` ("" for all), ``role`` of the arm, ``kind`` ("minor": minor, or of a severity that
        is not told; "serious"), ``arms, trials, events, n, percent, ci_low, ci_high`` (exact), ``least, most`` (percent
        in single arms). A sum over trials that asked differently: a rough size, no estimate.
    reporting : DataFrame
        ``condition`` ("" for all), ``trials`` with acupuncture arms and readable results, ``silent``: those of them
        that give no adverse events.
    surveys : DataFrame
        Single-arm rates from ``published_reviews.csv``: ``review_id, citation, year, outcome, percent, ci_low,
        ci_high``.
    words : Vocabulary
        What comparators are called.

    See Also
    --------
    safety : collects it.
    benefit_and_harm : harms of a condition beside what its trials found.
    exact_proportion : the interval of a proportion.

    Examples
    --------
    >>> import evidence as ev
    >>> harms = ev.safety(ev.load())
    >>> {"acupuncture", "drug", "sham"} <= set(harms.totals["role"])
    True
    """

    arms: pd.DataFrame
    compared: pd.DataFrame
    totals: pd.DataFrame
    reporting: pd.DataFrame
    surveys: pd.DataFrame
    words: Vocabulary

    @property
    def contrasts(self) -> pd.DataFrame:
        """One row a pair of arms with counts in both.

        ``study, label, condition, comparator, definition, ai, n1, ci, n2, risk_ratio, risk_ratio_low, risk_ratio_high``
        (half an event added to each cell where one is empty), ``odds_ratio, odds_ratio_low, odds_ratio_high`` (exact),
        ``sentence`` (in the language spoken).
        """
        return with_sentences(self.compared, self.words)

    @property
    def silent(self) -> int:
        """Trials with acupuncture arms whose readable source gives no adverse events."""
        return int(self.reporting.loc[self.reporting["condition"] == "", "silent"].sum())

    def total(self, kind: str, condition: str = "", role: str = "acupuncture") -> dict[str, Any] | None:
        """A row of `totals`.

        Parameters
        ----------
        kind : str
            "minor" or "serious".
        condition : str
            Whose trials; "" for all.
        role : str
            Of the arm.

        Returns
        -------
        dict or None
            None where no arm counts such events.
        """
        rows = self.totals
        chosen = (rows["kind"] == kind) & (rows["condition"] == condition) & (rows["role"] == role)
        return next(iter(rows_of(rows[chosen])), None)

    def _rows(self) -> pd.DataFrame:
        return self.arms.reset_index(drop=True)

    def _title(self) -> str:
        return f"adverse events in {trials(self.arms['study'].nunique())}"

    def _lines(self) -> list[str]:
        return [self.sentence(), *(self.contrasts["sentence"] if len(self.contrasts) else [])]

    def _table(self) -> pd.DataFrame:
        return self.totals

    def sentence(self) -> str:
        """What may be said about harms.

        Returns
        -------
        str
            A few plain sentences.
        """
        asked = self.surveys.loc[self.surveys["outcome"].str.startswith("at least one"), "percent"]
        surveyed = ""
        if len(asked):
            low, high = decimal(asked.min(), 1), decimal(asked.max(), 1)
            surveyed = _("Large surveys find at least one in {low} to {high}% of patients.", low=low, high=high)
        silent = ngettext(
            "One trial with readable results says nothing about harms, so absence of reports is not absence of harm.",
            "{n} trials with readable results say nothing about harms, so absence of reports is not absence of harm.",
            self.silent,
        )
        minor, serious = (told(self.total(kind), kind) for kind in ("minor", "serious"))
        return joined(minor, surveyed, serious, silent)


def told(row: dict[str, Any] | None, kind: str) -> str:
    """Acupuncture arms of a row of `Safety.totals` in a sentence.

    Parameters
    ----------
    row : dict or None
        The row; None where no arm counts such events.
    kind : str
        "minor" or "serious".
    """
    serious = kind == "serious"
    if row is None and serious:
        return _("No trial counts how many people had a serious adverse event with acupuncture.")
    if row is None:
        return _("No trial counts how many people had a minor or ungraded adverse event with acupuncture.")
    named = {"people": people(row["n"]), "numbers": _numbers(row, spread=row["most"] > row["least"])}
    if not row["events"]:
        if serious:
            return _("With acupuncture none of {people} had a serious adverse event ({numbers}).", **named)
        return _("With acupuncture none of {people} had a minor or ungraded adverse event ({numbers}).", **named)
    if serious:
        return ngettext(
            "With acupuncture {n} of {people} had a serious adverse event ({numbers}).",
            "With acupuncture {n} of {people} had a serious adverse event ({numbers}).",
            row["events"],
            **named,
        )
    return ngettext(
        "With acupuncture {n} of {people} had a minor or ungraded adverse event ({numbers}).",
        "With acupuncture {n} of {people} had a minor or ungraded adverse event ({numbers}).",
        row["events"],
        **named,
    )


def in_numbers(row: dict[str, Any]) -> str:
    """The same in a few words, the kind first: "serious 1 of 424 people (0.2%, ...)".

    Parameters
    ----------
    row : dict
        A row of `Safety.totals`.
    """
    named = {"n": decimal(row["events"]), "people": people(row["n"]), "numbers": _numbers(row)}
    if row["kind"] == "serious":
        return _("serious {n} of {people} ({numbers})", **named)
    return _("minor or ungraded {n} of {people} ({numbers})", **named)


def _numbers(row: dict[str, Any], *, spread: bool = False) -> str:
    """The share of people with its interval, its spread over arms where asked for, and the trials."""
    percent = {name: decimal(row[key], 1) for name, key in (("n", "percent"), ("low", "ci_low"), ("high", "ci_high"))}
    parts = [_("{n}%, 95% interval {low} to {high}%", **percent)]
    if spread:
        parts.append(_("{low} to {high}% from arm to arm", low=decimal(row["least"]), high=decimal(row["most"])))
    return _("; ").join([*parts, trials(row["trials"])])


@once
def safety(db: EvidenceBase) -> Safety:
    """Collect adverse events from the trials and set published surveys beside them.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.

    Returns
    -------
    Safety
        Adverse events by arm, trials against their comparator, and large surveys.

    See Also
    --------
    benefit_and_harm : harms of a condition beside what its trials found.
    effect_size : risk ratios of counts of one's own.
    exact_proportion : the interval of a proportion.

    Notes
    -----
    Only conditions that have a line of their own in conditions.csv (``headline`` is not "no") count: not gout or pain
    in an emergency department, which the data hold for their mechanisms. A printed percentage becomes a count by
    round(percent n / 100), with the number randomised where no other is printed; ``counted`` says so. Which events are
    minor and which serious stands in harms.csv; side effects of a drug that was given as well ("drug") enter no sum.
    Intervals are those of Clopper and Pearson.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.safety(ev.load()).contrasts.set_index("study").loc["zhu-2024", ["ai", "ci"]].tolist()
    [3.0, 3.0]
    """
    arms = harm_arms(db)
    words = Context.of(db).words
    return Safety(arms, contrasts(db, arms), totals(arms), reporting(db, arms), _surveys(db), words)


def _surveys(db: EvidenceBase) -> pd.DataFrame:
    rows = db.published_reviews
    rows = rows[(rows["measure"] == "proportion") & rows["outcome"].str.startswith("adverse_event")]
    per = np.where(rows["scale"].str.contains("per 1000"), 0.1, 1.0)
    return pd.DataFrame(
        {
            "review_id": rows["review_id"],
            "citation": rows["citation"],
            "year": rows["year"],
            "outcome": rows["outcome"].str.removeprefix("adverse_event: "),
            "percent": rows["estimate"] * per,
            "ci_low": rows["ci_low"] * per,
            "ci_high": rows["ci_high"] * per,
        }
    ).reset_index(drop=True)
