"""Calls of every public function, generated from signatures: a function is attacked the day it is exported.

A call starts ordinary: each argument gets what its name or its default asks for. Then none, one or two arguments become
hostile (of a wrong kind, shape, sign or size) or extreme (at the edge of floating point, all equal, nothing at all).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import evidence as ev


class Call(NamedTuple):
    """A function by name, and what it is given."""

    name: str
    given: dict[str, Any]


#: Not attacked here: they read files, draw widgets, or take an evidence base, which is checked where it is loaded.
APART = {"load", "validate", "read_trials", "explore", "theme", "export", "screen", "certainty", "pooled_table"}
#: Left as they are: they decide where and how long, not what.
_LEFT = {"executor", "progress", "db"}
#: Given nearly always: without them a function only says that they are missing.
_NEEDED = {"vi", "data", "v1", "y2", "v2", "bi", "ci", "di", "x2", "t1", "t2"}
_LETTERS = "ABCDEFGHIJ"


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function that takes numbers."""
    found = {name: getattr(ev, name) for name in sorted(set(dir(ev)) - APART) if name[0].islower()}
    return {
        name: function
        for name, function in found.items()
        if inspect.isfunction(function) and "db" not in inspect.signature(function).parameters
    }


def _floats(low: float, high: float) -> Callable[[int], st.SearchStrategy[Any]]:
    return lambda k: st.lists(st.floats(low, high), min_size=k, max_size=k)


def _whole(low: int, high: int) -> Callable[[int], st.SearchStrategy[Any]]:
    return lambda k: st.lists(st.integers(low, high), min_size=k, max_size=k)


def _labels(k: int) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(_LETTERS), min_size=k, max_size=k)


def _names(k: int) -> st.SearchStrategy[Any]:
    return st.just([f"Trial {at}" for at in range(k)])


_EFFECT, _VARIANCE, _COUNT, _SIZE = _floats(-3, 3), _floats(0.001, 2), _whole(0, 60), _whole(2, 300)
_SPREAD, _MEAN, _SHARE, _P = _floats(0.1, 20), _floats(-50, 50), _floats(0.01, 0.99), _floats(1e-6, 1)
_ITERATIONS = lambda k: st.integers(1, 40)  # noqa: E731
#: What an argument of this name should be, k values; what has another name gets what its default asks for.
ORDINARY: Mapping[str, Callable[[int], st.SearchStrategy[Any]]] = {
    **dict.fromkeys(("yi", "effects", "y1", "y2", "smd", "g", "log_or", "difference", "t", "estimate"), _EFFECT),
    **dict.fromkeys(("vi", "v1", "v2", "v", "se", "weights"), _VARIANCE),
    **dict.fromkeys(("ai", "bi", "ci", "di", "xi", "x1", "x2", "events"), _COUNT),
    **dict.fromkeys(("n", "n1", "n2", "ni", "t1", "t2", "randomised", "analysed", "total"), _SIZE),
    **dict.fromkeys(("sd", "sd1", "sd2", "sd_pre", "sd_post", "sd_change", "f"), _SPREAD),
    **dict.fromkeys(("mean", "m1", "m2", "median", "q1", "q3", "min", "max", "low", "high", "ci_low", "ci_high", "mid",
                     "percent"), _MEAN),
    **dict.fromkeys(("r", "control_rate", "fractions", "p_control", "diversity"), _SHARE),
    **dict.fromkeys(("slab", "study"), _names),
    **dict.fromkeys(("by", "cluster", "group", "rows", "columns", "outcome", "arm", "variable"), _labels),
    **dict.fromkeys(("iterations", "subsets"), _ITERATIONS),
    "p": _P,
    "order": _floats(0, 9),
    "week": _floats(0, 52),
    "direction": _whole(-1, 1),
    "level": lambda k: st.floats(0.5, 0.99),
    "alpha": lambda k: st.floats(0.01, 0.2),
    "delta": lambda k: st.floats(0.1, 1),
    "df": lambda k: st.integers(3, 100),
    "seed": lambda k: st.integers(0, 9),
    "fit": lambda k: st.just(ev.pool([0.1, 0.5, 0.3, 0.9][: max(k, 3)], [0.1, 0.2, 0.1, 0.2][: max(k, 3)])),
    "full": lambda k: st.just(ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1])),
    "reduced": lambda k: st.just(ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1], method="EE")),
    "result": lambda k: st.just(ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1])),
    "levels": lambda k: _labels(k).map(lambda study: {"study": study, "row": range(k)}),
    "formula": lambda k: st.sampled_from(["~ 1", "~ dose", "~ C(arm)", "~ 0 + dose"]),
    "data": lambda k: st.just(pd.DataFrame({"dose": np.arange(k) % 4, "arm": [_LETTERS[at % 2] for at in range(k)]})),
    "rho_within": lambda k: st.floats(0, 0.9),
    "measure": lambda k: st.sampled_from(["SMD", "MD", "OR", "RR", "RD", "IRR"]),
    "statistics": lambda k: st.fixed_dictionaries(
        {**{name: _SIZE(k) for name in ("n1", "n2")}, **{name: _MEAN(k) for name in ("m1", "m2")},
         **{name: _SPREAD(k) for name in ("sd1", "sd2")}}
    ),
}  # fmt: skip


