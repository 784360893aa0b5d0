"""Meta-regression: how effects depend on moderators."""

from __future__ import annotations

from dataclasses import replace
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable
from ..design import Design, build_design, refuse_collinear
from ..engine.coefficient_tests import Test
from ..engine.engine import Floats, Settings, single
from ..engine.estimators import Method
from ..engine.inference import degrees_of_freedom, heterogeneity, scale
from ..engine.tau2_se import tau2_se
from ..information import information
from ..studies import Column, Effects, Studies, read_studies
from ..wald import coefficient_table, joint_test, tested_coefficients
from ..weights import read_weights, used_weights
from .location_scale import Link
from .location_scale_result import LocationScale
from .regression import Regression
from .scale_regression import scale_regression


@overload
def regress(
    yi: Effects,
    vi: ArrayLike | None = None,
    formula: str = "~ 1",
    data: pd.DataFrame | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: Column | None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: Column | None = None,
    scale: None = None,
    link: Link = "log",
) -> Regression: ...
@overload
def regress(
    yi: Effects,
    vi: ArrayLike | None = None,
    formula: str = "~ 1",
    data: pd.DataFrame | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: Column | None = None,
    *,
    scale: str,
    link: Link = "log",
) -> LocationScale: ...
def regress(
    yi: Effects,
    vi: ArrayLike | None = None,
    formula: str = "~ 1",
    data: pd.DataFrame | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: Column | None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: Column | None = None,
    scale: str | None = None,
    link: Link = "log",
) -> Regression | LocationScale:
    """Regress effect sizes on moderators.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame with columns ``yi``, ``vi`` and the moderators, or a fit that came from one.
    vi : (k,) array-like
        Sampling variances, all above zero.
    formula : str
        Right side only: "~ sessions + C(style)", "~ week * comparator", "~ bs(year, df=4)".
    data : DataFrame
        Moderators, one row a study, when ``yi`` is not a frame.
    method : str
        Estimator of the residual between-study variance, as for `pool`.
    test : str
        As for `pool`, with k - p degrees of freedom.
    level : float
        Coverage of the intervals.
    slab : column name, or (k,) array-like
        Labels of the studies.
    tau2 : float
        A known residual variance.
    weighted : bool
        False for equal weights.
    weights : column name, or (k,) array-like
        Positive weights of your own.
    scale : str
        Moderators of how much true effects differ, as "~ size": a location-scale model, by REML or ML.
    link : {"log", "identity"}
        Whether ``scale`` is linear in log tau2 or in tau2.

    Returns
    -------
    Regression or LocationScale
        ``.coefficients``, ``.predict()``, ``.contrast()`` and more; with ``scale`` a LocationScale.

    Raises
    ------
    InvalidInput
        The formula cannot be read or names what is not a column; a variance is not positive.
    NotEstimable
        A moderator is a combination of others (the message names them), or there are no more studies than
        coefficients.

    See Also
    --------
    subgroups : One moderator that makes groups.
    likelihood_ratio : Compares nested models.
    permutation_test : Tests without distributional assumptions.
    multilevel : Several effect sizes a trial.

    Notes
    -----
    R2 is Raudenbush's (2009): the share of tau2 of the model without moderators that is gone, not below
    zero; under "EE" the adjusted R2 of the weighted regression.

    Two rules differ from metafor 3.8: a redundant moderator is an error instead of being dropped, and tau2
    of a model whose columns do not span an intercept uses yi as they are, not centred.

    References
    ----------
    Viechtbauer & Lopez-Lopez (2022), Research Synthesis Methods 13:697, 10.1002/jrsm.1562 (scale).
    Raudenbush (2009), in The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., ch. 16. Knapp & Hartung
    (2003), Statistics in Medicine 22:2693, 10.1002/sim.1482.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.02] * 5, "dose": [1, 2, 3, 4, 5]})
    >>> fit = ev.regress(frame, formula="~ dose", test="z")
    >>> fit.coefficients["estimate"].round(3).to_dict()
    {'Intercept': -0.03, 'dose': 0.17}
    """
    settings = Settings(method, test, level, tau2, weighted)
    studies = read_studies(yi, vi, slab)
    custom = read_weights(weights, studies, settings)
    if scale is not None:
        if custom is not None:
            raise InvalidInput("a scale makes the weights; leave weights= out")
        return scale_regression(studies, studies.moderators(data), formula, scale, link, settings)
    design = build_design(formula, studies.moderators(data))
    keep = design.complete
    if not keep.any():
        raise InvalidInput("no study has all the moderators of the formula")
    used = studies.only(keep)
    if (used.vi == 0).any():
        raise InvalidInput(f"study {used.slab[int(np.argmin(used.vi))]!r} has vi = 0; a regression needs it above zero")
    return _regress(used, design, formula, settings, None if custom is None else custom[keep])


