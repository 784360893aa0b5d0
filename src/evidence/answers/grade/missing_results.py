"""What a pool would be if every trial whose number is missing had found nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...base.scope import require_words
from ...derive.evidence_base import EvidenceBase
from ...languages import _, joined, ngettext
from ..context import Context
from ..known_trials import Told
from ..pooling import Pooling, summary_of
from ..wording.missing import said_elsewhere, sizes, what_they_tell
from ..wording.vocabulary import Vocabulary
from ..wording.words import WINDOWS, ended, number, outcome_words, trials, whole
from .synthesis import synthesise


def missing_results(db: EvidenceBase, *, outcome: str = "pain", time: str = "short") -> pd.DataFrame:
    """How much is missing from each pool, and what it would come to if all missing trials had found no difference.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    outcome : str
        What the pools measure.
    time : str
        Their window.

    Returns
    -------
    DataFrame
        One row a condition and comparator with an admissible trial: ``condition, comparator, outcome, time, k, n``,
        ``estimate, ci_low, ci_high`` (SMD as in `pooled_table`); ``trials_compared, people_compared`` (all trials that
        made the comparison), ``trials_elsewhere`` (those that give numbers at other times or on other outcomes only),
        ``trials_missing, people_missing`` (those that measured it, or are expected to have, and give no number),
        ``unsized_missing`` (missing trials that do not state people), ``said_better, said_no_difference, said_worse``
        (missing trials whose words say which way it went), ``trials_unreadable`` (those that say nothing), ``missing``
        (keys, joined by "|"); ``null_estimate, null_ci_low, null_ci_high`` (with every missing trial as 0) and
        ``sentence``. ``k + trials_elsewhere + trials_missing`` are all trials of the comparison.

    See Also
    --------
    certainty : counts what is missing against a pool.
    trim_and_fill : trials that a funnel says are missing.

    Notes
    -----
    Which trials are missing is defined in `evidence.answers.known_trials`, for every table, page and figure. A missing
    trial of n people enters as 0 with the variance 4 / n of an SMD of two equal groups; where its size is not known
    either, with the median size of the trials in the comparison. This is the pessimist's pool, not an estimate: it says
    how much the answer leans on what could be read. It is summarised as any pool of so many trials is.

    References
    ----------
    Page et al. (2023), BMJ 383:e076754 (ROB-ME).

    Examples
    --------
    >>> import evidence as ev
    >>> missing = ev.missing_results(ev.load())
    >>> bool((missing["trials_missing"] > 0).any())
    True
    """
    context, rows = Context.of(db), []
    require_words(db, outcome=outcome, time=time)
    effects = context.effects("SMD")
    effects = effects[(effects["outcome"] == outcome) & (effects["time"] == time)]
    for condition, comparator in context.known.questions:
        there = effects[(effects["condition"] == condition) & (effects["comparator"] == comparator)]
        account = context.known.of([condition], comparator, [outcome], given=set(there["study"]))
        row = {
            "condition": condition,
            "comparator": comparator,
            "outcome": outcome,
            "time": time,
            "k": len(there),
            "n": there["n_acupuncture"].sum() + there["n_comparator"].sum(),
            **account.numbers(),
        }
        filled = _filled(account.missing, account.trials)
        zeros = pd.DataFrame({"measure": "SMD", "outcome": outcome, "yi": 0.0, "vi": 4 / filled})
        with_zeros = pd.concat([there[list(zeros.columns)], zeros]) if len(zeros) else there
        row |= _pooled(context.pooling, there, "") | _pooled(context.pooling, with_zeros, "null_")
        told = context.points.of(synthesise(context.pooling, there)) if len(there) else {}
        sd = context.worthwhile.sd.get(outcome, math.nan)
        rows.append(row | {"sentence": _sentence(row | told, context.words, sd)})
    return pd.DataFrame(rows)


def _filled(missing: Sequence[Told], everyone: Sequence[Told]) -> np.ndarray:
    """People of the missing trials; the median of the comparison where a trial does not state them."""
    usual = float(pd.Series([trial.people for trial in everyone], dtype=float).median())
    people = [usual if math.isnan(trial.people) else trial.people for trial in missing]
    return np.array([n for n in people if not math.isnan(n)], dtype=float)


def _pooled(pooling: Pooling, rows: pd.DataFrame, prefix: str) -> dict[str, float]:
    names = ("estimate", "ci_low", "ci_high")
    found = summary_of(pooling.fit(rows)) if len(rows) else None
    return {f"{prefix}{name}": math.nan if found is None else getattr(found, name) for name in names}


def _sentence(row: dict[str, Any], words: Vocabulary, sd: float) -> str:
    """One row in words, in points of 100 where the SD of the outcome's scores is known in them."""
    against, missing, elsewhere = words.comparators[row["comparator"]], row["trials_missing"], row["trials_elsewhere"]
    first = _(
        "In {condition}, against {comparator}, {outcome} {when}: {found}.",
        condition=words.conditions[row["condition"]],
        comparator=against,
        outcome=outcome_words(row["outcome"]),
        when=WINDOWS[row["time"]],
        found=_if_nothing(row, sd) if missing else _none_missing(row["k"]),
    )
    told = what_they_tell(row, against) if missing else ""
    return joined(first, ended(told) if told else "", ended(said_elsewhere(elsewhere)) if elsewhere else "")


def _none_missing(k: int) -> str:
    if not k:
        return _("no trial is known to have measured it")
    return ngettext(
        "one trial gives a number, and no other is known to have measured it",
        "{n} trials give a number, and no other is known to have measured it",
        k,
    )


def _if_nothing(row: dict[str, Any], sd: float) -> str:
    """What the pool is, and what it would be if all that is missing had found nothing."""
    people = sizes(row["people_missing"], row["unsized_missing"])
    gone = {"missing": _("{trials}, {people}", trials=trials(row["trials_missing"]), people=people)}
    if not row["k"]:
        return ngettext(
            "no trial gives a number; missing is {missing}",
            "no trial gives a number; missing are {missing}",
            row["trials_missing"],
            **gone,
        )
    low, high = row["null_ci_low"], row["null_ci_high"]
    if math.isnan(row.get("points", math.nan)) or math.isnan(sd):
        found, then = (_("{n} standard deviations", n=number(row[name])) for name in ("estimate", "null_estimate"))
        ends = {"low": number(low), "high": number(high)}
    else:
        found, then = _("{n} of 100 points", n=whole(row["points"])), whole(row["null_estimate"] * sd)
        ends = {"low": whole(low * sd), "high": whole(high * sd)}
    if low > 0:
        reading = _("the interval ({low} to {high}) would still lie above no difference", **ends)
    elif high < 0:
        reading = _("the interval ({low} to {high}) would lie below no difference", **ends)
    else:
        reading = _("the interval ({low} to {high}) would include no difference", **ends)
    return ngettext(
        "one trial gives {effect}; if the missing {missing}, had found nothing, it would be {then}, and {interval}",
        "{n} trials give {effect}; if the missing {missing}, had found nothing, it would be {then}, and {interval}",
        row["k"],
        effect=found,
        then=then,
        interval=reading,
        **gone,
    )
