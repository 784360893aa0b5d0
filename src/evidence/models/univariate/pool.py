"""Pool effect sizes: the equal- and random-effects model with a common mean."""

from __future__ import annotations

import math
import warnings
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable, SmallSample
from ..engine.coefficient_tests import Test
from ..engine.engine import Floats, Settings, single
from ..engine.estimators import Method
from ..engine.inference import Interval, common_mean_columns
from ..groups import with_groups
from ..studies import Column, Effects, Studies, read_studies
from ..weights import read_weights, used_weights
from .pooled import Pooled
from .prediction import Prediction, require_prediction


@overload
def pool(
    yi: Effects,
    vi: ArrayLike | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: Column | None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: Column | None = None,
    by: None = None,
    prediction: Prediction = "t",
) -> Pooled: ...
@overload
def pool(
    yi: Effects,
    vi: ArrayLike | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: None = None,
    by: Column | list[str],
) -> pd.DataFrame: ...
def pool(
    yi: Effects,
    vi: ArrayLike | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: Column | None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: Column | None = None,
    by: Column | list[str] | None = None,
    prediction: Prediction = "t",
) -> Pooled | pd.DataFrame:
    """Pool effect sizes.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of independent trials (what statsmodels'
        `combine_effects` returned is one, too).
    vi : (k,) array-like
        Sampling variances, in squared units of ``yi``; zero is allowed as long as tau2 comes out above zero. A frame or
        a fit brings its own.
    method : str
        Estimator of the between-study variance: "EE" (none), "DL", "HE", "HS", "HSk", "SJ", "SJIT", "ML",
        "REML", "EB", "PM", "PMM", "DLIT" or "GENQ" (see `evidence.models.engine.estimators`). REML is the default:
        nearly unbiased and efficient over a wide range of data (Langan et al. 2019).
    test : str
        "z" (normal), "t" (t with k - 1 df), "hksj" (Hartung & Knapp 2001; Sidik & Jonkman 2002) or
        "hksj-adhoc" (the same, its scale factor kept from falling below 1, so that the standard error is
        never smaller than that of "z").
    level : float
        Coverage of the confidence and the prediction interval.
    slab : column name, or (k,) array-like
        Labels of the studies; by default the column ``label`` or ``study``, or the index.
    tau2 : float
        A known between-study variance.
    weighted : bool
        False for equal weights.
    weights : column name, or (k,) array-like
        Positive weights of your own, for the mean and for GENQ, which needs them.
    by : column name or names, or (k,) array-like
        Pools each group.
    prediction : str or TauPrior
        How the interval for a new study is made: "t", metafor's; "riley", with k - 2 df; "partlett-riley", that with
        Knapp and Hartung's standard error whatever the test; "nagashima", which allows for the uncertainty of tau2; or
        a prior of tau, such as ``HalfNormal(0.5)``, for the Bayesian one. Groups have "t".

    Returns
    -------
    Pooled
        Or, with ``by``, a frame of one row a group: the columns of ``by``, k, estimate, se, ci_low,
        ci_high, statistic, df, p_value, tau2, i2, h2, q, q_df, q_p, pi_low, pi_high. NaN there means "has
        none", such as a prediction interval with one study. Where one group alone would be refused, a last column
        ``note`` says why.

    Raises
    ------
    InvalidInput
        Shapes differ, a variance is negative, a method or test is unknown.
    NotEstimable
        A study without sampling error and tau2 = 0; "hksj" with effects that are all equal.

    Warns
    -----
    SmallSample
        Two studies: their difference is all that is known about tau2. The grouped form leaves this to k.
    Incomplete
        The grouped form counts rows without a group, and groups that lack numbers.
    NotConverged
        The iteration for tau2 did not end, after four tries with smaller and smaller steps.

    See Also
    --------
    regress : What moves the effect.
    multilevel : Several effect sizes a trial.
    bayes : For two to four studies.
    subgroups : Tests a difference between groups.

    Notes
    -----
    The prediction interval "t" is estimate ± crit sqrt(se^2 + tau2) with the same quantile as the confidence interval:
    t with k - 1 df for the t-type tests, normal for "z". This is metafor's convention; it keeps the interval equal to
    the confidence interval when tau2 = 0, where the k - 2 df of Higgins et al. (2009), "riley", give a wider one (and
    none for k = 2). Both take the estimate of tau2 for the truth: with five to ten studies that differ little they
    cover 86 to 91 of 100 new studies where 95 are promised. The Bayesian interval with HalfNormal(0.5) covers 93 or
    more of standardised mean differences from three studies on (``validation/coverage.py``; of the others Nagashima et
    al. 2019 find the same). A single study keeps its own normal interval, with tau2 = 0 and no prediction interval.

    References
    ----------
    Higgins et al. (2009), Journal of the Royal Statistical Society A 172:137, 10.1111/j.1467-985X.2008.00552.x.
    Langan et al. (2019), Research Synthesis Methods 10:83, 10.1002/jrsm.1316.
    Nagashima et al. (2019), Statistical Methods in Medical Research 28:1689, 10.1177/0962280218773520.
    Partlett & Riley (2017), Statistics in Medicine 36:301, 10.1002/sim.7140.
    Viechtbauer (2010), Journal of Statistical Software 36(3), 10.18637/jss.v036.i03.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], test="z")
    >>> print(fit.summary())
    Random-effects model, REML (k = 4)
    tau² = 0.0429 (SE 0.0573), tau = 0.2072
    I² = 63.02%, H² = 2.70
    Q(3) = 9.02, p = 0.029
    estimate 0.3772 (SE 0.1324), z = 2.85, p = 0.004, 95% CI 0.1178 to 0.6367
    test: normal
    95% prediction interval −0.1047 to 0.8592
    """
    settings = Settings(method, test, level, tau2, weighted)
    require_prediction(prediction)
    if by is not None:
        from .many import pool_groups

        if weights is not None or method == "GENQ":
            raise InvalidInput("weights= is for one meta-analysis at a time; pool the groups one by one")
        if prediction != "t":
            raise InvalidInput("prediction= is for one meta-analysis at a time; pool the groups one by one")
        return pool_groups(*with_groups(yi, vi, by), settings)
    studies = read_studies(yi, vi, slab)
    custom = read_weights(weights, studies, settings)
    return pool_studies(studies, settings, custom, prediction)


