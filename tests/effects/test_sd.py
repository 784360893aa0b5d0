"""Standard deviations recovered: oracle, round trips through raw data, errors."""

import numpy as np
import pytest
from scipy import stats

import evidence as ev


def test_sd_from_ci_agrees_with_r(recovery):
    r = recovery["interval"]
    np.testing.assert_allclose(ev.sd_from_ci(r["low"], r["high"], r["n"]), r["sd_t95"], rtol=1e-10)


def test_cochrane_handbook_examples():
    # 6.5.2.2: 95% interval 30.0 to 34.2 (n = 25) by the normal and by t; 6.5.2.3: MD 3.8, p 0.008, 25 + 22 people
    assert round(float(ev.sd_from_ci(30.0, 34.2, 25, dist="normal")), 2) == 5.36
    assert round(float(ev.sd_from_ci(30.0, 34.2, 25)), 2) == 5.09
    assert ev.sd_from_p(3.8, 0.008, 25, 22) == pytest.approx(4.69, abs=0.02)  # printed from a rounded SE


def test_every_route_finds_the_sd_of_raw_data():
    rng = np.random.default_rng(5)
    x, y = rng.normal(3, 2, 17), rng.normal(1, 2.5, 23)
    sd = ev.pooled_sd(17, x.std(ddof=1), 23, y.std(ddof=1))
    difference, test = x.mean() - y.mean(), stats.ttest_ind(x, y)
    assert ev.sd_from_t(difference, test.statistic, 17, 23) == pytest.approx(sd, rel=1e-12)
    assert ev.sd_from_t(-difference, test.statistic, 17, 23) == pytest.approx(sd, rel=1e-12)
    assert ev.sd_from_p(difference, test.pvalue, 17, 23) == pytest.approx(sd, rel=1e-9)
    assert ev.sd_from_f(difference, stats.f_oneway(x, y).statistic, 17, 23) == pytest.approx(sd, rel=1e-10)
    interval = stats.ttest_1samp(x, 0).confidence_interval(0.9)
    assert ev.sd_from_ci(*interval, 17, level=0.9) == pytest.approx(x.std(ddof=1), rel=1e-10)
    assert ev.sd_from_se(stats.sem(x), 17) == pytest.approx(x.std(ddof=1), rel=1e-12)


def test_arrays_broadcast_and_scalars_stay_scalars():
    np.testing.assert_allclose(ev.sd_from_se([1, 2], [[4], [9]]), [[2, 4], [3, 6]])
    assert np.ndim(ev.sd_from_se(1, 4)) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.sd_from_se([1, 0], 9), r"se\[1\] = 0.0: must be above 0"),
        (lambda: ev.sd_from_se(1, 1), "n = 1.0: must be a sample size of 2 or more"),
        (lambda: ev.sd_from_ci([1, 5], [2, 4], 9), r"high\[1\] = 4.0: must lie above low: the interval is reversed"),
        (lambda: ev.sd_from_ci(1, 2, 9, level=95), "level = 95.0: must lie between 0 and 1"),
        (lambda: ev.sd_from_ci(1, 2, 9, dist="z"), 'dist \'z\' is unknown; choose "t" or "normal"'),
        (lambda: ev.sd_from_t(2, [1.5, 0], 9, 9), r"t\[1\] = 0.0: must not be 0"),
        (lambda: ev.sd_from_p(2, 1, 9, 9), "p = 1.0: must lie between 0 and 1, both excluded"),
        (lambda: ev.sd_from_p(0, 0.3, 9, 9), "difference = 0.0: must not be 0"),
        (lambda: ev.sd_from_f(2, -1, 9, 9), "f = -1.0: must be above 0"),
        (lambda: ev.sd_from_se([1, 2], [3, 4, 5]), r"shapes do not broadcast to one: se \(2,\), n \(3,\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
