"""The between-study variance: every estimator, once.

An estimator is one function here, under its record. Lists of choices, error texts, machine code, standard errors and
the words that readers see follow. All take the moments of `moments` and work for a common mean (``p = 0``) and for
moderators alike; they are written like `moments`, to run as they stand or compiled.

| method | solves | source |
|---|---|---|
| DL | y'Py = k - p + tau2 tr P at tau2 = 0 in P | DerSimonian & Laird 1986, 10.1016/0197-2456(86)90046-2 |
| HE | the same with all weights equal | Hedges & Olkin 1985; Cochran 1954 |
| GENQ | the same with weights of the user's | DerSimonian & Kacker 2007, 10.1016/j.cct.2006.04.004 |
| HS, HSk | (y'Py - k) / sum wi, HSk with k/(k-p) y'Py | Hunter & Schmidt 2004; Brannick et al. 2019 |
| SJ | tau0 * y'Py / (k - p), tau0 the variance of yi | Sidik & Jonkman 2005, 10.1111/j.1467-9876.2005.00489.x |
| PM, EB, SJIT, DLIT | y'Py = k - p with tau2 in P | Paule & Mandel 1982; Morris 1983; Viechtbauer et al. 2015 |
| PMM | y'Py = median of chi2(k - p) | Viechtbauer 2021 |
| ML | y'PPy = sum wi | Hardy & Thompson 1996 |
| REML | y'PPy = tr P | Raudenbush 2009; Viechtbauer 2005, 10.3102/10769986030003261 |

EB, SJIT and DLIT are other iterations towards the root PM defines; they differ in the standard error of tau2 at most.
DLIT repeats (y'Py - tr PV) / tr P with the last tau2 in P, and tr PV = k - p - tau2 tr P. (metafor 3.8 subtracts k - p
in each round, as if tau2 in P were 0, and stops at another value; later versions subtract tr PV, as here.)
Where a root is below zero, the estimate is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import chdtri

from . import standard_errors as se
from .moments import Data, Vector, Work, rss
from .standard_errors import Floats, StandardError
from .tau2 import CONVERGED, generalised_q, hedges, q_root, score_root, variance

#: Their names, for type checkers, in the order of the records.
Method = Literal["EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "SJIT", "EB", "PM", "PMM", "DLIT", "GENQ"]
AtZero: TypeAlias = tuple[float, float, float, float]
#: Of the data, the user's weights, what y'Py should equal, y'Py, y'PPy, tr P and sum w at tau2 = 0, and work space as
#: for `moments`: tau2 and a status, `CONVERGED` or `NOT_CONVERGED`.
Estimate: TypeAlias = Callable[[Data, Vector, float, AtZero, Work], tuple[float, int]]


def degrees_of_freedom(df: Floats) -> Floats:
    """What y'Py is on average at the true tau2."""
    return df


def median_of_chi2(df: Floats) -> Floats:
    """What y'Py exceeds in half of all samples, at the true tau2 and with normal effects."""
    return np.where(df > 0, chdtri(np.maximum(df, 1), 0.5), 0.0)


@dataclass(frozen=True, slots=True)
class Estimator:
    """An estimator of the between-study variance.

    Attributes
    ----------
    words : str
        Its name for readers.
    estimate : callable or None
        The estimate, where there are more studies than coefficients; None where nothing is estimated.
    standard_error : callable or None
        Its large-sample standard error; None where nothing is estimated.
    likelihood : bool
        Whether it maximises a likelihood, so that likelihood ratios and profile intervals exist.
    needs_weights : bool
        Whether it is defined by weights of the user's.
    target : callable
        What y'Py should equal, by degrees of freedom.
    """

    words: str
    estimate: Estimate | None = None
    standard_error: Callable[[StandardError], float] | None = None
    likelihood: bool = False
    needs_weights: bool = False
    target: Callable[[Floats], Floats] = degrees_of_freedom

    @property
    def random(self) -> bool:
        """Whether there is a between-study variance at all."""
        return self.estimate is not None


#: Every estimator by its name; its place is its code in the loop over fits.
ESTIMATORS: dict[Method, Estimator] = {"EE": Estimator("common effect")}


def _estimator(
    name: Method,
    words: str,
    standard_error: Callable[[StandardError], float],
    *,
    likelihood: bool = False,
    needs_weights: bool = False,
    target: Callable[[Floats], Floats] = degrees_of_freedom,
) -> Callable[[Estimate], Estimate]:
    """Enter a function in `ESTIMATORS`; of several records over one function, the lowest comes first."""

    def enter(estimate: Estimate) -> Estimate:
        ESTIMATORS[name] = Estimator(words, estimate, standard_error, likelihood, needs_weights, target)
        return estimate

    return enter


@_estimator("DL", "DerSimonian-Laird", se.of_dl)
def _dersimonian_laird(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    q, _, trp, _ = zero
    return max(0.0, (q - target) / trp), CONVERGED


@_estimator("HE", "Hedges", se.of_he)
def _of_equal_weights(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    return hedges(data, work), CONVERGED


@_estimator("HS", "Hunter-Schmidt", se.of_hs)
def _hunter_schmidt(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    q, _, _, sw = zero
    return max(0.0, (q - data[3]) / sw), CONVERGED


@_estimator("HSk", "Hunter-Schmidt, corrected for k", se.of_hsk)
def _hunter_schmidt_k(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    q, _, _, sw = zero
    return max(0.0, (q * data[3] / target - data[3]) / sw), CONVERGED


@_estimator("SJ", "Sidik-Jonkman", se.of_sj)
def _sidik_jonkman(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    start = variance(data[0], data[3])
    if start == 0.0:
        return 0.0, CONVERGED
    return start * rss(data, start, work) / target, CONVERGED


@_estimator("ML", "maximum likelihood", se.of_ml, likelihood=True)
def _maximum_likelihood(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    _, e2, _, sw = zero
    return score_root(False, data, e2 - sw, work)


@_estimator("REML", "REML", se.of_reml, likelihood=True)
def _restricted_likelihood(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    _, e2, trp, _ = zero
    return score_root(True, data, e2 - trp, work)


@_estimator("DLIT", "DerSimonian-Laird, iterated", se.of_root)
@_estimator("PMM", "Paule-Mandel, median-unbiased", se.of_root, target=median_of_chi2)
@_estimator("PM", "Paule-Mandel", se.of_root)
@_estimator("EB", "empirical Bayes", se.of_root)
@_estimator("SJIT", "Sidik-Jonkman, iterated", se.of_root)
def _paule_mandel(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    return q_root(data, target, zero[0], zero[1], work)


@_estimator("GENQ", "generalised Q", se.of_genq, needs_weights=True)
def _of_given_weights(data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    return generalised_q(data, a, work), CONVERGED


METHODS: tuple[Method, ...] = tuple(ESTIMATORS)
_ESTIMATES = tuple(each.estimate for each in ESTIMATORS.values())


def estimate_tau2(method: int, data: Data, a: Vector, target: float, zero: AtZero, work: Work) -> tuple[float, int]:
    """tau2 and a status, by the estimator whose place in `METHODS` is ``method``, one that estimates something.

    The other arguments are those of its function. Machine code has a branch an estimator instead (see `compiled`).
    """
    return _ESTIMATES[method](data, a, target, zero, work)  # type: ignore[misc]
