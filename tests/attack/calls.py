"""Calls of everything public, generated from signatures: a function is attacked the day it is exported.

A call starts ordinary: each argument gets what its name or its default asks for. Then none, one or two arguments become
hostile (of a wrong kind, shape, sign or size) or extreme (at the edge of floating point, all equal, nothing at all).
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from functools import cache
from inspect import Parameter
from random import Random
from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st

from .subjects import functions, of_bases, parameters, subjects, targets
from .values import HOSTILE, OF_A_BASE, ORDINARY, WHOLE, extreme

#: Left as they are: they decide where and how long, not what, or are what is looked at.
LEFT = {"executor", "progress", "self", "path"}
#: Given nearly always: without them a function only says that they are missing.
_NEEDED = {"vi", "data", "v1", "y2", "v2", "bi", "ci", "di", "x2", "t1", "t2", "db"}


class Call(NamedTuple):
    """A function by name, and what it is given."""

    name: str
    given: dict[str, Any]

    def run(self) -> Any:
        """Call it."""
        function, given = targets()[self.name], dict(self.given)
        row = next((name for name, of in parameters(function).items() if of.kind is Parameter.VAR_POSITIONAL), "")
        told = given.pop(row, ())
        return function(*(told if isinstance(told, tuple) else (told,)), **given)


@st.composite
def calls(draw: st.DrawFn, names: tuple[str, ...] | None = None) -> Call:
    """A call of one function, whose every choice hypothesis makes."""
    return call(draw(st.randoms(use_true_random=False)), names or tuple(functions()))


def call(rng: Random, names: Sequence[str]) -> Call:
    """A call of one of these, ordinary but for none, one or two of its arguments."""
    made = ordinary(rng, rng.choice(names))
    open_to = [name for name in parameters(targets()[made.name]) if name not in LEFT]
    for _ in range(rng.randint(0, 2) if open_to else 0):
        which = rng.choice(open_to)
        if which in made.given and rng.random() < 0.5:
            made.given[which] = extreme(rng, made.given[which])
        elif parameters(targets()[made.name])[which].kind is not Parameter.VAR_KEYWORD:
            made.given[which] = rng.choice(HOSTILE)
    return made


def ordinary(rng: Random, name: str) -> Call:
    """A call as its user means it."""
    function, k = targets()[name], rng.choice((3, 4, 5, 5, 6, 12))
    given: dict[str, Any] = {}
    if "self" in parameters(function) and (known := subjects(name.split(".")[0])):
        given["self"] = rng.choice(known)
    if name in WHOLE and rng.randint(0, 3):
        return Call(name, given | WHOLE[name](rng, k))
    kinds = {**ORDINARY, **OF_A_BASE} if name in of_bases() else ORDINARY
    for parameter in parameters(function).values():
        if parameter.name in LEFT or (
            parameter.default is None and parameter.name not in _NEEDED and rng.randint(0, 2)
        ):
            continue
        if words := _options(function, parameter.name):
            given[parameter.name] = rng.choice(words)
        elif isinstance(parameter.default, bool):
            given[parameter.name] = rng.random() < 0.5
        elif parameter.name in kinds:
            given[parameter.name] = kinds[parameter.name](rng, k)
        elif parameter.default is Parameter.empty and parameter.kind is not Parameter.VAR_KEYWORD:
            given[parameter.name] = ORDINARY["yi"](rng, k)
    given |= given.pop("statistics", {})
    return Call(name, given)


@cache
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