def _regress(
    studies: Studies,
    design: Design,
    formula: str,
    settings: Settings,
    custom: Floats | None,
) -> Regression:
    yi, vi, k = studies.yi, studies.vi, studies.k
    x, names = design.x, design.names
    refuse_collinear(x, names)
    if k == len(names) and settings.test != "z":
        raise NotEstimable(
            f'as many coefficients as studies ({k}) leave t-type tests no degrees of freedom; use test="z"'
        )
    batch = single(settings, yi, vi, x, custom)
    t = float(batch.tau2[0])
    batch.warn_unconverged()
    cov = batch.scaled(scale(settings, batch)).cov[0]
    if not np.diag(cov).all():
        raise NotEstimable(
            'the moderators fit the effects without error, so "hksj" has no scale; use test="hksj-adhoc"'
        )
    df = float(degrees_of_freedom(settings, batch)[0])
    het = heterogeneity(settings, batch)
    tested = tested_coefficients(x)
    joint = joint_test(batch.beta[0][tested], cov[np.ix_(tested, tested)], df)
    used = used_weights(settings, vi, t, custom)
    return Regression(
        coefficients=coefficient_table(batch.beta[0], cov, df, settings.level, names),
        cov=cov,
        qm=joint.statistic,
        qm_df=joint.df,
        qm_p=joint.p_value,
        qe=float(het.q[0]),
        qe_df=int(het.q_df[0]),
        qe_p=float(het.q_p[0]),
        tau2=t,
        tau2_se=tau2_se(settings, yi, vi, t, x, custom),
        i2=float(het.i2[0]),
        h2=float(het.h2[0]),
        r2=_r2(settings, yi, vi, x, t, custom),
        k=k,
        dropped=studies.dropped,
        df=df,
        **information(settings, yi, vi, x, batch.beta[0], t)._asdict(),
        weights=100 * used / used.sum(),
        yi=yi,
        vi=vi,
        x=x,
        slab=studies.slab,
        frame=studies.frame,
        design=replace(design, complete=np.ones(k, dtype=bool)),
        formula=formula,
        settings=settings,
        custom_weights=custom,
    )


def _r2(settings: Settings, yi: Floats, vi: Floats, x: Floats, tau2: float, custom: Floats | None) -> float | None:
    k, p = x.shape
    if p == 1 or not (x == 1).all(axis=0).any():
        return None
    if settings.random:
        alone = float(single(settings, yi, vi, None, custom).tau2[0])
        return 100 * max(0.0, 1 - tau2 / alone) if alone > 0 else 0.0
    w = custom if custom is not None else 1 / vi if settings.weighted else np.ones(k)
    total = np.sum(w * (yi - np.average(yi, weights=w)) ** 2)
    if total == 0 or k == p:
        return 0.0
    root = np.sqrt(w)
    rest = np.sum((root * yi - root[:, None] * x @ np.linalg.lstsq(root[:, None] * x, root * yi, rcond=None)[0]) ** 2)
    return float(100 * max(0.0, 1 - (rest / (k - p)) / (total / (k - 1))))
