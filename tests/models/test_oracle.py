"""Every estimator and test, with and without moderators, against metafor (validation/pool_random.R)."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "pool_random.json").read_text())
CASES = [(i, j) for i, data in enumerate(ORACLE) for j in range(len(data["fits"]))]
TESTS = ["z", "t", "hksj", "hksj-adhoc"]


def refit(data, fit, test):
    weights = data["weights"] if fit["method"] == "GENQ" else None
    frame = pd.DataFrame({name: data[name] for name in ("yi", "vi", "x1", "x2")})
    arguments = {"method": fit["method"], "test": test, "weighted": fit["weighted"], "weights": weights}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if fit["moderators"]:
            return ev.regress(frame, formula="~ x1 + x2", **arguments)
        return ev.pool(frame, **arguments)


@pytest.mark.parametrize(("i", "j"), CASES)
def test_agrees_with_metafor(i, j):
    data, fit = ORACLE[i]["data"], ORACLE[i]["fits"][j]
    ours = refit(data, fit, "z")
    # The absolute part: at the boundary metafor halves its steps and stops short of zero by up to 1e-11.
    close = {"rel": 1e-6, "abs": 1e-8}
    for name in ("tau2", "tau2_se", "i2", "h2", "log_likelihood", "aic", "bic", "aicc"):
        expected = fit[name]
        if expected is None or (name == "tau2_se" and fit["method"] == "EE"):
            continue
        assert getattr(ours, name) == pytest.approx(expected, **close), name
    q, p = (ours.qe, ours.qe_p) if fit["moderators"] else (ours.q, ours.q_p)
    assert (q, p) == pytest.approx((fit["q"], fit["q_p"]), **close)
    if fit["moderators"] and fit["r2"] is not None:  # metafor's own fit without moderators may have failed
        assert ours.r2 == pytest.approx(fit["r2"], **close)
    for test in TESTS:
        ours = refit(data, fit, test)
        expected = fit["tests"][test]
        table = ours.coefficients if fit["moderators"] else ours.to_frame()
        for name in ("estimate", "se", "statistic", "p_value", "ci_low", "ci_high"):
            assert table[name].to_numpy() == pytest.approx(np.atleast_1d(expected[name]), **close), (test, name)
        if fit["moderators"]:
            assert (ours.qm, ours.qm_p) == pytest.approx((expected["qm"], expected["qm_p"]), **close)
