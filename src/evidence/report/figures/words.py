"""Words of the figures: what captions, alt texts and source lines say, from the numbers that were drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...answers.grade.worthwhile import Worthwhile
from ...answers.results import Results
from ...answers.wording.missing import in_short, told_instead
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, capital, listed, outcome_words, people, trials, whole
from ...base.rows import rows_of
from ...models.wording import number
from ...plots.parts.fits import telling_prediction

#: Signs after a trial's name: how its numbers came to be, where no scores were printed.
MARKS: Mapping[str, str] = {"counts": "*", "printed ratio": "*", "exact p": "†"}
_MARK_WORDS: Mapping[str, str] = {"*": "from counts of responders", "†": "from a p value"}
#: Sign of a trial of a related condition.
ELSEWHERE = "‡"


class Scale:
    """One standard deviation in points of 100, and the smallest effect taken as worthwhile, by outcome.

    Parameters
    ----------
    known : Worthwhile
        Of the whole base.
    """

    def __init__(self, known: Worthwhile) -> None:
        self._known = known

    def worthwhile(self, outcome: str) -> float | None:
        """The smallest worthwhile effect in standard deviations; None where none is agreed."""
        least = self._known.of([outcome], "SMD")
        return None if math.isnan(least) else least

    def zone_begins(self, outcome: str, points: bool) -> float | None:
        """Where the zone of worthwhile effects begins on an axis in points of 100, or in standard deviations."""
        return self._known.points.get(outcome) if points else self.worthwhile(outcome)

    def band(self, outcome: str) -> str | None:
        """What stands over that zone; None where there is none."""
        return (
            None if self.worthwhile(outcome) is None else f"worthwhile ≥\xa0{self._known.points[outcome]:.0f}\xa0points"
        )

    def zone(self, outcome: str) -> str:
        """What the shaded zone of a figure is."""
        if self.worthwhile(outcome) is None:
            return ""
        return f"The shaded zone is an effect of {self._known.points[outcome]:.0f} of 100 points or more."

    def words(self, outcome: str) -> str:
        """What a standard deviation is, and where the worthwhile effect begins."""
        worthwhile = self.worthwhile(outcome)
        if worthwhile is None:
            return ""
        sd, low, high, k = (float(self._known.reference[name][outcome]) for name in ("sd", "low", "high", "k"))
        return (
            f"One standard deviation is {number(sd, 1)} points of 100, the median of {trials(int(k))} that print "
            f"{outcome_words(outcome)} scores (half of them between {number(low, 0)} and {number(high, 0)}); the "
            f"shaded zone begins at {worthwhile * sd:.0f} points ({number(worthwhile)} SD), the smallest effect taken "
            "as worthwhile."
        )


def about(words: Vocabulary, condition: str, outcome: str, time: str) -> str:
    """Title of a condition's figure."""
    return f"{capital(words.conditions[condition])}: {outcome_words(outcome)} {WINDOWS[time]}"


def main_pool(pools: pd.DataFrame) -> dict[str, Any]:
    """The pool a caption is about: against sham where there is one, else that of most people."""
    sham = pools[pools["comparator"] == "sham"]
    return rows_of(sham if len(sham) else pools.nlargest(1, "n"))[0]


def amount(row: Mapping[str, Any]) -> str:
    """One pool as numbers: 12 points (3 to 26, 2 trials); 0.81 standard deviations (...) where it has no points."""
    if math.isnan(row.get("points", math.nan)):
        middle, low, high = (number(row[name]) for name in ("estimate", "ci_low", "ci_high"))
        return f"{middle} standard deviations ({low} to {high}, {trials(row['k'])})"
    mean, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
    return f"{mean} points ({low} to {high}, {trials(row['k'])})"


def brief(words: Vocabulary, row: Mapping[str, Any]) -> str:
    """One pool in a few words: against drugs 12 points (−3 to 26, 2 trials)."""
    return f"against {words.comparators[row['comparator']]} {amount(row)}"


def others(words: Vocabulary, pools: pd.DataFrame) -> str:
    """Every pool but the main one, in points of 100."""
    main = main_pool(pools)["comparator"]
    rest = [brief(words, row) for row in rows_of(pools) if row["comparator"] != main]
    return f"Also, of 100 points with 95% intervals: {'; '.join(rest)}." if rest else ""


