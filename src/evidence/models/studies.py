"""The door for trials: whatever a user has at hand becomes checked effect sizes, variances and labels.

Every function that takes trials reads them here: arrays, Series (paired by their labels), a frame, or a fit. What else
a trial carries (``slab= by= ni= cluster= order= study=``) is the name of a column or one value a trial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..effects.arguments import shown
from ..effects.inputs import aligned, as_labels, is_default, label_index, require_distinct
from ..errors import InvalidInput
from .engine.engine import Floats
from .result import Result
from .values import check_values, numbers, require_column, require_labels


@runtime_checkable
class HasStudies(Protocol):
    """A fit that knows its studies; ``frame`` holds their rows where they came in a frame.

    Where rows depend on each other (`HasDependentRows`) they are studies only for what models that dependence.
    """

    @property
    def yi(self) -> Floats: ...
    @property
    def vi(self) -> Floats: ...
    @property
    def slab(self) -> tuple[str, ...]: ...
    @property
    def frame(self) -> pd.DataFrame | None: ...


@runtime_checkable
class HasDependentRows(Protocol):
    """A fit whose rows depend on each other: ``sampling`` is the covariance of their errors."""

    @property
    def sampling(self) -> object: ...


@runtime_checkable
class CombinedEffects(Protocol):
    """What statsmodels' `combine_effects` returns."""

    eff: ArrayLike
    var_eff: ArrayLike
    row_names: Sequence[object]


Effects: TypeAlias = ArrayLike | pd.Series | pd.DataFrame | HasStudies | CombinedEffects
"""What trials may come as: effect sizes (with ``vi`` beside them), a frame with ``yi`` and ``vi``, a fit, or what
statsmodels combined."""

Column: TypeAlias = str | ArrayLike | pd.Series
"""One more thing a trial carries: the name of a column of the frame, or one value a trial."""


@dataclass(frozen=True, slots=True, eq=False)
class Studies:
    """Complete studies, checked.

    Attributes
    ----------
    yi : (k,) array
    vi : (k,) array
    slab : tuple of k str
        Study labels.
    complete : bool array
        Over the rows given, False for those dropped because a value is missing.
    frame : DataFrame or None
        The k complete rows; None where the studies did not come in a frame.
    index : Index or None
        Labels of the rows given; None where they have none.
    """

    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    complete: NDArray[np.bool_]
    frame: pd.DataFrame | None
    index: pd.Index | None

    @property
    def k(self) -> int:
        """How many studies are complete."""
        return len(self.yi)

    @property
    def dropped(self) -> int:
        """How many rows were left out."""
        return int((~self.complete).sum())

    def values(self, given: Column | None, name: str) -> NDArray[np.object_]:
        """One more thing a study carries, (k,): ``given`` names a column of the frame or holds one value a study.

        Raises
        ------
        InvalidInput
            Nothing given, no such column, not one value a study, or labels that are not those of the studies.
        """
        labels = as_labels(self._column(given, name))
        require_labels(labels, name)
        return labels

    def floats(self, given: Column | None, name: str) -> Floats:
        """`values` that have to be finite numbers."""
        array = numbers(self._column(given, name), name)
        if not np.isfinite(array).all():
            first = self.slab[int(np.flatnonzero(~np.isfinite(array))[0])]
            raise InvalidInput(f"study {first!r} has no {name}: give a finite number for each study")
        return array

    def moderators(self, data: pd.DataFrame | None) -> pd.DataFrame:
        """Moderators of the k studies: their own frame, or rows of ``data``, paired by label as `values` are."""
        if data is None:
            if self.frame is None:
                raise InvalidInput("the moderators are missing: give a frame, or data= beside yi and vi")
            return self.frame
        if not isinstance(data, pd.DataFrame):
            raise InvalidInput(f"data is a {type(data).__name__}; give a frame of moderators, one row a study")
        if self.frame is not None:
            raise InvalidInput("the frame already holds the moderators; leave out data=")
        require_distinct(data)
        if len(data) not in (self.k, len(self.complete)) and is_default(data.index):
            raise InvalidInput(f"data has {len(data)} rows for {len(self.complete)} studies")
        rows = self.values(pd.Series(range(len(data)), index=data.index), "data")
        return data.iloc[rows.astype(int)]

    def only(self, keep: NDArray[np.bool_]) -> Studies:
        """Some of the studies, chosen by a (k,) mask; the others count as dropped."""
        complete = self.complete.copy()
        complete[complete] = keep
        slab = tuple(name for name, kept in zip(self.slab, keep, strict=True) if kept)
        frame = None if self.frame is None else self.frame.loc[keep]
        return Studies(self.yi[keep], self.vi[keep], slab, complete, frame, self.index)

    def _column(self, given: Column | None, name: str) -> object:
        if given is None:
            raise InvalidInput(f"{name} is missing: give one value a study, or the name of a column")
        if isinstance(given, str):
            if self.frame is None:
                raise InvalidInput(f"{name}={given!r} names a column, but the studies did not come in a frame")
            return require_column(self.frame, given, name)
        values = given if isinstance(given, pd.Series) else as_labels(given)
        if values.ndim != 1:
            raise InvalidInput(f"{name} has shape {values.shape}; give one value a study, shape (k,)")
        if isinstance(values, pd.Series) and self.index is not None:
            values = aligned(values, name, self.index, self.index[self.complete])
        if len(values) not in (len(self.complete), self.k):
            raise InvalidInput(f"{name} has {len(values)} values for {self.k} studies; give one value a study")
        return values[self.complete] if len(values) == len(self.complete) else values


