"""Trial sequential analysis: its parts by hand, its laws, and what it says."""

import math
import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

import evidence as ev
from evidence.plots.parts.theme import POOLED

RNG = np.random.default_rng(12)
K = 9
FRAME = pd.DataFrame({"study": list("ABCDEFGHI"), "year": RNG.permutation(K) + 2001, "n": RNG.integers(40, 300, K)})
FRAME["vi"] = 4 / FRAME["n"]
FRAME["yi"] = RNG.normal(0.3, np.sqrt(FRAME["vi"] + 0.01))
IN_TIME = FRAME.sort_values("year").reset_index(drop=True)


def wald(**options):
    return ev.trial_sequential(ev.pool(FRAME, method="DL", test="z"), order="year", **{"delta": 0.25, **options})


def dersimonian_laird(y, v):
    w = 1 / v
    q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
    tau2 = max(0.0, (q - len(y) + 1) / (w.sum() - (w**2).sum() / w.sum())) if len(y) > 1 else 0.0
    w = 1 / (v + tau2)
    return (w * y).sum() / w.sum(), 1 / w.sum()


def test_every_look_by_hand():
    found = wald()
    y, v = IN_TIME["yi"].to_numpy(), IN_TIME["vi"].to_numpy()
    pooled = [dersimonian_laird(y[: i + 1], v[: i + 1]) for i in range(K)]
    assert found.z == pytest.approx([mean / math.sqrt(variance) for mean, variance in pooled], rel=1e-9)
    diversity = 1 - 1 / (1 / v).sum() / pooled[-1][1]
    assert found.diversity == pytest.approx(diversity, rel=1e-9) and diversity > 0
    required = ((norm.ppf(0.975) + norm.ppf(0.9)) / 0.25) ** 2 / (1 - diversity)
    assert found.required == pytest.approx(required, rel=1e-9)
    assert found.information == pytest.approx(np.cumsum(1 / v) / required, rel=1e-9)
    assert found.looks.index.tolist() == IN_TIME["study"].tolist() and found.looks.index.name == "added"
    assert found.looks["k"].tolist() == list(range(1, K + 1))


def test_boundaries_are_those_of_its_fractions():
    found = wald(delta=0.1, spending="pocock")
    assert found.information[-1] < 1
    assert found.boundaries == pytest.approx(ev.spending_boundaries(found.information, spending="pocock"), abs=1e-8)
    assert found.looks["benefit"].to_numpy() == pytest.approx(found.boundaries)
    assert found.looks["harm"].to_numpy() == pytest.approx(-found.boundaries)
    rho = wald(delta=0.1, spending="kim-demets", rho=3)
    expected = ev.spending_boundaries(rho.information, spending="kim-demets", rho=3)
    assert rho.boundaries == pytest.approx(expected, abs=1e-8)


def test_the_adjusted_interval_is_the_one_of_the_last_boundary():
    found = wald(delta=0.1)
    mean, variance = dersimonian_laird(IN_TIME["yi"].to_numpy(), IN_TIME["vi"].to_numpy())
    reach = found.boundaries[-1] * math.sqrt(variance)
    assert found.adjusted_ci == pytest.approx((mean - reach, mean + reach), rel=1e-9)


