"""What a fit must tell so that its coefficients can be tested with cluster-robust standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..engine.engine import Floats
from .blocks import BlockDiagonal


@dataclass(frozen=True, eq=False)
class WorkingModel:
    """A fitted model as the sandwich sees it.

    Attributes
    ----------
    names : tuple of p str; beta : (p,) array; x : (k, p) array; residual : (k,) array
    weights, covariance : BlockDiagonal, W and the covariance of the rows it stands for
    level : float
    """

    names: tuple[str, ...]
    beta: Floats
    x: Floats
    residual: Floats
    weights: BlockDiagonal
    covariance: BlockDiagonal
    level: float


class HasWorkingModel(Protocol):
    """A fit that can say what the sandwich needs."""

    def working_model(self) -> WorkingModel: ...
