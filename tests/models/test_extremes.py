"""Numbers at the edge of what can be computed, huge inputs, and noise: answers in time, or refusals in true words."""

from __future__ import annotations

import time
from fractions import Fraction
from math import comb, factorial, floor

import numpy as np
import pandas as pd
import pytest

import evidence as ev

Y, V = [0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01]


@pytest.mark.parametrize(
    ("yi", "vi", "words"),
    [
        ([1, 2, 3], [1e-70] * 3, "below 1e-50"),
        ([1e-40, 2e-40, 3e-40], [1e-80] * 3, "below 1e-50"),
        ([1e160, 2e160, 3e160], [1e300] * 3, "beyond 1e"),
        ([1, 10**400, 3], [1, 1, 1], "too large"),
        ([1, 2, 3], [1, 10**400, 1], "too large"),
    ],
)
def test_what_floating_point_cannot_hold_is_said_so(yi, vi, words):
    for function in (ev.pool, ev.egger, ev.bayes, ev.trim_and_fill):
        with pytest.raises(ev.InvalidInput, match=words):
            function(yi, vi)
    with pytest.raises(ev.InvalidInput, match=words):
        ev.pool_many(list("aaa"), yi, vi)


def test_effects_that_hardly_differ_are_not_called_equal():
    with pytest.raises(ev.NotEstimable, match="beside their vi, all yi are the same"):
        ev.pool([1e-40, 2e-40, 3e-40], [1, 1, 1], test="hksj")
    with pytest.raises(ev.NotEstimable, match="all yi are equal"):
        ev.pool([1, 1, 1], [1, 1, 1], test="hksj")


@pytest.mark.parametrize("effect", [1, 0.3, 1e9, -7.77])
def test_rounding_error_is_no_significance(effect):
    fit = ev.pool([effect] * 4, [0.1, 0.2, 0.1, 0.3], slab=list("abcd"))
    for kind in ("CR0", "CR1", "CR2"):
        with pytest.raises(ev.NotEstimable, match="no robust standard error"):
            fit.robust(list("abcd"), kind=kind)


def test_a_spread_whose_square_vanishes_is_no_spread():
    with pytest.raises(ev.InvalidInput, match=r"sd1 = 1e-200: must not be below 1e-100"):
        ev.effect_size("MD", m1=1, sd1=1e-200, n1=10, m2=0, sd2=1e-200, n2=10)
    with pytest.raises(ev.InvalidInput, match=r"sd1 = 1e\+200: must not be beyond 1e\+100"):
        ev.effect_size("MD", m1=1, sd1=1e200, n1=10, m2=0, sd2=1, n2=10)


def test_nothing_has_no_mean():
    with pytest.raises(ev.InvalidInput, match="no arm"):
        ev.combine_arms([], [], [])


def test_masked_values_are_missing_in_whatever_is_given_beside_the_studies():
    with pytest.raises(ev.InvalidInput, match="missing"):
        ev.pool(Y, V).robust(np.ma.array(list("abcd"), mask=[0, 0, 0, 1]))
    with pytest.raises(ev.InvalidInput, match=r"Study 4.*weights"):
        ev.pool(Y, V, weights=np.ma.array([1.0, 1, 1, 99], mask=[0, 0, 0, 1]))
    group = np.ma.array(["a", "a", "b", "b"], mask=[0, 0, 0, 1])
    for of in (lambda: ev.pool(Y, V, by=group)["k"], lambda: ev.pool_many(group, Y, V)["k"]):
        with pytest.warns(ev.Incomplete, match="1 of 4 rows has no group"):
            assert of().tolist() == [2, 1]


def test_spaces_around_a_name_are_no_part_of_it():
    arms = {"one": ["acu", "acu ", "drug"], "two": "sham", "study": list("abc")}
    net = ev.network(pd.DataFrame({"yi": [0.1, 0.2, 0.3], "vi": 0.1} | arms), "one", "two", "study", reference="sham")
    assert net.treatments == ("acu", "drug", "sham")
    frame = pd.DataFrame({"yi": Y, "vi": V, "g": ["a", " a", "b", "b "]})
    assert ev.pool(frame, by="g")["k"].tolist() == ev.pool(Y, V, by=list(frame["g"]))["k"].tolist() == [2, 2]
    assert ev.pool_many(frame["g"], frame["yi"], frame["vi"])["k"].tolist() == [2, 2]
    assert ev.subgroups(frame, "g").groups["g"].tolist() == ["a", "b"]


