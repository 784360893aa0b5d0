"""To statsmodels and back: the same studies as its `combine_effects` pools them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NotEstimable
from .fitted import FittedModel

if TYPE_CHECKING:
    from statsmodels.stats.meta_analysis import CombineResults


def combine_results(fit: FittedModel) -> CombineResults:
    """The studies of a fit pooled by statsmodels.

    Parameters
    ----------
    fit : FittedModel
        Of a common mean.

    Returns
    -------
    statsmodels.stats.meta_analysis.CombineResults
        With "DL" for DL fits and "pm", its iterated moments, for all others.

    Raises
    ------
    NotEstimable
        One study, or a study without sampling error: statsmodels divides by zero there.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    if fit.k < 2 or not (fit.vi > 0).all():
        raise NotEstimable("statsmodels pools two or more studies whose vi are all above zero")
    method = "dl" if fit.method == "DL" else "pm"
    return combine_effects(fit.yi, fit.vi, method, row_names=list(fit.slab), alpha=1 - fit.level)
