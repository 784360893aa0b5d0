"""The kernels of `moments`, `tau2` and `segments`, compiled by numba on first use.

Their source stands once, as plain Python. Here each function is copied into a namespace of its own in
which the names of the others mean their compiled twins. The machine code is kept in numba's cache under a
name that carries a hash of all three sources, so an edit in one can never meet stale code of another; where
no cache folder is writable the functions are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from . import moments, segments, tau2

_SOURCES: tuple[ModuleType, ...] = (moments, tau2, segments)


@cache
def kernels() -> dict[str, Callable[..., Any]]:
    """The compiled functions by name; numba is imported when this is first called."""
    import numba

    digest = hashlib.sha256("".join(inspect.getsource(module) for module in _SOURCES).encode()).hexdigest()[:12]
    namespace: dict[str, Any] = {}
    for module in _SOURCES:
        namespace |= vars(module)
    plain = {name: value for name, value in namespace.items() if isinstance(value, FunctionType)}
    for name, function in plain.items():
        copy = FunctionType(function.__code__, namespace, name)
        copy.__qualname__ = f"{name}_{digest}"
        copy.__module__ = function.__module__
        try:
            namespace[name] = numba.njit(cache=True, nogil=True, error_model="numpy")(copy)
        except RuntimeError:  # no writable folder for the cache
            namespace[name] = numba.njit(nogil=True, error_model="numpy")(copy)
    return {name: namespace[name] for name in plain}
