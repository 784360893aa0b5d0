import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev
from evidence.plots.parts.effect_axis import effect_limits, measure_named

finite = st.floats(-50, 50)


@given(st.lists(finite, min_size=1, max_size=20), st.lists(finite, max_size=3))
def test_limits_hold_the_null_and_what_must_be_kept(estimates, keep):
    yi = np.array(estimates)
    low, high = effect_limits(yi, yi - 1, yi + 1, keep=keep)
    assert low < high and low <= min([0, *keep]) and high >= max([0, *keep])


@given(st.lists(finite, min_size=1, max_size=20), st.floats(0.1, 10))
def test_limits_scale_with_the_effects(estimates, factor):
    yi = np.array(estimates)
    once = np.array(effect_limits(yi, yi - 1, yi + 1))
    again = np.array(effect_limits(yi * factor, (yi - 1) * factor, (yi + 1) * factor))
    assert again == pytest.approx(once * factor)


def test_one_wide_interval_does_not_flatten_the_rest():
    yi = np.array([0.3, 0.4, 0.2, 0.3])
    half = np.array([0.2, 0.2, 0.2, 40.0])
    low, high = effect_limits(yi, yi - half, yi + half)
    assert high - low < 2


@given(st.floats(-5, 2), st.floats(0.05, 8), st.sampled_from(["SMD", "MD100", "RR"]))
def test_ticks_are_inside_in_order_and_say_their_value(low, span, name):
    measure = measure_named(name)
    ticks = measure.ticks(low, low + span)
    places = [t for t, _ in ticks]
    assert places == sorted(places)
    assert all(low - 0.05 * span <= t <= low + span * 1.05 for t in places)
    for place, words in ticks:
        value = float(words.replace("−", "-").replace(",", ""))
        assert value == pytest.approx(measure.shown(place), rel=0.02, abs=1e-9)


def test_ratios_go_back_and_forth():
    measure = measure_named("OR")
    assert measure.placed(2.0) == pytest.approx(math.log(2))
    assert measure.number(math.log(2)) == "2.00"
    with pytest.raises(ev.InvalidInput, match="ratio"):
        measure.placed(-1.0)


def test_an_unknown_measure_is_shown_as_it_is():
    assert measure_named("Steps a day").label == "Steps a day"
