"""What pytest asks of every doctest: it shares one base, and no number that it prints sits on a rounding tie.

0.04025 prints as 0.0402 or 0.0403, as the last bits of the processor fall. What an example rounds, formats or reads in
a summary is therefore looked at while it runs: a value nearer than 1e-9 to a tie fails the example.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

_NEAR = 1e-9
_SPEC = re.compile(r"\.(\d+)(f|%)")


@pytest.fixture(scope="session")
def db() -> ev.EvidenceBase:
    """The bundled data, for tests and examples: what follows from it is derived once."""
    return ev.load()


@pytest.fixture(autouse=True)
def one_base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every example that loads the bundled data have the same base, which derives its effects once."""
    if isinstance(request.node, pytest.DoctestItem):
        load, base = ev.load, request.getfixturevalue("db")
        monkeypatch.setattr(ev, "load", lambda *given, **named: load(*given, **named) if given or named else base)


@pytest.fixture(autouse=True)
def no_ties(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the examples of a doctest so that what they round is looked at."""
    if not isinstance(request.node, pytest.DoctestItem):
        yield
        return
    from evidence.models import wording

    found: list[tuple[float, int]] = []

    def look(value: object, digits: object) -> None:
        if isinstance(digits, int) and not isinstance(digits, bool):
            found.extend((number, digits) for number in tied(value, digits))

    written: Callable[..., str] = wording.number

    def number(value: float, digits: int = 2) -> str:
        look(value, digits)
        return written(value, digits)

    monkeypatch.setattr(wording, "number", number)
    test = request.node.dtest
    test.globs["__look"] = look
    for example in test.examples:
        example.source = looked_at(example.source)
    yield
    assert not found, "; ".join(f"{value!r} is a tie at {digits} digits: print others" for value, digits in found)


def tied(value: object, digits: int) -> list[float]:
    """The numbers in ``value`` that lie within 1e-9 of a tie at so many decimals; whole numbers are none."""
    if isinstance(value, pd.DataFrame):
        value = value.select_dtypes("float").to_numpy()
    if isinstance(value, dict | pd.Series):
        value = list(value.values()) if isinstance(value, dict) else value.to_numpy()
    numbers = [each for each in np.ravel(np.asarray(value, dtype=object)) if isinstance(each, float | np.floating)]
    return [float(each) for each in numbers if math.isfinite(each) and _from_tie(abs(float(each)), digits) < _NEAR]


def _from_tie(size: float, digits: int) -> float:
    return abs(size * 10.0**digits % 1 - 0.5) / 10.0**digits


def looked_at(source: str) -> str:
    """The same example, where each number that it rounds or formats passes ``__look`` on its way."""
    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(_Looks().visit(tree))) + "\n"


class _Looks(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function, arguments = node.func, node.args
        if isinstance(function, ast.Name) and function.id == "round":
            return _seen(node, arguments[0], arguments[1] if len(arguments) > 1 else ast.Constant(0))
        if isinstance(function, ast.Attribute) and function.attr == "round":
            if isinstance(function.value, ast.Name) and function.value.id == "np":
                return _seen(node, arguments[0], arguments[1] if len(arguments) > 1 else ast.Constant(0))
            return _seen(node, function.value, arguments[0] if arguments else ast.Constant(0))
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        self.generic_visit(node)
        spec = ast.unparse(node.format_spec) if node.format_spec is not None else ""
        if told := _SPEC.search(spec):
            node.value = _seen(node.value, node.value, ast.Constant(int(told[1]) + 2 * (told[2] == "%")))
        return node


def _seen(whole: Any, value: Any, digits: Any) -> ast.AST:
    """``(__look(value, digits), whole)[1]``: the value is computed once more for the look."""
    call = ast.Call(ast.Name("__look", ast.Load()), [value, digits], [])
    return ast.Subscript(ast.Tuple([call, whole], ast.Load()), ast.Constant(1), ast.Load())
