"""Egger's regression test and its relatives for any effect size."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InvalidInput
from ..models.engine.engine import Floats
from .regression import additive, multiplicative, with_intercept
from .small_study_effects import SmallStudyTest, small_study_test
from .source import Effects, Source, read_source

Predictor = Literal["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"]
PREDICTORS: tuple[Predictor, ...] = ("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")
ErrorModel = Literal["lm", "rma"]


def egger(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    model: ErrorModel = "lm",
    predictor: Predictor = "sei",
    ni: str | ArrayLike | None = None,
) -> SmallStudyTest:
    """Egger's regression test for funnel-plot asymmetry.

    Parameters
    ----------
    effects : a fit of `pool`, a frame with columns ``yi`` and ``vi``, or (k,) array-like of effect sizes
    vi : (k,) array-like of sampling variances, with an array of effects
    model : "lm", the classical test: weights 1 / vi and a multiplicative residual variance, t with k - 2 df;
        "rma", random effects around the line, with the tau2 estimator and test of the fit
    predictor : "sei" (the default), "vi", "ni", "ninv" (1 / ni), "sqrtni" or "sqrtninv"
    ni : (k,) array-like of sample sizes, or a column of the frame; for the last four predictors

    Returns
    -------
    SmallStudyTest
        ``.limit_estimate`` is the effect at a predictor of zero; None for "ni" and "sqrtni".

    Raises
    ------
    NotEstimable
        Fewer than three studies, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

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
    if model not in ("lm", "rma"):
        raise InvalidInput(f'model {model!r} is unknown; choose "lm" or "rma"')
    source = read_source(effects, vi, 3, "Egger's test")
    fit = source.fit
    x = with_intercept(_predictor(source, predictor, ni), predictor)
    if model == "lm":
        line = multiplicative(fit.yi, x, 1 / fit.vi, fit.level)
    else:
        line = additive(fit.settings, fit.yi, fit.vi, x, fit.custom_weights)
    name = "Egger's test" if model == "lm" else "Egger's test with random effects"
    return small_study_test(name, predictor, line, fit.k, fit.level, predictor not in ("ni", "sqrtni"))


def thompson_sharp(effects: Effects, vi: ArrayLike | None = None) -> SmallStudyTest:
    """Thompson and Sharp's test: Egger's with an additive between-study variance by the method of moments.

    Parameters
    ----------
    effects, vi : as in `egger`

    Returns
    -------
    SmallStudyTest

    Raises
    ------
    NotEstimable
        Fewer than three studies, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    Notes
    -----
    Weights 1 / (vi + tau2) with the moment (DerSimonian-Laird type) estimator of tau2 around the line; t with
    k - 2 df. The fit's own estimator and test do not enter; its level does.

    References
    ----------
    Thompson & Sharp (1999), Statistics in Medicine 18:2693.
    """
    fit = read_source(effects, vi, 3, "Thompson and Sharp's test").fit
    x = with_intercept(np.sqrt(fit.vi), "sei")
    settings = replace(fit.settings, method="DL", test="t", tau2=None, weighted=True)
    line = additive(settings, fit.yi, fit.vi, x, None)
    return small_study_test("Thompson and Sharp's test", "sei", line, fit.k, fit.level, True)


def _predictor(source: Source, predictor: Predictor, ni: str | ArrayLike | None) -> Floats:
    if predictor not in PREDICTORS:
        raise InvalidInput(f"predictor {predictor!r} is unknown; choose one of {', '.join(PREDICTORS)}")
    vi = source.fit.vi
    if predictor == "sei":
        return np.sqrt(vi)
    if predictor == "vi":
        return vi
    n = source.studies.floats(ni, "ni")
    if (n <= 0).any():
        raise InvalidInput("ni has to be positive for every study")
    return {"ni": n, "ninv": 1 / n, "sqrtni": np.sqrt(n), "sqrtninv": 1 / np.sqrt(n)}[predictor]
