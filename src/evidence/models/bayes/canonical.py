"""Rows integrated out of cells, and the columns in the basis in which they are independent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .quadrature import Floats


@dataclass(frozen=True, slots=True)
class Canonical:
    """What cells say of the columns' effects, on a grid of standard deviations (T of studies, D of cells, N of rows).

    The likelihood of the columns is normal with a precision H. In the basis of H's eigenvectors they are independent
    given the overall mean, whatever the standard deviation between columns.

    Attributes
    ----------
    log_rest : (T, D, N) array
        Log likelihood, without what hangs on the overall mean and the columns.
    share : (T, D, N, R) array
        Variance of a row's effect given those of the columns.
    row_score : (T, D, R) array
        Of a row: its cells' means, each times its precision.
    cross : (T, D, R, C) array
        Precision of the cell of a row and a column by its own studies; 0 without any.
    values : (T, D, N, C) array
        Eigenvalues of H.
    vectors : (T, D, N, C, C) array
        Its eigenvectors in columns.
    score : (T, D, N, C) array
        Of the columns, in that basis.
    """

    log_rest: Floats
    share: Floats
    row_score: Floats
    cross: Floats
    values: Floats
    vectors: Floats
    score: Floats

    def log_likelihood(self, columns: Floats) -> Floats:
        """Log likelihood with the overall mean integrated out, (T, D, N, n).

        Parameters
        ----------
        columns : (n,) array
            Standard deviations between columns.
        """
        ones = self.vectors.sum(axis=-2)
        information, precision, log_more, moved = np.zeros((4, *self.log_rest.shape, len(columns)))
        for k in range(self.values.shape[-1]):
            value, y, one = (a[..., k, None] for a in (self.values, self.score, ones))
            grown = 1 + columns**2 * value
            log_more += np.log(grown)
            moved += columns**2 * y**2 / grown
            precision += one**2 * value / grown
            information += one * y / grown
        found: Floats = 0.5 * (moved + information**2 / precision - log_more - np.log(precision))
        found += self.log_rest[..., None]
        return found


def canonical(
    own: tuple[Floats, Floats, Floats], in_row: Floats, in_column: Floats, cells: Floats, rows: Floats
) -> Canonical:
    """Rows integrated out of cells by Woodbury's formula.

    Parameters
    ----------
    own : three (T, G) arrays
        Of each cell by its own studies: log likelihood, mean and variance.
    in_row : (G, R) array
        1 where a cell is in a row, else 0.
    in_column : (G, C) array
        Likewise.
    cells : (D,) array
        Standard deviations between cells beyond their row and column.
    rows : (N,) array
        Standard deviations between rows.

    Notes
    -----
    Cells have variance D = s2 + cells^2 about their row and column. With V = D + rows^2 (rows of Z) the precision of
    the columns is H = Z' V^-1 Z, and their score Z' V^-1 m.
    """
    log_own, m, s2 = own
    w = 1 / (s2[:, None] + cells[:, None] ** 2)
    wm = w * m[:, None]
    in_rows, row_score = w @ in_row, wm @ in_row
    share = rows[:, None] ** 2 / (1 + rows[:, None] ** 2 * in_rows[:, :, None])
    cross = (w[..., None] * in_row).swapaxes(-1, -2) @ in_column
    across = cross.swapaxes(-1, -2)
    h = (w @ in_column)[..., None] * np.eye(in_column.shape[1])
    h = h[:, :, None] - (across[:, :, None] * share[..., None, :]) @ cross[:, :, None]
    score = (wm @ in_column)[:, :, None] - (across[:, :, None] @ (share * row_score[:, :, None])[..., None])[..., 0]
    quadratic = (wm * m[:, None]).sum(axis=-1)[:, :, None] - (share * row_score[:, :, None] ** 2).sum(axis=-1)
    log_det = np.log1p(rows[:, None] ** 2 * in_rows[:, :, None]).sum(axis=-1) - np.log(w).sum(axis=-1)[:, :, None]
    values, vectors = np.linalg.eigh(h)
    log_rest = -0.5 * (log_det + quadratic + (m.shape[1] - 1) * math.log(2 * math.pi))
    log_rest += log_own.sum(axis=1)[:, None, None]
    turned = (vectors.swapaxes(-1, -2) @ score[..., None])[..., 0]
    return Canonical(log_rest, share, row_score, cross, np.maximum(values, 0.0), vectors, turned)