def pool_studies(studies: Studies, settings: Settings, custom: Floats | None, prediction: Prediction = "t") -> Pooled:
    """`pool` for studies that are complete and checked."""
    yi, vi, slab = studies.yi, studies.vi, studies.slab
    batch = single(settings, yi, vi, None, custom)
    get = {name: values[0].item() for name, values in common_mean_columns(settings, batch).items()}
    _refuse_undetermined(get["se"], get["tau2"], studies, settings)
    t = get["tau2"]
    k = len(yi)
    if k == 2:
        warnings.warn("two studies say next to nothing about how much effects vary", SmallSample, stacklevel=3)
    batch.warn_unconverged()
    used = used_weights(settings, vi, t, custom)
    return Pooled(
        estimate=get["estimate"],
        se=get["se"],
        ci=Interval(get["ci_low"], get["ci_high"]),
        statistic=get["statistic"],
        df=get["df"],
        p_value=get["p_value"],
        tau2=t,
        i2=get["i2"],
        h2=get["h2"],
        q=get["q"],
        q_df=int(get["q_df"]),
        q_p=get["q_p"],
        k=k,
        weights=100 * used / used.sum(),
        prediction=prediction,
        yi=yi,
        vi=vi,
        slab=slab,
        dropped=studies.dropped,
        frame=studies.frame,
        settings=settings,
        custom_weights=custom,
        _columns=get,
    )


def _refuse_undetermined(se: float, tau2: float, studies: Studies, settings: Settings) -> None:
    if not math.isnan(se):
        return
    if tau2 == 0 and (studies.vi == 0).any():
        name = studies.slab[int(np.argmin(studies.vi))]
        raise NotEstimable(
            f"study {name!r} has vi = 0 and tau2 is 0 ({settings.method}), so it would outweigh all others without "
            "limit; give it its sampling variance, or leave it out"
        )
    alike = "all yi are equal" if np.ptp(studies.yi) == 0 else "beside their vi, all yi are the same"
    raise NotEstimable(
        f'test "{settings.test}" takes its standard error from differences between studies, and {alike}; '
        'use test="hksj-adhoc"'
    )
