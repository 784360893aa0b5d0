"""Intervals for heterogeneity at their edges; their numbers against metafor are in test_published."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
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


BRUTE = json.loads((Path(__file__).parents[1] / "oracle" / "heterogeneity.json").read_text())


def brute_fit(case, **options):
    frame = pd.DataFrame({"yi": case["yi"], "vi": case["vi"]})
    if case.get("mods"):
        return ev.regress(frame.assign(x=case["mods"]), formula="~ x")
    return ev.pool(frame, **options)


@pytest.mark.parametrize("case", BRUTE, ids=lambda case: case["label"])
def test_intervals_from_a_generalised_q_agree_with_imhofs_integral(case):
    fit = brute_fit(case)
    for kind in ("J", "BJ", "BT", "W"):
        assert fit.tau2_ci(kind=kind).tau2 == pytest.approx(case[kind], rel=1e-6, abs=1e-9)
    if "HT" in case:
        found = fit.tau2_ci(kind="ht")
        assert found.i2 == pytest.approx(case["HT"], rel=1e-9) and "Higgins-Thompson" in found.summary()


def test_the_interval_of_i2_is_the_one_that_meta_prints():
    """Doing Meta-Analysis in R, chapter 4: 18 trials, Q = 45.50, I2 = 62.6% [37.9%; 77.5%]."""
    from evidence.models.univariate.heterogeneity import _test_based

    low, high = (100 * (1 - 1 / h2) for h2 in _test_based(45.50, 17, 0.95))
    assert (round(low, 1), round(high, 1)) == (37.9, 77.5)


def test_kinds_say_what_they_need():
    two = pytest.warns(ev.SmallSample)
    with two, pytest.raises(ev.NotEstimable, match="three studies or more"):
        ev.pool([0.1, 0.4], [0.02, 0.03]).tau2_ci(kind="HT")
    exact = ev.pool([0.1, 0.4, 0.6], [0.0, 0.03, 0.02])
    with pytest.raises(ev.NotEstimable, match="studies with sampling error"):
        exact.tau2_ci(kind="J")


@pytest.mark.parametrize("case", BRUTE[:2], ids=lambda case: case["label"])
def test_tests_that_stand_beside_agree_with_metafor_and_the_formula(case):
    fit = brute_fit(case)
    for name, value in case["kr"].items():
        assert getattr(fit.kenward_roger(), name) == pytest.approx(value, rel=1e-9)
    found, wanted = fit.henmi_copas(), case["hc"]
    assert (found.estimate, found.se, *found.ci) == pytest.approx(tuple(wanted.values()), rel=1e-7)
    edge = fit.henmi_copas(level=1 - found.p_value)
    assert min(abs(edge.ci.low), abs(edge.ci.high)) < 1e-6, "the interval at 1 - p ends at no effect"
    with pytest.raises(ev.NotEstimable, match="Kenward-Roger needs"):
        brute_fit(case, method="DL").kenward_roger()


def test_intervals_for_a_new_study_agree_with_brute_force():
    case = BRUTE[1]
    for way in ("partlett-riley", "nagashima"):
        fit = brute_fit(case, prediction=way)
        low, high = fit.prediction_interval
        assert (low, high) == pytest.approx(case[way.replace("-", "_")], rel=1e-6)
        assert fit.probability(upper=low) == pytest.approx(0.025, abs=1e-9)
        assert fit.probability(low, high) == pytest.approx(0.95, abs=1e-9)


def test_equal_effects_have_an_interval_for_a_new_study():
    fit = ev.pool([-2.7] * 5, [1.8, 1.9, 1.0, 0.06, 1.6], prediction="nagashima")
    low, high = fit.prediction_interval
    assert low < -2.7 < high and low + high == pytest.approx(-5.4, abs=1e-6)


def test_the_probability_of_a_new_study_is_that_of_its_interval():
    case = BRUTE[0]
    for options in ({}, {"test": "z"}, {"prediction": "riley"}, {"prediction": ev.HalfNormal(0.5)}):
        fit = brute_fit(case, **options)
        low, high = fit.prediction_interval
        assert fit.probability(lower=low, upper=high) == pytest.approx(0.95, abs=1e-4)
        assert fit.probability(upper=0) + fit.probability(lower=0) == pytest.approx(1)
    with pytest.raises(ev.NotEstimable, match="no prediction for a new study"):
        brute_fit(case, method="EE").probability(lower=0)
    with pytest.raises(ev.InvalidInput, match="lower <= upper"):
        brute_fit(case).probability(lower=1, upper=0)
