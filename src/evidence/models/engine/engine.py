"""The engine's front: settings in, a batch of fitted meta-analyses out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from importlib.util import find_spec
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...effects.arguments import require_choice, require_flag, require_level, require_number
from ...errors import InvalidInput, NotConverged
from . import segments
from .coefficient_tests import TESTS, Test
from .estimators import ESTIMATORS, METHODS, Estimator, Method
from .moments import Data, Work
from .tau2 import NOT_CONVERGED

Floats = NDArray[np.float64]
Part = TypeVar("Part")

# A variance of zero becomes this: its study outweighs all others, yet no sum of the engine overflows.
SMALLEST_VARIANCE = 1e-70
# Studies times squared coefficients above which machine code is worth importing numba (about 0.5 s).
_COMPILE_ABOVE = 20_000
# Studies a thread fits at a time: few enough to stay in a processor's cache.
_BLOCK = 1 << 15


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fit: the arguments every pooled model shares, checked once.

    Parameters
    ----------
    method : str, estimator of tau2 (see `estimators`)
    test : "z", "t", "hksj" or "hksj-adhoc"
    level : float, coverage of intervals
    tau2 : float or None, a known value instead of an estimate
    weighted : bool, False for equal weights in the coefficients
    """

    method: Method = "REML"
    test: Test = "hksj-adhoc"
    level: float = 0.95
    tau2: float | None = None
    weighted: bool = True

    def __post_init__(self) -> None:
        require_choice("method", self.method, METHODS)
        require_choice("test", self.test, TESTS)
        require_level(self.level)
        if self.tau2 is not None:
            require_number("tau2", self.tau2, 0, np.inf, "is not a variance; give a number of at least 0")
        require_flag("weighted", self.weighted)

    @property
    def estimator(self) -> Estimator:
        """The record of ``method``."""
        require_choice("method", self.method, METHODS)
        return ESTIMATORS[self.method]

    @property
    def code(self) -> int:
        return METHODS.index(self.method)

    @property
    def random(self) -> bool:
        """Whether the model has a between-study variance at all."""
        return self.estimator.random

    @property
    def fixed_tau2(self) -> bool:
        return self.tau2 is not None or not self.random


@dataclass(frozen=True, slots=True)
class Batch:
    """B fitted meta-analyses with P coefficients each, one entry a fit.

    Attributes
    ----------
    k : (B,) int array, studies
    beta : (B, P) array, coefficients
    cov : (B, P, P) array, their covariance under the model, not yet scaled by the test
    tau2 : (B,) array
    q : (B,) array, y'Py (Cochran's Q) at tau2 = 0
    trace : (B,) array, tr P at tau2 = 0
    rss : (B,) array, y'Py at tau2
    status : (B,) int array, `CONVERGED`, `NOT_CONVERGED` or `COLLINEAR` (then the numbers are NaN)
    """

    k: NDArray[np.int64]
    beta: Floats
    cov: Floats
    tau2: Floats
    q: Floats
    trace: Floats
    rss: Floats
    status: NDArray[np.int8]

    @classmethod
    def join(cls, parts: Sequence[Batch]) -> Batch:
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def take(self, fits: NDArray[np.intp]) -> Batch:
        """The fits of these numbers, in this order."""
        return Batch(*(getattr(self, f.name)[fits] for f in fields(self)))

    def warn_unconverged(self) -> None:
        """Warn, on behalf of the caller's caller, when the one fit of this batch did not converge."""
        if self.status[0] == NOT_CONVERGED:
            text = f"the iteration for tau2 did not end; it stands at {self.tau2[0]:g}"
            warnings.warn(text, NotConverged, stacklevel=4)

    def scaled(self, factor: Floats) -> Batch:
        """The same fits with ``cov`` multiplied by one factor a fit."""
        return replace(self, cov=self.cov * factor[:, None, None])


