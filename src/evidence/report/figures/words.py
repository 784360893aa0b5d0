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
from ...answers.wording.words import (
    CERTAINTY,
    GRADE_WORDS,
    WINDOWS,
    capital,
    listed,
    number,
    outcome_words,
    people,
    trials,
    whole,
)
from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...languages import N_, Spoken, _, joined, ngettext, pgettext, spoken
from ...plots.parts.fits import telling_prediction

#: Signs after a trial's name: how its numbers came to be, where no scores were printed.
MARKS: Mapping[str, str] = {"counts": "*", "printed ratio": "*", "exact p": "†"}
_MARK_WORDS: Mapping[str, str] = Spoken({"*": N_("from counts of responders"), "†": N_("from a p value")})
#: Languages whose words are written small inside a sentence.
_LOWERED = ("en", "es")
#: Sign of a trial of a related condition.
ELSEWHERE = "‡"


def outcome_labels(db: EvidenceBase) -> dict[str, str]:
    """Outcomes to what they are called by themselves, as in the row of a figure."""
    return {row["outcome"]: capital(pgettext("outcomes.label", row["label"])) for row in rows_of(db.outcomes)}


def mechanism_labels(db: EvidenceBase, column: str = "label") -> dict[str, str]:
    """Mechanisms to what they are called by themselves; ``column`` "short" for where there is little room."""
    context = "mechanisms.short" if column == "short" else "mechanisms.name"
    return {row["mechanism"]: capital(pgettext(context, row[column])) for row in rows_of(db.mechanisms)}


def lowered(label: str) -> str:
    """A label in running text, where a word is no name: German and Chinese write it as it is."""
    return label.lower() if spoken() in _LOWERED else label


def running(sentence: str) -> str:
    """A sentence that another begins."""
    return f"{sentence[:1].lower()}{sentence[1:]}" if spoken() in _LOWERED else sentence


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
        if self.worthwhile(outcome) is None:
            return None
        return _("worthwhile ≥\xa0{n}\xa0points", n=f"{self._known.points[outcome]:.0f}")

    def zone(self, outcome: str) -> str:
        """What the shaded zone of a figure is."""
        if self.worthwhile(outcome) is None:
            return ""
        return _("The shaded zone is an effect of {n} of 100 points or more.", n=f"{self._known.points[outcome]:.0f}")

    def words(self, outcome: str) -> str:
        """What a standard deviation is, and where the worthwhile effect begins."""
        worthwhile = self.worthwhile(outcome)
        if worthwhile is None:
            return ""
        sd, low, high, k = (float(self._known.reference[name][outcome]) for name in ("sd", "low", "high", "k"))
        return _(
            "One standard deviation is {sd} points of 100, the median of {trials} that print {outcome} scores (half of "
            "them between {low} and {high}); the shaded zone begins at {points} points ({least} SD), the smallest "
            "effect taken as worthwhile.",
            sd=number(sd, 1),
            trials=trials(int(k)),
            outcome=outcome_words(outcome),
            low=number(low, 0),
            high=number(high, 0),
            points=f"{worthwhile * sd:.0f}",
            least=number(worthwhile),
        )


def about(words: Vocabulary, condition: str, outcome: str, time: str) -> str:
    """Title of a condition's figure."""
    return capital(
        _(
            "{condition}: {outcome} {when}",
            condition=words.condition_names[condition],
            outcome=outcome_words(outcome),
            when=WINDOWS[time],
        )
    )


def main_pool(pools: pd.DataFrame) -> dict[str, Any]:
    """The pool a caption is about: against sham where there is one, else that of most people."""
    sham = pools[pools["comparator"] == "sham"]
    return rows_of(sham if len(sham) else pools.nlargest(1, "n"))[0]


def amount(row: Mapping[str, Any]) -> str:
    """One pool as numbers: 12 points (3 to 26, 2 trials); 0.81 standard deviations (...) where it has no points."""
    if math.isnan(row.get("points", math.nan)):
        mean, low, high = (number(row[name]) for name in ("estimate", "ci_low", "ci_high"))
        named = {"mean": mean, "low": low, "high": high, "trials": trials(row["k"])}
        return _("{mean} standard deviations ({low} to {high}, {trials})", **named)
    mean, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
    return _("{mean} points ({low} to {high}, {trials})", mean=mean, low=low, high=high, trials=trials(row["k"]))


def brief(words: Vocabulary, row: Mapping[str, Any]) -> str:
    """One pool in a few words: against drugs 12 points (−3 to 26, 2 trials)."""
    return _("against {comparator} {amount}", comparator=words.comparators[row["comparator"]], amount=amount(row))


def others(words: Vocabulary, pools: pd.DataFrame) -> str:
    """Every pool but the main one, in points of 100."""
    main = main_pool(pools)["comparator"]
    rest = [brief(words, row) for row in rows_of(pools) if row["comparator"] != main]
    if not rest:
        return ""
    return _("Also, of 100 points with 95% intervals: {results}.", results=_("; ").join(rest))


def indirect(effects: pd.DataFrame) -> str:
    """How many trials there are, and how many of them studied a related condition."""
    every = effects.drop_duplicates("study")  # a trial with two comparators has two rows
    k = int((every["directness"] == "indirect").sum())
    if k:
        return ngettext(
            "{n} of {trials} studied a related condition.",
            "{n} of {trials} studied a related condition.",
            k,
            trials=trials(len(every)),
        )
    return capital(_("{trials} in all.", trials=trials(len(every))))


