"""Selection models against metafor 3.8's selmodel; see validation/bias_selmodel.R."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "bias_selmodel.json").read_text())


def _case_id(case):
    steps = "-".join(f"{step:g}" for step in case["steps"])
    return f"{case['set']}-{case['method']}-{case['kind']}-{case['alternative']}-{steps}-{case['moderator']}"


def _fit(case):
    data = ORACLE["sets"][case["set"]]
    naive = ev.pool(data["yi"], data["vi"], method=case["method"], test="z")
    chosen = {"steps": case["steps"]} if case["kind"] == "stepfun" else {}
    if case["moderator"]:
        chosen["moderators"] = data["x"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.NotConverged)
        return ev.selection_model(naive, kind=case["kind"], alternative=case["alternative"], **chosen)


@pytest.mark.parametrize("case", ORACLE["cases"], ids=_case_id)
def test_selmodel(case):
    found = _fit(case)
    # The maximum itself: never lower than metafor's, and no higher than its search can have missed.
    assert found.log_likelihood >= case["ll"] - 1e-9
    assert found.log_likelihood == pytest.approx(case["ll"], abs=1e-6)
    assert found.lr_test.statistic == pytest.approx(case["lrt"], abs=2e-6)
    assert found.lr_test.df == case["lrt_df"]
    assert found.lr_test.p_value == pytest.approx(case["lrt_p"], rel=1e-5, abs=1e-12)
    # Where it lies: metafor stops on the change of a likelihood that is flat to second order there, so its parameters
    # carry the square root of that tolerance, in units of their standard error.
    se = np.array(case["se"])
    assert found.coefficients["estimate"].to_numpy() == pytest.approx(np.array(case["beta"]), abs=5e-4 * se.max())
    assert found.coefficients["se"].to_numpy() == pytest.approx(se, rel=5e-4)
    if case["method"] != "EE":
        assert found.tau2 == pytest.approx(case["tau2"], rel=1e-3, abs=1e-6)
        if case["se_tau2"] is not None:
            assert found.tau2_se == pytest.approx(case["se_tau2"], rel=1e-3)
    delta = found.weights["estimate"].to_numpy()
    scale = np.array([1.0 if value is None else value for value in case["se_delta"]])
    assert np.abs(delta - np.array(case["delta"])).max() <= 5e-4 * max(1.0, scale.max())
    for mine, theirs in zip(found.weights["se"], case["se_delta"], strict=True):
        assert np.isnan(mine) if theirs is None else mine == pytest.approx(theirs, rel=1e-3)
