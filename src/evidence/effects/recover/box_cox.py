"""Mean and standard deviation from quantiles by way of the Box-Cox transformation that makes them symmetric."""

from __future__ import annotations

import numpy as np

from ..inputs import Floats
from .five_numbers import FiveNumbers
from .normal_quantiles import luo_mean, wan_sd

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


def box_cox_mean_sd(numbers: FiveNumbers) -> tuple[float, float]:
    """Transform to symmetry, estimate mean and SD there as of normal data, and transform the distribution back.

    Parameters
    ----------
    numbers : FiveNumbers
        Quantiles of one group, all above 0 and the median apart from its neighbours.

    Returns
    -------
    mean : float
        Of the distribution transformed back, in the units of the data.
    sd : float
        Its standard deviation, in the same units.

    Notes
    -----
    The power lambda minimises the summed squares of (upper distance / lower distance - 1) from the median over the
    pairs given, between 0 (logarithm) and 3. Luo's mean and Wan's SD of the transformed quantiles define a normal
    distribution, cut symmetrically where the transformation ends; mean and SD of its back-transform are integrated
    (the authors' package draws random numbers instead).

    References
    ----------
    McGrath, Zhao, Steele, Thombs & Benedetti (2020), Statistical Methods in Medical Research 29:2520,
    doi:10.1177/0962280219889080.
    """
    scale = float(numbers.median)
    power = _symmetric_power(numbers.map(lambda x: x / scale))
    transformed = numbers.map(lambda x: _transform(x / scale, power))
    centre, spread = float(luo_mean(transformed)), float(wan_sd(transformed))
    half = 10 * spread if power == 0 else min(10 * spread, centre + 1 / power)
    z = half / spread * _NODES
    density = _WEIGHTS * np.exp(-(z**2) / 2)
    density /= density.sum()
    x = scale * _back(centre + spread * z, power)
    mean = float(density @ x)
    return mean, float(np.sqrt(density @ (x - mean) ** 2))


def _symmetric_power(numbers: FiveNumbers) -> float:
    from scipy.optimize import minimize_scalar  # slow to import

    pairs = [pair for pair in (numbers.quartiles, numbers.extremes) if pair]

    def asymmetry(power: float) -> float:
        middle = _transform(numbers.median, power)
        ratios = [(_transform(high, power) - middle) / (middle - _transform(low, power)) for low, high in pairs]
        return float(np.sum((np.array(ratios) - 1) ** 2))

    power = float(minimize_scalar(asymmetry, bounds=(0.0, 3.0), method="bounded", options={"xatol": 1e-10}).x)
    return 0.0 if power < 1e-6 else power


def _transform(x: Floats, power: float) -> Floats:
    return np.asarray(np.log(x) if power == 0 else np.expm1(power * np.log(x)) / power)


def _back(y: Floats, power: float) -> Floats:
    return np.asarray(np.exp(y) if power == 0 else np.exp(np.log1p(power * y) / power))
