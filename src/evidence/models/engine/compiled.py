"""The kernels of `moments`, `tau2`, `estimators` and `segments`, compiled by numba on first use.

Their source stands once, as plain Python. Here each function is copied into a namespace of its own in
which the names of the others mean their compiled twins, once for a common mean and once for a design
matrix: what a batch does not need is not compiled. The machine code is kept in numba's cache under a
name that carries a hash of all their sources, so an edit in one can never meet stale code of another; where
no cache folder is writable the functions are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from . import estimators, moments, segments, tau2
from .estimators import ESTIMATORS

_SOURCES: tuple[ModuleType, ...] = (moments, tau2, estimators, segments)


@cache
def compiled_fit_segments(design: bool) -> Callable[..., None]:
    """The compiled `segments.fit_segments`, for batches with a design matrix or for common means."""
    namespace: dict[str, Any] = {}
    for module in _SOURCES:
        namespace |= vars(module)
    exec(_branches(), namespace)
    plain = {name: value for name, value in namespace.items() if isinstance(value, FunctionType)}
    own, other = ("_design", "_mean") if design else ("_mean", "_design")
    choices = {name: f"_{name}{own}" for name in plain if f"_{name}{own}" in plain}
    suffix = f"{own[1:]}_{_digest()}"
    for name, function in plain.items():
        if name not in choices and not name.endswith(other):
            copy = FunctionType(function.__code__, namespace, name)
            copy.__qualname__ = f"{name}_{suffix}"
            copy.__module__ = function.__module__
            namespace[name] = _compile(copy, entry=name == "fit_segments", inline=not design)
    namespace |= {name: namespace[twin] for name, twin in choices.items()}
    fit_segments: Callable[..., None] = namespace["fit_segments"]
    return fit_segments


def _branches() -> str:
    """Source of `estimate_tau2` with a branch an estimator: machine code has no list of functions to choose from."""
    codes: dict[str, list[int]] = {}
    for code, each in enumerate(ESTIMATORS.values()):
        if each.estimate is not None:
            codes.setdefault(each.estimate.__name__, []).append(code)
    given = "data, a, target, zero, work"
    branches = (f"    if method in {(*of,)}:\n        return {name}({given})\n" for name, of in codes.items())
    return f"def estimate_tau2(method, {given}):\n{''.join(branches)}    return 0.0, CONVERGED\n"


@cache
def _digest() -> str:
    return hashlib.sha256("".join(inspect.getsource(module) for module in _SOURCES).encode()).hexdigest()[:12]


def _compile(function: Callable[..., Any], entry: bool = True, inline: bool = False) -> Any:
    import numba

    # Only the entry point is called from Python; wrappers for the others would take a third of the time. Nothing
    # is allocated, so nothing needs counting: counts of references took a fifth of a fit. The sums of a common
    # mean are so short that the calls took as much; inlining a design matrix's would double its compilation.
    options: dict[str, Any] = {"no_cpython_wrapper": not entry, "no_cfunc_wrapper": True, "_nrt": False}
    options |= {"nogil": True, "error_model": "numpy", "forceinline": inline and not entry}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no writable folder for the cache
        return numba.njit(**options)(function)
