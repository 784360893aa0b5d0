"""Log odds ratios regressed on moderators by a logistic mixed model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import wording
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import critical
from ..wald import Coefficients
from .likelihoods import MODELS, GlmmModel
from .result import ChiSquare


@dataclass(frozen=True, repr=False, eq=False)
class GlmmRegression(Coefficients):
    """Log odds ratios that depend on moderators, in a logistic mixed model.

    Attributes
    ----------
    coefficients : DataFrame
        Index the columns of the design matrix; estimate (log odds ratios), se, statistic, df, p_value, ci_low, ci_high.
    covariance : (p, p) array
        Of the coefficients.
    qm : float
        Test of all moderators together: chi-square.
    qm_df : tuple of (int, float)
        Number of coefficients tested, and infinity.
    qm_p : float
        Its p value.
    tau2 : float
        Variance of the log odds ratios that the moderators leave.
    tau2_se : float or None
        Its standard error; None when it was not estimated, or is zero.
    likelihood_ratio : ChiSquare
        Residual heterogeneity: against a log odds ratio for each trial.
    wald : ChiSquare
        The same; a trial with a zero cell adds nothing to it.
    log_likelihood : float
        At the maximum.
    aic : float
        Information criterion of Akaike.
    bic : float
        Information criterion of Schwarz.
    aicc : float
        `aic` corrected for few trials.
    k : int
        Trials.
    dropped : int
        Trials left out: without information, or without a moderator.
    model : str
        "UM.FS", "CM.EL" or "CM.AL".
    method : str
        "ML" or "EE".
    level : float
        Coverage of the intervals.
    formula : str
        The moderators.
    yi : (k,) array
        The trials' own log odds ratios, 0.5 added to the cells of a trial with a zero; the model does not use them.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Labels of the trials.
    frame : DataFrame
        Their rows, with ``yi`` and ``vi``.

    See Also
    --------
    glmm : Makes it.
    regress : The same of effect sizes with normal errors.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> trials = pd.DataFrame({"ai": [1, 3, 6, 18, 4], "n1": [50, 60, 103, 58, 40], "ci": [9, 6, 9, 10, 5],
    ...                        "n2": [55, 60, 100, 48, 40], "dose": [4, 3, 2, 1, 2]})
    >>> fit = ev.glmm(trials, formula="~ dose")
    >>> fit.predict(pd.DataFrame({"dose": [3]}))["estimate"].round(2).tolist()
    [-1.13]
    """

    _figure = "forest"

    coefficients: pd.DataFrame
    covariance: Floats
    qm: float
    qm_df: tuple[int, float]
    qm_p: float
    tau2: float
    tau2_se: float | None
    likelihood_ratio: ChiSquare
    wald: ChiSquare
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    k: int
    dropped: int
    model: GlmmModel
    method: str
    level: float
    formula: str
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame
    _design: Design

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected log odds ratios of trials.

        Parameters
        ----------
        new : DataFrame, optional
            Moderators of the formula; by default the trials themselves.
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            estimate, se, ci_low, ci_high, and pi_low, pi_high for the true log odds ratio of a new trial, which is what
            is expected under method "EE". ``np.exp`` makes odds ratios.
        """
        x = self._design.x if new is None else self._design.rows(new)
        estimate = x @ self.coefficients["estimate"].to_numpy()
        variance = np.einsum("kp,pq,kq->k", x, self.covariance, x)
        crit = float(critical(self._coverage(level), np.array([np.inf]))[0])
        half, wide = crit * np.sqrt(variance), crit * np.sqrt(variance + self.tau2)
        columns = {"estimate": estimate, "se": np.sqrt(variance), "ci_low": estimate - half, "ci_high": estimate + half}
        columns |= {"pi_low": estimate - wide, "pi_high": estimate + wide}
        return pd.DataFrame(columns, index=pd.Index(self.slab, name="study") if new is None else new.index)

    def sentence(self) -> str:
        test = wording.omnibus(self.qm, self.qm_df)
        return (
            f"In {self.k} trials the moderators {self.formula!r} of the log odds ratio were tested together with "
            f"{test} (p {wording.p_value(self.qm_p)})."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} left out" if self.dropped else ""
        label = MODELS[self.model].label
        return f"Logistic mixed regression {self.formula}, {label}, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n, lines = wording.number, []
        if self.method != "EE":
            se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
            lines.append(f"residual tau² = {n(self.tau2, 4)}{se}, tau = {n(math.sqrt(self.tau2), 4)}")
        for name, chi in (("likelihood ratio", self.likelihood_ratio), ("Wald", self.wald)):
            test = f"χ²({chi.df}) = {n(chi.statistic)}, p {wording.p_value(chi.p_value)}"
            lines.append(f"residual heterogeneity, {name}: {test}")
        test = wording.omnibus(self.qm, self.qm_df)
        return [*lines, f"moderators: {test}, p {wording.p_value(self.qm_p)}", "coefficients are log odds ratios"]
