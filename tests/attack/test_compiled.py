"""Whether the engine runs compiled or plain shows in nothing: not a bit of an answer, not a word of an error."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import evidence as ev
from evidence.models.engine import engine
from evidence.models.result import Result

from .calls import Call, calls
from .subjects import functions

FITTING = ("pool", "pool_many", "regress", "subgroups", "leave_one_out", "cumulative", "trim_and_fill")
SOME = settings(
    max_examples=30, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.parametrize("name", FITTING)
def test_both_ways_give_the_same_bits_and_the_same_errors(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    told = []

    @SOME
    @given(call=calls((name,)))
    def check(call: Call) -> None:
        ways = []
        for above in (np.inf, -1):  # plain, compiled
            monkeypatch.setattr(engine, "_COMPILE_ABOVE", above)
            ways.append(outcome(call))
        plain, compiled = ways
        told.append(isinstance(plain[0], pd.DataFrame))
        assert plain[1:] == compiled[1:]
        if isinstance(plain[0], pd.DataFrame):
            pd.testing.assert_frame_equal(plain[0], compiled[0], check_exact=True)
        else:
            assert plain[0] == compiled[0]

    check()
    assert any(told) and not all(told)  # answers and errors both


def outcome(call: Call) -> tuple[Any, list[str]]:
    """The answer as a frame, or the error as text; and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found: Any = functions()[call.name](**call.given)
            found = found.to_frame() if isinstance(found, Result) else found
        except (ev.EvidenceError, TypeError) as error:
            found = f"{type(error).__name__}: {error}"
    return found, [f"{one.category.__name__}: {one.message}" for one in caught]
