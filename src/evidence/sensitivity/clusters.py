"""Leave one cluster of dependent rows out: of a multilevel fit, its outermost groups, or any other rows together."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtr

from ..errors import Incomplete, NotConverged, NotEstimable
from ..models.engine.engine import Floats
from ..models.multilevel.deletion import covariance_at, hat_values, without_rows
from ..models.multilevel.result import Multilevel
from ..models.studies import Column, studies_of
from ..models.univariate.regression import Regression


def refuse_dependent(effects: object, method: str, instead: str) -> None:
    """Raise `NotEstimable` for a multilevel fit, whose rows are no independent trials; ``instead`` says what serves."""
    if isinstance(effects, Multilevel):
        raise NotEstimable(f"{method} takes trials as independent, and rows of a Multilevel fit are not; {instead}")


def refuse_moderators(effects: object, method: str) -> None:
    """Raise `NotEstimable` for a regression, which has no one effect."""
    if isinstance(effects, Regression):
        raise NotEstimable(
            f"{method} follows one pooled effect: give trials or a fit of pool, not a regression; "
            "influence(fit).dfbetas has what each study does to each coefficient"
        )


def clusters_of(fit: Multilevel, given: Column | None) -> tuple[NDArray[np.int64], pd.Index]:
    """(k,) codes of the clusters, and their names: a level of the fit, the outermost by default, or one label a row."""
    levels = fit._levels
    name = levels.names[0] if given is None else given
    if isinstance(name, str) and name in levels.names:
        at = levels.names.index(name)
        return levels.codes[at], pd.Index(levels.labels[at])
    if isinstance(name, str) and name == "row":
        return np.arange(fit.k), pd.Index([f"{label}/{i + 1}" for i, label in enumerate(fit.slab)])
    codes, names = pd.factorize(studies_of(fit).values(name, "cluster"))
    return codes.astype(np.int64), pd.Index(names).astype(str)


def refits(fit: Multilevel, codes: NDArray[np.int64], method: str) -> list[Multilevel | None]:
    """The fit without each cluster; None where what is left determines no fit.

    Raises
    ------
    NotEstimable
        No cluster can be left out.

    Warns
    -----
    Incomplete
        Some cannot.
    """
    found: list[Multilevel | None] = []
    reasons: list[str] = []
    for code in range(int(codes.max()) + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotConverged)
            try:
                found.append(without_rows(fit, codes != code))
            except NotEstimable as reason:
                found.append(None)
                reasons.append(str(reason))
    if len(reasons) == len(found):
        raise NotEstimable(f"{method}: no cluster can be left out: {reasons[0]}")
    if reasons:
        text = f"{len(reasons)} of {len(found)} clusters cannot be left out, their rows are NaN: {reasons[0]}"
        warnings.warn(text, Incomplete, stacklevel=4)
    return found


def leave_one_cluster_out(fit: Multilevel) -> pd.DataFrame:
    """The mean without each group of the outermost level; columns as for a pooled mean, and sigma2 by level."""
    if len(fit.coefficients) > 1 or not (fit._design.x == 1).all():
        raise NotEstimable(
            "leave-one-out: a fit with moderators has no one effect; influence(fit).dfbetas has what each cluster does "
            "to each coefficient"
        )
    codes, names = clusters_of(fit, None)
    rows = [_row(each, fit) for each in refits(fit, codes, "leave-one-out")]
    return pd.DataFrame(rows, index=names.rename("without"))


def _row(fit: Multilevel | None, whole: Multilevel) -> dict[str, float]:
    spreads = [f"sigma2_{name}" for name in whole.sigma2]
    columns = ["estimate", "se", "ci_low", "ci_high", "statistic", "df", "p_value", "tau2", "i2", "q", "q_df", "q_p"]
    if fit is None:
        return dict.fromkeys(["k", *columns, "pi_low", "pi_high", *spreads], np.nan)
    only = fit.coefficients.iloc[0]
    row = {"k": float(fit.k)} | {name: float(only[name] if name in only else getattr(fit, name)) for name in columns}
    row |= dict(zip(("pi_low", "pi_high"), fit.prediction_interval, strict=True))
    return row | dict(zip(spreads, fit.sigma2.values(), strict=True))


def cluster_diagnostics(fit: Multilevel, cluster: Column | None) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Diagnostics, dfbetas and who is influential, one row a cluster; as metafor's of ``rma.mv`` with ``cluster``."""
    codes, names = clusters_of(fit, cluster)
    index = names.rename("study")
    deleted = refits(fit, codes, "influence")
    beta, whole, p = fit._state.beta, fit._state.covariance, len(fit._state.beta)
    nothing = np.full(p, np.nan)
    change: Floats = np.array([nothing if each is None else beta - each._state.beta for each in deleted])
    scale = [nothing if each is None else np.diag(covariance_at(fit, each._state.sigma2)) for each in deleted]
    hat = np.bincount(codes, hat_values(fit))
    table = pd.DataFrame(
        {
            "cooks_distance": np.einsum("ij,jl,il->i", change, np.linalg.inv(whole), change),
            "covariance_ratio": [
                np.nan if each is None else np.linalg.det(each._state.covariance) / np.linalg.det(whole)
                for each in deleted
            ],
            "tau2_deleted": [np.nan if each is None else each.tau2 for each in deleted],
            "q_deleted": [np.nan if each is None else each.q for each in deleted],
            "hat": hat,
            "weight": np.bincount(codes, fit.weights),
            "rows": np.bincount(codes),
        },
        index=index,
    )
    dfbetas = pd.DataFrame(change / np.sqrt(np.array(scale)), index=index, columns=list(fit._design.names))
    far = chdtr(p, np.nan_to_num(table["cooks_distance"].to_numpy())) > 0.5
    extreme = far | (hat > 3 * p / len(hat)) | (dfbetas.abs() > 1).any(axis=1).to_numpy()
    return table, dfbetas, pd.Series(extreme, index=index, name="influential")
