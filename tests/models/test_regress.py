"""ev.regress by hand, at its edges, and from the user's side; see test_oracle for the numbers of metafor."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev


def trials(k=14, seed=0):
    rng = np.random.default_rng(seed)
    vi = rng.uniform(0.02, 0.3, k)
    frame = pd.DataFrame({"vi": vi, "sessions": rng.integers(4, 20, k), "style": rng.choice(list("abc"), k)})
    frame["week"] = rng.normal(8, 3, k)
    frame["yi"] = rng.normal(0.1 + 0.03 * frame["sessions"], np.sqrt(vi + 0.02))
    frame["study"] = [f"Trial {i}" for i in range(k)]
    return frame


def test_equal_effects_is_weighted_least_squares():
    from statsmodels.regression.linear_model import WLS  # slow to import for workers that do not run this

    frame = trials()
    fit = ev.regress(frame, formula="~ sessions + C(style)", method="EE", test="hksj")
    wls = WLS(frame["yi"], fit.x, weights=1 / frame["vi"]).fit()
    assert fit.coefficients["estimate"].to_numpy() == pytest.approx(wls.params.to_numpy(), rel=1e-10)
    assert fit.coefficients["se"].to_numpy() == pytest.approx(wls.bse.to_numpy(), rel=1e-10)
    assert fit.coefficients["p_value"].to_numpy() == pytest.approx(wls.pvalues.to_numpy(), rel=1e-9)
    assert fit.r2 == pytest.approx(max(0, 100 * wls.rsquared_adj), rel=1e-9)
    assert fit.qe == pytest.approx(wls.ssr, rel=1e-10)


def test_model_without_intercept_uses_effects_as_they_are():
    # where metafor 3.8 centres yi first, which changes tau2; checked against the defining equation
    frame = trials()
    frame["yi"] += np.tile([-0.6, 0.6], 7)
    fit = ev.regress(frame, formula="~ 0 + sessions", test="z")
    assert fit.tau2 > 0
    x, w = fit.x, 1 / (fit.vi + fit.tau2)
    p = np.diag(w) - w[:, None] * x @ np.linalg.solve(x.T @ (w[:, None] * x), x.T * w)
    assert fit.yi @ p @ p @ fit.yi == pytest.approx(np.trace(p), rel=1e-8)
    assert fit.r2 is None
    assert fit.qm_df == (1, np.inf)


def test_recoding_changes_no_fit():
    frame = trials()
    a = ev.regress(frame, formula="~ C(style) + sessions")
    b = ev.regress(frame, formula="~ 0 + C(style) + I(sessions / 10)")
    assert (a.tau2, a.log_likelihood, a.qe) == pytest.approx((b.tau2, b.log_likelihood, b.qe), rel=1e-8)
    assert a.predict().to_numpy() == pytest.approx(b.predict().to_numpy(), rel=1e-8)


def test_intercept_alone_is_pool():
    frame = trials()
    fit, pooled = ev.regress(frame), ev.pool(frame)
    assert fit.coefficients.loc["Intercept", "estimate"] == pytest.approx(pooled.estimate, rel=1e-10)
    assert fit.blup().to_numpy() == pytest.approx(pooled.blup().to_numpy(), rel=1e-9)
    assert fit.residuals().to_numpy() == pytest.approx(pooled.residuals().to_numpy(), rel=1e-8)


@pytest.mark.parametrize("formula", ["~ sessions * style", "~ bs(week, df=4)", "~ poly(week, 2)", "~ np.log(sessions)"])
def test_formulas(formula):
    frame = trials(30)
    fit = ev.regress(frame, formula=formula)
    again = fit.predict(frame)
    assert again.to_numpy() == pytest.approx(fit.predict().to_numpy(), rel=1e-9)
    assert fit.predict(frame.iloc[[3]]).iloc[0].to_numpy() == pytest.approx(again.iloc[3].to_numpy(), rel=1e-9)


def test_arrays_with_a_frame_of_moderators():
    frame = trials()
    a = ev.regress(frame["yi"].to_numpy(), frame["vi"].to_numpy(), "~ week", data=frame[["week"]])
    b = ev.regress(frame, formula="~ week")
    pd.testing.assert_frame_equal(a.coefficients, b.coefficients)
    assert b.slab[0] == "Trial 0"


def test_missing_moderators_are_dropped_and_counted():
    frame = trials()
    frame.loc[2, "week"] = np.nan
    frame.loc[5, "yi"] = np.nan
    frame.loc[7, "style"] = None
    fit = ev.regress(frame, formula="~ week + style")
    assert (fit.k, fit.dropped) == (11, 3)
    assert "Trial 2" not in fit.slab and "Trial 7" not in fit.slab and "Trial 3" in fit.slab
    assert fit.coefficients["estimate"].to_numpy() == pytest.approx(
        ev.regress(frame.drop(index=[2, 5, 7]), formula="~ week + style").coefficients["estimate"].to_numpy()
    )
    assert "3 left out" in fit.summary()


@pytest.mark.parametrize(
    ("change", "formula", "words"),
    [
        (lambda f: f.assign(double=2 * f["week"]), "~ week + double", "'double' is a combination of 'week'"),
        (lambda f: f.assign(sum=f["week"] + f["sessions"]), "~ week + sessions + sum", "'sum' is .*'week', 'sessions'"),
        (lambda f: f.assign(one=5.0), "~ one", "'one' is a combination of 'Intercept'"),
        (lambda f: f.assign(none=0.0), "~ none", "'none' is zero"),
        (lambda f: f.iloc[:2], "~ week + sessions", "at least as many studies"),
        (lambda f: f.iloc[:2], "~ week", 'test="z"'),
    ],
)
def test_not_estimable(change, formula, words):
    with pytest.raises(ev.NotEstimable, match=words):
        ev.regress(change(trials()), formula=formula)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f: ev.regress(f, formula="yi ~ week"), "left side"),
        (lambda f: ev.regress(f, formula="~ weeks"), "'weeks'"),
        (lambda f: ev.regress(f, formula="~ week + ("), "cannot be read"),
        (lambda f: ev.regress(f["yi"], f["vi"], "~ week"), "data="),
        (lambda f: ev.regress(f, formula="~ week", data=f), "leave out data="),
        (lambda f: ev.regress(f["yi"], f["vi"], "~ week", data=f.iloc[:3]), "3 rows for 14"),
        (lambda f: ev.regress(f.assign(vi=0.0), formula="~ week"), "vi = 0"),
        (lambda f: ev.regress(f, formula="~ style").predict(pd.DataFrame({"style": ["q"]})), "do not fit"),
        (lambda f: ev.regress(f, formula="~ week").predict(pd.DataFrame({"week": [np.nan]})), "misses"),
        (lambda f: ev.regress(f, formula="~ week").contrast({"x": {"weeks": 1}}), "not a coefficient"),
        (lambda f: ev.regress(f, formula="~ week").contrast([[1, 0, 0]]), "3 factors for 2"),
    ],
)
def test_wrong_arguments_are_refused_with_a_reason(call, words):
    with pytest.raises(ev.InvalidInput, match=words):
        call(trials())


def test_contrasts_that_follow_from_others_add_nothing_to_the_joint_test():
    frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7, 0.2], "vi": [0.1] * 6, "arm": list("aabbcc")})
    fit = ev.regress(frame, formula="~ 0 + arm", test="z")
    all_pairs = fit.contrast([[-1, 1, 0], [-1, 0, 1], [0, -1, 1]])
    two = fit.contrast([[-1, 1, 0], [-1, 0, 1]])
    assert len(all_pairs.coefficients) == 3 and all_pairs.joint.df[0] == 2
    assert all_pairs.joint.statistic == pytest.approx(two.joint.statistic, rel=1e-12)
    assert "only 2 of them are independent" in all_pairs.summary() and "only" not in two.summary()
    with pytest.raises(ev.InvalidInput, match="only factors of 0"):
        fit.contrast([[0, 0, 0]])


def test_p_values_of_a_set_of_contrasts_are_adjusted_for_their_number():
    frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 1.4, 0.7, 2.2], "vi": [0.1] * 6, "arm": list("aabbcc")})
    fit = ev.regress(frame, formula="~ 0 + arm", test="z", method="EE")
    sets = {"b": {"arm[b]": 1}, "c": {"arm[c]": 1}, "c - b": {"arm[c]": 1, "arm[b]": -1}}
    table = fit.contrast(sets, adjust="holm").coefficients
    p = np.sort(table["p_value"])
    by_hand = np.maximum.accumulate(np.minimum(p * [3, 2, 1], 1))
    assert np.sort(table["p_adjusted"]) == pytest.approx(by_hand)
    bonferroni = fit.contrast(sets, adjust="bonferroni").coefficients
    assert bonferroni["p_adjusted"].to_numpy() == pytest.approx(np.minimum(3 * table["p_value"], 1))
    assert "p_adjusted" not in fit.contrast(sets).coefficients
    with pytest.raises(ev.InvalidInput, match="adjust 'tukey' is unknown"):
        fit.contrast(sets, adjust="tukey")


def test_marginal_means_average_the_other_moderators_as_emmeans_does():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"arm": list("aabbccab"), "place": list("xyxyxyxx"), "week": [2.0, 4, 6, 8, 3, 5, 7, 9]})
    frame = frame.assign(yi=rng.normal(size=8), vi=rng.uniform(0.05, 0.2, 8))
    fit = ev.regress(frame, formula="~ arm + place + week", test="t")
    means = fit.marginal_means("arm").coefficients
    new = [{"arm": arm, "place": place, "week": frame.week.mean()} for arm in "abc" for place in "xy"]
    expected = fit.predict(pd.DataFrame(new))["estimate"].to_numpy().reshape(3, 2).mean(axis=1)
    assert means["estimate"].to_numpy() == pytest.approx(expected) and list(means.index) == list("abc")
    held = fit.marginal_means("arm", at={"place": "y", "week": 5}).coefficients.loc["b"]
    alone = fit.predict(pd.DataFrame({"arm": ["b"], "place": ["y"], "week": [5.0]})).loc[0]
    assert (held["estimate"], held["se"]) == pytest.approx((alone["estimate"], alone["se"]))
    pairs = fit.marginal_means("arm", pairs=True).coefficients
    assert pairs.loc["c - b", "estimate"] == pytest.approx(means.loc["c", "estimate"] - means.loc["b", "estimate"])
    assert pairs.loc["b - a", "se"] == pytest.approx(fit.coefficients.loc["arm[T.b]", "se"])
    assert len(fit.marginal_means().coefficients) == 1
    for wrong, words in (("dose", "no moderator"), ("week", "is a number, not a factor")):
        with pytest.raises(ev.InvalidInput, match=words):
            fit.marginal_means(wrong)


def test_report_says_the_numbers():
    fit = ev.regress(trials(), formula="~ sessions")
    assert "Mixed-effects meta-regression ~ sessions, REML (k = 14)" in fit.summary()
    assert f"F(1, 12) = {fit.qm:.2f}" in fit.sentence()
    assert "sessions" in fit._repr_html_()
    assert fit.to_frame().set_index("coefficient").equals(fit.coefficients)
    assert fit.hat().sum() == pytest.approx(2)


def test_collinear_subset_is_nan_not_noise():
    frame = trials(8).assign(arm=list("aaaaaaab"))
    table = ev.regress(frame, formula="~ arm", test="z").residuals()
    assert np.isnan(table["studentised"].iloc[7]) and np.isnan(table["standardised"].iloc[7])
    assert np.isfinite(table["studentised"].iloc[:7]).all()


def test_a_formula_in_the_place_of_variances_is_told_where_it_belongs():
    frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3], "vi": [0.02, 0.05, 0.03], "dose": [1, 2, 3]})
    with pytest.raises(ev.InvalidInput, match="formula='~ dose'"):
        ev.regress(frame, "~ dose")
