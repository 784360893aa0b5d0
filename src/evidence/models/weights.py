"""The weights behind the coefficients."""

from __future__ import annotations

import numpy as np

from ..errors import InvalidInput
from .engine.engine import Floats, Settings
from .studies import Column, Studies


def read_weights(weights: Column | None, studies: Studies, settings: Settings) -> Floats | None:
    """Weights of the complete studies, or None when there are none.

    Raises
    ------
    InvalidInput
        Not one positive weight a study, GENQ without weights, or weights with ``weighted=False``.
    """
    if weights is None:
        if settings.method == "GENQ":
            raise InvalidInput('method "GENQ" defines tau2 by weights of yours: give weights=')
        return None
    if not settings.weighted:
        raise InvalidInput("weights= and weighted=False contradict each other")
    values = studies.floats(weights, "weights")
    if not (values > 0).all():
        raise InvalidInput("weights have to be positive and finite for every study with yi and vi")
    return values


def used_weights(settings: Settings, vi: Floats, tau2: float, custom: Floats | None) -> Floats:
    """The (k,) weights of a fit: one's own, equal ones, or 1 / (vi + tau2)."""
    if custom is not None:
        return custom
    return 1 / (vi + tau2) if settings.weighted else np.ones(len(vi))
