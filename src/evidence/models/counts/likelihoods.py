"""The models of 2x2 tables: their names, and binomial likelihoods of log odds ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import expit

from ..engine.engine import Floats
from .hypergeometric import ConditionalHypergeometric
from .likelihood import Derivatives, Likelihood, log_choose
from .two_by_two import Tables


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
        value = log_binomial(t.ai, t.n1, alpha + delta / 2) + log_binomial(t.ci, t.n2, alpha - delta / 2)
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
        value = log_binomial(t.ai, t.events, eta)
        return Derivatives(value, none, t.ai - t.events * p, none, none, -t.events * p * (1 - p))


def log_binomial(events: Floats, size: Floats, eta: Floats) -> Floats:
    return np.asarray(log_choose(size, events) + events * eta - size * np.logaddexp(0, eta))


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
