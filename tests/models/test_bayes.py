"""ev.bayes against brute-force integration, hand computation and invariances."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import evidence as ev

YI, VI = [0.1, 0.3, 0.35, 0.65, -0.2], [0.03, 0.03, 0.05, 0.01, 0.2]

PRIORS = {
    "half-normal": (ev.HalfNormal(0.5), stats.halfnorm(scale=0.5).pdf),
    "half-cauchy": (ev.HalfCauchy(0.3), stats.halfcauchy(scale=0.3).pdf),
    "half-t": (ev.HalfT(3, 0.4), lambda t: 2 * stats.t(3, scale=0.4).pdf(t)),
    "exponential": (ev.Exponential(0.4), stats.expon(scale=0.4).pdf),
    "uniform": (ev.Uniform(0.7), stats.uniform(0, 0.7).pdf),
    "log-normal": (ev.LogNormal(-1.2, 0.8), stats.lognorm(0.8, scale=math.exp(-1.2)).pdf),
    "inverse-gamma": (ev.InverseGamma(1.0, 0.15), stats.invgamma(1, scale=0.15).pdf),
    "dumouchel": (ev.DuMouchel(), None),
    "jeffreys": (ev.Jeffreys(), None),
    "flat": (ev.Uniform(), np.ones_like),
}


class BruteForce:
    """The same posterior the slow way: contrasts of the data, scipy's densities, Gauss-Legendre over tau.

    60 points in each of many pieces of the tau axis (not of its logarithm), where the likelihood is that of
    all differences to the first study, a multivariate normal, when the prior of the mean is flat.
    """

    def __init__(self, yi, vi, prior, mu=None, upper=math.inf, cuts=()):
        self.y, self.v, self.mu = np.asarray(yi, float), np.asarray(vi, float), mu
        edges = np.unique([0.0, *cuts, *np.geomspace(1e-4, 1e10, 85)])
        edges = edges if math.isinf(upper) else np.append(edges[edges < upper], upper)
        node, weight = np.polynomial.legendre.leggauss(60)
        half = np.diff(edges)[:, None] / 2
        self.tau = (edges[:-1, None] + half * (1 + node)).ravel()
        log_joint = np.log(np.maximum(prior(self.tau), 1e-300)) + self.log_likelihood(self.tau)
        self.peak = log_joint.max()
        mass = (half * weight).ravel() * np.exp(log_joint - self.peak)
        self.total = mass.sum()
        self.weights = mass / self.total
        # the mean given tau, from the normal equations with its prior as one more row
        x, y, d = np.ones(len(self.y)), self.y, self.v + self.tau[:, None] ** 2
        if mu is not None:
            x, y = np.append(x, 1.0), np.append(y, mu[0])
            d = np.column_stack([d, np.full(len(d), mu[1] ** 2)])
        self.variance = 1 / np.sum(x * x / d, axis=1)
        self.mean = np.sum(x * y / d, axis=1) * self.variance

    def log_likelihood(self, tau):
        d = self.v + tau[:, None] ** 2
        if self.mu is not None:
            cov, data = d[:, :, None] * np.eye(len(self.y)) + self.mu[1] ** 2, self.y - self.mu[0]
        elif len(self.y) == 1:
            return np.zeros(len(tau))
        else:
            cov, data = d[:, 1:, None] * np.eye(len(self.y) - 1) + d[:, :1, None], self.y[1:] - self.y[0]
        root = np.linalg.cholesky(cov)
        z = np.linalg.solve(root, np.broadcast_to(data[:, None], (len(tau), len(data), 1)))[:, :, 0]
        return stats.norm.logpdf(z).sum(axis=1) - np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)

    def log_evidence(self):
        return self.peak + math.log(self.total)

    def expect(self, values):
        return float(np.sum(self.weights * values))

    def mu_cdf(self, value):
        return self.expect(stats.norm.cdf(value, self.mean, np.sqrt(self.variance)))

    def new_cdf(self, value):
        return self.expect(stats.norm.cdf(value, self.mean, np.sqrt(self.variance + self.tau**2)))

    def tau_cdf(self, value):  # exact only where ``value`` is among the cuts
        return self.expect(self.tau < value)

    def theta(self, i):
        """Mean and sd of a study's true effect, by the laws of total expectation and variance."""
        shrink = self.v[i] / (self.v[i] + self.tau**2)
        mean, variance = (1 - shrink) * self.y[i] + shrink * self.mean, (1 - shrink) * self.v[i]
        overall = self.expect(mean)
        return overall, math.sqrt(self.expect(variance + shrink**2 * self.variance + (mean - overall) ** 2))


