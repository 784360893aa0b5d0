"""ev.glmm against rma.glmm, by general-purpose integration, by brute force and from the user's side."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import binom, nchypergeom_fisher, norm

import evidence as ev
from evidence.models.counts.hypergeometric import ConditionalHypergeometric
from evidence.models.counts.likelihood import log_choose
from evidence.models.counts.two_by_two import read_tables

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "counts.json").read_text())


DATA = [name for name in ORACLE if "mh" in ORACLE[name]]


FITS = [(name, fit) for name in DATA for fit in ORACLE[name]["glmm"]]


NIELWEISE = pd.DataFrame(ORACLE["nielweise"]["data"])


@pytest.mark.parametrize(("name", "which"), FITS)
def test_glmm_agrees_with_rma_glmm(name: str, which: str) -> None:
    """metafor stops glmer's and optim's searches near the top, and takes standard errors from a numerical Hessian."""
    expected = ORACLE[name]["glmm"][which]
    model, method = which.split()
    fit = ev.glmm(pd.DataFrame(ORACLE[name]["data"]), model=model, method=method)  # type: ignore[arg-type]
    assert fit.estimate == pytest.approx(expected["beta"], rel=2e-4)
    assert fit.se == pytest.approx(expected["se"], rel=1e-3)
    assert fit.tau2 == pytest.approx(expected["tau2"], rel=1e-3, abs=1e-6)
    assert fit.i2 == pytest.approx(expected["i2"], rel=1e-3, abs=1e-3)
    assert fit.h2 == pytest.approx(expected["h2"], rel=1e-3)
    assert fit.likelihood_ratio.statistic == pytest.approx(expected["lrt"], rel=1e-5)
    assert fit.likelihood_ratio.df == expected["df"]
    assert fit.wald.statistic == pytest.approx(expected["wald"], rel=1e-3)
    assert fit.k == expected["k"]
    if method == "EE" or model == "CM.EL":
        # With random effects rma.glmm 3.8.1 adds half glmer's conditional deviance to the saturated likelihood, which
        # is not the likelihood: see test_the_likelihood_is_the_integral.
        found = (fit.log_likelihood, fit.aic, fit.bic, fit.aicc)
        assert found == pytest.approx(expected["fit"], rel=1e-5)


MODERATED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "glmm_moderators.json").read_text())


@pytest.mark.parametrize(
    "case", MODERATED["cases"], ids=lambda case: " ".join(case[n] for n in ("data", "formula", "model", "method"))
)
def test_moderators_agree_with_rma_glmm(case: dict[str, Any]) -> None:
    frame = pd.DataFrame(MODERATED["data"][case["data"]])
    fit = ev.glmm(frame, model=case["model"], method=case["method"], formula=case["formula"])
    np.testing.assert_allclose(fit.coefficients["estimate"], case["beta"], rtol=1e-3, atol=2e-4)
    np.testing.assert_allclose(fit.coefficients["se"], case["se"], rtol=2e-3)
    assert fit.tau2 == pytest.approx(case["tau2"], rel=2e-3, abs=1e-6)
    assert (fit.qm, fit.qm_p) == pytest.approx((case["qm"], case["qm_p"]), rel=5e-3)
    assert fit.likelihood_ratio.statistic == pytest.approx(case["lrt"], rel=1e-5)
    assert fit.wald.statistic == pytest.approx(case["wald"], rel=2e-3)
    assert (fit.k, fit.likelihood_ratio.df) == (case["k"], case["df"])
    if case["method"] == "EE" or case["model"] == "CM.EL":
        assert fit.log_likelihood == pytest.approx(case["fit"], rel=1e-6)


def test_a_moderator_that_is_constant_leaves_the_mean() -> None:
    whole, moderated = ev.glmm(NIELWEISE), ev.glmm(NIELWEISE.assign(x=1.0), formula="~ 0 + x")
    found = moderated.coefficients.iloc[0]
    assert (found["estimate"], found["se"], moderated.tau2) == pytest.approx(
        (whole.estimate, whole.se, whole.tau2), rel=1e-6
    )
    predicted = moderated.predict(pd.DataFrame({"x": [1.0]})).iloc[0]
    assert tuple(predicted[["pi_low", "pi_high"]]) == pytest.approx(whole.prediction_interval, rel=1e-6)
    assert "moderators" in moderated.summary() and moderated.plot() is not None


def test_moderators_of_counts_are_columns() -> None:
    with pytest.raises(ev.InvalidInput, match="give a frame with the counts"):
        ev.glmm([1, 3], [9, 8], [2, 4], [8, 7], formula="~ dose")  # type: ignore[call-overload]
    with pytest.raises(ev.InvalidInput, match="not a column"):
        ev.glmm(NIELWEISE, formula="~ dose")
    gap = NIELWEISE.assign(x=np.where(np.arange(18) == 4, np.nan, np.arange(18)))
    assert ev.glmm(gap, formula="~ x").dropped == 2  # one of them without information


def conditional_binomial(a: int, b: int, c: int, d: int, delta: float) -> float:
    n1, n2 = a + b, c + d
    return float(binom.pmf(a, a + c, 1 / (1 + math.exp(-delta) * n2 / n1)))


def conditional_hypergeometric(a: int, b: int, c: int, d: int, delta: float) -> float:
    return float(nchypergeom_fisher.pmf(a, a + b + c + d, a + c, a + b, math.exp(delta)))


@pytest.mark.parametrize(("model", "density"), [("CM.AL", conditional_binomial), ("CM.EL", conditional_hypergeometric)])
def test_the_likelihood_is_the_integral(model: Any, density: Any) -> None:
    """By general-purpose integration: value, top, and the curvature that standard errors come from."""
    tables = NIELWEISE[(NIELWEISE["ai"] + NIELWEISE["ci"]) > 0].to_numpy()[:6]
    fit = ev.glmm(pd.DataFrame(tables, columns=["ai", "bi", "ci", "di"]), model=model)

    def likelihood(theta: float, tau: float) -> float:
        total = 0.0
        for table in tables.tolist():
            part = quad(
                lambda u, t=table: density(*t, theta + u) * norm.pdf(u, 0, tau), -14, 14, epsabs=1e-12, limit=200
            )
            total += math.log(part[0])
        return total

    theta, tau = fit.estimate, math.sqrt(fit.tau2)
    top = likelihood(theta, tau)
    assert fit.log_likelihood == pytest.approx(top, abs=1e-6)
    h = 0.02
    f = {(i, j): likelihood(theta + i * h, tau + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert f[0, 0] >= max(f.values())
    tt = -(f[1, 0] - 2 * top + f[-1, 0]) / h**2
    ss = -(f[0, 1] - 2 * top + f[0, -1]) / h**2
    ts = -(f[1, 1] - f[1, -1] - f[-1, 1] + f[-1, -1]) / (4 * h**2)
    covariance = np.linalg.inv([[tt, ts], [ts, ss]])
    assert fit.se == pytest.approx(math.sqrt(covariance[0, 0]), rel=2e-3)
    assert fit.tau2_se == pytest.approx(2 * tau * math.sqrt(covariance[1, 1]), rel=5e-3)


def test_trials_that_agree_need_no_search_far_out() -> None:
    """Where trials agree, the likelihood of a very wide spread is known too roughly to say that it rises."""
    trials = NIELWEISE[(NIELWEISE["ai"] + NIELWEISE["ci"]) > 0][:4]
    wide, exact = (ev.glmm(trials, model=model) for model in ("CM.AL", "CM.EL"))  # a warning would be an error here
    assert wide.tau2 == exact.tau2 == 0 and wide.estimate == pytest.approx(exact.estimate, abs=0.05)


WIDE = {"ai": [400, 30, 5, 2000, 9000, 0], "bi": [3000, 20000, 9000, 2100, 1000, 400],
        "ci": [300, 60, 9, 1000, 8000, 900], "di": [3000, 40000, 100, 3000, 400, 800]}  # fmt: skip


@pytest.mark.parametrize("delta", [-400.0, -12.0, -2.0, -0.5, 0.0, 0.3, 1.0, 3.0, 15.0, 500.0])
def test_the_exact_likelihood_of_large_trials_is_the_sum_over_every_table(delta: float) -> None:
    t = read_tables(*WIDE.values(), None, None)
    found = ConditionalHypergeometric(t).derivatives(np.zeros(t.k), np.full(t.k, delta))
    for i in range(t.k):
        cells = np.arange(max(0, t.events[i] - t.n2[i]), min(t.n1[i], t.events[i]) + 1)
        log = log_choose(t.n1[i], cells) + log_choose(t.n2[i], t.events[i] - cells) + cells * delta
        share = np.exp(log - logsumexp(log))
        mean = share @ cells
        own = log[int(t.ai[i] - cells[0])] - logsumexp(log)
        assert found.value[i] == pytest.approx(own, rel=1e-9, abs=1e-9)
        assert found.delta[i] == pytest.approx(t.ai[i] - mean, rel=1e-9, abs=1e-9)
        assert -found.delta_delta[i] == pytest.approx(share @ (cells - mean) ** 2, rel=1e-8, abs=1e-12)


def test_the_exact_likelihood_takes_no_longer_for_large_trials() -> None:
    """Where trials are large, the baseline of each is all but known, and the models agree."""
    rng = np.random.default_rng(1)
    a, c = rng.binomial(200_000, rng.uniform(0.3, 0.6, (2, 12)))
    start = time.process_time()
    exact = ev.glmm(a, None, c, None, "CM.EL", n1=[200_000] * 12, n2=[200_000] * 12)
    assert time.process_time() - start < 5
    binomial = ev.glmm(a, None, c, None, "UM.FS", n1=[200_000] * 12, n2=[200_000] * 12)
    assert (exact.estimate, exact.se, exact.tau2) == pytest.approx(
        (binomial.estimate, binomial.se, binomial.tau2), rel=1e-3
    )


def test_the_exact_likelihood_says_what_is_too_large() -> None:
    with pytest.raises(ev.NotEstimable, match=r'20,000,000; model="UM.FS"'):
        ev.glmm([10**6] * 2, None, [2 * 10**6] * 2, None, "CM.EL", n1=[10**7] * 2, n2=[10**7] * 2)


ONE_GROUP = json.loads((Path(__file__).parents[1] / "oracle" / "glmm_one_group.json").read_text())


@pytest.mark.parametrize("case", ONE_GROUP, ids=lambda case: case["label"])
def test_proportions_and_rates_of_single_groups_agree_with_brute_force_and_metafor(case):
    """Of rma.glmm with 25 nodes the optimiser stops in the fifth digit where effects vary: there the integral rules."""
    fit = ev.glmm(measure=case["measure"], method=case["method"], **case["inputs"])
    for name, value in case.get("exact", {}).items():
        assert getattr(fit, name) == pytest.approx(value, rel=1e-6)
    tolerance = {"tau2": 3e-5, "i2": 3e-5, "h2": 3e-5} if "exact" in case else {}
    criteria = [] if "exact" in case else ["log_likelihood", "aic", "aicc", "bic"]
    for name in ("estimate", "se", "tau2", "i2", "h2", *criteria):
        assert getattr(fit, name) == pytest.approx(case[name], rel=tolerance.get(name, 1e-5))
    assert fit.likelihood_ratio.statistic == pytest.approx(case["lrt"], rel=1e-6)
    assert fit.wald.statistic == pytest.approx(case["wald"], abs=1e-5) and fit.wald.df == case["df"]


def test_a_single_groups_model_takes_frames_and_reads_itself_back():
    frame = pd.DataFrame({"study": list("ABCD"), "xi": [0, 3, 11, 4], "mi": [18, 38, 49, 18]})
    fit = ev.glmm(frame, measure="plo")
    given = ev.glmm(measure="PLO", xi=frame["xi"], ni=frame["xi"] + frame["mi"])
    assert (fit.estimate, fit.slab) == (given.estimate, ("A", "B", "C", "D"))
    assert fit.ratio[0] == pytest.approx(1 / (1 + math.exp(-fit.estimate))) and "proportion 0.12" in fit.summary()
    assert ev.back_transform(fit.to_frame(), "PLO").loc[0, "ci_high"] == pytest.approx(fit.ratio[1].high)
    texts = [text.get_text() for text in ev.plots.forest(fit).texts]
    assert "Proportion (logit scale)" in texts
    for wrong, words in (
        ({"xi": [0, 0], "ni": [9, 9]}, "nobody has the event"),
        ({"xi": [9, 9], "ni": [9, 9]}, "everybody has the event"),
        ({"xi": [9, 9]}, "missing: ni"),
        ({"xi": [9, 19], "ni": [9, 9]}, "not exceed ni"),
        ({"xi": [9, 19], "ni": [9, 30], "n1": [3, 4]}, "no counts of a second group"),
        ({"ai": [9, 19], "ni": [9, 30]}, "takes a frame, or counts of one group by name"),
    ):
        with pytest.raises(ev.EvidenceError, match=words):
            ev.glmm(measure="PLO", **wrong)
    with pytest.raises(ev.InvalidInput, match="are for PLO and IRLN"):
        ev.glmm([1], [2], [3], [4], ni=[4])
