"""A fitted selection model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from ...errors import InvalidInput
from ...models import wording
from ...models.engine.engine import Floats
from ...models.result import Adjusted
from ...models.univariate.compare import LikelihoodRatio
from ...models.univariate.pooled import Pooled
from ...models.univariate.regression import Regression
from .functions import FAMILIES, Kind, PValues

Alternative = Literal["greater", "less", "two-sided"]


@dataclass(frozen=True, repr=False, eq=False)
class SelectionModel(Adjusted):
    """A fitted selection model.

    Attributes
    ----------
    estimate, se, ci, statistic, df, p_value : mean effect before selection (with moderators, the first
        coefficient), with its normal test
    tau2 : float; tau2_se : float, None when tau2 is fixed or zero
    coefficients : frame, one row a coefficient
    weights : frame, one row a parameter of the selection function. "stepfun": p_low, p_high, k, estimate, se,
        ci_low, ci_high, the chance of being seen relative to the first interval; else estimate, se, ci_low, ci_high
        by parameter. The standard error is NaN for a parameter that is fixed or stands at its bound.
    log_likelihood : float; lr_test : LikelihoodRatio, against the same model without selection
    kind, alternative : str; steps : tuple of float, cut points, for "stepfun"
    naive : Pooled or Regression, the fit without selection
    """

    tau2: float
    tau2_se: float | None
    coefficients: pd.DataFrame
    weights: pd.DataFrame
    log_likelihood: float
    lr_test: LikelihoodRatio
    kind: Kind
    alternative: Alternative
    steps: tuple[float, ...]
    naive: Pooled | Regression

    def selection(self, p: ArrayLike) -> Floats:
        """w(p) at p values: relative chance of a study to be seen."""
        values = np.asarray(p, dtype=float)
        if ((values < 0) | (values > 1)).any():
            raise InvalidInput("p values lie between 0 and 1")
        delta = self.weights["estimate"].to_numpy()
        if self.kind == "stepfun":
            return np.asarray(delta[np.searchsorted(self.steps, values, side="left")])
        family = FAMILIES[self.kind]
        return np.exp(family.log_weight(delta, PValues(-ndtri(values), False, family.edge))[0])

    def sentence(self) -> str:
        """One plain sentence from the numbers."""
        n = wording.number
        if isinstance(self.naive, Pooled):
            what, observed = "the average effect", self.naive.estimate
        else:
            what, observed = f"the coefficient {self.naive.names[0]!r}", float(self.naive.beta[0])
        text = (
            f"Had studies not been selected by their p value, {what} would be {n(self.estimate)} "
            f"({wording.percent(self.naive.level)} confidence interval {wording.interval(self.ci)}), against "
            f"{n(observed)} as observed; "
        )
        p = wording.p_value(self.lr_test.p_value)
        if self.lr_test.p_value < 1 - self.naive.level:
            return text + f"the studies show selection (p {p})."
        return text + f"the studies do not show selection (p {p})."

    def _title(self) -> str:
        steps = f" at {', '.join(f'{step:g}' for step in self.steps[:-1])}" if self.steps else ""
        return f"Selection model, {self.kind}{steps}, {self.alternative} (k = {self.naive.k})"

    def _lines(self) -> list[str]:
        n = wording.number
        lr = self.lr_test
        spread = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
        lines = [
            self._estimate_line(self.naive.level),
            f"tau² = {n(self.tau2, 4)}{spread}",
            f"no selection: LR({lr.df}) = {n(lr.statistic)}, p {wording.p_value(lr.p_value)}",
        ]
        return lines + [f"{name}: {n(value, 4)}" for name, value in self.weights["estimate"].items()]

    def _row(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "alternative": self.alternative,
            "k": self.naive.k,
            **self._estimate_columns(),
            "tau2": self.tau2,
            "log_likelihood": self.log_likelihood,
            "lr_p": self.lr_test.p_value,
        }

    def _table(self) -> pd.DataFrame:
        return self.weights
