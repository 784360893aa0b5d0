"""The groups' means given both standard deviations, at as few nodes as stand for their whole posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .line import Line
from .mixture import Mixture
from .quadrature import Floats, conditional
from .two_spreads import Joint, Nested, Nodes

_AGREEMENT = 1e-8
# nodes that together hold less than this are left out of mixtures
_NEGLIGIBLE = 1e-12
_NODES, _CHECKED = 24, np.array([1e-4, 0.025, 0.5, 0.975, 1 - 1e-4])


@dataclass(frozen=True, slots=True)
class Given:
    """The groups' means given both standard deviations, at J nodes.

    Given the overall mean as well, group g is normal around ``b m + (1 - b) mu`` with variance ``b s2``, where
    ``b`` = between^2 / (between^2 + s2): its own data against all groups'.

    Attributes
    ----------
    weights : (J,) array
        Posterior weights of the nodes.
    m : (J, G) array
        Means of the groups by their own data.
    s2 : (J, G) array
        Variances of these.
    b : (J, G) array
        Weight of a group's own data.
    mean : (J,) array
        Posterior mean of the overall mean.
    variance : (J,) array
        Posterior variance of the overall mean.
    """

    weights: Floats
    m: Floats
    s2: Floats
    b: Floats
    mean: Floats
    variance: Floats

    def groups(self) -> Mixture:
        """Posterior of every group's mean, G mixtures."""
        centre = self.b * self.m + (1 - self.b) * self.mean[:, None]
        variance = self.b * self.s2 + (1 - self.b) ** 2 * self.variance[:, None]
        return Mixture(np.broadcast_to(self.weights, centre.T.shape), centre.T, np.sqrt(variance.T))

    def differences(self, group: int) -> Mixture:
        """Posterior of one group's mean minus each group's, G mixtures."""
        centre = self.b * (self.m - self.mean[:, None])
        own = self.b * self.s2
        mean = centre[:, [group]] - centre
        shared = (self.b[:, [group]] - self.b) ** 2 * self.variance[:, None]
        sd = np.sqrt(own[:, [group]] + own + shared)
        return Mixture(np.broadcast_to(self.weights, mean.T.shape), mean.T, sd.T)


def given(nested: Nested, nodes: Nodes, joint: Joint) -> Given:
    """What the groups' means are, at as few nodes as hold the whole posterior.

    Usually `gauss_nodes`; all of them where that rule misses quantiles of the groups whose own means are the
    most and the least certain, as it does when a heavy tail of tau reaches far into theirs.
    """
    few = gauss_nodes(nested, nodes, _NODES)
    flat = nodes.weights.ravel()
    kept = np.flatnonzero(flat > _NEGLIGIBLE / len(flat))
    row, column = np.divmod(kept, len(nodes.between))
    own, overall = joint.own, joint.overall

    def every(groups: NDArray[np.integer]) -> Given:
        s2 = own.variance[groups].T[row]
        omega2 = nodes.between[column][:, None] ** 2
        centre, variance = overall.mean[row, column], overall.variance[row, column]
        return Given(flat[kept], own.mean[groups].T[row], s2, omega2 / (omega2 + s2), centre, variance)

    certain = nodes.weights.sum(axis=1) @ own.variance.T
    extreme = np.unique([certain.argmin(), certain.argmax()])
    quantiles = few.groups().quantile(_CHECKED)[extreme]
    missed = np.abs(every(extreme).groups().cdf(quantiles) - _CHECKED).max()
    return few if missed < _AGREEMENT else every(np.arange(len(nested.yi)))


def gauss_nodes(nested: Nested, nodes: Nodes, n: int) -> Given:
    """What the groups' means are at n x n nodes that stand for all.

    Gauss quadrature for the posterior of t = tau / (tau + c), and at each of its nodes for that of the
    standard deviation between groups, mapped likewise. Of all rules with as many nodes it integrates
    polynomials of highest degree exactly, and what is asked of the groups is smooth in t: n = 24 replaces
    tens of thousands of nodes to about 1e-11 unless tails are heavy.
    """
    lines = Line(nested.tau_prior.upper), Line(nested.between_prior.upper)
    tau, weights = (rows[0] for rows in _gauss(nodes.tau, nodes.weights.sum(axis=1)[None], n))
    log_mass = nested.joint(tau, nodes.between).log_density + lines[1].log_slope(nodes.x[1])
    between, share = _gauss(nodes.between, np.exp(log_mass - log_mass.max(axis=1, keepdims=True)), n)
    between = between.reshape(-1, 1)
    own = nested.groups(np.repeat(tau, n))
    m, s2 = own.mean.T, own.variance.T
    overall = conditional(m, s2, between, nested.mu)
    return Given(
        weights=(share * weights[:, None]).ravel(),
        m=m,
        s2=s2,
        b=between**2 / (between**2 + s2),
        mean=overall.mean[:, 0],
        variance=overall.variance[:, 0],
    )


def _gauss(tau: Floats, mass: Floats, n: int) -> tuple[Floats, Floats]:
    """Nodes and weights (R, n) of the rules of R discrete measures ``mass`` (R, N) at the same ``tau`` (N,).

    Notes
    -----
    From their Jacobi matrices, those by Lanczos steps with full orthogonalisation, twice (Golub & Welsch 1969,
    Mathematics of Computation 23:221).
    """
    mass = mass / mass.sum(axis=1, keepdims=True)
    centre = np.exp(mass @ np.log(tau))[:, None]
    t = tau / (tau + centre)
    basis = np.zeros((len(mass), n, len(tau)))
    basis[:, 0] = np.sqrt(mass)
    jacobi = np.zeros((len(mass), n, n))
    for j in range(n):
        done = basis[:, : j + 1]
        new = t * basis[:, j]
        jacobi[:, j, j] = (new * basis[:, j]).sum(axis=1)
        for _ in range(2):
            new -= ((done @ new[..., None]).swapaxes(1, 2) @ done)[:, 0]
        if j < n - 1:
            jacobi[:, j, j + 1] = jacobi[:, j + 1, j] = np.linalg.norm(new, axis=1)
            basis[:, j + 1] = new / jacobi[:, j, j + 1, None]
    at, vectors = np.linalg.eigh(jacobi)
    return centre * at / (1 - at), vectors[:, 0] ** 2
