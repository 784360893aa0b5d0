"""One sentence from an estimate, its interval and its certainty, in the words that GRADE keeps for them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

import pandas as pd

from ...effects.arguments import require_choice, require_kind
from ...errors import InvalidInput
from ...languages import N_, Spoken, _, joined
from ..sides import Side, side_of
from .vocabulary import Vocabulary, bundled
from .words import GRADE_WORDS, GRADES, WINDOWS, capital, number, one_sided, people, placed, points_words, trials

Audience = Literal["public", "clinician"]

_NAMES: Mapping[str, str] = Spoken(
    {"SMD": N_("SMD"), "MD100": N_("mean difference"), "RR": N_("risk ratio"), "OR": N_("odds ratio")}
)
#: What a treatment does: after *acupuncture*, after *acupuncture may*, and in a trial that found it.
_DOES = Spoken(
    {
        "reduce": N_("reduces"),
        "improve": N_("improves"),
        "increase": N_("increases"),
        "raise": N_("raises"),
        "change": N_("changes"),
    }
)
_MAY = Spoken(
    {
        "reduce": N_("reduce"),
        "improve": N_("improve"),
        "increase": N_("increase"),
        "raise": N_("raise"),
        "change": N_("change"),
    }
)
_DID = Spoken(
    {
        "reduce": N_("reduced"),
        "improve": N_("improved"),
        "increase": N_("increased"),
        "raise": N_("raised"),
        "change": N_("changed"),
    }
)
#: What several trials permit to say, by which side they lie on and how sure that is.
_SAID: Mapping[tuple[str, str], str] = {
    ("better", "high"): N_("acupuncture {does} {thing} {against}"),
    ("better", "moderate"): N_("acupuncture probably {does} {thing} {against}"),
    ("better", "low"): N_("acupuncture may {may} {thing} {against}"),
    ("slightly", "high"): N_("acupuncture slightly {does} {thing} {against}"),
    ("slightly", "moderate"): N_("acupuncture probably slightly {does} {thing} {against}"),
    ("slightly", "low"): N_("acupuncture may slightly {may} {thing} {against}"),
    ("worse", "high"): N_("acupuncture does worse than {other} for {thing}"),
    ("worse", "moderate"): N_("acupuncture probably does worse than {other} for {thing}"),
    ("worse", "low"): N_("acupuncture may do worse than {other} for {thing}"),
    ("little", "high"): N_("acupuncture makes little or no difference to {thing} {against}"),
    ("little", "moderate"): N_("acupuncture probably makes little or no difference to {thing} {against}"),
    ("little", "low"): N_("acupuncture may make little or no difference to {thing} {against}"),
}
#: What one trial permits to say.
_FOUND: Mapping[str, str] = {
    "better": N_("one trial found that acupuncture {did} {thing} {against}"),
    "slightly": N_("one trial found that acupuncture slightly {did} {thing} {against}"),
    "worse": N_("one trial found that acupuncture did worse than {other} for {thing}"),
    "little": N_("one trial found little or no difference in {thing} between acupuncture and {other}"),
    "open": N_("one trial leaves open whether acupuncture {does} {thing} {against}"),
}


def sentence(
    result: Mapping[str, Any] | pd.Series | pd.DataFrame,
    audience: Audience = "public",
    *,
    words: Vocabulary | None = None,
) -> str:
    """What a result permits to say.

    Parameters
    ----------
    result : mapping, Series or frame of one row
        ``outcome`` (several joined by "|"), ``comparator``, ``k``, ``n``, ``estimate``, ``ci_low``, ``ci_high`` (above
        0 favours acupuncture) and ``certainty``; where known ``measure`` (default SMD), ``condition``, ``where`` (in
        whom, in words), ``whom`` (of which trials, in words), ``time``,
        ``worthwhile`` (smallest worthwhile effect, in units of the estimate), what `evidence.answers.points.Points`
        gives (``points``, ``points_low``, ``points_high`` ...), ``pi_low``, ``pi_high``, ``i2``, ``share_indirect`` (of
        its evidence, from related conditions). Rows of `rank_conditions` have them.
    audience : {"public", "clinician"}
        Points of 100 and plain words, or the estimate with its interval and heterogeneity.
    words : Vocabulary, optional
        What conditions, comparators and outcomes are called. Default: as in the data that comes with the package.

    Returns
    -------
    str
        What the interval says, how sure it is, and what it rests on.

    Raises
    ------
    InvalidInput
        A value is missing, the interval does not hold its estimate, or the certainty is no grade.

    See Also
    --------
    certainty : grades a pool.
    rank_conditions : rows that sentences can be made of.
    summary_of_findings : the same, with a sentence a row.

    Notes
    -----
    The interval decides what is said: above 0 acupuncture does better; below 0 worse; around 0 but within the
    smallest worthwhile effect either way, little or no difference; else the question is open. The certainty decides
    how: high "reduces", moderate "probably reduces", low "may reduce", very low "may reduce, but the evidence is very
    uncertain". "Slightly" where the whole interval is below the smallest worthwhile effect. A single trial is told in
    the past tense, as what it found.

    References
    ----------
    Santesso et al. (2020), Journal of Clinical Epidemiology 119:126, 10.1016/j.jclinepi.2019.10.014.

    Examples
    --------
    >>> import evidence as ev
    >>> result = {"outcome": "pain", "comparator": "sham", "k": 8, "n": 1200, "estimate": 0.4, "ci_low": 0.2,
    ...           "ci_high": 0.6, "certainty": "moderate"}
    >>> print(ev.sentence(result))  # doctest: +NORMALIZE_WHITESPACE
    Acupuncture probably reduces pain compared with sham acupuncture (0.40 standard deviations, 0.20 to 0.60; 8 trials,
    1,200 people). Certainty: moderate.
    """
    require_choice("audience", audience, get_args(Audience))
    require_kind("words", words, Vocabulary | None, "what Vocabulary.of makes of a base")
    row, words = _row(result), bundled() if words is None else words
    side = side_of(row["estimate"], row["ci_low"], row["ci_high"], row["worthwhile"])
    said = _said(row, side, words)
    said = placed(row["where"] or words.conditions.get(row["condition"], ""), said)
    said = _("{whom}, {said}", whom=row["whom"], said=said) if row["whom"] else said
    first = _("{sentence} ({numbers})", sentence=capital(said), numbers=_numbers(row, side, audience))
    if row["certainty"] == "very low" and side == "open":
        first = _("{sentence}, and the evidence is very uncertain", sentence=first)
    elif row["certainty"] == "very low":
        first = _("{sentence}, but the evidence is very uncertain", sentence=first)
    ends = [_("{what}.", what=first), _("Certainty: {grade}.", grade=GRADE_WORDS[row["certainty"]])]
    if row["k"] == 2:
        ends.append(_("Two trials are too few to say how much results vary."))
    if row["share_indirect"] > 0.5 and row["k"] == 1:
        ends.append(_("The trial studied a related condition."))
    elif row["share_indirect"] > 0.5:
        ends.append(_("Most of this evidence is from related conditions."))
    return joined(*ends)


def _row(result: Mapping[str, Any] | pd.Series | pd.DataFrame) -> dict[str, Any]:
    if isinstance(result, pd.DataFrame):
        if len(result) != 1:
            raise InvalidInput(f"a frame of {len(result)} rows: a sentence is about one; give one row")
        result = result.iloc[0]
    if not isinstance(result, Mapping | pd.Series):
        raise InvalidInput(f"result is a {type(result).__name__}; give a mapping, a Series or a frame of one row")
    row = {str(name): value for name, value in result.items()}
    needed = ("outcome", "comparator", "k", "n", "estimate", "ci_low", "ci_high", "certainty")
    for name in needed:
        value = row.get(name)
        if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
            raise InvalidInput(f"no {name} in the result: a sentence needs {', '.join(needed)}")
    if row["certainty"] not in GRADES:
        raise InvalidInput(f"certainty={row['certainty']!r}: choose among {', '.join(GRADES)}")
    absent = dict.fromkeys(("worthwhile", "points", "points_low", "points_high", "pi_low", "pi_high", "i2"), math.nan)
    absent |= dict.fromkeys(("points_sd_low", "points_sd_high"), math.nan) | {
        "points_cut": False,
        "trials_better": 0,
        "trials_worse": 0,
    }
    return {
        "measure": "SMD",
        "condition": "",
        "where": "",
        "whom": "",
        "time": "",
        "share_indirect": 0.0,
        **absent,
        **row,
    }


def _said(row: dict[str, Any], side: Side, words: Vocabulary) -> str:
    verb, thing = words.does(row["outcome"])
    if row["time"] in WINDOWS:
        thing = _("{outcome} {when}", outcome=thing, when=WINDOWS[row["time"]])
    other = words.comparators.get(row["comparator"], row["comparator"])
    against = _("compared with {comparator}", comparator=other)
    slight = side == "better" and row["ci_high"] < row["worthwhile"]
    how, sure = "slightly" if slight else side, "low" if row["certainty"] == "very low" else row["certainty"]
    named = {"thing": thing, "other": other, "against": against}
    named |= {  # a verb that only the data know stays English
        "does": _DOES.get(verb, f"{verb}s"),
        "may": _MAY.get(verb, verb),
        "did": _DID.get(verb, f"{verb}d"),
    }
    if row["k"] == 1:
        return _(_FOUND[how], **named)
    if side != "open":
        return _(_SAID[how, sure], **named)
    alike = one_sided(row["k"], row["trials_better"], row["trials_worse"], other)
    if not alike:
        return _("the trials leave open whether acupuncture {does} {thing} {against}", **named)
    if row["k"] == row["trials_worse"]:
        return _("{trials_agree} for {thing}", trials_agree=alike, thing=thing)
    return _("{trials_agree} for {thing} {against}", trials_agree=alike, thing=thing, against=against)


def _numbers(row: dict[str, Any], side: Side, audience: Audience) -> str:
    low, high, estimate = row["ci_low"], row["ci_high"], row["estimate"]
    whom = _("{trials}, {people}", trials=trials(int(row["k"])), people=people(row["n"]))
    ratio = row["measure"] in ("RR", "OR")
    values = [math.exp(value) for value in (estimate, low, high)] if ratio else [estimate, low, high]
    name = _NAMES.get(row["measure"], row["measure"])
    if audience == "clinician":
        parts = [_("{measure} {estimate}, 95% CI {low} to {high}", measure=name, **_ends(values))]
        if not math.isnan(row["pi_low"]) and row["k"] > 2:
            pi = [math.exp(row[x]) if ratio else row[x] for x in ("pi_low", "pi_high")]
            parts.append(_("95% prediction interval {low} to {high}", low=number(pi[0]), high=number(pi[1])))
        if not math.isnan(row["i2"]) and row["k"] > 1:
            parts.append(f"I² {number(row['i2'], 0)}%")
        return _("; ").join([*parts, whom])
    if audience != "public":
        raise InvalidInput(f'audience={audience!r}: choose "public" or "clinician"')
    if not math.isnan(row["points"]):
        amount = points_words(row)
    elif row["measure"] == "MD100":
        amount = _("{estimate} of 100 points, {low} to {high}", **_ends(values, 0))
    elif ratio:
        amount = _("{measure} {estimate}, {low} to {high}", measure=name, **_ends(values))
    else:
        amount = _("{estimate} standard deviations, {low} to {high}", **_ends(values))
    if side in ("open", "little", "worse"):
        amount = (
            _("{amount}; above 1 favours acupuncture", amount=amount)
            if ratio
            else _("{amount}; above 0 favours acupuncture", amount=amount)
        )
    return _("; ").join([amount, whom])


def _ends(values: list[float], digits: int = 2) -> dict[str, str]:
    return {name: number(value, digits) for name, value in zip(("estimate", "low", "high"), values, strict=True)}
