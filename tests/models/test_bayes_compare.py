"""ev.bayes_compare against brute-force integration, simulation, ev.bayes, invariances and its user's side."""

import math
import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev

FRAME = pd.DataFrame(
    {
        "site": list("aaabbcc"),
        "yi": [0.9, 0.5, 0.7, 0.4, 0.1, 0.35, -0.1],
        "vi": [0.04, 0.09, 0.02, 0.05, 0.03, 0.2, 0.1],
    }
)


class BruteForce:
    """All studies as one multivariate normal, means of groups by universal kriging, Gauss-Legendre over both sds."""

    def __init__(self, frame, tau_pdf, between_pdf, mu=None, points=40, edges=(0, 0.05, 0.3, 1.0, 5.0)):
        y, z = frame["yi"].to_numpy(), pd.get_dummies(frame["site"]).to_numpy(float)
        node, weight = np.polynomial.legendre.leggauss(points)
        half = np.diff(edges)[:, None] / 2
        line = (np.array(edges)[:-1, None] + half * (1 + node)).ravel()
        mass = (half * weight).ravel()
        tau, omega = (a.ravel() for a in np.meshgrid(line, line, indexing="ij"))
        mass = np.outer(mass, mass).ravel() * tau_pdf(tau) * between_pdf(omega)
        self.tau, self.omega = tau, omega
        n, groups = z.shape
        v = (frame["vi"].to_numpy() + tau[:, None] ** 2)[:, :, None] * np.eye(n) + omega[:, None, None] ** 2 * (z @ z.T)
        c = omega[:, None, None] ** 2 * z.T
        if mu is None:
            contrast = np.eye(n)[1:] - np.eye(n)[:1]
            log_likelihood = self.log_normal(contrast @ v @ contrast.T, contrast @ y)
        else:
            log_likelihood = self.log_normal(v + mu[1] ** 2, y - mu[0])
        mass = mass * np.exp(log_likelihood)
        self.evidence, self.weights = mass.sum(), mass / mass.sum()
        w = np.linalg.inv(v)
        information = w.sum(axis=(1, 2)) + (0 if mu is None else mu[1] ** -2)
        self.mu = (w.sum(axis=1) @ y + (0 if mu is None else mu[0] / mu[1] ** 2)) / information
        self.mean = self.mu[:, None] + (c @ w @ (y - self.mu[:, None])[:, :, None])[:, :, 0]
        lack = 1 - (c @ w).sum(axis=2)
        own = omega[:, None, None] ** 2 * np.eye(groups) - c @ w @ np.swapaxes(c, 1, 2)
        self.cov = own + lack[:, :, None] * lack[:, None, :] / information[:, None, None]

    @staticmethod
    def log_normal(cov, x):
        root = np.linalg.cholesky(cov)
        u = np.linalg.solve(root, np.broadcast_to(x[:, None], (len(cov), len(x), 1)))[:, :, 0]
        log_det = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        return -0.5 * (u**2).sum(axis=1) - log_det - 0.5 * len(x) * math.log(2 * math.pi)

    def cdf(self, group, x):
        return self.weights @ stats.norm.cdf(x, self.mean[:, group], np.sqrt(self.cov[:, group, group]))

    def moments(self, group):
        mean = self.weights @ self.mean[:, group]
        return mean, math.sqrt(self.weights @ (self.cov[:, group, group] + (self.mean[:, group] - mean) ** 2))

    def beats(self, i, j):
        variance = self.cov[:, i, i] + self.cov[:, j, j] - 2 * self.cov[:, i, j]
        return self.weights @ stats.norm.cdf((self.mean[:, i] - self.mean[:, j]) / np.sqrt(variance))

    def best_of_three(self, g):
        """By the bivariate normal distribution of its two differences, at every node."""
        take = np.delete(np.eye(3)[g] - np.eye(3), g, axis=0)
        cov = take @ self.cov @ take.T
        sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
        h, k = (self.mean @ take.T / sd).T
        return self.weights @ bivariate_cdf(h, k, cov[:, 0, 1] / sd.prod(axis=1))


