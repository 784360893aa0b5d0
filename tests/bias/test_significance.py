"""p-curve, excess significance and fail-safe N: by hand, by invariance and at their edges."""

import math
from itertools import product

import numpy as np
import pytest
from scipy import optimize, stats

import evidence as ev

YI = np.array([0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10])
VI = np.array([0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]) ** 2


def test_the_observed_and_expected_p_curve_by_hand():
    found = ev.p_curve(*from_p([0.001, 0.01, 0.02, 0.021, 0.04, 0.30]))
    table = found.curve()
    assert table["studies"].to_list() == [2, 1, 1, 1, 0] and table["observed"].to_list() == [40, 20, 20, 20, 0]
    shift = optimize.brentq(lambda d: stats.norm.sf(1.959964 - d) + stats.norm.cdf(-1.959964 - d) - 1 / 3, 0, 5)
    ends = stats.norm.isf(np.array([0.01, 0.02, 0.03, 0.04, 0.05]) / 2)
    below = stats.norm.sf(ends - shift) + stats.norm.cdf(-ends - shift)
    assert table["power_33"].to_list() == pytest.approx(100 * np.diff(below, prepend=0) * 3, rel=1e-5)
    assert (table["no_effect"] == 20).all() and table.index.to_list() == [0.01, 0.02, 0.03, 0.04, 0.05]


def from_p(p):
    """Effects of unit variance with these two-sided p values."""
    return stats.norm.isf(np.asarray(p) / 2), np.ones(len(p))


def test_p_curve_skew_by_hand():
    found = ev.p_curve(*from_p([0.001, 0.01, 0.02, 0.04, 0.30]))
    assert (found.k, found.k_significant, found.k_half) == (5, 4, 3)
    assert found.skew_binomial_p == pytest.approx((4 + 1) / 16)
    full = stats.norm.ppf([0.02, 0.2, 0.4, 0.8]).sum() / 2
    half = stats.norm.ppf([0.04, 0.4, 0.8]).sum() / math.sqrt(3)
    assert found.skew_full == (pytest.approx(full), pytest.approx(stats.norm.cdf(full)))
    assert found.skew_half == (pytest.approx(half), pytest.approx(stats.norm.cdf(half)))
    assert found.studies["pp"].to_list() == pytest.approx([0.02, 0.2, 0.4, 0.8])


def test_p_curve_recovers_power():
    """Quantiles of the significant z of studies with 70% power: the power estimate is 70%."""
    delta = 1.959963984540054 + stats.norm.ppf(0.7)
    z = stats.norm.isf(0.7 * (np.arange(400) + 0.5) / 400, delta)
    found = ev.p_curve(z, np.ones(400))
    assert found.power == pytest.approx(0.7, abs=0.002)
    assert found.power_ci.low < 0.7 < found.power_ci.high
    assert found.evidential_value and not found.inadequate
    # the flatness test reads the same z as flatter or steeper than a power of a third
    assert found.flat_full.z > 3 and found.flat_half.z > 3


def test_p_curve_of_nothing_is_flat():
    found = ev.p_curve(*from_p(0.05 * (np.arange(200) + 0.5) / 200))
    assert found.skew_full.z == pytest.approx(0, abs=1e-6)
    assert found.skew_half.z == pytest.approx(0, abs=1e-6)
    assert found.power == pytest.approx(0.05, abs=0.002)
    assert found.inadequate and not found.evidential_value
    assert "flatter" in found.sentence()


def test_p_curve_under_a_third_of_power_is_as_flat_as_expected():
    delta = 1.959963984540054 + stats.norm.ppf(1 / 3)
    found = ev.p_curve(stats.norm.isf((np.arange(300) + 0.5) / 900, delta), np.ones(300))
    assert [found.flat_full.z, found.flat_half.z] == pytest.approx([0, 0], abs=0.1)


def test_p_curve_edges():
    with pytest.raises(ev.NotEstimable, match=r"none has p < 0.05"):
        ev.p_curve(*from_p([0.2, 0.5, 0.06]))
    found = ev.p_curve(*from_p([0.03, 0.04, 0.5]))
    assert (found.k_half, found.skew_half, found.flat_half) == (0, None, None)
    assert not found.evidential_value
    huge = ev.p_curve([50.0, 60.0, 55.0], [1.0] * 3)
    assert huge.power == 0.99 and math.isfinite(huge.skew_full.z)
    order = ev.p_curve(YI[::-1], VI[::-1])
    assert order.power == pytest.approx(ev.p_curve(YI, VI).power, rel=1e-9)
    assert ev.p_curve(-YI, VI).power == pytest.approx(order.power, rel=1e-9)


