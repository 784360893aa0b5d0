"""Averaging over models of bias: brute force (validation/bias_average.py) and what RoBMA prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "bias_average.json").read_text())
# Bem (2011) as in RoBMA's README, which prints the summary of its 36 models, sampled
BEM = [0.25, 0.20, 0.26, 0.23, 0.22, 0.15, 0.09, 0.19, 0.42]
BEM_SE = [0.10155048, 0.08246211, 0.10323629, 0.10182427, 0.10120277, 0.08210765, 0.07085372, 0.10089846, 0.14752627]
KEYS = ["bias", "effect", "heterogeneity"]


@pytest.fixture(scope="module")
def found() -> ev.BiasAverage:
    return ev.bias_average(ORACLE["y"], np.square(ORACLE["se"]))


def test_marginal_likelihoods_agree_with_brute_force(found: ev.BiasAverage) -> None:
    own = found.models.set_index(KEYS)["log_evidence"]
    for model in ORACLE["models"]:
        assert own[tuple(model[key] for key in KEYS)] == pytest.approx(model["log_evidence"], abs=1e-5)
    drawn = ORACLE["drawn"]
    assert own[tuple(drawn[key] for key in KEYS)] == pytest.approx(drawn["log_evidence"], abs=4 * drawn["error"])


def test_without_bias_it_is_the_plain_bayesian_model(found: ev.BiasAverage) -> None:
    plain = ev.bayes(ORACLE["y"], np.square(ORACLE["se"]), ev.InverseGamma(1.0, 0.15), (0.0, 1.0))
    row = found.models.set_index(KEYS).loc[("none", True, True)]
    assert row["log_evidence"] == pytest.approx(plain.log_evidence, abs=1e-8)
    assert (row["mu"], row["tau"]) == pytest.approx((plain.mu["mean"], plain.tau["mean"]), abs=1e-6)


def test_averages_follow_from_the_models(found: ev.BiasAverage) -> None:
    models = found.models
    assert len(models) == 36 and models["prior"].sum() == pytest.approx(1) == models["posterior"].sum()
    assert found.components["prior"].tolist() == pytest.approx([0.5] * 3)
    odds = models["prior"] * np.exp(models["log_evidence"])
    np.testing.assert_allclose(models["posterior"], odds / odds.sum(), rtol=1e-9)
    assert found.estimate == pytest.approx((models["posterior"] * models["mu"]).sum())
    with_effect = models[models["effect"]]
    assert found.components.loc["effect", "posterior"] == pytest.approx(with_effect["posterior"].sum())
    ratio = with_effect["posterior"].sum() / (1 - with_effect["posterior"].sum())
    assert found.components.loc["effect", "bayes_factor"] == pytest.approx(ratio)
    assert found.ci.low <= found.estimate <= found.ci.high
    assert found.conditional_ci.low < found.conditional < found.conditional_ci.high


def test_bem_is_what_robma_prints_but_for_its_sampling_and_its_scale() -> None:
    found = ev.bias_average(BEM, np.square(BEM_SE))
    assert found.components["bayes_factor"].tolist() == pytest.approx([0.479, 0.143, 16.323], rel=0.025)
    assert found.components["posterior"].tolist() == pytest.approx([0.324, 0.125, 0.942], abs=0.003)
    assert (found.estimate, found.tau) == pytest.approx((0.037, 0.010), abs=6e-4)
    assert found.ci == pytest.approx((-0.041, 0.213), abs=4e-3)
    turned = ev.bias_average(-np.array(BEM), np.square(BEM_SE), alternative="less")
    assert turned.estimate == pytest.approx(-found.estimate)
    assert turned.ci == pytest.approx((-found.ci.high, -found.ci.low))
    assert "the probability of an effect is 0.322" in found.sentence()


def test_what_it_cannot_take_is_refused() -> None:
    y, v = ORACLE["y"], np.square(ORACLE["se"])
    with pytest.raises(ev.InvalidInput, match="improper"):
        ev.bias_average(y, v, tau_prior=ev.Jeffreys())
    with pytest.raises(ev.InvalidInput, match="alternative 'both'"):
        ev.bias_average(y, v, alternative="both")
    with pytest.raises(ev.InvalidInput, match="slope_scales"):
        ev.bias_average(y, v, slope_scales=(1.0, 0.0))
    with pytest.raises(ev.NotEstimable, match="at least 3 studies"):
        ev.bias_average(y[:2], v[:2])
