"""Hedges g from t, p and F: oracle, raw data, errors."""

import numpy as np
import pytest
from scipy import stats

import evidence as ev


def test_agrees_with_escalc(recovery):
    r = recovery["smd"]
    for effect in (
        ev.smd_from_t(r["t"], r["n1"], r["n2"]),
        ev.smd_from_p(r["p"], r["n1"], r["n2"], np.sign(r["t"])),
        ev.smd_from_f(r["t"] ** 2, r["n1"], r["n2"], np.sign(r["t"])),
    ):
        np.testing.assert_allclose(effect.yi, r["yi"], rtol=1e-8)
        np.testing.assert_allclose(effect.vi, r["vi"], rtol=1e-8)


def test_every_route_gives_the_effect_of_raw_data():
    rng = np.random.default_rng(6)
    x, y = rng.normal(3, 2, 14), rng.normal(4, 2.5, 19)
    direct = ev.effect_size("SMD", m1=x.mean(), sd1=x.std(ddof=1), n1=14, m2=y.mean(), sd2=y.std(ddof=1), n2=19).loc[0]
    test = stats.ttest_ind(x, y)
    sign = np.sign(x.mean() - y.mean())
    np.testing.assert_allclose(ev.smd_from_t(test.statistic, 14, 19), direct, rtol=1e-12)
    np.testing.assert_allclose(ev.smd_from_p(test.pvalue, 14, 19, sign), direct, rtol=1e-9)
    np.testing.assert_allclose(ev.smd_from_f(stats.f_oneway(x, y).statistic, 14, 19, sign), direct, rtol=1e-9)


def test_p_of_one_is_no_effect():
    assert ev.smd_from_p(1, 20, 20, 1).yi == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.smd_from_p([0.2, 1.2], 9, 9, 1), r"p\[1\] = 1.2: must be a p value above 0 and not above 1"),
        (lambda: ev.smd_from_p(0.2, 9, 9, 0), "direction = 0.0: must be 1 or -1"),
        (lambda: ev.smd_from_t(2, 1, 9), "n1 = 1.0: must be a sample size of 2 or more"),
        (lambda: ev.smd_from_f(-2, 9, 9, 1), "f = -2.0: must be 0 or more"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