def test_a_t_test_keeps_its_p_value_and_its_interval():
    fit = ev.pool(FRAME, test="hksj")
    found = ev.trial_sequential(fit, order="year", delta=0.1)
    table = ev.cumulative(fit, order="year")
    assert 2 * norm.sf(np.abs(found.z)) == pytest.approx(table["p_value"].to_numpy(), rel=1e-8)
    assert np.sign(found.z).tolist() == np.sign(table["estimate"]).tolist()
    reach = t.isf(norm.sf(found.boundaries[-1]), K - 1) * fit.se
    assert found.adjusted_ci == pytest.approx((fit.estimate - reach, fit.estimate + reach), rel=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_beyond_the_boundary_is_an_interval_that_excludes_no_effect(seed):
    rng = np.random.default_rng(seed)
    frame = FRAME.assign(yi=rng.normal(0.15, np.sqrt(FRAME["vi"])))
    for fit in (ev.pool(frame), ev.pool(frame, method="PM", test="z"), ev.pool(frame, method="EE", test="z")):
        for delta in (0.1, 0.2, -0.4):
            found = ev.trial_sequential(fit, order="year", delta=delta)
            excludes = found.adjusted_ci.low > 0 or found.adjusted_ci.high < 0
            assert excludes == (found.conclusion in ("benefit", "harm"))
            assert found.adjusted_ci.low <= fit.ci.low + 1e-12 and found.adjusted_ci.high >= fit.ci.high - 1e-12


def test_one_look_at_all_that_is_required_is_the_ordinary_analysis():
    fit = ev.pool([0.3], [0.01], test="z")
    found = ev.trial_sequential(fit, order=[1], delta=(norm.ppf(0.975) + norm.ppf(0.9)) * 0.1)
    assert found.information == pytest.approx([1.0]) and found.boundaries == pytest.approx([norm.ppf(0.975)])
    assert found.adjusted_ci == pytest.approx(fit.ci) and found.inflation == pytest.approx(1)


def test_equal_effects_have_no_diversity():
    assert ev.trial_sequential(ev.pool(FRAME, method="EE"), order="year", delta=0.2).diversity == 0


def test_units_order_and_sides_do_not_matter():
    found = wald()
    shuffled = FRAME.sample(frac=1, random_state=3)
    again = ev.trial_sequential(ev.pool(shuffled, method="DL", test="z"), order="year", delta=0.25)
    pd.testing.assert_frame_equal(again.looks, found.looks)
    points = FRAME.assign(yi=20 * FRAME["yi"], vi=400 * FRAME["vi"])
    scaled = ev.trial_sequential(ev.pool(points, method="DL", test="z"), order="year", delta=5)
    assert scaled.z == pytest.approx(found.z) and scaled.information == pytest.approx(found.information)
    mirrored = ev.trial_sequential(
        ev.pool(FRAME.assign(yi=-FRAME["yi"]), method="DL", test="z"), order="year", delta=-0.25
    )
    assert mirrored.z == pytest.approx(-found.z) and mirrored.conclusion == found.conclusion
    assert mirrored.looks["benefit"].to_numpy() == pytest.approx(-found.looks["benefit"].to_numpy())


def sequence(mean, k=12, vi=0.02, **options):
    """Trials that all find the same."""
    frame = pd.DataFrame({"yi": np.full(k, mean), "vi": vi, "year": np.arange(k)})
    fit = ev.pool(frame, method="DL", test="z")
    return ev.trial_sequential(fit, order="year", **{"delta": 0.3, **options})


def test_each_conclusion():
    benefit, harm, none, open_ = sequence(0.3), sequence(-0.3), sequence(0.0), sequence(0.15, k=3, vi=0.05)
    assert [found.conclusion for found in (benefit, harm, none, open_)] == ["benefit", "harm", "futility", "undecided"]
    assert sequence(-0.3, delta=-0.3).conclusion == "benefit" and sequence(0.3, delta=-0.3).conclusion == "harm"
    first = np.argmax(np.abs(benefit.z) >= benefit.boundaries)
    assert 0 < first < 11 and benefit.crossed == f"Study {first + 1}" and none.crossed is None
    assert "show benefit" in benefit.sentence() and "show harm" in harm.sentence()
    assert "fall short of what an effect of this size" in none.sentence() and "not enough to tell" in open_.sentence()
    assert f"conclusion: {benefit.conclusion}" in benefit.summary() and benefit.crossed in benefit.summary()


def test_past_the_required_information_nothing_is_open():
    found = sequence(0.14, k=30, vi=0.02)
    past = found.information >= 1
    assert past.sum() > 3 and len(set(found.boundaries[past])) == 1
    assert found.futility[past] == pytest.approx(found.boundaries[past])
    # all of alpha is spent by then, at the information that is really there
    times = found.information[: int(np.argmax(past)) + 1]
    rng = np.random.default_rng(1)
    walk = np.cumsum(rng.normal(size=(200_000, len(times))) * np.sqrt(np.diff(times, prepend=0)), axis=1)
    crossed = (np.abs(walk / np.sqrt(times)) >= found.boundaries[: len(times)]).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.002)


def test_futility_lies_inside_and_opens_late():
    found = sequence(0.1, k=14)
    shown = ~np.isnan(found.futility)
    assert not shown[0] and shown[-1]
    assert (found.futility[shown] > 0).all() and (found.futility[shown] <= found.boundaries[shown] + 1e-12).all()
    assert (np.diff(found.futility[shown & (found.information <= 1)]) > 0).all()


def test_people_are_counted_where_they_are_known():
    found = wald(ni="n")
    assert found.people_so_far == FRAME["n"].sum()
    assert found.people == pytest.approx(found.people_so_far / found.information[-1], abs=1)
    # vi = 4 / n: the size that a standard deviation of 1 gives
    size = ev.required_information_size(delta=0.25, sd=1, diversity=found.diversity)
    assert found.people == size.people
    assert f"{found.people:,} people" in found.sentence() and wald().people is None


