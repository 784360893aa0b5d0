"""The posterior of a random-effects model, and what can be asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_number
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.inference import Interval
from ..result import Result
from .conflict import PriorConflict, prior_conflict
from .heterogeneity import Spread, tau_posterior
from .marginals import SUMMARY, IntervalName, mean_mixture, mixture_summary, study_mixture, tau_summary
from .mixture import Mixture
from .quadrature import Floats, Grid, MuPrior, conditional, quadrature
from .questions import read_points, read_probabilities, require_bounds
from .tau_prior import TauPrior


@dataclass(frozen=True, repr=False, eq=False)
class Posterior(Result):
    """What the data and the priors say about the mean effect, its spread, each study and a new one.

    Attributes
    ----------
    mu : Series
        The mean effect: mean, sd, median, mode, ci_low, ci_high.
    tau : Series
        The standard deviation between studies, likewise.
    predictive : Series
        The true effect of a new study, likewise.
    theta : DataFrame
        One row a study with the same columns: its true effect, shrunken towards the mean.
    se : float
        Standard deviation of the mean effect, the one in ``mu``.
    k : int
        Studies.
    dropped : int
        Studies left out for a missing yi or vi.
    log_evidence : float or None
        Log marginal density of the data; None when a prior is improper.
    weights : (k,) array
        Percent that each study counts in the mean effect, over the posterior of tau.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Sampling variances.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame or None
        Rows of the studies; None when they did not come in a frame.
    tau_prior : TauPrior
        Prior of ``tau``.
    mu_prior : (float, float) or None
        Mean and sd of the normal prior of ``mu``, or None for the flat one.
    level : float
        Coverage of the intervals.
    interval : {"central", "shortest"}
        Equal-tailed intervals, or the shortest ones (of highest density).

    See Also
    --------
    bayes : Makes it.
    bayes_compare : Several groups of studies.
    pool : The same model by likelihood and moments.

    Examples
    --------
    >>> import evidence as ev
    >>> post = ev.bayes([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
    >>> round(post.probability(lower=0.2), 3), round(post.probability(upper=0.1, of="tau"), 3)
    (0.861, 0.095)
    """

    _figure = "forest"

    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    dropped: int
    frame: pd.DataFrame | None
    tau_prior: TauPrior
    mu_prior: tuple[float, float] | None
    level: float
    interval: IntervalName
    _mu: MuPrior
    _grid: Grid

    @property
    def k(self) -> int:
        return len(self.yi)

    @cached_property
    def mu(self) -> pd.Series:
        return self._one("mu")

    @cached_property
    def se(self) -> float:
        return self._mixture("mu").moments()[1].item() if self._moments("mu") == 2 else math.nan

    @cached_property
    def predictive(self) -> pd.Series:
        return self._one("predictive")

    @cached_property
    def tau(self) -> pd.Series:
        row = tau_summary(self._spread, self.level, self.interval)[0]
        return pd.Series(row, index=list(SUMMARY), name="tau")

    @cached_property
    def theta(self) -> pd.DataFrame:
        table = mixture_summary(self._studies, self.level, interval=self.interval)
        return pd.DataFrame(table, columns=list(SUMMARY), index=pd.Index(self.slab, name="study"))

    @cached_property
    def weights(self) -> Floats:
        precision = 1 / (self.vi + self._grid.tau[0][:, None] ** 2)
        shares = precision / precision.sum(axis=1, keepdims=True)
        return np.asarray(100 * self._grid.weights[0] @ shares)

    @property
    def log_evidence(self) -> float | None:
        if self.mu_prior is None or not self.tau_prior.proper:
            return None
        return float(self._grid.log_evidence[0])

    def probability(self, lower: float = -math.inf, upper: float = math.inf, of: str = "mu") -> float:
        """Posterior probability that a quantity lies between two bounds.

        Parameters
        ----------
        lower : float
            Lower bound in the units of ``yi``; none by default.
        upper : float
            Upper bound, likewise.
        of : str
            "mu", "tau", "predictive" (the true effect of a new study), or the label of a study.

        Returns
        -------
        float
            Between 0 and 1.
        """
        require_bounds(lower, upper)
        return float(self._quantity(of).probability(np.array([lower]), np.array([upper]))[0])

    def density(self, x: ArrayLike, of: str = "mu") -> Floats:
        """Posterior density of a quantity.

        Parameters
        ----------
        x : scalar or array
            Where, in the units of ``yi``.
        of : str
            As for `probability`.

        Returns
        -------
        array
            Density at ``x``, same shape.
        """
        values = read_points(x)
        return self._quantity(of).density(values.reshape(1, -1)).reshape(values.shape)

    def quantile(self, p: ArrayLike, of: str = "mu") -> Floats:
        """Posterior quantiles of a quantity.

        Parameters
        ----------
        p : scalar or array
            Probabilities, in (0, 1).
        of : str
            As for `probability`.

        Returns
        -------
        array
            Quantiles in the units of ``yi``, same shape as ``p``.
        """
        values = read_probabilities(p)
        return self._quantity(of).quantile(values.ravel()).reshape(values.shape)

    def bayes_factor(self, of: Literal["mu", "tau"] = "mu", null: float = 0.0) -> float:
        """How many times likelier the data are under this model than with one parameter fixed.

        Parameters
        ----------
        of : {"mu", "tau"}
            Which is fixed: the mean effect, or the standard deviation between studies.
        null : float
            The fixed value.

        Returns
        -------
        float
            Values above 1 speak against the null.

        Raises
        ------
        NotEstimable
            The parameter has an improper prior, under which a Bayes factor is arbitrary.

        Notes
        -----
        "mu": p(y | mu = null) integrates tau out under the same prior, so an improper prior of tau cancels;
        "tau": p(y | tau = null) integrates mu out.
        """
        require_choice("of", of, ("mu", "tau"))
        require_number("null", null, -1e100, 1e100, f"is not a number that {of} can be fixed at")
        prior, y, v = self.tau_prior, self.yi[None], self.vi[None]
        if of == "mu":
            if self.mu_prior is None:
                raise NotEstimable("a Bayes factor for mu needs a proper prior of it: mu_prior=(mean, sd)")
            fixed = float(quadrature(y, v, prior, MuPrior(null, 0.0)).log_evidence[0])
        else:
            if not prior.proper:
                raise NotEstimable(f"a Bayes factor for tau needs a proper prior of it, and {prior} is not")
            if null < 0 or (null == 0 and (self.vi == 0).any()):
                raise InvalidInput(f"tau cannot be fixed at {null}" + (" beside a vi of 0" if null == 0 else ""))
            fixed = float(conditional(y, v, np.array([[null]]), self._mu).log_likelihood[0, 0])
        log_factor = float(self._grid.log_evidence[0]) - fixed
        return math.exp(log_factor) if log_factor < 709 else math.inf

    def prior_conflict(self) -> PriorConflict:
        """Whether the data are what the priors expect (Box's prior predictive p values).

        Returns
        -------
        PriorConflict
            One p value for the prior of tau, one for that of the mean effect.
        """
        return prior_conflict(self.yi, self.vi, self.tau_prior, self._mu)

    def sentence(self) -> str:
        n, level = wording.number, wording.percent(self.level)
        studies = "Given one study" if self.k == 1 else f"Given {self.k} studies"
        bounds = wording.interval(Interval(self.mu["ci_low"], self.mu["ci_high"]))
        new = wording.interval(Interval(self.predictive["ci_low"], self.predictive["ci_high"]))
        return (
            f"{studies} and the priors, the average effect is about {n(self.mu['median'])} ({level} credible interval "
            f"{bounds}) and lies above zero with probability {wording.probability(self.probability(lower=0.0))}; "
            f"the effect in a new study lies between {new.replace(' to ', ' and ')} with probability {level}."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Bayesian random-effects model (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        level = wording.percent(self.level)
        prior = "flat" if self.mu_prior is None else f"normal({self.mu_prior[0]:g}, {self.mu_prior[1]:g})"
        quantities = {"mean effect": self.mu, "tau": self.tau, "new study": self.predictive}
        described = [
            f"{name}: median {wording.number(row['median'], 4)}, "
            f"{level} credible interval {wording.interval(Interval(row['ci_low'], row['ci_high']), 4)}"
            for name, row in quantities.items()
        ]
        above = f"P(mean effect > 0) = {wording.probability(self.probability(lower=0.0))}"
        return [f"priors: tau {self.tau_prior}, mu {prior}", *described, above]

    def _rows(self) -> pd.DataFrame:
        return pd.DataFrame([self.mu, self.tau, self.predictive]).rename_axis("quantity")

    def _table(self) -> pd.DataFrame:
        return pd.concat([self._rows(), self.theta])

    @cached_property
    def _studies(self) -> Mixture:
        return study_mixture(self.yi[None], self.vi[None], self._grid)

    @property
    def _spread(self) -> Spread:
        return tau_posterior(self.yi[None], self.vi[None], self.tau_prior, self._mu, self._grid)

    def _quantity(self, of: str) -> Spread | Mixture:
        return self._spread if isinstance(of, str) and of == "tau" else self._mixture(of)

    def _mixture(self, of: str) -> Mixture:
        if isinstance(of, str) and of in ("mu", "predictive"):
            return mean_mixture(self.vi[None], self._grid, new_study=of == "predictive")
        if not isinstance(of, str) or of not in self.slab:
            raise InvalidInput(f"{of!r} is neither 'mu', 'tau', 'predictive' nor a study; the studies: {self.slab}")
        row = slice(self.slab.index(of), self.slab.index(of) + 1)
        return Mixture(self._studies.weights[row], self._studies.mean[row], self._studies.sd[row])

    def _moments(self, of: str) -> int:
        """How many of mean and standard deviation a quantity has."""
        return 2 if self.mu_prior is not None and of == "mu" else self._grid.moments

    def _one(self, of: str) -> pd.Series:
        row = mixture_summary(self._mixture(of), self.level, self._moments(of), self.interval)[0]
        return pd.Series(row, index=list(SUMMARY), name=of)
