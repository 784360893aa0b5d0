"""How sure a pooled result is: GRADE's certainty, with every step and the number behind it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from ...derive.evidence_base import EvidenceBase
from ...effects.arguments import require_kind
from ...errors import InvalidInput
from ...languages import _
from ...models.result import Result
from ...models.studies import HasStudies
from ..context import Context
from ..known_trials import Account
from ..wording.words import GRADE_WORDS, GRADES
from . import reasons, rules
from .doubts import DOMAINS, doubt_words, signed
from .rules import Step
from .synthesis import Synthesis, synthesise

_NEEDED = ("study", "condition", "comparator", "outcome", "measured", "time", "measure", "yi", "vi", "directness")


@dataclass(frozen=True, repr=False, eq=False)
class Certainty(Result):
    """The certainty of one pooled result.

    Attributes
    ----------
    grade : {"high", "moderate", "low", "very low"}
        What it comes to.
    computed : str
        The grade before overrides.
    steps : tuple of Step
        Five reasons to go down, three to go up.
    overridden : tuple of str
        Domains judged by certainty_overrides.csv.
    account : Account
        The trials of the comparison, and what each tells about this result: in the pool, elsewhere, or missing.
    synthesis : Synthesis
        The pooled result that is graded.

    See Also
    --------
    certainty : grades the pool of some effects.
    certainty_table : the grade of every pool of a base.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> effects = db.effects().query("condition == 'spinal_stenosis' and comparator == 'sham' and outcome == 'pain'")
    >>> ev.certainty(effects.query("time == 'short'"), db).reasons["domain"].iloc[-1]
    'opposing_bias'
    """

    grade: str
    computed: str
    steps: tuple[Step, ...]
    overridden: tuple[str, ...]
    account: Account
    synthesis: Synthesis

    @property
    def reasons(self) -> pd.DataFrame:
        """The steps as a frame: ``domain, levels, number, rule, reason, overridden``."""
        names = ("domain", "levels", "number", "rule", "reason")
        return pd.DataFrame(
            [
                {name: getattr(step, name) for name in names} | {"overridden": step.domain in self.overridden}
                for step in self.steps
            ]
        )

    @property
    def doubts(self) -> str:
        """What took or gave levels, in words: "risk of bias (−1), indirect evidence (−1)"."""
        return doubt_words({step.domain: step.levels for step in self.steps})

    def sentence(self) -> str:
        """The grade and what it rests on.

        Returns
        -------
        str
            One sentence for the public.
        """
        grade = GRADE_WORDS[self.grade]
        if not self.doubts:
            return _("Certainty of the evidence: {grade}.", grade=grade)
        return _("Certainty of the evidence: {grade}, because of {doubts}.", grade=grade, doubts=self.doubts)

    def _row(self) -> dict[str, object]:
        levels = {step.domain: step.levels for step in self.steps}
        return {"grade": self.grade, "computed": self.computed, **levels, "doubts": self.doubts}

    def _title(self) -> str:
        return f"certainty: {self.grade}"

    @property
    def why(self) -> list[str]:
        """Each step in words of the language spoken, with its levels: "−1 risk of bias: 80% of the weight ..."."""
        return [
            _("{name}: {told}", name=f"{signed(step.levels)} {DOMAINS[step.domain]}", told=step.why())
            for step in self.steps
        ]

    def _lines(self) -> list[str]:
        return [f" {line}" if line.startswith("0") else line for line in self.why]

    def _table(self) -> pd.DataFrame:
        return self.reasons


def certainty(effects: pd.DataFrame | HasStudies, db: EvidenceBase) -> Certainty:
    """Grade the certainty of the pooled result of some effects.

    Parameters
    ----------
    effects : DataFrame or fit
        Rows of `EvidenceBase.effects` that make one pool, one measure, one comparator; or a fit of them.
    db : EvidenceBase
        The base they come from: blinding, risk of bias, thresholds, trials without numbers, overrides.

    Returns
    -------
    Certainty
        The grade with its reasons, one line each.

    Raises
    ------
    NotEstimable
        There is no row: without a number there is nothing to grade.

    See Also
    --------
    certainty_table : the grade of every pool of a base.
    summary_of_findings : effects and grades in the form that GRADE asks for.
    sentence : what a result of a certain grade permits to say.

    Notes
    -----
    Randomised trials start at high. Levels are taken for risk of bias, inconsistency, indirectness, imprecision and
    publication bias, and given for a large effect and a dose gradient, by `evidence.answers.grade.rules`. Risk of
    bias was judged by a published review for few trials; for the others the rule reads what the trials say: who was
    blinded, how they were randomised, where the numbers come from. A row of certainty_overrides.csv replaces one step.

    References
    ----------
    Guyatt et al. (2011), Journal of Clinical Epidemiology 64:383.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> effects = db.effects("SMD").query("condition == 'osteoarthritis' and comparator == 'sham'")
    >>> ev.certainty(effects.query("outcome == 'pain' and time == 'short'"), db).reasons["domain"].tolist()[:2]
    ['risk_of_bias', 'inconsistency']
    """
    context = Context.of(db)
    rows: Any = effects.frame if isinstance(effects, HasStudies) else effects
    require_kind("effects", rows, pd.DataFrame, "rows of EvidenceBase.effects, or a fit of them")
    if missing := [name for name in _NEEDED if name not in rows]:
        raise InvalidInput(f"effects have no column {missing[0]!r}; give rows of EvidenceBase.effects")
    if strange := sorted({str(study) for study in rows["study"]} - set(db.studies["study_id"])):
        raise InvalidInput(f"effects has the trial {strange[0]!r}, which db has not; give the base it comes from")
    return grade(context, rows)


def grade(
    context: Context,
    effects: pd.DataFrame,
    *,
    outcomes: Collection[str] = (),
    conditions: Collection[str] = (),
    stands_in: str = "",
    pool: Synthesis | None = None,
) -> Certainty:
    """`certainty` of some effects; the question's outcomes and conditions where they are more than the rows'.

    Parameters
    ----------
    context : Context
        Of the base that the effects come from.
    effects : DataFrame
        The rows of one pool.
    outcomes : collection of str
        Outcomes asked about; by default those of the rows.
    conditions : collection of str
        Populations asked about; by default those of the rows.
    stands_in : str
        Why the pool only stands in for what is asked, "" when it does not.
    pool : Synthesis, optional
        The pooled result of the rows, where it is known.
    """
    outcomes = tuple(outcomes) or tuple(dict.fromkeys(effects["outcome"]))
    pool = pool or synthesise(context.pooling, effects, outcomes)
    conditions = tuple(conditions) or tuple(dict.fromkeys(effects["condition"]))
    comparator = str(effects["comparator"].iloc[0])
    account = context.known.of(conditions, comparator, outcomes, given=set(effects["study"]))
    least = context.worthwhile.for_precision(outcomes, pool.measure)
    in_sd = context.worthwhile.for_precision(outcomes, "SMD") if pool.measure in ("SMD", "MD100") else math.nan
    disagree = rules.inconsistency(pool, least)
    down = [
        _risk_of_bias(context, pool, comparator),
        disagree,
        rules.indirectness(pool, context.hierarchy, stands_in),
        rules.imprecision(pool, least, in_sd, disagree.levels < 0),
        rules.publication_bias(pool, account),
    ]
    doubts = sum(step.levels for step in down if step.domain != "indirectness")
    steps = [*down, rules.large_effect(pool, doubts), rules.dose_gradient(pool, doubts), rules.opposing_bias()]
    judged, overridden = _overridden(context, steps, effects)
    return Certainty(_grade(judged), _grade(steps), tuple(judged), overridden, account, pool)


def grade_directions(context: Context, votes: pd.DataFrame, account: Account) -> Certainty:
    """The certainty of directions without sizes: every trial weighs the same.

    Parameters
    ----------
    context : Context
        Of the base that the trials come from.
    votes : DataFrame
        One row a trial (see `evidence.answers.directions.Votes`).
    account : Account
        The trials of the comparison, those that vote by a number as *pooled*.

    Notes
    -----
    Two levels are taken for imprecision, since nothing says how large the effect is; risk of bias and indirectness
    as for a pool.
    """
    k = len(votes)
    pool = Synthesis(
        measure="direction",
        model="vote count",
        k=k,
        rows=k,
        n=math.nan,
        estimate=math.nan,
        se=math.nan,
        ci_low=math.nan,
        ci_high=math.nan,
        pi_low=math.nan,
        pi_high=math.nan,
        p_better=math.nan,
        tau2=math.nan,
        i2=math.nan,
        q_p=math.nan,
        frame=votes.assign(weight=100 / k),
    )
    rule = "-2 where trials tell directions and no sizes"
    steps = (
        _risk_of_bias(context, pool, str(votes["comparator"].iloc[0])),
        rules.indirectness(pool, context.hierarchy),
        Step("imprecision", -2, math.nan, rule, reasons.without_sizes),
    )
    return Certainty(_grade(steps), _grade(steps), steps, (), account, pool)


def _risk_of_bias(context: Context, pool: Synthesis, comparator: str) -> Step:
    about, c = context.concerns, pool.columns
    known: dict[str, list[str]] = {}
    unclear: dict[str, str] = {}
    for study, outcome, confidence in zip(c["study"], c["outcome"], c["confidence"], strict=True):
        known[study] = about.known(study, comparator, outcome)
        unclear[study] = about.unclear(study, comparator, outcome, confidence)
    return rules.risk_of_bias(pool, known, unclear, sum(map(about.judged, known)))


def _overridden(context: Context, steps: list[Step], effects: pd.DataFrame) -> tuple[list[Step], tuple[str, ...]]:
    if not context.overrides:
        return steps, ()
    asked = {name: _single(effects[name]) for name in ("condition", "comparator", "outcome", "time")}
    judged: dict[object, dict[str, Any]] = {
        row["domain"]: row for row in context.overrides if all(row[name] == value for name, value in asked.items())
    }
    changed = [
        replace(step, levels=int(judged[step.domain]["levels"]), why=partial(str, judged[step.domain]["reason"]))
        if step.domain in judged
        else step
        for step in steps
    ]
    return changed, tuple(map(str, judged))


def _single(column: pd.Series) -> str:
    values = column.unique()
    return str(values[0]) if len(values) == 1 else "any"


def _grade(steps: Sequence[Step]) -> str:
    return GRADES[min(3, max(0, 3 + sum(step.levels for step in steps)))]
