"""Meta-regression, shortest intervals, conflict and published priors; see validation/bayes_more.py."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import evidence as ev

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "bayes_more.json").read_text())
FRAME = pd.DataFrame({"yi": ORACLE["y"], "vi": ORACLE["v"], "dose": ORACLE["dose"], "style": ORACLE["style"]})
NAMES = ("Intercept", "dose", "style")
# liver transplants (Crins et al. 2014) and coaching schools (Rubin 1981): the data of bayesmeta's vignettes
CRINS = pd.DataFrame(
    {
        "ai": [14, 16, 3, 9, 4, 0],
        "n1": [61, 28, 18, 54, 36, 50],
        "ci": [15, 19, 8, 29, 11, 3],
        "n2": [20, 28, 12, 54, 36, 34],
    }
)
SCHOOLS = ([28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16], [14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6])


def fit(case: dict[str, Any], **options: Any) -> ev.BayesRegression:
    priors = {name: tuple(prior) for name, prior in zip(NAMES, case["priors"], strict=True) if prior is not None}
    return ev.bayes(FRAME, moderators="~ dose + style", mu_prior=priors or None, **options)


@pytest.mark.parametrize("case", ORACLE["regressions"], ids=[case["name"] for case in ORACLE["regressions"]])
def test_regression_agrees_with_brute_force(case: dict[str, Any]) -> None:
    post, short = fit(case), fit(case, interval="shortest")
    at = pd.DataFrame({"dose": [ORACLE["at"][0]], "style": [ORACLE["at"][1]]})
    rows = [*zip(NAMES, case["coefficients"], strict=True), ("mean", case["mean_at"]), ("study", case["study_at"])]
    for name, expected in rows:
        if name in NAMES:
            own, shortest = post.coefficients.loc[name], short.coefficients.loc[name]
            assert own["positive"] == pytest.approx(expected["positive"], abs=1e-7)
        else:
            own, shortest = (each.predict(at, study=name == "study").iloc[0] for each in (post, short))
        assert own[["mean", "sd", "median"]].tolist() == pytest.approx(
            [expected[key] for key in ("mean", "sd", "median")], abs=1e-6
        )
        assert own[["ci_low", "ci_high"]].tolist() == pytest.approx(expected["central"], abs=1e-6)
        assert shortest[["ci_low", "ci_high"]].tolist() == pytest.approx(expected["shortest"], abs=2e-6)
    assert post.tau["mean"] == pytest.approx(case["tau"], abs=1e-6)
    if None in case["priors"]:
        assert post.log_evidence is None
    else:
        assert post.log_evidence == pytest.approx(case["evidence"], abs=1e-7)


def test_regression_on_a_mean_is_the_plain_model() -> None:
    options: dict[str, Any] = {"tau_prior": ev.HalfCauchy(0.4), "mu_prior": (0.1, 0.7)}
    plain, post = ev.bayes(FRAME, **options), ev.bayes(FRAME, moderators="~ 1", **options)
    summary = ["mean", "sd", "median", "mode", "ci_low", "ci_high"]
    np.testing.assert_allclose(post.coefficients.loc["Intercept", summary].astype(float), plain.mu, rtol=1e-9)
    np.testing.assert_allclose(post.tau, plain.tau, rtol=1e-8)
    np.testing.assert_allclose(post.predict(study=True).iloc[0], plain.predictive, rtol=1e-9)
    assert post.log_evidence == pytest.approx(plain.log_evidence)
    assert post.bayes_factor("Intercept") == pytest.approx(plain.bayes_factor("mu"))
    assert post.probability(0.2, 0.4, of="tau") == pytest.approx(plain.probability(0.2, 0.4, of="tau"))
    assert post.quantile(0.3, of="Intercept") == pytest.approx(plain.quantile(0.3))
    assert post.density(0.2, of="Intercept") == pytest.approx(plain.density(0.2))


def test_a_bayes_factor_of_a_slope_is_that_of_two_models() -> None:
    priors = {"Intercept": (0.0, 1.0), "dose": (0.0, 0.3)}
    post = ev.bayes(FRAME, moderators="~ dose", mu_prior=priors)
    without = ev.bayes(FRAME, moderators="~ 1", mu_prior={"Intercept": (0.0, 1.0)})
    assert math.log(post.bayes_factor("dose")) == pytest.approx(post.log_evidence - without.log_evidence, abs=1e-9)


def test_a_regression_says_what_it_cannot() -> None:
    with pytest.raises(ev.NotEstimable, match="flat coefficients"):
        ev.bayes(FRAME.head(3), moderators="~ dose + style", tau_prior=ev.Uniform())
    with pytest.raises(ev.InvalidInput, match="'weeks', which is no coefficient"):
        ev.bayes(FRAME, moderators="~ dose", mu_prior={"weeks": (0, 1)})
    with pytest.raises(ev.InvalidInput, match="mapping, which names the coefficients"):
        ev.bayes(FRAME, mu_prior={"dose": (0, 1)})
    with pytest.raises(ev.InvalidInput, match="do not go together"):
        ev.bayes(FRAME, moderators="~ dose", by="style")
    with pytest.raises(ev.NotEstimable, match="proper prior"):
        ev.bayes(FRAME, moderators="~ dose").bayes_factor("dose")
    assert ev.bayes(FRAME.assign(dose=[None, *FRAME["dose"][1:]]), moderators="~ dose").dropped == 1


@pytest.mark.parametrize(
    ("post", "mu", "tau", "new", "printed"),
    [
        (
            lambda: ev.bayes(ev.effect_size("OR", **CRINS), mu_prior=(0, 4), interval="shortest"),
            (-2.230738080, -0.926632504),
            (0.0, 0.8607192516),
            (-2.764416937, -0.4088761299),
            (-2.231125, -0.926308),
        ),
        (
            lambda: ev.bayes(SCHOOLS[0], np.square(SCHOOLS[1]), ev.HalfCauchy(25), (0, 50), interval="shortest"),
            (-1.820747023, 17.82217874),
            (0.0, 15.16589386),
            (-10.60043891, 26.80325684),
            (-1.823353, 17.824562),
        ),
    ],
    ids=["Crins 2014", "schools"],
)
def test_shortest_intervals_are_those_that_bayesmeta_prints(
    post: Any, mu: Any, tau: Any, new: Any, printed: tuple[float, float]
) -> None:
    # exact values by 8000 nodes of another program; bayesmeta bins tau, and prints them to about three digits
    found = post()
    width = mu[1] - mu[0]
    assert found.mu[["ci_low", "ci_high"]].tolist() == pytest.approx(mu, abs=1e-6 * width)
    assert found.tau[["ci_low", "ci_high"]].tolist() == pytest.approx(tau, abs=1e-6 * tau[1])
    assert found.predictive[["ci_low", "ci_high"]].tolist() == pytest.approx(new, abs=1e-6 * (new[1] - new[0]))
    assert found.mu[["ci_low", "ci_high"]].tolist() == pytest.approx(printed, abs=1e-3 * width)


def test_a_shortest_interval_is_shorter_and_as_sure() -> None:
    central, short = ev.bayes(FRAME), ev.bayes(FRAME, interval="shortest")
    for of in ("mu", "tau", "predictive", *central.slab):
        rows = [post.theta.loc[of] if of in post.slab else getattr(post, of) for post in (central, short)]
        assert rows[1]["ci_high"] - rows[1]["ci_low"] <= rows[0]["ci_high"] - rows[0]["ci_low"]
        assert short.probability(*rows[1][["ci_low", "ci_high"]], of=of) == pytest.approx(0.95, abs=1e-9)
        ends = short.density(rows[1][["ci_low", "ci_high"]].to_numpy(float), of=of)
        assert of == "tau" or ends[0] == pytest.approx(ends[1], rel=1e-5)


@pytest.mark.parametrize("case", ORACLE["conflicts"], ids=[str(case["scale"]) for case in ORACLE["conflicts"]])
def test_conflict_agrees_with_imhof(case: dict[str, Any]) -> None:
    post = ev.bayes(FRAME, tau_prior=ev.HalfNormal(case["scale"]), mu_prior=(0.0, 0.4))
    found = post.prior_conflict()
    assert found.q == pytest.approx(case["q"])
    assert found.tau_larger == pytest.approx(case["larger"], abs=1e-6)
    assert found.tau_p == pytest.approx(2 * min(case["larger"], 1 - case["larger"]), abs=2e-6)
    assert found.mean_p == pytest.approx(case["mean_p"], abs=1e-6)


def test_conflict_of_no_heterogeneity_is_cochrans_test() -> None:
    post = ev.bayes(FRAME, tau_prior=ev.HalfNormal(1e-6))
    found = post.prior_conflict()
    assert found.tau_larger == pytest.approx(ev.pool(FRAME, method="EE").q_p, abs=1e-8)
    assert found.mean_p is None
    with pytest.raises(ev.NotEstimable, match="improper"):
        ev.bayes(FRAME, tau_prior=ev.Jeffreys()).prior_conflict()


def test_published_priors_are_halved_and_named() -> None:
    table = ev.empirical_priors()
    assert table.groupby("prior").size().to_dict() == {"rhodes": 72, "turner": 81}
    assert not table.duplicated(["prior", "outcome", "comparison", "area"]).any()
    assert ev.turner_prior() == ev.LogNormal(-1.28, 0.87)
    assert ev.turner_prior("all-cause", "pharmacological vs. pharmacological") == ev.LogNormal(-2.09, 0.705)
    assert ev.rhodes_prior() == ev.LogT(-1.72, 1.295, 5.0)
    assert ev.rhodes_prior("mental", "pharmacological vs. placebo", "respiratory") == ev.LogT(-2.45, 1.085, 5.0)
    # the tables are sums of an effect of outcome and one of comparison; two numbers are printed otherwise
    rest = table[table["outcome"] != "any"]
    wide = rest.pivot(index=["prior", "area", "outcome"], columns="comparison", values="location")
    odd = []
    for _, block in wide.groupby(level=[0, 1]):
        gap = block.dropna(axis=1, how="all").dropna().pipe(lambda each: each.sub(each.iloc[:, 0], axis=0))
        odd += list(gap.index[(gap.sub(gap.median()).abs() > 0.035).any(axis=1)])
    assert [(area, outcome.split()[0]) for _, area, outcome in odd] == [("cancer", "internal"), ("other", "mental")]


def test_words_that_name_no_prior_or_two_are_refused() -> None:
    for given, words in (
        (("hair", "pharmacological vs. placebo"), "outcome 'hair' is unknown"),
        (("pain", "pharma"), "is more than one"),
        (("pain", None), "both outcome and comparison"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.turner_prior(*given)
    with pytest.raises(ev.InvalidInput, match="in doubt"):
        ev.rhodes_prior("resource", "pharmacological vs. placebo", "cancer")
    with pytest.raises(ev.InvalidInput, match="area 'skin'"):
        ev.rhodes_prior("pain", "non-pharmacological", "skin")


def test_a_log_t_prior_is_a_distribution_and_serves() -> None:
    prior = ev.LogT(-1.5, 1.1, 5.0)
    inside = integrate.quad(lambda x: float(prior.density(math.exp(x))) * math.exp(x), -60, 60, limit=400)[0]
    assert inside == pytest.approx(1, abs=1e-6)
    assert prior.density(0.3) == pytest.approx(stats.t(5).pdf((math.log(0.3) + 1.5) / 1.1) / (1.1 * 0.3))
    post = ev.bayes(FRAME, tau_prior=prior)

    y, v = FRAME["yi"].to_numpy(), FRAME["vi"].to_numpy()
    edges = np.array([-110.0, -40, -15, -6, -3, math.log(0.2), 0.0, 3, 20, 100])
    node, weight = np.polynomial.legendre.leggauss(80)
    x = (edges[:-1, None] + np.diff(edges)[:, None] / 2 * (1 + node)).ravel()
    w = 1 / (v + np.exp(2 * x)[:, None])
    mean = (w * y).sum(axis=1) / w.sum(axis=1)
    rss = (w * (y - mean[:, None]) ** 2).sum(axis=1)
    value = stats.t(5).logpdf((x + 1.5) / 1.1) + 0.5 * (np.log(w).sum(axis=1) - np.log(w.sum(axis=1)) - rss)
    mass = np.exp(value) * (np.diff(edges)[:, None] / 2 * weight).ravel()
    assert post.probability(upper=0.2, of="tau") == pytest.approx(mass[x < math.log(0.2)].sum() / mass.sum(), abs=1e-6)
    with pytest.raises(ev.InvalidInput, match="df of LogT is 2"):
        ev.LogT(0.0, 1.0, 2.0)
