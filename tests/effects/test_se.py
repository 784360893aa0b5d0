"""Standard errors from intervals and p values: oracle, round trip, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import evidence as ev


def test_se_from_ci_agrees_with_r(recovery):
    r = recovery["interval"]
    np.testing.assert_allclose(ev.se_from_ci(r["low"], r["high"], r["level"]), r["se_z"], rtol=1e-10)
    np.testing.assert_allclose(ev.se_from_ci(r["low"], r["high"], r["level"], df=r["n"] - 1), r["se_t"], rtol=1e-10)


def test_se_from_p_agrees_with_r_far_into_the_tail(recovery):
    r = recovery["pvalue"]
    np.testing.assert_allclose(ev.se_from_p(r["estimate"], r["p"]), r["se_z"], rtol=1e-9)
    np.testing.assert_allclose(ev.se_from_p(r["estimate"], r["p"], df=r["df"]), r["se_t"], rtol=1e-8)


@given(st.floats(-50, 50).filter(lambda x: abs(x) > 1e-3), st.floats(0.1, 20), st.integers(2, 500))
def test_interval_and_p_of_one_estimate_give_one_se(estimate, se, df):
    margin = stats.t.ppf(0.975, df) * se
    p = 2 * stats.t.sf(abs(estimate) / se, df)
    assert ev.se_from_ci(estimate - margin, estimate + margin, df=df) == pytest.approx(se, rel=1e-7)
    if 0 < p < 0.999:
        assert ev.se_from_p(estimate, p, df=df) == pytest.approx(se, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.se_from_ci(2, 1), "high = 1.0: must lie above low"),
        (lambda: ev.se_from_ci([0, np.nan], 1), r"low\[1\] = nan: must be a finite number"),
        (lambda: ev.se_from_ci(0, 1, df=0), "df = 0.0: must be above 0"),
        (lambda: ev.se_from_p(1, [0.2, 0.0]), r"p\[1\] = 0.0: must lie between 0 and 1"),
        (lambda: ev.se_from_p(0, 0.2), "estimate = 0.0: must not be 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
