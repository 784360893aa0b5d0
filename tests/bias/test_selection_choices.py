"""Fixed chances, precisions, thresholds and truncation, against what metafor's tests print and brute force.

Printed values: metafor, tests/testthat/test_misc_selmodel.r (version 4.9). Its integrate() loses digits where w jumps,
at a threshold; there the likelihood is integrated here by pieces.
"""

from __future__ import annotations

import json
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import evidence as ev

SETS = json.loads((Path(__file__).parents[1] / "oracle" / "bias_selmodel.json").read_text())["sets"]
# correlations of ratings of instructors with achievement: Cohen (1981), dat.cohen1981 of metadat
COHEN = {
    "ri": [
        0.68,
        0.56,
        0.23,
        0.64,
        0.49,
        -0.04,
        0.49,
        0.33,
        0.58,
        0.18,
        -0.11,
        0.27,
        0.26,
        0.4,
        0.49,
        0.51,
        0.4,
        0.34,
        0.42,
        0.16,
    ],
    "ni": [10, 20, 13, 22, 28, 12, 12, 36, 19, 12, 36, 75, 33, 121, 37, 14, 40, 16, 14, 20],
}
HAHN = pd.DataFrame(SETS["hahn2001"])
SLOPES = ("halfnorm", "negexp", "logistic", "power")


def less(**chosen: Any) -> ev.SelectionModel:
    fit = ev.pool(HAHN["yi"], HAHN["vi"], method="EE", test="z")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.NotConverged)
        return ev.selection_model(fit, alternative="less", **chosen)


@pytest.mark.parametrize(
    ("delta", "estimate", "tau2"),
    [
        ("moderate", 0.351894, 0.0045),
        ("severe", 0.321518, 0.009544),
        ("moderate two-tailed", 0.362019, 0.002774),
        ("severe two-tailed", 0.33218, 0.005652),
    ],
)
def test_the_patterns_of_vevea_and_woods_give_what_metafor_prints(delta: str, estimate: float, tau2: float) -> None:
    found = ev.selection_model(ev.pool(ev.effect_size("ZCOR", **COHEN), method="ML", test="z"), delta=delta)
    assert (found.estimate, found.tau2) == pytest.approx((estimate, tau2), abs=1e-6)
    assert found.lr_test is None and found.weights["se"].isna().all()
    assert "assumed, not estimated" in found.sentence() and "not tested" in found.summary()


@pytest.mark.parametrize(
    ("kind", "slope", "se"),
    [
        ("halfnorm", 3.506329, 3.3873),
        ("negexp", 2.279336, 2.133013),
        ("logistic", 3.017851, 2.315789),
        ("power", 1.444174, 1.381633),
    ],
)
def test_precision_gives_what_metafor_prints(kind: Any, slope: float, se: float) -> None:
    found = less(kind=kind, prec="sei").weights.iloc[0]
    largest = float(
        np.sqrt(HAHN["vi"]).max()
    )  # ours are slopes of the least precise study, those printed are of se = 1
    assert found["estimate"] / largest == pytest.approx(slope, rel=5e-5)
    assert found["se"] / largest == pytest.approx(se, rel=5e-5)


def test_truncation_gives_what_metafor_prints() -> None:
    data = SETS["hackshaw1998"]
    found = ev.selection_model(ev.pool(data["yi"], data["vi"], method="ML", test="z"), kind="trunc")
    assert found.weights["estimate"].iloc[1] == pytest.approx(0.3818424, abs=1e-5)
    assert found.weights["se"].iloc[1] == pytest.approx(0.2235527, rel=1e-4)
    assert (found.lr_test.statistic, found.lr_test.df) == pytest.approx((3.054457, 1), abs=1e-5)
    assert found.tau2 == pytest.approx(0.02677134, abs=5e-6)
    turned = ev.selection_model(-np.array(data["yi"]), data["vi"], kind="trunc", alternative="less")
    assert turned.estimate == pytest.approx(-found.estimate)