def test_excess_significance_exact_by_hand():
    """Three studies: the Poisson binomial is a sum over eight outcomes."""
    fit = ev.pool([0.5, 0.9, 0.1], [0.04, 0.09, 0.02], method="EE", test="z")
    found = ev.excess_significance(fit)
    crit = 1.959963984540054
    power = [stats.norm.sf(crit - fit.estimate / s) + stats.norm.cdf(-crit - fit.estimate / s) for s in np.sqrt(fit.vi)]
    assert found.power == pytest.approx(np.array(power))
    assert (found.observed, found.expected) == (2, pytest.approx(sum(power)))
    chance = sum(
        math.prod(p if hit else 1 - p for p, hit in zip(power, hits, strict=True))
        for hits in product((0, 1), repeat=3)
        if sum(hits) >= 2
    )
    assert found.p_value == pytest.approx(chance)


def test_excess_significance_tests_agree_where_powers_do():
    fit = ev.pool(np.array([0.1, 0.3, 0.35, 0.2, 0.45, 0.25]), np.full(6, 0.02), method="EE", test="z")
    exact, binomial = ev.excess_significance(fit), ev.excess_significance(fit, test="binomial")
    assert exact.p_value == pytest.approx(binomial.p_value, rel=1e-9)


def test_excess_significance_limit():
    found = ev.excess_significance([0.5, 0.55, 0.6, 0.52], [0.06, 0.06, 0.07, 0.06], limit_alpha=0.2)
    assert found.limit_estimate is not None and found.p_value < 0.2
    at_limit = ev.excess_significance(ev.pool([found.limit_estimate] * 3, [0.06] * 3, method="EE"))
    assert at_limit.power[0] == pytest.approx(at_limit.power[2])
    assert ev.excess_significance(YI, VI, limit_alpha=1e-9).limit_estimate is None
    mirrored = ev.excess_significance([-0.5, -0.55, -0.6, -0.52], [0.06, 0.06, 0.07, 0.06], limit_alpha=0.2)
    assert mirrored.limit_estimate == pytest.approx(-found.limit_estimate, rel=1e-9)
    less = ev.excess_significance([-0.5, -0.55, -0.4], [0.06] * 3, alternative="less")
    greater = ev.excess_significance([0.5, 0.55, 0.4], [0.06] * 3, alternative="greater")
    assert less.p_value == pytest.approx(greater.p_value, rel=1e-9)


def test_excess_significance_of_no_significant_study():
    found = ev.excess_significance([0.1, 0.0, -0.1], [1.0, 1.0, 1.0])
    assert (found.observed, found.p_value) == (0, 1.0)


def test_fail_safe_n_undoes_the_finding():
    """Adding n null studies takes the p value to alpha, one fewer does not."""
    z = YI / np.sqrt(VI)
    n = ev.fail_safe_n(YI, VI).n
    assert stats.norm.sf(z.sum() / math.sqrt(len(z) + n)) >= 0.05 > stats.norm.sf(z.sum() / math.sqrt(len(z) + n - 1))
    orwin = ev.fail_safe_n(YI, VI, kind="orwin", target=0.1).n
    assert YI.sum() / (11 + orwin) <= 0.1 < YI.sum() / (11 + orwin - 1)
    rosenberg = ev.fail_safe_n(YI, VI, kind="rosenberg", alpha=0.01).n
    w = 1 / VI
    total = w.sum() + (rosenberg + np.array([0, -1])) * w.mean()
    p = 2 * stats.norm.sf(np.sum(w * YI) / np.sqrt(total))
    assert p[0] >= 0.01 > p[1]


def test_fail_safe_n_edges():
    assert ev.fail_safe_n([0.01, -0.01, 0.02], [1, 1, 1]).n == 0
    assert ev.fail_safe_n([0.05] * 3, [1] * 3, kind="orwin", target=0.1).n == 0
    assert ev.fail_safe_n(-YI, VI, kind="orwin", target=0.1).target == -0.1
    assert ev.fail_safe_n(YI, VI, kind="orwin", target=0.1).sentence().endswith("down to 0.10 (Orwin).")
    with pytest.raises(ev.NotEstimable, match="other than 0"):
        ev.fail_safe_n(YI, VI, kind="orwin", target=0)
    with pytest.raises(ev.InvalidInput, match="needs target"):
        ev.fail_safe_n(YI, VI, kind="orwin")
    with pytest.raises(ev.InvalidInput, match="no other kind"):
        ev.fail_safe_n(YI, VI, target=0.2)


def test_results_show_themselves():
    for found in (ev.p_curve(YI, VI), ev.excess_significance(YI, VI), ev.fail_safe_n(YI, VI)):
        assert len(found.to_frame()) == 1
        assert found.summary().startswith(("p-curve (k = 11", "Test of excess", "Fail-safe N, Rosenthal (k = 11)"))
        assert found.sentence().endswith(".")
        assert "<strong>" in found._repr_html_()
