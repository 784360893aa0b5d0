"""Every bias-adjusted estimate beside the naive one, with what it assumes and whether to trust it here."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd
from numpy.typing import ArrayLike

from ..errors import NotConverged, NotEstimable, SmallSample
from ..languages import _, pointed
from ..models import wording
from ..models.engine.inference import Interval
from ..models.result import Result
from ..models.univariate.pooled import Pooled
from . import trust
from .bias_methods import ESTIMATES, TESTS, Estimate, Test
from .source import Effects, read_source

T = TypeVar("T")


@dataclass(frozen=True, repr=False, eq=False)
class BiasTable(Result):
    """Bias-adjusted estimates of one pool.

    Attributes
    ----------
    estimates : DataFrame
        Index the method: estimate, se, ci_low, ci_high, p_value, change (from the naive estimate), assumes, trust
        ("reference", "yes", "caution" or "no"), reason. NaN where the reason says that there is none.
    tests : DataFrame
        Index the test: statistic, p_value, says, trust, reason.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    bias_table : Makes it.
    all_models : Every way to pool the same rows.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> table = ev.bias_table(yi, [s**2 for s in sei])
    >>> table.tests.loc[["Egger", "Begg"], "trust"].tolist()
    ['caution', 'caution']
    """

    estimates: pd.DataFrame
    tests: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        n = wording.number
        usable = self.estimates.loc[self.estimates["trust"].isin(["yes", "caution"]), "estimate"]
        observed = pointed(n(self.naive.estimate))
        if usable.empty:
            return _(
                "The average effect is {observed} as observed; none of {n} methods that correct for missing results "
                "can be trusted with {k} studies and I² = {i2}%.",
                observed=observed,
                n=len(self.estimates) - 1,
                k=self.naive.k,
                i2=f"{self.naive.i2:.0f}",
            )
        if len(usable) == 1:
            return _(
                "The average effect is {observed} as observed, and {effect} by the one correction that can be used "
                "here.",
                observed=observed,
                effect=pointed(n(usable.iloc[0])),
            )
        return _(
            "The average effect is {observed} as observed, and between {low} and {high} by the {n} corrections that "
            "can be used here.",
            observed=observed,
            low=pointed(n(usable.min())),
            high=pointed(n(usable.max())),
            n=len(usable),
        )

    def _title(self) -> str:
        return f"Bias table (k = {self.naive.k}, I² = {self.naive.i2:.0f}%)"

    def _lines(self) -> list[str]:
        lines = []
        for name, row in self.estimates.iterrows():
            found = "not estimable"
            if not math.isnan(row["estimate"]):
                ci = wording.interval(Interval(row["ci_low"], row["ci_high"]))
                found = f"{wording.number(row['estimate'])} ({ci})"
            lines.append(f"{name}: {found} [{row['trust']}]" + (f" {row['reason']}" if row["reason"] else ""))
        for name, row in self.tests.iterrows():
            lines.append(f"{name}: {row['says']} [{row['trust']}]" + (f" {row['reason']}" if row["reason"] else ""))
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.estimates

    def _table(self) -> pd.DataFrame:
        return self.estimates


def bias_table(effects: Effects, vi: ArrayLike | None = None) -> BiasTable:
    """Every adjusted estimate beside the naive one.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    BiasTable
        Adjusted estimates and tests, each with what it assumes and how far to trust it here.

    Raises
    ------
    NotEstimable
        Fewer than two studies, or a study without sampling error.

    See Also
    --------
    egger : One of the tests.
    selection_model : One of the adjusted estimates.
    all_models : Every way to pool the same rows, these among them.

    Notes
    -----
    Selection is taken to favour the direction of the naive estimate. What a method assumes stands in its row;
    whether it can be trusted follows the rules of `evidence.bias.trust` on the number of studies, I2, their sizes
    and power. A method that cannot be computed keeps its row, with the reason. Tests of asymmetry, and the limit
    that goes with them, are not run below ten studies.

    No row is the truth: the methods assume different things, and a conclusion that holds under all those that can
    be used is worth more than any of them (Carter et al. 2019).

    References
    ----------
    Carter, Schönbrodt, Gervais & Hilgard (2019), Advances in Methods and Practices in Psychological Science 2:115,
    10.1177/2515245919847196.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> table = ev.bias_table(yi, [s**2 for s in sei])
    >>> table.estimates.loc["trim and fill", "trust"]
    'no'
    """
    naive = read_source(effects, vi, 2, "a bias table").fit
    rows = {"as observed": _reference(naive)}
    for name, (assumes, run) in ESTIMATES.items():
        found, failure = _attempt(run, naive)
        rows[name] = _estimate_row(found, failure, assumes, naive)
    tests = {}
    for name, run_test in TESTS.items():
        tested, failure = _attempt(run_test, naive)
        tests[name] = _test_row(tested, failure)
    return BiasTable(
        estimates=pd.DataFrame.from_dict(rows, orient="index").rename_axis("method"),
        tests=pd.DataFrame.from_dict(tests, orient="index").rename_axis("test"),
        naive=naive,
    )


def _attempt(run: Callable[[Pooled], T], fit: Pooled) -> tuple[T | None, str]:
    """A method's result and what went wrong, one of them empty or both filled when it did not converge."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore", SmallSample)
        warnings.simplefilter("always", NotConverged)
        try:
            found = run(fit)
        except NotEstimable as error:
            return None, str(error)
    return found, "; ".join(str(entry.message) for entry in caught)


def _reference(fit: Pooled) -> dict[str, object]:
    return {
        "estimate": fit.estimate,
        "se": fit.se,
        "ci_low": fit.ci.low,
        "ci_high": fit.ci.high,
        "p_value": fit.p_value,
        "change": 0.0,
        "assumes": "no result is missing because of what it showed",
        "trust": "reference",
        "reason": "",
    }


def _estimate_row(found: Estimate | None, failure: str, assumes: str, naive: Pooled) -> dict[str, object]:
    if found is None:
        nothing = Interval(math.nan, math.nan)
        found = Estimate(math.nan, math.nan, nothing, math.nan, [])
    doubts = [trust.Doubt("no", failure)] if failure else []
    judged = trust.verdict(doubts + found.doubts)
    return {
        "estimate": found.estimate,
        "se": found.se,
        "ci_low": found.ci.low,
        "ci_high": found.ci.high,
        "p_value": found.p_value,
        "change": found.estimate - naive.estimate,
        "assumes": assumes,
        "trust": judged.trust,
        "reason": judged.reason,
    }


def _test_row(found: Test | None, failure: str) -> dict[str, object]:
    if found is None:
        found = Test(math.nan, None, "not run", [])
    doubts = [trust.Doubt("no", failure)] if failure else []
    judged = trust.verdict(doubts + found.doubts)
    return {
        "statistic": found.statistic,
        "p_value": math.nan if found.p_value is None else found.p_value,
        "says": found.says,
        "trust": judged.trust,
        "reason": judged.reason,
    }
