"""Effects computed together are those computed one by one, in the order asked for."""

from __future__ import annotations

import numpy as np
import pytest

import evidence as ev
from evidence.derive.routes.numbers import Counts, Joined, Known, Means, Standardised, TStatistic, computed

ONE, TWO, SHAM = (20.0, 5.0, 2.0), (30.0, 6.0, 2.5), (40.0, 4.0, 3.0)


def test_effects_of_many_kinds_keep_their_order() -> None:
    numbers = [
        Known(0.5, 0.1),
        Means("SMD", (ONE,), (SHAM,), 1.0),
        Counts("RR", 18.0, 30.0, 7.0, 20.0, -1),
        Means("MD", (ONE, TWO), (SHAM,), 10.0),
        Joined((Known(0.2, 0.1), TStatistic(2.4, 30.0, 30.0))),
        Standardised(2.0, 0.5, 48.0, (20.0, 4.0, 30.0, 5.0)),
        Counts("SMD", 18.0, 30.0, 7.0, 20.0, 1),
        Means("SMD", (SHAM,), (ONE,), 1.0),
        Counts("OR", 18.0, 30.0, 7.0, 20.0, 1),
    ]
    found = computed(numbers)
    np.testing.assert_array_equal(found, np.concatenate([computed([one]) for one in numbers]))
    assert found[0].tolist() == [0.5, 0.1] and found[1, 0] == -found[7, 0] > 0


def test_points_are_multiplied_and_arms_joined() -> None:
    both = ev.combine_arms([20, 30], [5.0, 6.0], [2.0, 2.5])
    apart = ev.effect_size("MD", m1=both.mean, sd1=both.sd, n1=both.n, m2=4.0, sd2=3.0, n2=40).iloc[0]
    ((yi, vi),) = computed([Means("MD", (ONE, TWO), (SHAM,), 10.0)])
    assert (yi, vi) == pytest.approx((10 * apart["yi"], 100 * apart["vi"]))


def test_an_event_that_is_no_good_is_turned() -> None:
    own = ev.effect_size("RR", ai=18, bi=12, ci=7, di=13).iloc[0]
    ((yi, vi),) = computed([Counts("RR", 18.0, 30.0, 7.0, 20.0, -1)])
    assert (yi, vi) == pytest.approx((-own["yi"], own["vi"]))


def test_a_t_statistic_is_a_standardised_difference() -> None:
    np.testing.assert_array_equal(computed([TStatistic(2.4, 30.0, 20.0)]), [ev.smd_from_t(2.4, 30, 20)])


def test_a_difference_is_divided_by_the_spread_within_the_arms() -> None:
    sd, df = ev.pooled_sd(20, 4.0, 30, 5.0), 48
    j = 1 - 3 / (4 * df - 1)  # Hedges' approximation, good to 1e-4 here
    ((yi, vi),) = computed([Standardised(2.0, 0.5, df, (20.0, 4.0, 30.0, 5.0))])
    assert yi == pytest.approx(j * 2 / sd, rel=1e-4)
    assert vi == pytest.approx((j * 0.5 / sd) ** 2 + yi**2 / (2 * df), rel=1e-3)


def test_parts_of_a_trial_are_weighted_by_inverse_variance() -> None:
    parts = (Known(0.2, 0.1), Known(0.5, 0.05), Known(-0.1, 0.2))
    ((yi, vi),) = computed([Joined(parts)])
    assert (yi, vi) == pytest.approx(((0.2 / 0.1 + 0.5 / 0.05 - 0.1 / 0.2) / 35, 1 / 35), rel=1e-12)
