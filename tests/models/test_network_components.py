"""Components of combined treatments, and intervals of tau2, against metafor; see validation/network_more.R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = Path(__file__).parents[1] / "oracle"
MORE: dict[str, Any] = json.loads((ORACLE / "network_more.json").read_text())
NETWORKS = {case["name"]: case for case in json.loads((ORACLE / "network.json").read_text())}
of_components = pytest.mark.parametrize("case", MORE["components"], ids=[case["name"] for case in MORE["components"]])


def fit(case: dict[str, Any], **options: Any) -> ev.ComponentNetwork:
    return ev.component_network(pd.DataFrame(case["data"]), inactive=case["inactive"], **options)


@pytest.mark.parametrize("case", MORE["intervals"], ids=[case["name"] for case in MORE["intervals"]])
def test_tau2_intervals_agree_with_confint(case: dict[str, Any]) -> None:
    given = NETWORKS[case["name"]]
    for method, bounds in case["pl"].items():
        net = ev.network(pd.DataFrame(given["data"]), reference=given["reference"], method=method, test="z")
        found = net.tau2_ci(kind="PL")
        assert (found.low, found.high) == pytest.approx(bounds, rel=1e-6)
        exact = net.tau2_ci()
        assert (exact.low, exact.high) == pytest.approx(case["qp"], rel=1e-6)
        assert exact.i2.high == pytest.approx(100 * (1 - 1 / exact.h2.high))


def test_tau2_intervals_are_those_of_a_pool_with_two_treatments() -> None:
    frame = pd.DataFrame({"study": list("abcdef"), "treatment1": "needle", "treatment2": "sham"})
    frame = frame.assign(yi=[0.1, 0.9, 0.3, 0.5, -0.2, 0.4], vi=[0.02, 0.05, 0.03, 0.04, 0.06, 0.02])
    net, pooled = ev.network(frame), ev.pool(frame)
    for kind in ("QP", "PL"):
        mine, theirs = net.tau2_ci(0.9, kind).to_frame(), pooled.tau2_ci(0.9, kind).to_frame()
        np.testing.assert_allclose(mine[["ci_low", "ci_high"]], theirs[["ci_low", "ci_high"]], rtol=1e-7)
    with pytest.raises(ev.NotEstimable, match="equal effects"):
        ev.network(frame, method="EE").tau2_ci()
    with pytest.raises(ev.NotEstimable, match="REML"):
        ev.network(frame, method="DL").tau2_ci(kind="PL")


@of_components
def test_components_agree_with_rma_mv(case: dict[str, Any]) -> None:
    net = fit(case)
    assert list(net.components.index) == case["components"]
    np.testing.assert_allclose(net.components["estimate"], case["beta_dl"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(net.components["se"], case["se_dl"], rtol=1e-8)
    assert net.tau2 == pytest.approx(case["tau2_dl"], rel=1e-8)
    for method, expected in case["fits"].items():
        other = fit(case, method=method)
        np.testing.assert_allclose(other.components["estimate"], expected["beta"], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(other.components["se"], expected["se"], rtol=1e-6)
        assert other.tau2 == pytest.approx(expected["tau2"], rel=1e-6)


@of_components
def test_additivity_is_what_the_model_loses_against_a_network(case: dict[str, Any]) -> None:
    net = fit(case)
    assert (net.q, net.q_df) == pytest.approx((case["q"], case["q_df"]), rel=1e-9)
    lost = (case["q"] - case["q_network"], case["q_df"] - case["df_network"])
    assert (net.q_additivity, net.q_additivity_df) == pytest.approx(lost, rel=1e-7)
    assert net.connected == (case["name"] == "linde2016")
    assert ("in pieces" in net.summary()) != net.connected


def test_a_treatment_is_the_sum_of_its_components() -> None:
    net = fit(MORE["components"][1])
    assert net.treatments.loc["a+b", "estimate"] == pytest.approx(net.components.loc[["a", "b"], "estimate"].sum())
    at = [list(net.components.index).index(name) for name in "ab"]
    variance = net.covariance[np.ix_(at, at)].sum()
    assert net.treatments.loc["a+b", "se"] == pytest.approx(variance**0.5)
    assert "0" not in net.treatments.index


def test_without_combinations_it_is_the_network() -> None:
    frame = pd.DataFrame(NETWORKS["senn2013"]["data"])
    net, plain = (
        ev.component_network(frame, inactive="placebo", method="REML"),
        ev.network(frame, reference="placebo", test="z"),
    )
    np.testing.assert_allclose(net.components["estimate"], plain.estimates["estimate"], rtol=1e-7)
    np.testing.assert_allclose(net.components["se"], plain.estimates["se"], rtol=1e-7)
    assert net.q_additivity_df == 0 and "No trial can show" in net.sentence()


def test_an_interaction_takes_what_additivity_leaves() -> None:
    rows = [("t1", "a", "0", 0.4), ("t2", "b", "0", 0.2), ("t3", "a+b", "0", 1.0)]
    frame = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi"]).assign(vi=0.02)
    net = ev.component_network(frame, inactive="0", method="EE", interactions=("b + a",))
    assert net.components["estimate"].to_dict() == pytest.approx({"a": 0.4, "b": 0.2, "a + b": 0.4})


def test_what_cannot_be_told_is_named() -> None:
    rows = [("t1", "a+b", "0", 0.4), ("t2", "c", "0", 0.2)]
    frame = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi"]).assign(vi=0.02)
    with pytest.raises(ev.NotEstimable, match="apart: a, b;"):
        ev.component_network(frame, inactive="0")
    with pytest.raises(ev.InvalidInput, match="inactive 'sham' is no treatment"):
        ev.component_network(frame, inactive="sham")
    with pytest.raises(ev.InvalidInput, match="interaction 'a\\+c' is in no treatment"):
        ev.component_network(frame, inactive="0", interactions=("a+c",))
    with pytest.raises(ev.InvalidInput, match="empty component"):
        ev.component_network(frame.assign(treatment1=["a+", "c"]), inactive="0")
