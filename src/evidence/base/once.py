"""What follows from a base is computed once for it, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from ..effects.arguments import require_kind
from ..languages import in_english
from .tables import TrialTables

#: What functions of a base say to what is none.
A_BASE = "an evidence base, as ev.load() gives it"

Given = ParamSpec("Given")
Found = TypeVar("Found")


def once(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Remember what ``function(base, *args)`` gave, with the base itself; a frame is handed out as a copy.

    Its words are English, whatever is spoken.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def remembered(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        base = args[0] if args else kwargs.get(next(iter(signature(function).parameters)))
        require_kind("db", base, TrialTables, A_BASE)
        mine: dict[Hashable, Any] = vars(base).setdefault("_once", {})
        asked = name, args[1:], tuple(sorted((key, value) for key, value in kwargs.items() if value is not base))
        try:
            known = asked in mine
        except TypeError:  # no key, so no option of any function either: it says so
            return function(*args, **kwargs)
        if not known:
            mine[asked] = in_english(function)(*args, **kwargs)
        found: Found = mine[asked].copy() if isinstance(mine[asked], pd.DataFrame) else mine[asked]
        return found

    return remembered
