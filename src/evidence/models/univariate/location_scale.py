"""Location-scale models: moderators of the mean, and of how much true effects differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ...errors import NotConverged, NotEstimable
from ..engine.engine import Floats
from ..information import log_likelihood

Link = Literal["log", "identity"]

LINKS: Mapping[Link, str] = {"log": "log tau²", "identity": "tau²"}
_STEEP, _LEVEL = 1e-9, 1e-5  # slopes at which the search ends, and below which its end is a maximum
_NONE = 1e-7  # a variance of this share of the typical one is none
_FLAT = 1e-6  # information below which the likelihood does not fall any more


@dataclass(frozen=True, eq=False)
class Point:
    """The likelihood at some coefficients of the scale.

    Attributes
    ----------
    tau2 : (k,) array
        Variance of the true effects of each study.
    beta : (p,) array
    covariance : (p, p) array
        (X'WX)^-1.
    log_likelihood : float
    score : (q,) array
    observed : (q, q) array
        Observed information, minus the Hessian.
    """

    tau2: Floats
    beta: Floats
    covariance: Floats
    log_likelihood: float
    score: Floats
    observed: Floats


def maximise(y: Floats, v: Floats, x: Floats, z: Floats, link: Link, restricted: bool) -> tuple[Floats, Point]:
    """Coefficients (q,) of the scale at the maximum of the (restricted) likelihood, and what it is like there.

    Raises
    ------
    NotEstimable
        The likelihood rises without end, or until a variance is zero.
    NotConverged
        The search did not end.
    """
    from scipy.optimize import minimize  # slow to import

    size = float(np.mean(v) + np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2) / (len(y) - x.shape[1])) / 2
    unit, root = np.linalg.qr(z)  # orthonormal columns: one scale for all coefficients
    unit, root = unit * math.sqrt(len(y)), root / math.sqrt(len(y))
    level = np.linalg.lstsq(unit, np.full(len(y), math.log(size) if link == "log" else size), rcond=None)[0]
    step = 1.0 if link == "log" else size

    @lru_cache(maxsize=16)
    def at(where: bytes) -> Point | None:
        return evaluate(y, v, x, unit, np.frombuffer(where) * step, link, restricted)

    def fall(where: Floats) -> float:
        point = at(where.tobytes())
        return math.inf if point is None else -point.log_likelihood

    def slope(where: Floats) -> Floats:
        point = at(where.tobytes())
        return np.zeros(len(where)) if point is None else -point.score * step

    def bend(where: Floats) -> Floats:
        point = at(where.tobytes())
        return np.eye(len(where)) if point is None else point.observed * step**2

    options: Any = {"gtol": _STEEP, "maxiter": 500, "initial_trust_radius": 0.5, "max_trust_radius": 4.0}
    found = minimize(fall, level / step, jac=slope, hess=bend, method="trust-exact", options=options)
    top = at(found.x.tobytes())
    if top is not None and (top.tau2 < _NONE * size).all():
        raise NotEstimable("the studies differ no more than by chance: there is no variance to explain")
    if top is None:
        raise NotEstimable("the likelihood has no value where the search ended: simplify the scale")
    if np.abs(found.jac).max() > _LEVEL:
        if link == "identity":
            raise NotEstimable('the likelihood rises until the variance of a study is zero; take link="log"')
        raise NotConverged("the search for the variances did not end: simplify the scale")
    if np.linalg.eigvalsh(top.observed * step**2)[0] < _FLAT:
        raise NotEstimable("the likelihood rises until the variance of some studies is zero: simplify the scale")
    alpha = np.asarray(np.linalg.solve(root, found.x * step), dtype=float)
    exact = evaluate(y, v, x, z, alpha, link, restricted)
    if exact is None:
        raise NotEstimable("the variances are not positive where the likelihood is highest")
    return alpha, exact


def evaluate(y: Floats, v: Floats, x: Floats, z: Floats, alpha: Floats, link: Link, restricted: bool) -> Point | None:
    """The likelihood at coefficients of the scale; None where a variance is negative or no number.

    With D_a the slope of M = diag(v + tau2) in alpha_a and P = W - W X (X'WX)^-1 X'W, the score is
    y'P D_a P y / 2 - tr(P D_a) / 2 and minus its slope y'P D_a P D_b P y - tr(P D_a P D_b) / 2, less what the second
    slope of M adds (ML has W in place of P in the traces).
    """
    with np.errstate(over="ignore"):
        tau2 = np.exp(z @ alpha) if link == "log" else z @ alpha
    if not np.isfinite(tau2).all() or (tau2 < 0).any():
        return None
    w = 1 / (v + tau2)
    wx = w[:, None] * x
    covariance = np.asarray(np.linalg.inv(x.T @ wx), dtype=float)
    beta = covariance @ (wx.T @ y)
    py = w * (y - x @ beta)
    once = tau2[:, None] * z if link == "log" else z  # (k, q) diagonals of D_a
    hat = np.einsum("kp,pq,kq->k", wx, covariance, wx)
    trace = w - hat if restricted else w
    drift = (py**2 - trace) / 2
    turned = once * py[:, None]
    curved = turned.T @ (w[:, None] * turned) - (wx.T @ turned).T @ covariance @ (wx.T @ turned)
    pairs = (once * (w**2)[:, None]).T @ once
    if restricted:
        crossed = [wx.T @ (column[:, None] * wx) for column in once.T]
        pairs = pairs - 2 * once.T @ ((w * hat)[:, None] * once)
        pairs += np.array([[np.sum((covariance @ a) * (covariance @ b).T) for b in crossed] for a in crossed])
    observed = curved - pairs / 2
    if link == "log":
        observed -= z.T @ ((drift * tau2)[:, None] * z)
    value = log_likelihood(y, v + tau2, x, beta, 0.0, restricted)
    return Point(tau2, beta, covariance, value, once.T @ drift, observed)
