"""Every sensible pooling of the same rows, side by side."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..bias.bias_table import bias_table
from ..bias.trust import Trust
from ..errors import InvalidInput, NotConverged, NotEstimable, SmallSample
from ..models import wording
from ..models.engine.estimators import Method, Test
from ..models.engine.inference import Interval, critical
from ..models.multilevel.multilevel import multilevel
from ..models.multilevel.result import Multilevel
from ..models.result import Result
from ..models.studies import read_studies
from ..models.univariate.pool import pool
from ..models.univariate.pooled import Pooled
from .influence import influence
from .one_per_trial import one_per_trial

Fitted = Pooled | Multilevel
Mask = NDArray[np.bool_]


@dataclass(frozen=True, repr=False, eq=False)
class AllModels(Result):
    """Poolings of the same rows.

    Attributes
    ----------
    models : frame, index the model: group ("rows", "subset", "dependence", "bias"), k (rows pooled), trials,
        estimate, se, ci_low, ci_high, p_value, tau2, trust ("yes", "caution", "no"), note. NaN where the note says
        that there is none, and for tau2 in the group "bias".
    level : float, coverage of the intervals
    """

    models: pd.DataFrame
    level: float

    def to_frame(self) -> pd.DataFrame:
        """One row a model."""
        return self.models

    def sentence(self) -> str:
        """One plain sentence from the numbers."""
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

    def _row(self) -> dict[str, object]:
        return {"models": len(self.models)}

    def _table(self) -> pd.DataFrame:
        return self.models


def all_models(
    frame: pd.DataFrame,
    *,
    subsets: Mapping[str, ArrayLike] | None = None,
    rho: float = 0.6,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
) -> AllModels:
    """Pool the same rows in every sensible way.

    Parameters
    ----------
    frame : DataFrame with columns ``study``, ``yi`` and ``vi``; a study may have several rows
    subsets : mapping of str to one bool a row. By default those that the columns tell: "low risk of bias"
        (``risk_of_bias`` "low") and "sham, patients blinded" (``comparator`` "sham", ``participants_blinded`` "yes")
    rho : float, correlation of sampling errors within a trial
    method, test, level : as for `pool`

    Returns
    -------
    AllModels
        In this order: all rows; one per trial; highest and lowest row per trial; without outliers; without
        influential trials; the subsets; three-level; correlated and hierarchical effects with CR2; then each
        bias-adjusted estimate of `bias_table`, WAAP among them.

    Raises
    ------
    InvalidInput
        A column is missing, a subset has not one value a row, rho is not between 0 and 1.

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
    >>> ev.all_models(frame).models.loc[["all rows", "one per trial"], ["k", "trials"]].to_numpy().tolist()
    [[8, 6], [6, 6]]
    """
    if not 0 <= rho <= 1:
        raise InvalidInput(f"rho {rho} is not a correlation between 0 and 1")
    rows, chosen = _read(frame, subsets)
    trials = one_per_trial(rows, rho)

    def fit(data: pd.DataFrame) -> Pooled:
        if data.empty:
            raise NotEstimable("no trial in it")
        return pool(data, method=method, test=test, level=level)

    def among(keep: Callable[[Pooled], Mask]) -> Callable[[], Pooled]:
        return lambda: fit(trials[keep(fit(trials))])

    ordered = rows.sort_values("yi", kind="stable")
    independent = rows["vi"].to_numpy()
    runs: list[tuple[str, str, Callable[[], Fitted]]] = [
        ("all rows", "rows", lambda: fit(rows)),
        ("one per trial", "rows", lambda: fit(trials)),
        ("highest per trial", "rows", lambda: fit(ordered.drop_duplicates("study", keep="last"))),
        ("lowest per trial", "rows", lambda: fit(ordered.drop_duplicates("study", keep="first"))),
        ("without outliers", "subset", among(not_outlying)),
        ("without influential trials", "subset", among(lambda fitted: ~influence(fitted).influential.to_numpy(bool))),
        *((name, "subset", partial(fit, one_per_trial(rows[mask], rho))) for name, mask in chosen.items()),
        ("three-level", "dependence", lambda: multilevel(rows, V=independent, robust=None, level=level)),
        ("correlated and hierarchical, CR2", "dependence", lambda: multilevel(rows, rho=rho, level=level)),
    ]
    table = pd.DataFrame([_model_row(name, group, run) for name, group, run in runs]).set_index("model")
    if len(rows) > len(trials) and table.loc["all rows", "trust"] == "yes":
        table.loc["all rows", ["trust", "note"]] = ["caution", "rows of one trial count as independent"]
    return AllModels(pd.concat([table, *_bias_rows(lambda: fit(trials))]), level)


def _read(frame: pd.DataFrame, subsets: Mapping[str, ArrayLike] | None) -> tuple[pd.DataFrame, dict[str, Mask]]:
    """Complete rows, and the subsets of them."""
    if "study" not in frame:
        raise InvalidInput(f"the frame has no column study, which says what trial a row is from: {list(frame.columns)}")
    complete = read_studies(frame, None).complete
    chosen = {}
    for name, mask in (_told_subsets(frame) if subsets is None else subsets).items():
        kept = np.asarray(mask, dtype=bool)
        if kept.shape != (len(frame),):
            raise InvalidInput(f"subset {name!r} has shape {kept.shape}; give one bool a row, {len(frame)} of them")
        chosen[name] = kept[complete]
    return frame.loc[complete, ["study", "yi", "vi"]].reset_index(drop=True), chosen


def _told_subsets(frame: pd.DataFrame) -> dict[str, ArrayLike]:
    told: dict[str, ArrayLike] = {}
    if "risk_of_bias" in frame:
        told["low risk of bias"] = frame["risk_of_bias"].eq("low").to_numpy(bool)
    if "comparator" in frame and "participants_blinded" in frame:
        blinded = frame["comparator"].eq("sham") & frame["participants_blinded"].eq("yes")
        told["sham, patients blinded"] = blinded.to_numpy(bool)
    return told


def not_outlying(fit: Pooled) -> Mask:
    """Trials whose normal confidence interval meets that of the pool."""
    half = float(critical(fit.level, np.array([np.inf]))[0]) * np.sqrt(fit.vi)
    return np.asarray((fit.yi + half >= fit.ci.low) & (fit.yi - half <= fit.ci.high))


def _model_row(name: str, group: str, run: Callable[[], Fitted]) -> dict[str, object]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SmallSample)
        warnings.simplefilter("always", NotConverged)
        try:
            fit = run()
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


def _bias_rows(fit_trials: Callable[[], Pooled]) -> list[pd.DataFrame]:
    """The bias-adjusted estimates of one row per trial, as rows of this table; none where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)
        fit = fit_trials()
    if fit.k < 2:
        return []
    adjusted = bias_table(fit).estimates.iloc[1:].rename(columns={"reason": "note"}).rename_axis("model")
    columns = ["group", "k", "trials", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "trust", "note"]
    return [adjusted.assign(group="bias", k=fit.k, trials=fit.k, tau2=math.nan)[columns]]
