"""Every prior of a standard deviation between studies, by name."""

from __future__ import annotations

from collections.abc import Mapping

from .log_t import LogT
from .priors import Exponential, HalfCauchy, HalfNormal, HalfT, InverseGamma, LogNormal, Uniform
from .tau_prior import TauPrior
from .variance_priors import DuMouchel, Jeffreys

_PROPER = (HalfNormal, HalfT, HalfCauchy, Exponential, LogNormal, LogT, InverseGamma, DuMouchel)

#: A prior is a class that derives from `TauPrior`, and its name here.
PRIORS: Mapping[str, type[TauPrior]] = {prior.__name__: prior for prior in (*_PROPER, Uniform, Jeffreys)}