def bivariate_cdf(h, k, rho):
    """P(X < h, Y < k) by Plackett's formula: Phi(h) Phi(k) plus the density integrated over the correlation."""
    node, weight = np.polynomial.legendre.leggauss(24)
    h, k, reach = h[:, None], k[:, None], np.arcsin(rho)[:, None]
    angle = reach * (1 + node) / 2
    inside = np.exp(-(h * h - 2 * h * k * np.sin(angle) + k * k) / (2 * np.cos(angle) ** 2))
    more = (reach / 2 * weight * inside).sum(axis=1) / (2 * math.pi)
    return stats.norm.cdf(h[:, 0]) * stats.norm.cdf(k[:, 0]) + more


HALF_NORMAL = stats.halfnorm(scale=0.5).pdf


@pytest.mark.parametrize("mu_prior", [None, (0.1, 0.7)])
def test_agrees_with_brute_force(mu_prior):
    post = ev.bayes_compare(FRAME, by="site", worthwhile=0.3, mu_prior=mu_prior)
    brute = BruteForce(FRAME, HALF_NORMAL, HALF_NORMAL, mu_prior)
    if mu_prior:
        assert post.log_evidence == pytest.approx(math.log(brute.evidence), abs=1e-8)
    for g, (_, row) in enumerate(post.groups.iterrows()):
        assert (row["mean"], row["sd"]) == pytest.approx(brute.moments(g), abs=1e-8)
        cdf = [brute.cdf(g, row[name]) for name in ("ci_low", "median", "ci_high")]
        assert cdf == pytest.approx([0.025, 0.5, 0.975], abs=1e-8)
        assert row["p_worthwhile"] == pytest.approx(1 - brute.cdf(g, 0.3), abs=1e-8)
        assert row["p_positive"] == pytest.approx(1 - brute.cdf(g, 0.0), abs=1e-8)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert post.beats.iloc[i, j] == pytest.approx(brute.beats(i, j), abs=1e-8)
        assert post.beats.iloc[i, j] + post.beats.iloc[j, i] == pytest.approx(1, abs=1e-12)
    assert post.tau["mean"] == pytest.approx(brute.weights @ brute.tau, abs=1e-8)
    assert post.between["mean"] == pytest.approx(brute.weights @ brute.omega, abs=1e-8)
    assert post.overall["mean"] == pytest.approx(brute.weights @ brute.mu, abs=1e-8)


def test_probability_of_being_best_agrees_with_brute_force():
    post = ev.bayes_compare(FRAME, by="site")
    brute = BruteForce(FRAME, HALF_NORMAL, HALF_NORMAL, points=24)
    assert list(post.groups["p_best"]) == pytest.approx([brute.best_of_three(g) for g in range(3)], abs=1e-8)


def test_other_priors_agree_with_brute_force():
    uniform, log_normal = ev.Uniform(1.0), ev.LogNormal(-1.0, 0.7)
    post = ev.bayes_compare(FRAME, by="site", tau_prior=log_normal, between_prior=uniform)
    edges = (0, 0.02, 0.1, 0.3, 1.0)
    brute = BruteForce(
        FRAME, stats.lognorm(0.7, scale=math.exp(-1)).pdf, stats.uniform().pdf, edges=(*edges, 3.0, 40.0)
    )
    brute.weights = np.where(brute.omega < 1, brute.weights, 0)
    brute.weights /= brute.weights.sum()
    for g in range(3):
        assert tuple(post.groups.iloc[g][["mean", "sd"]]) == pytest.approx(brute.moments(g), abs=1e-7)


def test_two_groups_best_is_beats():
    post = ev.bayes_compare(FRAME[FRAME["site"] != "c"], by="site")
    assert list(post.groups["p_best"]) == pytest.approx([post.beats.iloc[0, 1], post.beats.iloc[1, 0]], abs=1e-9)
    assert list(post.groups["mean_rank"]) == pytest.approx(2 - post.groups["p_best"], abs=1e-9)