def test_a_trial_of_next_to_no_weight_changes_nothing():
    tiny = pd.DataFrame({"yi": [2.0], "vi": [1e5], "year": [2003.5], "study": ["tiny"], "n": [2]})
    more = ev.trial_sequential(ev.pool(pd.concat([FRAME, tiny]), method="EE", test="z"), order="year", delta=0.1)
    base = ev.trial_sequential(ev.pool(FRAME, method="EE", test="z"), order="year", delta=0.1)
    assert more.looks.drop("tiny")["benefit"].to_numpy() == pytest.approx(base.boundaries, abs=1e-3)


def test_long_before_anything_can_be_shown_it_says_so():
    found = ev.trial_sequential([0.3, 0.2, 0.5], [0.04, 0.1, 0.2], order=[1, 2, 3], delta=1e-3)
    assert found.conclusion == "undecided" and (found.boundaries == 37).all()
    assert "hardly any result would be clear so early" in found.sentence() and len(found.summary()) < 600


@pytest.mark.parametrize("power", [0.06, 0.5, 0.9999])
@pytest.mark.parametrize("delta", [0.01, 0.3, 1000.0])
def test_any_power_and_effect_has_boundaries(power, delta):
    found = ev.trial_sequential([0.3, -0.2, 0.5], [0.04, 0.1, 0.2], order=[1, 2, 3], delta=delta, power=power)
    assert (found.boundaries >= found.single - 1e-9).all() and found.inflation >= 1 - 1e-6
    shown = ~np.isnan(found.futility)
    assert (found.futility[shown] <= found.boundaries[shown] + 1e-9).all()


def test_ties_are_refused_or_one_look():
    tied = FRAME.assign(year=[2001, 2003, 2001, 2004, 2005, 2005, 2005, 2008, 2009])
    with pytest.raises(ev.InvalidInput, match=r"order is 2001 for 'A' and 'C'.*ties=\"together\""):
        ev.trial_sequential(tied, order="year", delta=0.2)
    found = ev.trial_sequential(tied, order="year", delta=0.2, ties="together")
    assert found.looks["k"].tolist() == [2, 3, 4, 7, 8, 9]
    other = ev.trial_sequential(tied.sample(frac=1, random_state=2), order="year", delta=0.2, ties="together")
    assert other.z == pytest.approx(found.z)
    separate = ev.trial_sequential(tied, order=range(9), delta=0.2)
    assert found.z[-1] == pytest.approx(separate.z[-1])


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([2001, np.nan, *range(7)], "'B' has no order"),
        ([2001, None, *range(7)], "'B' has no order"),
        (list("abcdefghi"), "order"),
        ("decade", "no column 'decade'"),
        ([1, 2], "order has 2 values"),
        (None, "order"),
        (3, "order"),
    ],
)
def test_an_order_that_is_none(order, words):
    with pytest.raises(ev.InvalidInput, match=words):
        ev.trial_sequential(FRAME, order=order, delta=0.2)


def test_an_order_by_name_needs_a_frame():
    with pytest.raises(ev.InvalidInput, match="order='year' names a column"):
        ev.trial_sequential(FRAME["yi"], FRAME["vi"], delta=0.2)
    with pytest.raises(TypeError, match="delta"):
        ev.trial_sequential(FRAME)


def test_a_trial_without_error_leaves_nothing_to_require():
    with pytest.raises(ev.NotEstimable, match="vi = 0"):
        ev.trial_sequential([0.1, 0.2], [0.0, 0.1], order=[1, 2], delta=0.2)


def test_fifty_trials_take_no_time_once_boundaries_are_known():
    frame = pd.DataFrame({"yi": RNG.normal(0.2, 0.3, 50), "vi": RNG.uniform(0.02, 0.2, 50), "year": range(50)})
    fit = ev.pool(frame)
    ev.trial_sequential(fit, order="year", delta=0.15)
    times = []
    for _ in range(5):
        start = time.process_time()
        ev.trial_sequential(fit, order="year", delta=0.15)
        times.append(time.process_time() - start)
    assert min(times) < 0.02


def test_the_figure_shows_z_and_both_boundaries():
    found = sequence(0.2, k=4)
    ax = found.plot()
    assert found.information[-1] > 1
    early = sequence(0.2, k=3, vi=0.08).plot()
    (line,) = [line for line in early.lines if line.get_color() == POOLED]
    assert line.get_xdata()[-1] == 1  # the boundary is drawn up to what is required
    lines = [line for line in ax.lines if line.get_color() == POOLED]
    assert lines[0].get_ydata()[: len(found.z)] == pytest.approx(found.boundaries)
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert dots.get_ydata()[1:] == pytest.approx(found.z) and dots.get_xdata()[1:] == pytest.approx(found.information)
    with pytest.raises(ev.InvalidInput, match=r"ev\.trial_sequential"):
        ev.plots.trial_sequential(ev.pool(FRAME))
