"""What a caller of a selection model chooses: cut points, fixed parameters, and what counts as precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ...effects.arguments import require_choice, shown
from ...errors import InvalidInput
from ...models.engine.engine import Floats
from ...models.studies import Column, Studies
from ...models.values import numbers
from .functions import FAMILIES, Kind

Precision = Literal["sei", "vi", "ninv", "sqrtninv"]
Steps = float | Sequence[float] | None
Deltas = str | Sequence[float | None] | None

#: Cut points, one-sided, and the chances of being seen that Vevea & Woods (2005) assume.
VEVEA_WOODS_STEPS = (0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50, 0.65, 0.75, 0.90, 0.95, 0.99, 0.995, 1.0)
VEVEA_WOODS: Mapping[str, tuple[float, ...]] = {
    "moderate": (1, 0.99, 0.95, 0.80, 0.75, 0.65, 0.60, 0.55, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50),
    "severe": (1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.40, 0.35, 0.30, 0.25, 0.10, 0.10, 0.10, 0.10),
    "moderate two-tailed": (1, 0.99, 0.95, 0.90, 0.80, 0.75, 0.60, 0.60, 0.75, 0.80, 0.90, 0.95, 0.99, 1.00),
    "severe two-tailed": (1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.25, 0.25, 0.50, 0.60, 0.75, 0.90, 0.99, 1.00),
}


def read_steps(kind: Kind, steps: Steps, delta: Deltas) -> tuple[float, ...]:
    """Cut points with the end of the scale; empty for a smooth function without a threshold."""
    if isinstance(delta, str):
        if steps is not None or kind != "stepfun":
            raise InvalidInput(f'delta={delta!r} brings its own steps; give no steps, and kind="stepfun"')
        return VEVEA_WOODS_STEPS
    if kind == "trunc":
        cut = numbers([0.0] if steps is None else [steps] if np.isscalar(steps) else steps, "steps")
        if len(cut) != 1 or not np.isfinite(cut[0]):
            raise InvalidInput(f"steps {shown(steps)} has to be the one effect below which studies are seen less")
        return (float(cut[0]), np.inf)
    if kind == "beta" or (kind != "stepfun" and steps is None):
        return ()
    given = 0.025 if steps is None else steps
    cuts = sorted({float(step) for step in numbers([given] if np.isscalar(given) else given, "steps")} - {1.0})
    if not cuts or not all(0 < cut < 1 for cut in cuts):
        raise InvalidInput(f"steps {shown(steps)} have to be cut points between 0 and 1, such as 0.025 or (0.025, 0.5)")
    if kind != "stepfun" and len(cuts) > 1:
        raise InvalidInput(f"steps {shown(steps)}: {kind} has one threshold at most")
    return (*cuts, 1.0)


def read_deltas(kind: Kind, delta: Deltas, cuts: tuple[float, ...]) -> Floats:
    """The parameters of the selection function, not-a-number where they are estimated; without the first of steps."""
    size = len(cuts) if kind in ("stepfun", "trunc") else FAMILIES[kind].size  # type: ignore[index]
    first = kind in ("stepfun", "trunc")
    if delta is None:
        return np.full(size - first, np.nan)
    if isinstance(delta, str):
        require_choice("delta", delta, VEVEA_WOODS)
        return np.array(VEVEA_WOODS[delta][1:], dtype=float)
    try:
        values = np.array([np.nan if pd.isna(each) else float(each) for each in delta], dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(f"delta {shown(delta)}: give a number, or None where it is estimated, for each") from None
    if kind == "trunc" and len(values) == 1:
        values = np.append(1.0, values)
    if len(values) != size:
        raise InvalidInput(f"delta {shown(delta)} has {len(values)} values; {kind} has {size} here")
    if first and values[0] != 1:
        raise InvalidInput(f"delta {shown(delta)} has to begin with 1, the chance in the first interval")
    if (values[np.isfinite(values)] < 0).any() or np.isinf(values).any():
        raise InvalidInput(f"delta {shown(delta)}: chances and slopes are numbers of 0 or more")
    return values[1:] if first else values


def read_precision(kind: Kind, prec: Precision | None, v: Floats, ni: Column | None, studies: Studies) -> Floats | None:
    """What multiplies the slope of each study, 1 for the least precise; None without ``prec``."""
    if prec is None:
        if ni is not None:
            raise InvalidInput('ni is given, but nothing looks at it; say prec="ninv" or prec="sqrtninv"')
        return None
    require_choice("prec", prec, ("sei", "vi", "ninv", "sqrtninv"))
    if kind in ("stepfun", "trunc", "beta"):
        raise InvalidInput(f"{kind} takes no precision; prec is for halfnorm, negexp, logistic, power and negexppow")
    if prec in ("sei", "vi"):
        own = np.sqrt(v) if prec == "sei" else v
    else:
        if ni is None:
            raise InvalidInput(f"prec={prec!r} needs ni, the people of each study")
        people = studies.floats(ni, "ni")
        if not (people > 0).all():
            raise InvalidInput(
                f"ni has {people.min():g}; give a number of people above 0 for each of the {len(v)} studies"
            )
        own = 1 / people if prec == "ninv" else people**-0.5
    scaled: Floats = own / own.max()
    return scaled
