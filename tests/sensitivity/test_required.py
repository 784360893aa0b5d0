"""Required information size: hand computations, published sizes, and what one trial of that size does."""

import math

import numpy as np
import pytest
from scipy.stats import norm

import evidence as ev


def z(alpha=0.05, power=0.9):
    return norm.ppf(1 - alpha / 2) + norm.ppf(power)


def test_one_trial_by_hand():
    # two groups of 84.06 people: the textbook n for half a standard deviation at 90% power
    assert ev.required_information_size(delta=0.5, sd=1).people == math.ceil(4 * z() ** 2 / 0.25) == 169
    # Cohen (1988): 64 (63.8 without the t correction: 62.8) a group for d = 0.5 and 80% power
    assert ev.required_information_size(delta=0.5, sd=1, power=0.8).people == 126
    # risks of 0.2 and 0.15: 4 p (1 - p) (z / difference)^2 at the mean risk
    found = ev.required_information_size(delta=-0.05, p_control=0.2, power=0.8)
    assert found.people == math.ceil(4 * 0.175 * 0.825 * z(power=0.8) ** 2 / 0.05**2) == 1814


def test_the_printed_size_of_rtsa():
    """The vignette on sample size: a risk ratio of 0.9 on a risk of 0.1; RTSA rounds up to an even number."""
    found = ev.required_information_size(delta=math.log(0.9), p_control=0.1, measure="RR")
    assert found.people in (36135, 36136)


def test_the_printed_size_of_the_tsa_manual():
    """Thorlund et al. (2011), smoking cessation: 14% of the controls, a fifth more of them with the treatment."""
    found = ev.required_information_size(delta=0.2 * 0.14, p_control=0.14, alpha=0.05, power=0.8)
    assert found.people == 5218


@pytest.mark.parametrize(("measure", "delta"), [("RR", math.log(0.8)), ("OR", math.log(0.16 * 0.8 / (0.84 * 0.2)))])
def test_a_relative_risk_reduction_of_a_fifth_is_the_same_as_a_log_ratio_or_a_difference(measure, delta):
    expected = ev.required_information_size(delta=-0.04, p_control=0.2)
    assert ev.required_information_size(delta=delta, p_control=0.2, measure=measure).people == expected.people


def test_units_and_signs_do_not_matter():
    base = ev.required_information_size(delta=0.3, sd=1)
    assert ev.required_information_size(delta=-6, sd=20).people == base.people
    assert ev.required_information_size(delta=0.3, sd=1, diversity=0.0).people == base.people
    assert ev.required_information_size(delta=0.3, sd=1, tau2=0.0).people == base.people


def test_diversity_multiplies():
    base = ev.required_information_size(delta=0.3, sd=1)
    found = ev.required_information_size(delta=0.3, sd=1, diversity=0.75)
    assert base.people_unadjusted == found.people_unadjusted == base.people
    assert abs(found.people - 4 * base.people) <= 4
    assert f"{found.people:,} people" in found.sentence() and f"{base.people:,} would do" in found.sentence()
    assert "75.0%" in found.summary()


@pytest.mark.parametrize("trials", [5, 8, 30])
def test_with_tau2_the_pooled_effect_has_the_variance_that_the_power_takes(trials):
    tau2, delta = 0.03, 0.3
    found = ev.required_information_size(delta=delta, sd=1, tau2=tau2, trials=trials)
    each = found.people / trials
    variance = (4 / each + tau2) / trials
    assert delta / math.sqrt(variance) == pytest.approx(z(), abs=0.005)
    vi = np.full(trials, 4 / each)
    assert found.diversity == pytest.approx(1 - (1 / (vi + tau2)).sum() / (1 / vi).sum(), abs=0.002)
    assert f"in {trials} trials" in found.sentence()


def test_too_few_trials_cannot_do_it():
    assert (
        ev.required_information_size(delta=0.3, sd=1, tau2=0.03).trials == math.floor(0.03 * (z() / 0.3) ** 2) + 1 == 4
    )
    with pytest.raises(ev.NotEstimable, match="at least 4 trials"):
        ev.required_information_size(delta=0.3, sd=1, tau2=0.03, trials=3)


def test_simulated_trials_of_that_size_find_the_effect_as_often_as_asked():
    k, tau2, delta = 10, 0.04, 0.3
    people = ev.required_information_size(delta=delta, sd=1, tau2=tau2, trials=k, power=0.8).people
    rng = np.random.default_rng(8)
    yi = rng.normal(delta, np.sqrt(4 / (people / k) + tau2), (20_000, k))
    power = (np.abs(yi.mean(axis=1)) / np.sqrt((4 / (people / k) + tau2) / k) > norm.ppf(0.975)).mean()
    assert power == pytest.approx(0.8, abs=0.01)


def test_the_frame_has_one_row():
    frame = ev.required_information_size(delta=0.3, sd=1, tau2=0.03).to_frame()
    assert frame.loc[0, "people"] == ev.required_information_size(delta=0.3, sd=1, tau2=0.03).people
    assert frame.loc[0, "trials"] == 4


NO_NUMBER = ["a", None, np.nan, np.inf, True, [0.3]]


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "delta": [*NO_NUMBER, 0],
        "sd": ["a", np.nan, 0, -1, [1]],
        "alpha": [*NO_NUMBER, 0, 1],
        "power": [*NO_NUMBER, 0, 1, 0.04],
        "diversity": ["a", np.nan, -0.1, 1, 1.2],
        "tau2": ["a", np.nan, -0.1],
    }.items(),
)
def test_options_of_the_wrong_kind(name, values):
    for value in values:
        with pytest.raises(ev.InvalidInput, match=name):
            ev.required_information_size(**{"delta": 0.3, "sd": 1, name: value})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "sd= .* or p_control="),
        ({"sd": 1, "p_control": 0.2}, "one of both"),
        ({"p_control": 1.2}, "p_control"),
        ({"p_control": 0.8}, "risk of the treated 1.1"),
        ({"p_control": 0.2, "measure": "SMD"}, "measure"),
        ({"sd": 1, "diversity": 0.2, "tau2": 0.1}, "not both"),
        ({"sd": 1, "trials": 4}, "trials= goes with tau2="),
        ({"sd": 1, "tau2": 0.1, "trials": 0}, "trials"),
    ],
)
def test_options_that_do_not_fit_together(options, words):
    with pytest.raises(ev.InvalidInput, match=words):
        ev.required_information_size(delta=0.3, **options)
