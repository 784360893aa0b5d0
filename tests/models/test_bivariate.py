"""The bivariate model against metafor, closed forms, plain maximisation, invariances and its user's side."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import evidence as ev
from evidence.models.bivariate.bivariate import bivariate
from evidence.models.bivariate.likelihood import Pairs, log_likelihood

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "bivariate.json").read_text())
DATA = {
    name: {column: np.array(values, dtype=float) for column, values in case["data"].items()}
    for name, case in ORACLE.items()
    if name != "versions"
}


def fit(name, method="REML"):
    d = DATA[name]
    return bivariate(d["y1"], d["v1"], d["y2"], d["v2"], d["rho"], method=method)


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("name", DATA)
def test_agrees_with_metafor(name, method):
    # metafor stops within 1e-4 of its maximum in tau2; ours is never lower
    link, oracle = fit(name, method), ORACLE[name][method]
    assert link.log_likelihood == pytest.approx(oracle["log_likelihood"], abs=1e-7)
    assert link.log_likelihood > oracle["log_likelihood"] - 1e-10
    assert list(link.estimates["estimate"]) == pytest.approx(oracle["mean"], abs=2e-6)
    assert list(link.estimates["se"]) == pytest.approx(oracle["se"], rel=5e-5)
    assert link.vcov == pytest.approx(np.array(oracle["vcov"]), rel=2e-4)
    assert list(link.estimates["tau2"]) == pytest.approx(oracle["tau2"], rel=1e-4)
    assert link.rho == pytest.approx(oracle["rho"], abs=2e-5)
    assert tuple(link.rho_ci) == pytest.approx((oracle["rho_low"], oracle["rho_high"]), abs=1e-6)


@pytest.mark.parametrize(("method", "lost"), [("ML", 0), ("REML", 1)])
def test_equal_precision_has_a_closed_form(method, lost):
    rng = np.random.default_rng(4)
    k, s = 12, np.array([[0.04, 0.02], [0.02, 0.05]])
    y = rng.multivariate_normal([0.3, 0.5], s + np.array([[0.3, 0.2], [0.2, 0.4]]), k)
    link = bivariate(y[:, 0], [0.04] * k, y[:, 1], [0.05] * k, 0.02 / math.sqrt(0.04 * 0.05), method=method)
    total = np.cov(y.T) * (k - 1) / (k - lost)
    assert link.between == pytest.approx(total - s, abs=1e-8)
    assert list(link.estimates["estimate"]) == pytest.approx(list(y.mean(axis=0)), abs=1e-10)
    assert link.vcov == pytest.approx(total / k, abs=1e-9)
    between = total - s
    assert link.rho == pytest.approx(between[0, 1] / math.sqrt(between[0, 0] * between[1, 1]), abs=1e-8)
    assert link.slope == pytest.approx(between[0, 1] / between[0, 0], abs=1e-8)
    if method == "ML":
        log_likelihood = stats.multivariate_normal(y.mean(axis=0), total).logpdf(y).sum()
        assert link.log_likelihood == pytest.approx(log_likelihood, abs=1e-9)


def test_gradient_is_the_derivative():
    rng = np.random.default_rng(2)
    seen = np.ones((9, 2), bool)
    seen[0, 1] = seen[4, 0] = False
    y, v = np.where(seen, rng.normal(size=(9, 2)), 0), np.where(seen, rng.uniform(0.1, 1, (9, 2)), 1)
    covariance = np.where(seen.all(axis=1), 0.4 * np.sqrt(v.prod(axis=1)), 0)
    t = np.array([[0.7, 0.3], [0.3, 0.5]])
    for restricted in (True, False):
        pairs = Pairs(y, v, covariance, seen, restricted)
        gradient = log_likelihood(pairs, t[None])[1][0]
        for i, j, twice in ((0, 0, 1), (1, 1, 1), (0, 1, 2)):
            step = np.zeros((2, 2))
            step[i, j] = step[j, i] = 1e-5
            up, down = log_likelihood(pairs, np.array([t + step, t - step]))[0]
            assert (up - down) / 2e-5 == pytest.approx(twice * gradient[i, j], abs=1e-7)


def test_profile_intervals_by_plain_maximisation():
    d = DATA["colditz1994"]
    link = fit("colditz1994", "ML")
    y, v = np.column_stack([d["y1"], d["y2"]]), np.column_stack([d["v1"], d["v2"]])

    def minus(parameters, between):
        t = between(*np.abs(parameters[2:]))
        cov = v[:, :, None] * np.eye(2) + t
        r = y - parameters[:2]
        rss = np.einsum("ki,ki->", r, np.linalg.solve(cov, r[:, :, None])[:, :, 0])
        return 0.5 * (np.linalg.slogdet(cov)[1].sum() + rss) + len(y) * math.log(2 * math.pi)

    def profile(between, start):
        best = np.array([*link.estimates["estimate"], *start])
        for _ in range(3):
            best = optimize.minimize(
                minus, best, (between,), "Nelder-Mead", options={"fatol": 1e-12, "maxiter": 4000}
            ).x
        return -minus(best, between)

    for rho in link.rho_ci:
        found = profile(lambda a, b, rho=rho: np.array([[a * a, rho * a * b], [rho * a * b, b * b]]), (1.5, 1.2))
        assert 2 * (link.log_likelihood - found) == pytest.approx(stats.chi2(1).ppf(0.95), abs=1e-5)
    for b in link.slope_ci:
        found = profile(lambda a, c, b=b: np.array([[a * a, b * a * a], [b * a * a, (b * a) ** 2 + c * c]]), (1.5, 0.4))
        assert 2 * (link.log_likelihood - found) == pytest.approx(stats.chi2(1).ppf(0.95), abs=1e-5)
    none = profile(lambda a, b: np.diag([a * a, b * b]), (1.5, 1.2))
    assert link.rho_p == pytest.approx(stats.chi2(1).sf(2 * (link.log_likelihood - none)), rel=1e-3)


def test_order_swap_shift_and_scale():
    d = DATA["colditz1994"]
    link = fit("colditz1994")
    swapped = bivariate(-7 * d["y2"][::-1] + 1, 49 * d["v2"][::-1], d["y1"][::-1], d["v1"][::-1], -d["rho"])
    assert swapped.rho == pytest.approx(-link.rho, abs=1e-8)
    assert tuple(swapped.rho_ci) == pytest.approx((-link.rho_ci.high, -link.rho_ci.low), abs=1e-7)
    assert list(swapped.estimates["estimate"]) == pytest.approx(
        [1 - 7 * link.estimates["estimate"].iloc[1], link.estimates["estimate"].iloc[0]], abs=1e-8
    )
    assert swapped.log_likelihood == pytest.approx(link.log_likelihood - 12 * math.log(7), abs=1e-8)
    stretched = bivariate(d["y1"], d["v1"], 3 * d["y2"], 9 * d["v2"], d["rho"])
    assert stretched.slope == pytest.approx(3 * link.slope, rel=1e-8)
    assert tuple(stretched.slope_ci) == pytest.approx(tuple(3 * np.array(link.slope_ci)), rel=1e-7)


def test_a_study_with_one_outcome_moves_the_other_mean_through_the_correlation():
    d = {name: values.copy() for name, values in DATA["colditz1994"].items()}
    all_of_y2 = bivariate(d["y1"], d["v1"], d["y2"], d["v2"], 0).estimates.loc["y2", "estimate"]
    d["y2"][4:8] = np.nan
    link = bivariate(d["y1"], d["v1"], d["y2"], d["v2"], 0)
    alone = ev.pool(d["y2"], np.where(np.isnan(d["y2"]), np.nan, d["v2"]), test="z").estimate
    assert (link.k, link.k_both, link.estimates.loc["y2", "k"]) == (13, 9, 9)
    borrowed = link.estimates.loc["y2", "estimate"]
    assert abs(borrowed - all_of_y2) < abs(alone - all_of_y2)


def test_no_spread_leaves_no_correlation():
    y2 = np.random.default_rng(1).normal(size=8)
    link = bivariate([0.5] * 8, [0.1] * 8, y2, [0.1] * 8, 0.0)
    assert link.rho is None and link.slope is None and tuple(link.rho_ci) == (-1, 1)
    assert "does not vary" in link.sentence() and "not estimable" in link.summary()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0.1, 0.2], [0.1] * 2, [0.1, 0.3], [0.1] * 2, 0.5), ev.NotEstimable, "at least three"),
        (([0.1] * 4, [0.1] * 4, [0.1] * 3, [0.1] * 3, 0.5), ev.InvalidInput, "all four"),
        (([0.1] * 4, [0.1] * 4, [0.1] * 4, [0.1] * 4, 1.0), ev.InvalidInput, "inside -1 to 1"),
        (([0.1] * 4, [0.0] * 4, [0.1] * 4, [0.1] * 4, 0.5), ev.InvalidInput, "above 0"),
        (([0.1] * 4, [-0.1] * 4, [0.1] * 4, [0.1] * 4, 0.5), ev.InvalidInput, "negative"),
        (([0.1] * 4, [0.1] * 4, [0.1] * 4, [0.1] * 4, [0.5] * 3), ev.InvalidInput, "3 values"),
        (([0.1] * 4, [0.1] * 4, [0.1] * 4, [0.1] * 4, 0.5, "DL"), ev.InvalidInput, "'DL'"),
        (([0.1] * 4, [0.1] * 4, [0.1] * 4, [0.1] * 4, 0.5, "ML", 95), ev.InvalidInput, "0.95"),
    ],
)
def test_errors_teach(arguments, error, message):
    with pytest.raises(error, match=message):
        bivariate(*arguments)


def test_results_read_well():
    link = fit("colditz1994")
    assert "13 studies" in link.sentence() and "0.95" in link.sentence()
    assert "not the people" in link.sentence()
    assert repr(link) == link.summary() and "slope" in link.summary()
    assert link._repr_html_().count("<tr") == 3
    table = link.to_frame()
    assert list(table.columns[:4]) == ["outcome", "estimate", "se", "statistic"] and list(table["outcome"]) == [
        "y1",
        "y2",
    ]
    assert list(table.columns[4:]) == ["p_value", "ci_low", "ci_high", "tau2", "k"]


def test_studies_meet_by_label_or_in_a_frame():
    d = DATA["colditz1994"]
    frame = pd.DataFrame({name: d[name] for name in ("y1", "v1", "y2", "v2")}).rename(index=lambda i: f"trial {i}")
    frame["rho"] = d["rho"]
    whole = ev.bivariate(frame, rho_within="rho")
    assert repr(whole) == repr(fit("colditz1994"))
    turned = frame.iloc[::-1]
    by_label = ev.bivariate(frame["y1"], turned["v1"], turned["y2"], frame["v2"], turned["rho"])
    assert by_label.rho == whole.rho and by_label.log_likelihood == whole.log_likelihood
    with pytest.raises(ev.InvalidInput, match="y2 has other labels"):
        ev.bivariate(frame["y1"], frame["v1"], frame["y2"].rename({"trial 0": "x"}), frame["v2"], 0.5)
    with pytest.raises(ev.InvalidInput, match="state an assumption"):
        ev.bivariate(frame)
