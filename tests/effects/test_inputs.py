"""The one door of the effects: Series meet by label, and what is no number is an error with words."""

from __future__ import annotations

import contextlib
import inspect
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.effects.recover.mean_sd_from_quantiles import METHODS, QuantileMethod

#: Every public function of the room, with arguments that it takes.
ARMS = pd.DataFrame({"study": list("AABB"), "treatment": list("xyxy"), "events": [4, 9, 3, 5], "n": [20, 21, 30, 31]})
CALLS: dict[str, dict[str, Any]] = {
    "pairwise": {"arms": ARMS, "measure": "RR", "study": "study", "treatment": "treatment", "columns": {"n": "n"}},
    "to_long": {"pairs": ev.pairwise(ARMS), "study": "study"},
    "back_transform": {"values": [0.1, 0.4], "transform": "exp"},
    "counts_from_margins": {"n": 200, "n1": 100, "events": 50, "odds_ratio": 2.05},
    "delta_method": {"yi": 0.2, "vi": 0.01, "function": "exp"},
    "effect_size": {"measure": "SMD", "m1": 3.0, "sd1": 2.0, "n1": 40, "m2": 2.0, "sd2": 2.5, "n2": 42, "vtype": "LS"},
    "combine_arms": {"n": [20, 30], "mean": [5.0, 6.0], "sd": [2.0, 2.5]},
    "pooled_sd": {"n1": 10, "sd1": 2.0, "n2": 20, "sd2": 3.0},
    "change_sd": {"sd_pre": 20.0, "sd_post": 22.0, "r": 0.5},
    "correlation_from_change": {"sd_pre": 20.0, "sd_post": 22.0, "sd_change": 21.0},
    "exact_odds_ratio": {"ai": 3, "bi": 97, "ci": 9, "di": 91, "level": 0.95},
    "exact_proportion": {"xi": 3, "ni": 50, "level": 0.95},
    "exact_rate": {"xi": 3, "ti": 50.0, "level": 0.95},
    "mean_sd_from_quantiles": {"n": 100, "median": 15, "q1": 10, "q3": 22, "min": 2, "max": 40, "method": "luo-wan"},
    "nnt": {"smd": 0.5, "control_rate": 0.2},
    "or_to_smd": {"log_or": 0.9, "v": 0.07},
    "smd_to_or": {"smd": 0.5, "v": 0.02},
    "smd_to_points": {"g": 0.5, "sd": 24.0},
    "proportion_reaching_mid": {"mean": 20.0, "sd": 22.0, "mid": 15.0},
    "sd_from_ci": {"low": 30.0, "high": 34.2, "n": 25, "level": 0.95, "dist": "t"},
    "sd_from_f": {"difference": 3.8, "f": 7.7, "n1": 25, "n2": 22},
    "sd_from_p": {"difference": 3.8, "p": 0.008, "n1": 25, "n2": 22},
    "sd_from_se": {"se": 0.5, "n": 64},
    "sd_from_t": {"difference": 3.8, "t": 2.78, "n1": 25, "n2": 22},
    "se_from_ci": {"low": -12.4, "high": -3.1, "level": 0.95, "df": 30},
    "se_from_p": {"estimate": 3.8, "p": 0.008, "df": 45},
    "skewness_test": {"n": 50, "median": 3, "q1": 2, "q3": 6, "min": 1, "max": 20},
    "smd_from_f": {"f": 5.8, "n1": 30, "n2": 30, "direction": 1},
    "smd_from_p": {"p": 0.02, "n1": 30, "n2": 30, "direction": -1},
    "smd_from_t": {"t": 2.4, "n1": 30, "n2": 30},
}
#: What no argument is; the first five have to be refused, the rest may also be broadcast or give nothing back.
WRONG: tuple[Any, ...] = ("twelve", {"yi": 1}, object(), 10**400, np.nan, None, [], [[0.1, 0.2], [0.3, 0.4]], "")
#: Those whose arguments are no statistics of a trial each.
APART = {
    "back_transform",
    "combine_arms",
    "counts_from_margins",
    "delta_method",
    "exact_odds_ratio",
    "pairwise",
    "to_long",
}
ARGUMENTS = [(name, argument) for name, given in CALLS.items() for argument in given]


