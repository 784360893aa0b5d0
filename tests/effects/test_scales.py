"""Effects on other scales: oracle, published examples, inverses, simulation, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev


def test_or_to_smd_agrees_with_escalc(recovery):
    r = recovery["conversion"]
    effect = ev.or_to_smd(r["log_or"], r["v"])
    np.testing.assert_allclose(effect.yi, r["yi"], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(effect.vi, r["vi"], rtol=1e-10)


def test_borenstein_example():
    # Borenstein et al. (2009), chapter 7: log OR 0.9069, variance 0.0676, is d 0.5000, variance 0.0205
    assert tuple(np.round(ev.or_to_smd(0.9069, 0.0676), 4)) == (0.5, 0.0205)


@given(st.floats(-5, 5), st.floats(0, 4))
def test_conversions_undo_each_other(yi, vi):
    np.testing.assert_allclose(ev.smd_to_or(*ev.or_to_smd(yi, vi)), (yi, vi), rtol=1e-12, atol=1e-300)


def test_points():
    np.testing.assert_allclose(ev.smd_to_points([0.2, -0.5], 24), [4.8, -12])


def test_nnt_example():
    # Harrer et al. (2021), Doing Meta-Analysis in R, section 15.10: Furukawa's NNT at d 0.245, control rate 0.35
    assert ev.nnt(0.245, 0.35) == pytest.approx(10.61533, abs=5e-6)


def test_nnt_by_simulation():
    rng = np.random.default_rng(2)
    sham = rng.normal(0, 1, 400_000)
    response = sham.mean() + np.quantile(sham, 0.7)
    more = np.mean(rng.normal(0.4, 1, 400_000) > response) - 0.3
    assert ev.nnt(0.4, 0.3) == pytest.approx(1 / more, rel=0.03)


def test_nnt_sign_and_infinity():
    nnt = ev.nnt([0.0, 0.3, -0.3], 0.5)
    assert np.isposinf(nnt[0])
    assert nnt[1] == pytest.approx(-nnt[2])


def test_proportion_reaching_mid():
    rng = np.random.default_rng(4)
    assert ev.proportion_reaching_mid(20, 22, 15) == pytest.approx(
        np.mean(rng.normal(20, 22, 400_000) >= 15), abs=0.003
    )
    np.testing.assert_allclose(ev.proportion_reaching_mid([15, 0], 10, 15), [0.5, 0.06680720126885807])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.or_to_smd(0.5, [0.1, -0.1]), r"v\[1\] = -0.1: must be 0 or more"),
        (lambda: ev.smd_to_points(0.5, 0), "sd = 0.0: must be above 0"),
        (lambda: ev.nnt(0.5, [0.2, 1.0]), r"control_rate\[1\] = 1.0: must lie between 0 and 1"),
        (lambda: ev.proportion_reaching_mid(5, 2, -1), "mid = -1.0: must be above 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
