"""The ways to pool rows of trials: one registry, from which `all_models` follows.

One more model is one function here, entered by its decorator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import NotEstimable
from ..models.engine.engine import Settings
from ..models.engine.inference import critical
from ..models.multilevel.multilevel import multilevel
from ..models.multilevel.result import Multilevel
from ..models.univariate.pool import pool
from ..models.univariate.pooled import Pooled
from .influence import influence
from .one_per_trial import one_per_trial

Fitted = Pooled | Multilevel
Group = Literal["rows", "subset", "dependence"]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is pooled, and how.

    Attributes
    ----------
    rows : DataFrame
        study, yi, vi, complete.
    rho : float
        Correlation of sampling errors within a trial.
    settings : Settings
        Of the pooled means.
    """

    rows: pd.DataFrame
    rho: float
    settings: Settings

    @property
    def trials(self) -> pd.DataFrame:
        """One row a trial."""
        return one_per_trial(self.rows, self.rho)

    def pool(self, rows: pd.DataFrame) -> Pooled:
        """The mean of some rows."""
        if rows.empty:
            raise NotEstimable("no trial in it")
        return pool(rows, method=self.settings.method, test=self.settings.test, level=self.settings.level)

    def only(self, keep: NDArray[np.bool_]) -> Pooled:
        """The mean of the trials of some rows, one row a trial."""
        return self.pool(one_per_trial(self.rows[keep], self.rho))


Model = Callable[[Rows], Fitted]
#: Name to group and model, in the order of the table.
MODELS: dict[str, tuple[Group, Model]] = {}


def _model(name: str, group: Group) -> Callable[[Model], Model]:
    def enter(model: Model) -> Model:
        MODELS[name] = (group, model)
        return model

    return enter


@_model("all rows", "rows")
def _all_rows(data: Rows) -> Fitted:
    return data.pool(data.rows)


@_model("one per trial", "rows")
def _one_per_trial(data: Rows) -> Fitted:
    return data.pool(data.trials)


@_model("highest per trial", "rows")
def _highest(data: Rows) -> Fitted:
    return data.pool(data.rows.sort_values("yi", kind="stable").drop_duplicates("study", keep="last"))


@_model("lowest per trial", "rows")
def _lowest(data: Rows) -> Fitted:
    return data.pool(data.rows.sort_values("yi", kind="stable").drop_duplicates("study", keep="first"))


@_model("without outliers", "subset")
def _without_outliers(data: Rows) -> Fitted:
    trials = data.trials
    return data.pool(trials[not_outlying(data.pool(trials))])


@_model("without influential trials", "subset")
def _without_influential(data: Rows) -> Fitted:
    trials = data.trials
    return data.pool(trials[~influence(data.pool(trials)).influential.to_numpy(bool)])


@_model("three-level", "dependence")
def _three_level(data: Rows) -> Fitted:
    independent = data.rows["vi"].to_numpy()
    return multilevel(data.rows, V=independent, robust=None, level=data.settings.level)


@_model("correlated and hierarchical, CR2", "dependence")
def _correlated_and_hierarchical(data: Rows) -> Fitted:
    return multilevel(data.rows, rho=data.rho, level=data.settings.level)


def not_outlying(fit: Pooled) -> NDArray[np.bool_]:
    """Trials whose normal confidence interval meets that of the pool."""
    half = float(critical(fit.level, np.array([np.inf]))[0]) * np.sqrt(fit.vi)
    return np.asarray((fit.yi + half >= fit.ci.low) & (fit.yi - half <= fit.ci.high))
