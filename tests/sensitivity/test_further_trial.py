"""The next trial: its probabilities against refits and simulation, and what it answers."""

import itertools
import math
import time

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

import evidence as ev
from evidence.plots.parts.theme import EFFECT
from evidence.sensitivity.sequential.updated import Outlook

THREE = ([0.3, 0.4, 0.2], [0.09, 0.12, 0.1])
FOUR = ([0.3, 0.9, -0.2, 0.5], [0.05, 0.04, 0.06, 0.05])
EIGHT = ([0.3, 0.35, 0.4, 0.5, 0.2, 0.1, 0.3, 0.4], [0.03] * 8)


def chance(trials, people, nulls, of=0.5):
    """Probability that a refit with one more trial excludes one of ``nulls``, by refits and their turning points."""
    y, v = trials
    own = 4 / people
    outlook = Outlook.of(ev.bayes(y, v, ev.HalfNormal(of)))
    spread = np.sqrt(outlook.variance + outlook.tau2 + own)

    def margin(result):
        post = ev.bayes([*y, result], [*v, own], ev.HalfNormal(of))
        above = [post.probability(lower=null) for null in nulls]
        return max(max(p, 1 - p) for p in above) - 0.975

    def below(result):
        return float(outlook.weight @ norm.cdf((result - outlook.mean) / spread))

    grid = np.linspace(-6, 6, 181)
    margins = [margin(result) for result in grid]
    turns = [brentq(margin, *grid[i : i + 2]) for i in range(180) if margins[i] * margins[i + 1] < 0]
    edges = [-12.0, *turns, 12.0]
    return sum(below(high) - below(low) for low, high in itertools.pairwise(edges) if margin((low + high) / 2) > 0)


@pytest.mark.parametrize("trials", [THREE, FOUR, ([0.4], [0.05])])
@pytest.mark.parametrize("delta", [None, 0.36])
def test_the_curve_is_the_chance_of_a_refit(trials, delta):
    curve = ev.next_trial(*trials, delta=delta).curve.set_index("people")
    people = curve.index[18]
    nulls = [0.0] if delta is None else [0.0, delta]
    assert curve.loc[people, "probability"] == pytest.approx(chance(trials, people, nulls), abs=2e-4)
    if delta is not None:
        assert curve.loc[people, "no_effect"] == pytest.approx(chance(trials, people, [0.0]), abs=2e-4)
        assert curve.loc[people, "worthwhile"] == pytest.approx(chance(trials, people, [delta]), abs=2e-4)


def test_simulated_trials_settle_as_often():
    prior = ev.HalfNormal(0.1)
    found = ev.next_trial(*THREE, tau_prior=prior, probability=0.6)
    assert found.people is not None and 50 < found.people < 2000
    post = ev.bayes(*THREE, prior)
    rng = np.random.default_rng(6)
    own = 4 / found.people
    tau = post.quantile(rng.uniform(1e-6, 1 - 1e-6, 1500), of="tau")
    weights = 1 / (np.array(THREE[1]) + tau[:, None] ** 2)
    mean = (weights * THREE[0]).sum(axis=1) / weights.sum(axis=1)
    results = rng.normal(mean, np.sqrt(1 / weights.sum(axis=1) + tau**2 + own))
    after = [ev.bayes([*THREE[0], y], [*THREE[1], own], prior).probability(lower=0.0) for y in results]
    share = np.mean([max(p, 1 - p) > 0.975 for p in after])
    assert share == pytest.approx(0.6, abs=0.04)


def test_people_are_the_fewest_that_reach_the_probability():
    options = {"tau_prior": ev.HalfNormal(0.1)}
    found = ev.next_trial(*THREE, **options)
    assert found.people % 2 == 0
    curve = found.curve
    assert np.interp(math.log(found.people), np.log(curve["people"]), curve["probability"]) == pytest.approx(
        0.8, abs=0.01
    )
    less = ev.next_trial(*THREE, probability=0.5, **options)
    assert less.people < found.people
    assert ev.next_trial(*THREE, probability=found.limit + 0.001, **options).people is None
    assert f"{found.people:,} people" in found.sentence() and "80%" in found.sentence()


def test_without_differences_it_is_the_textbook_size():
    """tau near zero: the updated interval is that of one big normal sample."""
    y, v = [0.15], [0.02]
    found = ev.next_trial(y, v, tau_prior=ev.HalfNormal(1e-5))

    def chance(people):
        own = 4 / people
        variance = 1 / (1 / v[0] + 1 / own)
        sd = v[0] / math.sqrt(v[0] + own)  # of the updated mean, over what the trial may find
        reach = 1.959964 * math.sqrt(variance)
        return norm.sf((reach - y[0]) / sd) + norm.cdf((-reach - y[0]) / sd)

    assert found.curve["probability"].to_numpy() == pytest.approx([chance(n) for n in found.curve["people"]], abs=1e-4)
    assert chance(found.people) == pytest.approx(found.probability, abs=2e-3)


def test_heterogeneity_limits_one_trial_however_large():
    found = ev.next_trial(*FOUR)
    assert found.people is None and found.limit < 0.8
    assert f"{found.limit:.2f}" in found.reason and "true effects may differ" in found.sentence()
    assert found.curve["probability"].iloc[-1] == pytest.approx(found.limit, abs=0.01)
    assert np.isnan(pd.to_numeric(pd.Series([found.people]))[0])


