"""Harms: adverse events in each arm, trials against their comparator, and large surveys."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ..base.rows import rows_of
from ..derive.align import arm_sizes
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.labels import labels
from ..derive.notes import readable
from ..effects.measures.effect_size import effect_size
from ..effects.recover.exact_counts import exact_odds_ratio, exact_proportion
from ..models.result import Result
from .context import Context
from .wording.vocabulary import Vocabulary
from .wording.words import people, trials

_SERIOUS = ("serious", "life threatening")


@dataclass(frozen=True, repr=False, eq=False)
class Safety(Result):
    """What trials and surveys say about harms.

    Attributes
    ----------
    arms : DataFrame
        One row an arm and definition: ``study, label, condition, arm, role, definition, serious, events, n, percent,
        ci_low, ci_high`` (percent, exact), ``note``. Events and intervals only where events and people are known.
    contrasts : DataFrame
        One row a trial with counts in both arms: ``study, label, condition, comparator, definition, ai, n1, ci, n2,
        risk_ratio, risk_ratio_low, risk_ratio_high`` (half an event added to each cell where one is empty),
        ``odds_ratio, odds_ratio_low, odds_ratio_high`` (exact), ``sentence``.
    totals : DataFrame
        Acupuncture and comparator arms of all trials with counts together: ``role, arms, trials, events, n, percent,
        ci_low, ci_high``. A sum over trials that asked differently: a rough size, no estimate.
    surveys : DataFrame
        Single-arm rates from ``published_reviews.csv``: ``review_id, citation, year, outcome, percent, ci_low,
        ci_high``.
    silent : int
        Trials with acupuncture arms whose readable source gives no adverse events.

    See Also
    --------
    safety : collects it.
    exact_proportion : the interval of a proportion.
    exact_odds_ratio : the interval of an odds ratio.

    Examples
    --------
    >>> import evidence as ev
    >>> harms = ev.safety(ev.load())
    >>> sorted(harms.totals["role"])
    ['acupuncture', 'comparator']
    """

    arms: pd.DataFrame
    contrasts: pd.DataFrame
    totals: pd.DataFrame
    surveys: pd.DataFrame
    silent: int

    def _rows(self) -> pd.DataFrame:
        return self.arms.reset_index(drop=True)

    def _title(self) -> str:
        return f"adverse events in {trials(self.arms['study'].nunique())}"

    def _lines(self) -> list[str]:
        return [self.sentence(), *self.contrasts["sentence"]]

    def _table(self) -> pd.DataFrame:
        return self.totals

    def sentence(self) -> str:
        """What may be said about harms.

        Returns
        -------
        str
            A few plain sentences.
        """
        ours = rows_of(self.totals[self.totals["role"] == "acupuncture"]).pop()
        counted = self.arms[self.arms["serious"] & (self.arms["role"] == "acupuncture")]
        serious = counted["events"].fillna(0).sum() + (counted["percent"].fillna(0) > 0).sum()
        text = (
            f"In the acupuncture arms of {trials(ours['trials'])} that count adverse events, {ours['events']:.0f} of "
            f"{people(ours['n'])} had one ({ours['percent']:.1f}%, 95% interval {ours['ci_low']:.1f} to "
            f"{ours['ci_high']:.1f}%)."
        )
        asked = self.surveys.loc[self.surveys["outcome"].str.startswith("at least one"), "percent"]
        if len(asked):
            text += f" Large surveys find at least one in {asked.min():.1f} to {asked.max():.1f}% of patients."
        if len(counted):
            k = counted["study"].nunique()
            none = "none occurred" if serious == 0 else f"{serious:.0f} occurred"
            text += f" Serious events are mentioned for {trials(k)}: {none}."
        return (
            f"{text} {self.silent} trials with readable results say nothing about harms, so absence of reports is not "
            "absence of harm."
        )


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
    effect_size : risk ratios of counts of one's own.
    exact_proportion : the interval of a proportion.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.safety(ev.load()).contrasts.set_index("study").loc["zhu-2024", ["ai", "ci"]].tolist()
    [3.0, 3.0]
    """
    arms = _arms(db)
    has_results = set(db.results["study_id"])
    treated = set(db.arms.loc[db.arms["role"] == "acupuncture", "study_id"])
    silent = len((has_results & treated) - set(arms["study"]))
    return Safety(arms, _contrasts(db, arms, Context.of(db).words), _totals(arms), _surveys(db), silent)


