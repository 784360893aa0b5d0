"""PET-PEESE: the effect a study without sampling error would show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr

from ..effects.arguments import require_between, require_choice
from ..languages import _, pointed
from ..models import wording
from ..models.result import Adjusted
from ..models.univariate.pooled import Pooled
from .regression import ERROR_MODELS, ErrorModel, with_intercept
from .source import Effects, read_source


@dataclass(frozen=True, repr=False, eq=False)
class PetPeese(Adjusted):
    """The conditional estimator of Stanley and Doucouliagos.

    Attributes
    ----------
    estimate : float
        The intercept that the rule chose.
    se : float
        Its standard error.
    ci : Interval
        Its confidence interval.
    statistic : float
        Its t or z.
    df : float
        Degrees of freedom, infinite for a normal test.
    p_value : float
        Two-sided.
    chosen : str
        "PET" or "PEESE".
    pet_p_one_sided : float
        Of PET's intercept, in the direction of the naive estimate: what the rule looks at.
    alpha : float
        Its threshold.
    pet : DataFrame
        Both coefficients of the regression on sei.
    peese : DataFrame
        Both coefficients of the regression on vi.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    pet_peese : Makes it.
    egger : The test of the slope.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> found = ev.pet_peese(yi, [s**2 for s in sei])
    >>> found.pet.loc["intercept", "estimate"].round(2).item(), found.peese.loc["intercept", "estimate"].round(2).item()
    (-0.46, 0.01)
    """

    chosen: Literal["PET", "PEESE"]
    pet_p_one_sided: float
    alpha: float
    pet: pd.DataFrame
    peese: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        low, high = (pointed(wording.number(end)) for end in self.ci)
        return _(
            "In a study so large that it has no sampling error the effect would be {effect} ({level}% confidence "
            "interval {low} to {high}; {chosen}), against {observed} on average.",
            effect=pointed(wording.number(self.estimate)),
            level=f"{100 * self.naive.level:g}",
            low=low,
            high=high,
            chosen=self.chosen,
            observed=pointed(wording.number(self.naive.estimate)),
        )

    def _title(self) -> str:
        return f"PET-PEESE (k = {self.naive.k}): {self.chosen}"

    def _lines(self) -> list[str]:
        level = self.naive.level
        lines = [
            self._estimate_line(level),
            f"rule: PET's intercept, one-sided p {wording.p_value(self.pet_p_one_sided)} "
            f"{'<' if self.chosen == 'PEESE' else '>='} {self.alpha:g}",
        ]
        for name, table in (("PET", self.pet), ("PEESE", self.peese)):
            lines.append(f"{name} intercept {wording.number(float(table['estimate'].iloc[0]), 4)}")
        return lines

    def _row(self) -> dict[str, object]:
        return {
            "k": self.naive.k,
            "chosen": self.chosen,
            **self._estimate_columns(),
            "pet": float(self.pet["estimate"].iloc[0]),
            "peese": float(self.peese["estimate"].iloc[0]),
        }

    def _table(self) -> pd.DataFrame:
        return pd.concat({"PET": self.pet, "PEESE": self.peese})


def pet_peese(
    effects: Effects, vi: ArrayLike | None = None, *, model: ErrorModel = "lm", alpha: float = 0.05
) -> PetPeese:
    """Precision-effect test and precision-effect estimate with standard errors.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    model : str
        "lm" (the authors'), weights 1 / vi and a multiplicative residual variance; "rma", random effects with the tau2
        estimator and test of the fit.
    alpha : float
        One-sided level at which PET's intercept makes PEESE the estimate.

    Returns
    -------
    PetPeese
        The estimate that the rule chose, beside both regressions.

    Raises
    ------
    InvalidInput
        An unknown model, or an alpha that is no level.
    NotEstimable
        Fewer than three studies, or all of one size.

    See Also
    --------
    egger : The test of the slope.
    limit_meta : Effects that grow with the total standard deviation.
    selection_model : Selection by p value.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    PET regresses yi on sei, PEESE on vi; the intercepts estimate the effect at sei = 0. PET underestimates a
    real effect, PEESE overestimates a null one; hence the rule: PEESE if PET's intercept differs from zero in the
    direction of the naive estimate (one-sided p < alpha), else PET. Unreliable with few studies, only small
    studies, or I2 above 80% (Stanley 2017).

    References
    ----------
    Stanley & Doucouliagos (2014), Research Synthesis Methods 5:60, 10.1002/jrsm.1095.
    Stanley (2017), Social Psychological and Personality Science 8:581, 10.1177/1948550617693062.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> ev.pet_peese(yi, [s**2 for s in sei]).chosen
    'PET'
    """
    require_choice("model", model, ERROR_MODELS)
    require_between("alpha", alpha, 0, 1)
    naive = read_source(effects, vi, 3, "PET-PEESE").fit
    pet, peese = (
        ERROR_MODELS[model](naive, with_intercept(x, "sampling variance")) for x in (np.sqrt(naive.vi), naive.vi)
    )
    p_value = _one_sided(float(pet.statistic[0]) * math.copysign(1, naive.estimate), pet.df)
    chosen: Literal["PET", "PEESE"] = "PEESE" if p_value < alpha else "PET"
    line = peese if chosen == "PEESE" else pet
    return PetPeese(
        estimate=float(line.beta[0]),
        se=float(line.se[0]),
        ci=line.ci(0),
        statistic=float(line.statistic[0]),
        df=line.df,
        p_value=float(line.p_value[0]),
        chosen=chosen,
        pet_p_one_sided=p_value,
        alpha=alpha,
        pet=pet.frame(["intercept", "sei"]),
        peese=peese.frame(["intercept", "vi"]),
        naive=naive,
    )


def _one_sided(statistic: float, df: float) -> float:
    return float(ndtr(-statistic) if math.isinf(df) else stdtr(df, -statistic))
