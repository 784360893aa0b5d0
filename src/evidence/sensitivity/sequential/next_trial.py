"""How large the next trial has to be to settle a question."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from ...bias.source import read_source
from ...effects.arguments import require_between
from ...errors import InvalidInput
from ...languages import N_, in_english
from ...models.bayes.bayes import bayes
from ...models.bayes.posterior import Posterior
from ...models.bayes.priors import HalfNormal
from ...models.bayes.tau_prior import TauPrior
from ...models.studies import Column, Effects, studies_of
from .next_trial_result import LARGEST, NextTrial, out_of_reach
from .people import unit_variance
from .required import require_delta
from .updated import Floats, Outlook, between, critical_deviate, share_beyond

_SIZES = np.round(np.geomspace(20, 20_000, 25) / 2) * 2


def next_trial(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    delta: float | None = None,
    probability: float = 0.8,
    sd: float | None = None,
    ni: Column | None = None,
    tau_prior: TauPrior | None = None,
) -> NextTrial:
    """How many people one further trial needs to settle what the trials so far leave open.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Posterior
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, a fit of `pool`, or one of `bayes`, whose priors are
        kept.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    delta : float, optional
        The worthwhile effect, in the units of ``yi``.
    probability : float
        Chance to settle the question that is wanted.
    sd : float, optional
        Standard deviation of the outcome within groups, in the units of ``yi``; by default 1, for standardised
        differences.
    ni : str or array-like, optional
        In place of ``sd``, people in each trial (a column, or one value a trial): a further trial is then as precise
        for its size as these were. This serves ratios, too.
    tau_prior : TauPrior, optional
        Prior of the standard deviation between trials; by default half-normal with half of ``sd`` as its scale.

    Returns
    -------
    NextTrial
        ``.people``, ``.curve``, ``.limit``.

    Raises
    ------
    InvalidInput
        Not trials, an option outside of its range, or neither ``sd`` nor ``ni`` for effects that are no standardised
        differences.

    See Also
    --------
    trial_sequential : The same question for all trials to come together.
    plots.next_trial : Draws it.
    required_information_size : From nothing but a standard deviation or a risk.
    fragility : What would undo a result.

    Notes
    -----
    The question is what the interval does not yet exclude: no effect or, with ``delta``, the worthwhile effect,
    whichever comes first; once one of these is excluded, no effect for sure, the other is asked for. An interval that
    excludes the worthwhile effect and not zero has settled it.

    Over the posterior of tau (deterministic quadrature, as `bayes`) the result of a further trial of N people is a
    mixture of normals with variance var(mu) + tau^2 + v, v = 4 sd^2 / N. Each result updates the posterior, in closed
    form given tau, and with it the equal-tailed interval of the mean effect; the probability adds up those results
    whose interval excludes what is asked. As N grows v vanishes but tau does not: where trials differ, one trial cannot
    settle it, however large.

    References
    ----------
    Roever (2020), Journal of Statistical Software 93(6), 10.18637/jss.v093.i06.
    Spiegelhalter, Abrams & Myles (2004), Bayesian Approaches to Clinical Trials and Health-Care Evaluation, ch. 6.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.4, 0.2], [0.09, 0.12, 0.1])
    >>> found = ev.next_trial(fit, delta=0.36)
    >>> found.question, found.people, round(found.limit, 2)
    ('no effect or the worthwhile effect', None, 0.4)
    >>> ev.next_trial(fit, delta=0.36, tau_prior=ev.HalfNormal(0.05)).people  # where trials hardly differ
    198
    """
    if delta is not None:
        require_delta(delta)
    require_between("probability", probability, 0, 1)
    posterior, unit = _posterior(effects, vi, "next_trial", sd, ni, tau_prior)
    outlook = Outlook.of(posterior)
    aims, reason = _open(outlook, delta, posterior.level)
    question = " or ".join(aims)
    chances = _chances(outlook, delta, posterior.level, aims)
    curve = pd.DataFrame({"people": _SIZES.astype(int), **chances(unit / _SIZES)})
    limit = float(chances(np.zeros(1))["probability"][0])
    people: int | None = 0
    if not reason:
        people = _first(lambda size: float(chances(np.array([unit / size]))["probability"][0]), curve, probability)
    if people is None:
        reason = in_english(out_of_reach)(limit, probability)
    return NextTrial(people, reason, question, float(probability), limit, curve, delta, posterior.level)


def _posterior(
    effects: Effects,
    vi: ArrayLike | pd.Series | None,
    method: str,
    sd: float | None,
    ni: Column | None,
    prior: TauPrior | None,
) -> tuple[Posterior, float]:
    """The posterior of trials or of a fit, and the variance that one person's trial would have."""
    if isinstance(effects, Posterior):
        if vi is not None or prior is not None:
            raise InvalidInput("a fit of bayes brings its own variances and priors; leave vi and tau_prior out")
        return effects, unit_variance(studies_of(effects), sd, ni)
    fit, studies = read_source(effects, vi, 1, method, precise=False)
    unit = unit_variance(studies, sd, ni)
    # half of the standard deviation within groups, as a trial of N people has the variance 4 sd^2 / N
    own = HalfNormal(math.sqrt(unit) / 4) if prior is None else prior
    return bayes(studies.yi, studies.vi, own, level=fit.level), unit