def fit_batch(
    settings: Settings,
    y: Floats,
    v: Floats,
    starts: NDArray[np.int64],
    x: Floats | None = None,
    weights: Floats | None = None,
) -> Batch:
    """Fit the meta-analyses that lie end to end in ``y`` and ``v``.

    Parameters
    ----------
    settings : Settings
    y : (N,) array, effect sizes of all fits
    v : (N,) array, their sampling variances
    starts : (B + 1,) int array, fit b is ``y[starts[b]:starts[b + 1]]``
    x : (N, p) array, design matrix; None for a common mean
    weights : (N,) array, weights of the user's for the coefficients (and for GENQ)
    """
    if settings.estimator.needs_weights and weights is None:
        raise InvalidInput(f"{settings.method} needs weights of your own, one meta-analysis at a time: use pool")
    p = 0 if x is None else x.shape[1]
    size = max(p, 1)
    count = len(starts) - 1
    k = np.diff(starts)
    longest = int(k.max(initial=1))
    if weights is None and not settings.weighted:
        weights = np.ones(len(y))
    beta = np.full((count, size), np.nan)
    cov = np.full((count, size, size), np.nan)
    stats = np.full((count, 4), np.nan)
    status = np.full(count, NOT_CONVERGED, dtype=np.int8)
    fixed = 0.0 if not settings.random else -1.0 if settings.tau2 is None else settings.tau2
    scalars = (settings.code, p, float(fixed), weights is not None)
    studies = (
        _contiguous(settings.estimator.target(np.arange(longest + 1, dtype=float))),
        _contiguous(y),
        np.maximum(_contiguous(v), SMALLEST_VARIANCE),
        np.empty(0) if weights is None else _contiguous(weights),
        np.empty((0, 1)) if x is None else _contiguous(x),
    )
    starts = np.ascontiguousarray(starts, dtype=np.int64)
    run = _kernel(len(y) * size * size, p > 0)

    def block(low: int, high: int) -> None:
        own = (np.empty(longest), np.empty(longest), np.empty(longest), np.empty((size, longest)))
        results = (each[low:high] for each in (beta, cov, stats, status))
        run(*scalars, *studies, starts[low : high + 1], own, _work(longest, size), *results)

    in_blocks(block, starts)
    return Batch(
        k,
        beta,
        cov,
        stats[:, segments.TAU2],
        stats[:, segments.Q],
        stats[:, segments.TRACE],
        stats[:, segments.RSS],
        status,
    )


def in_blocks(task: Callable[[int, int], Part], starts: NDArray[np.int64]) -> list[Part]:
    """Results of ``task(low, high)`` for fits ``low`` to ``high - 1``, block after block, on all cores.

    Parameters
    ----------
    task : callable
        What it does should take little time inside the interpreter: the kernels and numpy let go of it.
    starts : (B + 1,) int array
        Where the fits begin, as for `fit_batch`. What belongs together in a block depends on them alone.
    """
    bounds = np.arange(starts[0], starts[-1], _BLOCK)
    cuts = np.unique([0, *np.searchsorted(starts[:-1], bounds), len(starts) - 1]).tolist()
    if len(cuts) <= 2:
        return [task(0, len(starts) - 1)]
    with ThreadPoolExecutor() as threads:
        return list(threads.map(task, cuts[:-1], cuts[1:]))


def single(settings: Settings, y: Floats, v: Floats, x: Floats | None = None, weights: Floats | None = None) -> Batch:
    """A batch of one."""
    return fit_batch(settings, y, v, np.array([0, len(y)]), x, weights)


def workspace(y: Floats, v: Floats, x: Floats | None = None) -> tuple[Data, Work]:
    """One meta-analysis as the plain kernels of `moments` and `tau2` take it, with work space."""
    k = len(y)
    p = 0 if x is None else x.shape[1]
    order = np.argsort(v, kind="stable")
    origin = y[order[0]] if p == 0 else 0.0
    size = max(p, 1)
    design = np.ones((1, k)) if x is None else x[order].T
    arrays: tuple[Any, ...] = (y[order] - origin, np.maximum(v[order], SMALLEST_VARIANCE), _contiguous(design))
    yi, vi, xi = (memoryview(array) for array in arrays)
    w, e, q, r, c, u = (memoryview(array) for array in _work(k, size))
    return (yi, vi, xi, k, p), (w, e, q, r, c, u)


def _work(longest: int, size: int) -> tuple[Any, ...]:
    shapes = (longest, longest, (size, longest), (size, size), size, longest)
    return tuple(np.zeros(shape) for shape in shapes)


def _kernel(work: int, design: bool) -> Callable[..., None]:
    # Which of the two it is depends on the call alone, and the results are the same bits.
    if work > _COMPILE_ABOVE and find_spec("numba"):
        from .compiled import compiled_fit_segments

        return compiled_fit_segments(design)
    return _plain


def _plain(*arguments: Any) -> None:
    # Plain Python reads a list or a memoryview much faster than an array; what it fills has to be the latter.
    given, results = arguments[:-4], arguments[-4:]
    segments.fit_segments(*(_quick(each) for each in given), *(memoryview(each) for each in results))


def _quick(argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(map(_quick, argument))
    if not isinstance(argument, np.ndarray):
        return argument
    views: Any = argument
    return argument.tolist() if argument.ndim == 1 else memoryview(views)


def _contiguous(array: Floats) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float64)
