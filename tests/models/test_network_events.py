"""Networks of counts: netmeta's printed results, likelihoods by listing, and two treatments by other functions."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.network.hypergeometric_arms import conditional_odds_ratios
from evidence.models.network.mantel_haenszel_arms import mantel_haenszel_odds_ratios

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "oracle" / "network_events.json").read_text())
TABLES = [(4, 50, 9, 52), (2, 40, 5, 41), (0, 30, 2, 28), (7, 90, 6, 88)]


def fit(case: dict[str, Any], **options: Any) -> ev.EventNetwork:
    return ev.network_events(pd.DataFrame(case["data"]), reference=case["reference"], **options)


def two(model: str) -> ev.EventNetwork:
    rows = [(f"t{i}", arm, e, n) for i, t in enumerate(TABLES) for arm, e, n in (("a", *t[:2]), ("b", *t[2:]))]
    return ev.network_events(
        pd.DataFrame(rows, columns=["study", "treatment", "events", "n"]), reference="b", model=model
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_mantel_haenszel_is_what_netmeta_prints(case: dict[str, Any]) -> None:
    net, printed = fit(case), case["printed"]
    assert (net.k, net.people, len(net.inconsistency().designs)) == tuple(
        printed[n] for n in ("k", "people", "designs")
    )
    assert [round(net.q, 2), net.q_df, round(net.q_p, 4)] == [printed[n] for n in ("q", "df", "q_p")]
    assert list(net.estimates.index) == list(printed["rows"])
    for name, row in printed["rows"].items():
        ratio = np.exp(net.estimates.loc[name, ["estimate", "ci_low", "ci_high"]].to_numpy(float)).round(2)
        z, p = net.estimates.loc[name, ["statistic", "p_value"]]
        assert [*ratio, round(z, 2), round(p, 4)] == row


def test_hypergeometric_agrees_with_listing_all_tables() -> None:
    case = CASES[1]
    net, expected = fit(case, model="NCH"), case["nch"]
    assert list(net.estimates.index) == sorted(expected["treatments"])
    table = pd.DataFrame(expected)[["estimate", "se"]].set_axis(expected["treatments"]).loc[net.estimates.index]
    np.testing.assert_allclose(net.estimates["estimate"], table["estimate"], atol=1e-6)
    np.testing.assert_allclose(net.estimates["se"], table["se"], rtol=1e-6)
    assert (net.q, net.q_df) == pytest.approx((expected["q"], expected["df"]), rel=1e-5)


def test_two_treatments_are_the_functions_of_tables() -> None:
    counts = pd.DataFrame(TABLES, columns=["ai", "n1", "ci", "n2"])
    own, other = two("MH"), ev.mantel_haenszel(counts, measure="OR")
    np.testing.assert_allclose(own.estimates[["estimate", "se"]], [[other.estimate, other.se]], rtol=1e-12)
    own, exact = two("NCH"), ev.glmm(counts, model="CM.EL", method="EE")
    np.testing.assert_allclose(own.estimates[["estimate", "se"]], [[exact.estimate, exact.se]], rtol=1e-7)


@pytest.mark.parametrize("solve", [mantel_haenszel_odds_ratios, conditional_odds_ratios])
def test_arms_may_stand_in_any_order(solve: Any) -> None:
    events, people = np.array([[3.0, 5, 9], [1, 4, 2]]), np.array([[40.0, 41, 39], [25, 26, 27]])
    effects, covariance = solve(events, people)
    for order in itertools.permutations(range(3)):
        turned, spread = solve(events[:, order], people[:, order])
        np.testing.assert_allclose(turned, effects[list(order)], atol=1e-9)
        np.testing.assert_allclose(spread, covariance[np.ix_(order, order)], atol=1e-9)
    assert effects.sum() == pytest.approx(0, abs=1e-12)


def test_three_arms_by_listing() -> None:
    events, people = np.array([[3, 5, 2]]), np.array([[12, 11, 9]])
    effects, covariance = conditional_odds_ratios(events.astype(float), people.astype(float))
    ways = [w for w in itertools.product(range(11), repeat=3) if sum(w) == 10 and all(np.array(w) <= people[0])]

    def chances(theta: np.ndarray) -> np.ndarray:
        logs = [
            sum(math.log(math.comb(int(n), e)) + t * e for n, e, t in zip(people[0], w, theta, strict=True))
            for w in ways
        ]
        mass = np.exp(np.array(logs) - max(logs))
        return mass / mass.sum()

    at = chances(effects)
    mean = at @ np.array(ways)
    np.testing.assert_allclose(mean, events[0], atol=1e-8)  # at the maximum the expected counts are those seen
    spread = (np.array(ways) - mean).T @ ((np.array(ways) - mean) * at[:, None])
    np.testing.assert_allclose(covariance, np.linalg.pinv(spread), atol=1e-8)


def test_it_is_a_network() -> None:
    net = fit(CASES[0])
    assert net.comparisons["k"].sum() == 73 and net.league()["k"].sum() == 2 * 73
    np.testing.assert_allclose(net.contributions().matrix.sum(axis=1), 1)
    assert net.ranking("lower", draws=500).index[0] == "LABA-ICS"
    assert net.estimates["pi_low"].isna().all()
    assert "the differences in log odds from Placebo run from" in net.sentence()
    assert "2406 events in 50420 people" in net.summary() and "left out: 25" in net.summary()
    with pytest.raises(ev.NotEstimable, match="pooled by design"):
        net.adjusted_funnel(net.treatments)


def test_wrong_counts_are_refused() -> None:
    arms = {"n": [50, 52], "treatment": ["a", "b"], "study": ["x", "x"], "reference": "b"}
    for given, words in (
        ([4.5, 3], "a count is whole"),
        ([60, 3], "more events than people"),
        ([0, 0], "no trial has both people with"),
        ([0, 3], "no trial has both people with"),
    ):
        with pytest.raises((ev.InvalidInput, ev.NotEstimable), match=words):
            ev.network_events(given, **arms)
    with pytest.raises(ev.InvalidInput, match="'x' has the same treatment twice"):
        ev.network_events([4, 3], **{**arms, "treatment": ["a", "a"], "reference": "a"})
    with pytest.raises(ev.InvalidInput, match="one arm"):
        ev.network_events([4, 3], **{**arms, "study": ["x", "y"]})
    with pytest.raises(ev.InvalidInput, match="model 'Peto' is unknown"):
        ev.network_events([4, 3], **arms, model="Peto")


def test_a_design_that_runs_away_is_said() -> None:
    # each arm has an event somewhere, but in every trial all events are on the side that can hold them
    with pytest.raises(ev.NotEstimable, match="zero or infinite"):
        ev.network_events([1, 2, 3, 0], [1, 9, 5, 9], ["a", "b"] * 2, ["x", "x", "y", "y"], "b", "NCH")
