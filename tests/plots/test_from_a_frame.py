"""What the figures that take a frame make of its rows."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import same_color

import evidence as ev
from evidence.plots import (
    albatross,
    baujat,
    bubble,
    claims,
    cumulative,
    gosh,
    influence,
    labbe,
    rob,
    specification_curve,
    timecourse,
)
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import CYCLE, EFFECT, PAPER, POOLED


def words(ax):
    return [t.get_text() for t in texts(ax.figure)]


def dots(ax, colour=EFFECT):
    return [line for line in ax.lines if line.get_marker() == "o" and line.get_color() == colour]


def bounds(estimates, **more):
    estimates = np.asarray(estimates, float)
    return pd.DataFrame({"estimate": estimates, "ci_low": estimates - 0.2, "ci_high": estimates + 0.2, **more})


def test_baujat_names_the_far_trials_first():
    frame = pd.DataFrame({"contribution": [1, 9, 0.5], "influence": [0.1, 0.9, 0.2]}, index=["near", "far", "close"])
    ax = baujat(frame, named=1)
    assert "far" in words(ax) and "near" not in words(ax)
    (points,) = dots(ax)
    assert list(points.get_xdata()) == [1, 9, 0.5] and list(points.get_ydata()) == [0.1, 0.9, 0.2]


def test_gosh_counts_every_subset():
    frame = pd.DataFrame({"estimate": [0.1, 0.1, 0.4, np.nan], "i2": [10, 10, 80, 5]})
    ax = gosh(frame, estimate=0.2)
    assert ax.collections[0].get_array().sum() == 3
    assert any("3 subsets" in w for w in words(ax))
    assert [line.get_xdata()[0] for line in ax.lines if line.get_color() == POOLED] == [0.2]


def test_labbe_draws_percentages_and_counts_people():
    frame = pd.DataFrame({"ai": [30, 5], "bi": [10, 5], "ci": [10, 5], "di": [30, 15]}, index=["A", "B"])
    ax = labbe(frame)
    (circles,) = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert circles.get_offsets().tolist() == [[25, 75], [25, 50]]
    assert any("2 trials" in w and "110 in all" in w for w in words(ax))


def test_bubble_says_how_many_trials_have_no_value():
    frame = pd.DataFrame({"yi": [0.1, 0.5, 0.2], "vi": [0.01, 0.04, 0.1], "week": [4, 12, np.nan]})
    ax = bubble(frame, "week")
    (circles,) = ax.collections
    assert circles.get_offsets().tolist() == [[4, 0.1], [12, 0.5]]
    areas = circles.get_sizes() - 12
    assert areas[0] / areas[1] == pytest.approx(4)
    assert "week (2 trials; 1 more without a value)" in words(ax)
    with pytest.raises(ev.InvalidInput, match="no trial"):
        bubble(frame.assign(week=np.nan), "week")


def test_cumulative_keeps_the_order_and_says_the_numbers():
    ax = cumulative(
        bounds([0.5, 0.3], k=[1, 2]).set_index(pd.Index(["+ A", "+ B"])), columns=pd.DataFrame({"k": [1, 2]})
    )
    places = sorted((line.get_ydata()[0], line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o")
    assert [x for _, x in places] == [0.5, 0.3]
    assert {"+ A", "0.50", "[0.10, 0.50]", "k", "2"} <= set(words(ax))


def lines_between(ax):
    """The y values of each line that joins points."""
    return [
        list(line.get_ydata())
        for line in ax.lines
        if line.get_color() in CYCLE and line.get_marker() == "None" and len(set(line.get_xdata())) > 1
    ]


def test_timecourse_joins_only_the_same_trials_and_counts_them_below():
    late = bounds([0.4, 0.6], k=[7, 3], week=[26, 4], versus="sham")
    ax = timecourse(pd.concat([late, bounds([0.9], k=[5], week=[4], versus="usual care")]), by="versus")
    assert lines_between(ax) == []  # different trials, or nobody says that they are the same
    assert {"7", "3", "5", "usual care"} <= set(words(ax))
    same = bounds([0.4, 0.6, 0.5], k=[3, 3, 3], week=[26, 4, 52], versus="sham", trials=["a|b|c", "a|b|c", "a|b|d"])
    assert lines_between(timecourse(same, by="versus")) == [[0.6, 0.4]]
    with pytest.raises(ev.InvalidInput, match="9 series"):
        timecourse(pd.concat([late.assign(versus=str(i)) for i in range(9)]), by="versus")


def test_a_series_keeps_its_colour_whoever_stands_beside_it():
    frame = pd.concat([bounds([0.4], k=[7], week=[4], versus=name) for name in ("drugs", "sham", "usual care")])
    colours = {"sham": "#123456"}
    for some in (frame, frame[frame["versus"] == "sham"]):
        ax = timecourse(some, by="versus", colours=colours)
        assert {t.get_color() for t in texts(ax.figure) if t.get_text() == "sham"} == {"#123456"}


@pytest.mark.parametrize("last", [3, 8, 20, 30, 52, 60, 104, 160, 500])
def test_the_last_week_marked_is_not_before_the_last_point(last):
    ax = timecourse(bounds([0.4, 0.6], k=[7, 3], week=[2, last]))
    marked = [float(t.get_text()) for t in ax.get_xticklabels()]
    low, high = ax.get_xlim()
    assert max(marked) >= last and low <= min(marked) and max(marked) <= high


def test_rob_lights_follow_the_words():
    frame = pd.DataFrame(
        {"study_id": ["A", "A", "B"], "domain": ["x", "y", "x"], "judgement": ["LOW", "unclear", "High"]}
    )
    ax = rob(frame)
    shown = words(ax)
    assert [shown.count(sign) for sign in "+?−"] == [2, 2, 2]  # once in the table, once in the key
    with pytest.raises(ev.InvalidInput, match="'fine'"):
        rob(frame.assign(judgement="fine"))
    with pytest.raises(ev.InvalidInput, match="twice"):
        rob(frame.assign(study_id="A"))


def test_influence_sets_flagged_trials_apart():
    frame = pd.DataFrame({"rstudent": [0.1, 3.0], "weight": [60.0, 40.0]}, index=["A", "B"])
    ax = influence(frame, diagnostics=["rstudent", "weight"], flagged=[False, True])
    assert [len(line.get_xdata()) for line in dots(ax, POOLED)] == [1, 1]
    assert {t.get_text(): t.get_color() for t in texts(ax.figure)}["B"] == POOLED
    with pytest.raises(ev.InvalidInput, match="one value a trial"):
        influence(frame, diagnostics=["weight"], flagged=[True])


def test_specifications_are_sorted_and_marked_with_their_choices():
    frame = bounds([0.5, 0.1, 0.3, np.nan], method=["REML", "DL", "REML", "DL"])
    ax = specification_curve(frame, ["method"], headline=2)
    assert list(dots(ax, PAPER)[0].get_ydata()) == [0.1, 0.3, 0.5]
    (bars,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert [same_color(colour, EFFECT) for colour in bars.get_colors()] == [False, True, True], "dark: no 0 in it"
    (diamond,) = [line for line in ax.lines if line.get_marker() == "D"]
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == (1, 0.3)
    (panel,) = ax.child_axes
    marks = [c for c in panel.collections if isinstance(c, LineCollection)]
    assert sorted(len(m.get_segments()) for m in marks) == [1, 1, 2]  # DL, the headline's mark, REML
    assert any("3 specifications" in w for w in words(ax))


def test_specifications_that_find_the_same_stand_as_they_came():
    frame = bounds([0.5, 0.3, np.nextafter(0.3, 0)], method=["REML", "DL", "ML"])
    (last,) = [p for p in specification_curve(frame, ["method"], headline=2).lines if p.get_marker() == "D"]
    assert last.get_xdata()[0] == 1, "a last digit, which another processor may round the other way, orders nothing"


def test_albatross_places_people_and_p_in_the_direction_of_the_result():
    frame = pd.DataFrame({"n": [100, 50], "p_value": [0.01, 0.1], "direction": [1, -1], "p_relation": ["=", "<"]})
    ax = albatross(frame)
    (points,) = dots(ax)
    assert (points.get_xdata()[0], points.get_ydata()[0]) == pytest.approx((2, 100))
    (bound,) = [line for line in ax.lines if line.get_marker() == "<" and len(line.get_xdata())]
    assert bound.get_xdata()[0] == pytest.approx(-1)
    # d = 0.5 with 64 people: z = 2, two-sided p = 0.0455
    curve = next(line for line in ax.lines if len(line.get_xdata()) > 10 and line.get_xdata()[0] > 0.5)
    assert np.interp(64, curve.get_ydata(), curve.get_xdata()) == pytest.approx(-np.log10(0.0455), abs=0.01)
    with pytest.raises(ev.InvalidInput, match="p value"):
        albatross(frame.assign(p_value=0.0))


def test_claims_stand_under_their_verdict_with_their_numbers():
    frame = bounds([0.3, np.nan, 0.2], k=[4, 0, 1], n=[400, 0, 50], claim=["It helps", "It sings", "It may"])
    ax = claims(frame.assign(verdict=["supported", "untested", "supported"], measure=["SMD", "", "MD100"]))
    shown = words(ax)
    assert "2 claims supported against sham" in shown and "1 claim untested: no trial measures it" in shown
    assert {"SMD 0.30 [0.10, 0.50]", "4 trials, 400 people", "Points 0.2 [0.0, 0.4]", "1 trial, 50 people"} <= set(
        shown
    )
    assert shown.index("It may") < shown.index("It sings")
    with pytest.raises(ev.InvalidInput, match="'true'"):
        claims(frame.assign(verdict="true"))
