"""How long symptoms had lasted when treatment began, one row a trial."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd

from ..base.once import once
from ..base.rows import rows_of
from ..base.tables import TrialTables
from .align import arm_sizes
from .labels import labels

_PER_YEAR = {"year": 1.0, "month": 12.0, "week": 365.25 / 7, "day": 365.25}
#: Pain is acute up to 6 weeks and chronic from 12 (Furlan 2015, Spine 40:1660, the Cochrane Back and Neck Group).
ACUTE_ENDS, CHRONIC_BEGINS = 6 / _PER_YEAR["week"], 12 / _PER_YEAR["week"]
_SHARE = "% with pain for at least 1 year"
_LIMITS = re.compile(r"inclusion (?P<low>[\d.]+)-(?P<high>[\d.]+)")
_UPPER = re.compile(r"upper limit (?P<value>[\d.]+) (?P<unit>year|month|week|day)")
_LOWER = re.compile(r"inclusion >= (?P<value>[\d.]+) (?P<unit>year|month|week|day)")


@once
def symptom_durations(db: TrialTables) -> pd.DataFrame:
    """How long symptoms had lasted in each trial that says anything of it.

    Parameters
    ----------
    db : TrialTables
        The trials.

    Returns
    -------
    DataFrame
        One row a trial: ``study``, ``label``; ``years``, the mean (NaN where no mean is printed); ``low, high``, limits
        of inclusion in years; ``share``, percent of people with symptoms for a year or more; ``course``, "acute" (up to
        6 weeks by its limits or its own word), "chronic" (12 weeks or more by its mean, its lower limit or more than
        half of its people) or ""; ``basis``, what that rests on, in words.

    See Also
    --------
    early_start : does the effect depend on it?

    Notes
    -----
    Years, months, weeks and days become years (365.25 days). A mean of the whole trial stands; else the means of its
    arms, weighted by the people in each where the size of all is known, else equally. Limits of inclusion, and the
    share of people over some limit, give no mean and none is made of them.

    Examples
    --------
    >>> import evidence as ev
    >>> brinkhaus = ev.symptom_durations(ev.load()).set_index("study").loc["brinkhaus-2006"]
    >>> float(brinkhaus["years"]), brinkhaus["course"], brinkhaus["basis"]
    (14.7, 'chronic', 'mean 14.7 years')
    """
    sizes = {key: size.n for key, size in arm_sizes(db).items()}
    rows = [
        _trial(str(study), rows_of(group), sizes) for study, group in db.symptom_duration.groupby("study_id", sort=True)
    ]
    found = pd.DataFrame(rows, columns=["study", "years", "low", "high", "share", "course", "basis"])
    found.insert(1, "label", found["study"].map(labels(db)))
    return found


def _trial(study: str, rows: list[dict[str, Any]], sizes: dict[tuple[str, str], float]) -> dict[str, Any]:
    means = [row for row in rows if row["statistic"].startswith("mean") and not math.isnan(row["value"])]
    shares = [row for row in rows if row["unit"] == _SHARE and not math.isnan(row["value"])]
    years, joined = _joined(study, means, [row["value"] / _PER_YEAR[row["unit"].rstrip("s")] for row in means], sizes)
    share, _ = _joined(study, shares, [row["value"] for row in shares], sizes)
    lows, highs = zip(*(_limits(row) for row in rows), strict=True)
    low, high = _known(max, lows), _known(min, highs)
    acute = any(row["note"].startswith("acute by") for row in rows)
    basis = [
        f"mean {years:.3g} years{joined}" if not math.isnan(years) else "",
        f"included from {_words(low)}" if not math.isnan(low) else "",
        f"included up to {_words(high)}" if not math.isnan(high) else "",
        f"{share:.0f}% for a year or more" if not math.isnan(share) else "",
        next(row["note"] for row in rows if row["note"].startswith("acute by")) if acute else "",
    ]
    chronic = years >= CHRONIC_BEGINS or low >= CHRONIC_BEGINS or share > 50
    course = "acute" if acute or high <= ACUTE_ENDS else "chronic" if chronic else ""
    head = {"study": study, "years": years, "low": low, "high": high, "share": share, "course": course}
    return {**head, "basis": ", ".join(filter(None, basis)) or "not reported"}


def _joined(
    study: str, rows: list[dict[str, Any]], values: list[float], sizes: dict[tuple[str, str], float]
) -> tuple[float, str]:
    """The value of the whole trial, or the mean of its arms; and how it was joined."""
    if not rows:
        return math.nan, ""
    whole = [value for row, value in zip(rows, values, strict=True) if row["arm"] == "all"]
    if whole:
        return whole[0], ""
    if len(rows) == 1:
        return values[0], f" in arm {rows[0]['arm']}"
    people = [sizes.get((study, row["arm"]), math.nan) for row in rows]
    if any(math.isnan(n) for n in people):
        return float(np.mean(values)), f", {len(rows)} arms weighted equally"
    return float(np.average(values, weights=people)), f", {len(rows)} arms weighted by size"


def _limits(row: dict[str, Any]) -> tuple[float, float]:
    """Limits of inclusion in years, as far as the row states them; NaN for none."""
    both = _LIMITS.fullmatch(row["statistic"])
    if both and row["unit"].rstrip("s") in _PER_YEAR:
        per_year = _PER_YEAR[row["unit"].rstrip("s")]
        return float(both["low"]) / per_year, float(both["high"]) / per_year
    found = [pattern.search(row["note"]) for pattern in (_LOWER, _UPPER)]
    low, high = (float(m["value"]) / _PER_YEAR[m["unit"]] if m else math.nan for m in found)
    return low, high


def _known(of: Any, values: tuple[float, ...]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(of(known)) if known else math.nan


def _words(years: float) -> str:
    weeks = years * _PER_YEAR["week"]
    return f"{weeks:.0f} week{'' if round(weeks) == 1 else 's'}" if weeks <= 52.5 else f"{years:.3g} years"