def brute_force(kind: str, mu: float, slope: float, alpha: float, precision: np.ndarray) -> float:
    """Log-likelihood of effects turned to the right, the mean of w by pieces between its jump and far away."""
    weight = {
        "halfnorm": lambda p, d: np.exp(-d * p**2),
        "negexp": lambda p, d: np.exp(-d * p),
        "logistic": lambda p, d: 2 / (1 + np.exp(d * p)),
        "power": lambda p, d: (1 - p) ** d,
    }[kind]
    total = 0.0
    for y, v, c in zip(-HAHN["yi"], HAHN["vi"], precision, strict=True):
        se = np.sqrt(v)
        cut = stats.norm.isf(alpha) * se

        def seen(x: float, se: float = se, c: float = c) -> float:
            p = min(max(stats.norm.sf(x / se), 1e-5), 1 - 1e-5)
            return float(weight(p, slope * c) * stats.norm.pdf(x, mu, se))

        edges = [mu - 12 * se, -4.26489 * se, 0.0, cut]
        mean = stats.norm.sf(cut, mu, se)
        mean += sum(integrate.quad(seen, a, b, epsabs=1e-14, limit=100)[0] for a, b in pairwise(edges) if a < b)
        p = stats.norm.sf(y / se)
        total += stats.norm.logpdf(y, mu, se) - np.log(mean) + (np.log(weight(p, slope * c)) if p > alpha else 0.0)
    return total


@pytest.mark.parametrize("kind", SLOPES)
@pytest.mark.parametrize("prec", ["sei", None])
def test_a_threshold_agrees_with_brute_force(kind: Any, prec: Any) -> None:
    found = less(kind=kind, prec=prec, steps=0.05)
    se = np.sqrt(HAHN["vi"].to_numpy())
    precision = se / se.max() if prec else np.ones(len(se))
    at = (-found.estimate, float(found.weights["estimate"].iloc[0]))
    top = brute_force(kind, *at, 0.05, precision)
    assert found.log_likelihood == pytest.approx(top, abs=1e-6)
    for step in ((1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-2), (0.0, -1e-2)):
        assert brute_force(kind, at[0] + step[0], at[1] + step[1], 0.05, precision) < top + 1e-9
    assert found.selection([0.03, 0.05])[0] == found.selection(0.05) == 1 > found.selection(0.06)


def test_precision_and_two_slopes_go_together() -> None:
    found = less(kind="negexppow", prec="sei")
    top, (slope, power) = found.log_likelihood, found.weights["estimate"]
    for step in ((0.1, 0.0), (-0.1, 0.0), (0.0, 0.02), (0.0, -0.02)):
        aside = (slope + step[0], min(max(power + step[1], 0.5), 2.0))
        assert less(kind="negexppow", prec="sei", delta=aside).log_likelihood <= top + 1e-6
    plain, bent = less(kind="negexp", prec="sei", delta=[2.0]), less(kind="negexppow", prec="sei", delta=(2.0, 1.0))
    assert bent.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-4)


def test_precision_by_people_and_by_variance_are_scaled_alike() -> None:
    people = 4 / HAHN["vi"].to_numpy()
    for by_variance, by_people in (("vi", "ninv"), ("sei", "sqrtninv")):
        one, two = less(kind="negexp", prec=by_variance), less(kind="negexp", prec=by_people, ni=people)
        assert one.estimate == pytest.approx(two.estimate) and one.weights.equals(
            two.weights.mask(~two.weights.isna(), one.weights)
        )