def indirect(effects: pd.DataFrame) -> str:
    """How many trials there are, and how many of them studied a related condition."""
    every = effects.drop_duplicates("study")  # a trial with two comparators has two rows
    k = int((every["directness"] == "indirect").sum())
    return (
        f"{k} of {trials(len(every))} studied a related condition." if k else f"{capital(trials(len(every)))} in all."
    )


def not_drawn(results: Results, condition: str, outcome: str, only: str = "") -> tuple[str, str]:
    """Trials of a condition that give no number for an outcome, by comparator: briefly, and with what they tell."""
    words, short, told = results.words, [], []
    for comparator, against in words.comparators.items():
        if only not in ("", comparator):
            continue
        row = results.context.known.of([condition], comparator, [outcome]).numbers()
        if row["trials_missing"]:
            short.append(f"{row['trials_missing']} against {words.short_comparators[comparator]}")
            told.append(f"against {against} {in_short(row)}")
    if not told:
        return "", ""
    return f"Trials without a number: {', '.join(short)}.", f"Trials without a number, not drawn: {'; '.join(told)}."


def marks_key(marks: Sequence[str]) -> str:
    """What the signs after trials' names mean; "" when none is set."""
    set_ = "".join(marks)
    used = [f"{sign} {words}" for sign, words in _MARK_WORDS.items() if sign in set_]
    whom = f"{ELSEWHERE} Of a related condition." if ELSEWHERE in set_ else ""
    return joined(f"Effect {listed(used)}." if used else "", whom)


def predicted(pools: pd.DataFrame) -> bool:
    """Whether the prediction interval of a pool is drawn: of three trials or more, where it is wider than the other."""
    ends = pools[["k", "ci_low", "ci_high", "pi_low", "pi_high"]].itertuples(index=False, name=None)
    return any(telling_prediction(k, (low, high), (pi_low, pi_high)) for k, low, high, pi_low, pi_high in ends)


def answer_note(row: Mapping[str, Any], words: Vocabulary) -> str:
    """What stands under the heading of a comparison: points of 100, certainty, and whom its trials treated."""
    beside, share = row["condition"] not in words.article, row["share_indirect"]
    whom = words.short_conditions[row["condition"]] if beside else "related conditions" if share == 1 else ""
    if not beside and 0 < share < 1:
        whom = f"{round(share * row['k'])} of {trials(row['k'])} of related conditions"
    points = (
        ""
        if math.isnan(row["points"])
        else "{} of 100 points ({} to {})".format(*map(whole, (row["points"], row["points_low"], row["points_high"])))
    )
    return capital("; ".join(part for part in (points, f"{row['certainty']} certainty", whom) if part))


def signs_key(pools: pd.DataFrame) -> str:
    """What the marks of pooled effects mean, of those that are drawn."""
    thin = "Thin bar: where a new trial may fall." if predicted(pools) else ""
    hollow = "Hollow: one trial." if (pools["k"] == 1).any() else ""
    return joined(thin, hollow)


def counts(row: Mapping[str, Any]) -> str:
    """What a row of a ranking rests on."""
    k, missing, told = row["k"], row["trials_missing"], told_instead(row)
    told = f" ({told})" if told else ""
    if not k:
        return f"no number: {trials(missing)} without one{told}" if missing else str(row["note"])
    share = row["share_indirect"]
    sure = (
        capital(f"{row['certainty']} certainty: ") if isinstance(row.get("certainty"), str) and row["certainty"] else ""
    )
    of = "" if not share else ", indirect" if share == 1 else f", {round(share * k)} indirect"
    more = f"; {missing} more without a number{told}" if missing else ""
    return f"{sure}{trials(k)}, {people(row['n'])}{of}{more}"


def certainty_words(ranked: pd.DataFrame, link: str) -> str:
    """How sure results are, in one sentence.

    Parameters
    ----------
    ranked : DataFrame
        ``k``, ``certainty`` and ``label``.
    link : str
        What leads to a label: "for" arthritis, "against" sham.
    """
    there = ranked[ranked["k"] > 0]
    if there["certainty"].nunique() == 1:
        return f"Certainty of {'each result' if len(there) > 1 else 'the result'}: {there['certainty'].iloc[0]}."
    grades = there.groupby("certainty", sort=False)["label"].agg(list)
    return f"Certainty: {'; '.join(f'{grade} {link} {listed(labels)}' for grade, labels in grades.items())}."


def joined(*sentences: str) -> str:
    """Sentences in one paragraph; empty ones leave nothing."""
    return " ".join(" ".join(sentences).split())