def test_every_public_function_stands_in_the_table() -> None:
    room = {name for name in dir(ev) if getattr(getattr(ev, name), "__module__", "").startswith("evidence.effects.")}
    assert room == set(CALLS)
    for name, given in CALLS.items():
        parameters = inspect.signature(getattr(ev, name)).parameters
        assert set(given) <= set(parameters) or "statistics" in parameters
        getattr(ev, name)(**given)


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_wrong_kind_of_argument_is_an_error_with_words(name: str, argument: str) -> None:
    function, given = getattr(ev, name), CALLS[name]
    for wrong in WRONG[:5]:
        with pytest.raises(ev.EvidenceError, match=argument):
            function(**given | {argument: wrong})
    for wrong in WRONG[5:]:
        with contextlib.suppress(ev.EvidenceError):
            function(**given | {argument: wrong})


@pytest.mark.parametrize("name", sorted(set(CALLS) - APART))
def test_series_meet_by_label(name: str) -> None:
    function, given = getattr(ev, name), CALLS[name]
    once = {argument: value for argument, value in given.items() if isinstance(value, int | float)}
    once.pop("level", None) if name in ("exact_proportion", "exact_rate") else None
    labels = ["a", "b", "c"]
    # values that differ between trials in the last argument, whose rows then stand in another order
    scale = 1.0 if list(once)[-1] in ("direction", "vtype") else np.array([1.0, 1.02, 1.04])
    columns = {argument: pd.Series(value * np.ones(3), index=labels) for argument, value in once.items()}
    last = list(columns)[-1]
    columns[last] = columns[last] * scale
    right = function(**given | columns)
    turned = function(**given | columns | {last: columns[last].iloc[::-1]})
    np.testing.assert_array_equal(np.asarray(turned), np.asarray(right))
    with pytest.raises(ev.InvalidInput, match=f"{last} has other labels than"):
        function(**given | columns | {last: columns[last].rename({"a": "z"})})


def test_a_default_index_is_no_label_and_masked_values_are_missing() -> None:
    by_place = ev.sd_from_se(pd.Series([1.0, 2.0], index=["a", "b"]), pd.Series([4, 9]))
    assert by_place.tolist() == [2.0, 6.0]
    for wrong in (1j, np.array(["2020-01-01"], dtype="datetime64[D]"), pd.Series(pd.to_timedelta([1], "D"))):
        with pytest.raises(ev.InvalidInput, match=r"(?s)se = .*must be a number"):
            ev.sd_from_se(wrong, 9)
    with pytest.raises(ev.InvalidInput, match=r"se\[1\] = nan"):
        ev.sd_from_se(np.ma.masked_array([1.0, 2.0], mask=[False, True]), 9)


def test_methods_for_quantiles_are_one_registry() -> None:
    assert tuple(METHODS) == get_args(QuantileMethod)
    for method in METHODS:
        assert f'"{method}"' in (ev.mean_sd_from_quantiles.__doc__ or "")


def test_the_least_sample_and_the_largest_p_value_are_taken() -> None:
    assert np.isfinite(ev.effect_size("MD", m1=3.0, sd1=2.0, n1=2, m2=2.0, sd2=2.5, n2=2)).all(axis=None)
    assert ev.combine_pvalues([1.0, 0.5], [1, 1]).p_value > 0
    with pytest.raises(ev.InvalidInput, match="p value"):
        ev.combine_pvalues([1.5, 0.5], [1, 1])
    with pytest.raises(ev.InvalidInput, match="sample size"):
        ev.effect_size("MD", m1=3.0, sd1=2.0, n1=1, m2=2.0, sd2=2.5, n2=2)
