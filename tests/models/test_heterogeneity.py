"""Intervals for heterogeneity at their edges; their numbers against metafor are in test_published."""

import numpy as np
import pytest
from scipy import stats

import evidence as ev

YI, VI = [0.1, 0.9, -0.4, 1.3, 0.2, 0.6], [0.05, 0.1, 0.08, 0.02, 0.3, 0.1]


def q(tau2):
    w = 1 / (np.array(VI) + tau2)
    return np.sum(w * (YI - np.sum(w * YI) / w.sum()) ** 2)


def test_q_profile_bounds_solve_their_equations():
    bounds = ev.pool(YI, VI).tau2_ci(0.9)
    assert q(bounds.low) == pytest.approx(stats.chi2.ppf(0.95, 5), rel=1e-9)
    assert q(bounds.high) == pytest.approx(stats.chi2.ppf(0.05, 5), rel=1e-9)
    assert bounds.tau.high == pytest.approx(np.sqrt(bounds.tau2.high))


def test_profile_likelihood_bounds_lie_half_a_quantile_below_the_top():
    fit = ev.pool(YI, VI, method="ML")
    bounds = fit.tau2_ci(kind="pl")
    for bound in bounds.tau2:
        lower = ev.pool(YI, VI, method="ML", tau2=bound).log_likelihood
        assert fit.log_likelihood - lower == pytest.approx(stats.chi2.ppf(0.95, 1) / 2, rel=1e-8)


def test_studies_more_alike_than_chance_have_an_interval_at_zero():
    bounds = ev.pool([0.3, 0.301, 0.299, 0.3], [0.1] * 4).tau2_ci()
    assert tuple(bounds.tau2) == (0, 0)
    assert tuple(bounds.i2) == (0, 0) and tuple(bounds.h2) == (1, 1)


@pytest.mark.parametrize(
    ("fit", "kind", "words"),
    [
        (lambda: ev.pool([0.1], [0.1]), "QP", "no more studies"),
        (lambda: ev.pool(YI, VI, method="EE"), "QP", "does not estimate"),
        (lambda: ev.pool(YI, VI, tau2=0.1), "QP", "does not estimate"),
        (lambda: ev.pool(YI, VI, method="DL"), "PL", '"ML" or "REML"'),
        (lambda: ev.pool(YI, VI, weighted=False), "PL", "weighted"),
    ],
)
def test_no_interval(fit, kind, words):
    with pytest.raises(ev.NotEstimable, match=words):
        fit().tau2_ci(kind=kind)