def plain_density(name, vi):
    v = np.array(vi)
    if name == "dumouchel":
        scale = math.sqrt(len(v) / np.sum(1 / v))
        return lambda t: scale / (scale + t) ** 2
    if name == "jeffreys":
        return lambda t: np.sqrt(np.sum((t[:, None] / (v + t[:, None] ** 2)) ** 2, axis=1))
    return PRIORS[name][1]


@pytest.mark.parametrize("mu_prior", [None, (0.2, 0.6)])
@pytest.mark.parametrize("name", PRIORS)
def test_every_prior_agrees_with_brute_force(name, mu_prior):
    prior = PRIORS[name][0]
    post = ev.bayes(YI, VI, tau_prior=prior, mu_prior=mu_prior)
    brute = BruteForce(YI, VI, plain_density(name, VI), mu_prior, prior.upper, [0.1, 0.4])
    assert post._grid.log_evidence[0] == pytest.approx(brute.log_evidence(), abs=1e-9)
    near = {"rel": 1e-8, "abs": 1e-8}
    assert post.mu["mean"] == pytest.approx(brute.expect(brute.mean), **near)
    assert post.tau["mean"] == pytest.approx(brute.expect(brute.tau), **near)
    assert post.tau["sd"] ** 2 + post.tau["mean"] ** 2 == pytest.approx(brute.expect(brute.tau**2), **near)
    assert post.probability(upper=0.3) == pytest.approx(brute.mu_cdf(0.3), **near)
    assert post.probability(0.1, 0.4, of="tau") == pytest.approx(brute.tau_cdf(0.4) - brute.tau_cdf(0.1), **near)
    for i in range(5):
        assert tuple(post.theta.iloc[i][["mean", "sd"]]) == pytest.approx(brute.theta(i), **near)
    check_quantiles(post, brute, name, mu_prior)


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
@pytest.mark.parametrize("name", ["half-normal", "half-cauchy", "uniform", "inverse-gamma", "dumouchel"])
@pytest.mark.parametrize("k", [1, 2])
def test_few_studies_agree_with_brute_force(name, k):
    prior = PRIORS[name][0]
    post = ev.bayes(YI[:k], VI[:k], tau_prior=prior, mu_prior=(0, 1))
    brute = BruteForce(YI[:k], VI[:k], plain_density(name, VI[:k]), (0, 1), prior.upper)
    check_quantiles(post, brute, name, (0, 1))


def check_quantiles(post, brute, name, mu_prior):
    """Each quantile, put into the brute-force distribution function, gives its probability back."""
    p = [0.025, 0.5, 0.99]
    cut = post.quantile(p, of="tau")
    again = BruteForce(brute.y, brute.v, plain_density(name, brute.v), mu_prior, post.tau_prior.upper, cut)
    assert [again.tau_cdf(value) for value in cut] == pytest.approx(p, abs=1e-8)
    assert [brute.mu_cdf(value) for value in post.quantile(p)] == pytest.approx(p, abs=1e-8)
    assert [brute.new_cdf(value) for value in post.quantile(p, of="predictive")] == pytest.approx(p, abs=1e-8)


def test_prior_densities_are_those_of_scipy_and_integrate_to_one():
    tau = np.linspace(0.01, 0.69, 9)
    for name, (prior, _) in PRIORS.items():
        if name not in ("jeffreys", "flat"):
            assert prior.density(tau, VI) == pytest.approx(plain_density(name, VI)(tau), rel=1e-12)
            total = integrate.quad(lambda t, prior=prior: prior.density(t, VI), 0, prior.upper, limit=200)[0]
            assert total == pytest.approx(1, abs=1e-7)
    assert list(ev.Uniform(0.7).density([-0.1, 0.0, 0.7, 0.8])) == pytest.approx([0, 0, 1 / 0.7, 0])
    assert ev.Jeffreys().density(tau, VI) == pytest.approx(plain_density("jeffreys", VI)(tau), rel=1e-12)


