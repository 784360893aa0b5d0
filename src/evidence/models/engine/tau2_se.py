"""Standard error of tau2, each estimator's own large-sample formula."""

from __future__ import annotations

import numpy as np

from .engine import Floats, Settings


def tau2_se(
    settings: Settings, yi: Floats, vi: Floats, tau2: float, x: Floats | None, weights: Floats | None
) -> float | None:
    """Standard error of ``tau2``.

    Parameters
    ----------
    settings : Settings
    yi, vi : (k,) arrays
    tau2 : float, the estimate
    x : (k, p) array or None for a common mean
    weights : (k,) array or None, what GENQ was given

    Returns
    -------
    float or None
        None for a tau2 that was not estimated, or with as many coefficients as studies.

    Notes
    -----
    ML and REML: inverse Fisher information, 2 / sum wi^2 and 2 / tr PP. EB, PM, PMM, SJIT:
    2 k^2 / ((k - p) (sum wi)^2). The others are quadratic forms c y'Py with P at fixed weights, so that
    Var(tau2) = c^2 2 tr(P (V + tau2) P (V + tau2)); DL, DLIT, HS, HSk write tr(PVPV) = k - p and
    tr(PVP) = tr P, which is exact for weights 1/vi.

    References
    ----------
    Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30:261, 10.3102/10769986030003261.
    """
    k = len(yi)
    design = np.ones((k, 1)) if x is None else x
    p = design.shape[1]
    df = k - p
    method = settings.method
    if settings.fixed_tau2 or df <= 0:
        return None
    if method == "ML":
        return float(np.sqrt(2 / np.sum((vi + tau2) ** -2.0)))
    if method in ("EB", "PM", "PMM", "SJIT"):
        return float(np.sqrt(2 * k**2 / df) / np.sum(1 / (vi + tau2)))
    spread = float(np.var(yi)) if method == "SJ" else 0.0
    if method == "SJ" and spread == 0:
        return 0.0
    if method == "GENQ" and weights is not None:
        a = weights
    elif method == "HE":
        a = np.ones(k)
    else:
        a = 1 / (vi + {"REML": tau2, "DLIT": tau2, "SJ": spread}.get(method, 0.0))
    q = np.linalg.qr(np.sqrt(a)[:, None] * design)[0]
    one = np.ones(k)
    trpp = _trace(a, q, one, one)
    if method == "REML":
        return float(np.sqrt(2 / trpp))
    trp = float(np.sum(a * (1 - np.sum(q**2, axis=1))))
    if method in ("HE", "GENQ", "SJ"):
        spread_of_q = 2 * _trace(a, q, vi, vi) + 4 * tau2 * _trace(a, q, vi, one) + 2 * tau2**2 * trpp
    else:
        spread_of_q = 2 * df + 4 * tau2 * trp + 2 * tau2**2 * trpp
    shares = {"HE": float(df), "HS": float(np.sum(a)), "HSk": float(np.sum(a)) * df / k}
    divisor = df / spread if method == "SJ" else shares.get(method, trp)
    return float(np.sqrt(spread_of_q) / divisor)


def _trace(a: Floats, q: Floats, d1: Floats, d2: Floats) -> float:
    # tr(P D1 P D2) with P = A^(1/2) (I - QQ') A^(1/2).
    leverage = np.sum(q**2, axis=1)
    left, right = q.T @ (q * (a * d1)[:, None]), q.T @ (q * (a * d2)[:, None])
    return float(np.sum(a**2 * d1 * d2 * (1 - 2 * leverage)) + np.sum(left * right))
