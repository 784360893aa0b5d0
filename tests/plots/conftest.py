"""Made-up pooled results: figures are tested on what they draw, not on how it was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest


@dataclass(frozen=True)
class MadeUp:
    yi: np.ndarray
    vi: np.ndarray
    slab: list[str] | None
    weights: np.ndarray
    estimate: float
    ci: tuple[float, float]
    prediction_interval: tuple[float, float] | None
    k: int
    tau2: float
    i2: float
    q: float
    p_value: float
    method: str = "REML"
    level: float = 0.95


@pytest.fixture(scope="session")
def made_up() -> Callable[..., MadeUp]:
    """``made_up(yi, vi, slab=None)`` or ``made_up(k=12)``: something that looks like a pooled result."""

    def build(yi=None, vi=None, slab=None, k=5, seed=1, scale=1.0, method="REML") -> MadeUp:
        random = np.random.default_rng(seed)
        if yi is None:
            vi = random.uniform(0.01, 0.2, k)
            yi = 0.3 + random.normal(0, np.sqrt(vi + 0.02))
        yi, vi = np.asarray(yi, float) * scale, np.asarray(vi, float) * scale**2
        weights = 1 / vi / (1 / vi).sum()
        mean, half = float((weights * yi).sum()), 1.96 * float((1 / vi).sum()) ** -0.5
        wide = (mean - 3 * half, mean + 3 * half) if len(yi) > 2 else None
        names = slab or [f"Author {i + 1} {1990 + i % 33}" for i in range(len(yi))]
        ci = (mean - half, mean + half)
        return MadeUp(yi, vi, names, 100 * weights, mean, ci, wide, len(yi), 0.02, 40.0, 9.1, 0.01, method)

    return build


@pytest.fixture
def columns() -> Callable[[int], pd.DataFrame]:
    """Columns such as a reader would want beside ``k`` trials."""

    def build(k: int) -> pd.DataFrame:
        steps = np.arange(k)
        people = {"n acu.": 20 + steps, "n comp.": 22 + steps}
        return pd.DataFrame({"year": 1990 + steps % 33, **people, "week": 4 + steps % 9})

    return build


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with mpl.rc_context():
        yield
    plt.close("all")
