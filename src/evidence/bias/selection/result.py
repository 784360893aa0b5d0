"""A fitted selection model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from ...effects.arguments import shown
from ...errors import InvalidInput, NotEstimable
from ...languages import _, pointed
from ...models import wording
from ...models.engine.engine import Floats
from ...models.result import Adjusted
from ...models.univariate.nested import LikelihoodRatio
from ...models.univariate.pooled import Pooled
from ...models.univariate.regression import Regression
from ..significant_p import Alternative
from .functions import FAMILIES, Kind, PValues


@dataclass(frozen=True, repr=False, eq=False)
class SelectionModel(Adjusted):
    """A fitted selection model.

    Attributes
    ----------
    estimate : float
        Mean effect before selection; with moderators, the first coefficient.
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
    tau2 : float
        Variance between studies before selection.
    tau2_se : float or None
        Its standard error; None when tau2 is fixed or zero.
    coefficients : DataFrame
        estimate, se, statistic, df, p_value, ci_low, ci_high, one row a coefficient.
    weights : DataFrame
        One row a parameter of the selection function. "stepfun": p_low, p_high, k, estimate, se, ci_low, ci_high, the
        chance of being seen relative to the first interval; else estimate, se, ci_low, ci_high by parameter. The
        standard error is NaN for a parameter that is fixed or stands at its bound.
    log_likelihood : float
        At its maximum.
    lr_test : LikelihoodRatio or None
        Against the same model without selection; None when every parameter of selection is fixed.
    kind : str
        Of the selection function.
    alternative : str
        Which p values selection looked at.
    steps : tuple of float
        Cut points, then the end of the scale; empty for a smooth function without a threshold.
    naive : Pooled or Regression
        The fit without selection.

    See Also
    --------
    selection_model : Makes it.
    likelihood_ratio : The same test for nested models.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> model = ev.selection_model(yi, [s**2 for s in sei], steps=0.025)
    >>> model.weights.index.tolist(), model.selection([0.01, 0.5])[0].item()
    (['0 < p <= 0.025', '0.025 < p <= 1'], 1.0)
    """

    tau2: float
    tau2_se: float | None
    coefficients: pd.DataFrame
    weights: pd.DataFrame
    log_likelihood: float
    lr_test: LikelihoodRatio | None
    kind: Kind
    alternative: Alternative
    steps: tuple[float, ...]
    naive: Pooled | Regression

    def selection(self, p: ArrayLike) -> Floats:
        """w(p): relative chance of a study to be seen.

        Parameters
        ----------
        p : array-like
            p values, of any shape.

        Returns
        -------
        array
            Of the same shape; 1 is the chance of the first interval, or at p = 0; with precisions that of the least
            precise study.

        Raises
        ------
        InvalidInput
            Not p values.
        NotEstimable
            Selection by the effect ("trunc").
        """
        try:
            values = np.asarray(p, dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise InvalidInput(f"p {shown(p)} is no number; give p values between 0 and 1") from None
        if not ((values >= 0) & (values <= 1)).all():
            raise InvalidInput("p values lie between 0 and 1")
        delta = self.weights["estimate"].to_numpy()
        if self.kind == "trunc":
            raise NotEstimable("this selection looks at effects, not at p values: weights says how")
        if self.kind == "stepfun":
            return np.asarray(delta[np.searchsorted(self.steps, values, side="left")])
        family = FAMILIES[self.kind]
        seen = np.exp(family.log_weight(delta, PValues(-ndtri(values), False, family.edge))[0])
        return np.where(values <= self.steps[0], 1.0, seen) if self.steps else seen

    def sentence(self) -> str:
        n = wording.number
        if isinstance(self.naive, Pooled):
            what, observed = _("the average effect"), self.naive.estimate
        else:
            what, observed = _("the coefficient {name}", name=repr(self.naive.names[0])), float(self.naive.beta[0])
        named = {
            "what": what,
            "effect": wording.with_interval(self.estimate, self.ci, self.naive.level),
            "observed": pointed(n(observed)),
        }
        text = (
            _(
                "Had studies not been selected by their effect, {what} would be {effect}, against {observed} as "
                "observed",
                **named,
            )
            if self.kind == "trunc"
            else _(
                "Had studies not been selected by their p value, {what} would be {effect}, against {observed} as "
                "observed",
                **named,
            )
        )
        if self.lr_test is None:
            return _("{text}; how they were selected is assumed, not estimated.", text=text)
        p = pointed(wording.p_value(self.lr_test.p_value))
        if self.lr_test.p_value < 1 - self.naive.level:
            return _("{text}; the studies show selection (p {p}).", text=text, p=p)
        return _("{text}; the studies do not show selection (p {p}).", text=text, p=p)

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
        ]
        if lr is None:
            lines.append("no selection: not tested, for every parameter of selection is fixed")
        else:
            lines.append(f"no selection: LR({lr.df}) = {n(lr.statistic)}, p {wording.p_value(lr.p_value)}")
        return lines + [f"{name}: {n(value, 4)}" for name, value in self.weights["estimate"].items()]

    def _row(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "alternative": self.alternative,
            "k": self.naive.k,
            **self._estimate_columns(),
            "tau2": self.tau2,
            "log_likelihood": self.log_likelihood,
            "lr_p": np.nan if self.lr_test is None else self.lr_test.p_value,
        }

    def _table(self) -> pd.DataFrame:
        return self.weights
