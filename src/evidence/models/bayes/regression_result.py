"""The posterior of a meta-regression, and what can be asked of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import is_number
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..design import Design
from ..engine.inference import Interval
from ..result import Result
from .heterogeneity import Spread
from .line import Line
from .marginals import SUMMARY, IntervalName, mixture_summary, tau_summary
from .mixture import Mixture
from .quadrature import Floats, Nodes
from .questions import read_points, read_probabilities, require_bounds
from .tau_prior import TauPrior


@dataclass(frozen=True, repr=False, eq=False)
class BayesRegression(Result):
    """What the data and the priors say about moderators.

    Attributes
    ----------
    coefficients : DataFrame
        Index coefficient: mean, sd, median, mode, ci_low, ci_high, and positive, the probability to be above zero.
    tau : Series
        The standard deviation between studies that the moderators leave: mean, sd, median, mode, ci_low, ci_high.
    k : int
        Studies.
    dropped : int
        Studies left out for a missing yi, vi or moderator.
    log_evidence : float or None
        Log marginal density of the data; None when a prior is improper.
    formula : str
        The moderators.
    names : tuple of p str
        The coefficients.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Sampling variances.
    x : (k, p) array
        Design matrix.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame or None
        Rows of the studies.
    tau_prior : TauPrior
        Prior of ``tau``.
    coefficient_priors : dict
        Mean and sd of the normal priors of coefficients; those that are not in it have flat ones.
    level : float
        Coverage of the intervals.
    interval : {"central", "shortest"}
        Equal-tailed intervals, or the shortest ones.

    See Also
    --------
    bayes : Makes it, with ``moderators``.
    regress : The same model by likelihood and moments.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.2, 0.5, 0.6, 0.4], "vi": [0.02] * 5, "dose": [1, 2, 3, 4, 5]})
    >>> post = ev.bayes(frame, moderators="~ dose")
    >>> post.coefficients["median"].round(3).to_dict()
    {'Intercept': 0.06, 'dose': 0.1}
    >>> post.predict(pd.DataFrame({"dose": [6]}))["median"].round(3).tolist()
    [0.66]
    """

    _figure = "forest"

    formula: str
    names: tuple[str, ...]
    yi: Floats
    vi: Floats
    x: Floats
    slab: tuple[str, ...]
    dropped: int
    frame: pd.DataFrame | None
    tau_prior: TauPrior
    coefficient_priors: Mapping[str, tuple[float, float]]
    level: float
    interval: IntervalName
    _design: Design
    _nodes: Nodes
    _beta: Floats
    _covariance: Floats
    _moments: int
    _log_likelihood: Callable[[Floats], Floats]

    @property
    def k(self) -> int:
        return len(self.yi)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        mixture = self._along(np.eye(len(self.names)))
        table = pd.DataFrame(self._summary(mixture), columns=list(SUMMARY), index=pd.Index(self.names))
        zero = np.zeros(len(self.names))
        return table.assign(positive=mixture.probability(zero, zero + np.inf)).rename_axis("coefficient")

    @cached_property
    def tau(self) -> pd.Series:
        row = tau_summary(self._spread, self.level, self.interval)[0]
        return pd.Series(row, index=list(SUMMARY), name="tau")

    @property
    def log_evidence(self) -> float | None:
        if not self.tau_prior.proper or len(self.coefficient_priors) < len(self.names):
            return None
        return float(self._nodes.log_evidence[0])

    def predict(self, new: pd.DataFrame | None = None, study: bool = False) -> pd.DataFrame:
        """Mean effects at given moderators, or the true effects of new studies there.

        Parameters
        ----------
        new : DataFrame, optional
            Rows with the moderators of the formula; those of the studies when not given.
        study : bool
            The true effect of a new study, which differs from the mean by tau, instead of the mean.

        Returns
        -------
        DataFrame
            One row a row of ``new``: mean, sd, median, mode, ci_low, ci_high.
        """
        rows = self.x if new is None else self._design.rows(new)
        index = pd.Index(self.slab, name="study") if new is None else new.index
        return pd.DataFrame(self._summary(self._along(rows, study)), columns=list(SUMMARY), index=index)

    def probability(self, lower: float = -math.inf, upper: float = math.inf, of: str = "tau") -> float:
        """Posterior probability that a quantity lies between two bounds.

        Parameters
        ----------
        lower : float
            Lower bound; none by default.
        upper : float
            Upper bound, likewise.
        of : str
            A coefficient, or "tau".

        Returns
        -------
        float
            Between 0 and 1.
        """
        require_bounds(lower, upper)
        return float(self._quantity(of).probability(np.array([lower]), np.array([upper]))[0])

    def density(self, x: ArrayLike, of: str = "tau") -> Floats:
        """Posterior density of a quantity.

        Parameters
        ----------
        x : scalar or array
            Where.
        of : str
            A coefficient, or "tau".

        Returns
        -------
        array
            Density at ``x``, same shape.
        """
        values = read_points(x)
        return self._quantity(of).density(values.reshape(1, -1)).reshape(values.shape)

    def quantile(self, p: ArrayLike, of: str = "tau") -> Floats:
        """Posterior quantiles of a quantity.

        Parameters
        ----------
        p : scalar or array
            Probabilities, in (0, 1).
        of : str
            A coefficient, or "tau".

        Returns
        -------
        array
            Quantiles, same shape as ``p``.
        """
        values = read_probabilities(p)
        return self._quantity(of).quantile(values.ravel()).reshape(values.shape)

    def bayes_factor(self, of: str, null: float = 0.0) -> float:
        """How many times likelier the data are under this model than with one coefficient fixed.

        Parameters
        ----------
        of : str
            The coefficient.
        null : float
            The fixed value.

        Returns
        -------
        float
            Values above 1 speak against the null.

        Raises
        ------
        NotEstimable
            The coefficient has a flat prior, under which a Bayes factor is arbitrary.

        Notes
        -----
        Savage and Dickey's ratio: the prior density of the coefficient at the null over its posterior density there.
        """
        mixture = self._mixture(of)
        if not is_number(null):
            raise InvalidInput(f"null is {null!r}; give the number that {of} is fixed at")
        if of not in self.coefficient_priors:
            raise NotEstimable(f"a Bayes factor for {of} needs a proper prior of it: mu_prior={{{of!r}: (mean, sd)}}")
        mean, sd = self.coefficient_priors[of]
        before = math.exp(-0.5 * ((null - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))
        after = float(mixture.density(np.array([[null]]))[0, 0])
        return before / after if after > 0 else math.inf

    def sentence(self) -> str:
        n, level = wording.number, wording.percent(self.level)
        shown = [name for name in self.names if name != "Intercept"] or list(self.names)
        parts = []
        table = self.coefficients.to_dict("index")
        for name in shown:
            row = table[name]
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]))
            parts.append(f"{name} is about {n(row['median'])} ({level} credible interval {bounds})")
        lead = f"Given {self.k} studies and the priors, the coefficient of "
        return lead + "; of ".join(parts) + "."

    def _title(self) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Bayesian meta-regression, {self.formula} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        level = wording.percent(self.level)
        known = [f"{name} normal({mean:g}, {sd:g})" for name, (mean, sd) in self.coefficient_priors.items()]
        others = "" if len(known) == len(self.names) else " others flat" if known else " coefficients flat"
        lines = [f"priors: tau {self.tau_prior}, {', '.join(known)}{others}".replace(",  ", ", ")]
        for name, row in [*self.coefficients.iterrows(), ("tau", self.tau)]:
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: median {wording.number(row['median'], 4)}, {level} credible interval {bounds}")
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.coefficients

    def _table(self) -> pd.DataFrame:
        return self.coefficients

    @property
    def _spread(self) -> Spread:
        def log_density(tau: Floats) -> Floats:
            return (
                self.tau_prior.log_density(tau, self.vi[None])
                + self._log_likelihood(tau)
                - self._nodes.log_evidence[:, None]
            )

        nodes = self._nodes
        return Spread(Line(self.tau_prior.upper), nodes.x, nodes.step, nodes.weights, log_density, self._moments)

    def _along(self, rows: Floats, study: bool = False) -> Mixture:
        """Posteriors of linear combinations of the coefficients, (R, p) rows."""
        mean = rows @ self._beta.T
        variance = np.einsum("rj,njl,rl->rn", rows, self._covariance, rows)
        if study:
            variance = variance + self._nodes.tau[0] ** 2
        return Mixture(np.broadcast_to(self._nodes.weights[0], mean.shape), mean, np.sqrt(variance))

    def _quantity(self, of: str) -> Spread | Mixture:
        return self._spread if of == "tau" else self._mixture(of)

    def _mixture(self, of: str) -> Mixture:
        if of not in self.names:
            raise InvalidInput(f"{of!r} is neither 'tau' nor a coefficient: {', '.join(self.names)}")
        return self._along(np.eye(len(self.names))[[self.names.index(of)]])

    def _summary(self, mixture: Mixture) -> Floats:
        flat = len(self.coefficient_priors) < len(self.names)
        return mixture_summary(mixture, self.level, self._moments if flat else 2, self.interval)