@pytest.mark.parametrize("of", ["mu", "tau", "predictive", "Study 2"])
def test_density_integrates_to_probability_and_peaks_at_mode(of):
    post = ev.bayes(YI, VI, tau_prior=ev.HalfCauchy(0.3))
    low, high = (float(q) for q in post.quantile([0.1, 0.7], of=of))
    assert integrate.quad(post.density, low, high, args=(of,), epsabs=1e-12)[0] == pytest.approx(0.6, abs=1e-9)
    assert post.probability(low, high, of) == pytest.approx(0.6, abs=1e-9)
    assert post.probability(of=of) == pytest.approx(1, abs=1e-12)
    row = post.theta.loc[of] if of == "Study 2" else getattr(post, of)
    around = row["mode"] + np.array([-1e-3, 0, 1e-3])
    values = post.density(around, of)
    assert values[1] > max(values[0], values[2])
    # the parabola through the three points has its top where the mode is
    shift = 0.5e-3 * (values[0] - values[2]) / (values[0] - 2 * values[1] + values[2])
    assert abs(shift) < 1e-5


def test_flat_priors_have_their_mode_at_reml_and_their_mean_at_generalised_least_squares():
    fit = ev.pool(YI, VI, method="REML")
    post = ev.bayes(YI, VI, tau_prior=ev.Uniform())
    assert post.tau["mode"] == pytest.approx(math.sqrt(fit.tau2), abs=1e-7)


def test_one_study_under_normal_priors_by_hand():
    # almost no heterogeneity: precision weighting of the study and the prior
    post = ev.bayes([0.4], [0.04], tau_prior=ev.HalfNormal(1e-7), mu_prior=(0.1, 0.3))
    precision = 1 / 0.04 + 1 / 0.09
    assert post.mu["mean"] == pytest.approx((0.4 / 0.04 + 0.1 / 0.09) / precision, rel=1e-9)
    assert post.mu["sd"] == post.se == pytest.approx(precision**-0.5, rel=1e-9)
    assert post.log_evidence == pytest.approx(stats.norm(0.1, math.sqrt(0.13)).logpdf(0.4), abs=1e-10)
    assert tuple(post.mu[["ci_low", "ci_high"]]) == pytest.approx(
        stats.norm(post.mu["mean"], post.mu["sd"]).interval(0.95), rel=1e-9
    )


def test_bayes_factor_is_the_savage_dickey_ratio():
    post = ev.bayes(YI, VI, tau_prior=ev.HalfNormal(0.5), mu_prior=(0, 1))
    for null in (0.0, 0.2):
        ratio = stats.norm(0, 1).pdf(null) / float(post.density(null))
        assert post.bayes_factor(null=null) == pytest.approx(ratio, rel=1e-9)
    for null in (0.0, 0.3):
        ratio = float(ev.HalfNormal(0.5).density(max(null, 1e-12))) / float(post.density(null, of="tau"))
        assert post.bayes_factor("tau", null=null) == pytest.approx(ratio, rel=1e-9)


def test_quantiles_and_modes_hold_when_studies_are_very_unlike():
    # components from 0.01 to 1e7 wide, most of them alike: a root finder's step may vanish beside its bracket
    yi, vi = [0.7845904001261308, 0.7861367410655455, 1.351873809273622], [0.0002995423569887, 0.0002296849532635, 1.95]
    for prior in (ev.DuMouchel(), ev.HalfCauchy(0.3), ev.Uniform(1.0), ev.Exponential(0.1)):
        post = ev.bayes(yi, vi, tau_prior=prior, mu_prior=(0, 1))
        p = np.array([1e-4, 0.025, 0.3, 0.5, 0.7, 0.975, 0.9999])
        for of in ("mu", "tau", "predictive", "Study 3"):
            q = post.quantile(p, of=of)
            assert [post.probability(upper=value, of=of) for value in q] == pytest.approx(p, abs=1e-9)
            if of != "tau":
                mode = (post.theta.loc[of] if of == "Study 3" else getattr(post, of))["mode"]
                values = post.density(mode + np.array([-1e-4, 0, 1e-4]), of=of)
                assert values[1] >= values.max() * (1 - 1e-13)


def test_importance_sampling_says_the_same():
    rng = np.random.default_rng(20)
    tau, mu = np.abs(rng.normal(0, 0.5, 400_000)), rng.normal(0.2, 0.6, 400_000)
    log_w = stats.norm.logpdf(np.array(YI), mu[:, None], np.sqrt(np.array(VI) + tau[:, None] ** 2)).sum(axis=1)
    w = np.exp(log_w) / np.exp(log_w).sum()
    error = 5 / math.sqrt(1 / np.sum(w**2))
    post = ev.bayes(YI, VI, tau_prior=ev.HalfNormal(0.5), mu_prior=(0.2, 0.6))
    assert abs(np.sum(w * mu) - post.mu["mean"]) < error * post.mu["sd"]
    assert abs(np.sum(w * tau) - post.tau["mean"]) < error * post.tau["sd"]
    assert abs(np.sum(w * (mu > 0.3)) - post.probability(lower=0.3)) < error / 2
    assert math.log(np.mean(np.exp(log_w))) == pytest.approx(post.log_evidence, abs=error)