def not_drawn(results: Results, condition: str, outcome: str, only: str = "") -> tuple[str, str]:
    """Trials of a condition that give no number for an outcome, by comparator: briefly, and with what they tell."""
    words, short, told = results.words, [], []
    for comparator, against in words.comparators.items():
        if only not in ("", comparator):
            continue
        row = results.context.known.of([condition], comparator, [outcome]).numbers()
        if row["trials_missing"]:
            other = words.short_comparators[comparator]
            short.append(_("{n} against {comparator}", n=row["trials_missing"], comparator=other))
            told.append(_("against {comparator} {amount}", comparator=against, amount=in_short(row)))
    if not told:
        return "", ""
    return (
        _("Trials without a number: {counted}.", counted=_(", ").join(short)),
        _("Trials without a number, not drawn: {counted}.", counted=_("; ").join(told)),
    )


def marks_key(marks: Sequence[str]) -> str:
    """What the signs after trials' names mean; "" when none is set."""
    set_ = "".join(marks)
    used = [f"{sign} {words}" for sign, words in _MARK_WORDS.items() if sign in set_]
    whom = f"{ELSEWHERE} {_('Of a related condition.')}" if ELSEWHERE in set_ else ""
    return joined(_("Effect {marks}.", marks=listed(used)) if used else "", whom)


def shapes_key(pools: pd.DataFrame, card: bool) -> str:
    """How to read the marks that are drawn."""
    if card:
        return _("Dots are effects with their intervals, one for each comparison.")
    several = pools[pools["k"] > 1]
    if several.empty:
        return _("Squares are trials, larger where they count for more.")
    if not predicted(several):
        return _(
            "Squares are trials, larger where they count for more; a diamond is all trials of one comparison taken "
            "together."
        )
    return _(
        "Squares are trials, larger where they count for more; a diamond is all trials of one comparison taken "
        "together, the thin bar where a new trial may fall."
    )


def predicted(pools: pd.DataFrame) -> bool:
    """Whether the prediction interval of a pool is drawn: of three trials or more, where it is wider than the other."""
    ends = pools[["k", "ci_low", "ci_high", "pi_low", "pi_high"]].itertuples(index=False, name=None)
    return any(telling_prediction(k, (low, high), (pi_low, pi_high)) for k, low, high, pi_low, pi_high in ends)


def answer_note(row: Mapping[str, Any], words: Vocabulary) -> str:
    """What stands under the heading of a comparison: points of 100, certainty, and whom its trials treated."""
    beside, share = row["condition"] not in words.article, row["share_indirect"]
    whom = words.short_conditions[row["condition"]] if beside else _("related conditions") if share == 1 else ""
    if not beside and 0 < share < 1:
        whom = _("{n} of {trials} of related conditions", n=round(share * row["k"]), trials=trials(row["k"]))
    mean, low, high = (row["points"], row["points_low"], row["points_high"])
    points = (
        ""
        if math.isnan(mean)
        else _("{n} of 100 points ({low} to {high})", n=whole(mean), low=whole(low), high=whole(high))
    )
    return capital(_("; ").join(part for part in (points, CERTAINTY[row["certainty"]], whom) if part))


def signs_key(pools: pd.DataFrame) -> str:
    """What the marks of pooled effects mean, of those that are drawn."""
    thin = _("Thin bar: where a new trial may fall.") if predicted(pools) else ""
    hollow = _("Hollow: one trial.") if (pools["k"] == 1).any() else ""
    return joined(thin, hollow)


def counts(row: Mapping[str, Any]) -> str:
    """What a row of a ranking rests on."""
    k, missing, told = row["k"], row["trials_missing"], told_instead(row)
    if not k and not missing:
        return str(row["note"])
    if not k:
        without = {"trials": trials(missing), "told": told}
        return (
            _("no number: {trials} without one ({told})", **without)
            if told
            else _("no number: {trials} without one", **without)
        )
    share, said = row["share_indirect"], _("{trials}, {people}", trials=trials(k), people=people(row["n"]))
    if share == 1:
        said = _("{counted}, of a related condition", counted=said)
    elif share:
        said = _("{counted}, {n} of related conditions", counted=said, n=round(share * k))
    if isinstance(row.get("certainty"), str) and row["certainty"]:
        said = capital(_("{certainty}: {counted}", certainty=CERTAINTY[row["certainty"]], counted=said))
    if missing and told:
        return _("{counted}; {n} more without a number ({told})", counted=said, n=missing, told=told)
    return _("{counted}; {n} more without a number", counted=said, n=missing) if missing else said


def certainty_of_conditions(ranked: pd.DataFrame) -> str:
    """How sure results are about each condition, in one sentence.

    Parameters
    ----------
    ranked : DataFrame
        ``k``, ``certainty`` and ``label``.
    """
    said = [_("{grade} for {labels}", grade=grade, labels=labels) for grade, labels in _by_grade(ranked)]
    return _same_grade(ranked) or _("Certainty: {grades}.", grades=_("; ").join(said))


def certainty_of_comparisons(pools: pd.DataFrame) -> str:
    """How sure results are against each comparator. Parameters as for `certainty_of_conditions`."""
    said = [_("{grade} against {labels}", grade=grade, labels=labels) for grade, labels in _by_grade(pools)]
    return _same_grade(pools) or _("Certainty: {grades}.", grades=_("; ").join(said))


def _same_grade(rows: pd.DataFrame) -> str:
    """How sure all results are, where that is the same for each; else ""."""
    there = rows[rows["k"] > 0]
    if there["certainty"].nunique() != 1:
        return ""
    grade = GRADE_WORDS[there["certainty"].iloc[0]]
    if len(there) > 1:
        return _("Certainty of each result: {grade}.", grade=grade)
    return _("Certainty of the result: {grade}.", grade=grade)


def _by_grade(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Grades in words, to the labels that have them."""
    grades = rows[rows["k"] > 0].groupby("certainty", sort=False)["label"].agg(list)
    return [(GRADE_WORDS[str(grade)], listed(labels)) for grade, labels in grades.items()]
