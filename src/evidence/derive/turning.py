"""Columns of result rows turned so that a higher number is better, and why some of them give nothing.

Every function works on all rows at once: ``r`` holds the columns of results.csv, and what is found of them, by name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..effects.inputs import Floats
from ..effects.recover.mean_sd_from_quantiles import mean_sd_from_quantiles
from ..effects.recover.sd import sd_from_ci, sd_from_se
from ..effects.recover.se import se_from_ci
from ..effects.recover.skewness import skewness_test

Columns = dict[str, np.ndarray[Any, np.dtype[Any]]]
Objects = np.ndarray[Any, np.dtype[np.object_]]

#: A symmetric interval is centred on its estimate; further off than this share of its half width it is something else.
OFF_CENTRE = 0.25
#: Why a count of people in the middle of a graded rating gives nothing.
GRADE = "one grade of a graded rating: others did better, and others worse"


def means_of_medians(r: Columns, size: Floats) -> Columns:
    """Medians with quartiles as means with SDs, unless the quartiles tell of a skewed distribution.

    ``size`` is the size of each row's arm. Returns ``statistic, mean, sd, sd_source`` and ``no_mean``, why there is
    none.
    """
    found = {name: r[name].copy() for name in ("statistic", "mean", "sd")}
    found |= {"sd_source": np.full(len(size), "SD", dtype=object), "no_mean": np.full(len(size), "no mean", object)}
    medians = np.flatnonzero([statistic.startswith("median_") for statistic in r["statistic"].tolist()])
    n = np.where(r["n"] >= 2, r["n"], size)[medians]
    median, q1, q3 = (r[name][medians] for name in ("median", "q1", "q3"))
    complete, apart = ~np.isnan(median + q1 + q3 + n), q1 < q3
    found["no_mean"][medians[~complete]] = "a median without quartiles, or without n"
    found["no_mean"][medians[complete & ~apart]] = "the quartiles are equal"
    usable = complete & apart
    quartiles = {"median": median[usable], "q1": q1[usable], "q3": q3[usable], "n": n[usable]}
    skewed, those = skewness_test(**quartiles).skewed, medians[usable]
    found["no_mean"][those[skewed]] = "median and quartiles of a skewed distribution give no mean (Shi 2023)"
    mean, sd = mean_sd_from_quantiles(**quartiles)
    straight = those[~skewed]
    found["mean"][straight], found["sd"][straight] = mean[~skewed], sd[~skewed]
    found["sd_source"][straight] = "mean and SD from median and quartiles (Luo 2018, Wan 2014)"
    found["statistic"][straight] = [word.removeprefix("median_") for word in r["statistic"][straight]]
    return found


def values_and_intervals(r: Columns) -> Columns:
    """``value``, ``low`` and ``high``, turned by ``benefit``; ``no_interval``, why the interval is of no use, or ""."""
    benefit, sign, level = r["benefit"], r["sign"], r["ci_level"]
    against = np.isin(sign, ["reduction_positive", "comparator_minus_arm"])
    turn = np.select([sign == "as_is", against], [benefit, -benefit], 1)  # ratios have no sign and stay as printed
    low, high = (limit(turn * r["ci_low"], turn * r["ci_high"]) for limit in (np.minimum, np.maximum))
    printed = np.where(r["kind"] == "arm", r["mean"], r["estimate"])
    bare = np.isnan(printed) & ~np.isnan(low)
    value = turn * np.where(bare, (r["ci_low"] + r["ci_high"]) / 2, printed)  # only the interval is printed: its middle
    off = np.abs(value - (low + high) / 2) > OFF_CENTRE * (high - low) / 2
    fault = np.select(
        [np.isnan(low), np.isnan(level), ~(low < high), off],
        [
            "no interval",
            "the level of the interval is not stated",
            "the interval has no width",
            "the estimate is not centred in its interval",
        ],
        "",
    )
    return {"value": value, "low": low, "high": high, "no_interval": fault}


def spreads_of_arms(r: Columns, size: Floats) -> Columns:
    """``sd`` of arms, its ``sd_source``, and ``no_sd``, why there is none: printed, from the SE, from the interval."""
    arm, sd, se, level = r["kind"] == "arm", r["sd"], r["se"], r["ci_level"]
    n = np.where(np.isnan(r["n"]), size, r["n"])
    missing, sized, interval = arm & np.isnan(sd), n >= 2, r["no_interval"]
    by_se = missing & sized & ~np.isnan(se)
    by_interval = missing & sized & ~by_se & (interval == "")
    source, found = np.where(arm, r["sd_source"], ""), np.where(arm, sd, np.nan)
    found[by_se], source[by_se] = sd_from_se(se[by_se], n[by_se]), "SD from SE"
    found[by_interval] = sd_from_ci(*(part[by_interval] for part in (r["low"], r["high"], n, level)))
    source[by_interval] = [f"SD from {100 * one:g}% interval (t)" for one in level[by_interval]]
    lost = missing & ~by_se & ~by_interval
    source[lost] = ""
    fault = np.select(
        [~lost, (interval == "no interval") & np.isnan(se), sized],
        ["", "no SD, SE or interval", np.char.add("no SD or SE, and ", interval.astype(str))],
        "the arm's size is not known",
    )
    return {"sd": found, "sd_source": source, "no_sd": fault}


def errors_of_pairs(r: Columns) -> Columns:
    """``se_of_interval``: of differences and ratios with a usable interval, of ratios on the log scale; else NaN."""
    low, high, ratio = r["low"], r["high"], r["kind"] == "ratio"
    log = ratio & (r["statistic"] != "RD")
    usable = (ratio | (r["kind"] == "contrast")) & (r["no_interval"] == "") & ~(log & ~(np.minimum(low, high) > 0))
    unit = np.where(ratio & ~log & in_percent(low, high), 0.01, 1.0)
    found = np.full(len(low), np.nan)
    for rows, scale in ((usable & log, np.log), (usable & ~log, np.positive)):
        ends = (low * unit)[rows], (high * unit)[rows]
        found[rows] = se_from_ci(scale(ends[0]), scale(ends[1]), r["ci_level"][rows])
    return {"se_of_interval": found}


def in_percent(low: Floats | float, high: Floats | float) -> Any:
    """Is a difference of risks printed in percentage points? Its interval tells."""
    return np.maximum(np.abs(low), np.abs(high)) > 1


def unusable(r: Columns, graded: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[Any]]:
    """Why no effect can come from a row, "" where one may; ``graded`` marks single grades of a graded rating."""
    return np.select(
        [graded, r["kind"] == "direction", r["sign"] == "unclear", r["benefit"] == 0],
        [
            GRADE,
            "words only, no number",
            "how the number's sign was printed is unclear",
            "which way benefit lies is not known",
        ],
        "",
    )


def favours(r: Columns) -> Objects:
    """What the words of a row say: 1 better for its arm, -1 worse, 0 no difference; None where they do not say it."""
    words, benefit = r["direction"], r["benefit"]
    side: Objects = np.select([words == "higher", words == "lower"], [benefit, -benefit], 0).astype(object)
    side[(words == "") | ((words != "no_difference") & (benefit == 0))] = None
    return side
