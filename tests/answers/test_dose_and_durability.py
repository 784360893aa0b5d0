"""Dose and time: the models are those that the words name, on numbers that the effects frame has."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.durability import _half_lives


def test_the_slope_is_the_meta_regression_on_the_dose(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, dose="sessions")
    effects = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain' and time == 'short'")
    known = effects[effects["sessions"].notna()]
    assert (found.k, found.unknown) == (len(known), len(effects) - len(known))
    slope = ev.regress(known, formula="~ sessions").coefficients.loc["sessions"]
    row = found.to_frame().iloc[0]
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx(
        (slope["estimate"], slope["ci_low"], slope["ci_high"])
    )
    assert "is open" in found.sentence() and "not people given more or less" in found.sentence()


def test_the_curve_covers_the_doses_and_the_line_is_straight(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, dose="sessions_per_week")
    assert found.curve is not None and found.line is not None
    doses = found.effects["sessions_per_week"]
    assert (found.curve["sessions_per_week"].iloc[[0, -1]] == [doses.min(), doses.max()]).all()
    assert np.ptp(np.diff(found.line["estimate"])) < 1e-10 < np.ptp(np.diff(found.curve["estimate"]))
    assert (found.curve["ci_low"] <= found.curve["estimate"]).all()


def test_trials_that_randomised_the_dose_stand_apart(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, outcome="disability", time="intermediate").randomised
    row = found[found["study"] == "debar-2025"].iloc[0]
    assert row["dose"] > row["dose_versus"] and row["phase"] == "maintenance"
    doses = db.arms.set_index(["study_id", "arm"])["sessions"]
    pairs = db.comparisons.query("comparator == 'acupuncture' and isolates == 'yes'")
    differ = [
        study
        for study, arm, versus in zip(pairs["study_id"], pairs["arm"], pairs["versus"], strict=True)
        if abs(doses[study, arm] - doses[study, versus]) > 0
    ]
    assert set(found["study"]) == set(differ)
    effects = db.select(phase="maintenance", comparator="acupuncture", excluded=["yes", "no"]).effects("SMD")
    own = effects.query("study == 'debar-2025' and outcome == 'disability'")
    assert row["yi"] == pytest.approx(own["yi"].iloc[0])
    assert not set(differ) & set(ev.dose_response(db).effects["study"])


def test_a_dose_told_in_words_is_turned_to_the_higher_one(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, outcome="disability").randomised.set_index("study").loc["kim-sy-2018"]
    worded = db.results.query("study_id == 'kim-sy-2018' and outcome == 'disability' and direction != ''").iloc[0]
    helped = {"lower": 1, "higher": -1}[worded["direction"]]  # less disability is better for the row's own arm
    more = found["arm"] if found["dose"] > found["dose_versus"] else found["versus"]
    doses = db.arms.query("study_id == 'kim-sy-2018'").set_index("arm")["sessions"]
    own_is_more = doses[worded["arm"]] > doses[worded["versus"]]
    assert more in doses.index and found["direction"] == (helped if own_is_more else -helped)


def test_too_few_trials_give_no_line(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, comparator="no_treatment")
    assert found.linear is None and found.curve is None and "too few to tell" in found.sentence()
    assert math.isnan(found.to_frame()["estimate"].iloc[0])
    with pytest.raises(ev.InvalidInput, match="dose"):
        ev.dose_response(db, dose="minutes")  # type: ignore[arg-type]


def test_weeks_since_the_end_are_weeks_less_the_length_of_treatment(db: ev.EvidenceBase) -> None:
    followed = ev.durability(db).effects.set_index(["study", "time"])
    # brinkhaus-2006: 12 sessions in 8 weeks, measured at weeks 8, 26 and 52
    assert followed.loc["brinkhaus-2006", "since"].to_dict() == {"short": 0, "intermediate": 18, "long": 44}


def test_change_over_time_is_the_multilevel_slope(db: ev.EvidenceBase) -> None:
    found = ev.durability(db, outcome="disability")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        fit = ev.multilevel(found.effects.assign(q=found.effects["since"] / 13), formula="~ q")
    slope = fit.coefficients.loc["q"]
    assert found.change is not None and found.expected is not None
    assert found.change["estimate"] == pytest.approx(slope["estimate"])
    assert found.expected["estimate"].iloc[0] == pytest.approx(fit.coefficients["estimate"].iloc[0])
    assert found.half_life == pytest.approx(-found.expected["estimate"].iloc[0] / (2 * slope["estimate"] / 13))
    assert found.repeated == (found.effects["study"].value_counts() > 1).sum()
    assert not found.expected["observed"].iloc[-1], "nobody was followed for 52 weeks after treatment"
    assert ("too narrow" in found.sentence()) == (slope["df"] < 4)


def test_half_lives_by_hand() -> None:
    expected = pd.DataFrame({"estimate": [0.4]})
    change = pd.Series({"estimate": -0.1, "ci_low": -0.2, "ci_high": 0.05})
    # 0.2 SD are lost at 0.1 in 13 weeks: 26 weeks
    assert _half_lives(expected, change) == pytest.approx((26, 13, math.inf))
    assert all(math.isnan(value) for value in _half_lives(pd.DataFrame({"estimate": [-0.1]}), change))


def test_windows_are_pools(db: ev.EvidenceBase) -> None:
    windows = ev.durability(db).windows.set_index("time")
    effects = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain' and time == 'intermediate'")
    fit = ev.pool(effects)
    assert (windows.loc["intermediate", "estimate"], windows.loc["intermediate", "k"]) == pytest.approx(
        (fit.estimate, fit.k)
    )
    empty = ev.durability(db, outcome="quality_of_life", comparator="drug")
    assert empty.windows.empty and empty.change is None and "no trial gives a number" in empty.sentence()


@pytest.mark.parametrize(
    ("low", "high", "change", "slope"),
    [
        (
            0.1,
            0.3,
            "After treatment the effect grows (about 2.4 of 100 points, 95% interval 1.2 to 3.5 in 13 weeks",
            "more goes with a larger effect",
        ),
        (-0.3, -0.1, "After treatment the effect falls (about −2.4 of 100 points", "more goes with a smaller effect"),
        (
            -0.1,
            0.1,
            "Whether it lasts, falls or grows is open (about 0.0 of",
            "whether more goes with a larger effect is open",
        ),
    ],
)
def test_slopes_are_told_with_their_own_sign(
    db: ev.EvidenceBase, low: float, high: float, change: str, slope: str
) -> None:
    line = pd.Series({"estimate": (low + high) / 2, "ci_low": low, "ci_high": high, "df": 9.0})
    assert change in replace(ev.durability(db, outcome="disability"), change=line, sd=11.8).sentence()
    assert f", {slope} (" in replace(ev.dose_response(db), linear=line).sentence()


def test_a_window_is_told_on_the_side_of_its_interval(db: ev.EvidenceBase) -> None:
    windows = pd.DataFrame({
        "time": ["short", "intermediate", "long"], "k": [3, 1, 2],
        "estimate": [0.5, -0.5, 0.1], "ci_low": [0.2, -0.8, -0.2], "ci_high": [0.8, -0.2, 0.4],
    })  # fmt: skip
    text = replace(ev.durability(db), windows=windows).sentence()
    assert "up to 3 months acupuncture did better (0.50 SD, 95% interval 0.20 to 0.80; 3 trials)" in text
    assert "at 3 to 12 months acupuncture did worse (−0.50 SD, 95% interval −0.80 to −0.20; one trial)" in text
    assert "at 12 months or later which did better is open (0.10 SD, 95% interval −0.20 to 0.40; 2 trials)" in text


def test_a_window_is_told_in_points_before_standard_deviations(db: ev.EvidenceBase) -> None:
    found = ev.durability(db)
    assert found.windows["points"].notna().all() and "of 100 points" in found.sentence()
    assert " SD" not in found.sentence() and "around no difference" not in found.sentence()


def test_windows_of_different_trials_are_not_joined(db: ev.EvidenceBase) -> None:
    found = ev.durability(db, condition="chronic_overuse")
    axes = found.plot()
    joined = [line for line in axes.lines if line.get_linestyle() == "-" and len(set(line.get_xdata())) > 1]
    assert len(found.windows) > 2 and all(len(set(line.get_ydata())) == 1 for line in joined), "level lines only"


def test_what_is_told_of_a_window_is_told_of_followed_weeks_only(db: ev.EvidenceBase) -> None:
    found = ev.durability(db)
    assert found.expected is not None
    longest = found.effects["since"].max()
    assert (found.expected["observed"] == (found.expected["since"] <= longest)).all()
    effects = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain'")
    assert found.unknown == len(effects) - len(found.effects) and found.k == found.effects["study"].nunique()


def test_a_randomised_dose_is_turned_to_the_higher_one(db: ev.EvidenceBase) -> None:
    own = db.select(phase="maintenance", comparator="acupuncture", excluded=["yes", "no"]).effects("SMD")
    turned = set()
    for swap in (False, True):
        ours, theirs = ("versus", "arm") if swap else ("arm", "versus")
        doses = db.arms.set_index(["study_id", "arm"])["sessions"]
        pair = db.comparisons.query("study_id == 'debar-2025' and comparator == 'acupuncture'").iloc[0]
        more, less = ((pair["study_id"], pair[name]) for name in (ours, theirs))
        arms = db.arms.set_index(["study_id", "arm"])
        arms.loc[more, "sessions"], arms.loc[less, "sessions"] = sorted(
            (doses[pair["study_id"], pair["arm"]], doses[pair["study_id"], pair["versus"]]), reverse=True
        )
        base = replace(db, arms=arms.reset_index()[list(db.arms.columns)])
        randomised = ev.dose_response(base, outcome="disability", time="intermediate").randomised
        row = randomised[randomised["study"] == "debar-2025"].iloc[0]
        assert (row["dose"] > row["dose_versus"]) != swap
        turned.add(float(row["yi"]))
    size = own.query("study == 'debar-2025' and outcome == 'disability'")["yi"].iloc[0]
    assert turned == {size, -size}


def test_trials_that_randomised_the_dose_are_counted(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db)
    usual = {"study": "a", "phase": "initial", "yi": 0.1, "direction": np.nan}
    worded = {**usual, "yi": np.nan}
    for rows, text in (
        ([], "No trial in the data was randomised between doses."),
        ([usual, usual], "Between doses, one trial was randomised."),
        ([usual, {**usual, "study": "b"}], "Between doses, 2 trials were randomised."),
        (
            [{**usual, "phase": "maintenance"}],
            "between doses from the start. After the same first course in all arms, one trial was randomised between "
            "doses.",
        ),
        (
            [{**worded, "direction": 1.0}, {**worded, "study": "b", "direction": 0.0}],
            "2 trials were randomised. In words only, the higher dose did better in one trial and neither did in one "
            "trial.",
        ),
    ):
        there = replace(found, randomised=pd.DataFrame(rows, columns=list(usual)))
        assert there.sentence().endswith(text) and there.sentence() in there.summary()
    lasting = ev.durability(db)
    assert lasting.sentence() in lasting.summary()
