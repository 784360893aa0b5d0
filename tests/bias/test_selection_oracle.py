"""Selection models against metafor 3.8's selmodel; see validation/bias_selmodel.R."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "bias_selmodel.json").read_text())


def _case_id(case):
    steps = "-".join(f"{step:g}" for step in case["steps"])
    return f"{case['set']}-{case['method']}-{case['kind']}-{case['alternative']}-{steps}-{case['moderator']}"


def _fit(case):
    data = ORACLE["sets"][case["set"]]
    frame = pd.DataFrame({"yi": data["yi"], "vi": data["vi"], "x": data["x"]})
    naive = ev.pool(frame, method=case["method"], test="z")
    if case["moderator"]:
        naive = ev.regress(frame, formula="~ x", method=case["method"], test="z")
    chosen = {"steps": case["steps"]} if case["kind"] == "stepfun" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.NotConverged)
        return ev.selection_model(naive, kind=case["kind"], alternative=case["alternative"], **chosen)


@pytest.mark.parametrize("case", ORACLE["cases"], ids=_case_id)
def test_selmodel(case):
    found = _fit(case)
    # The maximum itself: never lower than metafor's (but for what its integrals lose at the kinks of beta and power),
    # and no higher than its search can have missed: much where tau2 is 0, which a search over log(tau2) never reaches.
    assert found.log_likelihood >= case["ll"] - (1e-7 if case["kind"] in ("beta", "power") else 1e-9)
    missed = 5e-4 if found.tau2 == 0 and case["method"] != "EE" else 1e-7
    assert found.log_likelihood == pytest.approx(case["ll"], abs=missed)
    assert found.lr_test.statistic == pytest.approx(case["lrt"], abs=2 * missed)
    assert found.lr_test.df == case["lrt_df"]
    assert found.lr_test.p_value == pytest.approx(case["lrt_p"], rel=missed + 1e-6, abs=1e-12)
    # Where it lies: metafor stops on the change of a likelihood that is flat to second order there, so its parameters
    # carry the square root of that tolerance, in units of their standard errors.
    off = 5e-4 if missed > 1e-7 else 5e-5
    if case["kind"] == "beta" and missed == 1e-7:
        # metafor differentiates integrals twice by numbers, and those of the beta model are not smooth enough for it:
        # its standard errors here change by a factor of two with rel.tol. test_adjusted_estimates has the check.
        assert found.coefficients["estimate"].to_numpy() == pytest.approx(case["beta"], abs=off * found.se)
        return
    if case["se"] != [None]:
        se = np.array(case["se"])
        assert found.coefficients["se"].to_numpy() == pytest.approx(se, rel=off)
        assert (np.abs(found.coefficients["estimate"] - case["beta"]) <= off * se).all()
    if case["method"] != "EE":
        assert found.tau2 == pytest.approx(case["tau2"], rel=off, abs=1e-5 if missed > 1e-7 else 1e-9)
        if case["se_tau2"] is not None and found.tau2 > 0:
            assert found.tau2_se == pytest.approx(case["se_tau2"], rel=off)
    for row, delta, se in zip(found.weights.itertuples(), case["delta"], case["se_delta"], strict=True):
        assert row.estimate == pytest.approx(delta, abs=off * (se or 1.0))
        if se is not None:
            assert row.se == pytest.approx(se, rel=off)
