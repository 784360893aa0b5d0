"""The test for skewness: by hand, at its level under normal data, powerful under skewed data."""

import numpy as np
import pytest

import evidence as ev


def summaries(draw, n, kinds, k=4000):
    ordered = np.sort(draw((k, n)), axis=1)
    quarter = (n - 1) // 4
    all_five = {"min": ordered[:, 0], "q1": ordered[:, quarter], "q3": ordered[:, -quarter - 1], "max": ordered[:, -1]}
    return {"n": n, "median": ordered[:, n // 2]} | {name: all_five[name] for name in kinds}


def test_by_hand():
    test = ev.skewness_test(n=[25, 100], median=9, min=2, max=41)
    np.testing.assert_allclose(test.statistic, 25 / 39)
    np.testing.assert_allclose(test.critical_value, [1 / np.log(34) + 2.5 / 26, 1 / np.log(109) + 2.5 / 101])
    test = ev.skewness_test(n=25, median=9, q1=6, q3=17)
    assert test.statistic == pytest.approx(5 / 11)
    assert test.critical_value == pytest.approx(2.65 / 5 - 6 / 625)
    assert not test.skewed
    test = ev.skewness_test(n=25, median=9, q1=6, q3=17, min=2, max=41)
    assert test.statistic == pytest.approx(max(2.65 * np.log(15) / 5 * 25 / 39, 5 / 11))
    assert test.critical_value == pytest.approx(3 / 5 - 40 / 25**3)
    assert test.skewed


KINDS = [("min", "max"), ("q1", "q3"), ("min", "q1", "q3", "max")]


@pytest.mark.parametrize("kinds", KINDS)
@pytest.mark.parametrize("n", [21, 61, 201])
def test_level_under_normal_data(kinds, n):
    rng = np.random.default_rng(n)
    assert 0.03 < ev.skewness_test(**summaries(rng.standard_normal, n, kinds)).skewed.mean() < 0.07  # meant: 0.05


@pytest.mark.parametrize("kinds", KINDS)
def test_power_under_skewed_data(kinds):
    rng = np.random.default_rng(1)
    assert ev.skewness_test(**summaries(lambda size: rng.lognormal(0, 1, size), 201, kinds)).skewed.mean() > 0.8
