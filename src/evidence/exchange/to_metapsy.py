"""Effects in the metapsy data standard, for R's metapsyTools.

The columns are those of https://docs.metapsy.org/data-preparation/format/ (sections I and II); behind them stand
additional variables, as the standard allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..files import csv, write
from .contrasts import Contrast, Side

DESIGN = (
    *("study", "condition_arm1", "condition_arm2", "multi_arm1", "multi_arm2"),
    *("outcome_type", "instrument", "time", "time_weeks", "rating"),
)
MEANS = ("mean_arm1", "mean_arm2", "sd_arm1", "sd_arm2", "n_arm1", "n_arm2")
CHANGES = tuple(name.replace("_arm", "_change_arm") for name in MEANS)
COUNTS = ("event_arm1", "event_arm2", "totaln_arm1", "totaln_arm2")
READY = ("precalc_g", "precalc_g_se", "precalc_log_rr", "precalc_log_rr_se")
NUMBERS = (*MEANS, *CHANGES, *COUNTS, *READY)
ADDED = ("year", "condition", "outcome", "higher_is_better", "result_ids")
_TIMES = {"end of treatment": "post", "follow-up": "follow-up"}


def to_metapsy(contrasts: Sequence[Contrast]) -> pd.DataFrame:
    """One row a comparison of two sides: acupuncture is arm 1. What stands in for several outcomes stands once.

    Parameters
    ----------
    contrasts : sequence of Contrast
        Effects as SMD or RR; those without statistics of their sides are pre-calculated.
    """
    comparators = Counter(study for study, _ in {(c.effect["study"], c.effect["comparator"]) for c in contrasts})
    rows = []
    for contrast in contrasts:
        effect, first = contrast.effect, contrast.rows[0]
        several = comparators[effect["study"]] > 1 or len(contrast.ours.arms + contrast.theirs.arms) > 2
        rows.append(
            {
                "study": _named(contrast),
                "condition_arm1": "acupuncture",
                "condition_arm2": effect["comparator"],
                "multi_arm1": " + ".join(contrast.ours.arms) if several else None,
                "multi_arm2": " + ".join(contrast.theirs.arms) if several else None,
                "outcome_type": effect["measured"] if contrast.basis == "counts" else "msd",
                "instrument": contrast.instrument or first.definition or None,
                "time": _TIMES.get(first.when),
                "time_weeks": effect["week"],
                "rating": None,
                **_numbers(contrast),
                "year": effect["year"],
                "condition": effect["condition"],
                "outcome": effect["measured"],
                "higher_is_better": "yes" if first.benefit > 0 else "no",
                "result_ids": effect["result_ids"],
            }
        )
    frame = pd.DataFrame(rows, columns=[*DESIGN, *NUMBERS, *ADDED])
    kinds = dict.fromkeys(NUMBERS, "float") | {"year": "Int64"}
    return frame.astype(kinds).drop_duplicates(ignore_index=True)


def write_metapsy(frame: pd.DataFrame, path: Path) -> None:
    """As the standard asks: semicolons, decimal commas, NA, and no semicolon in a cell.

    Parameters
    ----------
    frame : DataFrame
    path : Path
    """
    texts = frame.select_dtypes(include=["object", "string"]).columns
    tidy = frame.assign(**{name: frame[name].str.replace(";", ",") for name in texts})
    write(path, csv(tidy, sep=";", decimal=",", na_rep="NA"))


def _named(contrast: Contrast) -> str:
    """Author and year with a comma between them, where the name is just that."""
    author, _, year = contrast.name.rpartition(" ")
    return f"{author}, {year}" if year.isdecimal() and float(year) == contrast.effect["year"] else contrast.name


def _numbers(contrast: Contrast) -> dict[str, float]:
    one, two = contrast.ours, contrast.theirs
    if contrast.basis == "effect":
        name = "precalc_log_rr" if contrast.effect["measure"] == "RR" else "precalc_g"
        return {name: contrast.estimate, f"{name}_se": contrast.se}
    if contrast.basis == "counts":
        return dict(zip(COUNTS, (one.events, two.events, one.n, two.n), strict=True))
    return dict(zip(CHANGES if contrast.basis == "change" else MEANS, _means(one, two), strict=True))


def _means(one: Side, two: Side) -> tuple[float, ...]:
    return one.mean, two.mean, one.sd, two.sd, one.n, two.n
