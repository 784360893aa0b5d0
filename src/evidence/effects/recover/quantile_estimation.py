"""Mean and standard deviation of the distribution whose quantiles come nearest to the reported ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaincinv, gammaln, ndtri

from ..inputs import Floats


def best_fit_mean_sd(values: Floats, probabilities: Floats) -> tuple[float, float]:
    """Fit each candidate by least squares on the quantiles and take moments of the best.

    Parameters
    ----------
    values : (m,) array
        Quantiles of one group, ascending.
    probabilities : (m,) array
        Their probabilities, in (0, 1).

    Returns
    -------
    mean : float
        Of the fitted normal, log-normal, gamma, Weibull or, for values within [0, 1], beta distribution; only the
        normal is a candidate if a value is negative.
    sd : float
        Standard deviation of the same distribution.

    Notes
    -----
    Log-normal, gamma and Weibull quantiles are a scale times a function of one shape, and the best scale for a given
    shape is a projection; so each fit is a search over one shape, started from the best point of a grid.

    References
    ----------
    McGrath, Zhao, Steele, Thombs & Benedetti (2020), Statistical Methods in Medical Research 29:2520,
    doi:10.1177/0962280219889080.
    """
    fits = [_normal(values, probabilities)]
    if values[0] >= 0:
        fits += [_scaled(family, values, probabilities) for family in (_LOG_NORMAL, _GAMMA, _WEIBULL)]
    if values[0] >= 0 and values[-1] <= 1:
        fits.append(_beta(values, probabilities))
    _, mean, sd = min(fits)
    return mean, sd


_Fit = tuple[float, float, float]  # sum of squared quantile errors, mean, sd


@dataclass(frozen=True, slots=True)
class _ScaleFamily:
    """A distribution on positive values with a scale and one shape, in terms of the shape's logarithm."""

    quantile: Callable[[float, Floats], Floats]
    mean_sd: Callable[[float], tuple[float, float]]
    log_shapes: tuple[float, float]


def _normal(values: Floats, probabilities: Floats) -> _Fit:
    design = np.column_stack([np.ones_like(values), ndtri(probabilities)])
    (mean, sd), *_ = np.linalg.lstsq(design, values)
    return float(np.sum((values - design @ (mean, sd)) ** 2)), float(mean), float(sd)


def _scaled(family: _ScaleFamily, values: Floats, probabilities: Floats) -> _Fit:
    from scipy.optimize import minimize_scalar  # slow to import

    def error(log_shape: float) -> float:
        return float(np.sum((values - _projection(family.quantile(log_shape, probabilities), values)[1]) ** 2))

    grid = np.linspace(*family.log_shapes, 81)
    best = int(np.argmin([error(point) for point in grid]))
    around = grid[max(best - 1, 0)], grid[min(best + 1, 80)]
    log_shape = float(minimize_scalar(error, bounds=around, method="bounded", options={"xatol": 1e-10}).x)
    scale, _ = _projection(family.quantile(log_shape, probabilities), values)
    mean, sd = family.mean_sd(log_shape)
    return error(log_shape), scale * mean, scale * sd


def _projection(unit: Floats, values: Floats) -> tuple[float, Floats]:
    """Scale that brings the quantiles of unit scale nearest to the values, and the scaled quantiles."""
    scale = float(unit @ values / (unit @ unit))
    return scale, scale * unit


def _log_normal_mean_sd(log_sigma: float) -> tuple[float, float]:
    variance = np.exp(2 * log_sigma)
    mean = float(np.exp(variance / 2))
    return mean, mean * float(np.sqrt(np.expm1(variance)))


def _weibull_mean_sd(log_shape: float) -> tuple[float, float]:
    inverse = np.exp(-log_shape)
    mean = float(np.exp(gammaln(1 + inverse)))
    return mean, mean * float(np.sqrt(np.expm1(gammaln(1 + 2 * inverse) - 2 * gammaln(1 + inverse))))


def _beta(values: Floats, probabilities: Floats) -> _Fit:
    from scipy.optimize import least_squares  # slow to import

    def errors(log_shapes: Floats) -> Floats:
        a, b = np.exp(log_shapes)
        return np.asarray(betaincinv(float(a), float(b), probabilities) - values)

    _, mean, sd = _normal(values, probabilities)
    start = np.log(max(mean * (1 - mean) / sd**2 - 1, 0.1) * np.array([mean, 1 - mean]))
    fit = least_squares(errors, start, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    a, b = (float(shape) for shape in np.exp(fit.x))
    mean = a / (a + b)
    return 2 * float(fit.cost), mean, float(np.sqrt(mean * (1 - mean) / (a + b + 1)))


_LOG_NORMAL = _ScaleFamily(lambda s, p: np.exp(np.exp(s) * ndtri(p)), _log_normal_mean_sd, (-6.0, 1.5))
_GAMMA = _ScaleFamily(
    lambda s, p: np.asarray(gammaincinv(np.exp(s), p)), lambda s: (float(np.exp(s)), float(np.exp(s / 2))), (-4.0, 10.0)
)
_WEIBULL = _ScaleFamily(lambda s, p: (-np.log1p(-p)) ** np.exp(-s), _weibull_mean_sd, (-2.5, 5.0))