def _together(**arguments: Callable[[int], st.SearchStrategy[Any]]) -> Callable[[int], st.SearchStrategy[Any]]:
    return lambda k: st.fixed_dictionaries({name: of(k) for name, of in arguments.items()})


def _one(low: int, high: int) -> Callable[[int], st.SearchStrategy[Any]]:
    return lambda k: st.integers(low, high)


def _one_of(low: float, high: float) -> Callable[[int], st.SearchStrategy[Any]]:
    return lambda k: st.floats(low, high)


def _ends(k: int) -> list[str]:
    return [_LETTERS[1 + at % 3] for at in range(k)]


_SIGN = lambda k: st.lists(st.sampled_from((-1, 1)), min_size=k, max_size=k)  # noqa: E731
_TABLE = {name: _whole(1, 60) for name in ("ai", "bi", "ci", "di")}
#: Arguments that only make sense together, by function; a call begins with these, or with whatever was drawn alone.
WHOLE: Mapping[str, Callable[[int], st.SearchStrategy[Any]]] = {
    "peto": _together(**_TABLE),
    "glmm": _together(**_TABLE, model=lambda k: st.sampled_from(["UM.FS", "CM.EL", "CM.AL"])),
    "mantel_haenszel": _together(**_TABLE, measure=lambda k: st.sampled_from(["OR", "RR", "RD"])),
    "exact_odds_ratio": _together(ai=_one(0, 60), bi=_one(0, 60), ci=_one(0, 60), di=_one(0, 60)),
    "mean_sd_from_quantiles": _together(
        n=_whole(5, 300), q1=_floats(1, 2), median=_floats(2, 3), q3=_floats(3, 4), min=_floats(0, 1), max=_floats(4, 5)
    ),
    "correlation_from_change": _together(sd_pre=_floats(9, 10), sd_post=_floats(9, 10), sd_change=_floats(2, 18)),
    "debit": _together(mean=_SHARE, sd=_floats(0.1, 0.5), n=_SIZE),
    "fragility": _together(effects=_EFFECT, vi=_VARIANCE, ni=_SIZE),
    "required_information_size": _together(delta=_one_of(0.1, 1), sd=_one_of(0.5, 3), alpha=_one_of(0.01, 0.2)),
    "same_numbers": _together(mean=_MEAN, sd=_SPREAD, n=_SIZE, study=_labels, arm=_names),
    "sampling_covariance": _together(yi=_EFFECT, vi=_VARIANCE, cluster=_labels, rho=_one_of(0, 0.9)),
    "sd_from_ci": _together(low=_floats(-9, 0), high=_floats(0.1, 9), n=_SIZE),
    "se_from_ci": _together(low=_floats(-9, 0), high=_floats(0.1, 9), level=_one_of(0.5, 0.99)),
    "sd_plausible": _together(mean=_floats(1, 9), sd=_floats(0.1, 4), n=_SIZE, low=_one_of(0, 1), high=_one_of(9, 10)),
    "se_as_sd": _together(sd=_SPREAD, n=_SIZE, reference=_SPREAD),
    "skewness_test": _together(n=_whole(5, 300), q1=_floats(1, 2), median=_floats(2, 3), q3=_floats(3, 4)),
    "smd_from_f": _together(f=_SPREAD, n1=_SIZE, n2=_SIZE, direction=_SIGN),
    "smd_from_p": _together(p=_P, n1=_SIZE, n2=_SIZE, direction=_SIGN),
    "spending_boundaries": _together(fractions=lambda k: st.floats(0.05, 0.4).map(
        lambda first: [first, 0.45, 0.7, 1.0]), alpha=_one_of(0.01, 0.1)),
    "subgroups": _together(yi=_EFFECT, vi=_VARIANCE, by=lambda k: st.just([_LETTERS[at % 2] for at in range(k)])),
    "table": _together(rows=lambda k: _EFFECT(k).map(lambda values: pd.DataFrame({"estimate": values}))),
    "network": _together(effects=_EFFECT, vi=_VARIANCE, reference=lambda k: st.just("A"),
                         treatment1=lambda k: st.just(["A"] * k),
                         treatment2=lambda k: st.just(_ends(k)), study=_names),
}  # fmt: skip

