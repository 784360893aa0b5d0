"""Sentences for patients: what an effect says in points of 100, and what is known of harms, without statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...base.rows import rows_of
from ...languages import N_, Spoken, _, decimal, joined, ngettext
from ..harm.benefit_and_harm import BenefitAndHarm
from ..sides import side_of
from .vocabulary import Vocabulary
from .words import capital, one_sided, outcome_words, people, trials, whole

_FOUND: Mapping[str, str] = Spoken(
    {
        "high": N_("people have {what} with acupuncture than with {other}"),
        "moderate": N_("people probably have {what} with acupuncture than with {other}"),
        "low": N_("people may have {what} with acupuncture than with {other}"),
        "very low": N_("people may have {what} with acupuncture than with {other}"),
    }
)
#: What each grade of certainty means (Balshem 2011, 10.1016/j.jclinepi.2010.07.015).
MEANING: Mapping[str, str] = Spoken(
    {
        "high": N_("the true effect is close to this"),
        "moderate": N_("the true effect is probably close to this, but it may differ"),
        "low": N_("the true effect may be quite different"),
        "very low": N_("we hardly know the true effect"),
    }
)


def plain_effect(row: Mapping[str, Any], words: Vocabulary) -> str:
    """What one result means for a patient, in one sentence.

    Parameters
    ----------
    row : mapping
        A row of `summary_of_findings` about an outcome of which less is better: pain or disability.
    words : Vocabulary
        What comparators and outcomes are called.

    Returns
    -------
    str
        What `plain_finding` and `plain_amount` say, and what it rests on.
    """
    finding, amount = plain_finding(row, words), plain_amount(row)
    counted = {"trials": trials(row["k"]), "people": people(row["n"])}
    if not amount:
        return _("{finding} ({trials}, {people}).", finding=finding, **counted)
    return _("{finding}: {amount} ({trials}, {people}).", finding=finding, amount=amount, **counted)


def plain_finding(row: Mapping[str, Any], words: Vocabulary) -> str:
    """Which way one result points, without a number and without a stop.

    Parameters
    ----------
    row : mapping
        As for `plain_effect`.
    words : Vocabulary
        As for `plain_effect`.

    Notes
    -----
    It says that people have less only where both the pooled effect and its points of 100 exclude no difference; where
    one of them includes it, that trials favour a side, not beyond doubt.
    """
    better, other = words.better(row["outcome"]), words.comparators[row["comparator"]]
    thing = words.does(row["outcome"])[1]
    side = side_of(row["estimate"], row["ci_low"], row["ci_high"], row["worthwhile"])
    doubtful = not math.isnan(row["points"]) and row["points_low"] <= 0 <= row["points_high"]
    single, what = row["k"] == 1, better if side == "better" else _("more {thing}", thing=outcome_words(row["outcome"]))
    agreed = one_sided(row["k"], row["trials_better"], row["trials_worse"], other)
    if (side in ("better", "worse") and doubtful) or (side == "open" and agreed):
        who = agreed or _favoured(single, side == "better", other)
        said = _("{who} for {thing}, compared with {other}, but not beyond doubt", who=who, thing=thing, other=other)
    elif side in ("better", "worse") and single:
        said = _("one trial found {what} with acupuncture than with {other}", what=what, other=other)
    elif side in ("better", "worse"):
        said = _FOUND[row["certainty"]].format(what=what, other=other)
    elif side == "little" and single:
        said = _("one trial found little or no difference in {thing} from {other}", thing=thing, other=other)
    elif side == "little":
        said = _("trials found little or no difference in {thing} from {other}", thing=thing, other=other)
    elif single:
        said = _(
            "one trial leaves open whether people have {what} with acupuncture than with {other}",
            what=better,
            other=other,
        )
    else:
        said = _(
            "the trials leave open whether people have {what} with acupuncture than with {other}",
            what=better,
            other=other,
        )
    return capital(said)


def plain_amount(row: Mapping[str, Any]) -> str:
    """How far one result goes, in running text; "" where it is not known in points.

    Parameters
    ----------
    row : mapping
        As for `plain_effect`.

    Returns
    -------
    str
        Points with both ends, each with its direction: "about 8 of 100 points less, anywhere from 3 to 13 less".
    """
    if math.isnan(row["points"]):
        return ""
    middle, low, high = (row[name] for name in ("points", "points_low", "points_high"))
    if round(middle) == 0:
        return _("about no difference, anywhere from {low} to {high}", low=_directed(low), high=_directed(high))
    n = whole(abs(middle))
    if round(low) > 0:
        ends = {"low": whole(low), "high": whole(high)}
        return _("about {n} of 100 points less, anywhere from {low} to {high} less", n=n, **ends)
    ends = {"low": _directed(low), "high": _directed(high)}
    if middle > 0:
        return _("about {n} of 100 points less, anywhere from {low} to {high}", n=n, **ends)
    return _("about {n} of 100 points more, anywhere from {low} to {high}", n=n, **ends)


def plain_harms(both: BenefitAndHarm) -> str:
    """What is known of harms in one condition, in three short sentences.

    Parameters
    ----------
    both : BenefitAndHarm
        Of the condition.
    """
    own = {row["kind"]: row for row in rows_of(both.harm) if row["condition"] == both.condition}
    told, of = both.trials - both.silent, trials(both.trials)
    if told:
        said = ngettext(
            "Of {trials}, {n} says anything of harms.", "Of {trials}, {n} say anything of harms.", told, trials=of
        )
    else:
        said = _("Of {trials}, none says anything of harms.", trials=of)
    return joined(_had_minor(own.get("minor")), _had_serious(own.get("serious")), said)


def _had_minor(row: Mapping[str, Any] | None) -> str:
    """Who had a side effect with acupuncture."""
    if row is None:
        return _("No trial counts how many people had side effects, minor or of no stated severity.")
    n = people(row["n"])
    if not row["events"]:
        return _("With acupuncture, none of {people} had side effects, minor or of no stated severity.", people=n)
    return _(
        "With acupuncture, {events} of {people} had side effects, minor or of no stated severity.",
        events=decimal(row["events"]),
        people=n,
    )


def _had_serious(row: Mapping[str, Any] | None) -> str:
    """Who had a serious one."""
    if row is None:
        return _("No trial counts how many people had serious ones.")
    n = people(row["n"])
    if not row["events"]:
        return _("With acupuncture, none of {people} had serious ones.", people=n)
    return _("With acupuncture, {events} of {people} had serious ones.", events=decimal(row["events"]), people=n)


def _favoured(single: bool, ours: bool, other: str) -> str:
    if single and ours:
        return _("one trial favours acupuncture")
    if single:
        return _("one trial favours {comparator}", comparator=other)
    if ours:
        return _("the trials favour acupuncture")
    return _("the trials favour {comparator}", comparator=other)


def _directed(points: float) -> str:
    """Points above 0 are less of what hurts: "8 less", "1 more", "no difference"."""
    if round(points) == 0:
        return _("no difference")
    n = whole(abs(points))
    return _("{n} less", n=n) if points > 0 else _("{n} more", n=n)