def _open(outlook: Outlook, delta: float | None, level: float) -> tuple[list[str], str]:
    """What is still to be excluded, and why nothing is where that is so."""
    far = critical_deviate(level)
    no_effect = abs(outlook.deviate(0.0)) > far
    if delta is None:
        return ["no effect"], N_("the interval excludes no effect already") if no_effect else ""
    short = outlook.deviate(delta) * math.copysign(1.0, delta) < -far
    worthwhile = abs(outlook.deviate(delta)) > far
    if worthwhile:
        if short:
            return ["the worthwhile effect"], N_("a worthwhile effect is ruled out already")
        return ["the worthwhile effect"], N_("the interval lies beyond the worthwhile effect")
    return (["the worthwhile effect"], "") if no_effect else (["no effect", "the worthwhile effect"], "")


def _chances(
    outlook: Outlook, delta: float | None, level: float, aims: list[str]
) -> Callable[[Floats], dict[str, Floats]]:
    """A function of the sampling variances, (p,), of further trials to the probabilities, (p,), by name."""
    far = critical_deviate(level)
    values = {"no effect": 0.0} if delta is None else {"no effect": 0.0, "the worthwhile effect": delta}

    def chances(v: Floats) -> dict[str, Floats]:
        y = outlook.results(v)
        expected = ndtr(between(outlook.expected(y, v)))
        deviates = outlook.updated(y, v, list(values.values()))
        margins = {name: np.abs(between(deviate)) - far for name, deviate in zip(values, deviates, strict=True)}
        settled = np.maximum.reduce([margins[name] for name in aims])
        found = {"probability": share_beyond(settled, expected)}
        if delta is not None:
            found["no_effect"] = share_beyond(margins["no effect"], expected)
            found["worthwhile"] = share_beyond(margins["the worthwhile effect"], expected)
        return found

    return chances


def _first(chance: Callable[[float], float], curve: pd.DataFrame, probability: float) -> int | None:
    """The smallest even size on the curve, or beyond it, with a probability."""
    enough = (curve["probability"] >= probability).to_numpy()
    if enough.any():
        last = int(np.argmax(enough))
        low, high = (2.0 if last == 0 else float(curve["people"].iloc[last - 1])), float(curve["people"].iloc[last])
    else:
        low, high = float(curve["people"].iloc[-1]), float(LARGEST)
        if chance(high) < probability:
            return None
    at = [float(ndtri(max(chance(size), 1e-9)) - ndtri(probability)) for size in (low, high)]
    for _round in range(30):
        if high - low <= 2 or high / low < 1.002:
            break
        # between two sizes the deviate of the chance is close to a line in log size; halving guards against bends
        share = min(max(-at[0] / (at[1] - at[0]), 0.1), 0.9) if at[1] > at[0] else 0.5
        size = low * (high / low) ** share
        gap = float(ndtri(max(chance(size), 1e-9)) - ndtri(probability))
        low, high, at = (low, size, [at[0], gap]) if gap >= 0 else (size, high, [gap, at[1]])
    return 2 * math.ceil(high / 2 - 1e-9)
