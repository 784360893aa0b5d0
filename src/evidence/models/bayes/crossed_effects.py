"""Cells of a two-way classification in one model, and what can be asked of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.arguments import shown
from ...errors import InvalidInput
from .. import wording
from ..engine.inference import Interval
from ..groups import position
from ..result import Result
from .four_spreads import AXES, Crossed, Grid, spread_summary
from .given_four import GivenFour
from .mixture import Mixture
from .priors import HalfNormal
from .quadrature import Floats
from .questions import read_probabilities, require_bounds

_SUMMARY = ("mean", "sd", "median", "ci_low", "ci_high")


@dataclass(frozen=True, repr=False, eq=False)
class CrossedEffects(Result):
    """Posterior of the mean effect in every cell of rows and columns.

    Attributes
    ----------
    cells : DataFrame
        One row a cell, all rows by all columns: k (studies), unpooled (the posterior mean that its own studies alone
        would give; NaN without any), shrinkage (share of the way from there to what its row and column say), mean, sd,
        median, ci_low, ci_high, p_positive, p_worthwhile (NaN when no ``worthwhile`` was given), borrowed (no study of
        its own: all from other cells).
    rows : DataFrame
        What the cells of each row have in common, mu + alpha_r: mean, sd, median, ci_low, ci_high.
    columns : DataFrame
        What those of each column have, mu + beta_c, likewise.
    overall : Series
        Overall mean, likewise.
    spreads : DataFrame
        Standard deviations, likewise: tau (studies of a cell), cells (beyond row and column), rows, columns.
    row_labels : Index
        The rows.
    column_labels : Index
        The columns.
    k : int
        Studies.
    dropped : int
        Studies left out, for a missing yi or vi or because they have no row or column.
    worthwhile : float or None
        Smallest effect worth having.
    priors : mapping of str to HalfNormal
        Of the standard deviations, by their names in ``spreads``.
    level : float
        Coverage of the intervals.
    yi : (k,) array
        Effect sizes of all studies.
    vi : (k,) array
        Sampling variances.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame
        Their rows.

    See Also
    --------
    bayes_crossed : Makes it.
    ComparedGroups : Of one classification.

    Examples
    --------
    >>> import evidence as ev
    >>> sites, doses = list("aabbcc"), ["low", "high", "low", "high", "low", "low"]
    >>> post = ev.bayes_crossed([0.3, 0.9, 0.2, 0.7, 0.1, 0.2], vi=[0.02] * 6, rows=sites, columns=doses)
    >>> round(post.probability("a", "high", lower=0.5), 3), round(post.probability("c", "high", lower=0.5), 3)
    (0.935, 0.699)
    """

    row_labels: pd.Index
    column_labels: pd.Index
    dropped: int
    worthwhile: float | None
    priors: Mapping[str, HalfNormal]
    level: float
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None
    _size: NDArray[np.integer]
    _crossed: Crossed
    _grid: Grid
    _given: GivenFour

    @property
    def k(self) -> int:
        return len(self.yi)

    @cached_property
    def cells(self) -> pd.DataFrame:
        shape = len(self.row_labels), len(self.column_labels)
        rows = [self._cell(r, c) for r in range(shape[0]) for c in range(shape[1])]
        return pd.DataFrame(rows, index=pd.MultiIndex.from_product([self.row_labels, self.column_labels]))

    @cached_property
    def rows(self) -> pd.DataFrame:
        return self._common.iloc[1 : 1 + len(self.row_labels)].set_axis(self.row_labels)

    @cached_property
    def columns(self) -> pd.DataFrame:
        return self._common.iloc[1 + len(self.row_labels) :].set_axis(self.column_labels)

    @cached_property
    def overall(self) -> pd.Series:
        return self._common.iloc[0].rename("overall")

    @cached_property
    def spreads(self) -> pd.DataFrame:
        rows = [spread_summary(self._crossed, self._grid, axis, self.level) for axis in range(4)]
        return pd.DataFrame(rows, index=pd.Index(AXES, name="sd"), columns=list(_SUMMARY))

    def predict(self, row: object, column: object) -> pd.Series:
        """The mean effect in one cell, with or without studies.

        Parameters
        ----------
        row : object
            Label of its row; None for a new row, like those there are.
        column : object
            Label of its column; None for a new one.

        Returns
        -------
        Series
            As a row of ``cells``; ``borrowed`` says that no study of the cell's own is behind it.

        Raises
        ------
        InvalidInput
            There is no such row or column.
        """
        return pd.Series(self._cell(*self._codes(row, column)), name=(row, column))

    def probability(self, row: object, column: object, lower: float = -math.inf, upper: float = math.inf) -> float:
        """Posterior probability that a cell's mean effect lies between two bounds.

        Parameters
        ----------
        row : object
            As for `predict`.
        column : object
            As for `predict`.
        lower : float
            Lower bound in the units of ``yi``; none by default.
        upper : float
            Upper bound, likewise.

        Returns
        -------
        float
            Between 0 and 1.
        """
        require_bounds(lower, upper)
        found = self._mixture(*self._codes(row, column)).probability(np.array([lower]), np.array([upper]))
        return float(found[0])

    def quantile(self, row: object, column: object, p: ArrayLike) -> Floats:
        """Posterior quantiles of a cell's mean effect.

        Parameters
        ----------
        row : object
            As for `predict`.
        column : object
            As for `predict`.
        p : scalar or array
            Probabilities, in (0, 1).

        Returns
        -------
        array
            Quantiles in the units of ``yi``, same shape as ``p``.
        """
        values = read_probabilities(p)
        return self._mixture(*self._codes(row, column)).quantile(values.ravel()).reshape(values.shape)

    def sentence(self) -> str:
        n, spread = wording.number, self.spreads["median"]
        filled, possible = len(self._size), len(self.row_labels) * len(self.column_labels)
        return (
            f"{self.k} studies stand in {filled} of {possible} cells; mean effects differ with a standard deviation of "
            f"about {n(spread['rows'])} between rows, {n(spread['columns'])} between columns and {n(spread['cells'])} "
            f"beyond both, and studies of one cell with {n(spread['tau'])}."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} studies left out" if self.dropped else ""
        shape = f"{len(self.row_labels)} x {len(self.column_labels)}"
        return f"Bayesian model with crossed effects (k = {self.k} in {len(self._size)} of {shape} cells{missing})"

    def _lines(self) -> list[str]:
        level, n = wording.percent(self.level), wording.number
        lines = [f"priors: {', '.join(f'{name} {prior}' for name, prior in self.priors.items())}, overall mean flat"]
        for name, row in [("overall mean", self.overall), *self.spreads.iterrows()]:
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: median {n(row['median'], 4)}, {level} credible interval {bounds}")
        for labels, (_, cell) in zip(self.cells.index.tolist(), self.cells.iterrows(), strict=True):
            bounds = wording.interval(Interval(cell["ci_low"], cell["ci_high"]))
            own = "borrowed" if cell["borrowed"] else f"k = {cell['k']}"
            lines.append(f"{', '.join(map(str, labels))}: {n(cell['median'])} ({bounds}), {own}")
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.cells

    def _table(self) -> pd.DataFrame:
        return self.cells

    @cached_property
    def _common(self) -> pd.DataFrame:
        return pd.DataFrame(_summary(self._given.common(), self.level), columns=list(_SUMMARY))

    def _codes(self, row: object, column: object) -> tuple[int | None, int | None]:
        found: list[int | None] = []
        for name, label, labels in (("row", row, self.row_labels), ("column", column, self.column_labels)):
            at = position(label, labels)
            if at is None and label is not None:
                raise InvalidInput(f"{name}={shown(label)} is not among {list(labels)}; None stands for a new one")
            found.append(at)
        return found[0], found[1]

    def _place(self, row: int | None, column: int | None) -> int | None:
        """Which of the cells with studies it is."""
        at = np.flatnonzero((self._crossed.row == row) & (self._crossed.column == column))
        return int(at[0]) if len(at) else None

    def _mixture(self, row: int | None, column: int | None) -> Mixture:
        return self._given.cell(row, column, self._place(row, column))

    def _cell(self, row: int | None, column: int | None) -> dict[str, object]:
        g, mixture, given = self._place(row, column), self._mixture(row, column), self._given
        above = [0.0] if self.worthwhile is None else [0.0, self.worthwhile]
        chances = [float(mixture.probability(np.array([low]), np.array([np.inf]))[0]) for low in above]
        return {
            "k": 0 if g is None else int(self._size[g]),
            "unpooled": math.nan if g is None else float((given.weights * given.m[g]).sum()),
            "shrinkage": 1.0 if g is None else float((given.weights * (1 - given.own_weight(g))).sum()),
            **dict(zip(_SUMMARY, _summary(mixture, self.level)[0].tolist(), strict=True)),
            "p_positive": chances[0],
            "p_worthwhile": chances[1] if len(chances) > 1 else math.nan,
            "borrowed": g is None,
        }


def _summary(mixture: Mixture, level: float) -> Floats:
    """Columns `_SUMMARY` of mixtures."""
    quantiles = mixture.quantile(np.array([0.5, 0.5 - level / 2, 0.5 + level / 2]))
    return np.column_stack([*mixture.moments(), quantiles])
