"""Combined p values: scipy, exact arithmetic, thresholds taken at their worst, what a user reads."""

from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import evidence as ev

METHODS = ("fisher", "stouffer", "edgington", "pearson", "tippett")
results = st.lists(st.tuples(st.floats(1e-6, 1), st.sampled_from([1, -1])), min_size=1, max_size=12)


@pytest.mark.parametrize("method", ["fisher", "stouffer", "pearson", "tippett"])
@given(results)
def test_agrees_with_scipy(method, results):
    p, direction = (np.array(column) for column in zip(*results, strict=True))
    combined = ev.combine_pvalues(p, direction, method=method)
    expected = stats.combine_pvalues(np.where(direction == 1, p / 2, 1 - p / 2), method=method)
    assert combined.p_value == pytest.approx(expected.pvalue, rel=1e-8, abs=1e-13)
    sign = -1 if method == "pearson" else 1  # scipy prints Pearson's statistic negated
    assert combined.statistic == pytest.approx(sign * expected.statistic, rel=1e-8, abs=1e-9)


@given(results)
def test_edgington_agrees_with_the_irwin_hall_distribution(results):
    p, direction = (np.array(column) for column in zip(*results, strict=True))
    combined = ev.combine_pvalues(p, direction, method="edgington")
    assert combined.p_value == pytest.approx(stats.irwinhall.cdf(combined.statistic, p.size), rel=1e-6, abs=1e-9)


def test_edgington_by_hand_and_where_floats_fail():
    assert ev.combine_pvalues([0.4, 0.6], 1, method="edgington").p_value == pytest.approx(0.5**2 / 2)
    assert ev.combine_pvalues([0.9, 0.9], -1, method="edgington").p_value == pytest.approx(1 - 0.9**2 / 2)
    # 60 p values of 0.5 in favour: sum 15; the alternating sum in exact integers
    exact = sum((-1) ** j * comb(60, j) * (15 - j) ** 60 for j in range(16)) / factorial(60)
    assert ev.combine_pvalues([0.5] * 60, 1, method="edgington").p_value == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_one_p_value_stays_itself(method):
    assert ev.combine_pvalues(0.04, 1, method=method).p_value == pytest.approx(0.02, rel=1e-10)
    assert ev.combine_pvalues(0.04, -1, method=method).p_value == pytest.approx(0.98, rel=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_uniform_under_no_effect(method):
    rng = np.random.default_rng(9)
    combined = [
        ev.combine_pvalues(rng.uniform(1e-12, 1, 5), rng.choice([1, -1], 5), method=method).p_value for _ in range(1500)
    ]
    assert stats.kstest(combined, "uniform").pvalue > 0.001


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("relation", ["<", "<=", ">", ">="])
@given(st.floats(0.01, 0.99), st.floats(0, 1), st.sampled_from([1, -1]), st.floats(0.01, 1), st.sampled_from([1, -1]))
def test_thresholds_are_never_better_than_any_p_value_they_allow(method, relation, threshold, part, sign, other, side):
    allowed = threshold * max(part, 1e-6) if relation[0] == "<" else threshold + (1 - threshold) * part
    bound = ev.combine_pvalues([threshold, other], [sign, side], [relation, "="], method)
    exact = ev.combine_pvalues([allowed, other], [sign, side], method=method)
    unknown = ev.combine_pvalues([threshold, other], [0, side], [relation, "="], method)
    assert bound.p_value >= exact.p_value - 1e-9
    assert unknown.p_value >= bound.p_value - 1e-9
    assert (bound.bounds, exact.bounds) == (1, 0)


def test_without_direction_counts_against():
    assert ev.combine_pvalues([0.04], [0]).one_sided == (0.98,)
    mixed = ev.combine_pvalues([0.05, 0.05, 0.05, 0.05], [1, -1, 1, -1], ["<", "<", ">", ">"])
    assert mixed.one_sided == (0.025, 1.0, 0.5, 0.975)


def test_what_a_user_reads():
    combined = ev.combine_pvalues([0.04, 0.05], [1, 1], relation=["=", "<"], method="stouffer")
    assert combined.summary() == "Stouffer: 2 p values, 1 at their bound, statistic 2.838, one-sided p = 0.002269"
    assert "2 p values give a one-sided p of 0.0023 (Stouffer)" in combined.sentence()
    assert combined.to_frame().loc[0, "p_value"] == combined.p_value
    assert "<table" in combined._repr_html_()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ev.combine_pvalues([0.2, 0], 1), ev.InvalidInput, r"p\[1\] = 0.0: must be a p value above 0"),
        (lambda: ev.combine_pvalues([0.2, 0.3], [1, 3]), ev.InvalidInput, r"direction\[1\] = 3.0: must be 1, -1 or 0"),
        (
            lambda: ev.combine_pvalues([0.2, 0.3], 1, ["=", "~"]),
            ev.InvalidInput,
            r"relation\[1\] '~' is unknown; choose one of",
        ),
        (lambda: ev.combine_pvalues([0.2, 0.3], 1, ["="]), ev.InvalidInput, r"relation has shape \(1,\)"),
        (
            lambda: ev.combine_pvalues([0.2], 1, method="sumz"),
            ev.InvalidInput,
            "method 'sumz' is unknown; choose one of fisher",
        ),
        (lambda: ev.combine_pvalues([[0.2]], 1), ev.InvalidInput, r"broadcast to shape \(1, 1\)"),
        (lambda: ev.combine_pvalues([], []), ev.NotEstimable, "no p value to combine"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
