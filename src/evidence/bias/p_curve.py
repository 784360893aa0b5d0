"""p-curve: what the significant p values alone say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import bdtr, bdtrc, ndtr, ndtri

from ..errors import NotEstimable
from ..languages import _
from ..models import wording
from ..models.engine.inference import Interval
from ..models.result import Result
from ..models.univariate.pooled import Pooled
from .significant_p import (
    FULL,
    HALF,
    LOW_POWER,
    PTest,
    above,
    average_power,
    critical_z,
    noncentrality,
    smaller,
    stouffer,
)
from .source import Effects, read_source


@dataclass(frozen=True, repr=False, eq=False)
class PCurve(Result):
    """A p-curve analysis.

    Attributes
    ----------
    k : int
        Studies.
    k_significant : int
        Those with p < 0.05.
    k_half : int
        Those with p < 0.025.
    skew_binomial_p : float
        Binomial test of right skew (evidential value).
    skew_full : PTest
        z and p value of right skew, of all significant studies.
    skew_half : PTest or None
        The same of those with p < 0.025; None without any.
    flat_binomial_p : float
        Binomial test of a flatter curve than a power of 33% gives (no evidential value).
    flat_full : PTest
        z and p value of that, of all significant studies.
    flat_half : PTest or None
        The same of those with p < 0.025; None without any.
    power : float
        Average power of the significant studies.
    power_ci : Interval
        Its 90% interval.
    evidential_value : bool
        skew_half p < 0.05, or both skew_half and skew_full p < 0.1.
    inadequate : bool
        flat_full p < 0.05, or both flat_half and flat_binomial p < 0.1.
    studies : DataFrame
        slab, p_value, pp: significant studies with their p value among significant ones.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    p_curve : Makes it.
    excess_significance : Whether there are more significant studies than power would give.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.p_curve([0.5, 0.6, 0.8, 0.2, 0.7], [0.02, 0.02, 0.04, 0.04, 0.03]).curve()["studies"].tolist()
    [4, 0, 0, 0, 0]
    """

    _figure = "pcurve"

    k: int
    k_significant: int
    k_half: int
    skew_binomial_p: float
    skew_full: PTest
    skew_half: PTest | None
    flat_binomial_p: float
    flat_full: PTest
    flat_half: PTest | None
    power: float
    power_ci: Interval
    evidential_value: bool
    inadequate: bool
    studies: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        k = self.k_significant
        if self.evidential_value:
            return _(
                "The p values of {k} significant studies are skewed to the right, as they are when studies measure a "
                "real effect.",
                k=k,
            )
        if self.inadequate:
            return _(
                "The p values of {k} significant studies are flatter than a power of 33% would give: little or no "
                "effect behind them.",
                k=k,
            )
        return _("The p values of {k} significant studies do not settle whether there is an effect behind them.", k=k)

    def curve(self) -> pd.DataFrame:
        """How the significant p values spread over (0, 0.05], observed and expected.

        Returns
        -------
        DataFrame
            Index p_value, the upper ends 0.01 to 0.05 of five bins; columns studies (int), observed, no_effect and
            power_33: percent of the significant studies, expected where nothing is there and at a power of 33%.
        """
        ends = np.arange(1, 6) * FULL / 5
        bins = np.searchsorted(ends.round(12), self.studies["p_value"].to_numpy(float).round(12))
        counts = np.bincount(bins, minlength=5)
        below = above(ndtri(1 - ends / 2), noncentrality(LOW_POWER))
        return pd.DataFrame(
            {
                "studies": counts,
                "observed": 100 * counts / self.k_significant,
                "no_effect": 20.0,
                "power_33": 100 * np.diff(below, prepend=0.0) / below[-1],
            },
            index=pd.Index(ends.round(2), name="p_value"),
        )

    def _title(self) -> str:
        return f"p-curve (k = {self.k}, {self.k_significant} with p < 0.05, {self.k_half} with p < 0.025)"

    def _lines(self) -> list[str]:
        n, p = wording.number, wording.p_value
        lines = []
        for name, binomial, full, half in (
            ("right skew", self.skew_binomial_p, self.skew_full, self.skew_half),
            ("flatter than 33% power", self.flat_binomial_p, self.flat_full, self.flat_half),
        ):
            text = f"{name}: binomial p {p(binomial)}; full z = {n(full.z)}, p {p(full.p_value)}"
            lines.append(text + ("" if half is None else f"; half z = {n(half.z)}, p {p(half.p_value)}"))
        lines.append(
            f"average power {100 * self.power:.0f}% (90% CI {100 * self.power_ci.low:.0f}% to "
            f"{100 * self.power_ci.high:.0f}%)"
        )
        return lines

    def _row(self) -> dict[str, object]:
        none = PTest(float("nan"), float("nan"))
        return {
            "k": self.k,
            "k_significant": self.k_significant,
            "k_half": self.k_half,
            "skew_binomial_p": self.skew_binomial_p,
            "skew_full_z": self.skew_full.z,
            "skew_full_p": self.skew_full.p_value,
            "skew_half_z": (self.skew_half or none).z,
            "skew_half_p": (self.skew_half or none).p_value,
            "flat_binomial_p": self.flat_binomial_p,
            "flat_full_z": self.flat_full.z,
            "flat_full_p": self.flat_full.p_value,
            "flat_half_z": (self.flat_half or none).z,
            "flat_half_p": (self.flat_half or none).p_value,
            "power": self.power,
            "power_ci_low": self.power_ci.low,
            "power_ci_high": self.power_ci.high,
            "evidential_value": self.evidential_value,
            "inadequate": self.inadequate,
        }

    def _table(self) -> pd.DataFrame:
        return self.studies


def p_curve(effects: Effects, vi: ArrayLike | None = None) -> PCurve:
    """p-curve of Simonsohn, Nelson and Simmons: full and half, with the power estimate.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    PCurve
        Tests of right skew and of flatness, and the average power.

    Raises
    ------
    NotEstimable
        No study with p < 0.05.

    See Also
    --------
    excess_significance : Whether there are more significant studies than power would give.
    selection_model : All studies, not the significant ones alone.
    plots.pcurve : Draws it.

    Notes
    -----
    Two-sided p values of z = yi / sei. Without an effect, significant p values are uniform: pp = p / 0.05 (half:
    p / 0.025), tested by Stouffer's sum of normal quantiles over sqrt(k), and by the share of p < 0.025 against
    1/2. For the flatness test pp is the chance of a smaller abs(z) among significant ones under the noncentrality
    that gives a power of 1/3. The power estimate is the one at which Stouffer's z is zero, its 90% interval those
    at +-1.645, within 5% and 99%. Heterogeneity inflates the power estimate (van Aert, Wicherts & van Assen 2016).

    The authors' program (4.05, and dmetar after it) differs in the flatness test of the half curve: it takes the
    share of p < 0.025 among significant studies where the share among all belongs, so that its pp lie between 0.66
    and 1 and the test cannot reject. Here pp is uniform under 33% power, as their paper defines it.

    References
    ----------
    Simonsohn, Nelson & Simmons (2014), Journal of Experimental Psychology: General 143:534, 10.1037/a0033242.
    Simonsohn, Simmons & Nelson (2015), Journal of Experimental Psychology: General 144:1146, 10.1037/xge0000104.
    van Aert, Wicherts & van Assen (2016), Perspectives on Psychological Science 11:713, 10.1177/1745691616650874.

    Examples
    --------
    >>> import evidence as ev
    >>> curve = ev.p_curve([0.5, 0.6, 0.8, 0.2, 0.7], [0.02, 0.02, 0.04, 0.04, 0.03])
    >>> curve.k_significant, curve.evidential_value
    (4, True)
    """
    naive = read_source(effects, vi, 1, "p-curve").fit
    z = np.abs(naive.yi) / np.sqrt(naive.vi)
    p = 2 * ndtr(-z)
    full, half = p < FULL, p < HALF
    k, k_half = int(full.sum()), int(half.sum())
    if k == 0:
        raise NotEstimable("p-curve reads significant studies only, and none has p < 0.05")
    skew_full = stouffer(p[full] / FULL)
    skew_half = stouffer(p[half] / HALF) if k_half else None
    low = noncentrality(LOW_POWER)
    flat_full = stouffer(smaller(z[full], low, FULL))
    flat_half = stouffer(smaller(z[half], low, HALF)) if k_half else None
    flat_binomial = float(bdtr(k_half, k, above(critical_z(HALF), low) / above(critical_z(FULL), low)))
    power, interval = average_power(z[full])
    return PCurve(
        k=naive.k,
        k_significant=k,
        k_half=k_half,
        skew_binomial_p=float(bdtrc(k_half - 1, k, 0.5)) if k_half else 1.0,
        skew_full=skew_full,
        skew_half=skew_half,
        flat_binomial_p=flat_binomial,
        flat_full=flat_full,
        flat_half=flat_half,
        power=power,
        power_ci=interval,
        evidential_value=_both(skew_full.p_value, skew_half, skew_half, 0.05),
        inadequate=flat_full.p_value < 0.05 or _both(flat_binomial, flat_half, None, 0.05),
        studies=pd.DataFrame(
            {
                "slab": [name for name, kept in zip(naive.slab, full, strict=True) if kept],
                "p_value": p[full],
                "pp": p[full] / FULL,
            }
        ),
        naive=naive,
    )


def _both(first: float, half: PTest | None, alone: PTest | None, level: float) -> bool:
    """``alone`` below the level, or both p values below twice the level."""
    if alone is not None and alone.p_value < level:
        return True
    return half is not None and half.p_value < 2 * level and first < 2 * level
