"""ev.mantel_haenszel, ev.peto and ev.glmm against metafor, by hand, by brute force and from the user's side."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence as ev
from evidence.models.counts.likelihoods import MODELS, GlmmModel
from evidence.models.counts.mantel_haenszel import METHODS, CountMeasure

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "counts.json").read_text())
DATA = [name for name in ORACLE if "mh" in ORACLE[name]]
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
