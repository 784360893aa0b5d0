"""Log-likelihood of a fitted model and the information criteria built on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .engine.engine import Floats, Settings


class Information(NamedTuple):
    """Log-likelihood and Akaike's, the Bayesian and the small-sample Akaike criterion."""

    log_likelihood: float
    aic: float
    bic: float
    aicc: float


def log_likelihood(yi: Floats, vi: Floats, x: Floats, beta: Floats, tau2: float, restricted: bool) -> float:
    """Full or restricted log-likelihood with all constants.

    Parameters
    ----------
    yi : (k,) array
    vi : (k,) array
    x : (k, p) array
    beta : (p,) array
    tau2 : float
    restricted : bool
        REML; includes 1/2 log|X'X|, so that it does not depend on how X is coded.

    References
    ----------
    Harville (1974), Biometrika 61:383.
    """
    k, p = x.shape
    variance = vi + tau2
    rss = float(np.sum((yi - x @ beta) ** 2 / variance))
    value = -0.5 * (np.sum(np.log(variance)) + rss)
    if not restricted:
        return float(value - 0.5 * k * np.log(2 * np.pi))
    information = np.linalg.slogdet(x.T @ (x / variance[:, None]))[1]
    return float(value - 0.5 * ((k - p) * np.log(2 * np.pi) + information - np.linalg.slogdet(x.T @ x)[1]))


def information(settings: Settings, yi: Floats, vi: Floats, x: Floats, beta: Floats, tau2: float) -> Information:
    """REML likelihood for REML fits, ML likelihood for all others, with AIC, BIC and AICc.

    Notes
    -----
    The number of parameters counts tau2 when it was estimated; the sample size is k (ML) or k - p (REML).
    """
    k, p = x.shape
    restricted = settings.method == "REML"
    ll = log_likelihood(yi, vi, x, beta, tau2, restricted)
    return criteria(ll, p + (not settings.fixed_tau2), k - p if restricted else k)


def criteria(ll: float, parameters: int, n: int) -> Information:
    """The criteria of a log-likelihood with this many parameters and this sample size."""
    corrected = max(n, parameters + 2)
    return Information(
        ll,
        -2 * ll + 2 * parameters,
        -2 * ll + parameters * float(np.log(n)) if n > 0 else float("nan"),
        -2 * ll + 2 * parameters * corrected / (corrected - parameters - 1),
    )
