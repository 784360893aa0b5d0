"""How sure a pooled result is: GRADE's certainty, with every step and the number behind it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ..unreported import Unreported
from ..wording.words import GRADES
from . import rules
from .rules import Step
from .synthesis import Found, find
from .worthwhile import Worthwhile

DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
_WORDS = {
    "risk_of_bias": "risk of bias",
    "inconsistency": "trials that disagree",
    "indirectness": "indirect evidence",
    "imprecision": "too few people or a wide interval",
    "publication_bias": "missing or selectively published results",
    "large_effect": "a large effect",
    "dose_response": "an effect that rises with dose",
    "opposing_bias": "biases that would have hidden the effect",
}
_UNBLINDED = "participants knew their treatment"
#: Without a readable result a trial of these still counts as missing: nearly every trial measures them.
MEASURED_BY_ALL = ("pain", "disability")


@dataclass(frozen=True, repr=False)
class Certainty:
    """The certainty of one pooled result.

    Attributes
    ----------
    grade : {"high", "moderate", "low", "very low"}
    computed : str
        The grade before overrides.
    steps : tuple of Step
        Five reasons to go down, three to go up.
    overridden : tuple of str
        Domains judged by certainty_overrides.csv.
    missing : tuple of dict
        Trials without a number for this result: ``study_id, n_randomised, why``.
    found : Found
        The pooled result that is graded.
    """

    grade: str
    computed: str
    steps: tuple[Step, ...]
    overridden: tuple[str, ...]
    missing: tuple[dict[str, Any], ...]
    found: Found

    @property
    def reasons(self) -> pd.DataFrame:
        """The steps as a frame: ``domain, levels, number, rule, reason, overridden``."""
        rows = [{**asdict(step), "overridden": step.domain in self.overridden} for step in self.steps]
        return pd.DataFrame(rows)

    @property
    def people_missing(self) -> float:
        """People in the trials without a number, as far as it is known how many they are."""
        known = (trial["n_randomised"] for trial in self.missing)
        return float(sum(n for n in known if not math.isnan(n)))

    @property
    def doubts(self) -> str:
        """What took or gave levels, in words: "risk of bias (−1), indirect evidence (−1)"."""
        return ", ".join(f"{_WORDS[step.domain]} ({_signed(step.levels)})" for step in self.steps if step.levels)

    def to_frame(self) -> pd.DataFrame:
        """One row: grade, computed, the levels of each domain, and the doubts in words."""
        levels = {step.domain: step.levels for step in self.steps}
        return pd.DataFrame([{"grade": self.grade, "computed": self.computed, **levels, "doubts": self.doubts}])

    def summary(self) -> str:
        """The grade, then one line a reason."""
        lines = [f"certainty: {self.grade}"]
        lines += [f"{_signed(step.levels):>2} {_WORDS[step.domain]}: {step.reason}" for step in self.steps]
        return "\n".join(lines)

    def sentence(self) -> str:
        """The grade and what it rests on."""
        why = f", because of {self.doubts}" if self.doubts else ""
        return f"Certainty of the evidence: {self.grade}{why}."

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return f"<p>{self.sentence()}</p>" + self.reasons.to_html(index=False, na_rep="")


def certainty(effects: pd.DataFrame, db: EvidenceBase) -> Certainty:
    """Grade the certainty of the pooled result of some effects.

    Parameters
    ----------
    effects : DataFrame
        Rows of `EvidenceBase.effects` that make one pool: one measure, one comparator.
    db : EvidenceBase
        The base they come from: blinding, risk of bias, thresholds, trials without numbers, overrides.

    Returns
    -------
    Certainty

    Raises
    ------
    NotEstimable
        There is no row: without a number there is nothing to grade.

    Notes
    -----
    Randomised trials start at high. Levels are taken for risk of bias, inconsistency, indirectness, imprecision and
    publication bias, and given for a large effect and a dose gradient, by the rules of
    `evidence.answers.grade.rules`. Risk of bias was judged by a published review for few trials; for the others
    the rule reads what the trials say: who was blinded, how they were randomised, and where the numbers come from.
    A row of certainty_overrides.csv replaces one step of one pool, with its reason.

    References
    ----------
    Guyatt et al. (2011), Journal of Clinical Epidemiology 64:383.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> effects = db.effects("SMD").query("condition == 'arthritis' and comparator == 'sham'")
    >>> ev.certainty(effects.query("outcome == 'pain' and time == 'short'"), db).reasons["domain"].tolist()[:2]
    ['risk_of_bias', 'inconsistency']
    """
    return Appraisal(db).certainty(effects)


class Appraisal:
    """What a base says about the trust its pools deserve; made once for many pools.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.worthwhile = Worthwhile(db)
        self.missing = Unreported(db)
        self._trials = {row["study_id"]: row for row in rows_of(db.studies)}
        self._judged_high: dict[str, list[str]] = {study: [] for study in db.risk_of_bias["study_id"]}
        for row in rows_of(db.risk_of_bias):
            if row["judgement"] == "High":
                self._judged_high[row["study_id"]].append(row["domain"])
        self._overrides = rows_of(db.certainty_overrides)
        self._laboratory = set(db.outcomes.loc[db.outcomes["kind"] == "marker", "outcome"])

    def certainty(
        self,
        effects: pd.DataFrame,
        *,
        outcomes: Collection[str] = (),
        conditions: Collection[str] = (),
        stands_in: str = "",
    ) -> Certainty:
        """`certainty` of some effects; the question's outcomes and conditions where they are more than the rows'.

        Parameters
        ----------
        effects : DataFrame
            The rows of one pool.
        outcomes, conditions : collection of str
            What was asked; by default what the rows have.
        stands_in : str
            Why the pool only stands in for what is asked, "" when it does not.
        """
        outcomes = tuple(outcomes) or tuple(dict.fromkeys(effects["outcome"]))
        found = find(effects, outcomes)
        conditions = tuple(conditions) or tuple(dict.fromkeys(effects["condition"]))
        comparator = str(effects["comparator"].iloc[0])
        clinical = any(outcome in MEASURED_BY_ALL for outcome in outcomes)
        missing = self.missing.of(conditions, comparator, outcomes, clinical, given=set(effects["study"]))
        least = self.worthwhile.for_precision(outcomes, found.measure)
        in_sd = self.worthwhile.for_precision(outcomes, "SMD") if found.measure in ("SMD", "MD100") else math.nan
        concerns: dict[str, list[str]] = {}
        unclear: dict[str, str] = {}
        c = found.columns
        for study, outcome, doubt in zip(c["study"], c["outcome"], c["confidence"], strict=True):
            concerns[study] = self._concerns(study, comparator, outcome)
            unclear[study] = self._unclear(study, comparator, outcome, doubt)
        judged = sum(study in self._judged_high for study in concerns)
        down = [
            rules.risk_of_bias(found, concerns, unclear, judged),
            rules.inconsistency(found, least),
            rules.indirectness(found, stands_in),
            rules.imprecision(found, least, in_sd),
            rules.publication_bias(found, missing),
        ]
        doubts = sum(step.levels for step in down if step.domain != "indirectness")
        steps = [*down, rules.large_effect(found, doubts), rules.dose_gradient(found, doubts), rules.opposing_bias()]
        computed = _grade(steps)
        steps, overridden = self._overridden(steps, effects)
        return Certainty(_grade(steps), computed, tuple(steps), overridden, tuple(missing), found)

    def of_directions(self, votes: pd.DataFrame) -> Certainty:
        """The certainty of directions without sizes: every trial weighs the same.

        Parameters
        ----------
        votes : DataFrame
            One row a trial (see `evidence.answers.claims.directions.Votes`).

        Notes
        -----
        Two levels are taken for imprecision, since nothing says how large the effect is; risk of bias and indirectness
        as for a pool.
        """
        k = len(votes)
        found = Found(
            measure="direction", model="vote count", k=k, rows=k, n=math.nan, estimate=math.nan, ci_low=math.nan,
            ci_high=math.nan, pi_low=math.nan, pi_high=math.nan, tau2=math.nan, i2=math.nan, q_p=math.nan,
            frame=votes.assign(weight=100 / k),
        )  # fmt: skip
        comparator = str(votes["comparator"].iloc[0])
        c = found.columns
        concerns = {s: self._concerns(s, comparator, o) for s, o in zip(c["study"], c["outcome"], strict=True)}
        unclear = {
            study: self._unclear(study, comparator, outcome, doubt)
            for study, outcome, doubt in zip(c["study"], c["outcome"], c["confidence"], strict=True)
        }
        judged = sum(study in self._judged_high for study in concerns)
        rule = "-2 where trials tell directions and no sizes"
        steps = (
            rules.risk_of_bias(found, concerns, unclear, judged),
            rules.indirectness(found),
            Step("imprecision", -2, math.nan, rule, "no trial says how large the effect is"),
        )
        return Certainty(_grade(steps), _grade(steps), steps, (), (), found)

    def _concerns(self, study: str, comparator: str, outcome: str) -> list[str]:
        trial, known = self._trials[study], []
        told = trial["participants_blinded"]
        if outcome not in self._laboratory and (told == "no" or (comparator != "sham" and told != "yes")):
            known.append(_UNBLINDED)
        if trial["assessors_blinded"] == "no":
            known.append("assessors knew the treatment")
        if trial["randomised"] == "quasi":
            known.append("quasi-randomised")
        if trial["source_kind"] == "news":
            known.append("known from news only")
        for domain in self._judged_high.get(study, ()):
            if _UNBLINDED not in known or not domain.startswith("blinding of patients"):
                known.append(f"judged high: {domain}")
        return known

    def _unclear(self, study: str, comparator: str, outcome: str, confidence: str) -> str:
        if not self._trials[study]["participants_blinded"]:
            if comparator == "sham":
                return "whether the sham kept people blind is not stated"
            if outcome in self._laboratory:
                return "who was blinded is not stated"
        return "numbers derived with doubt" if confidence == "low" else ""

    def _overridden(self, steps: list[Step], effects: pd.DataFrame) -> tuple[list[Step], tuple[str, ...]]:
        if not self._overrides:
            return steps, ()
        pool = {name: _single(effects[name]) for name in ("condition", "comparator", "outcome", "time")}
        judged = {
            row["domain"]: row for row in self._overrides if all(row[name] == value for name, value in pool.items())
        }
        changed = [
            replace(step, levels=int(judged[step.domain]["levels"]), reason=judged[step.domain]["reason"])
            if step.domain in judged
            else step
            for step in steps
        ]
        return changed, tuple(judged)


def _signed(levels: int) -> str:
    return f"{levels:+d}".replace("-", "−") if levels else "0"


def _single(column: pd.Series) -> str:
    values = column.unique()
    return str(values[0]) if len(values) == 1 else "any"


def _grade(steps: Sequence[Step]) -> str:
    return GRADES[min(3, max(0, 3 + sum(step.levels for step in steps)))]
