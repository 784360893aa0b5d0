"""One result from the rows of one question, by the model that its rows allow."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from scipy.special import stdtr

from ...errors import NotEstimable, SmallSample
from ...models.multilevel.multilevel import multilevel
from ...models.univariate.pool import pool
from ...models.univariate.pooled import Pooled
from ..pooling import ENOUGH, Fit, Pooling, chance_above, summary_of


@dataclass(frozen=True)
class Synthesis:
    """A pooled result in the units of ``measure``, above 0 in favour of acupuncture.

    Attributes
    ----------
    measure : str
        Measure of the effect; its units are those of every bound below.
    model : str
        How the rows were put together, in words.
    k : int
        Trials.
    rows : int
        Rows of effects, several where a trial gives several.
    n : float
        People.
    estimate : float
        The pooled effect.
    se : float
        Its standard error.
    ci_low : float
        Lower end of its 95% interval.
    ci_high : float
        Upper end of its 95% interval.
    pi_low : float
        Lower end of the 95% prediction interval, NaN where there is none.
    pi_high : float
        Upper end of the 95% prediction interval, NaN where there is none.
    p_better : float
        Probability that the effect is above 0.
    tau2 : float
        Variance between trials, NaN with one trial.
    i2 : float
        Its share of all variance in percent, NaN with one trial.
    q_p : float
        P value of Cochran's Q, NaN with one trial.
    frame : DataFrame
        The rows that entered, with their weight in percent.
    fit : Pooled, Posterior or None
        The model of one row a trial, None where trials have several.
    """

    measure: str
    model: str
    k: int
    rows: int
    n: float
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    pi_low: float
    pi_high: float
    p_better: float
    tau2: float
    i2: float
    q_p: float
    frame: pd.DataFrame
    fit: Fit | None = None

    @property
    def numbers(self) -> dict[str, Any]:
        """Every number but the rows."""
        names = ("measure", "k", "n", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "p_better", "tau2", "i2")
        return {name: getattr(self, name) for name in (*names, "share_indirect", "trials_better", "trials_worse")}

    @property
    def trials_better(self) -> int:
        """Trials whose effect, the mean of its rows, is above 0."""
        return sum(mean > 0 for mean in self._means)

    @property
    def trials_worse(self) -> int:
        """Trials whose effect is below 0."""
        return sum(mean < 0 for mean in self._means)

    @cached_property
    def _means(self) -> list[float]:
        """Mean effect of each trial."""
        found: dict[str, list[float]] = {}
        effects = self.columns["direction" if self.measure == "direction" else "yi"]
        for study, effect in zip(self.columns["study"], effects, strict=True):
            found.setdefault(study, []).append(effect)
        return [sum(values) / len(values) for values in found.values()]

    @property
    def share_indirect(self) -> float:
        """Share of the weight of related conditions."""
        return self.weight(word == "indirect" for word in self.columns["directness"]) / 100

    @cached_property
    def columns(self) -> Mapping[str, list[Any]]:
        """The columns of the rows as plain lists, each made when it is first asked for."""
        return _Lists(self.frame)

    def weight(self, chosen: Iterable[bool]) -> float:
        """Percent of the weight in the chosen rows."""
        return float(sum(weight for weight, this in zip(self.columns["weight"], chosen, strict=True) if this))

    def chance_above(self, bound: float) -> float:
        """Probability that the effect is above a bound; NaN where trials have several rows."""
        return math.nan if self.fit is None else chance_above(self.fit, bound)


class _Lists(dict[str, list[Any]]):
    """Columns of a frame as lists."""

    def __init__(self, frame: pd.DataFrame) -> None:
        super().__init__()
        self._frame = frame

    def __missing__(self, name: str) -> list[Any]:
        found = self[name] = self._frame[name].tolist()
        return found


def synthesise(pooling: Pooling, frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> Synthesis:
    """Pool rows of one measure and one comparator.

    Parameters
    ----------
    pooling : Pooling
        Of the base that the rows come from.
    frame : DataFrame
        Rows of an effects frame.
    outcomes : sequence of str
        Order in which a trial's outcomes are preferred where it can enter by one row only.

    Returns
    -------
    Synthesis
        By the model that the rows allow.

    Raises
    ------
    NotEstimable
        There is no row.

    Notes
    -----
    One row a trial: as `evidence.answers.pooling` says. Several rows of a trial, in five trials or more: the
    correlated and hierarchical effects model of `multilevel` with CR2 standard errors. In fewer trials, where the
    cluster-robust test has hardly a degree of freedom, each trial's first row in the order of ``outcomes``.
    """
    if frame.empty:
        raise NotEstimable("there is no row to pool: no trial gives a number for this question")
    k = frame["study"].nunique()
    if len(frame) > k and k < ENOUGH:
        order = frame["outcome"].map({name: at for at, name in enumerate(outcomes)})
        frame = frame.iloc[order.fillna(len(outcomes)).argsort(kind="stable")].drop_duplicates("study").sort_index()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # the number of trials is part of every answer
        return _several_rows(frame, k) if len(frame) > k else of_fit(pooling.fit(frame), frame)


def of_fit(fit: Fit, frame: pd.DataFrame) -> Synthesis:
    """The result of a model of one row a trial.

    Parameters
    ----------
    fit : Pooled or Posterior
        Of the rows.
    frame : DataFrame
        Rows of an effects frame, one a trial.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # the number of trials is part of every answer
        spread = fit if isinstance(fit, Pooled) else pool(fit)
    single = fit.k == 1
    return Synthesis(
        measure=_measure(frame),
        k=fit.k,
        rows=fit.k,
        n=_people(frame),
        tau2=math.nan if single else spread.tau2,
        i2=math.nan if single else spread.i2,
        q_p=math.nan if single else spread.q_p,
        frame=frame.assign(weight=fit.weights),
        fit=fit,
        **summary_of(fit)._asdict(),
    )


def _several_rows(frame: pd.DataFrame, k: int) -> Synthesis:
    fit = multilevel(frame)
    share = 1 / (frame["vi"] + fit.tau2)
    share = share / frame["study"].map(frame["study"].value_counts())  # a trial does not weigh more for more rows
    return Synthesis(
        measure=_measure(frame),
        model="several outcomes a trial, robust",
        se=fit.se,
        k=k,
        rows=len(frame),
        n=_people(frame),
        estimate=fit.estimate,
        ci_low=fit.ci.low,
        ci_high=fit.ci.high,
        pi_low=fit.prediction_interval.low,
        pi_high=fit.prediction_interval.high,
        p_better=1.0 - float(stdtr(fit.df, -fit.statistic)),
        tau2=fit.tau2,
        i2=fit.i2_levels["total"],
        q_p=fit.q_p,
        frame=frame.assign(weight=100 * share / share.sum()),
    )


def _measure(frame: pd.DataFrame) -> str:
    return str(frame["measure"].iloc[0])


def _people(frame: pd.DataFrame) -> float:
    """People in the trials; a trial that enters by several rows counts its largest."""
    largest: dict[str, float] = {}
    for study, ours, theirs in zip(frame["study"], frame["n_acupuncture"], frame["n_comparator"], strict=True):
        largest[study] = max(largest.get(study, 0.0), ours + theirs)
    return sum(largest.values())
