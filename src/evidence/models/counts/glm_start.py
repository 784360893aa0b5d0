"""Where the search for a logistic mixed model starts: a generalised linear model of the same trials."""

from __future__ import annotations

import warnings

import numpy as np

from ..engine.engine import Floats
from .two_by_two import Tables


def glm_start(tables: Tables, x: Floats) -> Floats:
    """Coefficients (p,) of a binomial model of the events of group 1 among all events, as if they were rare.

    Zero where statsmodels finds none, as when a moderator separates the trials.
    """
    from statsmodels.genmod.families import Binomial  # slow to import
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    events = np.column_stack([tables.ai, tables.ci])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is a start, not an answer
        try:
            fit = GLM(events, x, Binomial(), offset=np.log(tables.n1 / tables.n2)).fit()
        except (ValueError, np.linalg.LinAlgError, PerfectSeparationError):
            return np.zeros(x.shape[1])
    found = np.asarray(fit.params, dtype=float)
    return found if np.isfinite(found).all() and np.abs(x @ found).max() < 10 else np.zeros(x.shape[1])
