"""Two pooled effects and how they go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from .. import wording
from ..engine.inference import Interval
from ..result import Result
from .likelihood import Floats

BivariateMethod = Literal["REML", "ML"]


@dataclass(frozen=True, repr=False, eq=False)
class Bivariate(Result):
    """Two pooled effects and the association of their true values across studies.

    Attributes
    ----------
    estimates : DataFrame
        Rows y1 and y2: estimate, se, statistic (z), p_value, ci_low, ci_high, tau2, k.
    rho : float or None
        Correlation of the two true effects across studies; None when one of them does not vary.
    rho_ci : Interval
        Profile likelihood; -1 and 1 are bounds that the data do not exclude.
    rho_p : float
        Likelihood-ratio test of no correlation.
    slope : float or None
        Change of the second true effect for one unit more of the first; None as for ``rho``.
    slope_ci : Interval
        Profile likelihood; a bound may be infinite.
    between : (2, 2) array
        Covariance of the true effects.
    vcov : (2, 2) array
        Covariance of the estimates.
    log_likelihood : float
        Restricted for REML.
    k : int
        Studies.
    k_both : int
        Studies with both outcomes.
    method : str
        "REML" or "ML".
    level : float
        Coverage of the intervals.

    See Also
    --------
    bivariate : Makes it.
    multilevel : Several outcomes as levels of one model.

    Examples
    --------
    >>> import evidence as ev
    >>> y1, y2 = [0.1, 0.4, 0.5, 0.9], [0.2, 0.3, 0.6, 0.8]
    >>> link = ev.bivariate(y1, [0.02] * 4, y2, [0.03] * 4, rho_within=0.5)
    >>> link.estimates["estimate"].round(3).to_dict()
    {'y1': 0.475, 'y2': 0.475}
    """

    estimates: pd.DataFrame
    rho: float | None
    rho_ci: Interval
    rho_p: float
    slope: float | None
    slope_ci: Interval
    between: Floats
    vcov: Floats
    log_likelihood: float
    k: int
    k_both: int
    method: BivariateMethod
    level: float

    def sentence(self) -> str:
        n, level = wording.number, wording.percent(self.level)
        studies = f"Across {self.k_both} studies with both outcomes"
        if self.rho is None:
            return f"{studies}, one of the two true effects does not vary, so how they go together cannot be said."
        return (
            f"{studies}, the true effects on the two outcomes correlate at {n(self.rho)} ({level} confidence interval "
            f"{wording.interval(self.rho_ci)}); this compares studies, not the people in them."
        )

    def _title(self) -> str:
        return f"Bivariate random-effects model, {self.method} (k = {self.k}, {self.k_both} with both outcomes)"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = []
        for name, row in self.estimates.iterrows():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: {n(row['estimate'], 4)}, {level} CI {bounds}, tau² = {n(row['tau2'], 4)}")
        if self.rho is None or self.slope is None:
            lines.append("correlation between studies: not estimable, one of the effects does not vary")
        else:
            lines.append(f"correlation between studies {n(self.rho)}, {level} CI {wording.interval(self.rho_ci)}")
            lines.append(f"likelihood ratio test of no correlation: p {wording.p_value(self.rho_p)}")
            lines.append(f"slope of y2 on y1 {n(self.slope)}, {level} CI {wording.interval(self.slope_ci)}")
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.estimates.rename_axis("outcome")

    def _table(self) -> pd.DataFrame:
        return self.estimates