HOSTILE: tuple[Any, ...] = (
    None, "", "text", "\x1b[31m", "x" * 5000, b"bytes", object(), len, True, {}, {"a": 1}, set(), [], [[]], [None],
    [[1, 2], [3, 4]], [1, [2, 3]], 0, -1, 1, 2.5, 1e300, -1e300, 1e-300, 1e17, 2**63, 10**400, float("nan"),
    float("inf"), -float("inf"), 1j, Decimal("0.5"), Fraction(1, 3), pd.NA, pd.NaT, np.uint8(200), np.float32(0.5),
    ["a", "b"], [0.1], [0.1] * 7, [float("nan")] * 3, [float("inf")] * 3, [-1.0] * 3, [0] * 3, [10**400] * 3,
    ["0.1", "0.2", "0.3"], np.ma.array([0.1, 0.2, 0.3], mask=[0, 1, 0]), np.zeros((2, 3)), np.array(0.5),
    np.array([1, 200, 255], dtype=np.uint8), pd.Series([0.1, 0.2, 0.3], index=list("xyz")), pd.DataFrame(),
    pd.DataFrame({"yi": [0.1, 0.4], "vi": [0.1, -0.2]}), pd.date_range("2020", periods=3),
    pd.Series([None, "a", pd.NA]),
    pd.Series([0.1, None, 0.3], dtype="Float64"), pd.Categorical(["a", "b", None]), range(3), np.array([0.1, 1j, 2]),
)  # fmt: skip


def _extreme(values: Any) -> st.SearchStrategy[Any]:
    """An argument that stays of its kind, at the edge of it."""
    if not isinstance(values, list) or not values or not all(type(value) in (int, float) for value in values):
        return st.just(values)
    if not all(abs(value) < 1e100 for value in values):
        return st.just(values)
    array = np.array(values, dtype=float)
    return st.sampled_from(
        [array * 1e30, array * 1e-30, array * 1e100, array * 1e-100, array * 1e160, array * 1e-160, array * 0,
         array * 0 + array[0], np.where(np.arange(len(array)) == 0, np.nan, array), array.astype(np.float32),
         np.where(np.arange(len(array)) == 0, 0.0, array), array + 1e9, np.ma.array(array, mask=array == array[0]),
         pd.Series(array, index=[f"Trial {at}" for at in range(len(array))][::-1]), array[:1], array[:2], array[:0]]
    )  # fmt: skip


def _options(function: Callable[..., Any], name: str) -> tuple[Any, ...]:
    """The words that an argument may be, from its type."""
    try:
        hint = typing.get_type_hints(function).get(name)
    except (NameError, TypeError):
        return ()
    parts = typing.get_args(hint) if typing.get_origin(hint) is not Literal else (hint,)
    return tuple(
        word for part in (hint, *parts) if typing.get_origin(part) is Literal for word in typing.get_args(part)
    )


@st.composite
def calls(draw: st.DrawFn, names: tuple[str, ...] | None = None) -> Call:
    """A call of one function, ordinary but for none, one or two of its arguments."""
    every = functions()
    name = draw(st.sampled_from(names or tuple(every)))
    function, k = every[name], draw(st.sampled_from((3, 4, 5, 5, 6, 12)))
    given: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in _LEFT or (
            parameter.default is None and draw(st.integers(0, 2)) and parameter.name not in _NEEDED
        ):
            continue
        if words := _options(function, parameter.name):
            given[parameter.name] = draw(st.sampled_from(words))
        elif isinstance(parameter.default, bool):
            given[parameter.name] = draw(st.booleans())
        elif parameter.name in ORDINARY:
            given[parameter.name] = draw(ORDINARY[parameter.name](k))
        elif parameter.default is inspect.Parameter.empty:
            given[parameter.name] = draw(_EFFECT(k))
    given |= given.pop("statistics", {})
    if name in WHOLE and draw(st.integers(0, 3)):
        given = dict(draw(WHOLE[name](k)))
    for _ in range(draw(st.integers(0, 2))):
        which = draw(st.sampled_from(sorted({*inspect.signature(function).parameters} - _LEFT - {"statistics"})))
        if which in given and draw(st.booleans()):
            given[which] = draw(_extreme(given[which]))
        else:
            given[which] = draw(st.sampled_from(HOSTILE))
    return Call(name, given)
