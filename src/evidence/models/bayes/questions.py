"""What a caller gives a posterior: its priors, and the values that are asked about."""

from __future__ import annotations

import math

from numpy.typing import ArrayLike

from ...effects.arguments import is_number, require_level
from ...effects.inputs import FINITE, PROBABILITY, read
from ...errors import InvalidInput
from .priors import PRIORS
from .quadrature import Floats, MuPrior
from .tau_prior import TauPrior


def read_priors(tau_prior: object, mu_prior: tuple[float, float] | None, level: float) -> MuPrior:
    """Check the priors and the level that a call was given; the prior of the mean, as the quadrature knows it."""
    require_level(level)
    if not isinstance(tau_prior, TauPrior):
        names = ", ".join(PRIORS)
        raise InvalidInput(f"{tau_prior!r} is not a prior of tau; give one, such as HalfNormal(0.5), of {names}")
    if mu_prior is None:
        return MuPrior()
    try:
        mean, sd = (float(value) for value in mu_prior)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(f"mu_prior is {mu_prior!r}; give (mean, sd), or None for a flat prior") from None
    if not (math.isfinite(mean) and 0 < sd < math.inf):
        raise InvalidInput(f"mu_prior is {mu_prior!r}; the mean has to be finite and the sd positive")
    return MuPrior(mean, sd)


def require_bounds(lower: float, upper: float) -> None:
    """Raise `InvalidInput` unless the two are an interval, which may be without end."""
    infinite = (-math.inf, math.inf)
    if not all(is_number(bound) or (isinstance(bound, float) and bound in infinite) for bound in (lower, upper)):
        raise InvalidInput(f"an interval needs two numbers, lower and upper; got {lower!r} and {upper!r}")
    if lower > upper:
        raise InvalidInput(f"an interval needs lower <= upper; got {lower} and {upper}")


def read_points(x: ArrayLike) -> Floats:
    """Values at which a density is asked for."""
    (values,) = read(x=(x, FINITE))
    return _some(values, "x")


def read_probabilities(p: ArrayLike) -> Floats:
    """Probabilities whose quantiles are asked for."""
    (values,) = read(p=(p, PROBABILITY))
    return _some(values, "p")


def _some(values: Floats, name: str) -> Floats:
    if not values.size:
        raise InvalidInput(f"{name} is empty: give at least one value")
    return values