def test_people_come_by_name_or_by_values_and_are_paired_by_label() -> None:
    trials = HAHN.set_axis([f"trial {at}" for at in range(len(HAHN))]).assign(people=np.arange(50, 50 + len(HAHN)) ** 2)
    trials.loc["trial 0", "yi"] = np.nan  # left out, with its people

    def estimate(people: Any) -> float:
        fit = ev.selection_model(trials, kind="negexp", prec="sqrtninv", alternative="less", ni=people)
        return fit.estimate

    expected = estimate(trials["people"].to_list())
    for people in ("people", trials["people"].iloc[::-1], trials["people"].to_list()[1:]):
        assert estimate(people) == expected
    with pytest.raises(ev.InvalidInput, match="no column 'persons' for ni"):
        estimate("persons")
    with pytest.raises(ev.InvalidInput, match="ni has 0"):
        estimate(trials["people"] * 0)


def test_a_power_of_p_holds_its_special_cases() -> None:
    for kind, power in (("halfnorm", 0.5), ("negexp", 1.0)):
        own, special = less(kind="negexppow", delta=(None, power)), less(kind=kind)
        assert own.log_likelihood == pytest.approx(special.log_likelihood, abs=1e-5)
        assert own.weights["estimate"].iloc[0] == pytest.approx(special.weights["estimate"].iloc[0], rel=1e-3)
        assert own.lr_test.df == 1
    # what metafor prints, 2.673818 and 1.153199, is a local maximum; the half-normal is likelier
    slope = less(kind="negexppow", delta=(None, 1.153199))
    assert slope.weights["estimate"].iloc[0] == pytest.approx(2.673818, rel=1e-4)
    assert slope.log_likelihood < less(kind="negexppow").log_likelihood
    assert less(kind="negexppow").weights["estimate"].iloc[1] == 0.5


def test_a_chance_fixed_at_what_was_estimated_changes_nothing() -> None:
    data = SETS["hackshaw1998"]
    free = ev.selection_model(data["yi"], data["vi"], steps=(0.05, 0.5))
    held = ev.selection_model(
        data["yi"], data["vi"], steps=(0.05, 0.5), delta=(1, None, free.weights["estimate"].iloc[2])
    )
    assert held.estimate == pytest.approx(free.estimate, abs=1e-6) and held.se < free.se
    assert (held.lr_test.df, free.lr_test.df) == (1, 2) and np.isnan(held.weights["se"].iloc[2])
    none = ev.selection_model(data["yi"], data["vi"], steps=(0.05, 0.5), delta=(1, 1, 1))
    assert none.estimate == pytest.approx(ev.pool(data["yi"], data["vi"], method="ML").estimate, abs=1e-7)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"delta": "harsh"}, "delta 'harsh' is unknown"),
        ({"delta": "severe", "steps": 0.05}, "brings its own steps"),
        ({"delta": (0.5, 1)}, "has to begin with 1"),
        ({"delta": (1,)}, "has 1 values; stepfun has 2"),
        ({"delta": (1, -1)}, "0 or more"),
        ({"kind": "negexp", "steps": (0.1, 0.2)}, "one threshold at most"),
        ({"kind": "beta", "prec": "sei"}, "takes no precision"),
        ({"kind": "negexp", "prec": "ninv"}, "needs ni"),
        ({"kind": "negexp", "prec": "n"}, "prec 'n' is unknown"),
        ({"kind": "negexp", "ni": [1, 2]}, "nothing looks at it"),
        ({"kind": "trunc", "alternative": "two-sided"}, "one side"),
        ({"kind": "trunc", "steps": (0, 1)}, "the one effect"),
    ],
)
def test_choices_that_do_not_fit_are_refused(chosen: dict[str, Any], words: str) -> None:
    data = SETS["hackshaw1998"]
    with pytest.raises(ev.InvalidInput, match=words):
        ev.selection_model(data["yi"], data["vi"], **chosen)


def test_truncation_has_no_p_value_to_ask_for_and_needs_both_sides() -> None:
    data = SETS["hackshaw1998"]
    with pytest.raises(ev.NotEstimable, match="not at p values"):
        ev.selection_model(data["yi"], data["vi"], kind="trunc").selection(0.1)
    with pytest.raises(ev.NotEstimable, match="no study lies at -9 or below"):
        ev.selection_model(data["yi"], data["vi"], kind="trunc", steps=-9)
