"""ev.multilevel(random=...) against metafor and printed analyses, by hand, by invariance and from the user's side."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "random_effects.json").read_text())
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in ORACLE["cases"]}
# rma.mv climbs with numerical derivatives and settles parameters to four (Berkey's trials by maximum likelihood) to
# seven digits; ours are exact, and where the two differ our likelihood is the higher one.
SETTLED = 1e-4
by_name = pytest.mark.parametrize("name", CASES)


def rows(name: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE["sets"][name]["data"])


def sampling(name: str) -> np.ndarray:
    known, frame = ORACLE["sets"][name], rows(name)
    if "V" in known:
        return np.array(known["V"])
    if "autocorrelation" not in known:
        return np.diag(frame["vi"])
    time, study = frame["time"].to_numpy(), frame["study"].to_numpy()
    correlation = known["autocorrelation"] ** (np.abs(time[:, None] - time) / known["unit"])
    return np.sqrt(np.outer(frame["vi"], frame["vi"])) * correlation * (study[:, None] == study)


def effects(case: dict[str, Any]) -> list[ev.RandomEffect]:
    found = []
    for given in case["terms"]:
        term = {name: value for name, value in given.items() if value}
        if "R" in term:
            known = ORACLE["sets"][case["set"]]["R"]
            term["R"] = pd.DataFrame(known["values"], known["names"], known["names"])
        found.append(ev.RandomEffect(**term))
    return found


def oracle_fit(name: str, **changes: Any) -> ev.MixedModel:
    case = CASES[name]
    asked = {"random": effects(case), "formula": case["formula"] or None, "method": case["method"], "robust": None}
    return ev.multilevel(rows(case["set"]), V=sampling(case["set"]), **(asked | changes))


@by_name
def test_estimates_agree_with_rma_mv(name: str) -> None:
    case, fit = CASES[name], oracle_fit(name)
    assert fit.log_likelihood >= case["fit"][0] - 1e-11 * abs(case["fit"][0])
    np.testing.assert_allclose((fit.log_likelihood, fit.aic, fit.bic, fit.aicc), case["fit"], rtol=1e-7, atol=1e-6)
    for ours, theirs in (("estimate", "beta"), ("se", "se"), ("p_value", "p")):
        np.testing.assert_allclose(fit.coefficients[ours], np.atleast_1d(case[theirs]), rtol=SETTLED, atol=2e-6)
    np.testing.assert_array_equal(fit.coefficients["df"], np.atleast_1d(case["ddf"]))
    single = fit.components[~fit.components["effect"].str.contains("within") | ("schools" in name)]
    expected = [case["tau2"], case["rho"]] if name == "schools CS" or len(single) == 0 else [case["sigma2"]]
    if name == "two structures":
        expected = [case["sigma2"], case["tau2"]]
    free = np.concatenate(expected)[: len(fit.components)]
    np.testing.assert_allclose(fit.components["estimate"], free, rtol=SETTLED, atol=2e-5)
    assert fit.q == pytest.approx(case["q"], rel=1e-9)
    left = fit.residuals()
    np.testing.assert_allclose(left["residual"], case["residual"], atol=SETTLED * np.std(case["residual"]))
    np.testing.assert_allclose(left["se"], case["residual_se"], rtol=SETTLED)
    np.testing.assert_allclose(fit.hat(), case["hat"], rtol=SETTLED, atol=1e-6)


def test_printed_analyses() -> None:
    """Berkey et al. (1998), table II as metadat's help page prints it; Ishak et al. (2007), table 3."""
    berkey = oracle_fit("berkey UN year").components["estimate"]
    assert berkey.round(4).tolist() == [0.0250, 0.0080, 0.6587]
    ishak = oracle_fit("ishak HAR").components["estimate"]
    assert ishak.round(2).tolist() == [22.73, 33.73, 26.14, 31.18, 0.88]
    schools = oracle_fit("schools CS").components["estimate"]
    assert schools.round(3).tolist() == [0.098, 0.665]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "profile" in case])