def test_edgington_of_many_is_that_of_exact_arithmetic():
    rng = np.random.default_rng(1)
    for factor in (1, 0.97, 0.5, 0.01):
        p = rng.random(240) * factor
        total = sum(map(Fraction, (p / 2).tolist()), Fraction(0))
        terms = ((-1) ** j * comb(240, j) * (total - j) ** 240 for j in range(floor(total) + 1))
        exact = float(sum(terms, Fraction(0)) / factorial(240))
        found = ev.combine_pvalues(p, direction=np.ones(240, dtype=int), method="edgington").p_value
        assert found == pytest.approx(exact, rel=1e-10)


def _within(seconds, task):
    start = time.process_time()
    found = task()
    assert time.process_time() - start < seconds
    return found


def test_nothing_is_endless():
    rng = np.random.default_rng(2)
    yi, vi = rng.normal(size=3000), rng.uniform(0.1, 1, 3000)
    assert not _within(5, lambda: ev.begg(yi, vi)).exact
    assert 0 < _within(5, lambda: ev.combine_pvalues(vi[:2000], [1] * 2000, method="edgington")).p_value < 1
    found = _within(5, lambda: ev.exact_odds_ratio(100_000, 100_000, 90_000, 100_000))
    assert found.odds_ratio == pytest.approx(10 / 9, rel=1e-4)
    with pytest.raises(ev.NotEstimable, match="too many for exact limits"):
        ev.exact_odds_ratio(10**12, 10**12, 10**12, 10**12)
    columns = [f"x{i}" for i in range(27)]
    frame = pd.DataFrame(rng.normal(size=(30, 27)), columns=columns).assign(yi=yi[:30], vi=0.1)
    fit = ev.regress(frame, formula="~ " + " + ".join(columns))
    found = _within(5, lambda: ev.gosh(fit, subsets=300))
    assert found.k.min() >= 28


def test_random_subsets_are_as_likely_as_any_other():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"yi": rng.normal(size=6), "vi": 0.1, "a": rng.normal(size=6), "b": rng.normal(size=6)})
    found = ev.gosh(ev.regress(frame, formula="~ a + b", method="EE"), subsets=41, seed=4)
    many = [ev.gosh(found.fit, subsets=41, seed=seed).k for seed in range(60)]
    share = np.bincount(np.concatenate(many), minlength=7)[3:] / sum(map(len, many))
    assert share == pytest.approx(np.array([20, 15, 6, 1]) / 42, abs=0.03)


@pytest.mark.parametrize("formula", ["~ x +", "~ (x", "~ C(", "~ x ** ", "~ x:'"])
def test_a_formula_that_cannot_be_read_is_shown_without_colours_and_with_a_hint(formula):
    with pytest.raises(ev.InvalidInput, match=r"such as '~ sessions \+ C\(style\)'") as told:
        ev.regress(pd.DataFrame({"yi": Y, "vi": V, "x": Y}), formula=formula)
    assert "\x1b" not in str(told.value) and "\n" not in str(told.value)


def test_exact_rearrangements_beyond_counting():
    rng = np.random.default_rng(5)
    with pytest.raises(ev.NotEstimable, match="leave out exact=True"):
        ev.permutation_test(ev.pool(rng.normal(size=1100), np.ones(1100)), exact=True)


def test_a_figure_for_a_folder_that_is_not_there(tmp_path):
    import matplotlib.pyplot as plt

    axes = ev.plots.forest(ev.pool(Y, V))
    with pytest.raises(ev.InvalidInput, match="there is no folder"):
        ev.plots.save(axes, tmp_path / "new" / "x.png")
    plt.close(axes.figure)


def test_one_of_two_estimators_needs_weights_whatever_came_before():
    frame = pd.DataFrame({"g": np.repeat(np.arange(20_000), 2), "yi": 0.1, "vi": 0.2})
    frame["yi"] += np.arange(len(frame)) % 7

    def refusals():
        told = []
        for call in (
            lambda: ev.subgroups(frame[:4], "g", method="GENQ"),
            lambda: ev.pool_many(frame["g"], frame["yi"], frame["vi"], method="GENQ"),
            lambda: ev.pool(frame[:4], by="g", method="GENQ"),
        ):
            with pytest.raises(ev.InvalidInput, match=r"GENQ|weights") as error:
                call()
            told.append(str(error.value))
        return told

    before, table = refusals(), ev.pool_many(frame["g"][:40], frame["yi"][:40], frame["vi"][:40])
    large = ev.pool_many(frame["g"], frame["yi"], frame["vi"])
    again = ev.pool_many(frame["g"][:40], frame["yi"][:40], frame["vi"][:40])
    assert refusals() == before
    pd.testing.assert_frame_equal(again, table, check_exact=True)
    pd.testing.assert_frame_equal(large[:20], table, check_exact=True)
