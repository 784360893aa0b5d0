"""What may not matter does not: order of rows, labels, dtype, units, shift, sign, chunks."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import evidence as ev
from evidence.models.result import Result

from .subjects import functions

pytestmark = pytest.mark.filterwarnings("ignore::evidence.SmallSample", "ignore::evidence.NotConverged")
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
#: Drawn at random from the rows as they stand, or asking for more than effects and variances.
DRAWN = {"bootstrap", "gosh", "permutation_test"}
ORDERED = {"cumulative", "trial_sequential"}
#: Half a second a call.
SLOW = {"bias_average"}
#: Tables of methods that stand here each by itself.
TOGETHER = {"bias_table", "all_models"}
ESTIMATES = ("pool", "bayes", "pet_peese", "limit_meta", "leave_one_out", "trim_and_fill")


def of_trials() -> list[str]:
    """Functions that need nothing but effects and their variances."""
    found = []
    for name, function in functions().items():
        taken = list(inspect.signature(function).parameters.values())
        if not taken:
            continue
        first, *others = taken
        asked = [one for one in others if one.default is inspect.Parameter.empty]
        if first.name in {"yi", "effects"} and any(one.name == "vi" for one in others) and not asked:
            found.append(name)
    return [name for name in found if name not in DRAWN | ORDERED | TOGETHER]


def _answers(name: str) -> bool:
    try:
        numbers(name, np.linspace(-0.2, 0.9, 12), np.geomspace(0.02, 0.3, 12))
    except (ev.EvidenceError, Warning):
        return False
    return True


def numbers(name: str, yi: Any, vi: Any) -> pd.DataFrame:
    """The answer as numbers, those of a column in order of size."""
    found = functions()[name](yi, vi)
    frame = found.to_frame() if isinstance(found, Result) else found
    if not isinstance(frame, pd.DataFrame):
        frame = pd.DataFrame({"number": np.atleast_1d(np.asarray(found, dtype=float)).ravel()})
    plain = frame.select_dtypes("number").reset_index(drop=True)
    return pd.DataFrame({column: np.sort(plain[column].to_numpy(float)) for column in plain})


TRIALS = st.integers(0, 10_000).map(
    lambda seed: (
        np.random.default_rng(seed).normal(0.3, 0.4, 12).round(3),
        np.random.default_rng(seed + 1).uniform(0.02, 0.3, 12).round(4),
    )
)


@pytest.mark.parametrize("name", of_trials())
def test_order_and_kind_of_numbers_change_nothing(name: str) -> None:
    if name not in SLOW and not _answers(name):
        pytest.skip("needs more than effects and their variances")

    @settings(FEW, max_examples=1 if name in SLOW else 2)
    @given(trials=TRIALS, seed=st.integers(0, 99))
    def check(trials: Any, seed: int) -> None:
        yi, vi = trials
        order = np.random.default_rng(seed).permutation(len(yi))
        labels = [f"Trial {at}" for at in range(len(yi))]
        whole = numbers(name, yi, vi)
        series = pd.Series(yi, index=labels)
        ways = {
            "another order, as lists": (yi[order].tolist(), vi[order].tolist()),
            "Series in another order each": (series, pd.Series(vi, index=labels).iloc[order]),
            "nullable and objects": (pd.array(yi, dtype="Float64"), vi.astype(object)),
        }
        for way, (y, v) in ways.items():
            found = numbers(name, y, v)
            np.testing.assert_allclose(found, whole, rtol=1e-6, atol=1e-8, err_msg=way)

    check()


@pytest.mark.parametrize("name", [name for name in ESTIMATES if name != "bayes"])
def test_units_of_the_effect_are_those_of_the_estimate(name: str) -> None:
    @FEW
    @given(trials=TRIALS, factor=st.sampled_from([-1.0, 1e-3, 7.0, 1e4]))
    def check(trials: Any, factor: float) -> None:
        yi, vi = trials
        plain, scaled = numbers(name, yi, vi), numbers(name, yi * factor, vi * factor**2)
        for column in ("estimate",):
            expected = np.sort(plain[column] * factor)
            np.testing.assert_allclose(scaled[column], expected, rtol=1e-6, atol=1e-8 * abs(factor))

    check()


@pytest.mark.parametrize("method", ["DL", "REML", "ML", "PM", "EB", "SJ", "HE", "HS"])
def test_a_shift_moves_the_estimate_alone(method: Any) -> None:
    @FEW
    @given(trials=TRIALS, shift=st.sampled_from([-5.0, 0.7, 100.0]))
    def check(trials: Any, shift: float) -> None:
        yi, vi = trials
        plain, moved = ev.pool(yi, vi, method), ev.pool(yi + shift, vi, method)
        assert moved.estimate == pytest.approx(plain.estimate + shift, abs=1e-8)
        assert (moved.tau2, moved.se) == pytest.approx((plain.tau2, plain.se), rel=1e-6, abs=1e-9)

    check()


@FEW
@given(seed=st.integers(0, 99), cut=st.integers(1, 39))
def test_many_at_once_are_the_same_as_in_parts(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    group, yi, vi = np.repeat(np.arange(40), 4), rng.normal(size=160), rng.uniform(0.05, 1, 160)
    whole = ev.pool_many(group, yi, vi)
    parts = [ev.pool_many(group[rows], yi[rows], vi[rows]) for rows in (slice(0, 4 * cut), slice(4 * cut, None))]
    pd.testing.assert_frame_equal(pd.concat(parts), whole, check_exact=True)
