"""Studies classified two ways: cells of rows and columns, drawn toward each other by as much as the data say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.arguments import is_number, require_level
from ...errors import InvalidInput
from ..studies import Column, Effects, read_studies
from .bayes import DEFAULT_TAU_PRIOR
from .crossed_effects import CrossedEffects
from .four_spreads import AXES, Crossed, integrate
from .given_four import given_four
from .priors import HalfNormal


def bayes_crossed(
    effects: Effects,
    rows: Column,
    columns: Column,
    worthwhile: float | None = None,
    tau_prior: HalfNormal = DEFAULT_TAU_PRIOR,
    row_prior: HalfNormal = DEFAULT_TAU_PRIOR,
    column_prior: HalfNormal = DEFAULT_TAU_PRIOR,
    cell_prior: HalfNormal = DEFAULT_TAU_PRIOR,
    level: float = 0.95,
    *,
    vi: ArrayLike | None = None,
) -> CrossedEffects:
    """Mean effects in the cells of a two-way classification, in one hierarchical model with crossed effects.

    Parameters
    ----------
    effects : (k,) array-like, DataFrame or fit
        Effect sizes; or a frame with columns ``yi`` and ``vi``; or a fit, whose studies are taken. Incomplete rows are
        left out.
    rows : str or (k,) array-like
        The first classification: a column of the frame, or one value a study.
    columns : str or (k,) array-like
        The second.
    worthwhile : float, optional
        Smallest effect worth having, in the units of ``yi``; larger is better.
    tau_prior : HalfNormal
        Prior of the standard deviation between the studies of a cell, one for all cells.
    row_prior : HalfNormal
        Prior of the standard deviation between the effects of rows.
    column_prior : HalfNormal
        Prior of that between the effects of columns.
    cell_prior : HalfNormal
        Prior of that between cells beyond their row and column (the interaction).
    level : float
        Coverage of the equal-tailed intervals.
    vi : (k,) array-like, optional
        Sampling variances, above 0, in squared units of the effect sizes.

    Returns
    -------
    CrossedEffects
        Every cell's mean effect, also of cells without studies, and what rows, columns and cells differ by.

    Raises
    ------
    InvalidInput
        A column is missing, there is one cell only, a variance is zero, a prior is not half-normal.

    Warns
    -----
    NotConverged
        The finest grid is too coarse for these data.

    See Also
    --------
    bayes_compare : Groups of one classification.
    bayes : One group.
    network : Treatments compared through each other within studies.

    Notes
    -----
    yi ~ N(theta_i, vi), theta_i ~ N(theta_rc, tau^2), theta_rc = mu + alpha_r + beta_c + gamma_rc with alpha_r ~
    N(0, rows^2), beta_c ~ N(0, columns^2), gamma_rc ~ N(0, cells^2), a flat prior of mu and half-normal priors of the
    four standard deviations. A cell with few studies is drawn to what its row and column say elsewhere, the more so
    the better rows and columns foretell the other cells; one without studies has nothing else. Studies are taken as
    independent: a study that stands in two cells by the same people makes intervals somewhat too narrow.

    Given the standard deviations everything is normal. They are integrated out by the trapezoidal rule on a product
    grid along s = c sinh(x), on which the integrand is even and analytic; the probabilities and ends of intervals of
    cells agree with finer grids to 1e-6.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, chapter 15. Trefethen & Weideman (2014), SIAM Review 56:385.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"site": list("aabbcc"), "dose": ["low", "high"] * 2 + ["low"] * 2,
    ...                       "yi": [0.3, 0.9, 0.2, 0.7, 0.1, 0.2], "vi": [0.02] * 6})
    >>> post = ev.bayes_crossed(frame, rows="site", columns="dose")
    >>> post.cells.loc["c", ["k", "mean", "ci_low", "ci_high", "borrowed"]].round(2)  # doctest: +NORMALIZE_WHITESPACE
          k  mean  ci_low  ci_high  borrowed
    dose
    high  0  0.64   -0.24     1.37      True
    low   2  0.18   -0.11     0.51     False
    """
    require_level(level)
    priors = dict(zip(AXES, (tau_prior, cell_prior, row_prior, column_prior), strict=True))
    for name, prior in priors.items():
        if not isinstance(prior, HalfNormal):
            raise InvalidInput(f"the prior of {name} is {prior!r}; this model takes HalfNormal(scale) only")
    if worthwhile is not None and not is_number(worthwhile):
        raise InvalidInput(f"worthwhile is {worthwhile!r}; give a number in the units of yi")
    studies = read_studies(effects, vi)
    values = studies.values(rows, "rows"), studies.values(columns, "columns")
    placed = ~(pd.isna(values[0]) | pd.isna(values[1]))
    if not placed.any():
        raise InvalidInput("no study has both a row and a column")
    studies = studies.only(placed)
    if (studies.vi == 0).any():
        raise InvalidInput(f"study {studies.slab[int(studies.vi.argmin())]!r} has vi = 0; give its sampling variance")
    row, row_labels = _coded(values[0][placed], "rows")
    column, column_labels = _coded(values[1][placed], "columns")
    cell, codes = np.unique(row * len(column_labels) + column, return_inverse=True)
    if len(cell) == 1:
        raise InvalidInput("all studies are in one cell; use bayes for one group")
    size = np.bincount(codes)
    order = np.argsort(codes, kind="stable")
    place = np.arange(len(codes)) - np.repeat(np.cumsum(size) - size, size)
    y, v = np.zeros((len(size), size.max())), np.full((len(size), size.max()), np.inf)
    origin = studies.yi[int(studies.vi.argmin())]  # the prior of the mean is flat; sums of squares keep their digits
    y[codes[order], place], v[codes[order], place] = studies.yi[order] - origin, studies.vi[order]
    scales = np.array([prior.scale for prior in priors.values()])
    crossed = Crossed(y, v, cell // len(column_labels), cell % len(column_labels), scales)
    grid, given = integrate(crossed)
    return CrossedEffects(
        row_labels=pd.Index(row_labels, name=_name(rows, "row")),
        column_labels=pd.Index(column_labels, name=_name(columns, "column")),
        dropped=studies.dropped,
        worthwhile=worthwhile,
        priors=priors,
        level=level,
        yi=studies.yi,
        vi=studies.vi,
        slab=studies.slab,
        frame=studies.frame,
        _size=size,
        _crossed=crossed,
        _grid=grid,
        _given=given_four(crossed, grid, given, float(origin)),
    )


def _coded(values: NDArray[np.object_], name: str) -> tuple[NDArray[np.integer], NDArray[np.object_]]:
    try:
        codes, labels = pd.factorize(values, sort=True)
    except TypeError:
        raise InvalidInput(f"{name} holds values that cannot be labels; give one string or number a study") from None
    return codes, np.asarray(labels, dtype=object)


def _name(given: Column, usual: str) -> str:
    if isinstance(given, pd.Series) and given.name is not None:
        return str(given.name)
    return given if isinstance(given, str) else usual
