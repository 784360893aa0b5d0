"""Published analyses that ship with metadat, against metafor (validation/published.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "published.json").read_text())
CASES = [pytest.param(d, f, id=f"{d['name']}-{f['method']}") for d in ORACLE for f in d["fits"]]


@pytest.mark.parametrize(("data", "expected"), CASES)
def test_pooled_result(data, expected):
    fit = ev.pool(data["yi"], data["vi"], method=expected["method"], test="hksj")
    for name in ("estimate", "se", "p_value", "tau2", "tau2_se", "i2", "h2", "q", "q_p"):
        assert getattr(fit, name) == pytest.approx(expected[name], rel=1e-6, abs=1e-9), name
    assert fit.ci == pytest.approx((expected["ci_low"], expected["ci_high"]), rel=1e-6)
    assert fit.prediction_interval == pytest.approx((expected["pi_low"], expected["pi_high"]), rel=1e-6)


@pytest.mark.parametrize(
    ("data", "expected", "kind"),
    [pytest.param(*c.values, k, id=f"{c.id}-{k}") for c in CASES for k in ("QP", "PL") if c.values[1][k.lower()]],
)
def test_heterogeneity_intervals(data, expected, kind):
    # PL is for ML and REML only
    bounds = expected[kind.lower()]
    ours = ev.pool(data["yi"], data["vi"], method=expected["method"], test="hksj").tau2_ci(kind=kind)
    # metafor searches to 1e-12 absolutely, which is coarse on the scale of variances of 1e-5
    assert ours.to_frame()[["ci_low", "ci_high"]].to_numpy() == pytest.approx(
        np.array(bounds, dtype=float), rel=1e-5, abs=1e-6
    )
