"""Correlations of the two outcomes of a 2x2 table: phi, Yule's Q and Y, tetrachoric.

Every function takes (k,) arrays of counts already checked and adjusted for zero cells, and returns `yi` and `vi`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from ..inputs import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


def phi(ai: Floats, bi: Floats, ci: Floats, di: Floats, vtype: str) -> tuple[Floats, Floats]:
    """PHI, for people drawn at random (LS; Yule 1912, p. 603) or groups of given size (ST; delta method)."""
    n1, n2, events, others = ai + bi, ci + di, ai + ci, bi + di
    total = n1 + n2
    yi = (ai * di - bi * ci) / np.sqrt(n1 * n2 * events * others)
    if vtype == "ST":
        p1, p2 = ai / n1, ci / n2
        skew = (p1 - p2) / 2 * (1 / events - 1 / others)
        outer = n1 * n2 / (events * others)
        first, second = (1 - n1 * skew) ** 2 * p1 * (1 - p1) / n1, (1 + n2 * skew) ** 2 * p2 * (1 - p2) / n2
        return yi, outer * (first + second)
    row, column = (n1 - n2) / np.sqrt(n1 * n2), (events - others) / np.sqrt(events * others)
    return yi, (1 - yi**2 + yi * (1 + yi**2 / 2) * row * column - 0.75 * yi**2 * (row**2 + column**2)) / total


def yule_q(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """YUQ = (OR - 1) / (OR + 1); Yule (1900), doi:10.1098/rsta.1900.0019."""
    yi = np.tanh(np.log((ai * di) / (bi * ci)) / 2)
    return yi, (1 - yi**2) ** 2 / 4 * (1 / ai + 1 / bi + 1 / ci + 1 / di)


def yule_y(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """YUY = (sqrt(OR) - 1) / (sqrt(OR) + 1); Yule (1912), doi:10.2307/2340126."""
    yi = np.tanh(np.log((ai * di) / (bi * ci)) / 4)
    return yi, (1 - yi**2) ** 2 / 16 * (1 / ai + 1 / bi + 1 / ci + 1 / di)


def tetrachoric(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """RTET: maximum likelihood of the correlation of two normal variables cut in two (Kirk 1973).

    The model has as many parameters as the table has free cells, so that it meets the margins and ``ai`` exactly. The
    variance is that of the inverse information of correlation and cuts. The probability of a quadrant is an integral
    over the arcsine of the correlation (Sheppard), by Gauss-Legendre quadrature.
    """
    total = ai + bi + ci + di
    row, column = ndtri((ai + bi) / total), ndtri((ai + ci) / total)
    low, high = np.full_like(row, -np.pi / 2), np.full_like(row, np.pi / 2)
    wanted = ai / total
    for _ in range(60):
        middle = (low + high) / 2
        above = _quadrant(row, column, middle) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    yi = np.sin((low + high) / 2)
    return yi, _tetrachoric_variance(row, column, yi, np.stack([ai, bi, ci, di]))


def _quadrant(row: Floats, column: Floats, angle: Floats) -> Floats:
    """P(X < row, Y < column) of two normal variables whose correlation is sin(angle)."""
    at = angle[:, None] * (_NODES + 1) / 2
    r, c = row[:, None], column[:, None]
    density = np.exp(-(r**2 + c**2 - 2 * r * c * np.sin(at)) / (2 * np.cos(at) ** 2))
    return np.asarray(ndtr(row) * ndtr(column) + angle / 2 * (density @ _WEIGHTS) / (2 * np.pi))


def _tetrachoric_variance(row: Floats, column: Floats, r: Floats, counts: Floats) -> Floats:
    rest = np.sqrt(1 - r**2)
    joint = np.exp(-(row**2 + column**2 - 2 * r * row * column) / (2 * rest**2)) / (2 * np.pi * rest)
    by_row = _density(row) * ndtr((column - r * row) / rest)
    by_column = _density(column) * ndtr((row - r * column) / rest)
    zero = np.zeros_like(r)
    slopes = np.stack(  # of the four cells, by correlation and cuts
        [
            [joint, by_row, by_column],
            [-joint, _density(row) - by_row, -by_column],
            [-joint, -by_row, _density(column) - by_column],
            [joint, by_row - _density(row), by_column - _density(column)],
        ]
    )
    total = counts.sum(axis=0)
    information = np.einsum("cpk,cqk,ck->kpq", slopes, slopes, total**2 / counts)
    usable = np.isfinite(information).all(axis=(1, 2)) & (rest > 0)
    vi = zero + np.nan
    if usable.any():
        vi[usable] = np.linalg.inv(information[usable])[:, 0, 0]
    return np.asarray(vi)


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
