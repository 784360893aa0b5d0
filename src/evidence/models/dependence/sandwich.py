"""Cluster-robust covariance of weighted least squares coefficients, and how well it is known.

With clusters j, residuals e_j, weights W, bread C = (X'WX)^-1 and a working covariance Phi, the sandwich is

    C (sum_j X_j'W_j A_j e_j e_j'A_j'W_j X_j) C

with A_j = I (CR0, CR1) or, for CR2, A_j = D_j'(D_j B_j D_j')^(-1/2) D_j, where Phi_j = D_j'D_j and B_j is the
covariance of e_j when Phi is true. The variance of a contrast c'b is then a sum of squares of z_j = g_j'e_j with
g_j = A_j W_j X_j C c, and the z_j of two contrasts s and t have the covariance

    Cov(z_is, z_jt) = [i = j] a_i^st + R_i^s' S R_j^t

with R of 2p numbers a cluster, so that no matrix of clusters by clusters is ever made. Degrees of freedom follow by
matching moments: Satterthwaite for one contrast, Hotelling's T2 of Zhang (HTZ) for several.

References
----------
Bell & McCaffrey (2002), Survey Methodology 28:169. Pustejovsky & Tipton (2018), Journal of Business & Economic
Statistics 36:672, 10.1080/07350015.2016.1247004. Tipton & Pustejovsky (2015), Journal of Educational and Behavioral
Statistics 40:604, 10.3102/1076998615606099.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..engine.engine import Floats

Kind = Literal["CR0", "CR1", "CR2"]
# Directions in which a cluster's residuals are this small a share of the largest have no variance: the cluster
# alone determines a coefficient.
_NO_VARIANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Clusters:
    """n clusters of size m of a fitted model.

    Attributes
    ----------
    x : (n, m, p) array
        Design.
    residual : (n, m) array
    w : (n, m, m) array
        Weights.
    phi : (n, m, m) array
        Working covariance.
    """

    x: Floats
    residual: Floats
    w: Floats
    phi: Floats


@dataclass(frozen=True, eq=False)
class Sandwich:
    """A robust covariance with what is needed to judge it.

    Attributes
    ----------
    covariance : (p, p) array
    model : (p, p) array
        The covariance if the working model is true.
    clusters : int
        J.
    """

    covariance: Floats
    model: Floats
    clusters: int
    _a: Floats  # (J, p, p)
    _r: Floats  # (J, 2p, p)
    _s: Floats  # (2p, 2p)

    def expected(self, contrasts: Floats) -> Floats:
        """Expected covariance of q ``contrasts`` (q, p) under the working model, (q, q)."""
        a, r = self._of(contrasts)
        return np.asarray(np.einsum("jst->st", a) + np.einsum("jas,ab,jbt->st", r, self._s, r))

    def satterthwaite(self, contrasts: Floats) -> Floats:
        """Degrees of freedom of each of q ``contrasts`` (q, p), shape (q,)."""
        df = []
        for contrast in contrasts:
            one = contrast[None, :]
            df.append(2 * float(self.expected(one)[0, 0]) ** 2 / self._variance(one))
        return np.array(df)

    def htz(self, contrasts: Floats) -> float:
        """Degrees of freedom eta of the Wishart distribution closest to the covariance of q ``contrasts`` (q, p)."""
        q = len(contrasts)
        values, vectors = np.linalg.eigh(self.expected(contrasts))
        root = vectors / np.sqrt(values) @ vectors.T
        return q * (q + 1) / self._variance(root @ contrasts)

    def _of(self, contrasts: Floats) -> tuple[Floats, Floats]:
        return contrasts @ self._a @ contrasts.T, self._r @ contrasts.T

    def _variance(self, contrasts: Floats) -> float:
        # Sum over s, t of Var(sum_j z_js z_jt) = sum_ij [P_ss P_tt + P_st P_ts] for normal errors.
        a, r = self._of(contrasts)
        low = np.einsum("jas,ab,jbt->jst", r, self._s, r)  # R_i' S R_i
        sk = np.einsum("ab,jbs,jct->stac", self._s, r, r, optimize=True)  # S sum_j R_j^s R_j^t'
        trace_a, trace_low = np.einsum("jss->j", a), np.einsum("jss->j", low)
        return float(
            np.sum(trace_a**2 + 2 * trace_a * trace_low)
            + np.sum(a**2 + 2 * a * low)
            + np.einsum("stab,tsba->", sk, sk)
            + np.einsum("stab,stba->", sk, sk)
        )


def sandwich(stacks: Sequence[Clusters], kind: Kind) -> Sandwich:
    """Robust covariance of the coefficients of a weighted least squares fit.

    Parameters
    ----------
    stacks : sequence of Clusters
        Those of one size together.
    kind : "CR0" (no correction), "CR1" (times J / (J - 1)) or "CR2" (unbiased if the working model is true)
    """
    wx, bread, kernel, every = _weighed(stacks, kind)
    a, r, scores = [], [], []
    for c, u, g in zip(stacks, wx, every, strict=True):
        scores.append(np.einsum("nmp,nm->np", g, c.residual))
        phig = c.phi @ g
        a.append(_inner(g, phig))
        r.append(np.concatenate([_inner(c.x, g), _inner(u, phig)], axis=1))
    z = np.concatenate(scores)
    count = len(z)
    factor = count / (count - 1) if kind == "CR1" else 1.0
    s = np.block([[kernel, -bread], [-bread, np.zeros_like(bread)]])
    return Sandwich(factor * z.T @ z, kernel, count, np.concatenate(a), np.concatenate(r), s)


def adjusted_weights(stacks: Sequence[Clusters], kind: Kind) -> tuple[list[Floats], Floats]:
    """g_j of each cluster, whose product with its residuals is its score, and the bread (X'WX)^-1."""
    _, bread, _, every = _weighed(stacks, kind)
    return every, bread


def _weighed(stacks: Sequence[Clusters], kind: Kind) -> tuple[list[Floats], Floats, Floats, list[Floats]]:
    # W X of each stack, the bread, the covariance if the working model is true, and g.
    wx = [c.w @ c.x for c in stacks]
    bread = np.linalg.inv(np.sum([_inner(c.x, u).sum(axis=0) for c, u in zip(stacks, wx, strict=True)], axis=0))
    middle = np.sum([_inner(u, c.phi @ u).sum(axis=0) for c, u in zip(stacks, wx, strict=True)], axis=0)
    kernel = bread @ middle @ bread
    every = [u @ bread for u in wx]
    if kind == "CR2":
        every = [_adjustment(c, u, bread, kernel) @ g for c, u, g in zip(stacks, wx, every, strict=True)]
    return wx, bread, kernel, every


def _adjustment(c: Clusters, wx: Floats, bread: Floats, kernel: Floats) -> Floats:
    hat_phi = c.x @ bread @ (wx.transpose(0, 2, 1) @ c.phi)
    b = c.phi - hat_phi - hat_phi.transpose(0, 2, 1) + c.x @ kernel @ c.x.transpose(0, 2, 1)
    d = np.linalg.cholesky(c.phi)  # lower: D_j = d'
    values, vectors = np.linalg.eigh(d.transpose(0, 2, 1) @ b @ d)
    typical = np.einsum("nii->n", c.phi)[:, None] / c.phi.shape[1]
    some = values > _NO_VARIANCE * typical**2
    power = np.where(some, np.where(some, values, 1.0) ** -0.5, 0.0)
    root = (vectors * power[:, None, :]) @ vectors.transpose(0, 2, 1)
    return np.asarray(d @ root @ d.transpose(0, 2, 1))


def _inner(left: Floats, right: Floats) -> Floats:
    return np.asarray(left.transpose(0, 2, 1) @ right)
