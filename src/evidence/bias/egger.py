"""Egger's regression test and its relatives for any effect size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ..effects.arguments import require_choice
from ..models.studies import Column
from .predictors import PREDICTORS, PredictorName, predictor_values
from .regression import ERROR_MODELS, ErrorModel, additive, with_intercept
from .small_study_effects import SmallStudyTest, small_study_test
from .source import Effects, read_source


def egger(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    model: ErrorModel = "lm",
    predictor: PredictorName = "sei",
    ni: Column | None = None,
) -> SmallStudyTest:
    """Egger's regression test for funnel-plot asymmetry.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    model : str
        "lm", the classical test: weights 1 / vi and a multiplicative residual variance, t with k - 2 df; "rma", random
        effects around the line, with the tau2 estimator and test of the fit.
    predictor : str
        "sei" (the default), "vi", "ni", "ninv" (1 / ni), "sqrtni" or "sqrtninv".
    ni : str or array-like, optional
        Sample sizes, for the last four predictors: a column of the frame, or one value a study.

    Returns
    -------
    SmallStudyTest
        ``.limit_estimate`` is the effect at a predictor of zero; None for "ni" and "sqrtni".

    Raises
    ------
    InvalidInput
        A model or predictor that is unknown, or sample sizes that are missing.
    NotEstimable
        Fewer than three studies, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    thompson_sharp : The same with a variance between studies by the method of moments.
    begg : Rank correlation instead of a line.
    peters : For two-by-two tables.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    yi = b0 + b1 sei + error is Egger's yi / sei = b0 / sei + b1 multiplied by sei: the same fit. For
    standardised mean differences sei depends on yi itself and the test rejects too often; "sqrtninv" does not
    (Pustejovsky & Rodgers 2019, Research Synthesis Methods 10:57, 10.1002/jrsm.1332).

    References
    ----------
    Egger, Davey Smith, Schneider & Minder (1997), BMJ 315:629, 10.1136/bmj.315.7109.629.
    Sterne & Egger (2005), in Rothstein, Sutton & Borenstein, Publication Bias in Meta-Analysis, ch. 6.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> print(ev.egger(yi, [s**2 for s in sei]).sentence())
    Small studies show higher effects than large ones (Egger's test, p = 0.001).
    """
    require_choice("model", model, ERROR_MODELS)
    source = read_source(effects, vi, 3, "Egger's test")
    fit = source.fit
    line = ERROR_MODELS[model](fit, with_intercept(predictor_values(source, predictor, ni), predictor))
    name = "Egger's test" if model == "lm" else "Egger's test with random effects"
    return small_study_test(name, predictor, line, fit.k, fit.level, PREDICTORS[predictor].vanishes)


def thompson_sharp(effects: Effects, vi: ArrayLike | None = None) -> SmallStudyTest:
    """Thompson and Sharp's test: Egger's with an additive between-study variance by the method of moments.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    SmallStudyTest
        ``.tau2`` is the variance around the line.

    Raises
    ------
    NotEstimable
        Fewer than three studies, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    egger : The classical test, and the one with the estimator of tau2 of the fit.
    begg : Rank correlation instead of a line.

    Notes
    -----
    Weights 1 / (vi + tau2) with the moment (DerSimonian-Laird type) estimator of tau2 around the line; t with
    k - 2 df. The fit's own estimator and test do not enter; its level does.

    References
    ----------
    Thompson & Sharp (1999), Statistics in Medicine 18:2693.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> test = ev.thompson_sharp(yi, [s**2 for s in sei])
    >>> round(test.intercept, 2), round(test.p_value, 4)
    (5.09, 0.0011)
    """
    fit = read_source(effects, vi, 3, "Thompson and Sharp's test").fit
    x = with_intercept(np.sqrt(fit.vi), "sei")
    settings = replace(fit.settings, method="DL", test="t", tau2=None, weighted=True)
    line = additive(settings, fit.yi, fit.vi, x, None)
    return small_study_test("Thompson and Sharp's test", "sei", line, fit.k, fit.level, True)
