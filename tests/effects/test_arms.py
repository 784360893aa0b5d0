"""Arms joined: exactly the pooled raw data, whatever the order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev

arms = st.lists(st.tuples(st.integers(2, 60), st.floats(-50, 50), st.floats(0.5, 30)), min_size=2, max_size=5)


@given(arms, st.integers(0, 2**32 - 1))
def test_joined_arms_are_the_pooled_raw_data(arms, seed):
    rng = np.random.default_rng(seed)
    raw = [rng.normal(mean, sd, n) for n, mean, sd in arms]
    joined = ev.combine_arms([len(x) for x in raw], [x.mean() for x in raw], [x.std(ddof=1) for x in raw])
    everyone = np.concatenate(raw)
    assert joined.n == len(everyone)
    assert joined.mean == pytest.approx(everyone.mean(), rel=1e-9, abs=1e-11)
    assert joined.sd == pytest.approx(everyone.std(ddof=1), rel=1e-9)


@given(arms)
def test_order_and_nesting_do_not_matter(arms):
    n, mean, sd = (np.array(column) for column in zip(*arms, strict=True))
    at_once, backwards = ev.combine_arms(n, mean, sd), ev.combine_arms(n[::-1], mean[::-1], sd[::-1])
    step = (n[0], mean[0], sd[0])
    for arm in zip(n[1:], mean[1:], sd[1:], strict=True):
        step = ev.combine_arms(*np.transpose([step, arm]))
    np.testing.assert_allclose(backwards, at_once, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(step, at_once, rtol=1e-10, atol=1e-12)


def test_joins_along_the_last_axis():
    joined = ev.combine_arms(n=[[20, 30], [10, 10]], mean=[[5.0, 6.0], [1.0, 1.0]], sd=[[2.0, 2.5], [3.0, 3.0]])
    np.testing.assert_allclose(joined.n, [50, 20])
    np.testing.assert_allclose(joined.mean, [5.6, 1.0])
    np.testing.assert_allclose(
        joined.sd, [np.sqrt((19 * 4 + 29 * 6.25 + 20 * 0.36 + 30 * 0.16) / 49), np.sqrt(9 * 18 / 19)]
    )


def test_pooled_sd_by_hand():
    assert ev.pooled_sd(10, 2.0, 20, 3.0) == pytest.approx(np.sqrt((9 * 4 + 19 * 9) / 28))
    np.testing.assert_allclose(ev.pooled_sd(10, [1.0, 2.0], 10, [1.0, 2.0]), [1.0, 2.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.combine_arms([20, 1], [5, 6], [2, 2]), r"n\[1\] = 1.0: must be a sample size of 2 or more"),
        (lambda: ev.combine_arms([[20, 9]], [[5, 6]], [[2, -2]]), r"sd\[0, 1\] = -2.0: must be above 0"),
        (lambda: ev.combine_arms(20, 5, 2), "must be arrays whose last axis runs over the arms"),
        (lambda: ev.pooled_sd(10, 0, 10, 1), "sd1 = 0.0: must be above 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
