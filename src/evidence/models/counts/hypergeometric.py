"""CM.EL: the noncentral hypergeometric likelihood of 2x2 tables, exact for tables of any size.

Sums run over all tables with the same margins. In trials of thousands these are too many, and most weigh nothing. The
count in the first cell is a sum of independent Bernoulli variables (Harkness 1965, Annals of Mathematical Statistics
36:938), so its tails beyond some 9 SD of the mode are below rounding (Bernstein's inequality), and every h-th term, h
a third of the SD, gives the sum to exp(-SD² (1 - cos(2 pi / h))) by Poisson's summation: below rounding too.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from .likelihood import Derivatives, log_choose
from .two_by_two import Tables

_SIDE = np.arange(-100, 101)  # terms of a sum; reaches 9.3 SD + 29 from the mode whatever the SD is
# Beyond, logarithms of factorials lose the digits that the search needs.
_LARGEST = 10_000_000


class ConditionalHypergeometric:
    """Events of group 1 noncentral hypergeometric, all margins fixed."""

    nuisance = False

    def __init__(self, tables: Tables) -> None:
        t = self._tables = tables
        if any((cell != np.rint(cell)).any() for cell in (t.ai, t.n1, t.events, t.n2)):
            raise InvalidInput('CM.EL counts the ways to choose people: give whole counts, or model="UM.FS"')
        people = (t.n1 + t.n2).max()
        if people > _LARGEST:
            raise NotEstimable(
                f"CM.EL is for trials of up to {_LARGEST:,} people, the largest has {people:,.0f}; "
                'model="UM.FS" is as good there'
            )
        self._low, self._high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
        self._own = log_choose(t.n1, t.ai) + log_choose(t.n2, t.ci)
        width = int((self._high - self._low).max()) + 1
        every = self._low[:, None] + np.arange(width, dtype=float) if width <= len(_SIDE) else None
        self._whole = None if every is None else (*self._terms(every), np.ones(t.k))

    def derivatives(self, alpha: Floats, delta: Floats) -> Derivatives:
        support, base, step = self._whole or self._window(delta)
        terms = base + delta[..., None] * support
        top = terms.max(axis=-1)
        share = np.exp(terms - top[..., None])
        total = share.sum(axis=-1)
        mean = (share * support).sum(axis=-1) / total
        variance = (share * (support - mean[..., None]) ** 2).sum(axis=-1) / total
        value = self._own + self._tables.ai * delta - top - np.log(total * step)
        none = np.zeros_like(value)
        return Derivatives(value, none, self._tables.ai - mean, none, none, -variance)

    def _window(self, delta: Floats) -> tuple[Floats, Floats, Floats]:
        t, mode = self._tables, self._mode(delta)
        cells = (mode, t.n1 - mode, t.events - mode, t.n2 - t.events + mode)
        spread = 1 / np.sqrt(sum(1 / (cell + 1) for cell in cells))
        step = np.maximum(1, np.floor(spread / 3))
        return *self._terms(mode[..., None] + step[..., None] * _SIDE), step

    def _terms(self, support: Floats) -> tuple[Floats, Floats]:
        t, low, high = self._tables, self._low[:, None], self._high[:, None]
        within = np.clip(support, low, high)
        base = log_choose(t.n1[:, None], within) + log_choose(t.n2[:, None], t.events[:, None] - within)
        return within, np.where(support == within, base, -np.inf)

    def _mode(self, delta: Floats) -> Floats:
        # Where neighbours are equally likely: a x² - b x + c = 0 (Liao & Rosen 2001, The American Statistician 55:366).
        t, odds, against = self._tables, expit(delta), expit(-delta)
        a, b = odds - against, (t.events + t.n1 + 2) * odds + (t.n2 - t.events) * against
        c = odds * (t.n1 + 1) * (t.events + 1)
        root = np.sqrt(np.maximum(b * b - 4 * a * c, 0))
        at = np.where(b > 0, 2 * c / np.where(b > 0, b + root, 1), (b - root) / np.where(b > 0, 1, 2 * a))
        return np.clip(np.floor(at), self._low, self._high)
