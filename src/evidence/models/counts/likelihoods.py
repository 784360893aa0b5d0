"""Likelihoods of 2x2 tables given their log odds ratios, with derivatives.

Each has ``derivatives(alpha, delta)``: for k tables, ``alpha`` (k,) nuisance parameters and ``delta`` (..., k) log odds
ratios, the log-likelihood and its first and second derivatives. A likelihood without nuisance parameter ignores alpha.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from scipy.special import expit, gammaln

from ..engine.engine import Floats
from .two_by_two import Tables


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


@dataclass(frozen=True, eq=False)
class TwoBinomials:
    """UM.FS: both groups binomial, log odds alpha + delta/2 and alpha - delta/2."""

    tables: Tables
    nuisance: bool = True

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        t = self.tables
        p1, p2 = expit(alpha + delta / 2), expit(alpha - delta / 2)
        e1, e2 = t.ai - t.n1 * p1, t.ci - t.n2 * p2
        v1, v2 = t.n1 * p1 * (1 - p1), t.n2 * p2 * (1 - p2)
        value = _binomial(t.ai, t.n1, alpha + delta / 2) + _binomial(t.ci, t.n2, alpha - delta / 2)
        return Derivatives(value, e1 + e2, (e1 - e2) / 2, -(v1 + v2), -(v1 - v2) / 2, -(v1 + v2) / 4)


@dataclass(frozen=True, eq=False)
class ConditionalBinomial:
    """CM.AL: events of group 1 binomial among all events, log odds delta + log(n1/n2); for rare events."""

    tables: Tables
    nuisance: bool = False

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        t = self.tables
        eta = delta + np.log(t.n1 / t.n2)
        p = expit(eta)
        none = np.zeros_like(p)
        value = _binomial(t.ai, t.events, eta)
        return Derivatives(value, none, t.ai - t.events * p, none, none, -t.events * p * (1 - p))


class ConditionalHypergeometric:
    """CM.EL: events of group 1 noncentral hypergeometric, all margins fixed."""

    nuisance = False

    def __init__(self, tables: Tables) -> None:
        t = tables
        low, high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
        width = int((high - low).max()) + 1
        support = low[:, None] + np.arange(width)
        inside = support <= high[:, None]
        self._support = np.where(inside, support, high[:, None])  # (n, width)
        base = _log_choose(t.n1[:, None], self._support)
        base += _log_choose(t.n2[:, None], t.events[:, None] - self._support)
        self._base = np.where(inside, base, -np.inf)
        self._ai = t.ai
        self._own = _log_choose(t.n1, t.ai) + _log_choose(t.n2, t.ci)

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        terms = self._base + delta[..., None] * self._support
        top = terms.max(axis=-1)
        share = np.exp(terms - top[..., None])
        total = share.sum(axis=-1)
        mean = (share * self._support).sum(axis=-1) / total
        variance = (share * (self._support - mean[..., None]) ** 2).sum(axis=-1) / total
        value = self._own + self._ai * delta - top - np.log(total)
        none = np.zeros_like(value)
        return Derivatives(value, none, self._ai - mean, none, none, -variance)


def _binomial(events: Floats, size: Floats, eta: Floats) -> Floats:
    return np.asarray(_log_choose(size, events) + events * eta - size * np.logaddexp(0, eta))


def _log_choose(n: Floats, k: Floats) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


class Model(NamedTuple):
    """What a model is called, and its likelihood of given tables."""

    label: str
    likelihood: Callable[[Tables], Likelihood]


GlmmModel = Literal["UM.FS", "CM.EL", "CM.AL"]

#: A model is a likelihood and its line here.
MODELS: Mapping[GlmmModel, Model] = {
    "UM.FS": Model("unconditional, fixed study effects", TwoBinomials),
    "CM.EL": Model("conditional, exact likelihood", ConditionalHypergeometric),
    "CM.AL": Model("conditional, approximate likelihood", ConditionalBinomial),
}
