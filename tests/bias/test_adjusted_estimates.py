"""Trim and fill, PET-PEESE, limit meta-analysis, WAAP, selection models: by hand, by invariance and at their edges."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

import evidence as ev

YI = np.array([0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10])
VI = np.array([0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]) ** 2
KINDS = ["stepfun", "beta", "halfnorm", "negexp", "logistic", "power"]


def seen_studies(seed, k, chance=0.3, mu=0.1, tau=0.15):
    """Studies of which those with a one-sided p above 0.025 are seen with a chance."""
    rng = np.random.default_rng(seed)
    v = 4 / (np.exp(rng.normal(4.5, 0.7, 20 * k)) + 10)
    y = rng.normal(mu, np.sqrt(tau**2 + v))
    seen = (y / np.sqrt(v) > 1.96) | (rng.random(20 * k) < chance)
    return y[seen][:k], v[seen][:k]


def test_trim_and_fill_by_hand():
    """Equal variances, one far study: the mean of the other four is 0, so it is mirrored to -4."""
    fit = ev.pool([-1.1, -0.9, 0.95, 1.05, 4.0], [1.0] * 5, method="EE", test="z")
    found = ev.trim_and_fill(fit, side="left", estimator="R0")
    # centre of all = 0.8: ranks of |y - 0.8| = 4, 3, 1, 2, 5; only the last two and the third lie above
    # R0 = 5 - 4 - 1 = 0: the fourth rank is on the left
    assert found.k0 == 0
    found = ev.trim_and_fill(fit, side="left", estimator="L0")
    # T = 1 + 2 + 5 = 8, L0 = (32 - 30) / 9 = 0.22
    assert (found.k0, found.estimate) == (0, pytest.approx(0.8))
    # with two far ones: all ranks above them on the right, R0 = 6 - 4 - 1 = 1 from the first centre, and it stays
    fit = ev.pool([-1.1, -0.9, 0.95, 1.05, 6.0, 6.5], [1.0] * 6, method="EE", test="z")
    found = ev.trim_and_fill(fit, side="left", estimator="R0")
    centre = np.mean([-1.1, -0.9, 0.95, 1.05, 6.0][: 6 - found.k0])
    filled = found.filled.loc[found.filled["filled"], "yi"].to_numpy()
    assert found.k0 >= 1
    assert sorted(filled) == pytest.approx(sorted(2 * centre - np.array([6.0, 6.5])[2 - found.k0 :]))
    assert found.k0_p_value == 0.5 ** (found.k0 + 1)


@pytest.mark.parametrize("estimator", ["L0", "R0"])
def test_trim_and_fill_finds_nothing_in_a_symmetric_funnel(estimator):
    y = np.array([-0.5, -0.3, -0.1, 0.0, 0.1, 0.3, 0.5])
    fit = ev.pool(y + 2, np.array([0.1, 0.06, 0.03, 0.01, 0.03, 0.06, 0.1]))
    found = ev.trim_and_fill(fit, side="left", estimator=estimator)
    assert (found.k0, found.estimate) == (0, pytest.approx(2, abs=1e-9))
    assert "no study missing" in found.sentence()


def test_trim_and_fill_mirrors():
    fit, mirrored = (ev.pool(sign * YI, VI, method="EE", test="z") for sign in (1, -1))
    found, other = ev.trim_and_fill(fit, side="left"), ev.trim_and_fill(mirrored, side="right")
    assert found.k0 == other.k0 > 0
    assert other.estimate == pytest.approx(-found.estimate, rel=1e-12)
    assert found.filled["slab"].iloc[-1].startswith("Filled: Study")
    assert f"adds {found.k0} studies on the left" in found.sentence()
    assert ev.trim_and_fill(mirrored).side == "right"


def test_pet_peese_rule():
    sei = np.linspace(0.05, 0.6, 20)
    wiggle = 0.02 * np.tile([1, -1], 10)
    null = ev.pet_peese(1.5 * sei + wiggle * sei, sei**2)
    assert null.chosen == "PET" and null.estimate == pytest.approx(0, abs=0.02)
    real = ev.pet_peese(0.5 + 0.8 * sei**2 + wiggle, sei**2)
    assert real.chosen == "PEESE" and real.estimate == pytest.approx(0.5, abs=0.02)
    negative = ev.pet_peese(-(0.5 + 0.8 * sei**2 + wiggle), sei**2)
    assert negative.chosen == "PEESE" and negative.estimate == pytest.approx(-real.estimate, rel=1e-9)
    assert negative.pet_p_one_sided == pytest.approx(real.pet_p_one_sided, rel=1e-9)
    assert ev.pet_peese(0.5 + 0.8 * sei**2 + wiggle, sei**2, alpha=1e-300).chosen == "PET"
    random = ev.pet_peese(ev.pool(YI, VI, test="t"), model="rma")
    assert random.estimate == pytest.approx(ev.egger(ev.pool(YI, VI, test="t"), model="rma").limit_estimate, rel=1e-12)


def test_waap_by_hand():
    yi, vi = np.array([0.30, 0.40, 0.35, 1.20]), np.array([0.01, 0.01, 0.01, 0.25])
    found = ev.waap(yi, vi)
    # UWLS = (30 + 40 + 35 + 4.8) / 304 = 0.361; a third of it over 2.8 is 0.129: three studies have sei = 0.1
    assert found.uwls["estimate"].iloc[0] == pytest.approx(109.8 / 304)
    assert found.adequate == (True, True, True, False)
    assert (found.estimate, found.se) == (pytest.approx(0.35), pytest.approx(0.05 / math.sqrt(3)))
    assert (found.df, found.fallback) == (2, False)
    weak = ev.waap(yi / 10 + [0, 0.05, 0.1, 0.2], vi)
    assert weak.fallback and weak.estimate == weak.uwls["estimate"].iloc[0]
    assert "Fewer than two" in weak.sentence()


def test_limit_meta_needs_a_random_effects_model():
    with pytest.raises(ev.NotEstimable, match="random-effects"):
        ev.limit_meta(ev.pool(YI, VI, method="EE"))
    with pytest.raises(ev.NotEstimable, match="same standard error"):
        ev.limit_meta(YI, np.full(11, 0.04))


def test_limit_meta_of_homogeneous_studies_is_the_regression_limit():
    """tau2 = 0: every study shrinks onto the line's slope, which is Egger's limit estimate."""
    fit = ev.pool(YI / 10, VI)
    assert fit.tau2 == 0
    found = ev.limit_meta(fit)
    assert found.estimate == pytest.approx(ev.egger(fit).limit_estimate, rel=1e-9)
    assert found.studies["limit"].to_numpy() == pytest.approx(np.full(11, found.estimate))


def upper_tail(z):
    return 0.5 * math.erfc(z / math.sqrt(2))


def likelihood(y, v, mu, tau2, w):
    """Log-likelihood of a selection model by adaptive quadrature, one-sided, written from its definition."""
    total = 0.0
    for yi, vi in zip(y, v, strict=True):
        s = math.sqrt(vi + tau2)

        def density(x, s=s):
            return math.exp(-0.5 * ((x - mu) / s) ** 2) / (s * math.sqrt(2 * math.pi))

        def seen(x, vi=vi, density=density):
            return w(upper_tail(x / math.sqrt(vi))) * density(x)

        kinks = sorted(sign * z * math.sqrt(vi) for z in (1.959963984540054, 4.264890793922825) for sign in (-1, 1))
        edges = [mu - 10 * s, *(kink for kink in kinks if abs(kink - mu) < 10 * s), mu + 10 * s]
        chance = sum(integrate.quad(seen, a, b, epsabs=1e-12, epsrel=1e-10)[0] for a, b in pairwise(edges))
        total += math.log(w(upper_tail(yi / math.sqrt(vi))) * density(yi) / chance)
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_the_likelihood_is_the_one_of_the_definition(kind):
    y, v = seen_studies(1, 20, tau=0.5)
    found = ev.selection_model(y, v, kind=kind)
    delta = found.weights["estimate"].to_numpy()
    w = {
        "stepfun": lambda p: 1.0 if p <= 0.025 else delta[1],
        "beta": lambda p: p ** (delta[0] - 1) * (1 - p) ** (delta[1] - 1),
        "halfnorm": lambda p: math.exp(-delta[0] * p**2),
        "negexp": lambda p: math.exp(-delta[0] * p),
        "logistic": lambda p: 2 * math.exp(-delta[0] * p) / (1 + math.exp(-delta[0] * p)),
        "power": lambda p: (1 - p) ** delta[0],
    }[kind]
    edge = 1e-5 if kind in ("beta", "power") else 0.0

    def held(p):
        return w(min(max(p, edge), 1 - edge))

    at_maximum = likelihood(y, v, found.estimate, found.tau2, held)
    assert found.log_likelihood == pytest.approx(at_maximum, abs=1e-8)
    assert found.selection([0.01, 0.3]) == pytest.approx([w(0.01), w(0.3)], rel=1e-9)
    for step in (-0.02, 0.02):
        assert likelihood(y, v, found.estimate + step, found.tau2, held) < at_maximum
        assert likelihood(y, v, found.estimate, found.tau2 * (1 + 5 * step), held) < at_maximum
    assert found.lr_test.statistic == pytest.approx(
        2 * (found.log_likelihood - ev.pool(y, v, method="ML").log_likelihood), abs=1e-6
    )


def test_standard_errors_of_the_beta_model_by_second_differences():
    y, v = seen_studies(8, 20, tau=0.5)
    found = ev.selection_model(y, v, kind="beta")
    top = np.array([found.estimate, found.tau2, *found.weights["estimate"]])
    steps = np.array([2e-3, 5e-4, 5e-3, 1e-2])

    def value(*moves):
        mu, tau2, a, b = top + np.sum(moves, axis=0)
        return likelihood(
            y, v, mu, tau2, lambda p: min(max(p, 1e-5), 1 - 1e-5) ** (a - 1) * max(1 - p, 1e-5) ** (b - 1)
        )

    moves = np.diag(steps)
    second = [[value(i, j) - value(i, -j) - value(-i, j) + value(-i, -j) for j in moves] for i in moves]
    se = np.sqrt(np.diag(np.linalg.inv(-np.array(second) / (4 * np.outer(steps, steps)))))
    assert [found.se, found.tau2_se, *found.weights["se"]] == pytest.approx(se, rel=2e-3)


def test_selection_is_found_and_undone():
    y, v = seen_studies(2, 600, chance=0.2, mu=0.15)
    found = ev.selection_model(y, v)
    assert found.naive.estimate > 0.25
    assert found.ci.low < 0.15 < found.ci.high
    assert found.weights["ci_low"].iloc[1] < 0.2 < found.weights["ci_high"].iloc[1]
    assert found.lr_test.p_value < 1e-6
    assert "the studies show selection" in found.sentence()


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(KINDS), st.floats(0.01, 100))
def test_selection_models_do_not_depend_on_units_or_sides(kind, scale):
    y, v = seen_studies(3, 40)
    base = ev.selection_model(y, v, kind=kind)
    scaled = ev.selection_model(scale * y, scale**2 * v, kind=kind)
    assert scaled.estimate == pytest.approx(scale * base.estimate, rel=1e-5, abs=1e-7 * scale)
    assert scaled.tau2 == pytest.approx(scale**2 * base.tau2, rel=1e-5, abs=1e-9 * scale**2)
    assert scaled.lr_test.statistic == pytest.approx(base.lr_test.statistic, abs=1e-7)
    assert scaled.log_likelihood == pytest.approx(base.log_likelihood - len(y) * math.log(scale), abs=1e-7)
    mirrored = ev.selection_model(-y, v, kind=kind, alternative="less")
    assert mirrored.estimate == pytest.approx(-base.estimate, rel=1e-9)
    assert mirrored.weights["estimate"].to_numpy() == pytest.approx(base.weights["estimate"].to_numpy(), rel=1e-9)


def test_two_sided_selection_treats_both_sides_alike():
    y, v = seen_studies(4, 40)
    for kind in ("stepfun", "negexp", "beta"):
        steps = (0.05,)
        base = ev.selection_model(y, v, kind=kind, steps=steps, alternative="two-sided")
        other = ev.selection_model(-y, v, kind=kind, steps=steps, alternative="two-sided")
        assert other.estimate == pytest.approx(-base.estimate, rel=1e-6)
        assert other.log_likelihood == pytest.approx(base.log_likelihood, abs=1e-9)


def test_moderators_come_with_a_regression():
    y, v = seen_studies(5, 80)
    frame = pd.DataFrame({"yi": y, "vi": v, "dose": np.linspace(-1, 1, 80)})
    found = ev.selection_model(ev.regress(frame, formula="~ dose"))
    assert list(found.coefficients.index) == ["Intercept", "dose"]
    assert found.estimate == found.coefficients.loc["Intercept", "estimate"]
    doubled = ev.selection_model(ev.regress(frame.assign(dose=2 * frame["dose"]), formula="~ dose"))
    ratio = found.coefficients.loc["dose", "estimate"] / doubled.coefficients.loc["dose", "estimate"]
    assert ratio == pytest.approx(2, rel=1e-6)
    assert "the coefficient 'Intercept'" in found.sentence()


def test_selection_errors_teach():
    y, v = seen_studies(6, 30)
    with pytest.raises(ev.NotEstimable, match=r"no study has a p value between .* choose other steps"):
        ev.selection_model(y, v, steps=(0.025, 0.999))
    with pytest.raises(ev.InvalidInput, match="between 0 and 1"):
        ev.selection_model(y, v, steps=2.5)
    with pytest.raises(ev.InvalidInput, match="kind 'gamma' is unknown"):
        ev.selection_model(y, v, kind="gamma")
    with pytest.raises(ev.InvalidInput, match="two-sided"):
        ev.selection_model(y, v, alternative="two.sided")
    with pytest.raises(ev.InvalidInput, match="p values"):
        ev.selection_model(y, v).selection(1.5)


def test_tau2_that_is_known_stays():
    y, v = seen_studies(7, 40)
    equal = ev.selection_model(ev.pool(y, v, method="EE"))
    assert (equal.tau2, equal.tau2_se) == (0, None)
    known = ev.selection_model(ev.pool(y, v, tau2=0.05))
    assert (known.tau2, known.tau2_se) == (pytest.approx(0.05), None)
    free = ev.selection_model(y, v)
    assert free.log_likelihood >= max(equal.log_likelihood, known.log_likelihood)


def test_results_show_themselves():
    fit = ev.pool(YI, VI)
    results = [ev.trim_and_fill(fit), ev.pet_peese(fit), ev.limit_meta(fit), ev.waap(fit), ev.selection_model(fit)]
    for found in results:
        row = found.to_frame().iloc[0]
        assert (row["estimate"], row["ci_low"], row["ci_high"]) == (found.estimate, *found.ci)
        assert "<table" in found._repr_html_()
        assert f"{found.estimate:.2f}".replace("-", "−") in found.sentence() or "no study missing" in found.sentence()
        assert found.summary().count("\n") >= 1 and repr(found) == found.summary()
