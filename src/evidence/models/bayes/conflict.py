"""Whether the data are what the priors expect: prior predictive p values, by quadrature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from ...errors import NotEstimable
from .. import wording
from ..result import Result
from .quadrature import Floats, MuPrior, over_tau
from .tau_prior import TauPrior

_ALARM = 0.05
_CONTOUR = 32  # nodes; the error falls as 3.89 to the minus that


@dataclass(frozen=True, repr=False, eq=False)
class PriorConflict(Result):
    """How surprising the data are under the priors.

    Attributes
    ----------
    q : float
        Cochran's Q of the effects: how much they differ, in units of their sampling errors.
    tau_p : float
        Two-sided prior predictive p value of Q: small when the studies differ more, or less, than the prior of tau
        expects.
    tau_larger : float
        Probability of a larger Q under the prior of tau.
    mean : float
        Inverse-variance mean of the effects.
    mean_p : float or None
        Two-sided prior predictive p value of it; None under a flat prior of the mean.

    See Also
    --------
    bayes : Its result gives this by ``.prior_conflict()``.

    Examples
    --------
    >>> import evidence as ev
    >>> post = ev.bayes([0.1, 0.2, 2.9], [0.01, 0.02, 0.01], tau_prior=ev.HalfNormal(0.2), mu_prior=(0, 1))
    >>> found = post.prior_conflict()
    >>> found.tau_p < 0.001, round(found.mean_p, 2)
    (True, 0.22)
    """

    q: float
    tau_p: float
    tau_larger: float
    mean: float
    mean_p: float | None

    def sentence(self) -> str:
        way = "more" if self.tau_larger < 0.5 else "less"
        if self.tau_p < _ALARM:
            text = f"The studies differ {way} than the prior of tau expects (p {wording.p_value(self.tau_p)})"
        else:
            text = f"The studies differ as much as the prior of tau expects (p {wording.p_value(self.tau_p)})"
        if self.mean_p is None:
            return f"{text}."
        not_ = "not " if self.mean_p < _ALARM else ""
        return f"{text}; their mean is {not_}where its prior expects it (p {wording.p_value(self.mean_p)})."

    def _title(self) -> str:
        return "Priors against data (prior predictive p values)"

    def _lines(self) -> list[str]:
        n = wording.number
        larger = wording.probability(self.tau_larger)
        lines = [
            f"tau: Q = {n(self.q)}, p {wording.p_value(self.tau_p)}; a larger Q was expected with probability {larger}"
        ]
        if self.mean_p is not None:
            lines.append(f"mean: {n(self.mean, 4)}, p {wording.p_value(self.mean_p)}")
        return lines

    def _row(self) -> dict[str, object]:
        mean_p = math.nan if self.mean_p is None else self.mean_p
        return {"q": self.q, "tau_p": self.tau_p, "tau_larger": self.tau_larger, "mean": self.mean, "mean_p": mean_p}


def prior_conflict(yi: Floats, vi: Floats, prior: TauPrior, mu: MuPrior) -> PriorConflict:
    """Prior predictive p values of Q and of the mean.

    Raises
    ------
    NotEstimable
        An improper prior of tau, a single study, or one without sampling error.

    Notes
    -----
    Box (1980): the priors are in conflict with the data when these lie in the tail of their prior predictive
    distribution. Given tau, Q is a sum of squared normals with weights 1 + tau^2 l_j, l_j the eigenvalues of
    W - W11'W / 1'W1 other than zero, whatever the mean; its distribution is found from its Laplace transform by
    quadrature on a contour (Trefethen, Weideman & Schmelzer 2006), and averaged over the prior of tau. So is that of
    the inverse-variance mean, which is normal given tau.

    References
    ----------
    Box (1980), Journal of the Royal Statistical Society A 143:383, 10.2307/2982063.
    Evans & Moshonov (2006), Bayesian Analysis 1:893, 10.1214/06-BA129.
    Trefethen, Weideman & Schmelzer (2006), BIT Numerical Mathematics 46:653, 10.1007/s10543-006-0077-9.
    """
    if not prior.proper:
        raise NotEstimable(f"{prior} is improper: it expects nothing that data could contradict")
    if len(yi) < 2 or (vi == 0).any():
        why = "one study does not differ from others" if len(yi) < 2 else "a study has vi = 0"
        raise NotEstimable(f"no conflict of the prior of tau can be seen: {why}")
    w = 1 / vi
    mean = float((w * yi).sum() / w.sum())
    q = float((w * (yi - mean) ** 2).sum())
    tau, weights = _prior_nodes(vi, prior)
    spread = np.linalg.eigvalsh(np.diag(w) - np.outer(w, w) / w.sum())[1:]
    below = float(weights @ _below(q, 1 + tau[:, None] ** 2 * spread))
    larger = min(max(1 - below, 0.0), 1.0)
    mean_p = None
    if not mu.flat:
        sd = np.sqrt(mu.sd**2 + ((w / w.sum()) ** 2 * (vi + tau[:, None] ** 2)).sum(axis=1))
        mean_p = float(2 * weights @ ndtr(-np.abs(mean - mu.mean) / sd))
    return PriorConflict(q, 2 * min(larger, 1 - larger), larger, mean, mean_p)


class _Nothing(NamedTuple):
    """A likelihood that says nothing of tau."""

    log_likelihood: Floats


def _prior_nodes(vi: Floats, prior: TauPrior) -> tuple[Floats, Floats]:
    """Nodes and weights of the prior of tau, (n,) each."""
    marks = prior.log_landmarks(vi[None]) or [0.0]
    fall = min(prior.tail - 1, 1.0) if math.isfinite(prior.tail) else 1.0
    low, high = min(marks) - 37.0, max(marks) + 32.0 / max(fall, 0.2) + 5
    if math.isfinite(prior.upper):
        low, high = low - math.log(prior.upper), 37.0
    start = (max(low, -170.0), min(high, 170.0))
    nodes, _ = over_tau(lambda tau: _Nothing(np.zeros(tau.shape)), vi[None], prior, start, 0)
    return nodes.tau[0], nodes.weights[0]


def _below(q: float, weights: Floats) -> Floats:
    """P(sum_j weights_j z_j^2 <= q) for rows of weights (n, m)."""
    if q == 0:
        return np.zeros(len(weights))
    theta = (2 * np.arange(_CONTOUR) + 1) * np.pi / _CONTOUR - np.pi
    theta = theta[theta > 0]  # the other half of the contour is the mirror image
    slope = 0.6407 * theta
    z = _CONTOUR * (0.5017 * theta / np.tan(slope) - 0.6122 + 0.2645j * theta)
    dz = _CONTOUR * (0.5017 * (1 / np.tan(slope) - slope / np.sin(slope) ** 2) + 0.2645j)
    transform = np.exp(-0.5 * np.log1p(2 * weights[:, :, None] * (z / q)).sum(axis=1))
    total: Floats = 2 * np.real((np.exp(z) * dz / z * transform).sum(axis=1) / (1j * _CONTOUR))
    return np.clip(total, 0.0, 1.0)
