"""Boundaries that spend errors: against rpact, published tables, plain integration and simulated trials."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

import evidence as ev
from evidence.sensitivity.sequential.recursion import futility_boundaries
from evidence.sensitivity.sequential.spending import SPENDING, sequential_design

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "sequential.json").read_text())
CASES = [pytest.param(case, id=f"{case['spending']} {len(case['fractions'])} {case['alpha']}") for case in ORACLE]
NAMES = ["obrien-fleming", "pocock", "kim-demets"]


@pytest.mark.parametrize("case", CASES)
def test_boundaries_are_those_of_rpact(case):
    options = {"alpha": case["alpha"], "spending": case["spending"], "rho": case["rho"]}
    assert ev.spending_boundaries(case["fractions"], **options) == pytest.approx(case["two_sided"], abs=1e-6)
    options["alpha"] /= 2
    assert ev.spending_boundaries(case["fractions"], sided=1, **options) == pytest.approx(case["one_sided"], abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_futility_boundaries_are_those_of_rpact(case):
    """One-sided, as there, and under the drift for which both boundaries meet."""
    t, upper = np.array(case["fractions"], dtype=float), np.array(case["one_sided"])
    spent = SPENDING[case["spending"]](t, 1 - case["power"], case["rho"])
    drift = (norm.ppf(1 - case["alpha"] / 2) + norm.ppf(case["power"])) * np.sqrt(case["inflation"])
    found = futility_boundaries(t, upper, spent, drift)
    assert found == pytest.approx([*case["futility"], upper[-1]], abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_a_design_has_both(case):
    """Its boundary for benefit is that of a two-sided test, which moves futility by next to nothing."""
    design = sequential_design(
        tuple(map(float, case["fractions"])), case["alpha"], case["power"], case["spending"], float(case["rho"])
    )
    assert design.benefit == pytest.approx(case["two_sided"], abs=1e-6)
    expected = np.array([*case["futility"], case["two_sided"][-1]])
    assert design.futility[expected > 0] == pytest.approx(expected[expected > 0], abs=2e-4)
    assert np.isnan(design.futility[expected <= 0]).all()
    assert design.inflation == pytest.approx(case["inflation"], abs=2e-4)


@pytest.mark.parametrize(
    ("spending", "published"),
    [  # five equal looks at a two-sided 0.05, as gsDesign, ldbounds and Jennison & Turnbull (2000) print them
        ("obrien-fleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        ("pocock", [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_published_tables(spending, published):
    digits = 2e-4 if spending == "obrien-fleming" else 2e-3
    assert ev.spending_boundaries(np.arange(1, 6) / 5, spending=spending) == pytest.approx(published, abs=digits)


def test_the_printed_design_of_rtsa():
    """The vignette on futility: 1-sided 0.025, type-II error 0.2, non-binding futility, three looks."""
    t = (0.5, 0.75, 1.0)
    assert ev.spending_boundaries(t, 0.025, sided=1) == pytest.approx([2.963, 2.359, 2.014], abs=5e-4)
    design = sequential_design(t, 0.05, 0.8, "obrien-fleming", 1.0)
    assert design.futility == pytest.approx([0.633, 1.404, 2.014], abs=5e-4)
    assert design.inflation * np.array(t) == pytest.approx([0.567, 0.850, 1.133], abs=5e-4)


@pytest.mark.parametrize("spending", NAMES)
def test_what_is_spent_is_the_chance_to_cross(spending):
    """The multivariate normal distribution of all z, integrated without recursion."""
    t = np.array([0.3, 0.55, 1.0])
    bounds = ev.spending_boundaries(t, 0.05, spending)
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    stays = multivariate_normal(cov=correlation, abseps=1e-9, releps=1e-9, maxpts=4_000_000)
    inside = stays.cdf(bounds, lower_limit=-bounds)
    assert 1 - inside == pytest.approx(0.05, abs=2e-6)


def test_simulated_trials_cross_as_often_as_they_may():
    t = np.cumsum(np.random.default_rng(2).dirichlet(np.ones(12)))
    t[-1] = 1.0
    design = sequential_design(tuple(t), 0.1, 0.8, "pocock", 1.0)
    steps = np.diff(t, prepend=0.0)
    rng = np.random.default_rng(4)
    walks = np.cumsum(rng.normal(size=(200_000, 12)) * np.sqrt(steps), axis=1)
    null = (np.abs(walks / np.sqrt(t)) >= design.benefit).any(axis=1).mean()
    assert null == pytest.approx(0.1, abs=0.003)
    drift = (norm.ppf(0.95) + norm.ppf(0.8)) * np.sqrt(design.inflation)
    futile = futility_boundaries(t, design.benefit, SPENDING["pocock"](t, 0.2, 1.0), drift)
    z = (walks + drift * t) / np.sqrt(t)
    stops = [side.any(axis=1) * (12 - side.argmax(axis=1)) for side in (z >= design.benefit, z <= futile)]
    assert (stops[0] > stops[1]).mean() == pytest.approx(0.8, abs=0.004)
    # a stop below zero is no stop of a two-sided test, so that it has rather more power
    kept = (z <= np.nan_to_num(design.futility, nan=-np.inf)) & (z < design.benefit)
    stops[1] = kept.any(axis=1) * (12 - kept.argmax(axis=1))
    assert 0.8 < (stops[0] > stops[1]).mean() < 0.85


def test_later_looks_do_not_change_earlier_ones_and_one_look_is_an_ordinary_test():
    early = ev.spending_boundaries([0.2, 0.5])
    assert ev.spending_boundaries([0.2, 0.5, 0.7, 1.0])[:2] == pytest.approx(early, abs=1e-8)
    for spending in NAMES:
        assert ev.spending_boundaries([1.0], 0.05, spending) == pytest.approx([norm.ppf(0.975)])
        assert ev.spending_boundaries([1.0], 0.05, spending, 1) == pytest.approx([norm.ppf(0.95)])


def test_where_nothing_may_be_spent_the_boundary_is_out_of_reach():
    bounds = ev.spending_boundaries([0.001, 0.01, 0.5, 1.0])
    assert bounds[0] == 37 and 20 < bounds[1] < 23
    assert bounds[2:] == pytest.approx(ev.spending_boundaries([0.5, 1.0]), abs=1e-9)


def test_close_looks_are_told_apart():
    t = np.array([0.5, 0.5002, 1.0])
    bounds = ev.spending_boundaries(t, spending="pocock")
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    inside = multivariate_normal(cov=correlation, abseps=1e-9, maxpts=4_000_000).cdf(bounds, lower_limit=-bounds)
    assert 1 - inside == pytest.approx(0.05, abs=1e-5)


def test_fifty_looks_take_a_moment():
    start = time.process_time()
    ev.spending_boundaries(np.arange(1, 51) / 50)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("fractions", "words"),
    [
        ([], "fractions is empty"),
        ([0.5, 0.4], "0.5 to 0.4"),
        ([0.5, 0.5], "0.5 to 0.5"),
        ([0.5, 1.1], "holds 1.1"),
        ([0.0, 1.0], "holds 0"),
        ([-0.5], "holds -0.5"),
        ([0.5, np.nan], "holds nan"),
        ("a", "fractions"),
        (None, "fractions"),
        (0.5, "fractions"),
        ([[0.5, 1.0]], "fractions"),
        (["x"], "fractions"),
    ],
)
def test_fractions_of_the_wrong_kind(fractions, words):
    with pytest.raises(ev.InvalidInput, match=words):
        ev.spending_boundaries(fractions)


@pytest.mark.parametrize(
    "options",
    [
        *({"alpha": value} for value in (0, 1, -0.1, "a", None, np.nan, True)),
        *({"spending": value} for value in ("obf", None, 3, ["pocock"])),
        *({"sided": value} for value in (0, 3, "two", None, True)),
        *({"rho": value} for value in (0, -1, "a", None, np.inf)),
    ],
)
def test_options_of_the_wrong_kind(options):
    with pytest.raises(ev.InvalidInput, match=next(iter(options))):
        ev.spending_boundaries([0.5, 1.0], **options)
