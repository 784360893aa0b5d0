"""A fitted location-scale model: coefficients of the mean and of the variance between studies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import InvalidInput
from .. import wording
from ..design import Design
from ..engine.coefficient_tests import TESTS, Test
from ..engine.engine import Floats
from ..engine.inference import critical
from ..wald import Coefficients, coefficient_lines
from .location_scale import LINKS, Link


@dataclass(frozen=True, repr=False, eq=False)
class LocationScale(Coefficients):
    """A meta-regression whose variance between studies depends on moderators, too.

    Attributes
    ----------
    coefficients : DataFrame
        Of the mean: estimate, se, statistic, df, p_value, ci_low, ci_high.
    covariance : (p, p) array
        Of these.
    scale_coefficients : DataFrame
        Of the scale, log tau2 or tau2, with the same columns.
    scale_covariance : (q, q) array
        Of these.
    qm : float
        Test of all moderators of the mean: chi-square when ``qm_df[1]`` is infinite, F otherwise.
    qm_df : tuple of (int, float)
        Its degrees of freedom.
    qm_p : float
        Its p value.
    qs : float
        Test of all moderators of the scale, likewise.
    qs_df : tuple of (int, float)
        Its degrees of freedom.
    qs_p : float
        Its p value.
    tau2_by_study : (k,) array
        Variance of the true effects of studies like each.
    log_likelihood : float
        Restricted for REML.
    aic : float
        Akaike's information criterion.
    bic : float
        The Bayesian (Schwarz's) one.
    aicc : float
        Akaike's, corrected for few studies.
    k : int
        Studies used.
    dropped : int
        Studies left out for a missing value.
    method : {"REML", "ML"}
        Likelihood that was maximised.
    test : str
        Test of the coefficients, as for `regress`.
    level : float
        Coverage of the intervals.
    formula : str
        Moderators of the mean.
    scale : str
        Moderators of the scale.
    link : {"log", "identity"}
        What is linear in the moderators of the scale: log tau2, or tau2.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame or None
        Rows used.

    See Also
    --------
    regress : Makes it with ``scale``.
    Regression : One variance for all studies.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> trials = pd.DataFrame({"yi": [0.1, 0.9, -0.4, 0.3, 0.4, 0.1, 0.6, 0.2], "vi": [0.02] * 8,
    ...                        "size": [1, 1, 1, 1, 2, 2, 2, 2]})
    >>> fit = ev.regress(trials, scale="~ size", test="z")
    >>> fit.predict()["tau2"].round(2).tolist()[:1]
    [0.21]
    """

    _figure = "forest"

    coefficients: pd.DataFrame
    covariance: Floats
    scale_coefficients: pd.DataFrame
    scale_covariance: Floats
    qm: float
    qm_df: tuple[int, float]
    qm_p: float
    qs: float
    qs_df: tuple[int, float]
    qs_p: float
    tau2_by_study: Floats
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    k: int
    dropped: int
    method: str
    test: Test
    level: float
    formula: str
    scale: str
    link: Link
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None
    _location: Design
    _scale: Design

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effects, and how much true effects differ around them.

        Parameters
        ----------
        new : DataFrame, optional
            Moderators of mean and scale; by default the studies themselves.
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            estimate, se, ci_low, ci_high, pi_low, pi_high, and tau2, the variance of the true effects.
        """
        x = self._location.x if new is None else self._location.rows(new)
        z = self._scale.x if new is None else self._scale.rows(new)
        fitted = z @ self.scale_coefficients["estimate"].to_numpy()
        tau2 = np.exp(fitted) if self.link == "log" else fitted
        if (tau2 < 0).any():
            raise InvalidInput(f"row {int(np.argmin(tau2))} of the new data lies where the fitted variance is negative")
        estimate = x @ self.coefficients["estimate"].to_numpy()
        variance = np.einsum("ij,jl,il->i", x, self.covariance, x)
        crit = critical(self._coverage(level), np.array([self.coefficients["df"].iloc[0]]))[0]
        half, wide = crit * np.sqrt(variance), crit * np.sqrt(variance + tau2)
        columns = {"estimate": estimate, "se": np.sqrt(variance), "ci_low": estimate - half, "ci_high": estimate + half}
        columns |= {"pi_low": estimate - wide, "pi_high": estimate + wide, "tau2": tau2}
        return pd.DataFrame(columns, index=pd.Index(self.slab, name="study") if new is None else new.index)

    def sentence(self) -> str:
        test = wording.omnibus(self.qs, self.qs_df)
        return (
            f"In {self.k} studies the moderators {self.scale!r} of how much true effects differ were tested together "
            f"with {test} (p {wording.p_value(self.qs_p)})."
        )

    def summary(self) -> str:
        return "\n".join([super().summary(), f"scale, {LINKS[self.link]}:", *self._scale_lines()])

    def _scale_lines(self) -> list[str]:
        return coefficient_lines(self.scale_coefficients, self.level)

    def _rows(self) -> pd.DataFrame:
        parts = {"location": self.coefficients, "scale": self.scale_coefficients}
        return pd.concat(parts, names=["part", "coefficient"])

    def _title(self) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Location-scale model {self.formula}, scale {self.scale}, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n, low, high = (
            wording.number,
            float(np.sqrt(self.tau2_by_study.min())),
            float(np.sqrt(self.tau2_by_study.max())),
        )
        lines = [f"tau of the studies: {n(low, 4)} to {n(high, 4)}"]
        for what, value, df, p in (("mean", self.qm, self.qm_df, self.qm_p), ("scale", self.qs, self.qs_df, self.qs_p)):
            lines.append(f"moderators of the {what}: {wording.omnibus(value, df)}, p {wording.p_value(p)}")
        return [*lines, f"test: {TESTS[self.test].words}"]
