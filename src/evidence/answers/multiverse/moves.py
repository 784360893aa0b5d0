"""Which choices move a result, and by how much: each changed alone, whatever else is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.engine.engine import Floats


def moves(
    choices: Sequence[str], estimate: Floats, excludes: NDArray[np.bool_], cell: NDArray[np.int64]
) -> pd.DataFrame:
    """How far each choice moves the result when it alone is changed.

    Parameters
    ----------
    choices : sequence of str
        Names of the axes.
    estimate : array
        What every combination finds, an axis for each choice, as long as it has options; NaN where nothing can be
        estimated.
    excludes : array of bool
        Whether its interval excludes no effect.
    cell : array of int
        Which analysis it is: two combinations with the same number are one analysis under two names (Bayes, whatever
        the test), and no pair.

    Returns
    -------
    DataFrame
        One row a choice with a pair, those that move the estimate most first, in the order given where they move it
        alike (to nine decimals: the last digits are the processor's): ``choice``; ``pairs``, how many pairs of
        combinations differ in nothing but this choice, both of them estimable; ``change``, the mean over these pairs
        of the absolute difference of their estimates; ``turned``, the share of pairs in which one interval excludes no
        effect and the other does not.

    Notes
    -----
    With an estimate y for every combination, the change of choice c is the mean over all pairs of its options a, b and
    all ways r to make the other choices of |y(a, r) - y(b, r)|. Where a choice touches no trial of r its difference is
    0, and counts: the change is that to be expected of one who alters this choice without knowing the others.
    """
    rows = []
    for axis, choice in enumerate(choices):
        first, second = np.transpose(list(combinations(range(estimate.shape[axis]), 2)) or np.empty((0, 2), int))
        pair = [(part.take(first, axis), part.take(second, axis)) for part in (estimate, excludes, cell)]
        (a, b), (a_out, b_out), (a_cell, b_cell) = pair
        known = ~np.isnan(a) & ~np.isnan(b) & (a_cell != b_cell)
        if known.any():
            change, turned = np.abs(a - b)[known].mean(), (a_out != b_out)[known].mean()
            rows.append((choice, int(known.sum()), float(change), float(turned)))
    table = pd.DataFrame(rows, columns=["choice", "pairs", "change", "turned"])
    return table.sort_values(
        "change", ascending=False, kind="stable", key=lambda change: change.round(9), ignore_index=True
    )
