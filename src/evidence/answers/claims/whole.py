"""A claim with its parts, and the verdict on the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...languages import _
from ..context import Context
from ..published_findings import findings_of, said_of
from ..wording.vocabulary import Vocabulary
from .comparison import Part
from .kinds import judged
from .question import MAINTENANCE, PART_WORDS, Question
from .settle import settles
from .verdict import surest, weakest


@dataclass(frozen=True, repr=False, eq=False)
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
    deciding : tuple of Part
        Those that it hangs on.
    findings : list of dict
        What published analyses of individual patients found about it: rows of published_moderators.csv.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    """

    question: Question
    parts: tuple[Part, ...]
    verdict: str
    deciding: tuple[Part, ...]
    findings: list[dict[str, Any]]
    words: Vocabulary

    def __repr__(self) -> str:
        return f"{self.question.row['claim_id']}: {self.verdict}"

    @property
    def shown(self) -> Part:
        """Of the parts that decide, the one whose result is shown beside the verdict."""
        return max(self.deciding, key=_people)

    @property
    def reason(self) -> str:
        """Why it has its verdict."""
        reasons = {part.verdict.reason for part in self.parts}
        return reasons.pop() if len(reasons) == 1 else self._told([(part, _with_verdict(part)) for part in self.parts])

    @property
    def settles(self) -> str:
        """What would settle it, "" where it is supported."""
        lines = {part.group.name: settles(self.question, part, self.words) for part in self.parts}
        if len(set(lines.values())) == 1:
            return lines[self.parts[0].group.name]
        return self._told([(part, lines[part.group.name]) for part in self.deciding])

    @property
    def published(self) -> str:
        """What published analyses of individual patients found about it, "" for none."""
        return said_of(self.findings)

    def _told(self, said: list[tuple[Part, str]]) -> str:
        """What is said of each part, under its name."""
        names = {**PART_WORDS, **self.words.condition_names}
        told = [(names.get(part.group.name, part.group.name), text) for part, text in said]
        return _("; ").join(_("{name}: {told}", name=name, told=text) for name, text in told)


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
    verdicts = [part.verdict.verdict for part in parts]
    verdict = weakest(verdicts) if question.is_about_each else _of_several_ways(parts)
    deciding = [part for part in parts if part.verdict.verdict == verdict]
    deciding = deciding or [part for part in parts if part.verdict.verdict == "untested"]  # which makes a whole unclear
    findings = findings_of(context, question.row["claim_id"])
    return JudgedClaim(question, tuple(parts), verdict, tuple(deciding), findings, context.words)


def _of_several_ways(parts: list[Part]) -> str:
    for part in parts:
        if part.group.name == MAINTENANCE and part.verdict.verdict not in ("unclear", "untested"):
            return part.verdict.verdict
    return surest(part.verdict.verdict for part in parts)


def _with_verdict(part: Part) -> str:
    return _("{verdict} ({reason})", verdict=_(part.verdict.verdict), reason=part.verdict.reason)


def _people(part: Part) -> float:
    people = part.best.certainty.synthesis.n if part.best else 0.0
    return people if people == people else 0.0
