"""The rules of the certainty exactly at their cuts, as each rule's own words put them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.grade import rules
from evidence.answers.grade.synthesis import Synthesis
from evidence.answers.grade.synthesis import synthesise as synthesise_by
from evidence.answers.known_trials import Account, Told
from evidence.answers.pooling import Pooling
from evidence.derive.hierarchy import Hierarchy

from .conftest import Effects

#: No trial but those of the pool.
NONE = Account(())


@cache
def pooling() -> Pooling:
    return Pooling(ev.load())


def synthesise(frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> Synthesis:
    return synthesise_by(pooling(), frame, outcomes)


@pytest.fixture(scope="module")
def pool(made_up: Effects) -> Synthesis:
    """Ten trials of 200 people each and equal weight."""
    return alike(synthesise(made_up([0.5] * 10)))


def alike(pool: Synthesis) -> Synthesis:
    """The same with weights that are equal to the last digit: half of them is half on every machine."""
    return replace(pool, frame=pool.frame.assign(weight=100 / len(pool.frame)))


@pytest.mark.parametrize(
    ("change", "levels"),
    [
        ({"i2": 50.0, "q_p": 0.09}, -1),
        ({"i2": 49.9, "q_p": 0.09}, 0),
        ({"i2": 50.0, "q_p": 0.10}, 0),
        ({"i2": 75.0, "q_p": 0.09, "pi_low": -0.1, "pi_high": 0.9}, -2),
        ({"i2": 74.9, "q_p": 0.09, "pi_low": -0.1, "pi_high": 0.9}, -1),
        ({"i2": 75.0, "q_p": 0.09, "pi_low": 0.0, "pi_high": 0.9}, -1),
        ({"i2": 75.0, "q_p": 0.09, "pi_low": -0.1, "pi_high": 0.3}, -1),
        ({"i2": 75.0, "q_p": 0.09, "pi_low": -0.1, "pi_high": 0.9, "k": 3}, -2),
        ({"i2": 75.0, "q_p": 0.09, "pi_low": -0.1, "pi_high": 0.9, "k": 2}, -1),
        ({"i2": 90.0, "q_p": 0.01, "k": 1}, 0),
    ],
)
def test_inconsistency(pool: Synthesis, change: dict[str, Any], levels: int) -> None:
    assert rules.inconsistency(replace(pool, **change), worthwhile=0.3).levels == levels


def test_two_trials_are_not_said_to_foretell_a_third(pool: Synthesis) -> None:
    two = rules.inconsistency(replace(pool, k=2, pi_low=np.nan, pi_high=np.nan), worthwhile=0.3).reason
    assert "too few trials to say where a new one would fall" in two and "nan" not in two
    assert "expected between −0.10 and 0.60" in rules.inconsistency(replace(pool, pi_low=-0.1, pi_high=0.6), 0.3).reason


@pytest.mark.parametrize(
    ("low", "high", "levels", "reason"),
    [
        (0.1, 0.5, 0, "excludes no effect"),
        (-0.5, -0.1, 0, "excludes no effect"),
        (0.0, 0.2, 0, "lies within ±0.30, the smallest effect that counts"),
        (-0.3, 0.3, 0, "lies within ±0.30"),
        (0.0, 0.4, -1, "includes no effect and a worthwhile one"),
        (-0.4, 0.0, -1, "includes no effect and a worthwhile one"),
        (-0.4, 0.3, -1, "includes no effect and a worthwhile one"),
        (-0.4, 0.4, -2, "includes worthwhile benefit and worthwhile harm"),
    ],
)
def test_imprecision_of_the_interval(pool: Synthesis, low: float, high: float, levels: int, reason: str) -> None:
    found = rules.imprecision(replace(pool, ci_low=low, ci_high=high), 0.3, math.nan, False)
    assert found.levels == levels and reason in found.reason


def test_the_width_that_disagreement_makes_is_charged_once(made_up: Effects) -> None:
    apart = synthesise(made_up([-0.2, 0.1, 0.9, 1.2, 0.5], 0.01))
    wide = rules.imprecision(apart, 0.3, math.nan, False)
    once = rules.imprecision(apart, 0.3, math.nan, True)
    half = 1.959963984540054 / math.sqrt(5 / 0.01)
    assert rules.inconsistency(apart, 0.3).levels < 0 and wide.levels < 0 == once.levels
    assert f"from {apart.estimate - half:.2f} to {apart.estimate + half:.2f}, the same trials" in once.reason


@pytest.mark.parametrize(("n", "levels"), [(400.0, 0), (399.0, -1), (120.0, -1), (119.0, -2)])
def test_imprecision_of_the_number_of_people(pool: Synthesis, n: float, levels: int) -> None:
    near = replace(pool, n=n, ci_low=0.1, ci_high=0.9)
    assert rules.imprecision(near, 0.3, math.nan, False).levels == levels
    assert rules.imprecision(near, 0.3, 5.0, False).levels == levels, "400 at least, however large the effect"
    far = replace(near, ci_low=0.4)
    assert rules.imprecision(far, 0.3, math.nan, False).levels == max(levels, -1), "far from any threshold"


@pytest.mark.parametrize(
    ("concerned", "twice", "unclear", "levels", "number"),
    [(5, 0, 0, 0, 50), (6, 0, 0, -1, 60), (0, 0, 6, -1, 60), (3, 0, 3, -1, 60), (6, 5, 0, -1, 60), (6, 6, 0, -2, 60)],
)
def test_risk_of_bias(pool: Synthesis, concerned: int, twice: int, unclear: int, levels: int, number: float) -> None:
    trials = pool.columns["study"]
    concerns = {
        study: ("open", "unconcealed")[: 2 if at < twice else 1] if at < concerned else ()
        for at, study in enumerate(trials)
    }
    silent = {study: "blinding not stated" if at >= 10 - unclear else "" for at, study in enumerate(trials)}
    found = rules.risk_of_bias(pool, concerns, silent, judged=0)
    assert found.levels == levels and found.number == pytest.approx(number)
    assert found.reason.startswith(f"{10 * concerned}% of the weight has a known concern")
    assert ("% more it is not known (blinding not stated)" in found.reason) == bool(unclear)


def test_a_concern_that_is_known_is_not_unclear_too(pool: Synthesis) -> None:
    trials = pool.columns["study"]
    known = {study: ("open",) if at < 4 else () for at, study in enumerate(trials)}
    both = rules.risk_of_bias(pool, known, {study: "silent" if at < 4 else "" for at, study in enumerate(trials)}, 0)
    assert both.levels == 0 and both.number == pytest.approx(40) and "not known" not in both.reason


def test_indirectness_is_over_half_of_the_weight(db: ev.EvidenceBase, made_up: Effects) -> None:
    hierarchy = Hierarchy(db)
    for indirect, levels in ((5, 0), (6, -1)):
        words = ["indirect"] * indirect + ["direct"] * (10 - indirect)
        assert rules.indirectness(alike(synthesise(made_up([0.5] * 10, directness=words))), hierarchy).levels == levels
        measured = ["responder"] * indirect + ["pain"] * (10 - indirect)
        found = rules.indirectness(alike(synthesise(made_up([0.5] * 10, measured=measured))), hierarchy)
        assert found.levels == levels and found.number == pytest.approx(10 * indirect)


def test_missing_people_count_when_they_are_more_than_those_in_the_pool(pool: Synthesis) -> None:
    for n, levels in ((2000.0, 0), (2001.0, -1)):
        silent, elsewhere = Told("a", n, "unreadable"), Told("c", n, "other number")
        told = Account((silent, Told("b", math.nan, "direction", 1.0), elsewhere))
        found = rules.publication_bias(pool, told)
        assert found.levels == levels and found.number == n and "2 known trials give no number" in found.reason
        assert found.reason.endswith("the one trial that says which way it went favoured acupuncture")
    assert rules.publication_bias(pool, NONE).number == 0


def test_small_trials_only_are_suspect_from_two_on_and_under_fifty_an_arm(made_up: Effects) -> None:
    for k, arm, levels in ((2, 49.0, -1), (2, 50.0, 0), (1, 49.0, 0)):
        small = synthesise(made_up([0.5] * k, 0.001, n_acupuncture=arm, n_comparator=60.0))
        small = replace(small, ci_low=0.1)
        assert rules.publication_bias(small, NONE).levels == levels
        assert rules.publication_bias(replace(small, ci_low=0.0), NONE).levels == 0
    one_large = synthesise(made_up([0.5] * 3, n_acupuncture=[30.0, 30.0, 90.0], n_comparator=90.0))
    assert rules.publication_bias(one_large, NONE).levels == 0


def test_asymmetry_is_asked_of_ten_trials(db: ev.EvidenceBase, made_up: Effects) -> None:
    n = np.linspace(60.0, 600.0, 10)
    noise = np.tile([0.01, -0.01], 5)
    ten = made_up(list(0.2 + 8 / n**0.5 + noise), list(2 / n), n_acupuncture=n, n_comparator=n)
    assert rules.publication_bias(synthesise(ten), NONE).levels == -1
    assert rules.publication_bias(synthesise(ten.iloc[1:]), NONE).levels == 0
    in_other_units = ten.assign(yi=ten["yi"] / 100, vi=ten["vi"] / 100**2)
    assert rules.publication_bias(synthesise(in_other_units), NONE).levels == -1


def test_a_large_effect_lifts_only_without_doubts_in_two_trials(pool: Synthesis) -> None:
    for measure, large in (("SMD", 0.8), ("RR", math.log(2)), ("OR", math.log(2))):
        there = replace(pool, measure=measure, ci_low=large)
        assert rules.large_effect(there, doubts=0).levels == 1
        assert rules.large_effect(there, doubts=-1).levels == 0
        assert rules.large_effect(replace(there, k=1), doubts=0).levels == 0
        assert rules.large_effect(replace(there, k=2), doubts=0).levels == 1
        assert rules.large_effect(replace(there, ci_low=large - 0.01), doubts=0).levels == 0
    assert rules.large_effect(replace(pool, measure="MD100", ci_low=99.0), doubts=0).levels == 0


def test_a_dose_gradient_lifts_only_without_doubts_in_ten_trials(made_up: Effects) -> None:
    rising = made_up(list(np.linspace(0.3, 0.9, 10)), 0.01, sessions=np.arange(1.0, 11.0))
    assert rules.dose_gradient(synthesise(rising), doubts=0).levels == 1
    assert rules.dose_gradient(synthesise(rising), doubts=-1).levels == 0
    nine = rules.dose_gradient(synthesise(rising.iloc[1:]), doubts=0)
    assert nine.levels == 0 and nine.reason == "sessions known in 9 trials: too few"
    slope = ev.regress(rising, formula="~ sessions").coefficients.loc["sessions", "estimate"]
    assert rules.dose_gradient(synthesise(rising), doubts=0).number == pytest.approx(slope)
