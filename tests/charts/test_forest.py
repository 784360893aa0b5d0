from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

from .conftest import HOSTILE, marks, told


def test_a_trial_tells_its_numbers_and_how_they_came_to_be(chart: Any, fit: Any) -> None:
    rows = told(chart, "Trials")
    assert rows["Trial"].tolist() == ["Ada 2001", HOSTILE, "עדה 2003 abc", "Di 2004"]  # no direction override
    assert rows["Effect"][0] == "SMD 0.30 [0.02, 0.58]"  # 0.3 ± 1.96 √0.02
    assert rows["Weight"].tolist() == [f"{weight:.1f}%" for weight in fit.weights]
    assert rows["How derived"].tolist()[:2] == ["means and SDs", "SD from 95% CI & t <n=42>"]
    assert rows["Compared with"][0] == "sham acupuncture"
    assert rows["People, acupuncture"].tolist() == ["100", "42.5", "66", "50"]


def test_what_is_missing_is_said(chart: Any) -> None:
    rows = told(chart, "Trials")
    unknown = [*rows.iloc[2][["Year", "Week", "How derived"]].tolist(), rows["People, comparator"][1]]
    assert unknown == ["not reported"] * 4
    assert not {"nan", "None", "null", ""} & set(rows.drop(columns="href").to_numpy().ravel())


def test_only_web_addresses_become_links(chart: Any) -> None:
    links = ["https://doi.org/10.1000/a", "", "", "http://example.org/d?x=1&y=2"]
    assert told(chart, "Trials")["href"].tolist() == links


def test_intervals_squares_and_weights_are_those_of_the_fit(chart: Any, fit: Any) -> None:
    rules = {layer["mark"]["color"]: rows for layer, rows in marks(chart, "rule") if "x2" in layer["encoding"]}
    half = 1.959963984540054 * np.sqrt(fit.vi)
    trial = rules["#1f5f8b"]
    assert trial["row"].tolist() == [0, 1, 2, 3]
    assert trial["low"].tolist() == pytest.approx(np.clip(fit.yi - half, -1, 2).tolist())
    assert trial["high"].tolist() == pytest.approx(np.clip(fit.yi + half, -1, 2).tolist())
    ((_, squares),) = marks(chart, "square")
    assert squares["estimate"].tolist() == pytest.approx(fit.yi[:3].tolist())  # the fourth lies beyond the axis
    assert squares["area"][0] / squares["area"][1] == pytest.approx(fit.weights[0] / fit.weights[1])


def test_intervals_beyond_the_axis_end_in_arrows(chart: Any) -> None:
    arrows = {layer["mark"]["shape"]: rows["row"].tolist() for layer, rows in marks(chart, "point")}
    assert 3 in arrows["triangle-right"]
    assert 0 not in arrows["triangle-right"]


def test_diamond_and_prediction_interval_are_the_fits(fit: Any) -> None:
    chart = ev.charts.forest(fit, xlim=(-9, 9))
    ((_, corners),) = marks(chart, "area")
    inner = corners[(corners["low"] > -9) & (corners["low"] < 9)]
    assert inner["low"].tolist() == pytest.approx([fit.ci.low, fit.estimate, fit.ci.high])
    widths = (inner["bottom"] - inner["row"]).tolist()
    assert widths[0] == widths[2] == 0 < widths[1]
    rules = [rows for layer, rows in marks(chart, "rule") if layer["mark"]["color"] == "#b3431a"]
    spans = [(rows["low"][0], rows["high"][0]) for rows in rows_with(rules, "high")]
    assert pytest.approx(tuple(fit.prediction_interval)) in spans


def rows_with(frames: list[pd.DataFrame], column: str) -> list[pd.DataFrame]:
    return [frame for frame in frames if column in frame]


def test_a_diamond_cut_by_the_axis_stays_open_there(fit: Any) -> None:
    ((_, corners),) = marks(ev.charts.forest(fit, xlim=(-1, float(fit.estimate) + 0.1)), "area")
    assert corners["low"].max() == pytest.approx(fit.estimate + 0.1)
    assert corners.set_index("low")["bottom"].iloc[-1] > corners["row"].max()


def test_directions_zone_and_description(chart: Any, fit: Any) -> None:
    spec = chart.to_dict()
    axis = next(layer["encoding"]["x"]["axis"] for layer in spec["layer"] if "axis" in layer["encoding"].get("x", {}))
    assert axis["title"][0] == "← favours comparator\u2003favours acupuncture →"
    assert axis["title"][-1] == "shaded: worthwhile ≥ 0.40"
    zone = next(rows for _, rows in marks(chart, "rect"))
    assert zone[["low", "high"]].to_numpy().tolist() == [[0.4, 2.0]]
    assert f"Pooled: SMD {fit.estimate:.2f} [" in spec["description"]
    assert spec["width"] == "container"


def test_groups_have_a_diamond_each_and_one_trial_is_not_pooled(trials: pd.DataFrame) -> None:
    fits = {"against sham": ev.pool(trials[:3], slab="label"), "against drugs": ev.pool(trials[3:], slab="label")}
    chart = ev.charts.forest(fits, trials=trials)
    assert told(chart, "Pooled effects")["Pooled"].tolist() == ["Pooled, against sham"]
    labels = next(one["value"] for one in chart.to_dict()["params"] if one["name"] == "labels")
    assert labels[-1] == "One trial: shown as it is, not pooled"
    assert labels[0] == "against sham"
    overall = ev.charts.forest(ev.pool(trials, slab="label"), groups=fits, trials=trials)
    assert told(overall, "Pooled effects")["Pooled"].tolist() == ["Pooled, against sham", "All trials"]


def test_ratios_lie_as_logs_and_read_as_ratios() -> None:
    fit = ev.pool(np.log([2.0, 1.5, 1.2]), [0.02, 0.03, 0.04])
    chart = ev.charts.forest(fit, measure="RR", worthwhile=1.25)
    assert told(chart, "Trials")["Effect"][0].startswith("Risk ratio 2.00 [")
    assert next(rows for _, rows in marks(chart, "rect"))["low"][0] == pytest.approx(math.log(1.25))


def test_other_trials_than_were_pooled_are_refused(fit: Any, trials: pd.DataFrame) -> None:
    with pytest.raises(ev.InvalidInput, match="3 rows"):
        ev.charts.forest(fit, trials=trials[:3])
    with pytest.raises(ev.InvalidInput, match="another order"):
        ev.charts.forest(fit, trials=trials[::-1])
    with pytest.raises(ev.InvalidInput, match="no subgroup"):
        ev.charts.forest({})


def test_real_trials_lead_to_their_sources(db: ev.EvidenceBase) -> None:
    effects = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects("SMD")
    rows = ev.charts.linked(db, effects)
    chart = ev.charts.forest(ev.pool(rows, slab="label"), trials=rows)
    shown = told(chart, "Trials")
    assert shown["href"].str.match("https?://").all()
    assert shown["How derived"].tolist() == effects["derivation"].tolist()


def test_where_every_group_is_a_single_trial_nothing_is_pooled() -> None:
    alone = ev.pool([0.4], [0.05], slab=["Ada"])
    chart = ev.charts.forest({"against sham": alone}, xlim=(-1, 2))
    assert chart.to_dict()["description"] == "Forest plot of 1 trial."
