"""Begg and Mazumdar's rank correlation test."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..errors import NotEstimable, SmallSample
from ..languages import _, pointed
from ..models import wording
from ..models.result import Result
from .small_study_effects import LEAST_STUDIES, in_brackets
from .source import Effects, read_source

_MOST_EXACT = 300


@dataclass(frozen=True, repr=False, eq=False)
class RankTest(Result):
    """Rank correlation between effects and their variances.

    Attributes
    ----------
    tau : float
        Kendall's tau (tau-b with ties).
    p_value : float
        Two-sided.
    exact : bool
        Whether the p value is exact; with ties, or many studies, it is that of the normal approximation.
    k : int
        Studies.

    See Also
    --------
    begg : Makes it.
    egger : A line instead of ranks.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.begg([0.1, 0.2, 0.4, 0.3, 0.6, 0.5, 0.9, 0.7, 1.1, 0.8], [i / 100 for i in range(1, 11)])
    Begg and Mazumdar's rank test (k = 10)
    Kendall's tau = 0.7778, p < 0.001 (exact)
    """

    tau: float
    p_value: float
    exact: bool
    k: int

    def sentence(self) -> str:
        tau = pointed(wording.number(self.tau))
        found = in_brackets(_("Kendall's tau {tau}", tau=tau), self.p_value, self.k)
        if self.p_value >= 0.05:
            return _("Effects do not go with the variance of their studies more than chance allows {test}.", test=found)
        if self.tau > 0:
            return _("Studies with a larger variance show higher effects {test}.", test=found)
        return _("Studies with a larger variance show lower effects {test}.", test=found)

    def _title(self) -> str:
        return f"Begg and Mazumdar's rank test (k = {self.k})"

    def _lines(self) -> list[str]:
        why = "of ties" if self.k <= _MOST_EXACT else f"k is above {_MOST_EXACT}"
        how = "exact" if self.exact else f"normal approximation, because {why}"
        return [f"Kendall's tau = {wording.number(self.tau, 4)}, p {wording.p_value(self.p_value)} ({how})"]

    def _row(self) -> dict[str, object]:
        return {"k": self.k, "tau": self.tau, "p_value": self.p_value, "exact": self.exact}


def begg(effects: Effects, vi: ArrayLike | None = None) -> RankTest:
    """Begg and Mazumdar's rank correlation test for funnel-plot asymmetry.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    RankTest
        Kendall's tau and its p value.

    Raises
    ------
    NotEstimable
        Fewer than three studies, or all of one variance.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    egger : A line instead of ranks, with more power.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    Kendall's tau between (yi - m) / sqrt(vi - 1 / sum w) and vi, where m is the equal-effects mean and
    w = 1 / vi. The p value is exact without ties and up to 300 studies (Kendall's distribution), else normal with the
    variance for ties; the two differ by less than 0.001 there.

    References
    ----------
    Begg & Mazumdar (1994), Biometrics 50:1088, 10.2307/2533446.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.begg([0.1, 0.2, 0.4, 0.3, 0.6, 0.5, 0.9, 0.7, 1.1, 0.8], [i / 100 for i in range(1, 11)]).p_value < 0.01
    True
    """
    fit = read_source(effects, vi, 3, "Begg's test").fit
    if np.ptp(fit.vi) == 0:
        raise NotEstimable("all studies have the same variance, so effects cannot be correlated with it")
    if fit.k < LEAST_STUDIES:
        warnings.warn(
            f"{fit.k} studies are too few for a test of asymmetry; use at least {LEAST_STUDIES}",
            SmallSample,
            stacklevel=2,
        )
    w = 1 / fit.vi
    mean = np.sum(w * fit.yi) / w.sum()
    standardised = (fit.yi - mean) / np.sqrt(fit.vi - 1 / w.sum())
    if np.ptp(standardised) == 0:
        raise NotEstimable("all studies have the same effect, so effects cannot be correlated with variances")
    untied = all(len(np.unique(values)) == fit.k for values in (standardised, fit.vi))
    exact = untied and fit.k <= _MOST_EXACT
    from scipy.stats import kendalltau  # slow to import

    found = kendalltau(standardised, fit.vi, method="exact" if exact else "asymptotic")
    return RankTest(float(found.statistic), float(found.pvalue), exact, fit.k)