def test_simulation_says_the_same():
    rng = np.random.default_rng(11)
    draws = 300_000
    tau, omega = np.abs(rng.normal(0, 0.5, (2, draws)))
    means = rng.normal(0.1, 0.7, draws)[:, None] + omega[:, None] * rng.normal(size=(draws, 3))
    group = pd.factorize(FRAME["site"])[0]
    sd = np.sqrt(FRAME["vi"].to_numpy() + tau[:, None] ** 2)
    log_w = stats.norm.logpdf(FRAME["yi"].to_numpy(), means[:, group], sd).sum(axis=1)
    w = np.exp(log_w - log_w.max())
    w /= w.sum()
    error = 5 * math.sqrt(np.sum(w**2))
    post = ev.bayes_compare(FRAME, by="site", worthwhile=0.3, mu_prior=(0.1, 0.7))
    for g, (_, row) in enumerate(post.groups.iterrows()):
        assert abs(w @ means[:, g] - row["mean"]) < error * row["sd"]
        assert abs(w @ (means[:, g] > 0.3) - row["p_worthwhile"]) < error / 2
        assert abs(w @ (means.argmax(axis=1) == g) - row["p_best"]) < error / 2
        rank = 1 + (means > means[:, [g]]).sum(axis=1)
        assert abs(w @ rank - row["mean_rank"]) < error


def test_many_groups_of_one_study_are_the_plain_model():
    # one study a group and next to no tau: groups take the place of studies
    frame = pd.DataFrame({"site": list("abcd"), "yi": [0.1, 0.3, 0.35, 0.65], "vi": [0.03, 0.03, 0.05, 0.01]})
    post = ev.bayes_compare(frame, by="site", tau_prior=ev.HalfNormal(1e-7), between_prior=ev.HalfCauchy(0.4))
    plain = ev.bayes(frame["yi"], frame["vi"], tau_prior=ev.HalfCauchy(0.4))
    for name in ("mean", "sd", "median", "mode", "ci_low", "ci_high"):
        assert list(post.groups[name]) == pytest.approx(list(plain.theta[name]), abs=1e-6)
        assert post.between[name] == pytest.approx(plain.tau[name], abs=1e-6)
        assert post.overall[name] == pytest.approx(plain.mu[name], abs=1e-6)


def test_groups_that_cannot_differ_are_pooled_and_groups_that_must_are_not():
    one = ev.bayes_compare(FRAME, by="site", between_prior=ev.HalfNormal(1e-6))
    pooled = ev.bayes(FRAME)
    assert list(one.groups["mean"]) == pytest.approx([pooled.mu["mean"]] * 3, abs=1e-5)
    assert list(one.groups["shrinkage"]) == pytest.approx([1] * 3, abs=1e-5)
    assert list(one.groups["p_best"]) == pytest.approx([1 / 3] * 3, abs=1e-4)
    free = ev.bayes_compare(FRAME, by="site", between_prior=ev.Uniform(1e5))
    assert list(free.groups["mean"]) != pytest.approx(list(one.groups["mean"]), abs=0.05)
    loose = ev.bayes_compare(FRAME, by="site", between_prior=ev.LogNormal(8.0, 0.1))
    assert list(loose.groups["mean"]) == pytest.approx(list(loose.groups["unpooled"]), abs=1e-5)
    assert list(loose.groups["shrinkage"]) == pytest.approx([0] * 3, abs=1e-5)


def test_shrinkage_lies_between_own_data_and_the_others():
    post = ev.bayes_compare(FRAME, by="site")
    table = post.groups
    assert table.loc["a", "mean"] < table.loc["a", "unpooled"]
    assert table.loc["c", "mean"] > table.loc["c", "unpooled"]
    assert table.loc["c", "shrinkage"] > table.loc["a", "shrinkage"]  # fewer, less precise studies
    assert table["p_best"].sum() == pytest.approx(1, abs=1e-12)
    assert table["mean_rank"].sum() == pytest.approx(6, abs=1e-9)


