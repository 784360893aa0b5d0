"""How several numbers with names print themselves: scalars as numbers, without the type that NumPy gives them."""

from __future__ import annotations

from typing import Any

import numpy as np


def plain(numbers: Any) -> str:
    """A named tuple as Python prints it: ``Effect(yi=0.5, vi=0.25)``."""
    told = (value.item() if isinstance(value, np.generic) else value for value in numbers)
    pairs = (f"{name}={value!r}" for name, value in zip(numbers._fields, told, strict=True))
    return f"{type(numbers).__name__}({', '.join(pairs)})"
