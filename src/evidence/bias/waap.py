"""The weighted average of the adequately powered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..languages import _
from ..models import wording
from ..models.result import Adjusted
from ..models.univariate.pooled import Pooled
from .regression import Line, multiplicative
from .source import Effects, read_source

# Standard errors that an effect must exceed for 80% power in a two-sided test at 5%: 1.96 + 0.84.
ADEQUATE_POWER = 2.8


@dataclass(frozen=True, repr=False, eq=False)
class Waap(Adjusted):
    """The average over adequately powered studies.

    Attributes
    ----------
    estimate : float
        The average.
    se : float
        Its standard error.
    ci : Interval
        Its confidence interval.
    statistic : float
        Its t or z against zero.
    df : float
        Degrees of freedom, infinite for a normal test.
    p_value : float
        Two-sided.
    adequate : (k,) tuple of bool
        Studies with at least 80% power to find the average of all.
    k_adequate : int
        How many those are.
    fallback : bool
        True when fewer than two are and the average is over all studies.
    uwls : DataFrame
        Unrestricted weighted least squares average of all studies, one row.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    waap : Makes it.
    pet_peese : What a study without sampling error would show.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.waap([0.30, 0.35, 0.40, 0.90], [0.01, 0.01, 0.01, 0.09]).adequate
    (True, True, True, False)
    """

    adequate: tuple[bool, ...]
    k_adequate: int
    fallback: bool
    uwls: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        found = wording.with_interval(self.estimate, self.ci, self.naive.level)
        if self.fallback:
            return _(
                "Fewer than two of {k} studies had adequate power; the average of all is {found}.",
                k=self.naive.k,
                found=found,
            )
        return _(
            "Over the {n} of {k} studies with adequate power the average is {found}.",
            n=self.k_adequate,
            k=self.naive.k,
            found=found,
        )

    def _title(self) -> str:
        return f"Weighted average of the adequately powered (k = {self.k_adequate} of {self.naive.k})"

    def _lines(self) -> list[str]:
        lines = [
            self._estimate_line(self.naive.level),
            f"average of all studies (UWLS) {wording.number(float(self.uwls['estimate'].iloc[0]), 4)}",
        ]
        if self.fallback:
            lines.append("fewer than two adequately powered studies: the estimate is the average of all")
        return lines

    def _row(self) -> dict[str, object]:
        return {
            "k": self.naive.k,
            "k_adequate": self.k_adequate,
            "fallback": self.fallback,
            **self._estimate_columns(),
            "uwls": float(self.uwls["estimate"].iloc[0]),
        }

    def _table(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"slab": self.naive.slab, "yi": self.naive.yi, "vi": self.naive.vi, "adequate": self.adequate}
        )


def waap(effects: Effects, vi: ArrayLike | None = None) -> Waap:
    """Weighted average of the adequately powered, with the average of all studies as its fallback.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    Waap
        The average, and which studies it is over.

    Raises
    ------
    NotEstimable
        Fewer than two studies.

    See Also
    --------
    pet_peese : What a study without sampling error would show.
    pool : The random-effects average.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    Unrestricted weighted least squares (UWLS): the inverse-variance average with a residual variance that
    multiplies vi, t with k - 1 df. A study is adequately powered when sei <= abs(UWLS) / 2.8, which gives 80% power
    to find UWLS. With two or more such studies the estimate is their UWLS, else that of all (WAAP-WLS).

    References
    ----------
    Ioannidis, Stanley & Doucouliagos (2017), Economic Journal 127:F236, 10.1111/ecoj.12461.
    Stanley, Doucouliagos & Ioannidis (2017), Statistics in Medicine 36:1580, 10.1002/sim.7228.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.waap([0.30, 0.35, 0.40, 0.90], [0.01, 0.01, 0.01, 0.09]).k_adequate
    3
    """
    naive = read_source(effects, vi, 2, "WAAP").fit
    everyone = np.ones(naive.k, dtype=bool)
    uwls = _uwls(naive, everyone)
    adequate = np.sqrt(naive.vi) <= abs(uwls.beta[0]) / ADEQUATE_POWER
    fallback = adequate.sum() < 2
    line = uwls if fallback else _uwls(naive, adequate)
    return Waap(
        estimate=float(line.beta[0]),
        se=float(line.se[0]),
        ci=line.ci(0),
        statistic=float(line.statistic[0]),
        df=line.df,
        p_value=float(line.p_value[0]),
        adequate=tuple(bool(a) for a in adequate),
        k_adequate=int(adequate.sum()),
        fallback=bool(fallback),
        uwls=uwls.frame(["UWLS"]),
        naive=naive,
    )


def _uwls(fit: Pooled, use: NDArray[np.bool_]) -> Line:
    return multiplicative(fit.yi[use], np.ones((int(use.sum()), 1)), 1 / fit.vi[use], fit.level)
