"""From misfits of single numbers to one word about a trial: the written rule.

- **serious concern**: numbers that cannot be right as printed, where a result rests on them. An SD beyond the bounds
  that scale, mean and people set; an SD extraordinarily small among those of the same kind of score (modified z below
  -3.5) that makes a standardised difference beyond 2; a p value and an interval that lead to different decisions.
- **some concern**: a number that does not fit, and moves little or nothing: a mean or SD that whole numbers cannot
  have, a percentage that is of no number of people, an estimate outside the middle of its interval, an SD out of the
  ordinary with an ordinary effect, an effect far from all others.
- **no concern**: everything that could be checked fits, or rounding explains what does not (a digit cut off, another
  test or interval of the same kind, a small trial far out by chance).

A row of ``integrity_overrides.csv`` sets or lifts what a check made of a trial, or the word about it, with its reason.
None of this is about people: misprints, standard errors in the place of SDs and slips in copying, ours too, do it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from ...base.rows import rows_of
from ...languages import N_, Spoken, in_english
from .finding import SERIOUS, SOME

CONCERNS: Mapping[str, str] = {"": "no concern", SOME: "some concern", SERIOUS: "serious concern"}
_SEVERITY = {word: severity for severity, word in CONCERNS.items()}
#: What a misfit of each check says, for a reason and on a figure.
MISFITS: Mapping[str, str] = Spoken(
    {
        "grim": N_("no whole numbers have this mean"),
        "grimmer": N_("no whole numbers have this SD"),
        "sd_plausible": N_("an SD that its scale or other trials do not have"),
        "se_as_sd": N_("the SD would be ordinary as a standard error"),
        "correlation_implied": N_("the SDs before, after and of the change do not belong together"),
        "same_numbers": N_("the same numbers stand elsewhere"),
        "baseline_balance": N_("arms are more or less alike before treatment than chance makes them"),
        "p_recomputed": N_("p value and interval lead to different decisions"),
        "interval_symmetric": N_("the estimate is not in the middle of its interval"),
        "percent_of_n": N_("no number of people is this percentage"),
        "n_flow": N_("more people analysed than randomised"),
        "effect_outlier": N_("an effect far from those of all other trials"),
    }
)
#: What it says where the scale itself forbids the SD, whatever other trials have.
_FORBIDDEN = "an SD larger than its scale allows with that mean"


def overridden(found: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    """Findings with the severity that somebody gave the misfits of a check.

    Parameters
    ----------
    found : DataFrame
        ``study, check, severity``, one row a finding.
    overrides : DataFrame
        Rows of integrity_overrides.csv.

    Returns
    -------
    DataFrame
        The same findings; only misfits change.
    """
    severity = found["severity"].copy()
    for row in rows_of(overrides[overrides["check"] != "any"]):
        misfit = (found["study"] == row["study_id"]) & (found["check"] == row["check"]) & (severity != "")
        severity[misfit] = _SEVERITY[row["concern"]]
    return found.assign(severity=severity)


@in_english
def concerns(studies: pd.Series, found: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    """One word about each trial, and why.

    Parameters
    ----------
    studies : Series
        Keys of the trials.
    found : DataFrame
        Findings, after `overridden`.
    overrides : DataFrame
        Rows of integrity_overrides.csv.

    Returns
    -------
    DataFrame
        ``study, concern, reasons``: the misfits that weigh most, or the reason of whoever judged.
    """
    weighty = found[found["severity"].isin([SOME, SERIOUS])]
    worst = {study: "" for study in studies} | {study: SOME for study in weighty["study"]}
    worst |= {study: SERIOUS for study in weighty.loc[weighty["severity"] == SERIOUS, "study"]}
    reasons = _reasons(weighty[weighty["severity"] == weighty["study"].map(worst)])
    for study, check, word, why in overrides[["study_id", "check", "concern", "reason"]].itertuples(index=False):
        if study in worst:
            if check == "any":
                worst[study], reasons[study] = _SEVERITY[word], []
            said = reasons.setdefault(study, [])
            said += [] if f"judged by hand: {why}" in said else [f"judged by hand: {why}"]
    table = pd.DataFrame({"study": list(worst), "concern": [CONCERNS[worst[study]] for study in worst]})
    return table.assign(reasons=[" | ".join(reasons.get(study, ())) for study in worst])


def _reasons(found: pd.DataFrame) -> dict[str, list[str]]:
    """What does not fit in each trial; checks that say it of the same numbers together."""
    forbidden = (found["check"] == "sd_plausible") & (found["number"] > 1)
    misfits = found["check"].map(MISFITS).mask(forbidden, _FORBIDDEN)
    numbers: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # each text once, in order
    for study, misfit, printed in zip(found["study"], misfits, found["printed"], strict=True):
        numbers[study, misfit][printed] = None
    shown: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (study, misfit), texts in numbers.items():
        shown[study, "; ".join(texts)].append(misfit)
    reasons: dict[str, list[str]] = {}
    for (study, text), said in shown.items():
        reasons.setdefault(study, []).append(f"{', '.join(said)} ({text})")
    return reasons
