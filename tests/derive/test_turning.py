"""Each rule by which columns of result rows are turned, on rows of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.base.rows import distinct
from evidence.derive.align import arm_sizes, spreads_before
from evidence.derive.scales import Scales
from evidence.derive.turning import Columns, favours, means_of_medians, spreads_of_arms, unusable, values_and_intervals

NAN = np.nan
WORDS = {"kind": "arm", "statistic": "final", "sign": "as_is", "direction": "", "sd_source": "SD", "no_interval": ""}
NUMBERS = ("mean", "sd", "se", "n", "median", "q1", "q3", "ci_low", "ci_high", "ci_level", "estimate", "low", "high")


def rows(*told: dict[str, Any]) -> Columns:
    """Columns of rows that print what is told of them; benefit lies higher."""
    filled = [WORDS | dict.fromkeys(NUMBERS, NAN) | {"benefit": 1} | one for one in told]
    return {name: np.array([one[name] for one in filled], object if name in WORDS else None) for name in filled[0]}


def test_medians_become_means_where_their_quartiles_allow_it() -> None:
    even = {"statistic": "median_change", "median": 15.0, "q1": 10.0, "q3": 22.0, "n": 100.0}
    r = rows(
        even,
        even | {"n": NAN},
        even | {"n": 1.0},
        even | {"q1": NAN},
        even | {"q1": 15.0, "q3": 15.0},
        even | {"median": 10.5},
        {"mean": 3.0, "sd": 2.0},
    )
    found = means_of_medians(r, np.array([50.0, 100.0, NAN, 50.0, 50.0, 50.0, 50.0]))
    mean, sd = ev.mean_sd_from_quantiles(n=100, median=15, q1=10, q3=22)
    assert found["mean"][[0, 1, 6]] == pytest.approx([mean, mean, 3.0]) and np.isnan(found["mean"][2:6]).all()
    assert found["sd"][[0, 1, 6]] == pytest.approx([sd, sd, 2.0])
    assert found["statistic"].tolist() == ["change"] * 2 + ["median_change"] * 4 + ["final"]
    assert [source.split()[0] for source in found["sd_source"]] == ["mean", "mean", *["SD"] * 5]
    without = "a median without quartiles, or without n"
    assert found["no_mean"][2:5].tolist() == [without, without, "the quartiles are equal"]
    assert found["no_mean"][5].startswith("median and quartiles of a skewed") and found["no_mean"][6] == "no mean"
    assert r["statistic"][0] == "median_change", "the columns given stay as they are"


@pytest.mark.parametrize(
    ("sign", "benefit", "turn"),
    [
        ("as_is", 1, 1),
        ("as_is", -1, -1),
        ("reduction_positive", 1, -1),
        ("reduction_positive", -1, 1),
        ("comparator_minus_arm", 1, -1),
        ("comparator_minus_arm", -1, 1),
        ("improvement_positive", -1, 1),
        ("", -1, 1),
    ],
)
def test_a_higher_value_is_better_whatever_the_sign(sign: str, benefit: int, turn: int) -> None:
    told = {"sign": sign, "benefit": benefit, "ci_low": 1.0, "ci_high": 3.0, "ci_level": 0.95}
    found = values_and_intervals(rows(told | {"mean": 2.0, "estimate": 9.0}, told | {"kind": "contrast"}))
    assert found["value"].tolist() == [2.0 * turn] * 2, "its own number, or the middle where only the interval is told"
    assert sorted((turn * 1.0, turn * 3.0)) == [found["low"][0], found["high"][0]]
    assert found["no_interval"].tolist() == ["", ""]


def test_why_an_interval_is_of_no_use() -> None:
    told = {"kind": "contrast", "estimate": 2.0, "ci_low": 1.0, "ci_high": 3.0, "ci_level": 0.95}
    off = [told | {"estimate": estimate} for estimate in (2.24, 2.26, 1.74)]
    r = rows(told | {"ci_low": NAN, "ci_high": NAN}, told | {"ci_level": NAN}, told | {"ci_low": 3.0}, *off)
    assert values_and_intervals(r)["no_interval"].tolist() == [
        "no interval",
        "the level of the interval is not stated",
        "the interval has no width",
        "",
        *["the estimate is not centred in its interval"] * 2,
    ]


def test_where_the_spread_of_an_arm_comes_from() -> None:
    se, interval = {"se": 0.5, "no_interval": "no interval"}, {"low": 1.0, "high": 3.0, "ci_level": 0.9}
    r = rows(
        {"sd": 2.0} | se,
        se | {"n": 16.0},
        se,
        interval | {"n": 25.0},
        {"no_interval": "no interval"},
        {"no_interval": "the interval has no width"},
        se | {"n": 1.0},
        {"kind": "events"} | interval,
        {"kind": "contrast", "sd": 4.0} | se,
        interval | {"se": 0.5},
    )
    found = spreads_of_arms(r, np.full(10, 9.0))
    by_interval = float(ev.sd_from_ci(1.0, 3.0, 25, level=0.9))
    assert found["sd"][[0, 1, 2, 3, 9]] == pytest.approx([2.0, 2.0, 1.5, by_interval, 1.5])
    assert np.isnan(found["sd"][4:9]).all()
    assert found["sd_source"][:4].tolist() == ["SD", "SD from SE", "SD from SE", "SD from 90% interval (t)"]
    assert found["sd_source"][4:].tolist() == [*[""] * 5, "SD from SE"]
    assert found["no_sd"].tolist() == [
        *[""] * 4,
        "no SD, SE or interval",
        "no SD or SE, and the interval has no width",
        "the arm's size is not known",
        *[""] * 3,
    ]


def test_why_a_row_gives_nothing_in_order() -> None:
    r = rows(
        {"kind": "direction", "sign": "unclear", "benefit": 0},
        {"kind": "direction", "sign": "unclear", "benefit": 0},
        {"sign": "unclear", "benefit": 0},
        {"benefit": 0},
        {"benefit": -1},
    )
    assert [why.split()[0] for why in unusable(r, np.array([True, False, False, False, False]))[:4]] == [
        "one",
        "words",
        "how",
        "which",
    ]
    assert unusable(r, np.zeros(5, dtype=bool))[4] == ""


def test_what_words_say_is_turned_and_nothing_is_said_where_benefit_is_not_known() -> None:
    told = [(word, benefit) for word in ("higher", "lower", "no_difference", "") for benefit in (1, -1, 0)]
    r = rows(*({"direction": word, "benefit": benefit} for word, benefit in told))
    assert favours(r).tolist() == [1, -1, None, -1, 1, None, 0, 0, 0, None, None, None]


def test_a_combination_with_a_missing_number_is_one() -> None:
    frame = pd.DataFrame({"week": [4.0, 4.0, NAN, 4.0, NAN], "when": ["", "", "x", "", "x"], "other": range(5)})
    each, which = distinct(frame, ["week", "when"])
    assert [one["when"] for one in each] == ["", "x"] and which.tolist() == [0, 0, 1, 0, 1]


def test_a_scale_is_its_own_rows_before_its_instruments() -> None:
    instruments = pd.DataFrame(
        {
            "instrument_id": ["vas", "vas", "odi"],
            "unit": ["mm", "cm", "points"],
            "scale_min": [0.0, 0.0, 10.0],
            "scale_max": [100.0, 10.0, 60.0],
            "higher_is_better": ["no", "no", ""],
            "rank": [2.0, 1.0, NAN],
        }
    )
    outcomes = pd.DataFrame({"outcome": ["pain", "disability"], "claimed_direction": ["lower", "higher"]})
    told = [
        ("vas", "", "pain", "cm", NAN, NAN),
        ("vas", "yes", "pain", "cm", 1.0, 5.0),
        ("vas", "", "pain", "", NAN, NAN),
        ("odi", "", "disability", "", NAN, NAN),
        ("", "", "pain", "% change", NAN, NAN),
        ("", "", "other", "", NAN, NAN),
    ]
    columns = ["instrument_id", "higher_is_better", "outcome", "unit", "scale_min", "scale_max"]
    found = Scales(instruments).of_rows(pd.DataFrame(told, columns=columns).assign(instrument="tool"), outcomes)
    assert found["benefit"].tolist() == [-1, 1, -1, 1, -1, 0]
    np.testing.assert_array_equal(found["scale"], [10.0, 4.0, NAN, 50.0, NAN, NAN])
    assert found["least"].tolist() == [0.0, 1.0, 0.0, 10.0, 0.0, 0.0]
    assert found["rank"].tolist() == [1.0, 1.0, 1.0, np.inf, np.inf, np.inf]
    assert found["no_scale"].tolist() == [
        "",
        "",
        "the range of tool with unit '' is not known",
        "",
        "'% change' is not points of a scale",
        "the range of tool is not known",
    ]


def test_weeks_and_p_values_of_the_tables(db: ev.EvidenceBase) -> None:
    remarked = dict(zip(db.follow_up_times["result_id"], db.follow_up_times["week"], strict=True))
    printed = db.results.set_index("result_id")
    turned = {row.id: row for rows in db.reported.values() for row in rows}
    told = [row for row in turned.values() if row.id in remarked]
    assert told and all(row.at.week == remarked[row.id] for row in told)
    assert {row.at.remark for row in told} == {"week read from a remark of the source"}
    week = printed.loc[[*turned], "week"]
    own = [key for key in turned if key not in remarked and week[key] == week[key]]
    assert own and all(turned[key].at.week == week[key] and not turned[key].at.remark for key in own)
    exact = printed["p_value"].where(printed["p_relation"] == "=")[[*turned]]
    np.testing.assert_array_equal([row.p for row in turned.values()], exact)


def test_a_spread_before_treatment_takes_the_size_of_its_arm_where_none_is_printed(db: ev.EvidenceBase) -> None:
    rows = db.results[(db.results["statistic"] == "baseline") & db.results["sd"].notna()]
    assert rows["n"].isna().any()
    bare = replace(db, results=rows.assign(n=NAN))
    known = np.isfinite([arm_sizes(db)[key].n for key in zip(rows["study_id"], rows["arm"], strict=True)])
    scaled = np.isfinite(Scales(db.instruments).of_rows(rows, db.outcomes)["scale"])
    assert len(spreads_before(bare)) == (known & scaled).sum() > 0


def test_rows_of_a_trial_are_found_wherever_they_stand(db: ev.EvidenceBase) -> None:
    apart = replace(db, results=db.results.sort_values(["outcome", "result_id"], kind="stable", ignore_index=True))
    assert sum(map(len, apart.reported.values())) == sum(map(len, db.reported.values())) > 0
    for study, rows in apart.reported.items():
        order = sorted(rows, key=lambda row: row.id)
        assert [row[:5] for row in order] == [row[:5] for row in sorted(db.reported[study], key=lambda row: row.id)]
