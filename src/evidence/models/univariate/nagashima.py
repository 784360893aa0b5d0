"""The distribution of a new study's true effect after Nagashima, Noma and Furukawa, by quadrature."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, stdtr

from ..engine.engine import Floats
from .generalised_q import cochran_form, q_above, solved_tau2

#: Trapezoid rules: over the log odds of the confidence level of tau2, and over the normal deviate of the new study.
_LOG_ODDS = np.linspace(-16, 16, 97)
_DEVIATE = np.linspace(-9, 9, 181)


class ConfidenceDistribution:
    """Of the true effect of a new study.

    Parameters
    ----------
    yi : (k,) array
    vi : (k,) array

    Notes
    -----
    tau2 has the confidence distribution P(Q > observed; tau2) of Cochran's Q, which puts some of its mass on 0. Given
    tau2 the new effect is the weighted mean, plus t with k - 1 df times Hartung's standard error, plus tau times a
    normal deviate. The authors draw from this; here it is integrated, so that no seed is needed.
    """

    def __init__(self, yi: Floats, vi: Floats) -> None:
        form = cochran_form(vi)
        observed = float(yi @ form @ yi)
        at_zero = q_above(observed, form, vi, 0.0)
        share = expit(_LOG_ODDS)
        scale = float(np.mean(vi) + np.var(yi))

        def beyond(tau2: float) -> float:
            return q_above(observed, form, vi, tau2)

        levels = at_zero + (1 - at_zero) * share
        tau2 = np.array([0.0, *(solved_tau2(beyond, level, scale) for level in levels)])
        step = _LOG_ODDS[1] - _LOG_ODDS[0]
        self._weight = np.array([at_zero, *((1 - at_zero) * share * (1 - share) * step)])
        w = 1 / (vi + tau2[:, None])
        total = w.sum(axis=1)
        self._df = len(yi) - 1
        self._mean = w @ yi / total
        spread = (w * (yi - self._mean[:, None]) ** 2).sum(axis=1)
        self._se, self._tau = np.sqrt(spread / (self._df * total)), np.sqrt(tau2)
        self._unit = np.sqrt(scale)

    def below(self, value: float) -> float:
        """Probability of an effect below ``value``."""
        density = np.exp(-(_DEVIATE**2) / 2) / np.sqrt(2 * np.pi) * (_DEVIATE[1] - _DEVIATE[0])
        centre = self._mean[:, None] + self._tau[:, None] * _DEVIATE
        with np.errstate(divide="ignore", invalid="ignore"):  # equal effects have se = 0: all mass at the centre
            deviate = np.nan_to_num((value - centre) / self._se[:, None], nan=0.0, posinf=np.inf, neginf=-np.inf)
        return float(self._weight @ (stdtr(self._df, deviate) @ density))

    def quantile(self, p: float) -> float:
        """The value that so much of the distribution lies below."""
        from scipy.optimize import brentq

        middle = float(self._mean[0])
        reach = float(self._se.max() + self._tau[len(self._tau) // 2]) or 0.01 * self._unit
        low, high = middle - reach, middle + reach
        while self.below(low) > p:
            low -= 2 * (high - low)
        while self.below(high) < p:
            high += 2 * (high - low)
        return float(brentq(lambda x: self.below(x) - p, low, high, xtol=1e-12, rtol=1e-12))
