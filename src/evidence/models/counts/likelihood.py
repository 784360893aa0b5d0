"""What a likelihood of 2x2 tables given their log odds ratios is.

Each has ``derivatives(alpha, delta)``: for k tables, ``alpha`` (k,) nuisance parameters and ``delta`` (..., k) log odds
ratios, the log-likelihood and its first and second derivatives. A likelihood without nuisance parameter ignores alpha.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import gammaln

from ..engine.engine import Floats


class Derivatives(NamedTuple):
    """Log-likelihood and derivatives by alpha and delta, each of the shape of delta."""

    value: Floats
    alpha: Floats
    delta: Floats
    alpha_alpha: Floats
    alpha_delta: Floats
    delta_delta: Floats


class Likelihood(Protocol):
    """What `random_odds_ratios` maximises."""

    @property
    def nuisance(self) -> bool: ...

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives: ...


def log_choose(n: Floats, k: Floats) -> Floats:
    """Log of the number of ways to choose ``k`` of ``n``."""
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
