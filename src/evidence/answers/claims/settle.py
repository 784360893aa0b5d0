"""What would settle a claim: how many more people, or what no trial has done yet."""

from __future__ import annotations

import math

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
_REMEDIES = {
    "risk_of_bias": "trials that keep patients and assessors blind",
    "inconsistency": "a reason why trials disagree",
    "indirectness": "trials of the very patients and outcome that are asked about",
}


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
    if part.settled_by:
        return f"{part.settled_by} and {question.own_measure}" if question.own_measure else part.settled_by
    if question.own_measure:
        return f"a randomised trial that {question.own_measure}"
    thing = question.thing(words)
    if verdict == "untested":
        return f"a randomised trial that measures {thing}"
    asked = "sham" if "sham" in question.comparators else question.comparators[0]
    against = next((result for result in part.results if result.comparator == asked), None)
    kind = trials_against(asked, words)
    if against is None:
        return f"{kind} of {thing} with about {_rounded(people_needed(part.least))} people"
    if against.votes is not None:
        return f"{kind} that print {thing} in numbers, with about {_rounded(people_needed(part.least))} people"
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
    return "sham-controlled trials" if comparator == "sham" else f"trials against {words.comparators[comparator]}"


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
        silent = "the one trial that gives" if missing == 1 else f"the {missing} trials that give"
        remedies.append(f"numbers from {silent} none" if missing else "larger trials")
    if pool.n < needed:
        first = f"about {_rounded(needed - pool.n)} more people in {kind}"
    elif pool.k < ENOUGH:
        few = "one is" if pool.k == 1 else f"{pool.k} are"
        first = f"more {kind}: {few} too few to say how much results vary"
    else:
        enough = f"not more people ({pool.n:,.0f}, where about {_rounded(needed)} are enough)"
        return f"{enough}, but {listed(remedies or ['a narrower interval'])}"
    return f"{first}; also {listed(remedies)}" if remedies else first


def _closed(result: ComparisonResult, verdict: str, words: Vocabulary) -> str:
    pool, other = result.certainty.synthesis, words.comparators[result.comparator]
    known = trials(pool.k) if math.isnan(pool.n) else f"{trials(pool.k)}, {people(pool.n)}"
    finding = "the opposite" if verdict == "contradicted" else "an effect worth having"
    return f"nothing is open: {known} against {other}; only larger trials that find {finding} could overturn it"


def _rounded(n: float) -> str:
    """Upwards to two digits that count: 540, 1,300."""
    step = 10.0 ** max(math.floor(math.log10(n)) - 1, 0)
    return f"{math.ceil(n / step) * step:,.0f}"
