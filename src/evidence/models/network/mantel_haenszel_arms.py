"""Mantel-Haenszel log odds ratios between several arms, with their covariance."""

from __future__ import annotations

import numpy as np

from ..engine.engine import Floats


def mantel_haenszel_odds_ratios(events: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Log odds of m arms less their mean, from s trials of one design.

    Parameters
    ----------
    events : (s, m) array
    people : (s, m) array

    Returns
    -------
    (m,) array
    (m, m) array
        Its covariance.

    Notes
    -----
    With a_x events and b_x others of arm x in a trial of N, c_xy = a_x b_y / N and C_xy its sum over trials, the
    Mantel-Haenszel estimate of x against y is L_xy = log(C_xy / C_yx); the effect of x is the mean of L_xz over all z,
    so that effects add up. The variance of L_xy is that of Robins, Breslow & Greenland, the covariance of L_xy with
    L_xz that of Greenland (1989, Biometrics 45:183); pairs without an arm in common have none.
    """
    m = events.shape[1]
    a, b, total = events, people - events, people.sum(axis=1)
    c = np.einsum("sx,sy->sxy", a, b) / total[:, None, None]
    d = (a[:, :, None] + b[:, None, :]) / total[:, None, None]
    big, back = c.sum(axis=0), c.sum(axis=0).T
    turned_c, turned_d = c.transpose(0, 2, 1), d.transpose(0, 2, 1)
    variance = (
        (c * d).sum(axis=0) / (2 * big**2)
        + (c * turned_d + turned_c * d).sum(axis=0) / (2 * big * back)
        + (turned_c * turned_d).sum(axis=0) / (2 * back**2)
    )
    share = 1 / total**2

    def over(x: Floats, y: Floats, z: Floats) -> Floats:
        summed: Floats = np.einsum("s,sx,sy,sz->xyz", share, x, y, z)
        return summed

    xy, yx = big[:, :, None], back[:, :, None]
    xz, zx = big[:, None, :], back[:, None, :]
    shared = (
        over(a, b, b) / (xy * xz)
        + over(people, b, a) / (xy * zx)
        + over(people, a, b) / (yx * xz)
        + over(b, a, a) / (yx * zx)
    ) / 3
    one, two = np.triu_indices(m, 1)
    covariance = np.zeros((len(one), len(one)))
    for p, (x, y) in enumerate(zip(one, two, strict=True)):
        for q, (u, v) in enumerate(zip(one, two, strict=True)):
            if p == q:
                covariance[p, q] = variance[x, y]
            elif x == u:
                covariance[p, q] = shared[x, y, v]
            elif y == v:
                covariance[p, q] = shared[y, x, u]
            elif x == v:
                covariance[p, q] = -shared[x, y, u]
            elif y == u:
                covariance[p, q] = -shared[y, x, v]
    sums = np.zeros((m, len(one)))
    sums[one, np.arange(len(one))], sums[two, np.arange(len(one))] = 1 / m, -1 / m
    return sums @ np.log(big[one, two] / big[two, one]), sums @ covariance @ sums.T
