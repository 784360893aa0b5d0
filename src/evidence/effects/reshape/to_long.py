"""From a row a comparison to a row an arm."""

from __future__ import annotations

import pandas as pd

from ...errors import InvalidInput
from ..measures.names import columns_named
from .statistics import KINDS, require_frame, require_named


def to_long(pairs: pd.DataFrame, *, study: str = "study") -> pd.DataFrame:
    """Make a row of each arm of trials that stand in one row each.

    Parameters
    ----------
    pairs : DataFrame
        One row a comparison, with the numbers of both arms under the names of `effect_size` or metafor's: ``m1 sd1 n1
        m2 sd2 n2``, ``ai n1 ci n2`` (or ``bi`` and ``di``), ``x1 t1 x2 t2``.
    study : str
        Column of the trial.

    Returns
    -------
    DataFrame
        Two rows a comparison: the trial, ``treatment`` (that of ``treatment1`` and ``treatment2``, or 1 and 2 where the
        frame has none), then ``mean sd n``, ``events n`` or ``events time``, then its other columns. An arm that
        stands in several comparisons of a trial is there once.

    Raises
    ------
    InvalidInput
        The frame has none of these columns, or gives one arm different numbers.

    See Also
    --------
    pairwise : The other way.
    combine_arms : Two arms made one.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> pairs = pd.DataFrame({"study": ["A", "B"], "ai": [4, 3], "n1": [20, 30], "ci": [9, 5], "n2": [20, 31]})
    >>> ev.to_long(pairs).values.tolist()
    [['A', 1, 4, 20], ['A', 2, 9, 20], ['B', 1, 3, 30], ['B', 2, 5, 31]]
    """
    frame = require_frame("pairs", pairs)
    study = require_named(frame, study, "study")
    frame = _with_totals(frame)
    names = {name for kind in KINDS for pair in kind.pair for name in pair}
    where = columns_named(frame, names)
    kind = next((kind for kind in KINDS if all(name in where for pair in kind.pair for name in pair)), None)
    if kind is None:
        raise InvalidInput("pairs has none of m1 sd1 n1 m2 sd2 n2, ai n1 ci n2 and x1 t1 x2 t2 in full")
    taken = [where[name] for pair in kind.pair for name in pair]
    treatments = [name for name in ("treatment1", "treatment2") if name in frame]
    others = frame.drop(columns=[study, *taken, *treatments, "bi", "di", "yi", "vi", "measure"], errors="ignore")
    sides = []
    for side in (0, 1):
        label = frame[treatments[side]] if len(treatments) == 2 else side + 1
        numbers = {name: frame[where[pair[side]]] for name, pair in zip(kind.arm, kind.pair, strict=True)}
        sides.append(pd.DataFrame({study: frame[study], "treatment": label, **numbers}).join(others))
    every = pd.concat(sides).sort_index(kind="stable")
    if not treatments:
        return every.reset_index(drop=True)
    arms = every.drop_duplicates([study, "treatment", *kind.arm])
    differing = arms[arms.duplicated([study, "treatment"])]
    if len(differing):
        first = differing.iloc[0]
        arm = f"arm {first['treatment']!r} of study {first[study]!r}"
        raise InvalidInput(f"pairs: {arm} has different numbers in two rows")
    return arms.reset_index(drop=True)


def _with_totals(frame: pd.DataFrame) -> pd.DataFrame:
    """People of each arm where the frame has those without the event."""
    where = columns_named(frame, {"ai", "bi", "ci", "di", "n1", "n2"})
    found = frame.reset_index(drop=True)
    for total, events, others in (("n1", "ai", "bi"), ("n2", "ci", "di")):
        if total not in where and {events, others} <= set(where):
            found = found.assign(**{total: found[where[events]] + found[where[others]]})
    return found
