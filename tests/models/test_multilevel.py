"""ev.multilevel against metafor and clubSandwich, by hand, by invariance and from the user's side."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_array
from scipy.stats import multivariate_normal

import evidence as ev

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "oracle" / "multilevel.json").read_text())
by_name = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
# rma.mv climbs in log(sigma2) with numerical derivatives: it settles large variances to about seven digits, one near
# zero ("random 3": 0.2% of the total) to three, and one at zero to 1e-9. Ours are exact; where the two differ our
# likelihood is the higher one, which test_no_likelihood_is_higher asserts.
SETTLED = 2e-5


def oracle_fit(case: dict[str, Any], **changes: Any) -> ev.Multilevel:
    asked = {"levels": tuple(np.atleast_1d(case["levels"])), "rho": case["rho"] or 0.0, "formula": case["formula"]}
    return ev.multilevel(pd.DataFrame(case["data"]), **(asked | {"method": case["method"], "robust": None} | changes))


def trials(seed: int = 1, count: int = 12, k: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    study = np.append(np.arange(count), rng.integers(0, count, k - count))
    yi = 0.3 + rng.normal(0, 0.4, count)[study] + rng.normal(0, 0.3, k)
    return pd.DataFrame({"study": study, "yi": yi, "vi": rng.uniform(0.02, 0.2, k), "week": rng.integers(1, 30, k)})


@by_name
def test_estimates_agree_with_rma_mv(case: dict[str, Any]) -> None:
    fit = oracle_fit(case)
    for ours, theirs in (("estimate", "beta"), ("se", "se"), ("statistic", "statistic"), ("p_value", "p")):
        np.testing.assert_allclose(fit.coefficients[ours], np.atleast_1d(case[theirs]), rtol=SETTLED, atol=1e-50)
    for ours in ("ci_low", "ci_high"):
        np.testing.assert_allclose(fit.coefficients[ours], np.atleast_1d(case[ours]), rtol=SETTLED, atol=1e-8)
    np.testing.assert_array_equal(fit.coefficients["df"], np.atleast_1d(case["ddf"]))
    np.testing.assert_allclose(list(fit.sigma2.values()), np.atleast_1d(case["sigma2"]), rtol=SETTLED, atol=1e-6)
    np.testing.assert_allclose((fit.log_likelihood, fit.aic, fit.bic, fit.aicc), case["fit"], rtol=1e-9)


@by_name
def test_no_likelihood_is_higher(case: dict[str, Any]) -> None:
    assert oracle_fit(case).log_likelihood >= case["fit"][0] - 1e-11 * abs(case["fit"][0])


@by_name
def test_heterogeneity_agrees_with_rma_mv(case: dict[str, Any]) -> None:
    fit = oracle_fit(case)
    assert fit.q == pytest.approx(case["q"], rel=1e-10)
    assert fit.q_p == pytest.approx(case["q_p"], rel=1e-6)
    shares = fit.i2_levels
    total = shares.pop("total")
    np.testing.assert_allclose(list(shares.values()), np.atleast_1d(case["i2"]), rtol=SETTLED, atol=5e-4)
    assert total == pytest.approx(sum(shares.values()))
    for name, expected in zip(fit.sigma2, case["without"], strict=True):
        test = fit.likelihood_ratio(name)
        assert test.statistic == pytest.approx(expected["statistic"], abs=1e-7)
        assert test.p_value == pytest.approx(expected["p"], rel=1e-6)
        assert test.p_mixture == pytest.approx(expected["p"] / 2 if fit.sigma2[name] else 1, rel=1e-6)


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
@by_name
def test_robust_tests_agree_with_clubsandwich(case: dict[str, Any], kind: Any) -> None:
    expected = case["robust"][kind]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)  # Assink's "covert" occurs in one study
        fit = oracle_fit(case, robust=kind)
    np.testing.assert_allclose(fit.coefficients["se"], np.atleast_1d(expected["se"]), rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["df"], np.atleast_1d(expected["df"]), rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["p_value"], np.atleast_1d(expected["p"]), rtol=1e-5, atol=1e-50)
    if "htz" in expected:
        found = (fit.qm, *fit.qm_df, fit.qm_p)
        np.testing.assert_allclose(found, list(expected["htz"].values()), rtol=1e-5)


@by_name
def test_moderators_and_predictions_agree_with_rma_mv(case: dict[str, Any]) -> None:
    fit = oracle_fit(case)
    if case["qm"] is not None:
        found = (fit.qm, *fit.qm_df, fit.qm_p)
        np.testing.assert_allclose(found, [case["qm"]["F"], *case["qm"]["df"], case["qm"]["p"]], rtol=SETTLED)
    if "predict" in case:
        np.testing.assert_allclose(fit.prediction_interval, case["predict"], rtol=SETTLED)
    for name, expected in zip(fit.sigma2, case.get("ranef", []), strict=bool(case.get("ranef"))):
        effects = fit.blup().loc[name]
        groups = [group for group in map(str, expected["group"])]
        if name == "row":  # R counts rows from 1
            groups = [f"{path}/{int(row) - 1}" for path, row in (group.split("/") for group in groups)]
        effects = effects.loc[groups]
        for ours, theirs in (("estimate", "estimate"), ("se", "se"), ("pi_low", "low"), ("pi_high", "high")):
            np.testing.assert_allclose(effects[ours], expected[theirs], rtol=SETTLED, atol=1e-4)


@pytest.mark.parametrize("case", [case for case in CASES if "profile" in case], ids=lambda case: case["name"])
def test_profile_intervals_agree_with_confint(case: dict[str, Any]) -> None:
    """metafor's root search stops within 1e-4 of each bound."""
    found = oracle_fit(case).profile()
    expected = list(case["profile"].values()) if isinstance(case["profile"], dict) else case["profile"]
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], expected, rtol=1e-2, atol=1e-4)
    np.testing.assert_allclose(found["sigma_ci_high"] ** 2, found["ci_high"])