def _arms(db: EvidenceBase) -> pd.DataFrame:
    names, sizes = labels(db), arm_sizes(db)
    conditions = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True))
    roles = {(row["study_id"], row["arm"]): row["role"] for row in rows_of(db.arms)}
    rows = []
    for row in rows_of(db.results[db.results["outcome"] == "adverse_event"]):
        study, arm = row["study_id"], row["arm"]
        n = row["n"] if not math.isnan(row["n"]) else sizes[study, arm].n
        events = row["events"]
        if math.isnan(events) and not math.isnan(row["n"]):
            events = _whole(row["percent"], row["n"])
        rows.append(
            {
                "study": study,
                "label": names[study],
                "condition": conditions[study],
                "arm": arm,
                "role": roles[study, arm],
                "definition": row["definition"],
                "serious": any(word in row["definition"] for word in _SERIOUS),
                "events": events,
                "n": n,
                "percent": row["percent"],
                "note": readable(row["note"], names),
            }
        )
    frame = pd.DataFrame(rows)
    known = frame["events"].notna() & frame["n"].notna()
    found = exact_proportion(frame.loc[known, "events"], frame.loc[known, "n"])
    frame.loc[known, "percent"] = 100 * found.proportion
    frame["ci_low"], frame["ci_high"] = np.nan, np.nan
    frame.loc[known, "ci_low"], frame.loc[known, "ci_high"] = 100 * found.ci_low, 100 * found.ci_high
    return frame


def _whole(percent: float, n: float) -> float:
    """Events behind a printed percentage; NaN where no whole number gives it."""
    events = round(percent * n / 100) if not math.isnan(percent) else math.nan
    return float(events) if abs(100 * events / n - percent) < 0.05 else math.nan


def _contrasts(db: EvidenceBase, arms: pd.DataFrame, words: Vocabulary) -> pd.DataFrame:
    counted = arms[arms["events"].notna() & arms["n"].notna()]
    by_arm: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(counted.sort_values("definition")):
        by_arm[row["study"], row["arm"]].append(row)
    rows: list[dict[str, Any]] = []
    for pair in rows_of(admissible(db)):
        both = product(by_arm[pair["study_id"], pair["arm"]], by_arm[pair["study_id"], pair["versus"]])
        ours, theirs = max(both, key=_alike, default=(None, None))
        if ours is None or theirs is None:
            continue
        a, n1, c, n2 = ours["events"], ours["n"], theirs["events"], theirs["n"]
        exact = exact_odds_ratio(int(a), int(n1 - a), int(c), int(n2 - c))
        row = {name: ours[name] for name in ("study", "label", "condition", "definition")}
        row |= {"comparator": pair["comparator"], "ai": a, "n1": n1, "ci": c, "n2": n2}
        row |= dict(zip(("odds_ratio", "odds_ratio_low", "odds_ratio_high"), exact, strict=True))
        rows.append(row | {"sentence": _contrast_sentence(row, words)} | _risk_ratio(a, n1, c, n2))
    return pd.DataFrame(rows)


def _alike(pair: tuple[dict[str, Any], dict[str, Any]]) -> tuple[bool, float]:
    """Rows of two arms are compared by the same definition, and by what happened most often."""
    return pair[0]["definition"] == pair[1]["definition"], pair[0]["events"] + pair[1]["events"]


def _risk_ratio(a: float, n1: float, c: float, n2: float) -> dict[str, float]:
    """Risk ratio; not estimable without an event in either arm."""
    names = ("risk_ratio", "risk_ratio_low", "risk_ratio_high")
    if a + c == 0:
        return dict.fromkeys(names, math.nan)
    found = effect_size("RR", ai=a, bi=n1 - a, ci=c, di=n2 - c).iloc[0]
    half = 1.959963984540054 * math.sqrt(found["vi"])
    return dict(zip(names, np.exp([found["yi"], found["yi"] - half, found["yi"] + half]).tolist(), strict=True))


def _contrast_sentence(row: dict[str, Any], words: Vocabulary) -> str:
    against = words.comparators[row["comparator"]]
    ours, theirs = (f"{row[x]:.0f} of {row[n]:.0f}" for x, n in (("ai", "n1"), ("ci", "n2")))
    text = f"{row['label']}: {ours} with acupuncture, {theirs} with {against}"
    if row["ai"] + row["ci"] == 0:
        return f"{text}: no event, so nothing can be compared."
    side = (
        "fewer with acupuncture"
        if row["odds_ratio_high"] < 1
        else "more with acupuncture"
        if row["odds_ratio_low"] > 1
        else "the difference may be chance"
    )
    return f"{text}: {side}."


def _totals(arms: pd.DataFrame) -> pd.DataFrame:
    """People with an event: of the kinds that an arm counts the most frequent, since one person may have several."""
    counted = arms[arms["events"].notna() & arms["n"].notna() & ~arms["serious"]]
    counted = counted.sort_values("events", ascending=False).drop_duplicates(["study", "arm"])
    rows = []
    for name, group in counted.groupby(np.where(counted["role"] == "acupuncture", "acupuncture", "comparator")):
        events, n = group["events"].sum(), group["n"].sum()
        found = exact_proportion(events, n)
        rows.append(
            {
                "role": name,
                "arms": len(group),
                "trials": group["study"].nunique(),
                "events": events,
                "n": n,
                "percent": 100 * found.proportion,
                "ci_low": 100 * found.ci_low,
                "ci_high": 100 * found.ci_high,
            }
        )
    return pd.DataFrame(rows)


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
