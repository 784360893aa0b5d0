"""The public names, and what importing them costs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import evidence as ev
from evidence.models.result import Result


def test_every_name_of_the_stub_can_be_had() -> None:
    stub = (Path(ev.__file__).with_suffix(".pyi")).read_text()
    names = re.findall(r"import \w+ as (\w+)", stub)
    assert len(names) > 20 and sorted(names) == sorted(set(names))
    for name in names:
        assert getattr(ev, name) is not None
    assert set(names) <= set(dir(ev))


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, evidence; print([m for m in ('pandas', 'numba', 'matplotlib', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_answers_import_no_heavy_package() -> None:
    heavy = "numba", "matplotlib", "statsmodels", "scipy.stats", "scipy.optimize"
    asked = "ev.claims, ev.rank_conditions, ev.combine_pvalues([0.01, 0.2], [1, 1])"
    code = f"import sys, evidence as ev; {asked}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def kinds(of: type[Result] = Result) -> Iterator[type[Result]]:
    """Every kind of result that a user can hold in hand."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("evidence.") and not inspect.isabstract(kind):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_result_is_exported_frozen_and_compared_by_identity() -> None:
    assert all(getattr(ev, name) is not None for name in dir(ev)), "all are imported"
    every = set(kinds())
    assert {ev.Pooled, ev.Claims, ev.Network} < every
    for kind in every:
        assert getattr(ev, kind.__name__) is kind
        made = vars(kind)["__dataclass_params__"]
        assert made.frozen and not made.eq and kind.__repr__ is Result.__repr__
        assert not kind._figure or kind._figure in dir(ev.plots)
