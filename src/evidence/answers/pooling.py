"""How a pool is summarised: one place decides, and every table, figure, grade, claim and sentence reads it.

One trial is told as it is. Two to four trials: Bayesian random effects with a weakly informative prior of the spread
between trials (priors.csv), since so few say next to nothing about it: with two, a Hartung-Knapp interval rests on one
degree of freedom, and is wider for two trials that agree than for one. Five trials and more: REML with the
Hartung-Knapp interval, never narrower than z. Where a new trial is expected is told by the Bayesian model from three
trials on: the others take the estimated spread for the truth. ``validation/coverage.py`` compares all of them.

Bender et al. (2018), Research Synthesis Methods 9:382; Friede et al. (2017) 8:79; Roever et al. (2021) 12:448;
Lilienthal et al. (2024) 15:275.
"""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import pandas as pd
from scipy.special import ndtr, stdtr

from ..derive.evidence_base import EvidenceBase
from ..derive.points import reference_sd
from ..errors import NotEstimable, SmallSample
from ..models.bayes.bayes import bayes
from ..models.bayes.posterior import Posterior
from ..models.bayes.priors import HalfNormal
from ..models.univariate.pool import pool
from ..models.univariate.pooled import Pooled

#: From so many trials on, they tell how much they differ.
ENOUGH = 5

Fit = Pooled | Posterior


class Summary(NamedTuple):
    """What a pool comes to, in the units of its measure.

    Attributes
    ----------
    model : str
        "one trial", "Bayesian random effects" or "random effects".
    estimate : float
        The mean effect: the posterior's median, or the estimate.
    se : float
        Its standard error; the posterior's standard deviation.
    ci_low : float
        Lower end of the 95% interval.
    ci_high : float
        Upper end of it.
    pi_low : float
        Lower end of the 95% prediction interval; NaN with fewer than three trials.
    pi_high : float
        Upper end of it.
    p_better : float
        Probability that the mean effect is above 0; with five trials and more one minus the one-sided p value.
    """

    model: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    pi_low: float
    pi_high: float
    p_better: float


class Pooling:
    """The priors of a base, and the fit that a pool of its effects gets.

    Parameters
    ----------
    db : EvidenceBase
        Its ``priors``, and the SD of its scores for priors in points.
    """

    def __init__(self, db: EvidenceBase) -> None:
        rows = db.priors
        self._scale: dict[str, float] = dict(zip(rows["measure"], rows["tau_scale"], strict=True))
        self._in_sd = set(rows.loc[rows["unit"] == "reference_sd", "measure"])
        self._sd = {str(name): float(sd) for name, sd in reference_sd(db)["sd"].items()}

    def tau_scale(self, measure: str, outcome: str) -> float:
        """Scale of the half-normal prior in the units of the measure; NaN where none is written down."""
        unit = self._sd.get(outcome, math.nan) if measure in self._in_sd else 1.0
        return self._scale.get(measure, math.nan) * unit

    def prior(self, measure: str, outcome: str) -> HalfNormal | None:
        """Prior of the spread between trials, in the units of the measure; None where none is written down."""
        scale = self.tau_scale(measure, outcome)
        return None if math.isnan(scale) else HalfNormal(scale)

    def bayesian(self, k: int, measure: str, outcome: str) -> bool:
        """Whether a pool of k trials is summarised by a posterior."""
        return 1 < k < ENOUGH and self.prior(measure, outcome) is not None

    def posterior(self, rows: pd.DataFrame, slab: str | None = None) -> Posterior:
        """The Bayesian model of a pool of any size.

        Raises
        ------
        NotEstimable
            There is no prior for the measure.
        """
        measure = str(rows["measure"].iloc[0])
        prior = self.prior(measure, str(rows["outcome"].iloc[0]))
        if prior is None:
            raise NotEstimable(f"no prior of the spread between trials is written down for {measure} (priors.csv)")
        return bayes(rows, tau_prior=prior, slab=slab)

    def fit(self, rows: pd.DataFrame, slab: str | None = None) -> Fit:
        """The model of one pool.

        Parameters
        ----------
        rows : DataFrame
            Effects of one measure, one row a trial.
        slab : str, optional
            Column with the trials' names.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # the number of trials is part of every answer
            measure, outcome = str(rows["measure"].iloc[0]), str(rows["outcome"].iloc[0])
            if self.bayesian(len(rows), measure, outcome):
                return self.posterior(rows, slab)
            return pool(rows, slab=slab, prediction=self.prior(measure, outcome) or "t")


def summary_of(fit: Fit) -> Summary:
    """The numbers of a fit.

    Parameters
    ----------
    fit : Pooled or Posterior
        What `Pooling.fit` gave.
    """
    if isinstance(fit, Posterior):
        ends = 0.5 - fit.level / 2, 0.5 + fit.level / 2
        median, low, high = fit.quantile([0.5, *ends])
        new = fit.quantile(ends, of="predictive") if fit.k > 2 else (math.nan, math.nan)
        numbers = (median, fit.se, low, high, *new, chance_above(fit, 0.0))
        return Summary("Bayesian random effects", *map(float, numbers))
    low, high = fit.prediction_interval or (math.nan, math.nan)
    model = "one trial" if fit.k == 1 else "random effects"
    return Summary(model, fit.estimate, fit.se, *fit.ci, low, high, chance_above(fit, 0.0))


def chance_above(fit: Fit, bound: float) -> float:
    """Probability that the mean effect is above a bound, by the model that its interval comes from.

    So it is above 97.5% exactly where the interval lies above the bound.

    Parameters
    ----------
    fit : Pooled or Posterior
        What `Pooling.fit` gave.
    bound : float
        In the units of the measure; NaN for none.
    """
    if math.isnan(bound):
        return math.nan
    if isinstance(fit, Posterior):
        return float(fit.probability(lower=bound))
    t = (fit.estimate - bound) / fit.se
    return float(ndtr(t) if math.isinf(fit.df) else stdtr(fit.df, t))
