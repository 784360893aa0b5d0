"""Every sensible pooling of the same rows, side by side."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..bias.bias_table import bias_table
from ..bias.source import read_trials
from ..bias.trust import Trust
from ..effects.arguments import require_number
from ..errors import InvalidInput, NotConverged, NotEstimable, SmallSample
from ..models import wording
from ..models.engine.coefficient_tests import Test
from ..models.engine.engine import Settings
from ..models.engine.estimators import Method
from ..models.engine.inference import Interval
from ..models.result import Result
from ..models.studies import Column, Effects, Studies
from ..models.univariate.pooled import Pooled
from .poolings import MODELS, Fitted, Group, Model, Rows
from .subsets import Subset, read_subsets


@dataclass(frozen=True, repr=False, eq=False)
class AllModels(Result):
    """Poolings of the same rows.

    Attributes
    ----------
    models : DataFrame
        Index the model: group ("rows", "subset", "dependence", "bias"), k (rows pooled), trials, estimate, se, ci_low,
        ci_high, p_value, tau2, trust ("yes", "caution", "no"), note. NaN where the note says that there is none, and
        for tau2 in the group "bias".
    level : float
        Coverage of the intervals.

    See Also
    --------
    all_models : Makes it.
    bias_table : The group "bias", with tests.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.all_models([0.1, 0.3, 0.5, 0.2], [0.02, 0.03, 0.02, 0.04])
    >>> found.models.loc[["all rows", "one per trial"], "k"].tolist()
    [4, 4]
    """

    models: pd.DataFrame
    level: float

    def sentence(self) -> str:
        n = wording.number
        found = self.models.loc[(self.models["trust"] != "no") & self.models["estimate"].notna()]
        if found.empty:
            return f"None of {len(self.models)} ways to pool these rows can be used."
        clear = int(((found["ci_low"] > 0) | (found["ci_high"] < 0)).sum())
        return (
            f"Of {len(self.models)} ways to pool these rows {len(found)} can be used; their average effects lie "
            f"between {n(found['estimate'].min())} and {n(found['estimate'].max())}, and {clear} of the "
            f"{wording.percent(self.level)} confidence intervals exclude no effect."
        )

    def _title(self) -> str:
        return f"{len(self.models)} ways to pool the same rows"

    def _lines(self) -> list[str]:
        lines = []
        for name, row in self.models.iterrows():
            found = "not estimable"
            if not math.isnan(row["estimate"]):
                ci = wording.interval(Interval(row["ci_low"], row["ci_high"]))
                found = f"{wording.number(row['estimate'])} ({ci}), k = {row['k']}"
            lines.append(f"{name}: {found} [{row['trust']}]" + (f" {row['note']}" if row["note"] else ""))
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.models

    def _table(self) -> pd.DataFrame:
        return self.models


def all_models(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    study: Column | None = None,
    subsets: Mapping[str, Subset] | None = None,
    rho: float = 0.6,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
) -> AllModels:
    """Pool the same rows in every sensible way.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`; a study may have several rows.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    study : str or array-like, optional
        What trial a row is from; by default the column ``study`` of the frame, or the labels of the fit. Without either
        each row is a trial.
    subsets : mapping, optional
        Names of more subsets to what is in them: one bool a row, the name of a column of bools, or what columns hold,
        such as ``{"low risk of bias": {"risk_of_bias": "low"}}``.
    rho : float
        Correlation of sampling errors within a trial.
    method : str
        Estimator of the variance between studies, as for `pool`.
    test : str
        As for `pool`.
    level : float
        Coverage of the intervals.

    Returns
    -------
    AllModels
        In this order: all rows; one per trial; highest and lowest row per trial; without outliers; without
        influential trials; the subsets; three-level; correlated and hierarchical effects with CR2; then each
        bias-adjusted estimate of `bias_table`, WAAP among them.

    Raises
    ------
    InvalidInput
        Something is missing or of the wrong kind, a subset has not one value a row, rho is not between 0 and 1.

    See Also
    --------
    bias_table : The bias-adjusted estimates, with what each assumes.
    multilevel : Rows of one trial together.
    influence : What makes a trial influential.

    Notes
    -----
    "One per trial" averages the rows of a trial; its variance is that of a mean of errors that correlate by rho:
    (rho (sum sei)^2 + (1 - rho) sum vi) / m^2 (Borenstein et al. 2009, ch. 24). Outliers, influential trials, subsets
    and bias methods work on it. A trial is an outlier when its confidence interval lies outside that of the pool
    (Harrer et al. 2021, ch. 5), influential by the rules of `influence`. The three-level model takes sampling errors
    as independent. What cannot be estimated keeps its row and says why.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 24.
    Harrer, Cuijpers, Furukawa & Ebert (2021), Doing Meta-Analysis with R, ch. 5.
    Pustejovsky & Tipton (2022), Prevention Science 23:425, 10.1007/s11121-021-01246-3.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"study": list("AABBCDEF"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, 0.2, 0.4], "vi": 0.04})
    >>> found = ev.all_models(frame, subsets={"not F": frame["study"] != "F"})
    >>> found.models.loc[["all rows", "one per trial", "not F"], ["k", "trials"]].to_numpy().tolist()
    [[8, 6], [6, 6], [5, 5]]
    """
    require_number("rho", rho, 0, 1, "is not a correlation between 0 and 1")
    settings = Settings(method, test, level)
    studies = read_trials(effects, vi, "all_models")
    data = Rows(_rows(studies, study), rho, settings)
    table = pd.DataFrame([_model_row(*run, data) for run in _runs(read_subsets(studies, subsets))]).set_index("model")
    trials = data.trials
    if len(data.rows) > len(trials) and table.loc["all rows", "trust"] == "yes":
        table.loc["all rows", ["trust", "note"]] = ["caution", "rows of one trial count as independent"]
    return AllModels(pd.concat([table, *_bias_rows(data, trials)]), level)


def _rows(studies: Studies, study: Column | None) -> pd.DataFrame:
    """Columns study, yi, vi of the complete rows."""
    if study is None and studies.frame is not None:
        if "study" not in studies.frame:
            raise InvalidInput(
                f"the frame has no column study, which says what trial a row is from: {list(studies.frame.columns)}; "
                "study= can name another"
            )
        study = "study"
    names = np.array(studies.slab, dtype=object) if study is None else studies.values(study, "study")
    missing = pd.isna(names)
    if missing.any():
        raise InvalidInput(f"row {int(np.argmax(missing)) + 1} has no study; name the trial that it is from")
    return pd.DataFrame({"study": names, "yi": studies.yi, "vi": studies.vi})


def _runs(chosen: dict[str, NDArray[np.bool_]]) -> list[tuple[str, Group, Model]]:
    """Name, group and model; the user's subsets follow those of the registry."""
    runs = [(name, group, model) for name, (group, model) in MODELS.items()]
    own: list[tuple[str, Group, Model]] = [(name, "subset", partial(_subset, mask)) for name, mask in chosen.items()]
    groups: list[Group] = ["rows", "subset", "dependence"]
    return sorted(runs + own, key=lambda run: groups.index(run[1]))


def _subset(mask: NDArray[np.bool_], data: Rows) -> Fitted:
    return data.only(mask)


def _model_row(name: str, group: Group, model: Model, data: Rows) -> dict[str, object]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SmallSample)
        warnings.simplefilter("always", NotConverged)
        try:
            fit = model(data)
        except NotEstimable as error:
            return _row(name, group, 0, 0, None, "no", str(error))
    notes = ["one trial, not a pooled result"] if fit.k == 1 else []
    note = "; ".join(dict.fromkeys(notes + [str(entry.message) for entry in caught]))
    trials = len(set(fit.slab)) if isinstance(fit, Pooled) else fit.groups["study"]
    return _row(name, group, fit.k, trials, fit, "caution" if note else "yes", note)


def _row(name: str, group: str, k: int, trials: int, fit: Fitted | None, trust: Trust, note: str) -> dict[str, object]:
    ci = Interval(math.nan, math.nan) if fit is None else fit.ci
    return {
        "model": name,
        "group": group,
        "k": k,
        "trials": trials,
        "estimate": math.nan if fit is None else fit.estimate,
        "se": math.nan if fit is None else fit.se,
        "ci_low": ci.low,
        "ci_high": ci.high,
        "p_value": math.nan if fit is None else fit.p_value,
        "tau2": math.nan if fit is None else fit.tau2,
        "trust": trust,
        "note": note,
    }


def _bias_rows(data: Rows, trials: pd.DataFrame) -> list[pd.DataFrame]:
    """The bias-adjusted estimates of one row per trial, as rows of this table; none where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)
        fit = data.pool(trials)
    if fit.k < 2:
        return []
    adjusted = bias_table(fit).estimates.iloc[1:].rename(columns={"reason": "note"}).rename_axis("model")
    columns = ["group", "k", "trials", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "trust", "note"]
    return [adjusted.assign(group="bias", k=fit.k, trials=fit.k, tau2=math.nan)[columns]]