def test_profile_bounds_lie_where_the_likelihood_has_dropped() -> None:
    """By brute force: the best log-likelihood with the study variance held at the bound is 1.92 lower."""
    frame = trials()
    fit = ev.multilevel(frame, rho=0, robust=None)
    bounds = fit.profile().loc["study"]
    same = frame["study"].to_numpy()[:, None] == frame["study"].to_numpy()[None, :]

    def likelihood(study: float, row: float) -> float:
        m = np.diag(frame["vi"] + row) + study * same
        w = np.linalg.inv(m)
        mu = (w @ frame["yi"]).sum() / w.sum()
        full = multivariate_normal.logpdf(frame["yi"], np.full(40, mu), m)
        return float(full + 0.5 * (np.log(2 * np.pi) + np.log(40) - np.log(w.sum())))

    top = likelihood(**fit.sigma2)
    assert top == pytest.approx(fit.log_likelihood, abs=1e-10)
    for bound in (bounds["ci_low"], bounds["ci_high"]):
        best = -minimize_scalar(lambda row, s=bound: -likelihood(s, row), bounds=(0, 0.5), options={"xatol": 1e-9}).fun
        assert top - best == pytest.approx(3.841459 / 2, abs=1e-4)


def test_balanced_trials_give_the_analysis_of_variance() -> None:
    """n rows a trial of equal variance: sigma2_row = MSW - v, sigma2_study = (MSB - MSW) / n, mean of trial means."""
    rng = np.random.default_rng(5)
    j, n, v = 9, 4, 0.05
    yi = rng.normal(0, 1, j)[:, None] + rng.normal(0, 0.8, (j, n))
    frame = pd.DataFrame({"study": np.repeat(np.arange(j), n), "yi": yi.ravel(), "vi": v})
    within, between = yi.var(axis=1, ddof=1).mean(), n * yi.mean(axis=1).var(ddof=1)
    fit = ev.multilevel(frame, rho=0)
    assert fit.sigma2["row"] == pytest.approx(within - v, rel=1e-9)
    assert fit.sigma2["study"] == pytest.approx((between - within) / n, rel=1e-9)
    assert fit.estimate == pytest.approx(yi.mean(), rel=1e-12)
    assert fit.se == pytest.approx(np.sqrt(between / (j * n)), rel=1e-9)
    assert fit.df == pytest.approx(j - 1)


