"""Odds ratios pooled by a logistic mixed model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..result import Result, inference_line
from .likelihoods import MODELS, GlmmModel
from .result import ChiSquare, antilog


@dataclass(frozen=True, repr=False, eq=False)
class Glmm(Result):
    """Odds ratios pooled by a logistic mixed model.

    Attributes
    ----------
    estimate : float
        Mean log odds ratio of group 1 against group 2.
    se : float
        Its standard error.
    ci : Interval
        Confidence interval (low, high).
    statistic : float
        Normal test against zero.
    p_value : float
        Of that test.
    tau2 : float
        Variance of the log odds ratios.
    tau2_se : float or None
        Its standard error; None when it was not estimated, or is zero.
    i2 : float
        Percent of variance between trials, against the typical sampling variance of the log odds ratios.
    h2 : float
        Total over sampling variance, likewise.
    likelihood_ratio : ChiSquare
        Homogeneity of the trials' odds ratios.
    wald : ChiSquare
        The same; a trial with a zero cell adds nothing to it, so that the likelihood ratio is the one to trust.
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
        Trials without information, left out.
    model : str
        "UM.FS", "CM.EL" or "CM.AL".
    method : str
        "ML" or "EE".
    level : float
        Coverage of the interval.
    yi : (k,) array
        The trials' own log odds ratios, 0.5 added to the cells of a trial with a zero; the model does not use them.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Labels of the trials.
    frame : DataFrame or None
        Their rows, with ``yi`` and ``vi``; None when the counts did not come in a frame.
    ratio : (float, Interval)
        Odds ratio and its interval.
    prediction_interval : Interval or None
        For the log odds ratio of a new trial; None for method "EE".

    See Also
    --------
    glmm : Makes it.
    mantel_haenszel : One odds ratio for all trials.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.glmm([1, 0, 6, 18], [49, 60, 97, 40], [9, 2, 9, 10], [46, 58, 91, 38])
    >>> print(fit.sentence())
    Across 4 trials the average odds ratio is 0.52 (95% confidence interval 0.16 to 1.65).
    """

    _figure = "forest"

    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
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
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None

    @property
    def ratio(self) -> tuple[float, Interval]:
        return antilog(self.estimate), Interval(*map(antilog, self.ci))

    @property
    def prediction_interval(self) -> Interval | None:
        if self.method == "EE":
            return None
        half = float(critical(self.level, np.array([np.inf]))[0]) * math.sqrt(self.se**2 + self.tau2)
        return Interval(self.estimate - half, self.estimate + half)

    def sentence(self) -> str:
        value, bounds = self.ratio
        return (
            f"Across {self.k} trials the {'common' if self.method == 'EE' else 'average'} odds ratio is "
            f"{wording.number(value)} ({wording.percent(self.level)} confidence interval {wording.interval(bounds)})."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} without information left out" if self.dropped else ""
        return f"Logistic mixed model, {MODELS[self.model].label}, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = []
        if self.method != "EE":
            se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
            lines.append(f"tau² = {n(self.tau2, 4)}{se}, I² = {n(self.i2)}%")
        for name, chi in (("likelihood ratio", self.likelihood_ratio), ("Wald", self.wald)):
            lines.append(f"homogeneity, {name}: χ²({chi.df}) = {n(chi.statistic)}, p {wording.p_value(chi.p_value)}")
        test = (self.statistic, math.inf, self.p_value, self.ci, self.level)
        lines.append(inference_line("log OR", self.estimate, self.se, *test))
        lines.append(f"OR {n(self.ratio[0])}, {level} CI {wording.interval(self.ratio[1])}")
        return lines

    def _row(self) -> dict[str, object]:
        bounds = {"ci_low": self.ci.low, "ci_high": self.ci.high}
        first = {"k": self.k, "estimate": self.estimate, "se": self.se}
        return first | bounds | {name: getattr(self, name) for name in ("statistic", "p_value", "tau2", "i2", "h2")}
