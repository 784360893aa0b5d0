"""Duval and Tweedie's trim and fill."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_choice
from ..errors import NotEstimable
from ..languages import _, ngettext, pgettext, pointed
from ..models import wording
from ..models.engine.engine import Floats, Settings, single
from ..models.result import Adjusted
from ..models.studies import Studies
from ..models.univariate.pool import pool_studies
from ..models.univariate.pooled import Pooled
from .missing_studies import ESTIMATORS, Estimator
from .regression import additive, with_intercept
from .source import Effects, read_source

Side = Literal["left", "right"]
_MAX_ITERATIONS = 100


@dataclass(frozen=True, repr=False, eq=False)
class TrimAndFill(Adjusted):
    """The pooled effect once studies missing on one side of the funnel are filled in.

    Attributes
    ----------
    estimate : float
        The pooled effect of the filled data.
    se : float
        Its standard error.
    ci : Interval
        Its confidence interval.
    statistic : float
        Its t or z against zero.
    df : float
        Degrees of freedom, infinite for a normal test.
    p_value : float
        Two-sided.
    tau2 : float
        Of the filled data.
    k0 : int
        Studies filled in.
    k0_se : float or None
        Its standard error; None where its formula has no value (more studies look surplus than missing).
    k0_p_value : float or None
        Test of no missing study on that side; None but for estimator "R0".
    side : str
        "left" or "right", where studies are missing.
    estimator : str
        "L0", "R0" or "Q0".
    filled : DataFrame
        slab, yi, vi, filled of all studies, those filled in last.
    fit : Pooled
        Of the filled data.
    naive : Pooled
        Of the data as they are.

    See Also
    --------
    trim_and_fill : Makes it.
    plots.funnel : Draws it, filled studies set apart.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> found = ev.trim_and_fill(yi, [s**2 for s in sei], estimator="R0")
    >>> found.filled.loc[found.filled["filled"], "slab"].tolist()
    ['Filled: Study 3']
    """

    _figure = "funnel"

    tau2: float
    k0: int
    k0_se: float | None
    k0_p_value: float | None
    side: Side
    estimator: Estimator
    filled: pd.DataFrame
    fit: Pooled
    naive: Pooled

    def sentence(self) -> str:
        side = {"left": pgettext("funnel", "left"), "right": pgettext("funnel", "right")}[self.side]
        if self.k0 == 0:
            return _("Trim and fill finds no study missing on the {side} of the funnel.", side=side)
        return ngettext(
            "Trim and fill adds {n} study on the {side} of the funnel, which moves the average effect from {before} to "
            "{effect}.",
            "Trim and fill adds {n} studies on the {side} of the funnel, which moves the average effect from {before} "
            "to {effect}.",
            self.k0,
            side=side,
            before=pointed(wording.number(self.naive.estimate)),
            effect=wording.with_interval(self.estimate, self.ci, self.fit.level),
        )

    def _title(self) -> str:
        return f"Trim and fill, estimator {self.estimator} (k = {self.naive.k}, {self.k0} filled on the {self.side})"

    def _lines(self) -> list[str]:
        se = "" if self.k0_se is None else f" (SE {wording.number(self.k0_se)})"
        p = "" if self.k0_p_value is None else f", p {wording.p_value(self.k0_p_value)}"
        return [
            f"missing studies {self.k0}{se}{p}",
            self._estimate_line(self.fit.level),
            f"tau² = {wording.number(self.tau2, 4)}; without filling, estimate "
            f"{wording.number(self.naive.estimate, 4)}, tau² = {wording.number(self.naive.tau2, 4)}",
        ]

    def _row(self) -> dict[str, object]:
        return {
            "k": self.naive.k,
            "k0": self.k0,
            "side": self.side,
            "estimator": self.estimator,
            **self._estimate_columns(),
            "tau2": self.tau2,
        }

    def _table(self) -> pd.DataFrame:
        return self.filled


def trim_and_fill(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    side: Side | None = None,
    estimator: Estimator = "L0",
) -> TrimAndFill:
    """Trim and fill: how the pooled effect would look with a symmetric funnel.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    side : str, optional
        "left" or "right", where studies are thought missing; by default left when effects grow with their standard
        error, right when they fall.
    estimator : str
        Of the number of missing studies: "L0" (the default), "R0" or "Q0"; Duval (2005) recommends the first two.

    Returns
    -------
    TrimAndFill
        The pooled effect of the filled data, and the data.

    Raises
    ------
    InvalidInput
        An unknown side or estimator.
    NotEstimable
        Fewer than three studies, all of one size with ``side`` left to the data, an estimator "Q0" without a value,
        or an iteration that circles.

    See Also
    --------
    pool : The fit before filling.
    limit_meta : Adjusts without making up studies.
    plots.funnel : Draws it, filled studies set apart.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    Trims the k0 most extreme studies, pools the rest with the model of the fit, centres all studies there,
    re-estimates k0 from the ranks of their distances (signed; T is the sum of the positive ones)

    - L0 = (4 T - k (k + 1)) / (2k - 1)
    - R0 = k - (largest rank on the side of the missing) - 1
    - Q0 = k - 1/2 - sqrt(2 k^2 - 4 T + 1/4)

    until it stays, then mirrors the trimmed studies. It is a what-if, not a corrected estimate: heterogeneity
    alone can produce the asymmetry (Terrin et al. 2003; Peters et al. 2007).

    References
    ----------
    Duval & Tweedie (2000), Biometrics 56:455, 10.1111/j.0006-341X.2000.00455.x.
    Duval & Tweedie (2000), Journal of the American Statistical Association 95:89.
    Terrin, Schmid, Lau & Olkin (2003), Statistics in Medicine 22:2113, 10.1002/sim.1461.
    Peters, Sutton, Jones, Abrams & Rushton (2007), Statistics in Medicine 26:4544, 10.1002/sim.2889.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> ev.trim_and_fill(yi, [s**2 for s in sei]).side
    'left'
    """
    require_choice("estimator", estimator, ESTIMATORS)
    if side is not None:
        require_choice("side", side, get_args(Side))
    naive = read_source(effects, vi, 3, "trim and fill").fit
    place = _side(naive) if side is None else side
    sign = 1.0 if place == "left" else -1.0
    order = np.argsort(sign * naive.yi, kind="stable")
    y, v = sign * naive.yi[order], naive.vi[order]
    w = None if naive.custom_weights is None else naive.custom_weights[order]
    centre, k0, se = _settle(naive.settings, y, v, w, estimator)
    trimmed = order[naive.k - k0 :]
    yi = np.concatenate([naive.yi, 2 * sign * centre - naive.yi[trimmed]])
    both = np.concatenate([np.arange(naive.k), trimmed])
    custom = None if naive.custom_weights is None else naive.custom_weights[both]
    slab = naive.slab + tuple(f"Filled: {naive.slab[i]}" for i in trimmed)
    complete = np.concatenate([np.ones(len(yi), dtype=bool), np.zeros(naive.dropped, dtype=bool)])
    fit = pool_studies(Studies(yi, naive.vi[both], slab, complete, None, None), naive.settings, custom)
    return TrimAndFill(
        estimate=fit.estimate,
        se=fit.se,
        ci=fit.ci,
        statistic=fit.statistic,
        df=fit.df,
        p_value=fit.p_value,
        tau2=fit.tau2,
        k0=k0,
        k0_se=se,
        k0_p_value=0.5 ** (k0 + 1) if estimator == "R0" else None,
        side=place,
        estimator=estimator,
        filled=pd.DataFrame({"slab": slab, "yi": yi, "vi": naive.vi[both], "filled": np.arange(len(yi)) >= naive.k}),
        fit=fit,
        naive=naive,
    )


def _side(fit: Pooled) -> Side:
    x = with_intercept(np.sqrt(fit.vi), "standard error")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slope = additive(fit.settings, fit.yi, fit.vi, x, fit.custom_weights).beta[1]
    return "right" if slope < 0 else "left"


def _settle(
    settings: Settings, y: Floats, v: Floats, w: Floats | None, estimator: Estimator
) -> tuple[float, int, float | None]:
    """Centre, number of missing studies and its standard error, for studies sorted with the extreme ones last."""
    k0 = 0
    for _step in range(_MAX_ITERATIONS):
        keep = len(y) - k0
        centre = single(settings, y[:keep], v[:keep], None, None if w is None else w[:keep]).beta[0, 0]
        found, se = _missing(y - centre, estimator)
        if found == k0:
            return float(centre), k0, se
        k0 = found
    raise NotEstimable(f"trim and fill does not settle on a number of missing studies (estimator {estimator})")


def _missing(distance: Floats, estimator: Estimator) -> tuple[int, float | None]:
    k = len(distance)
    rank = np.empty(k)
    rank[np.argsort(np.abs(distance), kind="stable")] = np.arange(1, k + 1)
    raw, se2 = ESTIMATORS[estimator](rank, distance)
    return min(max(0, round(raw)), k - 1), math.sqrt(se2) if se2 >= 0 else None
