"""Odds ratios, proportions or rates pooled by a mixed model of the counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from ...effects.measures.back import Back, read_back, suited_digits
from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..result import Result, inference_line
from .likelihoods import MODELS, GlmmModel
from .result import ChiSquare


@dataclass(frozen=True, repr=False, eq=False)
class Glmm(Result):
    """Odds ratios pooled by a logistic mixed model.

    Attributes
    ----------
    measure : str
        "OR", "PLO" or "IRLN".
    estimate : float
        Mean log odds ratio of group 1 against group 2, or mean logit, or mean log rate.
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
        "UM.FS", "CM.EL" or "CM.AL"; of one group "logistic" or "Poisson".
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
        Odds ratio, proportion or rate, and its interval.
    prediction_interval : Interval or None
        For the log odds ratio (logit, log rate) of a new trial; None for method "EE".

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

    measure: str
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
    model: str
    method: str
    level: float
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None

    @property
    def ratio(self) -> tuple[float, Interval]:
        back = self._back.back
        return float(back(np.asarray(self.estimate))), Interval(*(float(back(np.asarray(bound))) for bound in self.ci))

    @property
    def _back(self) -> Back:
        back = read_back(self.measure)
        assert back is not None  # every measure of this model has another scale
        return back

    @property
    def prediction_interval(self) -> Interval | None:
        if self.method == "EE":
            return None
        half = float(critical(self.level, np.array([np.inf]))[0]) * math.sqrt(self.se**2 + self.tau2)
        return Interval(self.estimate - half, self.estimate + half)

    def sentence(self) -> str:
        value, bounds = self.ratio
        digits = suited_digits([bounds.high - bounds.low], 2)
        return (
            f"Across {self.k} trials the {'common' if self.method == 'EE' else 'average'} {self._back.what} is "
            f"{wording.number(value, digits)} ({wording.percent(self.level)} confidence interval "
            f"{wording.interval(bounds, digits)})."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} without information left out" if self.dropped else ""
        if self.measure != "OR":
            kind = f"{self.model[0].upper()}{self.model[1:]} mixed model of one group"
        else:
            kind = f"Logistic mixed model, {MODELS[cast('GlmmModel', self.model)].label}"
        return f"{kind}, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = []
        if self.method != "EE":
            se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
            lines.append(f"tau² = {n(self.tau2, 4)}{se}, I² = {n(self.i2)}%")
        for name, chi in (("likelihood ratio", self.likelihood_ratio), ("Wald", self.wald)):
            lines.append(f"homogeneity, {name}: χ²({chi.df}) = {n(chi.statistic)}, p {wording.p_value(chi.p_value)}")
        test = (self.statistic, math.inf, self.p_value, self.ci, self.level)
        scale = f"log {self.measure}" if self.measure == "OR" else f"{self._back.scale} {self._back.what}"
        lines.append(inference_line(scale, self.estimate, self.se, *test))
        what = self.measure if self.measure == "OR" else self._back.what
        digits = suited_digits([self.ratio[1].high - self.ratio[1].low], 2)
        lines.append(f"{what} {n(self.ratio[0], digits)}, {level} CI {wording.interval(self.ratio[1], digits)}")
        return lines

    def _row(self) -> dict[str, object]:
        bounds = {"ci_low": self.ci.low, "ci_high": self.ci.high}
        first = {"k": self.k, "estimate": self.estimate, "se": self.se}
        return first | bounds | {name: getattr(self, name) for name in ("statistic", "p_value", "tau2", "i2", "h2")}