def test_one_level_is_the_random_effects_model() -> None:
    frame = trials()
    fit = ev.multilevel(frame, levels=("row",), robust=None)
    pooled = ev.pool(frame["yi"], frame["vi"], test="t")
    assert fit.sigma2["row"] == pytest.approx(pooled.tau2, rel=1e-8)
    for name in ("estimate", "se", "df", "p_value", "log_likelihood", "q", "aicc"):
        assert getattr(fit, name) == pytest.approx(getattr(pooled, name), rel=1e-8), name
    assert fit.i2_levels["total"] == pytest.approx(pooled.i2, rel=1e-8)
    np.testing.assert_allclose(fit.blup()["estimate"] + fit.estimate, pooled.blup()["estimate"], rtol=1e-7)


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(-5, 5), st.floats(0.01, 100))
def test_shift_scale_and_order(seed: int, shift: float, scale: float) -> None:
    frame = trials(seed)
    base = ev.multilevel(frame, formula="~ week", robust="CR1")
    moved = frame.assign(yi=shift + scale * frame["yi"], vi=scale**2 * frame["vi"])
    moved = moved.sample(frac=1, random_state=seed % 1000)
    other = ev.multilevel(moved, formula="~ week", robust="CR1")
    assert other.coefficients.loc["week", "estimate"] == pytest.approx(
        scale * base.coefficients.loc["week", "estimate"], rel=1e-5, abs=1e-9 * scale
    )
    assert other.coefficients.loc["Intercept", "estimate"] - shift == pytest.approx(
        scale * base.coefficients.loc["Intercept", "estimate"], rel=1e-5, abs=1e-7 * (scale + abs(shift))
    )
    for name, value in base.sigma2.items():
        assert other.sigma2[name] == pytest.approx(scale**2 * value, rel=1e-4, abs=1e-7 * scale**2)


def test_a_given_v_is_the_built_one_in_every_form() -> None:
    frame = trials()
    built = ev.multilevel(frame, rho=0.5)
    v = ev.sampling_covariance(frame, rho=0.5)
    for given_v in (v, v.toarray(), csr_array(v.toarray()), pd.DataFrame(v.toarray())):
        fit = ev.multilevel(frame, V=given_v)
        assert fit.estimate == pytest.approx(built.estimate, rel=1e-12)
        assert fit.se == pytest.approx(built.se, rel=1e-12)
    variances = ev.multilevel(frame.drop(columns="vi"), V=frame["vi"])
    assert variances.estimate == pytest.approx(ev.multilevel(frame, rho=0).estimate, rel=1e-8)


def test_covariance_between_trials_joins_their_blocks() -> None:
    """Two trials with a shared comparator: the same likelihood as the k x k normal density."""
    frame = trials()
    v = np.diag(frame["vi"])
    v[0, 1] = v[1, 0] = 0.01
    fit = ev.multilevel(frame, V=v, method="ML", robust=None)
    same = frame["study"].to_numpy()[:, None] == frame["study"].to_numpy()[None, :]
    m = v + fit.sigma2["study"] * same + fit.sigma2["row"] * np.eye(40)
    expected = multivariate_normal.logpdf(frame["yi"], np.full(40, fit.estimate), m)
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ev.InvalidInput, match="depend on each other"):
        fit.robust("study")
    assert fit.robust().clusters == 11


def test_rows_with_missing_values_are_left_out_and_counted() -> None:
    frame = trials()
    holes = frame.copy()
    holes.loc[3, "yi"], holes.loc[20, "vi"], holes.loc[31, "week"] = np.nan, np.nan, np.nan
    fit = ev.multilevel(holes, formula="~ week")
    whole = ev.multilevel(frame.drop(index=[3, 20, 31]), formula="~ week")
    pd.testing.assert_frame_equal(fit.coefficients, whole.coefficients)
    assert (fit.dropped, fit.k) == (3, 37)
    whole_v = ev.sampling_covariance(frame)
    given_v = ev.multilevel(holes.drop(columns="vi"), formula="~ week", V=whole_v)
    dropped = ev.multilevel(frame.drop(index=[3, 31]), formula="~ week")
    np.testing.assert_allclose(given_v.coefficients, dropped.coefficients, rtol=1e-8)


