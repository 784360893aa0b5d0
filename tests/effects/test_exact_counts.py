"""Exact intervals: published values, the definition, and empty cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import evidence as ev


def test_rule_of_three_and_a_published_example() -> None:
    none = ev.exact_proportion(0, 300)
    assert none.ci_low == 0 and none.ci_high == pytest.approx(1 - 0.025 ** (1 / 300))
    assert ev.exact_proportion(300, 300).ci_high == 1
    # Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263, exact 0.2527 to 0.3676
    found = ev.exact_proportion(81, 263)
    assert (round(float(found.ci_low), 4), round(float(found.ci_high), 4)) == (0.2527, 0.3676)


@given(st.integers(1, 80), st.data())
def test_limits_are_those_at_which_the_tails_are_two_and_a_half_percent(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    _, low, high = ev.exact_proportion(x, n)
    if x > 0:
        assert stats.binom.sf(x - 1, n, low) == pytest.approx(0.025, rel=1e-6)
    if x < n:
        assert stats.binom.cdf(x, n, high) == pytest.approx(0.025, rel=1e-6)


def test_rates_against_r_and_with_no_event() -> None:
    found = ev.exact_rate([0, 5], 10)  # poisson.test(5, 10) and poisson.test(0, 10)
    np.testing.assert_allclose(found.rate, [0, 0.5])
    np.testing.assert_allclose(found.ci_low, [0, 0.1623486], atol=1e-7)
    np.testing.assert_allclose(found.ci_high, [-math.log(0.025) / 10, 1.1668332], atol=1e-7)


@given(st.integers(0, 10_000), st.floats(0.01, 1e6), st.sampled_from([0.8, 0.95, 0.999]))
def test_limits_of_a_rate_are_those_at_which_its_tails_are_left(x: int, time: float, level: float) -> None:
    rate, low, high = ev.exact_rate(x, time, level)
    assert low <= rate == x / time < high
    assert stats.poisson.cdf(x, high * time) == pytest.approx((1 - level) / 2, rel=1e-6)
    if x:
        assert stats.poisson.sf(x - 1, low * time) == pytest.approx((1 - level) / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("table", "from_r"),
    [
        ((3, 1, 1, 3), (6.408308867006, 0.211732915306)),
        ((3, 97, 9, 91), (0.3144078579970, 0.0531093508611)),
    ],
)
def test_odds_ratio_against_r_and_its_own_definition(table: tuple[int, ...], from_r: tuple[float, float]) -> None:
    # fisher.test finds its limits by uniroot at the default tolerance: its upper limit of the first table, 621.934,
    # leaves 0.02517 in the tail. So R is held to 1e-4 where it is that exact, and the limits to their definition.
    found = ev.exact_odds_ratio(*table)
    assert found[:2] == pytest.approx(from_r, rel=1e-4)
    a, b, c, d = table
    tails = stats.nchypergeom_fisher
    assert tails.cdf(a, a + b + c + d, a + b, a + c, found.ci_high) == pytest.approx(0.025, rel=1e-6)
    assert tails.sf(a - 1, a + b + c + d, a + b, a + c, found.ci_low) == pytest.approx(0.025, rel=1e-6)


def test_an_empty_cell_bounds_one_side_and_no_event_says_nothing() -> None:
    found = ev.exact_odds_ratio(0, 28, 15, 14)
    assert found.odds_ratio == 0 and found.ci_low == 0 and 0 < found.ci_high < 1
    nothing = ev.exact_odds_ratio(0, 26, 0, 26)
    assert nothing == (0, 0, math.inf) == ev.exact_odds_ratio(0, 20, 0, 25)  # as fisher.test in R


@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 5), (0, 0), (np.nan, 5)])
def test_impossible_counts_are_refused(x: float, n: float) -> None:
    with pytest.raises(ev.InvalidInput):
        ev.exact_proportion(x, n)
    with pytest.raises(ev.InvalidInput):
        ev.exact_odds_ratio(1, 2, 3, -1)
    for events, time in ((-1, 5), (1.5, 5), (1, 0), (1, -2)):
        with pytest.raises(ev.InvalidInput):
            ev.exact_rate(events, time)
