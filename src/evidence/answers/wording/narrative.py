"""One sentence from an estimate, its interval and its certainty, in the words that GRADE keeps for them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

import pandas as pd

from ...effects.arguments import require_choice, require_kind
from ...errors import InvalidInput
from ...models.wording import number
from ..sides import Side, side_of
from .vocabulary import Vocabulary, bundled
from .words import GRADES, WINDOWS, one_sided, people, points_words, trials

Audience = Literal["public", "clinician"]

_MODAL = {"high": "", "moderate": "probably ", "low": "may ", "very low": "may "}
_NAMES = {"SMD": "SMD", "MD100": "mean difference", "RR": "risk ratio", "OR": "odds ratio"}


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
        whom, in words), ``time``,
        ``worthwhile`` (smallest worthwhile effect, in units of the estimate), what `evidence.answers.points.Points`
        gives (``points``, ``points_low``, ``points_high`` ...), ``pi_low``, ``pi_high``, ``i2``, ``share_indirect`` (of
        its evidence, from neighbouring populations). Rows of `rank_conditions` have them.
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
    where = row["where"] or words.conditions.get(row["condition"], "")
    said = f"in {where}, {said}" if where else said
    ends = [f"{said[0].upper()}{said[1:]} ({_numbers(row, side, audience)})"]
    if row["certainty"] == "very low":
        ends[0] += (
            ", but the evidence is very uncertain"
            if side in ("better", "worse", "little")
            else (", and the evidence is very uncertain")
        )
    ends.append(f"Certainty: {row['certainty']}")
    if row["k"] == 2:
        ends.append("Two trials are too few to say how much results vary")
    if row["share_indirect"] > 0.5:
        evidence = "The trial is" if row["k"] == 1 else "Most of this evidence is"
        ends.append(f"{evidence} from {'a neighbouring population' if row['k'] == 1 else 'neighbouring populations'}")
    return ". ".join(ends) + "."


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
    return {"measure": "SMD", "condition": "", "where": "", "time": "", "share_indirect": 0.0, **absent, **row}


def _said(row: dict[str, Any], side: Side, words: Vocabulary) -> str:
    verb, thing = words.does(row["outcome"])
    when = f" {WINDOWS[row['time']]}" if row["time"] in WINDOWS else ""
    other = words.comparators.get(row["comparator"], row["comparator"])
    against = f"compared with {other}"
    slight = "slightly " if side == "better" and row["ci_high"] < row["worthwhile"] else ""
    modal = _MODAL[row["certainty"]]
    base = modal == "may "
    if row["k"] == 1:
        return {
            "better": f"one trial found that acupuncture {slight}{_past(verb)} {thing}{when} {against}",
            "worse": f"one trial found that acupuncture did worse than {other} for {thing}{when}",
            "little": f"one trial found little or no difference in {thing}{when} between acupuncture and {other}",
            "open": f"one trial leaves open whether acupuncture {_third(verb)} {thing}{when} {against}",
        }[side]
    if side == "better":
        return f"acupuncture {modal}{slight}{verb if base else _third(verb)} {thing}{when} {against}"
    if side == "worse":
        return f"acupuncture {modal}{'do' if base else 'does'} worse than {other} for {thing}{when}"
    if side == "little":
        return f"acupuncture {modal}{'make' if base else 'makes'} little or no difference to {thing}{when} {against}"
    alike = one_sided(row["k"], row["trials_better"], row["trials_worse"], other)
    if alike:
        return f"{alike} for {thing}{when}" + ("" if alike.endswith(other) else f" {against}")
    return f"the trials leave open whether acupuncture {_third(verb)} {thing}{when} {against}"


def _third(verb: str) -> str:
    return verb + "s"


def _past(verb: str) -> str:
    return verb + "d"


def _numbers(row: dict[str, Any], side: Side, audience: Audience) -> str:
    low, high, estimate = row["ci_low"], row["ci_high"], row["estimate"]
    whom = f"{trials(int(row['k']))}, {people(row['n'])}"
    ratio = row["measure"] in ("RR", "OR")
    values = [math.exp(value) for value in (estimate, low, high)] if ratio else [estimate, low, high]
    name = _NAMES.get(row["measure"], row["measure"])
    if audience == "clinician":
        parts = [f"{name} {number(values[0])}, 95% CI {number(values[1])} to {number(values[2])}"]
        if not math.isnan(row["pi_low"]) and row["k"] > 2:
            pi = [math.exp(row[x]) if ratio else row[x] for x in ("pi_low", "pi_high")]
            parts.append(f"95% prediction interval {number(pi[0])} to {number(pi[1])}")
        if not math.isnan(row["i2"]) and row["k"] > 1:
            parts.append(f"I² {number(row['i2'], 0)}%")
        return "; ".join([*parts, whom])
    if audience != "public":
        raise InvalidInput(f'audience={audience!r}: choose "public" or "clinician"')
    if not math.isnan(row["points"]):
        amount = points_words(row)
    elif row["measure"] == "MD100":
        amount = f"{number(estimate, 0)} of 100 points, {number(low, 0)} to {number(high, 0)}"
    elif ratio:
        amount = f"{name} {number(values[0])}, {number(values[1])} to {number(values[2])}"
    else:
        amount = f"{number(estimate)} standard deviations, {number(low)} to {number(high)}"
    above = "; above 0 favours acupuncture" if not ratio and side in ("open", "little", "worse") else ""
    above = "; above 1 favours acupuncture" if ratio and side in ("open", "little", "worse") else above
    return f"{amount}{above}; {whom}"