def test_what_is_settled_needs_no_trial():
    clear = ev.next_trial([0.5, 0.52, 0.48] * 3, [0.01] * 9)
    assert clear.people == 0 and "excludes no effect already" in clear.sentence()
    none = ev.next_trial([0.02, -0.01, 0.0] * 3, [0.01] * 9, delta=0.4)
    assert none.people == 0 and "ruled out already" in none.sentence()
    beyond = ev.next_trial([0.9, 0.92, 0.88] * 3, [0.01] * 9, delta=0.3)
    assert beyond.people == 0 and "beyond the worthwhile effect" in beyond.sentence()


def test_the_question_is_what_is_still_open():
    assert ev.next_trial(*THREE).question == "no effect"
    both = ev.next_trial(*THREE, delta=0.36)
    assert both.question == "no effect or the worthwhile effect"
    either = both.curve[["no_effect", "worthwhile"]].max(axis=1)
    assert (both.curve["probability"] >= either - 1e-9).all()
    left = ev.next_trial([0.5, 0.52, 0.48] * 3, [0.01] * 9, delta=0.45)
    assert left.question == "the worthwhile effect"
    assert left.curve["probability"].to_numpy() == pytest.approx(left.curve["worthwhile"].to_numpy())


def test_sides_and_units_do_not_matter():
    found = ev.next_trial(*THREE, delta=0.36)
    mirrored = ev.next_trial([-y for y in THREE[0]], THREE[1], delta=-0.36)
    pd.testing.assert_frame_equal(mirrored.curve, found.curve, rtol=1e-6)
    points = ev.next_trial([20 * y for y in THREE[0]], [400 * v for v in THREE[1]], delta=7.2, sd=20)
    pd.testing.assert_frame_equal(points.curve, found.curve, rtol=1e-6)
    # as precise as a standard deviation of 1 makes them
    people = [4 / v for v in THREE[1]]
    by_size = ev.next_trial(*THREE, delta=0.36, ni=people)
    pd.testing.assert_frame_equal(by_size.curve, found.curve, rtol=1e-6)


def test_a_fit_of_pool_keeps_its_level_and_one_of_bayes_its_priors():
    wide = ev.next_trial(ev.pool(*THREE, level=0.8))
    assert wide.level == 0.8 and (wide.curve["probability"] > ev.next_trial(*THREE).curve["probability"]).all()
    prior = ev.HalfNormal(0.1)
    by_prior = ev.next_trial(*THREE, tau_prior=prior)
    pd.testing.assert_frame_equal(ev.next_trial(ev.bayes(*THREE, prior)).curve, by_prior.curve)
    informed = ev.next_trial(ev.bayes(*THREE, prior, mu_prior=(0.3, 0.1)))
    assert informed.question == "no effect" and informed.people == 0


def test_a_trial_takes_no_time():
    fit = ev.pool(*EIGHT)
    ev.next_trial(fit, delta=0.36)
    times = []
    for _ in range(5):
        start = time.process_time()
        ev.next_trial(fit, delta=0.36)
        times.append(time.process_time() - start)
    assert min(times) < 0.05


@pytest.mark.parametrize("prior", ["a", 0.5, {}, ev.HalfNormal])
def test_what_is_no_prior_is_refused(prior):
    with pytest.raises(ev.InvalidInput, match="not a prior of tau"):
        ev.next_trial(*THREE, tau_prior=prior)


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ev.InvalidInput, match="sd= or ni="):
        ev.next_trial(*THREE, sd=1, ni=[40, 50, 60])
    with pytest.raises(ev.InvalidInput, match="own variances and priors"):
        ev.next_trial(ev.bayes(*THREE), tau_prior=ev.HalfNormal(1))


def test_the_figure_shows_the_curve():
    found = ev.next_trial(*THREE, delta=0.36)
    ax = found.plot()
    (line,) = [line for line in ax.lines if line.get_color() == EFFECT and len(line.get_xdata()) > 2]
    assert line.get_ydata() == pytest.approx(found.curve["probability"].to_numpy())
    with pytest.raises(ev.InvalidInput, match=r"ev\.next_trial"):
        ev.plots.next_trial(ev.pool(*THREE, test="z"))


def test_effects_in_other_units_need_their_standard_deviation():
    points = [12.0, 16.0, 8.0], [9.0, 12.0, 10.0]
    with pytest.raises(ev.InvalidInput, match=r"vi = 9: .* fewer than two people; give sd="):
        ev.next_trial(*points, delta=10)
    frame = pd.DataFrame({"yi": [0.1, 0.2, 0.3], "vi": [0.05, 0.04, 0.06], "measure": "RR"})
    with pytest.raises(ev.InvalidInput, match="the effects are RR, not standardised differences: give sd="):
        ev.next_trial(ev.pool(frame))
    scaled = ev.next_trial(*points, delta=10, sd=20)
    alone = ev.next_trial([0.6, 0.8, 0.4], [9 / 400, 12 / 400, 10 / 400], delta=0.5)
    assert scaled.people == alone.people and scaled.limit == pytest.approx(alone.limit)


def test_a_few_nodes_far_out_do_not_turn_the_probability() -> None:
    yi, vi = [-1.0137302451240948, 2.749934379199095, 1.7508383808003263, 1.2064501872020452], [0.001, 0.57, 2, 0.97]
    curve = ev.next_trial(yi, vi, delta=0.68, ni=[34, 46, 158, 201]).curve
    assert curve.notna().all(axis=None)
    assert curve["probability"].is_monotonic_increasing
