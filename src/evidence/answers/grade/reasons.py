"""Why a step of the certainty was taken or not, in the language that is spoken: clauses without a stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...languages import _, ngettext, pgettext, pointed
from ...models.wording import p_value
from ..wording.missing import which_way
from ..wording.words import number, people
from .concerns import concern_words

Why = Callable[[], str]


def risk_of_bias(
    known: float, concerns: Sequence[str], open_: float, doubts: Sequence[str], judged: int, k: int
) -> str:
    """Percent of the weight with known concerns and with open questions, and how many trials a review judged."""
    share = {"share": _share(known)}
    if concerns:
        said = _("{share} of the weight has a known concern ({concerns})", concerns=_listed(concerns), **share)
    else:
        said = _("{share} of the weight has a known concern", **share)
    source = _(
        "a published review judged the risk of bias in {judged} of {k}; the others by their own words",
        judged=judged,
        k=k,
    )
    if not open_:
        return _("{known}, {judged}", known=said, judged=source)
    unknown = _("in {share} more it is not known ({doubts})", share=_share(open_), doubts=_listed(doubts))
    return _("{known}, {unknown}, {judged}", known=said, unknown=unknown, judged=source)


def one_trial() -> str:
    """Nothing to agree with."""
    return _("one trial: agreement cannot be judged")


def inconsistency(i2: float, p: float, low: float, high: float) -> str:
    """I², its test, and the prediction interval, NaN where there is none."""
    if math.isnan(low):
        ahead = _("too few trials to say where a new one would fall")
    else:
        ahead = _("a new trial's effect is expected between {low} and {high}", low=number(low), high=number(high))
    return _("I² {i2}, p {p}; {ahead}", i2=_share(i2), p=pointed(p_value(p)), ahead=ahead)


def indirectness(others: float, outcome: float, stands_in: str) -> str:
    """Percent of the weight in other people and in another outcome, or why the whole pool only stands in."""
    people_ = _("{share} of the weight is in related conditions", share=_share(others))
    if stands_in:  # words of claims.csv, or a message that the code itself gives
        doubt = _(pgettext("claims.stands_in", stands_in))
    else:
        doubt = _("{share} is another outcome that stands in for this one", share=_share(outcome))
    return _("; ").join([people_, doubt])


def imprecision(kind: str, low: float, high: float, agreed: bool, least: float, n: float, needed: float) -> str:
    """The interval by its kind (*both*, *open*, *little*, *clear*), and the people against those needed."""
    bounds = {"low": number(low), "high": number(high)}
    if agreed:
        which = _("from {low} to {high}, the same trials if they agreed,", **bounds)
    else:
        which = _("from {low} to {high}", **bounds)
    told = {"bounds": which, "people": people(n), "needed": number(needed, 0)}
    if kind == "both":
        return _(
            "the interval {bounds} includes worthwhile benefit and worthwhile harm; {people} of {needed} needed", **told
        )
    if kind == "open":
        return _("the interval {bounds} includes no effect and a worthwhile one; {people} of {needed} needed", **told)
    if kind == "little":
        return _(
            "the interval {bounds} lies within ±{least}, the smallest effect that counts; {people} of {needed} needed",
            least=number(least),
            **told,
        )
    return _("the interval {bounds} excludes no effect; {people} of {needed} needed", **told)


def without_sizes() -> str:
    """Directions are all that is known."""
    return _("no trial says how large the effect is")


def publication_bias(
    asymmetry: float, higher: bool, few_per_arm: int, pooled: float, missing: Mapping[str, Any]
) -> str:
    """The funnel, small trials alone, and trials without a number.

    Parameters
    ----------
    asymmetry : float
        p of the test of the funnel, NaN where it was not asked.
    higher : bool
        True where smaller trials find more.
    few_per_arm : int
        People that no trial has in both arms, 0 where this is no concern.
    pooled : float
        People in the pool.
    missing : mapping
        Columns of `evidence.answers.known_trials.Account.numbers`.
    """
    parts, p = [], pointed(p_value(asymmetry))
    if higher:
        parts.append(_("asymmetry of the funnel p {p}, smaller trials higher", p=p))
    elif not math.isnan(asymmetry):
        parts.append(_("asymmetry of the funnel p {p}", p=p))
    if few_per_arm:
        parts.append(
            _(
                "every trial has fewer than {people} in an arm and together they favour acupuncture",
                people=people(few_per_arm),
            )
        )
    if k := int(missing["trials_missing"]):
        parts.append(
            ngettext(
                "{n} known trial gives no number ({missing}, against {pooled} in the pool)",
                "{n} known trials give no number ({missing}, against {pooled} in the pool)",
                k,
                missing=people(missing["people_missing"]),
                pooled=people(pooled),
            )
        )
    else:
        parts.append(_("no trial known whose result is missing"))
    went = which_way(missing, _("the comparator"))
    return _("; ").join([*parts, went] if went else parts)


def large_effect(low: float) -> str:
    """Where the interval begins."""
    return _("the interval begins at {low}", low=number(low))


def no_line() -> str:
    """Sessions and effects on which no line can be drawn."""
    return _("no line can be drawn through the sessions")


def dose_gradient(slope: float, low: float, high: float) -> str:
    """The slope over sessions, and its interval."""
    bounds = {"low": number(low, 3), "high": number(high, 3)}
    return _("{slope} a session, {low} to {high}", slope=number(slope, 3), **bounds)


def few_doses(k: int) -> str:
    """Too few trials that tell their sessions."""
    return ngettext("sessions known in {n} trials: too few", "sessions known in {n} trials: too few", k)


def not_measured() -> str:
    """What nothing in the data measures."""
    return _("not measured by anything in the data")


def _share(percent: float) -> str:
    return _("{n}%", n=number(percent, 0))


def _listed(concerns: Sequence[str]) -> str:
    return _("; ").join(map(concern_words, concerns))
