"""Result rows turned so that a higher number is always better, with sizes, spreads, scales and windows resolved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..base.once import once
from ..base.rows import rows_of
from ..base.tables import TrialTables
from ..effects.recover.mean_sd_from_quantiles import mean_sd_from_quantiles
from ..effects.recover.sd import sd_from_ci, sd_from_se
from ..effects.recover.skewness import skewness_test
from .scales import Scales
from .windows import Moment, moment

NAN = math.nan
#: A symmetric interval is centred on its estimate; further off than this share of its half width it is something else.
OFF_CENTRE = 0.25
#: Outcomes that are counts of people who got better, or did not.
COUNTED = ("responder", "global_rating")
#: Why a count of people in the middle of a graded rating gives nothing.
GRADE = "one grade of a graded rating: others did better, and others worse"


@dataclass(frozen=True, slots=True)
class Size:
    """People in an arm, and where the number comes from ("" when printed with the result)."""

    n: float
    source: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One result row, turned: a higher ``value`` is better for the arm it is about.

    ``unusable`` says why no effect can come from it ("" when one may); ``faults`` do the same for single uses:
    "mean" (no mean), "sd" (no spread), "interval" (no usable interval), "scale" (no points). ``favours`` is what its
    words say: 1 better for ``arm`` than for ``versus``, -1 worse, 0 no difference; None where they do not say it, or
    where it is not known which way benefit lies.
    """

    id: str
    kind: str
    arm: str
    versus: str
    outcome: str
    instrument: str
    rank: float
    definition: str
    statistic: str
    when: str
    at: Moment
    value: float
    mean: float
    sd: float
    sd_source: str
    se: float
    low: float
    high: float
    level: float
    n: float
    p: float
    favours: int | None
    events: float
    percent: float
    benefit: int
    scale: float
    doubtful: bool
    unusable: str
    faults: dict[str, str]
    imputed: bool = False

    @property
    def key(self) -> tuple[str, str, str, float, str, str]:
        """Rows with the same key measure the same thing at the same time in the same way."""
        week = -1.0 if math.isnan(self.at.week) else self.at.week
        return self.outcome, self.instrument, self.definition, week, self.when, self.statistic


