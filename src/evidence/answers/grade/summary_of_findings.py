"""Summary of findings: what each comparison shows, in points, in words and in people, and how sure it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...base.scope import require_words
from ...derive.evidence_base import EvidenceBase
from ..context import Context
from ..headline_pools import headline_pools
from ..sides import side_of
from ..wording.narrative import sentence
from ..wording.words import WINDOWS, outcome_words
from .certainty import grade
from .synthesis import Synthesis


def summary_of_findings(db: EvidenceBase, *, comparator: str = "sham", time: str = "short") -> pd.DataFrame:
    """One row a condition and clinical outcome, in the form that GRADE asks for.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    comparator : str
        What acupuncture is compared with; comparators are never mixed.
    time : str
        Window of the measurements.

    Returns
    -------
    DataFrame
        ``condition, condition_label, outcome, outcome_label, comparator, comparator_label, time, time_label, k, n,
        estimate, ci_low, ci_high`` (SMD), ``points, points_low, points_high`` (of 100), ``risk_comparator``
        (people of 100 who improve with the comparison), ``risk_acupuncture`` and ``difference_per_100`` (with ``_low``
        and ``_high``), ``per_100_basis, risk_source`` (see Notes), ``effect`` (in words), ``certainty, footnotes``
        (what took levels, with the number behind each), what is missing, with the columns of `missing_results`
        (``trials_compared`` to ``missing``), and ``sentence``.

    See Also
    --------
    certainty : the grade of one pool.
    rank_conditions : the conditions in the order of their effect.

    Notes
    -----
    How many improve with the comparison is counted in the comparison arms of the trials themselves, each by its own
    definition: the mean of their logits over trials, of this condition where two trials or more count, else of all.
    With acupuncture it is that risk times the pooled risk ratio, where trials with counts hold half of the pool's
    weight; else the risk whose odds are exp(SMD pi / sqrt(3)) times as high (Cochrane Handbook 15.5.3.2; Chinn 2000).
    Where no comparison arm counts people who improve, nothing is said.

    Examples
    --------
    >>> import evidence as ev
    >>> findings = ev.summary_of_findings(ev.load())
    >>> findings["comparator"].unique().tolist()
    ['sham']
    """
    context, rows = Context.of(db), []
    require_words(db, comparator=comparator, time=time)
    pools = headline_pools(db)
    for condition in context.words.headline:
        for outcome in context.words.important:
            key = ("SMD", condition, comparator, outcome, time)
            if key in pools:
                rows.append(finding(pools[key], context))
    return pd.DataFrame(rows)


def finding(pool: Synthesis, context: Context) -> dict[str, Any]:
    """One row of a summary of findings.

    Parameters
    ----------
    pool : Synthesis
        Standardised differences of one condition, comparator, outcome and window, pooled.
    context : Context
        Of their base.
    """
    graded, words = grade(context, pool.frame, pool=pool), context.words
    first = pool.frame.iloc[0]
    condition, outcome, comparator, time = (str(first[x]) for x in ("condition", "outcome", "comparator", "time"))
    row: dict[str, Any] = {
        "condition": condition,
        "condition_label": words.conditions[condition],
        "outcome": outcome,
        "outcome_label": outcome_words(outcome),
        "comparator": comparator,
        "comparator_label": words.comparators[comparator],
        "time": time,
        "time_label": WINDOWS[time],
    }
    row |= pool.numbers | context.points.of(pool) | {"worthwhile": context.worthwhile.of([outcome], "SMD")}
    row |= context.absolute.of(pool)
    side = side_of(pool.estimate, pool.ci_low, pool.ci_high, row["worthwhile"])
    row["effect"] = {
        "better": "acupuncture better",
        "worse": "acupuncture worse",
        "little": "little or no difference",
        "open": "open: the interval includes no difference",
    }[side]
    notes = [
        f"{step.domain.replace('_', ' ')} ({step.levels:+d}): {step.reason}" for step in graded.steps if step.levels
    ]
    row |= {"certainty": graded.grade, "footnotes": " | ".join(notes), **graded.account.numbers()}
    return row | {"sentence": sentence(row, words=words)}
