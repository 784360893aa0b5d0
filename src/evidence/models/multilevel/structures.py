"""Covariance matrices of random effects as functions of free numbers, with their derivatives.

A structure has the parameters tau2 (one, or one a value) and rho (none, one, or one a pair). What is not fixed is
reached by free numbers phi without bounds, chosen so that the edge of what is possible lies at a finite place where
nothing diverges: tau = phi; rho = middle + half width x sin phi; and for "UN" the Cholesky factor of the whole matrix
(Pinheiro & Bates 1996, Statistics and Computing 6:289), unless a part of it is fixed. Where several variances share
correlations, tau = phi^2: two negative tau would turn the sign of their correlation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..engine.engine import Floats
from .random_effect import Structure

_SEVERAL_VARIANCES = ("DIAG", "HCS", "UN", "HAR")
_NO_CORRELATION = ("ID", "DIAG")
# A correlation to a power below one has no slope at zero.
_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class Covariance:
    """The covariance of the m effects of a group.

    Attributes
    ----------
    kind : str
    base : (m, m) array
        Correlations that are known ("ID"), else distances between the values, of which rho is taken to the power.
    fixed : array
        Known values of tau2 and then rho, NaN where they are to be found.
    """

    kind: Structure
    base: Floats
    fixed: Floats

    @property
    def m(self) -> int:
        return len(self.base)

    @property
    def variances(self) -> int:
        """How many variances it has."""
        return count_variances(self.kind, self.m)

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The pairs of values in the order of the correlations of "UN"."""
        return np.triu_indices(self.m, 1)

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which parameters are to be found."""
        return np.isnan(self.fixed)

    @property
    def factored(self) -> bool:
        """Whether the free numbers are a Cholesky factor."""
        return self.kind == "UN" and bool(self.free.all())

    @property
    def bounds(self) -> tuple[float, float]:
        """Of a correlation."""
        if self.kind in ("CS", "HCS"):
            return -1 / max(self.m - 1, 1), 1.0
        return (0.0, 1.0) if self.kind == "CAR" else (-1.0, 1.0)

    @property
    def _squared(self) -> bool:
        return self.kind in ("HCS", "UN", "HAR")

    def units(self, size: float) -> Floats:
        """Size of the free numbers where ``size`` is that of a standard deviation; angles are of size one."""
        if self.factored:
            return np.full(self.m * (self.m + 1) // 2, size)
        spread = math.sqrt(size) if self._squared else size
        return np.where(np.arange(len(self.fixed)) < self.variances, spread, 1.0)[self.free]

    def start(self, theta: Floats) -> Floats:
        """Free numbers of some parameters inside their bounds."""
        if self.factored:
            return self.factor_of(self.matrix(theta))
        low, high = self.bounds
        inside = np.clip((2 * theta[self.variances :] - low - high) / (high - low), -1, 1)
        tau = np.sqrt(theta[: self.variances])
        return np.append(np.sqrt(tau) if self._squared else tau, np.arcsin(inside))[self.free]

    def factor_of(self, matrix: Floats) -> Floats:
        """Free numbers of a whole covariance matrix that is "UN"."""
        return np.asarray(np.linalg.cholesky(matrix)[np.tril_indices(self.m)])

    def parameters(self, phi: Floats) -> Floats:
        """tau2 and rho at these free numbers; rho is NaN where a variance is zero."""
        if self.factored:
            t = self._unpack(phi)[0]
            root = np.sqrt(np.diag(t))
            with np.errstate(invalid="ignore"):
                return np.append(
                    np.diag(t), np.clip(t[self.pairs] / (root[self.pairs[0]] * root[self.pairs[1]]), -1, 1)
                )
        theta = self.fixed.copy()
        free = self.free
        count = int(free[: self.variances].sum())
        low, high = self.bounds
        theta[np.flatnonzero(free)[:count]] = phi[:count] ** (4 if self._squared else 2)
        theta[np.flatnonzero(free)[count:]] = (low + high + (high - low) * np.sin(phi[count:])) / 2
        return theta

    def lost(self, none: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which correlations mean nothing where these variances are zero."""
        if self.kind == "UN":
            lost = none[self.pairs[0]] | none[self.pairs[1]]
        else:
            lost = np.full(len(self.fixed) - self.variances, bool(none.sum() >= max(self.variances - 1, 1)))
        return np.asarray(lost & self.free[self.variances :])

    def matrix(self, theta: Floats) -> Floats:
        """The covariance matrix at tau2 and rho, (m, m)."""
        tau = np.sqrt(self._spread(theta[: self.variances]))
        return tau[:, None] * tau * self._correlation(np.nan_to_num(theta[self.variances :]))

    def value_and_slopes(self, phi: Floats) -> tuple[Floats, Floats]:
        """The matrix at free numbers, (m, m), and its derivatives, (q, m, m)."""
        if self.factored:
            return self._unpack(phi)
        theta, free = self.parameters(phi), self.free
        tau, rho = np.sqrt(theta[: self.variances]), theta[self.variances :]
        where = np.flatnonzero(free)
        count = int(free[: self.variances].sum())
        if not self._squared:
            tau[where[:count]] = phi[:count]  # with its sign
        correlation = self._correlation(rho)
        spread = self._spread(tau)
        slopes = np.zeros((len(phi), self.m, self.m))
        for i, at in enumerate(where[:count]):
            own = np.ones(self.m) if self.variances == 1 else np.eye(self.m)[at]
            half = own[:, None] * spread * correlation
            slopes[i] = (2 * phi[i] if self._squared else 1) * (half + half.T)
        low, high = self.bounds
        for i, at in enumerate(where[count:], count):
            turn = (high - low) / 2 * math.cos(phi[i])
            slopes[i] = turn * spread[:, None] * spread * self._correlation_slope(rho, at - self.variances)
        return spread[:, None] * spread * correlation, slopes

    def _spread(self, values: Floats) -> Floats:
        return np.full(self.m, values[0]) if self.variances == 1 else values

    def _correlation(self, rho: Floats) -> Floats:
        if self.kind == "ID":
            return self.base
        if self.kind == "DIAG":
            return np.eye(self.m)
        if self.kind == "UN":
            full = np.eye(self.m)
            full[self.pairs] = full[self.pairs[::-1]] = rho
            return full
        return np.where(self.base == 0, 1.0, self._powered(rho[0]) ** self.base)

    def _correlation_slope(self, rho: Floats, at: int) -> Floats:
        if self.kind == "UN":
            slope = np.zeros((self.m, self.m))
            i, j = self.pairs[0][at], self.pairs[1][at]
            slope[i, j] = slope[j, i] = 1.0
            return slope
        distance = np.where(self.base == 0, 1.0, self.base)
        return np.where(self.base == 0, 0.0, distance * self._powered(rho[0]) ** (distance - 1))

    def _powered(self, rho: float) -> float:
        return max(rho, _LEAST) if self.kind == "CAR" else rho

    def _unpack(self, phi: Floats) -> tuple[Floats, Floats]:
        rows, columns = np.tril_indices(self.m)
        factor = np.zeros((self.m, self.m))
        factor[rows, columns] = phi
        slopes = np.zeros((len(phi), self.m, self.m))
        slopes[np.arange(len(phi)), rows] = factor.T[columns]  # E_ij L'
        return factor @ factor.T, slopes + slopes.transpose(0, 2, 1)


def count_variances(kind: Structure, m: int) -> int:
    """How many variances a structure of m values has."""
    return m if kind in _SEVERAL_VARIANCES else 1


def count_correlations(kind: Structure, m: int) -> int:
    """How many correlations a structure of m values has."""
    return m * (m - 1) // 2 if kind == "UN" else 0 if kind in _NO_CORRELATION else 1
