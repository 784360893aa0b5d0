"""ev.bayes from its user's side: what it refuses and why, priors of one's own, and what results say."""

import math
import pickle

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.bayes.tau_prior import TauPrior

YI, VI = [0.1, 0.3, 0.35, 0.65, -0.2], [0.03, 0.03, 0.05, 0.01, 0.2]


def test_a_group_without_a_posterior_is_named_by_its_size():
    frame = pd.DataFrame({"site": list("aaab"), "yi": [0.1, 0.3, 0.2, 0.5], "vi": [0.1] * 4})
    with pytest.raises(ev.NotEstimable, match="among the groups with k = 1"):
        ev.bayes(frame, by="site", tau_prior=ev.Uniform())
    with pytest.raises(ev.InvalidInput, match="group b has no study"):
        ev.bayes(frame.assign(vi=[0.1] * 3 + [np.nan]), by="site")


def test_heavy_tails_are_said_and_never_hidden():
    with pytest.warns(ev.SmallSample, match="neither mean nor"):
        post = ev.bayes([0.3], [0.04], tau_prior=ev.HalfCauchy(0.5))
    assert post.tau["mean"] == post.tau["sd"] == math.inf
    assert math.isnan(post.mu["mean"]) and math.isfinite(post.mu["median"])
    # one study under a flat mean says nothing about tau: the prior comes back
    assert post.tau["median"] == pytest.approx(0.5, rel=1e-8)


@pytest.mark.parametrize("prior", [ev.Uniform(), ev.Jeffreys()])
def test_improper_priors_need_studies(prior):
    with pytest.raises(ev.NotEstimable, match="never ruled out"):
        ev.bayes(YI[:1], VI[:1], tau_prior=prior)
    if isinstance(prior, ev.Uniform):
        with pytest.raises(ev.NotEstimable, match="k = 2"):
            ev.bayes(YI[:2], VI[:2], tau_prior=prior)
    post = ev.bayes(YI, VI, tau_prior=prior)
    assert post.log_evidence is None
    with pytest.raises(ev.NotEstimable, match="proper"):
        post.bayes_factor("tau")
    with pytest.raises(ev.NotEstimable, match="proper"):
        post.bayes_factor("mu")


def test_a_prior_of_ones_own():
    class Steps(TauPrior):
        """Smooth, or with a jump at 0.4."""

        def __init__(self, jump):
            self.jump = jump

        def log_density(self, tau, vi):
            return math.log(4) - 4 * tau - (self.jump * (tau > 0.4) if self.jump else 0.0)

        def log_landmarks(self, vi):
            return [0.0]

    smooth, known = (ev.bayes(YI, VI, tau_prior=prior) for prior in (Steps(0), ev.Exponential(0.25)))
    found, expected = (post.to_frame().set_index("quantity").to_numpy() for post in (smooth, known))
    assert found == pytest.approx(expected, abs=1e-8)
    with pytest.warns(ev.NotConverged, match="smooth"):
        ev.bayes(YI, VI, tau_prior=Steps(3))


def test_exact_agreement_without_error_is_refused():
    with pytest.raises(ev.NotEstimable, match="near tau = 0"):
        ev.bayes([0.3, 0.3, 0.1], [0, 0, 0.1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.HalfNormal(0), "positive"),
        (lambda: ev.HalfT(3, math.inf), "positive"),
        (lambda: ev.LogNormal(math.nan, 1), "finite"),
        (lambda: ev.bayes(YI, VI, tau_prior=0.5), "HalfNormal"),
        (lambda: ev.bayes(YI, VI, mu_prior=(0, 0)), "positive"),
        (lambda: ev.bayes(YI, VI, mu_prior=0.3), "mean, sd"),
        (lambda: ev.bayes(YI, VI, level=95), "between 0 and 1"),
        (lambda: ev.bayes(YI, VI).quantile(1.0), "between 0 and 1"),
        (lambda: ev.bayes(YI, VI).probability(0.3, 0.1), "lower <= upper"),
        (lambda: ev.bayes(YI, VI).density(0.1, of="Study 9"), "Study 9"),
        (lambda: ev.bayes(YI, [0.0, *VI[1:]], tau_prior=ev.DuMouchel()), "DuMouchel"),
        (lambda: ev.bayes(YI, by="site"), "frame"),
        (lambda: ev.bayes(pd.DataFrame({"yi": YI, "vi": VI}), by="site"), "'site'"),
    ],
)
def test_errors_teach(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()


def test_results_read_well():
    post = pickle.loads(pickle.dumps(ev.bayes(YI, VI)))
    assert list(post.to_frame()["quantity"]) == ["mu", "tau", "predictive"]
    assert "5 studies" in post.sentence() and "credible interval" in post.sentence()
    assert "HalfNormal(scale=0.5)" in post.summary() and post.summary() == repr(post)
    page = post._repr_html_()
    assert "Study 5" in page and "<table" in page
    assert f"{post.mu['median']:.2f}" in post.sentence()
