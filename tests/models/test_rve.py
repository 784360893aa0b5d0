"""ev.rve and ev.wild_bootstrap against robumeta and clubSandwich, by brute force and from the user's side."""

from __future__ import annotations

import itertools
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "rve.json").read_text())


def data(name: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE["data"][name]).rename(columns={"studyid": "study"})


def fitted(case: dict[str, Any], **changes: Any) -> ev.Rve:
    asked = {"weights": case["weights"], "formula": case["formula"], "rho": case["rho"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        return ev.rve(data(case["data"]), **(asked | changes))


@pytest.mark.parametrize(
    "case", ORACLE["cases"], ids=lambda case: f"{case['data']} {case['weights']} {case['formula']}"
)
def test_agrees_with_robumeta(case: dict[str, Any]) -> None:
    fit = fitted(case)
    assert fit.tau2 == pytest.approx(case["tau2"], rel=1e-9)
    if case["weights"] == "HIER":
        assert fit.omega2 == pytest.approx(case["omega2"], rel=1e-9)
    for ours, theirs in (("estimate", "beta"), ("se", "se"), ("df", "df"), ("p_value", "p")):
        np.testing.assert_allclose(fit.coefficients[ours], np.atleast_1d(case[theirs]), rtol=1e-8)


def test_contrasts_are_tested_together_as_by_clubsandwich() -> None:
    """The third combination follows from the first two, and is counted once."""
    for case in ORACLE["cases"]:
        if "htz" not in case:
            continue
        fit = fitted(case)
        first, second = fit.coefficients.index[1:3]
        asked = {"difference": {first: 1, second: -1}, second: {second: 1}, "sum": {first: 1, second: 1}}
        found = fit.wald(asked)
        assert found.coefficients == ("difference", second, "sum") and found.df1 == case["htz"]["df1"]
        values = (found.statistic, found.df2, found.p_value)
        assert values == pytest.approx((case["htz"]["F"], case["htz"]["df2"], case["htz"]["p"]), rel=1e-8)
        both = np.zeros((2, len(fit.coefficients)))
        both[[0, 1], [1, 2]] = 1
        assert fit.wald(both).statistic == pytest.approx(fit.wald([first, second]).statistic)


def test_other_kinds_and_clusters_come_from_robust() -> None:
    fit = fitted(ORACLE["cases"][0])
    again = ev.robust(fit)
    pd.testing.assert_frame_equal(again.coefficients, fit.coefficients)
    assert "correlated effects" in fit.summary() and "clusters" in fit.sentence()
    assert fit.weights.sum() == pytest.approx(100) and fit.plot() is not None
    assert fit.ci == tuple(fit.coefficients[["ci_low", "ci_high"]].iloc[0])
    with pytest.raises(ev.InvalidInput, match="rows of a Rve fit depend on each other"):
        ev.pool(fit)
    moderated = fitted(ORACLE["cases"][1])
    assert moderated.qm == moderated.wald().statistic and moderated.plot() is not None
    inner = moderated.predict(data("corrdat").iloc[:2])
    pd.testing.assert_frame_equal(inner, moderated.predict().iloc[:2])
    with pytest.raises(ev.NotEstimable, match="several coefficients"):
        print(moderated.estimate)
    assert ev.robust(fit, kind="CR0").coefficients["se"].iloc[0] < fit.coefficients["se"].iloc[0]


def test_equal_clusters_of_one_row_are_a_regression() -> None:
    """CORR with one row a cluster: tau2 is DerSimonian-Laird's."""
    frame = pd.DataFrame({"study": list("ABCDEFGH"), "yi": [0.1, 0.5, 0.3, 0.9, -0.1, 0.2, 0.7, 0.4], "vi": 0.05})
    frame["vi"] += np.linspace(0, 0.05, 8)
    assert ev.rve(frame).tau2 == pytest.approx(ev.pool(frame, method="DL").tau2, rel=1e-10)
    with pytest.raises(ev.NotEstimable, match="one row"):
        ev.rve(frame, weights="HIER")


SMALL = pd.DataFrame(
    {
        "study": list("AAABBCCDDDEEFF"),
        "x": [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0],
        "z": [0.1, 0.5, 0.2, 0.9, 0.4, 0.3, 0.8, 0.6, 0.1, 0.7, 0.2, 0.5, 0.3, 0.9],
        "yi": [0.5, 0.3, 0.6, 0.1, 0.3, 0.7, 0.4, -0.2, 0.1, 0.0, 0.6, 0.8, 0.2, 0.3],
        "vi": [0.04, 0.05, 0.03, 0.06, 0.05, 0.04, 0.02, 0.05, 0.04, 0.06, 0.03, 0.04, 0.05, 0.05],
    }
)


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
@pytest.mark.parametrize("names", [["x"], ["x", "z"]])
def test_the_wild_bootstrap_is_what_refitting_every_sample_gives(names: list[str], kind: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        fit = ev.rve(SMALL, formula="~ x + z")
    found = ev.wild_bootstrap(fit, names, kind=kind)
    assert found.exact and found.iterations == 64
    model = fit.working_model()
    w, x, y = model.weights.toarray(), model.x, fit.yi
    at = [fit.coefficients.index.get_loc(name) for name in names]
    free = [j for j in range(3) if j not in at]
    solve = np.linalg.inv(x.T @ w @ x) @ x.T @ w
    kept = x[:, free]
    null = kept @ np.linalg.solve(kept.T @ w @ kept, kept.T @ w @ y)
    codes = pd.factorize(SMALL["study"])[0]

    def wald(sample: np.ndarray) -> float:
        from dataclasses import replace

        from evidence.models.dependence.robust import robust_of

        beta = solve @ sample
        covariance = robust_of(replace(model, beta=beta, residual=sample - x @ beta), None, kind).covariance.to_numpy()
        part = beta[at]
        return float(part @ np.linalg.solve(covariance[np.ix_(at, at)], part))

    whole = wald(y)
    signs = itertools.product([-1, 1], repeat=6)
    larger = np.mean([wald(null + np.array(sign)[codes] * (y - null)) >= whole * (1 - 1e-9) for sign in signs])
    row = found.tests.loc["together" if len(names) > 1 else names[0]]
    assert row["statistic"] == pytest.approx(whole / len(names), rel=1e-10)
    assert row["p_value"] == pytest.approx(larger, abs=1e-12)


def test_wild_bootstrap_samples_follow_their_seed() -> None:
    fit = fitted(ORACLE["cases"][1])
    one, two = (ev.wild_bootstrap(fit, seed=seed, iterations=499) for seed in (1, 2))
    again = ev.wild_bootstrap(fit, seed=1, iterations=499)
    pd.testing.assert_frame_equal(one.tests, again.tests)
    assert not one.exact and (one.tests["p_value"] != two.tests["p_value"]).any()
    assert one.tests.index.tolist() == [*fit.coefficients.index, "together"]
    near = ev.wild_bootstrap(fit, iterations=1999, multiplier="webb").tests["p_value"]
    np.testing.assert_allclose(near[:-1], fit.coefficients["p_value"], atol=0.08)
    assert one.to_frame()["tested"].tolist()[-1] == "together" and "samples" in one.sentence()
    mixed = ev.wild_bootstrap(ev.multilevel(SMALL, robust=None), iterations=64)
    assert mixed.exact and mixed.clusters == 6
    pooled = ev.wild_bootstrap(ev.pool(SMALL), cluster="study", iterations=99)
    assert pooled.clusters == 6 and 0 < pooled.tests["p_value"].iloc[0] < 0.1


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(ev.InvalidInput, match="weights 'XX' is unknown"):
        ev.rve(SMALL, weights="XX")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="weights need it above zero"):
        ev.rve(SMALL.assign(vi=0.0))
    with pytest.raises(ev.InvalidInput, match="cluster: 'lab' is not a column"):
        ev.rve(SMALL, cluster="lab")
    with pytest.raises(ev.InvalidInput, match="takes a fit of rve"):
        ev.wild_bootstrap(SMALL)  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="no coefficient 'w'"):
        ev.wild_bootstrap(ev.rve(SMALL), ["w"])