def test_eight_schools_as_published():
    # Gelman et al. (2013), Bayesian Data Analysis, table 5.3: medians from 200 draws, so to about one point
    y = [28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16]
    s = np.array([14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6])
    post = ev.bayes(y, s**2, tau_prior=ev.Uniform())
    assert np.abs(post.theta["median"] - [10, 8, 7, 8, 5, 6, 10, 8]).max() < 1.0
    assert post.tau["mode"] == 0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=2, max_size=12),
    st.floats(-3, 3),
    st.floats(0.1, 50),
)
def test_shift_scale_and_order_carry_through(studies, shift, scale):
    y, v = (np.array(values) for values in zip(*studies, strict=True))
    one = ev.bayes(y, v, tau_prior=ev.HalfNormal(0.5))
    other = ev.bayes((y * scale + shift)[::-1], (v * scale**2)[::-1], tau_prior=ev.HalfNormal(0.5 * scale))
    one, other = (post.to_frame().set_index("quantity") for post in (one, other))
    places = ["mean", "median", "ci_low", "ci_high"]
    moved = pd.Series([shift, 0, shift], index=one.index)
    size = scale * (1 + one.to_numpy().max())
    for column in places:
        assert other[column].to_numpy() == pytest.approx(scale * one[column] + moved, abs=1e-8 * size + 1e-9)
    assert other["sd"].to_numpy() == pytest.approx(scale * one["sd"], rel=1e-7)


def test_mirror_image():
    post, mirror = (ev.bayes(sign * np.array(YI), VI) for sign in (1, -1))
    assert mirror.mu["ci_low"] == pytest.approx(-post.mu["ci_high"], abs=1e-12)
    assert mirror.probability(lower=0) == pytest.approx(post.probability(upper=0), abs=1e-12)
    assert mirror.tau["median"] == pytest.approx(post.tau["median"], abs=1e-10)


def test_many_studies_approach_the_normal_theory_of_reml():
    rng = np.random.default_rng(3)
    vi = rng.uniform(0.01, 0.1, 3000)
    yi = rng.normal(0.3, np.sqrt(vi + 0.04))
    post, fit = ev.bayes(yi, vi), ev.pool(yi, vi, test="z")
    assert post.mu["mean"] == pytest.approx(fit.estimate, abs=0.01 * fit.se)
    assert post.mu["sd"] == pytest.approx(fit.se, rel=0.01)
    assert post.tau["median"] == pytest.approx(math.sqrt(fit.tau2), abs=0.1 * post.tau["sd"])


def test_a_study_without_sampling_error_keeps_its_effect():
    post = ev.bayes([0.2, 0.5, 0.9], [0.0, 0.04, 0.04])
    assert tuple(post.theta.loc["Study 1"]) == pytest.approx((0.2, 0, 0.2, 0.2, 0.2, 0.2), abs=1e-12)
    brute = BruteForce([0.2, 0.5, 0.9], [0, 0.04, 0.04], stats.halfnorm(scale=0.5).pdf)
    assert post.mu["mean"] == pytest.approx(brute.expect(brute.mean), abs=1e-7)


def test_groups_together_are_the_groups_one_by_one():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"site": rng.choice(list("abcdef"), 40), "yi": rng.normal(0, 1, 40), "vi": rng.uniform(0.1, 1, 40)}
    )
    frame.loc[3, "vi"] = np.nan
    table = ev.bayes(frame, by="site", tau_prior=ev.DuMouchel(), mu_prior=(0, 2), level=0.9)
    assert list(table["site"]) == sorted(frame["site"].unique())
    for row in table.itertuples():
        post = ev.bayes(frame[frame["site"] == row.site], tau_prior=ev.DuMouchel(), mu_prior=(0, 2), level=0.9)
        assert row.k == post.k
        for part in ("mu", "tau", "predictive"):
            for name, value in getattr(post, part).items():
                assert getattr(row, f"{part}_{name}") == pytest.approx(value, abs=1e-7), (part, name)
        assert row.mu_positive == pytest.approx(post.probability(lower=0), abs=1e-9)
        assert row.log_evidence == pytest.approx(post.log_evidence, abs=1e-9)
