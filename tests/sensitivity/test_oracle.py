"""Diagnostics, predictions and comparisons on the BCG trials, against metafor (validation/diagnostics.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "diagnostics.json").read_text())
FRAME = pd.DataFrame({name: ORACLE[name] for name in ("yi", "vi", "year", "ablat", "alloc")})
CASES = [pytest.param(case, id=case["label"]) for case in ORACLE["cases"]]
TESTS = {"knha": "hksj", "adhoc": "hksj-adhoc"}
CLOSE = {"rel": 1e-6, "abs": 1e-9, "nan_ok": True}


def refit(case):
    test = TESTS.get(case["test"], case["test"])
    if case["moderators"]:
        return ev.regress(
            FRAME, formula="~ ablat + C(alloc)", method=case["method"], test=test, weighted=case["weighted"]
        )
    return ev.pool(FRAME, method=case["method"], test=test, weighted=case["weighted"])


def array(values):
    return np.array(values, dtype=float)


@pytest.mark.parametrize("case", CASES)
def test_influence(case):
    ours = ev.influence(refit(case))
    expected = pd.DataFrame(case["influence"]).astype(float).to_numpy()
    assert ours.diagnostics.to_numpy() == pytest.approx(expected, **CLOSE)
    assert ours.dfbetas.to_numpy() == pytest.approx(array(case["dfbetas"]).reshape(13, -1), **CLOSE)
    assert list(ours.influential) == case["flagged"]


@pytest.mark.parametrize("case", CASES)
def test_residuals(case):
    table = refit(case).residuals()
    assert table["residual"].to_numpy() == pytest.approx(array(case["residual"]), **CLOSE)
    assert table["standardised"].to_numpy() == pytest.approx(array(case["standardised"]), **CLOSE)
    assert table["studentised"].to_numpy() == pytest.approx(array(case["influence"]["rstudent"]), **CLOSE)


@pytest.mark.parametrize("case", CASES)
def test_baujat(case):
    table = ev.baujat(refit(case))
    assert table["contribution"].to_numpy() == pytest.approx(array(case["baujat"]["x"]), **CLOSE)
    assert table["influence"].to_numpy() == pytest.approx(array(case["baujat"]["y"]), **CLOSE)


@pytest.mark.parametrize("case", [c for c in CASES if "blup" in c.values[0]])
def test_blup(case):
    expected = pd.DataFrame(case["blup"]).to_numpy(float)
    assert refit(case).blup().to_numpy() == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("case", [c for c in CASES if not c.values[0]["moderators"]])
def test_leave_one_out_and_cumulative(case):
    fit = refit(case)
    names = {"ci.lb": "ci_low", "ci.ub": "ci_high", "I2": "i2", "Q": "q", "QE": "q"}
    for ours, expected, start in (
        (ev.leave_one_out(fit), case["leave_one_out"], 0),
        # metafor has no interval for one study under a t-type test; ours is the study's own
        (ev.cumulative(fit, order=FRAME["year"]), case["cumulative"], 1),
    ):
        for name, values in expected.items():
            column = ours[names.get(name, name)].to_numpy()[start:]
            assert column == pytest.approx(array(values)[start:], **CLOSE), name


@pytest.mark.parametrize("case", [c for c in CASES if c.values[0]["moderators"]])
def test_regression_extras(case):
    fit = refit(case)
    new = pd.DataFrame({"ablat": [20, 50], "alloc": ["systematic", "random"]})
    assert fit.predict(new).to_numpy() == pytest.approx(pd.DataFrame(case["predict"]).to_numpy(float), **CLOSE)
    difference = {"C(alloc)[T.random]": 1, "C(alloc)[T.systematic]": -1}
    ours = fit.contrast({"random - systematic": difference, "at 33": {"Intercept": 1, "ablat": 33}})
    for name in ("estimate", "se", "statistic", "p_value"):
        assert ours.coefficients[name].to_numpy() == pytest.approx(array(case["contrast"][name]), **CLOSE)
    assert (ours.joint.statistic, ours.joint.p_value) == pytest.approx(
        (case["contrast"]["qm"], case["contrast"]["qm_p"]), rel=1e-6
    )
    if "vif" in case:
        assert fit.vif.to_numpy() == pytest.approx(array(case["vif"]), rel=1e-6)
    for kind in ("qp", "pl"):
        if case.get(kind):
            bounds = fit.tau2_ci(kind=kind).to_frame()[["ci_low", "ci_high"]].to_numpy()
            assert bounds == pytest.approx(array(case[kind]), rel=1e-6, abs=1e-8)


def test_likelihood_ratio():
    full, reduced = (ev.regress(FRAME, formula=f, method="ML") for f in ("~ ablat + C(alloc)", "~ ablat"))
    ours = ev.likelihood_ratio(full, reduced)
    expected = ORACLE["likelihood_ratio"]
    assert ours.df == 2
    assert (ours.statistic, ours.p_value) == pytest.approx((expected["statistic"], expected["p_value"]), rel=1e-6)
    tau2 = ev.likelihood_ratio(ev.pool(FRAME), ev.pool(FRAME, method="EE"))
    assert tau2.statistic == pytest.approx(ORACLE["tau2_test"]["statistic"], rel=1e-6)


def test_subgroups():
    expected = ORACLE["subgroups"]
    separate = ev.subgroups(FRAME, "alloc", test="z")
    assert separate.groups["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=1e-6)
    assert (separate.statistic, separate.p_value) == pytest.approx((expected["q"], expected["p"]), rel=1e-6)
    common = ev.subgroups(FRAME, "alloc", tau2="common", test="z")
    assert (common.statistic, common.p_value) == pytest.approx((expected["common_q"], expected["common_p"]), rel=1e-6)
    assert common.groups["tau2"].to_numpy() == pytest.approx([expected["common_tau2"]] * 3, rel=1e-6)


def test_gosh():
    expected = pd.DataFrame({name: ORACLE["gosh"][name] for name in ("estimate", "tau2", "i2", "q", "k")})
    fit = ev.pool(FRAME.iloc[np.array(ORACLE["gosh"]["studies"]) - 1])
    ours = ev.gosh(fit).to_frame()
    order = ["k", "estimate"]
    assert ours.sort_values(order).to_numpy() == pytest.approx(expected.sort_values(order).to_numpy(), **CLOSE)


def test_exact_permutation_by_signs():
    ours = ev.permutation_test(ev.pool(FRAME.iloc[:8], test="z"), exact=True)
    assert ours.exact and ours.iterations == 256
    assert ours.p_value == pytest.approx(ORACLE["flips"]["p_value"], abs=1e-12)
    assert np.sort(ours.distribution) == pytest.approx(array(ORACLE["flips"]["statistics"]), **CLOSE)


def test_exact_permutation_of_moderators():
    small = FRAME.iloc[np.array(ORACLE["gosh"]["studies"]) - 1].assign(arm=ORACLE["factors"]["arm"])
    slope = ev.permutation_test(ev.regress(small, formula="~ ablat", method="DL", test="hksj"))
    assert slope.exact and slope.iterations == 360  # two trials share a latitude
    assert slope.p_value.to_numpy() == pytest.approx(ORACLE["slopes"]["p_value"], abs=1e-12)
    assert slope.qm_p == pytest.approx(ORACLE["slopes"]["qm_p"], abs=1e-12)
    factors = ev.permutation_test(ev.regress(small, formula="~ arm", test="z"))
    assert factors.exact and factors.iterations == 60
    assert factors.p_value.to_numpy() == pytest.approx(ORACLE["factors"]["p_value"], abs=1e-12)
    assert factors.qm_p == pytest.approx(ORACLE["factors"]["qm_p"], abs=1e-12)
