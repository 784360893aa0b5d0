"""From a row an arm to a row a comparison."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from ...errors import Incomplete, InvalidInput
from ..measures.effect_size import effect_size
from ..measures.measures import MEASURES
from ..measures.names import measure_name
from .statistics import KINDS, Statistics, read_columns, require_frame, require_named

_Arm = dict[Hashable, Any]
#: Measures of two arms.
_BOTH = {
    "MD": 0,
    "SMD": 0,
    "SMDH": 0,
    "ROM": 0,
    "CVR": 0,
    "RR": 1,
    "OR": 1,
    "RD": 1,
    "AS": 1,
    "PETO": 1,
    "IRR": 2,
    "IRD": 2,
}


def pairwise(
    arms: pd.DataFrame,
    measure: str | None = None,
    *,
    study: str = "study",
    treatment: str = "treatment",
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Make a row of each comparison of two arms of a trial.

    Parameters
    ----------
    arms : DataFrame
        One row an arm: the trial, the treatment, and ``mean sd n``, ``events n`` or ``events time`` (person-time).
    measure : str, optional
        Effect to compute: MD, SMD, SMDH, ROM, CVR; RR, OR, RD, AS, PETO; IRR, IRD. By default none is.
    study : str
        Column of the trial.
    treatment : str
        Column of the treatment.
    columns : mapping of str to str, optional
        Where the numbers are, as ``{"mean": "pain"}``; by default in columns of these names.

    Returns
    -------
    DataFrame
        A trial of m arms has m (m - 1) / 2 rows, arms in the order given: the trial, ``treatment1, treatment2``, with a
        measure ``yi, vi, measure``, and the numbers under the names of `effect_size` (``m1 sd1 n1 m2 sd2 n2``,
        ``ai n1 ci n2``, ``x1 t1 x2 t2``). What `network` takes.

    Raises
    ------
    InvalidInput
        A column is missing, or a treatment stands twice in a trial.

    Warns
    -----
    Incomplete
        Arms without all their numbers, and trials of a single arm, which give no row.

    See Also
    --------
    to_long : The other way.
    network : Compares the treatments.
    sampling_covariance : What comparisons with an arm in common share.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> arms = pd.DataFrame({"study": ["A", "A", "A"], "treatment": ["x", "y", "z"], "events": [4, 9, 6], "n": 20})
    >>> ev.pairwise(arms, "RD")[["treatment1", "treatment2", "yi"]].round(2).values.tolist()
    [['x', 'y', -0.25], ['x', 'z', -0.1], ['y', 'z', 0.15]]
    """
    frame = require_frame("arms", arms)
    study, treatment = require_named(frame, study, "study"), require_named(frame, treatment, "treatment")
    known = sorted({name for kind in KINDS for name in kind.arm})
    where = {name: name for name in known} | dict(read_columns(columns, known))
    named = None if measure is None else measure_name(measure, tuple(_BOTH))
    kind = _kind(frame, where, named)
    own = [require_named(frame, where[name], f"columns[{name!r}]") for name in kind.arm]
    used = frame.dropna(subset=[study, treatment, *own])
    rows, alone = [], 0
    for trial, group in used.groupby(study, sort=False):
        twice = group[treatment][group[treatment].duplicated()]
        if len(twice):
            raise InvalidInput(f"treatment {twice.iloc[0]!r} stands twice in study {trial!r}; combine its arms first")
        alone += len(group) == 1
        records = group[[treatment, *own]].to_dict("records")
        rows += [_row(study, trial, treatment, one, other, own, kind) for one, other in combinations(records, 2)]
    _tell(len(frame) - len(used), alone)
    if not rows:
        raise InvalidInput("arms has no trial with two complete arms")
    found = pd.DataFrame(rows)
    if named is None:
        return found
    statistics: dict[str, Any] = {name: found[name] for pair in kind.pair for name in pair if name in _taken(named)}
    effects = effect_size(named, **statistics)
    found.insert(3, "yi", effects["yi"])
    found.insert(4, "vi", effects["vi"])
    found.insert(5, "measure", named)
    return found


def _taken(measure: str) -> set[str]:
    counts = MEASURES[measure].counts
    return {*MEASURES[measure].inputs, *(counts.totals if counts else {})}


def _kind(frame: pd.DataFrame, where: Mapping[str, str], measure: str | None) -> Statistics:
    if measure is not None:
        return KINDS[_BOTH[measure]]
    found = next((kind for kind in KINDS if all(where[name] in frame for name in kind.arm)), None)
    if found is None:
        raise InvalidInput("arms has no columns mean sd n, events n or events time; say with columns= where they are")
    return found


def _row(
    study: str, trial: object, treatment: str, one: _Arm, other: _Arm, own: list[str], kind: Statistics
) -> dict[str, object]:
    row: dict[str, object] = {study: trial, "treatment1": one[treatment], "treatment2": other[treatment]}
    for side, arm in enumerate((one, other)):
        row |= {pair[side]: arm[column] for pair, column in zip(kind.pair, own, strict=True)}
    return row


def _tell(incomplete: int, alone: int) -> None:
    if incomplete or alone:
        text = f"{incomplete} arms lack a number and {alone} trials have a single complete arm: they give no comparison"
        warnings.warn(text, Incomplete, stacklevel=3)