@once
def arm_sizes(db: TrialTables) -> dict[tuple[str, str], Size]:
    """People in each arm, for results that do not print it.

    The number randomised to the arm; else what the other arms leave of the trial's total; else, where no arm's number
    is printed, the total divided equally (rounded down), which is said in the source.
    """
    totals = dict(zip(db.studies["study_id"], db.studies["n_randomised"], strict=True))
    trials: dict[str, dict[str, float]] = {}
    for study, arm, n in zip(db.arms["study_id"], db.arms["arm"], db.arms["n_randomised"], strict=True):
        trials.setdefault(study, {})[arm] = n
    sizes: dict[tuple[str, str], Size] = {}
    for study, arms in trials.items():
        total = totals.get(study, NAN)
        printed = [n for n in arms.values() if not math.isnan(n)]
        left = total - sum(printed)
        for arm, n in arms.items():
            if not math.isnan(n):
                sizes[study, arm] = Size(n, "n randomised")
            elif len(arms) - len(printed) == 1 and printed and left > 1:
                sizes[study, arm] = Size(left, f"n of {arm} = {total:g} randomised less the other arms")
            elif not printed and total // len(arms) > 1:
                sizes[study, arm] = Size(total // len(arms), f"equal arms assumed: {total:g} in {len(arms)}")
            else:
                sizes[study, arm] = Size(NAN, "")
    return sizes


def reported(db: TrialTables) -> Iterator[tuple[str, Reported]]:
    """Turn every result row but the baselines; yields (study, row)."""
    sizes, scales = arm_sizes(db), Scales(db.instruments)
    weeks = dict(zip(db.follow_up_times["result_id"], db.follow_up_times["week"], strict=True))
    claimed = dict(zip(db.outcomes["outcome"], db.outcomes["claimed_direction"], strict=True))
    course = {(a["study_id"], a["arm"]): (a["sessions"], a["weeks"]) for a in rows_of(db.arms)}
    grades = set(db.definitions.loc[db.definitions["stands_for"] == "grade", "definition"])
    for row in rows_of(db.results):
        if row["statistic"] == "baseline" or row["when"] == "baseline":
            continue
        sessions, treatment = course.get((row["study_id"], row["arm"]), (NAN, NAN))
        from_note = row["result_id"] in weeks
        week = weeks[row["result_id"]] if from_note else row["week"]
        at = moment(week, row["when"], sessions, treatment)
        if from_note:
            at = at._replace(remark="week read from a remark of the source")
        turned = _turned(row, at, scales, claimed, sizes[row["study_id"], row["arm"]])
        yield row["study_id"], replace(turned, unusable=GRADE) if row["definition"] in grades else turned


@once
def baseline_sds(db: TrialTables) -> dict[tuple[str, str, str, str], float]:
    """Baseline SD by (study, arm, outcome, instrument)."""
    rows = db.results[(db.results["statistic"] == "baseline") & db.results["sd"].notna()]
    return {(r["study_id"], r["arm"], r["outcome"], _instrument(r)): r["sd"] for r in rows_of(rows)}


def spreads_before(db: TrialTables) -> Iterator[tuple[str, str, str, float, float]]:
    """SDs before treatment on a known scale: (study, arm, outcome, SD in points of 100, people)."""
    scales, sizes = Scales(db.instruments), arm_sizes(db)
    claimed = dict(zip(db.outcomes["outcome"], db.outcomes["claimed_direction"], strict=True))
    rows = db.results[(db.results["statistic"] == "baseline") & db.results["sd"].notna()]
    for row in rows_of(rows):
        _, length, _, _ = scales.of(row, claimed)
        n = sizes[row["study_id"], row["arm"]].n if math.isnan(row["n"]) else row["n"]
        if not math.isnan(length + n):
            yield row["study_id"], row["arm"], row["outcome"], 100 * row["sd"] / length, n


def _turned(row: dict[str, Any], at: Moment, scales: Scales, claimed: dict[str, str], size: Size) -> Reported:
    benefit, scale, rank, scale_fault = scales.of(row, claimed)
    if row["statistic"].startswith("median_"):
        row = _from_quartiles(row, row["n"] if row["n"] >= 2 else size.n)
    as_printed = row["mean"] if row["kind"] == "arm" else row["estimate"]
    turn = {
        "as_is": benefit,
        "reduction_positive": -benefit,
        "improvement_positive": 1,
        "comparator_minus_arm": -benefit,
    }.get(row["sign"], 1)  # ratios have no sign and stay as printed
    low, high = sorted((turn * row["ci_low"], turn * row["ci_high"]))
    faults = {"scale": scale_fault} if scale_fault else {}
    faults["mean"] = row.get("no_mean", "no mean")
    unusable = _unusable(row, benefit)
    if math.isnan(as_printed) and not math.isnan(low):
        as_printed = (row["ci_low"] + row["ci_high"]) / 2  # only the interval is printed: its middle
    value = turn * as_printed
    if math.isnan(low):
        faults["interval"] = "no interval"
    elif math.isnan(row["ci_level"]):
        faults["interval"] = "the level of the interval is not stated"
    elif not low < high:
        faults["interval"] = "the interval has no width"
    elif abs(value - (low + high) / 2) > OFF_CENTRE * (high - low) / 2:
        faults["interval"] = "the estimate is not centred in its interval"
    n = row["n"] if row["kind"] != "contrast" and not math.isnan(row["n"]) else NAN
    sd, sd_source = _spread(row, low, high, n if not math.isnan(n) else size.n, faults)
    favours = None
    if row["direction"] == "no_difference" or (row["direction"] and benefit):
        favours = {"higher": benefit, "lower": -benefit, "no_difference": 0}[row["direction"]]
    return Reported(
        id=row["result_id"],
        kind=row["kind"],
        arm=row["arm"],
        versus=row["versus"],
        outcome=row["outcome"],
        instrument=_instrument(row),
        rank=rank,
        definition=row["definition"],
        statistic=row["statistic"],
        when=row["when"],
        at=at,
        value=value,
        mean=row["mean"],
        sd=sd,
        sd_source=sd_source,
        se=row["se"],
        low=low,
        high=high,
        level=row["ci_level"],
        n=row["n"],
        p=row["p_value"] if row["p_relation"] == "=" else NAN,
        favours=favours,
        events=row["events"],
        percent=row["percent"],
        benefit=benefit,
        scale=scale,
        doubtful=row["confidence"] == "low",
        unusable=unusable,
        faults=faults,
    )


def _unusable(row: dict[str, Any], benefit: int) -> str:
    if row["kind"] == "direction":
        return "words only, no number"
    if row["sign"] == "unclear":
        return "how the number's sign was printed is unclear"
    if benefit == 0:
        return "which way benefit lies is not known"
    return ""


def _from_quartiles(row: dict[str, Any], n: float) -> dict[str, Any]:
    """A median with quartiles as a mean with an SD, unless the quartiles tell of a skewed distribution."""
    quartiles = {"median": row["median"], "q1": row["q1"], "q3": row["q3"], "n": n}
    if math.isnan(sum(quartiles.values())):
        return {**row, "no_mean": "a median without quartiles, or without n"}
    if not row["q1"] < row["q3"]:
        return {**row, "no_mean": "the quartiles are equal"}
    if skewness_test(**quartiles).skewed:
        return {**row, "no_mean": "median and quartiles of a skewed distribution give no mean (Shi 2023)"}
    mean, sd = mean_sd_from_quantiles(**quartiles)
    return {
        **row,
        "statistic": row["statistic"].removeprefix("median_"),
        "mean": float(mean),
        "sd": float(sd),
        "sd_source": "mean and SD from median and quartiles (Luo 2018, Wan 2014)",
    }


def _spread(row: dict[str, Any], low: float, high: float, n: float, faults: dict[str, str]) -> tuple[float, str]:
    if row["kind"] != "arm":
        return NAN, ""
    if not math.isnan(row["sd"]):
        return row["sd"], row.get("sd_source", "SD")
    if n >= 2 and not math.isnan(row["se"]):
        return float(sd_from_se(row["se"], n)), "SD from SE"
    if n >= 2 and "interval" not in faults:
        level = row["ci_level"]
        return float(sd_from_ci(low, high, n, level=level)), f"SD from {100 * level:g}% interval (t)"
    fault = faults.get("interval", "")
    if fault == "no interval" and math.isnan(row["se"]):
        faults["sd"] = "no SD, SE or interval"
    else:
        faults["sd"] = f"no SD or SE, and {fault}" if n >= 2 else "the arm's size is not known"
    return NAN, ""


def _instrument(row: dict[str, Any]) -> str:
    return f"{row['instrument_id']}: {row['instrument']}" if row["instrument_id"] else row["instrument"]
