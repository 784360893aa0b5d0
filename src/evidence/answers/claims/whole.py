"""A claim with its parts, and the verdict on the whole."""

from __future__ import annotations

from dataclasses import dataclass

from ..context import Context
from ..published_findings import said_of
from ..wording.vocabulary import Vocabulary
from .comparison import Part
from .kinds import judged
from .question import MAINTENANCE, PART_WORDS, Question
from .settle import settles
from .verdict import surest, weakest


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its parts and the verdict on the whole.

    Attributes
    ----------
    question : Question
        What it asks.
    parts : tuple of Part
        Each population or window.
    verdict : str
        On the whole.
    reason : str
        Why.
    settles : str
        What would settle it, "" where it is supported.
    shown : Part
        Of the parts that decide, the one whose result is shown beside the verdict.
    published : str
        What published analyses of individual patients found about it, "" for none.
    """

    question: Question
    parts: tuple[Part, ...]
    verdict: str
    reason: str
    settles: str
    shown: Part
    published: str = ""


def judged_claim(context: Context, question: Question) -> JudgedClaim:
    """The verdict on a claim, from the verdicts on its parts.

    Parameters
    ----------
    context : Context
        Of the base that is asked.
    question : Question
        The claim.

    Notes
    -----
    A claim about each of several populations or windows has the verdict of its weakest part. Other claims of several
    parts ask the same in several ways: trials of further sessions decide about the maintenance phase where they can,
    since the others only stand in for them; else the way that says most decides.
    """
    parts = judged(context, question)
    words, verdicts = context.words, [part.verdict.verdict for part in parts]
    verdict = weakest(verdicts) if question.is_about_each else _of_several_ways(parts)
    deciding = [part for part in parts if part.verdict.verdict == verdict]
    deciding = deciding or [part for part in parts if part.verdict.verdict == "untested"]  # which makes a whole unclear
    return JudgedClaim(
        question,
        tuple(parts),
        verdict,
        _why(parts, words),
        _settles(question, parts, deciding, words),
        max(deciding, key=_people),
        said_of(context.db, question.row["claim_id"]),
    )


def _of_several_ways(parts: list[Part]) -> str:
    for part in parts:
        if part.group.name == MAINTENANCE and part.verdict.verdict not in ("unclear", "untested"):
            return part.verdict.verdict
    return surest(part.verdict.verdict for part in parts)


def _why(parts: list[Part], words: Vocabulary) -> str:
    reasons = {part.verdict.reason for part in parts}
    return reasons.pop() if len(reasons) == 1 else _told([(part, _with_verdict(part)) for part in parts], words)


def _with_verdict(part: Part) -> str:
    return f"{part.verdict.verdict} ({part.verdict.reason})"


def _settles(question: Question, parts: list[Part], deciding: list[Part], words: Vocabulary) -> str:
    lines = {part.group.name: settles(question, part, words) for part in parts}
    if len(set(lines.values())) == 1:
        return lines[parts[0].group.name]
    return _told([(part, lines[part.group.name]) for part in deciding], words)


def _told(said: list[tuple[Part, str]], words: Vocabulary) -> str:
    """What is said of each part, under its name."""
    names = {**PART_WORDS, **words.conditions}
    return "; ".join(f"{names.get(part.group.name, part.group.name)}: {text}" for part, text in said)


def _people(part: Part) -> float:
    people = part.best.certainty.synthesis.n if part.best else 0.0
    return people if people == people else 0.0
