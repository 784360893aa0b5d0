"""Trials that randomised people to more or less acupuncture: the only ones that compare people, not trials."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..base.once import once
from ..base.pairs import PHASES, kinds_of_pairs
from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..derive.labels import labels
from ..derive.notes import readable
from ..languages import _, joined, ngettext
from .sound import sound_effects
from .wording.words import listed, trials

_COLUMNS = (
    *("study", "label", "condition", "phase", "arm", "versus", "dose", "dose_versus"),
    *("time", "yi", "vi", "direction", "note"),
)


def randomised_doses(db: EvidenceBase, dose: str, outcome: str, condition: str) -> pd.DataFrame:
    """Pairs of acupuncture arms that differ in their dose alone, turned to the higher dose.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    dose : str
        A column of arms.csv: what they differ in.
    outcome : str
        What is measured.
    condition : str
        One condition; "" for all populations together.

    Returns
    -------
    DataFrame
        As `DoseResponse.randomised`.
    """
    doses = {(row["study_id"], row["arm"]): row[dose] for row in rows_of(db.arms[["study_id", "arm", dose]])}
    conditions, names = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True)), labels(db)
    between = kinds_of_pairs(db.comparisons[db.comparisons["comparator"] == "acupuncture"])
    there = [
        pair
        for pair in rows_of(between)
        if doses[pair["study_id"], pair["arm"]] != doses[pair["study_id"], pair["versus"]]
        and not math.isnan(doses[pair["study_id"], pair["arm"]] + doses[pair["study_id"], pair["versus"]])
        and pair["isolates"] == "yes"
        and condition in ("", conditions[pair["study_id"]])
    ]
    effects = pd.DataFrame(columns=["study", "outcome"])
    if there:
        effects = _between_forms(db)
    rows = []
    for pair in there:
        more, less = doses[pair["study_id"], pair["arm"]], doses[pair["study_id"], pair["versus"]]
        turn = 1 if more > less else -1
        found = effects[(effects["study"] == pair["study_id"]) & (effects["outcome"] == outcome)]
        head = {
            "study": pair["study_id"],
            "label": names[pair["study_id"]],
            "condition": conditions[pair["study_id"]],
            "phase": pair["phase"],
            "arm": pair["arm"],
            "versus": pair["versus"],
            "dose": more,
            "dose_versus": less,
            "direction": turn * _in_words(db, pair, outcome),
            "note": readable(pair["note"], names),
        }
        for row in rows_of(found) or [{"time": "", "yi": math.nan, "vi": math.nan}]:
            rows.append({**head, "time": row["time"], "yi": turn * row["yi"], "vi": row["vi"]})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


@once
def _between_forms(db: EvidenceBase) -> pd.DataFrame:
    """Effects of one form of acupuncture against another, whatever condition and outcome are asked about."""
    return sound_effects(db.select(comparator="acupuncture", excluded=["yes", "no"], phase=PHASES))


def said_of_doses(randomised: pd.DataFrame) -> str:
    """How many trials randomised the dose, and which way those went that say it in words only.

    Parameters
    ----------
    randomised : DataFrame
        As `randomised_doses` gives it.
    """
    k = randomised.groupby("phase")["study"].nunique()
    if k.empty:
        parts = [_("No trial in the data was randomised between doses.")]
    elif "initial" in k:
        parts = [
            ngettext(
                "Between doses, one trial was randomised.", "Between doses, {n} trials were randomised.", k["initial"]
            )
        ]
    else:
        parts = [_("No trial in the data was randomised between doses from the start.")]
    if "maintenance" in k:
        parts.append(
            ngettext(
                "After the same first course in all arms, one trial was randomised between doses.",
                "After the same first course in all arms, {n} trials were randomised between doses.",
                k["maintenance"],
            )
        )
    said = _in_words_only(randomised)
    return joined(*parts, _("In words only, {found}.", found=listed(said)) if said else "")


def _in_words_only(randomised: pd.DataFrame) -> list[str]:
    """Which dose did better in trials without a number."""
    worded = randomised[randomised["yi"].isna() & randomised["direction"].notna()]
    ways = worded.drop_duplicates("study")["direction"]
    higher, lower, neither = (int(which.sum()) for which in (ways > 0, ways < 0, ways == 0))
    return [
        *([_("the higher dose did better in {trials}", trials=trials(higher))] if higher else []),
        *([_("the lower did better in {trials}", trials=trials(lower))] if lower else []),
        *([_("neither did in {trials}", trials=trials(neither))] if neither else []),
    ]


def _in_words(db: EvidenceBase, pair: dict[str, Any], outcome: str) -> float:
    """Which arm of a pair did better, as its trial says in words: 1, -1, 0; NaN where it does not, or says both."""
    sides = {(pair["arm"], pair["versus"]): 1, (pair["versus"], pair["arm"]): -1}
    ways = {
        sides[row.arm, row.versus] * row.favours
        for row in db.reported.get(pair["study_id"], ())
        if (row.arm, row.versus) in sides and row.outcome == outcome and row.favours is not None and row.benefit
    }
    return ways.pop() if len(ways) == 1 else math.nan
