"""What acupuncture does for a condition and what it costs, side by side: benefit, harm and how sure either is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...effects.arguments import require_choice
from ...languages import _, in_english, joined, ngettext
from ...models.result import Result
from ..absolute import Risk, in_people, risk_words
from ..context import Context
from ..grade.summary_of_findings import finding
from ..headline_pools import headline_pools
from ..wording.vocabulary import Vocabulary
from ..wording.words import GRADE_WORDS, WINDOWS, ended, listed, outcome_words, trials, whole
from .safety import Safety, in_numbers, safety, told

#: What people weigh acupuncture against: nothing in the needle, and not having it.
AGAINST = ("sham", "usual_care", "no_treatment")
_TIME = "short"


@dataclass(frozen=True, repr=False, eq=False)
class BenefitAndHarm(Result):
    """Benefit, harm and certainty of one condition.

    Attributes
    ----------
    condition : str
        Its key.
    benefit : DataFrame
        Rows of `summary_of_findings` for pain and disability up to 3 months against sham, usual care and nothing.
    harm : DataFrame
        Acupuncture arms of `Safety.totals`: of this condition and (``condition`` "") of all, "minor" and "serious".
    trials : int
        Trials of the condition with acupuncture arms and readable results.
    silent : int
        Those of them that say nothing of harms.
    risks : mapping
        Comparator to how many people improve with it (`Risk`), where that is counted.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    benefit_and_harm : collects it.
    summary_of_findings : the benefits of all conditions.
    safety : the harms of all conditions.

    Examples
    --------
    >>> import evidence as ev
    >>> both = ev.benefit_and_harm(ev.load(), "spinal_stenosis")
    >>> both.harms()[0][:44]
    'With acupuncture 9 of 178 people had a minor'
    """

    condition: str
    benefit: pd.DataFrame
    harm: pd.DataFrame
    trials: int
    silent: int
    risks: Mapping[str, Risk]
    words: Vocabulary

    def _rows(self) -> pd.DataFrame:
        return self.benefit.reset_index(drop=True)

    def _title(self) -> str:
        name = self.words.conditions[self.condition]
        return f"benefit {WINDOWS[_TIME]} and harm of acupuncture in {name}; points above 0 favour acupuncture"

    def _lines(self) -> list[str]:
        return [*self.benefits(), *self.sources(), *self.harms()]

    def _table(self) -> pd.DataFrame:
        return self.harm

    def sentence(self) -> str:
        """Benefit and harm in plain sentences.

        Returns
        -------
        str
            What `benefits`, `sources` and `harms` say.
        """
        return joined(*self._lines())

    def benefits(self) -> list[str]:
        """What trials found, a sentence for each comparator and outcome, with its certainty.

        Returns
        -------
        list of str
            Points of 100, people of 100 who improve, certainty, trials.
        """
        said = [self._benefit(row) for row in rows_of(self.benefit)]
        there = set(self.benefit["comparator"]) if len(self.benefit) else set()
        none = [self.words.comparators[name] for name in AGAINST if name not in there]
        return said + (
            [_("No trial gives a number against {comparators}.", comparators=listed(none, "or"))] if none else []
        )

    def harms(self) -> list[str]:
        """How many people had an adverse event, minor or serious, and how many trials do not say.

        Returns
        -------
        list of str
            A sentence a kind, then those that qualify them.
        """
        own = {row["kind"]: row for row in rows_of(self.harm) if row["condition"] == self.condition}
        every = [row for row in rows_of(self.harm) if row["condition"] == ""]
        talking = self.trials - self.silent
        lines = [told(own.get(kind), kind) for kind in ("minor", "serious")]
        if every:
            found = listed([in_numbers(row) for row in every])
            lines.append(_("In all conditions together: {found}.", found=found))
        silence = ngettext(
            "{n} of {trials} of this condition says anything of harms; silence is no proof that there were none.",
            "{n} of {trials} of this condition say anything of harms; silence is no proof that there were none.",
            talking,
            trials=trials(self.trials),
        )
        return [*lines, silence]

    def sources(self) -> list[str]:
        """Where the numbers of people who improve with each comparator come from.

        Returns
        -------
        list of str
            A sentence a comparator.
        """
        if self.benefit.empty:
            return []
        rows = self.benefit[self.benefit["risk_source"] != ""].drop_duplicates("comparator")
        return [
            _(
                "How many improve with {comparator} is counted: {source}.",
                comparator=self.words.comparators[name],
                source=risk_words(self.risks[name]),
            )
            for name in rows["comparator"]
        ]

    def _benefit(self, row: dict[str, Any]) -> str:
        against = self.words.comparators[row["comparator"]]
        found = _("; ").join(filter(None, [_points(row), in_people(row, against)]))
        said = _(
            "{outcome}, against {comparator}: {found}",
            outcome=outcome_words(row["outcome"]),
            comparator=against,
            found=found,
        )
        sure = _("Certainty: {grade} ({trials}).", grade=GRADE_WORDS[row["certainty"]], trials=trials(row["k"]))
        return joined(ended(said), sure)


@in_english
def benefit_and_harm(db: EvidenceBase, condition: str) -> BenefitAndHarm:
    """Set what acupuncture does for a condition beside what it costs.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    condition : str
        A condition of conditions.csv with a line of its own.

    Returns
    -------
    BenefitAndHarm
        Benefit against sham, usual care and nothing, harm in the acupuncture arms, and the certainty of each benefit.

    Raises
    ------
    InvalidInput
        The condition is unknown.

    See Also
    --------
    summary_of_findings : the benefits of all conditions.
    safety : the harms of all conditions.

    Notes
    -----
    How many of 100 people improve is explained at `summary_of_findings`, how events are counted at `safety`. Harms have
    no grade: trials that report them are few, asked differently, and are those that chose to report.

    Examples
    --------
    >>> import evidence as ev
    >>> both = ev.benefit_and_harm(ev.load(), "chronic_overuse")
    >>> sorted(both.benefit["comparator"].unique())
    ['no_treatment', 'sham', 'usual_care']
    """
    context = Context.of(db)
    require_choice("condition", condition, context.words.headline)
    pools, harms = headline_pools(db), safety(db)
    keys = [
        ("SMD", condition, comparator, outcome, _TIME) for comparator in AGAINST for outcome in context.words.critical
    ]
    rows = [finding(pools[key], context) for key in keys if key in pools]
    count = _reporting(harms, condition)
    risks = {name: context.absolute.risk(condition, name, _TIME) for name in AGAINST}
    return BenefitAndHarm(
        condition=condition,
        benefit=pd.DataFrame(rows, columns=None if rows else ["comparator"]),
        harm=_harm(harms, condition),
        trials=count["trials"],
        silent=count["silent"],
        risks={name: risk for name, risk in risks.items() if risk},
        words=context.words,
    )


def _points(row: dict[str, Any]) -> str:
    if row["points"] != row["points"]:
        return _("no number in points")
    mean, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
    cut = _(", cut at the end of the scale") if row["points_cut"] else ""
    return _("{n} of 100 points ({low} to {high})", n=mean, low=low, high=f"{high}{cut}")


def _harm(harms: Safety, condition: str) -> pd.DataFrame:
    rows = harms.totals
    chosen = (rows["role"] == "acupuncture") & rows["condition"].isin(["", condition])
    return rows[chosen].reset_index(drop=True)


def _reporting(harms: Safety, condition: str) -> dict[str, int]:
    rows = rows_of(harms.reporting[harms.reporting["condition"] == condition])
    return rows[0] if rows else {"trials": 0, "silent": 0}
