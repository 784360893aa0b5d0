"""What to do with counts of zero, by metafor's rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..inputs import Floats

TO = ("only0", "all", "if0all", "none")


def add_to_cells(cells: dict[str, Floats], add: float, to: str) -> dict[str, Floats]:
    """Add a constant to the counts of some rows.

    Parameters
    ----------
    cells : dict of (k,) arrays
        The counts that are added to together; a row has a zero cell if any of them is 0.
    add : float
        What to add to each count.
    to : {"only0", "all", "if0all", "none"}
        To rows with a zero cell, to all rows, to all rows if any row has a zero cell, or to none.

    Returns
    -------
    dict of (k,) arrays
        The adjusted counts under the same names.
    """
    has_zero = np.any([count == 0 for count in cells.values()], axis=0)
    rows = {"only0": has_zero, "all": True, "if0all": has_zero.any(), "none": False}[to]
    return {name: count + np.where(rows, add, 0.0) for name, count in cells.items()}


def double_zero(pairs: tuple[tuple[Floats, Floats], ...]) -> NDArray[np.bool_]:
    """Rows where both members of any pair of counts are 0 (no events, or nothing but events, in both groups)."""
    rows: NDArray[np.bool_] = np.any([(first == 0) & (second == 0) for first, second in pairs], axis=0)
    return rows
