"""Evidence map, claims and time course."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence as ev

from .conftest import marks, told


def places() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "condition": ["Arthritis", "Arthritis", "Disc", "Disc"],
            "comparator": ["sham", "drugs", "sham", "drugs"],
            "estimate": [0.5, -0.5, np.nan, 0.1],
            "n": [400.0, 100.0, 30.0, np.nan],
            "k": [9, 4, 1, 0],
            "certainty": ["high", "very low", np.nan, "low"],
        }
    )


def test_map_area_is_people_and_colour_the_effect() -> None:
    chart = ev.charts.evidence_map(places())
    ((_, bubbles),) = marks(chart, "circle")
    assert bubbles["Trials"].tolist() == ["9", "4", "1"]  # the field without a trial stays empty
    assert bubbles["area"][0] / bubbles["area"][1] == pytest.approx(4)
    assert bubbles["fill"].tolist() == ["rgb(31, 95, 139)", "rgb(166, 61, 18)", "transparent"]
    assert (bubbles["ring_width"][0], bubbles["dash"][0]) == (3.0, [1, 0])
    assert bubbles["dash"][1] == [2, 2]
    rows = told(chart, "Fields")
    assert rows["Where"][0] == "Arthritis, against sham"
    assert rows["Effect"].tolist() == ["SMD 0.50", "SMD −0.50", "not reported"]
    assert rows["Certainty"].tolist() == ["high", "very low", "not reported"]


def test_map_without_a_number_of_people_still_shows_the_trials() -> None:
    ((_, bubbles),) = marks(ev.charts.evidence_map(places()[2:].assign(n=np.nan)), "circle")
    assert bubbles["area"].tolist() == [49.0]
    assert bubbles["People"].tolist() == ["not reported"]


def test_map_with_two_rows_for_a_place_is_refused() -> None:
    with pytest.raises(ev.InvalidInput, match="two rows for 'sham' and 'Arthritis'"):
        ev.charts.evidence_map(pd.concat([places(), places()[:1]]))


def checked() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "claim": ["It <helps>", "It cures", "It soothes", "It lifts"],
            "verdict": ["unclear", "untested", "partly", "contradicted"],
            "estimate": [0.2, np.nan, 0.6, 5.0],
            "ci_low": [-0.1, np.nan, 0.3, 4.0],
            "ci_high": [0.5, np.nan, 0.9, 6.0],
            "k": [3, 0, 5, 2],
            "n": [200.0, np.nan, 900.0, 80.0],
            "measure": ["SMD", "", "SMD", "direction"],
            "sentence": ["May help.", "No trial.", "Probably soothes.", "Does not."],
        }
    )


def test_claims_stand_under_their_verdicts_with_their_intervals() -> None:
    chart = ev.charts.claims(checked())
    rows = told(chart, "Claims")
    assert rows["Claim"].tolist() == ["It soothes", "It <helps>", "It lifts", "It cures"]
    assert rows["Verdict"][0] == "partly: weaker comparison, or less certain"
    assert rows["Effect"].tolist()[:3] == [
        "SMD 0.60 [0.30, 0.90]",
        "SMD 0.20 [−0.10, 0.50]",
        "direction 5.00 [4.00, 6.00]",
    ]
    assert rows["Effect"][3] == "not reported"
    assert rows["In words"][1] == "May help."
    drawn = {layer["mark"]["color"]: rows for layer, rows in marks(chart, "rule") if "x2" in layer["encoding"]}
    assert set(drawn) == {"#1f5f8b", "#7a5c12"}  # an effect of another measure is told, not drawn on this axis
    assert drawn["#1f5f8b"][["low", "high"]].to_numpy().tolist() == [[0.3, 0.9]]
    assert chart.to_dict()["description"].startswith("4 claims and what trials make of them: 1 claim partly")


def test_an_unknown_verdict_is_refused() -> None:
    with pytest.raises(ev.InvalidInput, match="maybe"):
        ev.charts.claims(checked().assign(verdict="maybe"))


def weeks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week": [8.0, 26.0, 8.0, 52.0],
            "estimate": [0.5, 0.2, 0.3, np.nan],
            "ci_low": [0.2, -40.0, 0.1, np.nan],
            "ci_high": [0.8, 40.4, 0.5, np.nan],
            "k": [9, 2, 4, 0],
            "condition": ["arthritis", "arthritis", "disc_herniation", "disc_herniation"],
        }
    )


def test_timecourse_draws_each_series_and_says_what_is_cut() -> None:
    chart = ev.charts.timecourse(weeks(), by="condition", worthwhile=0.4)
    rows = told(chart, "Points")
    assert rows[["Series", "Week", "Effect"]].to_numpy().tolist() == [
        ["arthritis", "8", "SMD 0.50 [0.20, 0.80]"],
        ["arthritis", "26", "SMD 0.20 [−40.00, 40.40]"],
        ["disc_herniation", "8", "SMD 0.30 [0.10, 0.50]"],
    ]
    assert {layer["mark"]["shape"]: len(rows) for layer, rows in marks(chart, "point")} == {
        "triangle-down": 1,
        "triangle-up": 1,
    }
    spread = next(rows for layer, rows in marks(chart, "rule") if "y2" in layer["encoding"])
    assert (spread["low"][0], spread["high"][0]) == (0.2, 0.8)
    assert spread["high"].max() < 5


def test_timecourse_takes_as_many_series_as_there_are_colours() -> None:
    assert told(ev.charts.timecourse(weeks()), "Points").columns[0] == "Week"
    with pytest.raises(ev.InvalidInput, match="9 series"):
        ev.charts.timecourse(pd.concat([weeks()[:1].assign(condition=str(i)) for i in range(9)]), by="condition")


def test_timecourse_joins_only_what_the_same_trials_came_to() -> None:
    frame = weeks().dropna(subset=["estimate"])
    lines = [rows for _, rows in marks(ev.charts.timecourse(frame, by="condition"), "line")]
    assert lines == []
    same = pd.concat([frame[:2], frame[:1].assign(week=40.0)]).assign(trials=["a|b", "a|b", "c"])
    (line,) = [rows for _, rows in marks(ev.charts.timecourse(same, by="condition"), "line")]
    assert line["x"].round().tolist() == [8, 26]


def test_a_series_keeps_the_colour_it_is_given() -> None:
    chart = ev.charts.timecourse(weeks(), by="condition", colours={"disc_herniation": "#123456"}).to_dict()
    scales = [layer["encoding"]["color"]["scale"] for layer in chart["layer"] if "color" in layer.get("encoding", {})]
    drawn = {tuple(zip(scale["domain"], scale["range"], strict=True)) for scale in scales}
    assert [dict(pairs)["disc_herniation"] for pairs in drawn] == ["#123456"]


def test_real_claims_all_appear(db: ev.EvidenceBase) -> None:
    frame = ev.claims(db).to_frame()
    rows = told(ev.charts.claims(frame), "Claims")
    assert sorted(rows["Claim"]) == sorted(frame["claim"])
    assert set(rows["In words"]) == set(frame["sentence"])
