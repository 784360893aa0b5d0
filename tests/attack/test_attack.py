"""Every public function under attack: it answers, or it refuses in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import evidence as ev

from .calls import calls, ordinary
from .judge import judge
from .subjects import dear, functions, methods, of_bases, parameters, targets
from .values import HOSTILE


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


#: Half a second a call.
SLOW = {"bias_average"}


@pytest.mark.parametrize("name", functions())
def test_it_answers_or_refuses_in_words(name: str) -> None:
    @quick(5 if dear(name) > 1 or name in SLOW else 25)
    @given(call=calls((name,)))
    def attack(call) -> None:  # type: ignore[no-untyped-def]
        judge(call)

    attack()


@pytest.mark.parametrize("names", [methods, of_bases])
def test_so_does_what_comes_of_it(names: Callable[[], Mapping[str, object]]) -> None:
    """Methods of results, and whatever looks at a base."""
    often = tuple(name for name in names() if dear(name) == 1)

    @quick(3 * len(often))
    @given(call=calls(often))
    def attack(call) -> None:  # type: ignore[no-untyped-def]
        judge(call)

    attack()


#: One of each kind that an argument may wrongly be.
KINDS = (
    None, "a", [], {}, object(), 10**400, float("nan"), np.ma.array([0.1, 0.2], mask=[0, 1]), True, np.uint8(200),
    pd.NA, pd.Timestamp("2020-01-01"),
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in targets() if dear(name) == 1])
def test_no_argument_breaks_by_a_wrong_kind(name: str) -> None:
    for argument in parameters(targets()[name]).values():
        if argument.name != "self" and argument.kind is not inspect.Parameter.VAR_KEYWORD:
            for wrong in KINDS:
                call = ordinary(Random(5), name)
                call.given[argument.name] = wrong
                judge(call)


@pytest.mark.parametrize("name", [name for name in of_bases() if "." not in name])
def test_what_is_no_base_is_refused_in_words(name: str) -> None:
    for hostile in HOSTILE:
        given = {
            each.name: hostile
            for each in inspect.signature(getattr(ev, name)).parameters.values()
            if each.default is inspect.Parameter.empty or each.name == "db"
        }
        if hostile is not None:  # None is the base that comes with the package, where a function has one
            with pytest.raises(ev.EvidenceError, match=r"\w+ \w+ \w+ \w+"):
                getattr(ev, name)(**given)