def test_profile_intervals_agree_with_confint(name: str) -> None:
    found = oracle_fit(name).profile()
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], CASES[name]["profile"], rtol=1e-4, atol=2e-4)


def test_a_profile_bound_lies_where_the_likelihood_has_dropped() -> None:
    """rma.mv's upper bound of this correlation is 0.895, where its search stopped: there it has hardly dropped."""
    fit = oracle_fit("ishak HAR")
    for rho, drop in ((0.9484027, 3.841459 / 2), (0.8948378, 0.032)):
        held = oracle_fit("ishak HAR", random=[ev.RandomEffect("time", "study", "HAR", rho=rho)])
        assert fit.log_likelihood - held.log_likelihood == pytest.approx(drop, abs=1e-3)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "deleted" in case])
def test_influence_agrees_with_rma_mv(name: str) -> None:
    """Deleted fits of four of Berkey's five trials are flat: rma.mv finds their maxima to four digits."""
    expected, fit = CASES[name]["deleted"], oracle_fit(name)
    found = ev.influence(fit, cluster=expected["cluster"])
    table = found.diagnostics.loc[expected["names"]]
    np.testing.assert_allclose(table["cooks_distance"], expected["cook"], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(table["chi2_deleted"], expected["chi2"], rtol=1e-3)
    shape = (len(table), -1)
    theirs = np.array(expected["dfbetas"], dtype=float).reshape(shape)
    np.testing.assert_allclose(found.dfbetas.loc[expected["names"]], theirs, rtol=1e-3, atol=2e-4)
    if name == "schools CS":
        alone = ev.influence(fit, cluster="row").diagnostics["rstudent"]
        np.testing.assert_allclose(alone, expected["rstudent"], rtol=1e-5)


def test_nested_terms_are_the_levels_of_old() -> None:
    frame = rows("schools")
    old = ev.multilevel(frame, levels=("district", "school"), rho=0.3, robust="CR2")
    terms = [ev.RandomEffect("district"), ev.RandomEffect("school", within="district")]
    new = ev.multilevel(frame, random=terms, rho=0.3)
    pd.testing.assert_frame_equal(new.coefficients, old.coefficients, rtol=1e-7)
    np.testing.assert_allclose(new.components["estimate"], list(old.sigma2.values()), rtol=1e-6)
    np.testing.assert_allclose(new.i2_shares["share"], list(old.i2_levels.values())[:2], rtol=1e-6)
    np.testing.assert_allclose(new.prediction_interval, old.prediction_interval, rtol=1e-6)
    np.testing.assert_allclose(new.weights, old.weights, rtol=1e-6)
    pd.testing.assert_frame_equal(new.residuals(), old.residuals(), rtol=1e-6)
    ours, theirs = new.blup(), old.blup()
    np.testing.assert_allclose(ours.loc["district"], theirs.loc["district"], rtol=1e-5, atol=1e-6)
    ours, theirs = ev.leave_one_out(new), ev.leave_one_out(old)
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], rtol=1e-6)
    np.testing.assert_allclose(ours["tau2_district"], theirs["sigma2_district"], rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("name", ["berkey UN", "species"])
def test_predicted_effects_are_the_regression_on_all_rows(name: str) -> None:
    """u = T Z'P y by dense matrices of all rows and effects."""
    case, fit = CASES[name], oracle_fit(name)
    frame, v = rows(case["set"]), sampling(case["set"])
    x = pd.get_dummies(frame["outcome"]).to_numpy(float) if name == "berkey UN" else np.ones((len(frame), 1))
    if name == "berkey UN":
        label, first = frame["trial"].astype(str) + frame["outcome"], "outcome within trial"
        z = pd.get_dummies(label)
        table = fit.covariances[first].to_numpy()
        t = np.kron(np.eye(5), table)  # by trial, AL before PD
        m = v + z.to_numpy(float) @ t @ z.to_numpy(float).T
    else:
        z, first = pd.get_dummies(frame["phylo"]), "phylo"
        t = fit.covariances[first].loc[z.columns, z.columns].to_numpy()
        study = (frame["study"].to_numpy()[:, None] == frame["study"].to_numpy()) * fit.components["estimate"].iloc[0]
        m = v + study + z.to_numpy(float) @ t @ z.to_numpy(float).T
    w = np.linalg.inv(m)
    p = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    zt = z.to_numpy(float) @ t
    found = fit.blup().loc[first]
    np.testing.assert_allclose(found["estimate"], zt.T @ p @ frame["yi"], atol=1e-7)
    np.testing.assert_allclose(found["se"], np.sqrt(np.diag(t - zt.T @ p @ zt)), atol=1e-7)


def test_units_and_order_of_the_rows_do_not_matter() -> None:
    frame, v = rows("berkey"), sampling("berkey")
    whole = oracle_fit("berkey UN")
    turned = np.random.default_rng(0).permutation(len(frame))
    other = frame.iloc[turned].assign(yi=lambda d: 100 * d["yi"] + 7, vi=lambda d: 1e4 * d["vi"])
    case = CASES["berkey UN"]
    again = ev.multilevel(
        other, random=effects(case), V=1e4 * v[np.ix_(turned, turned)], formula=case["formula"], robust=None
    )
    np.testing.assert_allclose(again.coefficients["estimate"], 100 * whole.coefficients["estimate"] + 7, rtol=1e-6)
    np.testing.assert_allclose(again.components["estimate"], whole.components["estimate"] * [1e4, 1e4, 1], rtol=1e-5)


def test_known_correlations_of_none_are_no_correlations() -> None:
    frame = rows("species")
    names = sorted(set(frame["phylo"]))
    identity = pd.DataFrame(3 * np.eye(len(names)), names, names)  # a covariance, too, is read as correlations
    known = ev.multilevel(frame, random=[ev.RandomEffect("phylo", R=identity)], rho=0)
    plain = ev.multilevel(frame, random=[ev.RandomEffect("phylo")], rho=0)
    pd.testing.assert_frame_equal(known.coefficients, plain.coefficients, rtol=1e-7)


def test_shares_of_heterogeneity_of_two_outcomes() -> None:
    """By the formula of metafor's site: tau2 / (tau2 + (k - 1) / sum P) of the rows of an outcome."""
    fit, frame, v = oracle_fit("berkey UN"), rows("berkey"), sampling("berkey")
    x = pd.get_dummies(frame["outcome"]).to_numpy(float)
    w = np.linalg.inv(v)
    p = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    here = (frame["outcome"] == "AL").to_numpy()
    tau2 = fit.covariances["outcome within trial"].loc["AL", "AL"]
    expected = 100 * tau2 / (tau2 + (here.sum() - 1) / np.diag(p)[here].sum())
    assert fit.i2_shares.set_index("of").loc["AL", "share"] == pytest.approx(expected, rel=1e-10)


def test_predictions_of_new_rows_follow_their_outcome() -> None:
    fit = oracle_fit("berkey UN")
    found = fit.predict(pd.DataFrame({"outcome": ["PD", "AL"]}))
    pd.testing.assert_frame_equal(found.reset_index(drop=True), fit.predict().iloc[:2].reset_index(drop=True))
    wide = found["pi_high"] - found["estimate"]
    tau2 = np.diag(fit.covariances["outcome within trial"])[::-1]
    half = (found["ci_high"] - found["estimate"]) / found["se"]
    np.testing.assert_allclose(wide, half * np.sqrt(found["se"] ** 2 + tau2))
    with pytest.raises(ev.InvalidInput, match="'time' is '9' in new; the fit knows"):
        oracle_fit("ishak HAR", formula=None).predict(pd.DataFrame({"time": [9]}))
    with pytest.raises(ev.InvalidInput, match="new needs this column"):
        oracle_fit("ishak HAR", formula=None).predict(pd.DataFrame({"week": [9]}))


def test_what_lies_at_the_edge_is_said() -> None:
    assert oracle_fit("schools and years").edge == ("tau2 (year) is zero",)
    assert "at the edge: tau2 (year) is zero" in oracle_fit("schools and years").summary()
    assert oracle_fit("berkey UN").edge == ()
    assert "singular" in oracle_fit("ishak UN").edge[0]


ONE = pd.DataFrame([[1.0]], ["AL"], ["AL"])
CROSSED = [ev.RandomEffect("trial"), ev.RandomEffect("outcome")]
WRONG: list[tuple[str, str, Any]] = [
    ("needs within", "InvalidInput", lambda: ev.RandomEffect("outcome", structure="UN")),
    ("structure 'XX' is unknown", "InvalidInput", lambda: ev.RandomEffect("outcome", "trial", "XX")),
    ("from -1 to 1", "InvalidInput", lambda: ev.RandomEffect("outcome", "trial", "UN", rho=1.5)),
    ("a variance is a number", "InvalidInput", lambda: ev.RandomEffect("trial", tau2=-1)),
    ("give a list", "InvalidInput", lambda: asked("trial")),
    ("takes the place of levels", "InvalidInput", lambda: asked([ev.RandomEffect("trial")], levels=("trial",))),
    ("twice", "InvalidInput", lambda: asked([ev.RandomEffect("trial")] * 2)),
    ("'xx' is not a column", "InvalidInput", lambda: asked([ev.RandomEffect("xx")])),
    ("has no 'XX'", "InvalidInput", lambda: asked([ev.RandomEffect("outcome", "trial", "UN", tau2={"XX": 1})])),
    ("has no pair", "InvalidInput", lambda: asked([ev.RandomEffect("outcome", "trial", "UN", rho={("A", "B"): 0})])),
    ("value is not a number", "InvalidInput", lambda: asked([ev.RandomEffect("outcome", "trial", "CAR")])),
    ("needs one row", "InvalidInput", lambda: asked([ev.RandomEffect("outcome", R=ONE)])),
    ("apart", "NotEstimable", lambda: asked([ev.RandomEffect("trial"), ev.RandomEffect("author")])),
    ("a single group", "NotEstimable", lambda: asked([ev.RandomEffect("one")])),
    ("both 'a' and 'b'", "NotEstimable", lambda: asked([ev.RandomEffect("half", "trial", "UN")])),
    ("tie all rows", "NotEstimable", lambda: asked(CROSSED, robust="CR2")),
]  # fmt: skip


def asked(random: Any, **more: Any) -> ev.MixedModel:
    frame = rows("berkey").assign(one=1)
    frame["half"] = np.where(frame["trial"] < 3, "a", "b")
    return ev.multilevel(frame, random=random, **({"V": sampling("berkey"), "robust": None} | more))


@pytest.mark.parametrize(("words", "kind", "ask"), WRONG, ids=[words for words, _, _ in WRONG])
def test_what_is_wrong_is_named(words: str, kind: str, ask: Any) -> None:
    with pytest.raises(getattr(ev, kind), match=re.escape(words)):
        ask()


def test_a_user_reads_both_outcomes() -> None:
    fit = oracle_fit("berkey UN")
    assert "outcome[AL] is −0.34" in fit.sentence() and "outcome[PD] is 0.35" in fit.sentence()
    assert fit.to_frame()["coefficient"].tolist() == ["outcome[AL]", "outcome[PD]"]
    assert fit.plot().get_figure() is not None
    with pytest.warns(ev.SmallSample, match="3.8 degrees of freedom"):
        robust = ev.robust(fit, cluster="trial")
    assert robust.clusters == 5 and robust.wald().df1 == 2
