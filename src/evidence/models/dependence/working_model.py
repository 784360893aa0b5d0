"""What a fit must tell so that its coefficients can be tested with cluster-robust standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..engine.engine import Floats
from ..studies import HasStudies
from .blocks import BlockDiagonal


@dataclass(frozen=True, eq=False)
class WorkingModel:
    """A fitted model as the sandwich sees it.

    Attributes
    ----------
    names : tuple of p str
    beta : (p,) array
    x : (k, p) array
    residual : (k,) array
    weights : BlockDiagonal
        W.
    covariance : BlockDiagonal
        Covariance of the rows for which W stands.
    level : float
    """

    names: tuple[str, ...]
    beta: Floats
    x: Floats
    residual: Floats
    weights: BlockDiagonal
    covariance: BlockDiagonal
    level: float


@runtime_checkable
class HasWorkingModel(HasStudies, Protocol):
    """A fit that knows its rows and can say what the sandwich needs."""

    def working_model(self) -> WorkingModel: ...
