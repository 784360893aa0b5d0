"""Prior distributions of a standard deviation between studies, tau >= 0.

Each is a frozen dataclass whose parameters have the units of tau (the scale of the effect sizes), never of
tau2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from ...effects.arguments import is_number
from ...errors import InvalidInput
from .inverse_gamma import InverseGamma
from .log_t import LogT
from .tau_prior import Floats, Parametric, TauPrior, require_positive
from .variance_priors import DuMouchel, Jeffreys


@dataclass(frozen=True)
class HalfNormal(Parametric):
    """Normal with standard deviation ``scale``, folded at zero.

    For standardised mean differences and log odds ratios, 0.5 says that a tau above 1 is unlikely (5%) and
    that smaller values are all plausible (Roever et al. 2021, Research Synthesis Methods 12:448).

    Parameters
    ----------
    scale : float
        Standard deviation before folding, above 0.

    See Also
    --------
    HalfT : Heavier tails.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.HalfNormal(0.5).density(0.2)), 3)
    1.473
    """

    scale: float

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return math.log(2 / math.pi) / 2 - math.log(self.scale) - 0.5 * np.minimum(tau / self.scale, 1e150) ** 2

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class HalfT(Parametric):
    """Student's t with ``df`` degrees of freedom, times ``scale``, folded at zero (Gelman 2006).

    Parameters
    ----------
    df : float
        Degrees of freedom, above 0.
    scale : float
        Above 0.

    See Also
    --------
    HalfNormal : Its limit for many degrees of freedom.
    HalfCauchy : One degree of freedom.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.HalfT(df=3, scale=0.5).density(0.2)), 3)
    1.325
    """

    df: float
    scale: float

    @property
    def tail(self) -> float:
        return self.df + 1

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        df = self.df
        constant = (
            math.log(2 / self.scale) + float(gammaln((df + 1) / 2) - gammaln(df / 2)) - 0.5 * math.log(df * math.pi)
        )
        # log(1 + z^2 / df) without overflow of the square
        return constant - 0.5 * (df + 1) * np.logaddexp(0.0, 2 * np.log(tau / self.scale) - math.log(df))

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale), math.log(self.scale) + 0.5 * math.log(self.df)]


@dataclass(frozen=True)
class HalfCauchy(Parametric):
    """Cauchy with scale ``scale`` (its median), folded at zero (Gelman 2006).

    Parameters
    ----------
    scale : float
        Median, above 0.

    See Also
    --------
    HalfT : Tails between this and the normal.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.HalfCauchy(0.5).density(0.2)), 3)
    1.098
    """

    scale: float
    tail = 2.0

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        density: Floats = math.log(2 / (math.pi * self.scale)) - np.logaddexp(0.0, 2 * np.log(tau / self.scale))
        return density

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class Exponential(Parametric):
    """Exponential with mean ``scale`` (rate 1 / scale).

    Parameters
    ----------
    scale : float
        Mean, above 0.

    See Also
    --------
    HalfNormal : Flat near zero.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.Exponential(0.5).density(0.2)), 3)
    1.341
    """

    scale: float

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return -math.log(self.scale) - tau / self.scale

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class Uniform(TauPrior):
    """Uniform between 0 and ``high``; with the default, improper and uniform over all tau.

    Parameters
    ----------
    high : float
        Upper end, above 0; infinite by default.

    See Also
    --------
    Jeffreys : Improper as well, and made from the data.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.Uniform().proper, ev.Uniform(2.0).proper
    (False, True)
    """

    high: float = math.inf

    def __post_init__(self) -> None:
        if not (isinstance(self.high, float) and self.high == math.inf):
            require_positive(self, "high")

    @property
    def upper(self) -> float:
        return self.high

    @property
    def tail(self) -> float:
        return math.inf if self.proper else 0.0

    @property
    def proper(self) -> bool:
        return math.isfinite(self.high)

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return np.full(tau.shape, -math.log(self.high) if self.proper else 0.0)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.high)] if self.proper else []


@dataclass(frozen=True)
class LogNormal(TauPrior):
    """log tau is normal with mean ``mu`` and standard deviation ``sigma``.

    `turner_prior` gives those that Turner et al. (2015) found for odds ratios.

    Parameters
    ----------
    mu : float
        Mean of log tau.
    sigma : float
        Standard deviation of log tau, above 0.

    See Also
    --------
    InverseGamma : Away from zero, too.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.LogNormal(-1.5, 0.8).density(0.2)), 3)
    2.47
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        if not is_number(self.mu):
            raise InvalidInput(f"mu of LogNormal is {self.mu}; it has to be a finite number")
        require_positive(self, "sigma")

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        log_tau = np.log(tau)
        z = (log_tau - self.mu) / self.sigma
        return -0.5 * z * z - log_tau - math.log(self.sigma) - 0.5 * math.log(2 * math.pi)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [self.mu - 9 * self.sigma, self.mu, self.mu + 9 * self.sigma]


_ALL = (HalfNormal, HalfT, HalfCauchy, Exponential, Uniform, LogNormal, LogT, InverseGamma, DuMouchel, Jeffreys)

#: A prior is a class that derives from `TauPrior`, and its name here.
PRIORS: Mapping[str, type[TauPrior]] = {prior.__name__: prior for prior in _ALL}
