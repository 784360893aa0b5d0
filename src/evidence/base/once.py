"""What follows from a base is computed once for it, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

Base = TypeVar("Base")
Given = ParamSpec("Given")
Found = TypeVar("Found")


def once(function: Callable[Concatenate[Base, Given], Found]) -> Callable[Concatenate[Base, Given], Found]:
    """Remember what ``function(base, *args)`` gave, with the base itself; a frame is handed out as a copy."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def remembered(base: Base, /, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        mine: dict[Hashable, Any] = vars(base).setdefault("_once", {})
        asked = name, args, tuple(sorted(kwargs.items()))
        if asked not in mine:
            mine[asked] = function(base, *args, **kwargs)
        found: Found = mine[asked].copy() if isinstance(mine[asked], pd.DataFrame) else mine[asked]
        return found

    return remembered
