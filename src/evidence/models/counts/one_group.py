"""Events of single groups: binomial of their people, or Poisson in their person-time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from ...effects.inputs import COUNT, POSITIVE, require
from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from .likelihood import Derivatives
from .likelihoods import log_binomial
from .two_by_two import Counts, Rows, Trials, given_counts, read_counts


@dataclass(frozen=True, eq=False)
class Proportions(Trials):
    """``xi`` of ``ni`` people have the event; log odds ``origin`` + delta."""

    xi: Floats
    ni: Floats
    rows: Rows
    nuisance: bool = False

    def counts(self) -> dict[str, Floats]:
        return {"xi": self.xi, "ni": self.ni}

    @property
    def origin(self) -> float:
        """The log odds of all together."""
        return float(np.log(self.xi.sum() / (self.ni - self.xi).sum()))

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        eta = self.origin + delta
        p = 1 / (1 + np.exp(-eta))
        none = np.zeros_like(p)
        value = log_binomial(self.xi, self.ni, eta)
        return Derivatives(value, none, self.xi - self.ni * p, none, none, -self.ni * p * (1 - p))


@dataclass(frozen=True, eq=False)
class EventRates(Trials):
    """``xi`` events in a person-time of ``ti``; log rate ``origin`` + delta."""

    xi: Floats
    ti: Floats
    rows: Rows
    nuisance: bool = False

    def counts(self) -> dict[str, Floats]:
        return {"xi": self.xi, "ti": self.ti}

    @property
    def origin(self) -> float:
        """The log rate of all together."""
        return float(np.log(self.xi.sum() / self.ti.sum()))

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        expected = self.ti * np.exp(self.origin + np.minimum(delta, 300.0))
        none = np.zeros_like(expected)
        value = self.xi * (np.log(self.ti) + self.origin + delta) - expected - gammaln(self.xi + 1)
        return Derivatives(value, none, self.xi - expected, none, none, -expected)


def read_groups(measure: str, frame: object, counts: dict[str, Counts]) -> Proportions | EventRates:
    """Groups from arrays or a frame.

    Parameters
    ----------
    measure : str
        "PLO" or "IRLN".
    frame : DataFrame or None
        Which has the counts.
    counts : dict
        ``xi, mi, ni, ti``; None where not given.

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together.
    NotEstimable
        Nobody has the event, or everybody.
    """
    if frame is not None and not (isinstance(frame, pd.DataFrame) and counts["xi"] is None):
        raise InvalidInput(f"{measure} takes a frame, or counts of one group by name: xi with ni or mi, or xi with ti")
    given, rows = given_counts(counts if frame is None else counts | {"xi": frame})
    wanted = ("xi", "ti") if measure == "IRLN" else ("xi", "ni" if "ni" in given or "mi" not in given else "mi")
    missing = [name for name in wanted if name not in given]
    if missing:
        raise InvalidInput(f"{measure} needs {', '.join(wanted)}; missing: {', '.join(missing)}")
    read = read_counts({name: POSITIVE if name in ("ti", "ni") else COUNT for name in wanted}, given)
    groups: Proportions | EventRates
    if measure == "IRLN":
        groups = EventRates(read["xi"], read["ti"], rows)
    else:
        total = read["ni"] if "ni" in read else read["xi"] + read["mi"]
        require(read["xi"] <= total, "xi", read["xi"], "not exceed ni")
        groups = Proportions(read["xi"], total, rows)
    if not groups.xi.any() or (isinstance(groups, Proportions) and (groups.xi == groups.ni).all()):
        raise NotEstimable(f"{'everybody' if groups.xi.any() else 'nobody'} has the event: its {measure} is infinite")
    return groups
