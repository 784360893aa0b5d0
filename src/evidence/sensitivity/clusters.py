"""Leave one cluster of dependent rows out: of a multilevel fit, its outermost groups, or any other rows together."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtr

from ..errors import Incomplete, NotConverged, NotEstimable
from ..models.dependence.blocks import BlockDiagonal
from ..models.engine.engine import Floats
from ..models.multilevel.deletion import blocks_without, without_rows
from ..models.multilevel.fitted_rows import Blocks, FittedRows, coefficients_at
from ..models.multilevel.mixed_model import MixedModel
from ..models.multilevel.result import Multilevel
from ..models.studies import Column, studies_of
from ..models.univariate.regression import Regression

DependentFit = Multilevel | MixedModel
"""What `multilevel` returns."""


def refuse_dependent(effects: object, method: str, instead: str) -> None:
    """Raise `NotEstimable` for a multilevel fit, whose rows are no independent trials; ``instead`` says what serves."""
    if isinstance(effects, FittedRows):
        kind = type(effects).__name__
        raise NotEstimable(f"{method} takes trials as independent, and rows of a {kind} fit are not; {instead}")


def refuse_moderators(effects: object, method: str) -> None:
    """Raise `NotEstimable` for a regression, which has no one effect."""
    if isinstance(effects, Regression):
        raise NotEstimable(
            f"{method} follows one pooled effect: give trials or a fit of pool, not a regression; "
            "influence(fit).dfbetas has what each study does to each coefficient"
        )


def clusters_of(fit: DependentFit, given: Column | None) -> tuple[NDArray[np.int64], pd.Index]:
    """(k,) codes of the clusters, and their names: a level of the fit, the outermost by default, or one label a row."""
    name = next(iter(fit.groups)) if given is None else given
    if isinstance(fit, Multilevel) and isinstance(name, str) and name in fit.groups:
        levels = fit._levels
        at = levels.names.index(name)
        return levels.codes[at], pd.Index(levels.labels[at])
    if isinstance(name, str) and name == "row":
        return np.arange(fit.k), pd.Index([f"{label}/{i + 1}" for i, label in enumerate(fit.slab)])
    codes, names = pd.factorize(studies_of(fit).values(name, "cluster"))
    return codes.astype(np.int64), pd.Index(names).astype(str)


def refits(fit: DependentFit, codes: NDArray[np.int64], method: str) -> list[DependentFit | None]:
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
    found: list[DependentFit | None] = []
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


def leave_one_cluster_out(fit: DependentFit) -> pd.DataFrame:
    """The mean without each group of the outermost level; columns as for a pooled mean, and the variances."""
    if len(fit.coefficients) > 1 or not (fit._design.x == 1).all():
        raise NotEstimable(
            "leave-one-out: a fit with moderators has no one effect; influence(fit).dfbetas has what each cluster does "
            "to each coefficient"
        )
    codes, names = clusters_of(fit, None)
    whole = _row(fit)
    rows = [
        dict.fromkeys(whole, np.nan) if each is None else _row(each) for each in refits(fit, codes, "leave-one-out")
    ]
    return pd.DataFrame(rows, index=names.rename("without"), columns=list(whole))


def _row(fit: DependentFit) -> dict[str, float]:
    only = fit.coefficients.iloc[0]
    row = {"k": float(fit.k)}
    row |= {name: float(only[name]) for name in ("estimate", "se", "ci_low", "ci_high", "statistic", "df", "p_value")}
    if isinstance(fit, Multilevel):
        row |= {"tau2": fit.tau2, "i2": fit.i2}
    row |= {"q": fit.q, "q_df": float(fit.q_df), "q_p": fit.q_p}
    if fit.prediction_interval is not None:
        row |= dict(zip(("pi_low", "pi_high"), fit.prediction_interval, strict=True))
    if isinstance(fit, Multilevel):
        return row | {f"sigma2_{name}": value for name, value in fit.sigma2.items()}
    found = fit.components
    names = (found["parameter"] + "_" + found["effect"] + " " + found["of"]).str.strip()
    return row | dict(zip(names, found["estimate"], strict=True))


def cluster_diagnostics(fit: DependentFit, cluster: Column | None) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Diagnostics, dfbetas and who is influential, one row a cluster; as metafor's of ``rma.mv`` with ``cluster``."""
    codes, names = clusters_of(fit, cluster)
    index = names.rename("study")
    deleted = refits(fit, codes, "influence")
    beta, whole, p = fit._beta(), fit._covariance(), len(fit._beta())
    change: Floats = np.array([np.full(p, np.nan) if each is None else beta - each._beta() for each in deleted])
    blocks = [_blocks(fit, each) for each in deleted]
    rows = fit._problem.rows
    scale = [
        np.full(p, np.nan) if each is None else np.diag(coefficients_at(fit._design.x, rows, each)) for each in blocks
    ]
    hat = np.bincount(codes, fit.hat())
    alone = bool((np.bincount(codes) == 1).all())
    outlying = [
        np.nan if each is None or block is None else _outlying(fit, each, block, codes == code, alone)
        for code, (each, block) in enumerate(zip(deleted, blocks, strict=True))
    ]
    determinant = float(np.linalg.det(whole))
    columns = {
        "rstudent" if alone else "chi2_deleted": outlying,
        "cooks_distance": np.einsum("ij,jl,il->i", change, np.linalg.inv(whole), change),
        "covariance_ratio": [
            np.nan if each is None else np.linalg.det(each._covariance()) / determinant for each in deleted
        ],
        "tau2_deleted": [each.tau2 if isinstance(each, Multilevel) else np.nan for each in deleted],
        "q_deleted": [np.nan if each is None else each.q for each in deleted],
        "hat": hat,
        "weight": np.bincount(codes, fit.weights),
        "rows": np.bincount(codes),
    }
    if isinstance(fit, MixedModel):
        del columns["tau2_deleted"]
    table = pd.DataFrame(columns, index=index)
    dfbetas = pd.DataFrame(change / np.sqrt(np.array(scale)), index=index, columns=list(fit._design.names))
    far = chdtr(p, np.nan_to_num(table["cooks_distance"].to_numpy())) > 0.5
    extreme = far | (hat > 3 * p / len(hat)) | (dfbetas.abs() > 1).any(axis=1).to_numpy()
    return table, dfbetas, pd.Series(extreme, index=index, name="influential")


def _blocks(fit: DependentFit, deleted: DependentFit | None) -> Blocks | None:
    """What `blocks_without` gives; None where a variance is gone with the cluster."""
    try:
        return None if deleted is None else blocks_without(fit, deleted)
    except NotEstimable:
        return None


def _outlying(fit: DependentFit, deleted: DependentFit, blocks: Blocks, out: NDArray[np.bool_], alone: bool) -> float:
    """How far a cluster lies from what the others expect: studentised of a row alone, chi-square of several."""
    where, x = np.flatnonzero(out), fit._design.x[out]
    residual = fit.yi[out] - x @ deleted._beta()
    marginal = BlockDiagonal(fit._problem.rows, blocks, fit.k).among(where)
    spread = marginal + x @ deleted._covariance() @ x.T
    if alone:
        return float(residual[0] / np.sqrt(spread[0, 0]))
    return float(residual @ np.linalg.lstsq(spread, residual, rcond=None)[0])
