"""How likely a study is to be seen, as a function of its p value: the families of selection models, one registry.

A family gives log w(p) and its derivatives by delta, the same way for every p. One more is one function here, with its
name in `Kind` and `SmoothKind`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy.special import erf, log_ndtr, ndtr

from ...models.engine.engine import Floats

Kind = Literal["stepfun", "trunc", "beta", "halfnorm", "negexp", "logistic", "power", "negexppow"]
SmoothKind = Literal["beta", "halfnorm", "negexp", "logistic", "power", "negexppow"]

# Citkowicz & Vevea (2017): p values nearer to 0 or 1 than this count as this near, where w would be infinite or zero.
P_EDGE = 1e-5
# Where a likelihood that keeps rising is stopped.
DELTA_MAX = 100.0


class PValues:
    """p values of z, for large values or both ways, kept ``edge`` away from 0 and 1.

    p, log p and log(1 - p) are each worked out when first read, without cancellation; arrays of the shape of ``z``.
    """

    def __init__(self, z: Floats, two_sided: bool, edge: float) -> None:
        self._z = np.abs(z) if two_sided else z
        self._two_sided = two_sided
        self._edge = edge

    @cached_property
    def p(self) -> Floats:
        p = ndtr(-self._z)
        return np.clip(2 * p if self._two_sided else p, self._edge, 1 - self._edge)

    @cached_property
    def log_p(self) -> Floats:
        log_p = log_ndtr(-self._z)
        return self._clip(log_p + np.log(2) if self._two_sided else log_p)

    @cached_property
    def log_q(self) -> Floats:
        if not self._two_sided:
            return self._clip(log_ndtr(self._z))
        with np.errstate(divide="ignore"):
            return self._clip(np.log(erf(self._z / np.sqrt(2))))

    def _clip(self, logarithm: Floats) -> Floats:
        return np.clip(logarithm, np.log(self._edge), np.log1p(-self._edge)) if self._edge else logarithm


LogWeight = Callable[[Floats, PValues], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Family:
    """A smooth selection function.

    Attributes
    ----------
    log_weight : callable
        (delta, p values) to log w and its (d, ...) derivatives by delta.
    label : str
        What tables call it.
    shape : str
        How w changes with p, in words that follow "seen with a chance that depends on their p value".
    null : float or tuple of float
        The deltas without selection.
    start : tuple of float
        Deltas of moderate selection, from which a second search starts.
    bounds : tuple of (float, float)
        Of each delta.
    edge : float
        How near p may come to 0 and 1.
    tabled : bool
        Whether `bias_table` runs it: not where few studies tell the deltas apart.
    """

    log_weight: LogWeight
    label: str
    shape: str
    null: float | tuple[float, ...] = 0.0
    start: tuple[float, ...] = (5.0,)
    bounds: tuple[tuple[float, float], ...] = ((0.0, DELTA_MAX),)
    edge: float = 0.0
    tabled: bool = True

    @property
    def size(self) -> int:
        """Number of deltas."""
        return len(self.start)


FAMILIES: dict[SmoothKind, Family] = {}


def _family(kind: SmoothKind, label: str, shape: str, **more: Any) -> Callable[[LogWeight], LogWeight]:
    """Enter a family: from here on `selection_model` takes it and `bias_table` runs it."""

    def enter(log_weight: LogWeight) -> LogWeight:
        FAMILIES[kind] = Family(log_weight, label, shape, **more)
        return log_weight

    return enter


@_family("beta", "beta", "as a beta density", null=1.0, start=(0.8, 2.0), bounds=((1e-5, DELTA_MAX),) * 2, edge=P_EDGE)
def _beta(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = p^(delta1 - 1) (1 - p)^(delta2 - 1); Citkowicz & Vevea (2017), Psychological Methods 22:28."""
    return (delta[0] - 1) * p.log_p + (delta[1] - 1) * p.log_q, np.stack([p.log_p, p.log_q])


@_family("halfnorm", "half-normal", "falling as a half-normal density")
def _halfnorm(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = exp(-delta p^2); Preston, Ashby & Smyth (2004), as the next two."""
    return -delta[0] * p.p**2, -(p.p**2)[None]


@_family("negexp", "exponential", "falling exponentially")
def _negexp(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = exp(-delta p)."""
    return -delta[0] * p.p, -p.p[None]


@_family("logistic", "logistic", "falling as a logistic curve")
def _logistic(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = 2 exp(-delta p) / (1 + exp(-delta p))."""
    decay = np.exp(-delta[0] * p.p)
    return np.log(2) - delta[0] * p.p - np.log1p(decay), (-p.p / (1 + decay))[None]


@_family("power", "power", "falling as a power of 1 - p", edge=P_EDGE)
def _power(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = (1 - p)^delta."""
    return delta[0] * p.log_q, p.log_q[None]


@_family(
    "negexppow",
    "exponential of a power",
    "falling exponentially with a power of p",
    null=(0.0, 1.0),
    start=(5.0, 1.0),
    bounds=((0.0, DELTA_MAX), (0.5, 2.0)),
    edge=P_EDGE,
    tabled=False,
)
def _negexppow(delta: Floats, p: PValues) -> tuple[Floats, Floats]:
    """w = exp(-delta1 p^(1 / delta2)), from the half-normal (delta2 = 1/2) over the exponential (1) to sqrt(p) (2).

    Begg & Mazumdar (1994), Biometrics 50:1088, in metafor's parameters. Steeper or flatter powers only single out the
    largest or the smallest p values, and the likelihood of a few studies runs to such corners.
    """
    raised = np.exp(p.log_p / delta[1])
    slopes = np.broadcast_arrays(-raised, delta[0] * raised * p.log_p / delta[1] ** 2)  # delta1 may be one a study
    return -delta[0] * raised, np.stack(slopes)


#: Every kind of selection function: steps in p, a step in the effect, and the smooth families.
KINDS: tuple[Kind, ...] = ("stepfun", "trunc", *FAMILIES)