def read_studies(effects: Effects, vi: ArrayLike | pd.Series | None = None, slab: Column | None = None) -> Studies:
    """Read studies from arrays, Series, a frame with columns ``yi`` and ``vi``, or a fit.

    Parameters
    ----------
    effects : array-like, DataFrame or fit
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit.
    vi : (k,) array-like
        None when ``effects`` brings the variances.
    slab : column name, or (k,) array-like
        By default the column ``label`` or ``study`` of a frame, else an index of names, else "Study 1", "Study 2", ...

    Raises
    ------
    InvalidInput
        Something is missing or of the wrong kind, shapes or labels differ, nothing is complete, a value is infinite, or
        a variance is negative.

    Notes
    -----
    Two Series are paired by their labels where both have the same ones, in whatever order; where their labels differ
    they are refused. A default index (0, 1, 2, ...) is no label: such Series are paired by position.
    """
    if isinstance(vi, str):
        raise InvalidInput(f"vi is {vi!r}: it takes sampling variances; a formula is given by name, formula={vi!r}")
    if vi is not None and brings_variances(effects):
        raise InvalidInput("a frame or a fit brings its own variances; leave vi out")
    frame = None
    if isinstance(effects, pd.DataFrame):
        frame = effects
        require_distinct(frame)
        missing = [name for name in ("yi", "vi") if name not in effects]
        if missing:
            raise InvalidInput(f"the frame has no column {' and '.join(missing)}; its columns: {list(effects.columns)}")
        given: object = effects["yi"]
        variances: object = effects["vi"]
    elif vi is not None:
        given, variances = effects, vi
    elif isinstance(effects, HasStudies):
        _refuse_dependent(effects)
        return studies_of(effects, slab)
    elif isinstance(effects, Result):
        raise InvalidInput(f"a {type(effects).__name__} holds no trials; give the fit or the frame it came from")
    elif isinstance(effects, CombinedEffects):
        own = list(effects.row_names)
        named = slab is None and own != list(range(len(own)))
        return read_studies(effects.eff, effects.var_eff, own if named else slab)
    elif effects is None or isinstance(effects, str):
        raise InvalidInput(
            f"yi is {shown(effects)}; give effect sizes and vi, a frame with columns yi and vi, or a fit"
        )
    else:
        raise InvalidInput("vi is missing: give the sampling variances, or a frame with columns yi and vi")
    index = label_index(given, variances)
    y, v = (numbers(aligned(part, name, index), name) for part, name in ((given, "yi"), (variances, "vi")))
    if len(y) != len(v):
        raise InvalidInput(f"yi has {len(y)} values and vi {len(v)}; each study needs one of both")
    names = _labels(slab, frame, index, len(y))
    check_values(y, v, names)
    complete = ~(np.isnan(y) | np.isnan(v))
    if not complete.any():
        raise InvalidInput("no study has both yi and vi")
    kept = None if frame is None else frame if complete.all() else frame.loc[complete]
    return Studies(y[complete], v[complete], tuple(np.array(names, dtype=object)[complete]), complete, kept, index)


def brings_variances(effects: object) -> bool:
    """Whether trials come with their variances: in a frame or in a fit."""
    if isinstance(effects, np.ndarray | list | tuple | pd.Series):  # what most calls give, and quickly told
        return False
    return isinstance(effects, pd.DataFrame | HasStudies | CombinedEffects)


def studies_of(fit: HasStudies, slab: Column | None = None) -> Studies:
    """The studies of a fit, whether or not they depend on each other."""
    index = fit.frame.index if fit.frame is not None else pd.Index(fit.slab)
    studies = Studies(fit.yi, fit.vi, fit.slab, np.ones(len(fit.yi), dtype=bool), fit.frame, index)
    if slab is None:
        return studies
    names = tuple(str(value) for value in studies.values(slab, "slab"))
    return Studies(fit.yi, fit.vi, names, studies.complete, fit.frame, index)


def _refuse_dependent(fit: HasStudies) -> None:
    if isinstance(fit, HasDependentRows):
        raise InvalidInput(
            f"rows of a {type(fit).__name__} fit depend on each other, and here each would count as a study of its "
            "own; give its frame if that is meant"
        )


def _labels(slab: Column | None, frame: pd.DataFrame | None, index: pd.Index | None, k: int) -> list[str]:
    if slab is None and frame is not None:
        slab = next((name for name in ("label", "study") if name in frame), None)
    if isinstance(slab, str):
        if frame is None:
            raise InvalidInput("slab can name a column only when the studies come in a frame")
        labels: Sequence[object] = list(require_column(frame, slab, "slab"))
    elif slab is not None:
        given = as_labels(aligned(slab, "slab", index))
        if given.ndim != 1:
            raise InvalidInput(f"slab has shape {given.shape}; give one label a study, or the name of a column")
        labels = list(given)
    elif index is not None and not pd.api.types.is_numeric_dtype(index):
        labels = list(index)
    else:
        labels = [f"Study {i + 1}" for i in range(k)]
    if len(labels) != k:
        raise InvalidInput(f"slab has {len(labels)} labels for {k} studies")
    return [str(label) for label in labels]
