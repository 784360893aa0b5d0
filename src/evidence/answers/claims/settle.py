"""What would settle a claim: how many more people, or what no trial has done yet."""

from __future__ import annotations

import math

from ...languages import N_, Spoken, _, decimal, ngettext
from ...sensitivity.sequential.required import required_information_size
from ..context import Context
from ..grade.certainty import Certainty
from ..grade.rules import LEAST_PEOPLE
from ..grade.synthesis import Synthesis
from ..pooling import ENOUGH
from ..wording.vocabulary import Vocabulary
from ..wording.words import listed, people, trials
from .comparison import ComparisonResult, Part, judge_part
from .question import ANY, Question, by_condition

_POWER = 0.8
#: What else than people takes certainty away, and what would give it back.
_REMEDIES = Spoken(
    {
        "risk_of_bias": N_("trials that keep patients and assessors blind"),
        "inconsistency": N_("a reason why trials disagree"),
        "indirectness": N_("trials of the very patients and outcome that are asked about"),
    }
)


def people_needed(worthwhile: float, diversity: float = 0.0) -> float:
    """People in all trials together that would settle the smallest worthwhile effect.

    Parameters
    ----------
    worthwhile : float
        The smallest worthwhile effect in standard deviations.
    diversity : float
        D², the share of the variance of the pooled effect that comes from differences between trials.

    Notes
    -----
    The required information size, 4 (z_a + z_b)² / worthwhile² / (1 - D²) with a two-sided alpha of 5% and 80% power,
    two arms of equal size (Wetterslev et al. 2009, BMC Medical Research Methodology 9:86); and never fewer than the
    certainty asks of any outcome (`evidence.answers.grade.rules.LEAST_PEOPLE`): a claim that too few people speak for
    is not settled, whatever the size sought.
    """
    size = required_information_size(worthwhile, sd=1.0, power=_POWER, diversity=diversity).people
    return float(max(size, LEAST_PEOPLE))


def diversity(pool: Synthesis) -> float:
    """D² of a pool of five trials or more; 0 for fewer, which cannot tell how much they differ.

    Notes
    -----
    1 - v_fixed / v_random, the variances of the pooled effect without and with differences between trials.
    """
    if pool.k < ENOUGH or math.isnan(pool.tau2):
        return 0.0
    v = pool.frame.drop_duplicates("study")["vi"].to_numpy(float)
    return 1 - float((1 / (v + pool.tau2)).sum() / (1 / v).sum())


def settles(question: Question, part: Part, words: Vocabulary) -> str:
    """What would settle one part of a claim, in one line; "" where it is supported.

    Parameters
    ----------
    question : Question
        The claim.
    part : Part
        Its part, with the verdict.
    words : Vocabulary
        What comparators and outcomes are called.
    """
    verdict = part.verdict.verdict
    if verdict == "supported":
        return ""
    if verdict in ("contradicted", "no worthwhile effect") and part.best:
        return _closed(part.best, verdict, words)
    thing, own = question.thing(words), question.own_measure
    if part.settled_by:
        what = _(part.settled_by, outcome=thing)
        return _("{what} and {more}", what=what, more=own) if own else what
    if own:
        return _("a randomised trial that {what}", what=own)
    if verdict == "untested":
        return _("a randomised trial that measures {outcome}", outcome=thing)
    asked = "sham" if "sham" in question.comparators else question.comparators[0]
    against = next((result for result in part.results if result.comparator == asked), None)
    kind = trials_against(asked, words)
    if against is None:
        n = _rounded(people_needed(part.least))
        return _("{trials} of {outcome} with about {n} people", trials=kind, outcome=thing, n=n)
    if against.votes is not None:
        n = _rounded(people_needed(part.least))
        return _("{trials} that print {outcome} in numbers, with about {n} people", trials=kind, outcome=thing, n=n)
    return _more(against, part.least, kind)


def settles_condition(context: Context, condition: str, outcome: str = "pain") -> str:
    """What would settle whether acupuncture helps people with a condition, in one line; "" where that is supported.

    Parameters
    ----------
    context : Context
        Of the base that is asked.
    condition : str
        Its key.
    outcome : str
        What should get better.

    Notes
    -----
    The answer to a claim that acupuncture helps in this condition, at any time and against anything.
    """
    about = {"kind": "efficacy", "condition": condition, "outcome": outcome, "time": ANY, "stands_in": ""}
    question = Question(about, (outcome,))
    (group,) = by_condition(question, context.db, context.words)
    return settles(question, judge_part(context, question, group), context.words)


def trials_against(comparator: str, words: Vocabulary) -> str:
    """What trials against a comparator are called."""
    if comparator == "sham":
        return _("sham-controlled trials")
    return _("trials against {comparator}", comparator=words.comparators[comparator])


def _more(result: ComparisonResult, usual: float, kind: str) -> str:
    return surer(result.certainty, usual if math.isnan(result.worthwhile) else result.worthwhile, kind)


def surer(graded: Certainty, worthwhile: float, kind: str) -> str:
    """What a pool lacks: more people while there are too few; then whatever else takes certainty away.

    Parameters
    ----------
    graded : Certainty
        Of standardised differences.
    worthwhile : float
        The smallest worthwhile effect in standard deviations.
    kind : str
        What its trials are called: "sham-controlled trials".
    """
    pool = graded.synthesis
    needed = people_needed(worthwhile, diversity(pool))
    doubts = {step.domain for step in graded.steps if step.levels < 0}
    remedies = [words for domain, words in _REMEDIES.items() if domain in doubts]
    if "publication_bias" in doubts:
        missing = len(graded.account.missing)
        silent = ngettext(
            "numbers from the one trial that gives none", "numbers from the {n} trials that give none", missing
        )
        remedies.append(silent if missing else _("larger trials"))
    if pool.n < needed:
        first = _("about {n} more people in {trials}", n=_rounded(needed - pool.n), trials=kind)
    elif pool.k < ENOUGH:
        first = ngettext(
            "more {trials}: one is too few to say how much results vary",
            "more {trials}: {n} are too few to say how much results vary",
            pool.k,
            trials=kind,
        )
    else:
        return _(
            "not more people ({n}, where about {enough} are enough), but {what}",
            n=decimal(pool.n),
            enough=_rounded(needed),
            what=listed(remedies or [_("a narrower interval")]),
        )
    return _("{what}; also {more}", what=first, more=listed(remedies)) if remedies else first


def _closed(result: ComparisonResult, verdict: str, words: Vocabulary) -> str:
    pool, other = result.certainty.synthesis, words.comparators[result.comparator]
    known = trials(pool.k)
    if not math.isnan(pool.n):
        known = _("{trials}, {people}", trials=known, people=people(pool.n))
    if verdict == "contradicted":
        return _(
            "nothing is open: {known} against {comparator}; only larger trials that find the opposite could "
            "overturn it",
            known=known,
            comparator=other,
        )
    return _(
        "nothing is open: {known} against {comparator}; only larger trials that find an effect worth having could "
        "overturn it",
        known=known,
        comparator=other,
    )


def _rounded(n: float) -> str:
    """Upwards to two digits that count: 540, 1,300."""
    step = 10.0 ** max(math.floor(math.log10(n)) - 1, 0)
    return decimal(math.ceil(n / step) * step)