def test_shift_scale_order_and_mirror():
    post = ev.bayes_compare(FRAME, by="site").groups
    moved = FRAME.assign(yi=-3 * FRAME["yi"] + 7, vi=9 * FRAME["vi"])[::-1]
    wide = ev.HalfNormal(1.5)
    other = ev.bayes_compare(moved, by="site", tau_prior=wide, between_prior=wide).groups
    assert list(other["mean"]) == pytest.approx(list(7 - 3 * post["mean"]), abs=1e-8)
    assert list(other["ci_low"]) == pytest.approx(list(7 - 3 * post["ci_high"]), abs=1e-8)
    assert list(other["mean_rank"]) == pytest.approx(list(4 - post["mean_rank"]), abs=1e-8)


def test_heavy_tails_keep_their_intervals():
    with pytest.warns(ev.SmallSample, match="between groups"):
        post = ev.bayes_compare(FRAME[FRAME["site"] != "c"], by="site", between_prior=ev.HalfCauchy(0.5))
    assert post.between["sd"] == math.inf and math.isfinite(post.between["mean"])
    assert math.isnan(post.overall["sd"]) and math.isfinite(post.overall["ci_high"])
    assert np.isfinite(post.groups.drop(columns="p_worthwhile").to_numpy()).all()


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
def test_far_tails_are_not_lost():
    # two studies and heavy priors: the predictive tail of a group's mean reaches far beyond its quantiles
    frame = FRAME.iloc[[0, 5]]
    post = ev.bayes_compare(frame, by="site", tau_prior=ev.HalfCauchy(0.3), mu_prior=(0, 1))
    cauchy = stats.halfcauchy(scale=0.3).pdf
    edges = (0, 0.05, 0.3, 1, 3, 10, 100, 1e4, 1e7)
    brute = BruteForce(frame, cauchy, HALF_NORMAL, (0, 1), edges=edges)
    for g, site in enumerate("ac"):
        for x in (-3, 0, 2, 5):
            assert post.probability(site, upper=x) == pytest.approx(brute.cdf(g, x), abs=1e-7)


def test_groups_by_two_columns_and_missing_rows():
    frame = FRAME.assign(arm=["x", "x", "y", "x", "x", "y", "y"])
    frame.loc[1, "yi"] = np.nan
    post = ev.bayes_compare(frame, by=["site", "arm"])
    assert list(post.groups.index) == [("a", "x"), ("a", "y"), ("b", "x"), ("c", "y")]
    assert list(post.groups["k"]) == [1, 1, 2, 2] and post.k == 6
    assert post.probability(("b", "x"), lower=0) == pytest.approx(post.groups["p_positive"].iloc[2], abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ev.bayes_compare(FRAME[:3], by="site"), ev.InvalidInput, "one group"),
        (lambda: ev.bayes_compare(FRAME, by="place"), ev.InvalidInput, "'place'"),
        (lambda: ev.bayes_compare(FRAME, by="site", between_prior=ev.Jeffreys()), ev.InvalidInput, "HalfNormal"),
        (lambda: ev.bayes_compare(FRAME, by="site", between_prior=ev.DuMouchel()), ev.InvalidInput, "HalfNormal"),
        (lambda: ev.bayes_compare(FRAME[:5], by="site", between_prior=ev.Uniform()), ev.NotEstimable, "between groups"),
        (lambda: ev.bayes_compare(FRAME, by="site").probability("z"), ev.InvalidInput, "'z'"),
    ],
)
def test_errors_teach(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_results_read_well():
    post = pickle.loads(pickle.dumps(ev.bayes_compare(FRAME, by="site", worthwhile=0.3)))
    assert "a has the largest average effect" in post.sentence()
    assert "3 groups" in post.summary() and repr(post) == post.summary()
    assert post._repr_html_().count("<tr") == 5
    x = np.linspace(-3, 4, 4001)
    assert np.trapezoid(post.density("b", x), x) == pytest.approx(1, abs=1e-6)
