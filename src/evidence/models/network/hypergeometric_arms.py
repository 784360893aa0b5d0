"""Log odds ratios between several arms by the likelihood of how each trial's events fall on them."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import binom

from ...errors import NotEstimable
from ..engine.engine import Floats

_FARTHEST = 25.0  # a log odds ratio beyond this has run away


def conditional_odds_ratios(events: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Log odds of m arms less their mean, from s trials of one design, by maximum likelihood given each trial's events.

    Parameters
    ----------
    events : (s, m) array
    people : (s, m) array

    Returns
    -------
    (m,) array
    (m, m) array
        Its covariance, from the observed information.

    Raises
    ------
    NotEstimable
        The likelihood rises for ever: an odds ratio is zero or infinite.

    Notes
    -----
    Given the events of a trial, those of its arms are multivariate non-central hypergeometric: binomial counts with log
    odds theta_x, given their sum. The likelihood is concave; Newton's method.
    """
    theta = np.zeros(events.shape[1])
    value, slope, information = _likelihood(events, people, theta)
    for _ in range(100):
        step = np.append(0.0, np.linalg.solve(information[1:, 1:], slope[1:]))
        reach = float(np.abs(step).max())
        step *= min(1.0, 2.0 / reach) if reach else 0.0
        for _ in range(40):
            tried = _likelihood(events, people, theta + step)
            if tried[0] >= value or float(np.abs(step).max()) < 1e-9:
                break
            step /= 2
        theta, (value, slope, information) = theta + step, tried
        if np.abs(theta).max() > _FARTHEST:
            raise NotEstimable(
                "an odds ratio of a design is zero or infinite: one arm has all events of its trials, or none"
            )
        if float(np.abs(step).max()) < 1e-10:
            break
    contrasts = np.zeros(information.shape)
    contrasts[1:, 1:] = np.linalg.inv(information[1:, 1:])
    centre = np.eye(len(theta)) - 1 / len(theta)
    return centre @ theta, centre @ contrasts @ centre


def _likelihood(events: Floats, people: Floats, theta: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood, slope and information at log odds theta, summed over trials."""
    value, slope, information = 0.0, np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    for own, n in zip(events, people, strict=True):
        log_chance, mean, covariance = _given_sum(own, n, theta)
        value, slope, information = value + log_chance, slope + own - mean, information + covariance
    return value, slope, information


def _given_sum(own: Floats, n: Floats, theta: Floats) -> tuple[float, Floats, Floats]:
    """Log chance of a trial's counts given their sum, and mean and covariance of the counts."""
    total = int(own.sum())
    # The same number added to every log odds changes nothing: take the one that makes the sum the expected one.
    shift = brentq(lambda x: float((n * expit(theta + x)).sum()) - total, -_FARTHEST * 3, _FARTHEST * 3, xtol=1e-12)
    counts = [np.arange(min(int(size), total) + 1) for size in n]
    chance = [binom.pmf(count, size, p) for count, size, p in zip(counts, n, expit(theta + shift), strict=True)]
    m = len(n)
    first, second = np.zeros(m), np.zeros((m, m))
    whole = _at(chance, total)
    for i in range(m):
        weighted = [*chance]
        weighted[i] = chance[i] * counts[i]
        first[i] = _at(weighted, total) / whole
        for j in range(i, m):
            twice = [*weighted]
            twice[j] = weighted[j] * counts[j]
            second[i, j] = second[j, i] = _at(twice, total) / whole
    log_chance = float(np.sum(binom.logpmf(own, n, expit(theta + shift)))) - float(np.log(whole))
    return log_chance, first, second - np.outer(first, first)


def _at(parts: list[Floats], total: int) -> float:
    """Coefficient of a sum in the product of generating functions."""
    *most, last = parts
    product = most[0]
    for part in most[1:]:
        product = np.convolve(product, part)[: total + 1]
    low = max(0, total - len(last) + 1)
    high = min(len(product) - 1, total)
    return float(product[low : high + 1] @ last[total - high : total - low + 1][::-1])
