"""What the claims of the practitioner's article are worth: a verdict on each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ...base.collector import collector_paused
from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...languages import _, in_english, joined, spoken
from ...models.result import Result
from ..context import Context
from ..known_trials import COLUMNS, SUMMED
from ..wording.vocabulary import Vocabulary
from ..wording.words import VERDICTS, listed
from .comparison import ComparisonResult, Part
from .question import PART_WORDS, read_question
from .sentences import part_sentence, result_sentence
from .settle import settles
from .whole import JudgedClaim, judged_claim

_FIRST = (
    "claim_id",
    "claim",
    "verdict",
    "estimate",
    "ci_low",
    "ci_high",
    "k",
    "n",
    "certainty",
    "reason",
    "settles",
    "sentence",
)
_NUMBERS = (
    *("estimate", "ci_low", "ci_high", "k", "n", "trials", "certainty", "measure", "method", "comparator", "time"),
    *("pi_low", "pi_high", "tau2", "i2", "worthwhile", "p_better", "trials_better", "trials_worse", "share_indirect"),
    *("points", "points_low", "points_high", "points_basis", "points_sd", "points_sd_low", "points_sd_high"),
    *("doubts", *COLUMNS),
)
_WORDS = ("points_basis", "trials", "certainty", "measure", "method", "comparator", "time", "doubts", "missing")
_COUNTS = ("k", "n", *SUMMED)


@dataclass(frozen=True, repr=False, eq=False)
class Claims(Result):
    """Every claim with its verdict.

    Attributes
    ----------
    judged : tuple of JudgedClaim
        In the order of claims.csv.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    claims : judges the claims of a base.
    claim_evidence : the parts behind the verdicts.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.claims(ev.load()).verdicts["untested"] > 0
    True
    """

    judged: tuple[JudgedClaim, ...]
    words: Vocabulary

    _figure = "claims"

    @property
    def verdicts(self) -> dict[str, int]:
        """Verdict to the number of claims that have it, the best first."""
        found = [claim.verdict for claim in self.judged]
        return {verdict: found.count(verdict) for verdict in VERDICTS if verdict in found}

    @property
    def parts(self) -> pd.DataFrame:
        """What each condition or window says about a claim, against each comparator: see `claim_evidence`."""
        return self._kept(
            "parts", lambda: [row for claim in self.judged for part in claim.parts for row in self._part(claim, part)]
        )

    @in_english
    def rules(self) -> pd.DataFrame:
        """The rule behind each verdict.

        Returns
        -------
        DataFrame
            ``verdict``, from best to worst, ``claims`` (how many have it) and ``rule``; the index counts from 0.
        """
        rows = [(verdict, self.verdicts.get(verdict, 0), rule) for verdict, rule in VERDICTS.items()]
        return pd.DataFrame(rows, columns=["verdict", "claims", "rule"])

    def sentence(self) -> str:
        """How many claims have each verdict.

        Returns
        -------
        str
            One sentence for the public.
        """
        by_number = sorted(self.verdicts.items(), key=lambda pair: -pair[1])
        counted = [_("{k} {verdict}", k=k, verdict=_(verdict)) for verdict, k in by_number]
        return _("Verdicts on {k} claims: {counted}.", k=len(self.judged), counted=listed(counted))

    def _title(self) -> str:
        return f"verdicts on {len(self.judged)} claims"

    def _lines(self) -> list[str]:
        return [f"{claim.verdict}: {claim.question.row['claim']}" for claim in self.judged]

    def _table(self) -> pd.DataFrame:
        return self.to_frame()[list(_FIRST[1:9])]

    def _rows(self) -> pd.DataFrame:
        frame = self._kept("claims", lambda: [self._claim(claim) for claim in self.judged])
        return frame[[*_FIRST, *frame.columns.difference(list(_FIRST), sort=False)]]

    def _kept(self, table: str, rows: Callable[[], list[dict[str, Any]]]) -> pd.DataFrame:
        """A table in the language spoken, made when it is first asked for."""
        asked = table, spoken()
        if asked not in self._tables:
            self._tables[asked] = pd.DataFrame(rows())
        return self._tables[asked]

    @cached_property
    def _tables(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def _claim(self, claim: JudgedClaim) -> dict[str, Any]:
        question, shown = claim.question, claim.shown
        row = {name: question.row[name] for name in ("claim_id", "theme", "claim", "kind", "mechanism")}
        row |= {"verdict": claim.verdict, **_numbers(shown.best), "reason": claim.reason}
        row |= {"settles": claim.settles}
        row |= {"outcome": question.row["outcome"], "condition": question.row["condition"]}
        row |= {"part": shown.group.name, "measured": shown.measured}
        row |= {"basis": self._basis(claim), "published": claim.published}
        public = [*(part_sentence(question, part, self.words, "public") for part in claim.parts), claim.published]
        clinician = [*(part_sentence(question, part, self.words, "clinician") for part in claim.parts), claim.published]
        return row | {"sentence": joined(*public), "sentence_clinician": joined(*clinician)}

    def _basis(self, claim: JudgedClaim) -> str:
        """What the estimate beside a claim is of, in words."""
        if claim.shown.best is None:
            return ""
        against = self.words.comparators[claim.shown.best.comparator]
        if len(claim.parts) == 1:
            return _("against {comparator}", comparator=against)
        names = {**PART_WORDS, **self.words.condition_names}
        return _("{topic}, against {comparator}", topic=names[claim.shown.group.name], comparator=against)

    def _part(self, claim: JudgedClaim, part: Part) -> list[dict[str, Any]]:
        question = claim.question
        head = {
            "claim_id": question.row["claim_id"],
            "part": part.group.name,
            "verdict": part.verdict.verdict,
            "reason": part.verdict.reason,
            "settles": settles(question, part, self.words),
        }
        if not part.results:
            said = part_sentence(question, part, self.words, "public")
            return [{**head, "rests_on": False, **_numbers(None), "sentence": said}]
        return [
            {
                **head,
                "rests_on": at == part.verdict.rests_on,
                **_numbers(result),
                "sentence": result_sentence(question, part, result, self.words),
            }
            for at, result in enumerate(part.results)
        ]


def claims(db: EvidenceBase) -> Claims:
    """Give every claim of ``claims.csv`` a verdict.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    Claims
        ``to_frame()`` has one row a claim: ``claim_id, claim, verdict, estimate, ci_low, ci_high, k, n, certainty,
        reason, settles, sentence``, where ``settles`` is what would settle a claim that is not supported; then ``theme,
        kind, mechanism, trials``; what the estimate is: ``measure, method, comparator, time, outcome, condition,
        part``; ``pi_low, pi_high, tau2, i2, worthwhile, p_better, trials_better, trials_worse, points, points_low,
        points_high, points_basis, points_sd, points_sd_low, points_sd_high, share_indirect, doubts``; what is missing,
        with the columns of `missing_results` (``trials_compared`` to ``missing``); ``basis``, what the estimate is of
        in words; ``measured``, the number of trials with any result about it; ``published``, what analyses of
        individual patients found (`published_findings`); and ``sentence_clinician``. An estimate is in the claimed
        direction: above 0 supports the claim. Where a claim is about each of several populations or windows, each has a
        verdict and a sentence, the whole has the verdict of the weakest, and the numbers are those of ``part``: of the
        parts that decide, the one with most people. ``parts`` has all.

    Raises
    ------
    InvalidInput
        A claim expects what no rule judges.

    See Also
    --------
    claim_evidence : the parts behind the verdicts.
    certainty : the grade of one pool.
    plots.claims : draws the verdicts.

    Notes
    -----
    Kinds of claims: `evidence.answers.claims.kinds`; rules: `evidence.answers.claims.verdict`. Against each comparator
    that the claim allows, standardised differences are pooled, one window where two trials share one, several outcomes
    of a trial as such (`evidence.answers.grade.synthesis`). Where no trial gives a number, and in claims about a
    mechanism where fewer than two do, a result is a vote count of directions (`evidence.answers.directions`): words
    count, one vote a trial. Comparators are never mixed.

    Examples
    --------
    >>> import evidence as ev
    >>> verdicts = ev.claims(ev.load()).to_frame().set_index("claim_id")["verdict"]
    >>> verdicts["focus-overuse-posture"]
    'untested'
    """
    context = Context.of(db)
    with collector_paused():
        judged = tuple(judged_claim(context, read_question(row, db)) for row in rows_of(db.claims))
    return Claims(judged, context.words)


def claim_evidence(db: EvidenceBase) -> pd.DataFrame:
    """The parts behind the verdicts: each population or window of a claim, against each comparator.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        ``claim_id, part`` (a condition, a window, or any), ``verdict, reason, settles, rests_on`` (True for the
        comparison that the part's verdict rests on), the numbers as in `claims`, and ``sentence``. A part without any
        trial has one row with k = 0.

    See Also
    --------
    claims : the verdicts on whole claims; its result has this table as ``parts``.

    Examples
    --------
    >>> import evidence as ev
    >>> parts = ev.claim_evidence(ev.load())
    >>> sorted(parts.loc[parts["claim_id"] == "phase-initial-rapid-chronic", "part"].unique())
    ['arthritis', 'spinal_stenosis']
    """
    return claims(db).parts


def _numbers(result: ComparisonResult | None) -> dict[str, Any]:
    known = result.claimed() if result else {}
    empty = {name: "" if name in _WORDS else 0 if name in _COUNTS else math.nan for name in _NUMBERS}
    return {name: known.get(name, empty[name]) for name in _NUMBERS}
