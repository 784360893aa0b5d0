"""Large-sample formulas for the standard error of tau2, one an estimator.

ML and REML: inverse Fisher information. EB, PM, PMM, SJIT and DLIT: 2 k^2 / ((k - p) (sum wi)^2). The others are
quadratic forms c y'Py with P at fixed weights, so that Var(tau2) = c^2 2 tr(P (V + tau2) P (V + tau2)); DL, HS and HSk
write tr(PVPV) = k - p and tr(PVP) = tr P, which is exact for weights 1/vi.

References
----------
Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30:261, 10.3102/10769986030003261.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...errors import InvalidInput

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class StandardError:
    """What the formulas need.

    Attributes
    ----------
    yi : (k,) array
    vi : (k,) array
    tau2 : float
        The estimate.
    x : (k, p) array
    weights : (k,) array or None
        What GENQ was given.
    """

    yi: Floats
    vi: Floats
    tau2: float
    x: Floats
    weights: Floats | None

    @property
    def k(self) -> int:
        return len(self.yi)

    @property
    def df(self) -> int:
        return self.k - int(self.x.shape[1])

    @cached_property
    def spread(self) -> float:
        """Variance of the effects, where SJ starts."""
        return float(np.var(self.yi))


def of_ml(at: StandardError) -> float:
    """sqrt(2 / sum wi^2)."""
    return float(np.sqrt(2 / np.sum((at.vi + at.tau2) ** -2.0)))


def of_reml(at: StandardError) -> float:
    """sqrt(2 / tr PP)."""
    return float(np.sqrt(2 / Projection(at, 1 / (at.vi + at.tau2)).trpp))


def of_root(at: StandardError) -> float:
    """EB, PM, PMM, SJIT, DLIT: sqrt(2 k^2 / (k - p)) / sum wi."""
    return float(np.sqrt(2 * at.k**2 / at.df) / np.sum(1 / (at.vi + at.tau2)))


def of_dl(at: StandardError) -> float:
    """The short form at weights 1/vi, over tr P."""
    p = Projection(at, 1 / at.vi)
    return p.short / p.trp


def of_hs(at: StandardError) -> float:
    """The short form at weights 1/vi, over sum wi."""
    return Projection(at, 1 / at.vi).short / float(np.sum(1 / at.vi))


def of_hsk(at: StandardError) -> float:
    """HS's times k / (k - p)."""
    return of_hs(at) * at.k / at.df


def of_he(at: StandardError) -> float:
    """The full form at equal weights, over k - p."""
    return Projection(at, np.ones(at.k)).full / at.df


def of_sj(at: StandardError) -> float:
    """The full form at weights 1 / (vi + tau0), times tau0 / (k - p)."""
    if at.spread == 0:
        return 0.0
    return Projection(at, 1 / (at.vi + at.spread)).full * at.spread / at.df


def of_genq(at: StandardError) -> float:
    """The full form at the user's weights, over tr P."""
    if at.weights is None:
        raise InvalidInput("the standard error of a GENQ estimate needs its weights")
    p = Projection(at, at.weights)
    return p.full / p.trp


class Projection:
    """P = A - AX (X'AX)^-1 X'A = A^(1/2) (I - QQ') A^(1/2) and the standard deviations of y'Py."""

    def __init__(self, at: StandardError, a: Floats) -> None:
        self._at, self._a = at, a
        self._q = np.linalg.qr(np.sqrt(a)[:, None] * at.x)[0]
        one = np.ones(at.k)
        self._one = one
        self.trpp = self._trace(one, one)
        self.trp = float(np.sum(a * (1 - np.sum(self._q**2, axis=1))))

    @property
    def full(self) -> float:
        vi, t = self._at.vi, self._at.tau2
        variance = 2 * self._trace(vi, vi) + 4 * t * self._trace(vi, self._one) + 2 * t**2 * self.trpp
        return float(np.sqrt(variance))

    @property
    def short(self) -> float:
        t = self._at.tau2
        return float(np.sqrt(2 * self._at.df + 4 * t * self.trp + 2 * t**2 * self.trpp))

    def _trace(self, d1: Floats, d2: Floats) -> float:
        # tr(P D1 P D2)
        a, q = self._a, self._q
        leverage = np.sum(q**2, axis=1)
        left, right = q.T @ (q * (a * d1)[:, None]), q.T @ (q * (a * d2)[:, None])
        return float(np.sum(a**2 * d1 * d2 * (1 - 2 * leverage)) + np.sum(left * right))
