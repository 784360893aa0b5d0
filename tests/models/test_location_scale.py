"""ev.regress(scale=...) against metafor, by hand, by invariance and from the user's side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "location_scale.json").read_text())
TESTS = {"z": "z", "t": "t", "knha": "hksj"}


def data(name: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE["sets"][name])


def fitted(case: dict[str, Any], **changes: Any) -> ev.LocationScale:
    asked = {name: case[name] for name in ("formula", "scale", "method", "link")} | {"test": TESTS[case["test"]]}
    return ev.regress(data(case["set"]), **(asked | changes))


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['formula']} {case['scale']} {case['test']}")
def test_agrees_with_rma(case: dict[str, Any]) -> None:
    """metafor stops its search at about six digits, and takes the information of the scale from differences."""
    fit = fitted(case)
    assert fit.log_likelihood >= case["fit"][0] - 1e-9
    np.testing.assert_allclose((fit.log_likelihood, fit.aic, fit.bic, fit.aicc), case["fit"], rtol=1e-7)
    for table, prefix in ((fit.coefficients, ""), (fit.scale_coefficients, "alpha")):
        names = ("beta", "se", "p") if not prefix else ("alpha", "alpha_se", "alpha_p")
        for ours, theirs in zip(("estimate", "se", "p_value"), names, strict=True):
            np.testing.assert_allclose(table[ours], np.atleast_1d(case[theirs]), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(fit.tau2_by_study, case["tau2"], rtol=1e-4)
    assert (fit.qs, fit.qs_p) == pytest.approx((case["qs"], case["qs_p"]), rel=1e-3)
    if fit.formula != "~ 1":
        assert (fit.qm, fit.qm_p) == pytest.approx((case["qm"], case["qm_p"]), rel=1e-4)


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_two_groups_of_the_scale_have_the_variance_of_each_alone(method: Any) -> None:
    """With its own mean and its own variance each group is a meta-analysis by itself."""
    rng = np.random.default_rng(5)
    group = np.repeat(["a", "b"], 12)
    spread = np.where(group == "a", 0.6, 1.2)
    frame = pd.DataFrame({"group": group, "vi": rng.uniform(0.02, 0.1, 24)})
    frame["yi"] = rng.normal(0, np.sqrt(spread**2 + frame["vi"]))
    fit = ev.regress(frame, formula="~ 0 + group", scale="~ 0 + group", method=method, test="z")
    plain = ev.regress(frame, formula="~ 0 + group", scale="~ 0 + group", method=method, test="z", link="identity")
    for i, (name, part) in enumerate(frame.groupby("group")):
        alone = ev.pool(part, method=method, test="z")
        assert np.exp(fit.scale_coefficients["estimate"].iloc[i]) == pytest.approx(alone.tau2, rel=1e-6), name
        assert plain.scale_coefficients["estimate"].iloc[i] == pytest.approx(alone.tau2, rel=1e-6)
        found = fit.coefficients.iloc[i]
        assert (found["estimate"], found["se"]) == pytest.approx((alone.estimate, alone.se), rel=1e-6)


def test_units_of_effects_and_moderators_do_not_matter() -> None:
    case, frame = ORACLE["cases"][1], data("bangert")
    whole = fitted(case)
    other = ev.regress(
        frame.assign(yi=frame["yi"] * 100, vi=frame["vi"] * 1e4, ni100=frame["ni100"] * 1e3 + 7),
        formula="~ ni100",
        scale="~ ni100",
        test="z",
    )
    np.testing.assert_allclose(other.tau2_by_study, 1e4 * whole.tau2_by_study, rtol=1e-6)
    assert other.qs == pytest.approx(whole.qs, rel=1e-6)


def test_predictions_have_the_variance_of_their_moderators() -> None:
    fit = fitted(ORACLE["cases"][1])
    found = fit.predict(pd.DataFrame({"ni100": [0.5, 3.0]}))
    alpha = fit.scale_coefficients["estimate"].to_numpy()
    np.testing.assert_allclose(found["tau2"], np.exp(alpha[0] + alpha[1] * np.array([0.5, 3.0])))
    z = (found["ci_high"] - found["estimate"]) / found["se"]
    np.testing.assert_allclose(found["pi_high"] - found["estimate"], z * np.sqrt(found["se"] ** 2 + found["tau2"]))
    assert "scale, log tau²:" in fit.summary() and "how much true effects differ" in fit.sentence()
    assert fit.to_frame()["part"].tolist() == ["location"] * 2 + ["scale"] * 2 and fit.plot() is not None


def test_what_is_wrong_is_named() -> None:
    frame = data("bangert")
    for words, more in (
        ("has no moderator", {"scale": "~ 1"}),
        ("without tau2= and weights", {"scale": "~ ni100", "method": "DL"}),
        ("leave weights= out", {"scale": "~ ni100", "weights": "ni100"}),
        ("link 'sqrt' is unknown", {"scale": "~ ni100", "link": "sqrt"}),
        ("'nobody', which is not a column", {"scale": "~ nobody"}),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.regress(frame, **more)  # type: ignore[call-overload]
    with pytest.raises(ev.NotEstimable, match="too few"):
        ev.regress(frame.iloc[:3], scale="~ ni100")
    runs = frame.iloc[:8].assign(yi=[0.1, 0.9, -0.4, 0.3, 0.4, 0.35, 0.5, 0.3], vi=0.02, size=[1, 1, 1, 1, 2, 2, 2, 2])
    for link in ("log", "identity"):
        with pytest.raises(ev.NotEstimable, match=r"variance of .* is zero"):
            ev.regress(runs, scale="~ size", link=link)
    with pytest.raises(ev.NotEstimable, match="no more than by chance"):
        ev.regress(frame.assign(yi=0.3 + 1e-6 * frame["ni100"]), scale="~ ni100")
