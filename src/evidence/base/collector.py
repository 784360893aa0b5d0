"""Make many small objects without Python's garbage collector going through all of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made until garbage is searched for: those of two or three figures, or pages.
_SEARCHED_AFTER = 20_000


@contextmanager
def collector_paused() -> Iterator[None]:
    """While tables become objects, none of which is garbage yet, garbage is not searched for; also a decorator."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def fresh_garbage() -> Iterator[None]:
    """Search what is made inside alone for garbage, and seldom: else all results are gone through again and again."""
    usual, outermost = gc.get_threshold(), not gc.get_freeze_count()
    if outermost:
        gc.freeze()
    gc.set_threshold(max(usual[0], _SEARCHED_AFTER), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        if outermost:
            gc.unfreeze()
