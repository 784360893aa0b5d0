"""ev.mantel_haenszel, ev.peto and ev.glmm against metafor, by hand, by brute force and from the user's side."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import binom, nchypergeom_fisher, norm

import evidence as ev
from evidence.models.counts.hypergeometric import ConditionalHypergeometric
from evidence.models.counts.likelihood import log_choose
from evidence.models.counts.likelihoods import MODELS, GlmmModel
from evidence.models.counts.mantel_haenszel import METHODS, CountMeasure
from evidence.models.counts.two_by_two import read_tables

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "counts.json").read_text())
DATA = [name for name in ORACLE if "mh" in ORACLE[name]]
FITS = [(name, fit) for name in DATA for fit in ORACLE[name]["glmm"]]
NIELWEISE = pd.DataFrame(ORACLE["nielweise"]["data"])


def frame_of(name: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE[name]["data"])


def assert_agrees(fit: ev.CountsPooled, expected: dict[str, Any]) -> None:
    names = {"estimate": "beta", "se": "se", "statistic": "z", "p_value": "p", "q": "q", "q_p": "q_p", "i2": "i2"}
    for ours, theirs in (names | {"h2": "h2", "k": "k", "k_informative": "k_yi"}).items():
        assert getattr(fit, ours) == pytest.approx(expected[theirs], rel=1e-10, abs=1e-300), ours
    assert fit.ci == pytest.approx((expected["ci_low"], expected["ci_high"]), rel=1e-10)
    tests = {"Cochran-Mantel-Haenszel": "MH", "Mantel-Haenszel": "MH", "Breslow-Day": "BD", "Tarone": "TA"}
    for name, test in fit.tests.items():
        assert test.statistic == pytest.approx(expected[tests[name]], rel=1e-10), name
        assert test.p_value == pytest.approx(expected[tests[name] + "p"], rel=1e-8), name


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("name", DATA)
def test_mantel_haenszel_agrees_with_rma_mh(name: str, measure: Any) -> None:
    fit = ev.mantel_haenszel(frame_of(name), measure=measure)
    assert_agrees(fit, ORACLE[name]["mh"][measure])
    assert set(fit.tests) == ({"Cochran-Mantel-Haenszel", "Breslow-Day", "Tarone"} if measure == "OR" else set())


def test_rate_ratio_agrees_with_rma_mh() -> None:
    assert_agrees(ev.mantel_haenszel(frame_of("lines"), measure="IRR"), ORACLE["lines"]["irr"])
    columns = frame_of("lines").to_dict("list")
    assert_agrees(ev.mantel_haenszel(measure="IRR", **columns), ORACLE["lines"]["irr"])


@pytest.mark.parametrize("name", DATA)
def test_peto_agrees_with_rma_peto(name: str) -> None:
    assert_agrees(ev.peto(frame_of(name)), ORACLE[name]["peto"])


@pytest.mark.parametrize(("name", "which"), FITS)
def test_glmm_agrees_with_rma_glmm(name: str, which: str) -> None:
    """metafor stops glmer's and optim's searches near the top, and takes standard errors from a numerical Hessian."""
    expected = ORACLE[name]["glmm"][which]
    model, method = which.split()
    fit = ev.glmm(frame_of(name), model=model, method=method)  # type: ignore[arg-type]
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
    fit = ev.glmm(NIELWEISE, model=model)
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


def test_one_table_by_hand() -> None:
    """8 of 20 against 5 of 25."""
    table = ([8], [12], [5], [20])
    assert ev.mantel_haenszel(*table, "OR").estimate == pytest.approx(math.log(8 * 20 / (12 * 5)))
    assert ev.mantel_haenszel(*table, "RR").estimate == pytest.approx(math.log((8 / 20) / (5 / 25)))
    assert ev.mantel_haenszel(*table, "RD").estimate == pytest.approx(8 / 20 - 5 / 25)
    woolf = math.sqrt(1 / 8 + 1 / 12 + 1 / 5 + 1 / 20)
    assert ev.mantel_haenszel(*table, "OR").se == pytest.approx(woolf)
    variance = 20 * 25 * 13 * 32 / (45**2 * 44)
    assert ev.peto(*table).estimate == pytest.approx((8 - 20 * 13 / 45) / variance)
    assert ev.glmm(*table, method="EE").estimate == pytest.approx(math.log(8 * 20 / (12 * 5)), rel=1e-8)
    assert ev.glmm(*table, method="EE").se == pytest.approx(woolf, rel=1e-8)
    rates = ev.mantel_haenszel(x1=[6], t1=[120], x2=[9], t2=[100], measure="IRR")
    assert rates.estimate == pytest.approx(math.log((6 / 120) / (9 / 100)))
    assert rates.se == pytest.approx(math.sqrt(1 / 6 + 1 / 9))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_swapping_groups_turns_the_sign_and_order_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = 5
    a, c = rng.integers(1, 9, k), rng.integers(1, 9, k)
    b, d = rng.integers(5, 60, k), rng.integers(5, 60, k)
    order = rng.permutation(k)
    for fitted in (ev.mantel_haenszel, ev.peto, ev.glmm):
        fit, turned = fitted(a, b, c, d), fitted(c[order], d[order], a[order], b[order])
        assert turned.estimate == pytest.approx(-fit.estimate, rel=1e-6, abs=1e-7)
        assert turned.se == pytest.approx(fit.se, rel=1e-5)
    difference = ev.mantel_haenszel(a, b, c, d, "RD"), ev.mantel_haenszel(c, d, a, b, "RD")
    assert difference[0].estimate == pytest.approx(-difference[1].estimate)
    assert difference[0].se == pytest.approx(difference[1].se)


def test_totals_do_for_the_cells_without_the_event() -> None:
    frame = NIELWEISE
    totals = {"n1": frame["ai"] + frame["bi"], "n2": frame["ci"] + frame["di"]}
    for fitted in (ev.mantel_haenszel, ev.peto):
        assert fitted(frame["ai"], ci=frame["ci"], **totals).estimate == fitted(frame).estimate


def test_trials_without_events_change_nothing_but_are_counted() -> None:
    empty = pd.DataFrame({"ai": [0], "bi": [40], "ci": [0], "di": [35]})
    more = pd.concat([NIELWEISE, empty], ignore_index=True)
    assert ev.mantel_haenszel(more).estimate == pytest.approx(ev.mantel_haenszel(NIELWEISE).estimate, rel=1e-14)
    assert ev.peto(more).se == pytest.approx(ev.peto(NIELWEISE).se, rel=1e-14)
    base, fit = ev.glmm(NIELWEISE, model="CM.AL"), ev.glmm(more, model="CM.AL")
    assert fit.estimate == pytest.approx(base.estimate, rel=1e-10)
    assert fit.dropped == base.dropped + 1


def test_equal_tables_have_no_heterogeneity() -> None:
    fit = ev.glmm([4] * 5, [30] * 5, [9] * 5, [25] * 5, model="CM.EL")
    assert fit.tau2 == 0 and fit.tau2_se is None
    assert fit.likelihood_ratio.statistic == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_pooled_is_refused_with_the_reason() -> None:
    with pytest.raises(ev.NotEstimable, match="no odds ratio can be pooled"):
        ev.mantel_haenszel([0, 0], [10, 10], [3, 2], [7, 8])
    with pytest.raises(ev.NotEstimable, match="no risk ratio"):
        ev.mantel_haenszel([0, 0], [10, 10], [3, 2], [7, 8], "RR")
    with pytest.raises(ev.NotEstimable, match="no standard error"):
        ev.mantel_haenszel([0], [10], [0], [7], "RD")
    with pytest.raises(ev.NotEstimable, match="both people with and people without"):
        ev.peto([0], [10], [0], [7])
    with pytest.raises(ev.NotEstimable, match="zero in every trial"):
        ev.glmm([0, 0], [10, 10], [3, 2], [7, 8])
    with pytest.raises(ev.InvalidInput, match="one of bi and n1"):
        ev.peto([1], ci=[2], di=[3])
    with pytest.raises(ev.InvalidInput, match="exceeds n1 in row 1"):
        ev.peto([1, 9], ci=[2, 2], di=[3, 3], n1=[4, 4])
    with pytest.raises(ev.InvalidInput, match="without people"):
        ev.peto([0], [0], [2], [3])
    with pytest.raises(ev.InvalidInput, match=r"ai\[0\] = -1"):
        ev.peto([-1], [3], [2], [3])
    with pytest.raises(ev.InvalidInput, match="is unknown; choose one of UM"):
        ev.glmm(NIELWEISE, model="UM.RS")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="person-time is for IRR"):
        ev.mantel_haenszel(NIELWEISE, x1=[3])
    with pytest.raises(ev.InvalidInput, match="missing: t2"):
        ev.mantel_haenszel(x1=[3], t1=[10], x2=[4], measure="IRR")


def test_everybody_with_the_event_has_no_standard_error() -> None:
    everybody = {"ai": [7, 11], "bi": [0, 0], "ci": [13, 3], "di": [0, 0]}
    for measure in ("RR", "RD"):
        with pytest.raises(ev.NotEstimable, match="no standard error"):
            ev.mantel_haenszel(**everybody, measure=measure)
    with pytest.raises(ev.NotEstimable, match="no standard error"):  # all of one group, none of the other
        ev.mantel_haenszel([7, 11], [0, 0], [0, 0], [13, 3], measure="RD")


def test_counts_meet_by_label_and_keep_their_trials() -> None:
    named = NIELWEISE.set_axis([f"trial {i}" for i in range(len(NIELWEISE))])
    for method in (ev.mantel_haenszel, ev.peto, ev.glmm):
        whole = method(named)
        own = named.index[own_effect(named)]
        turned = method(named["ai"], named["bi"].iloc[::-1], named["ci"], n2=(named["ci"] + named["di"]).iloc[::-1])
        assert turned.estimate == whole.estimate and turned.slab == whole.slab == tuple(own)
        assert method(named.assign(trial=range(18)), slab="trial").slab[0] == "0"
        pooled = ev.pool(whole, method="EE")
        assert pooled.frame is not None and pooled.frame["ai"].equals(named.loc[own, "ai"])
        with pytest.raises(ev.InvalidInput, match="bi has other labels than ai"):
            method(named["ai"], named["bi"].rename({"trial 3": "x"}), named["ci"], named["di"])
    fit = ev.mantel_haenszel(named, measure="RD")
    # up to what half an event in zero cells moves the trials
    assert fit.weights @ fit.yi / fit.weights.sum() == pytest.approx(fit.estimate, abs=0.005)
    assert ev.peto(named).weights.sum() == pytest.approx(100)
    rates = ev.mantel_haenszel(x1=[3, 5], t1=[10, 20], x2=[4, 9], t2=[11, 19], measure="IRR", slab=["a", "b"])
    assert rates.slab == ("a", "b") and len(rates.yi) == 2


def own_effect(frame: pd.DataFrame) -> pd.Series:
    return (frame["ai"] + frame["ci"] > 0) & (frame["bi"] + frame["di"] > 0)


def test_registries_hold_literals_and_reference_together() -> None:
    assert tuple(METHODS) == get_args(CountMeasure) and tuple(MODELS) == get_args(GlmmModel)
    for names, function in ((METHODS, ev.mantel_haenszel), (MODELS, ev.glmm)):
        assert all(f'"{name}"' in (function.__doc__ or "") for name in names)


def test_what_a_reader_sees() -> None:
    fit = ev.mantel_haenszel(NIELWEISE)
    assert "k = 18, 17 with an effect of their own" in fit.summary()
    assert "Tarone: χ²(16)" in fit.summary()
    assert fit.sentence().startswith("Across 18 trials the pooled odds ratio is 0.")
    assert fit.to_frame().loc[0, "q_df"] == 16 and "<strong>" in fit._repr_html_()
    assert "risk difference is −0." in ev.mantel_haenszel(NIELWEISE, measure="RD").sentence()
    mixed = ev.glmm(NIELWEISE, model="CM.AL")
    assert "1 without information left out" in mixed.summary()
    assert mixed.sentence().startswith("Across 17 trials the average odds ratio is 0.27")
    assert mixed.to_frame().loc[0, "tau2"] == mixed.tau2 and repr(mixed) in mixed.summary()
    assert mixed.prediction_interval is not None and mixed.prediction_interval.low < mixed.ci.low
    assert ev.glmm(NIELWEISE, method="EE").prediction_interval is None


def test_a_measure_in_small_letters_is_the_same():
    table = ([12, 8], [28, 30], [20, 9], [21, 30])
    assert ev.mantel_haenszel(*table, "rr").estimate == ev.mantel_haenszel(*table, "RR").estimate
    with pytest.raises(ev.InvalidInput, match="measure 'SMD' is unknown; choose one of OR, RR, RD, IRR"):
        ev.mantel_haenszel(*table, "SMD")


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