def test_predictions_for_new_rows() -> None:
    frame = trials().assign(style=lambda d: np.where(d["week"] % 2, "manual", "electro"))
    for robust in ("CR2", None):
        fit = ev.multilevel(frame, formula="~ week + style", robust=robust)
        new = pd.DataFrame({"week": [0], "style": ["electro"]})
        row = fit.predict(new).iloc[0]
        intercept = fit.coefficients.loc["Intercept"]
        assert row["estimate"] == pytest.approx(intercept["estimate"])
        assert row["se"] == pytest.approx(intercept["se"])
        assert row["ci_low"] == pytest.approx(intercept["ci_low"])
        assert row["pi_high"] - row["estimate"] > np.sqrt(fit.tau2)
        assert len(fit.predict()) == 40
        with pytest.raises(ev.InvalidInput, match="do not fit the formula"):
            fit.predict(pd.DataFrame({"week": [0], "style": ["laser"]}))


def test_variance_at_zero_is_reported_as_zero() -> None:
    frame = pd.DataFrame({"study": list("AABBCCDDEE"), "yi": [0.1, 0.3] * 5, "vi": 0.04})
    fit = ev.multilevel(frame, rho=0, robust=None)
    assert fit.sigma2 == {"study": 0.0, "row": 0.0}
    assert fit.i2_levels["total"] == 0
    assert fit.profile().loc["study", "ci_low"] == 0
    assert fit.likelihood_ratio("study").p_mixture == 1
    assert (fit.blup()["estimate"] == 0).all()


def test_what_cannot_be_fitted_is_refused_with_the_reason() -> None:
    frame = trials()
    with pytest.raises(ev.NotEstimable, match="'study' and 'row' make the same 12 groups"):
        ev.multilevel(frame.iloc[:12])
    with pytest.raises(ev.NotEstimable, match="single group"):
        ev.multilevel(frame.assign(study=1))
    with pytest.raises(ev.InvalidInput, match="'centre' is not a column"):
        ev.multilevel(frame, levels=("centre", "study"))
    with pytest.raises(ev.InvalidInput, match="once, outermost first"):
        ev.multilevel(frame, levels=("study", "study"))
    with pytest.raises(ev.InvalidInput, match="no column yi"):
        ev.multilevel(frame.drop(columns="yi"))
    with pytest.raises(ev.InvalidInput, match=r"shape \(3, 3\) for 40 rows"):
        ev.multilevel(frame, V=np.eye(3))
    with pytest.raises(ev.InvalidInput, match="not symmetric"):
        ev.multilevel(frame, V=np.diag(frame["vi"]) + np.eye(40, k=1) * 0.01)
    with pytest.raises(ev.InvalidInput, match="names 'sessions', which is not a column"):
        ev.multilevel(frame, formula="~ sessions")
    with pytest.raises(ev.NotEstimable, match="a combination of 'week'"):
        ev.multilevel(frame, formula="~ week + I(2 * week)")
    with pytest.raises(ev.NotEstimable, match="several coefficients"):
        _ = ev.multilevel(frame, formula="~ week").estimate
    with pytest.raises(ev.NotEstimable, match="no moderators"):
        _ = ev.multilevel(frame).qm
    with pytest.raises(ev.InvalidInput, match="no level 'centre'"):
        ev.multilevel(frame).likelihood_ratio("centre")
    with pytest.raises(ev.InvalidInput, match='"REML" or "ML"'):
        ev.multilevel(frame, method="DL")  # type: ignore[arg-type]


def test_what_a_reader_sees() -> None:
    fit = ev.multilevel(trials())
    text = fit.summary()
    for part in ("k = 40", "study: 12 groups", "row: 40 groups", "I²", "CR2 standard errors", "prediction interval"):
        assert part in text
    assert fit.sentence().startswith("Across 40 effect sizes from 12 groups of 'study', the average effect is 0.")
    assert "<table" in fit._repr_html_() and repr(fit) == text
    assert fit.to_frame().set_index("coefficient").equals(fit.coefficients)
    with_moderator = ev.multilevel(trials(), formula="~ week", robust=None, test="z")
    assert "all moderators: χ²(1)" in with_moderator.summary()
    assert "coefficient Intercept" in with_moderator.sentence()


def test_a_singular_v_still_fits_but_has_no_q() -> None:
    """Perfectly correlated rows: the random effects make the model whole, Q and I2 do not exist."""
    frame = trials()
    fit = ev.multilevel(frame, rho=1)
    assert np.isfinite(fit.se)
    with pytest.raises(ev.NotEstimable, match="perfect correlations"):
        _ = fit.i2_levels
    assert "perfect correlations" in fit.summary()
