"""One result from the rows of one question, by the model that its rows allow."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ...errors import NotEstimable, SmallSample
from ...models.multilevel.multilevel import multilevel
from ...models.univariate.pool import pool

#: With fewer trials the cluster-robust test has hardly a degree of freedom: each trial enters by one row.
LEAST_CLUSTERS = 4


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
    ci_low : float
        Lower end of its 95% confidence interval.
    ci_high : float
        Upper end of its 95% confidence interval.
    pi_low : float
        Lower end of the 95% prediction interval, NaN where there is none.
    pi_high : float
        Upper end of the 95% prediction interval, NaN where there is none.
    tau2 : float
        Variance between trials, NaN with one trial.
    i2 : float
        Its share of all variance in percent, NaN with one trial.
    q_p : float
        P value of Cochran's Q, NaN with one trial.
    frame : DataFrame
        The rows that entered, with their weight in percent.
    """

    measure: str
    model: str
    k: int
    rows: int
    n: float
    estimate: float
    ci_low: float
    ci_high: float
    pi_low: float
    pi_high: float
    tau2: float
    i2: float
    q_p: float
    frame: pd.DataFrame

    @property
    def numbers(self) -> dict[str, Any]:
        """Every number but the rows."""
        names = ("measure", "k", "n", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "i2")
        return {name: getattr(self, name) for name in (*names, "share_indirect")}

    @property
    def share_indirect(self) -> float:
        """Share of the weight in neighbouring populations."""
        return self.weight(word == "indirect" for word in self.columns["directness"]) / 100

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """The columns of the rows as plain lists."""
        return {str(name): self.frame[name].tolist() for name in self.frame.columns}

    def weight(self, chosen: Iterable[bool]) -> float:
        """Percent of the weight in the chosen rows."""
        return float(sum(weight for weight, this in zip(self.columns["weight"], chosen, strict=True) if this))


def synthesise(frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> Synthesis:
    """Pool rows of one measure and one comparator.

    Parameters
    ----------
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
    One row a trial: `pool` (REML, Hartung-Knapp). Several rows of a trial, in four trials or more: the correlated and
    hierarchical effects model of `multilevel` with CR2 standard errors. In fewer trials, each trial's first row in the
    order of ``outcomes``.
    """
    if frame.empty:
        raise NotEstimable("there is no row to pool: no trial gives a number for this question")
    k = frame["study"].nunique()
    if len(frame) > k and k < LEAST_CLUSTERS:
        order = frame["outcome"].map({name: at for at, name in enumerate(outcomes)})
        frame = frame.iloc[order.fillna(len(outcomes)).argsort(kind="stable")].drop_duplicates("study").sort_index()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # the number of trials is part of every answer
        return _several_rows(frame, k) if len(frame) > k else _one_row_each(frame)


def _one_row_each(frame: pd.DataFrame) -> Synthesis:
    fit = pool(frame)
    single = fit.k == 1
    pi = fit.prediction_interval
    return Synthesis(
        measure=_measure(frame),
        model="one trial" if single else "random effects",
        k=fit.k,
        rows=fit.k,
        n=_people(frame),
        estimate=fit.estimate,
        ci_low=fit.ci.low,
        ci_high=fit.ci.high,
        pi_low=pi.low if pi else math.nan,
        pi_high=pi.high if pi else math.nan,
        tau2=math.nan if single else fit.tau2,
        i2=math.nan if single else fit.i2,
        q_p=math.nan if single else fit.q_p,
        frame=frame.assign(weight=fit.weights),
    )


def _several_rows(frame: pd.DataFrame, k: int) -> Synthesis:
    fit = multilevel(frame)
    share = 1 / (frame["vi"] + fit.tau2)
    share = share / frame["study"].map(frame["study"].value_counts())  # a trial does not weigh more for more rows
    return Synthesis(
        measure=_measure(frame),
        model="several outcomes a trial, robust",
        k=k,
        rows=len(frame),
        n=_people(frame),
        estimate=fit.estimate,
        ci_low=fit.ci.low,
        ci_high=fit.ci.high,
        pi_low=fit.prediction_interval.low,
        pi_high=fit.prediction_interval.high,
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
