"""Fit a location-scale model to studies that are read."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd

from ...effects.arguments import require_choice
from ...errors import InvalidInput, NotEstimable
from ..design import build_design, refuse_collinear
from ..engine.coefficient_tests import TESTS
from ..engine.engine import Settings
from ..information import criteria
from ..studies import Studies
from ..wald import coefficient_table, joint_test, tested_coefficients
from .location_scale import Link, maximise
from .location_scale_result import LocationScale


def scale_regression(
    studies: Studies, moderators: pd.DataFrame, formula: str, scale: str, link: Link, settings: Settings
) -> LocationScale:
    """The location-scale model of studies and their moderators.

    Raises
    ------
    InvalidInput
        A method without likelihood, a scale without moderators, a variance that is zero.
    NotEstimable
        Too few studies, or no maximum.
    """
    require_choice("link", link, get_args(Link))
    if settings.method not in ("REML", "ML") or settings.fixed_tau2 or not settings.weighted:
        raise InvalidInput('a scale is fitted by likelihood: method="REML" or "ML", without tau2= and weights')
    location, spread = build_design(formula, moderators), build_design(scale, moderators)
    keep = location.complete & spread.complete
    used = studies.only(keep)
    if not used.k:
        raise InvalidInput("no study has all the moderators of the formula and of the scale")
    if (used.vi == 0).any():
        raise InvalidInput(f"study {used.slab[int(np.argmin(used.vi))]!r} has vi = 0; a regression needs it above zero")
    every = np.ones(used.k, dtype=bool)
    location = replace(location, x=location.x[keep[location.complete]], complete=every)
    spread = replace(spread, x=spread.x[keep[spread.complete]], complete=every)
    x, z, k = location.x, spread.x, used.k
    refuse_collinear(x, location.names)
    refuse_collinear(z, spread.names)
    moving = tested_coefficients(z)
    if (z[:, moving] == 1).all():
        raise InvalidInput(f"scale {scale!r} has no moderator: leave it out for one variance of all studies")
    p, q = x.shape[1], z.shape[1]
    if k <= max(p, q) + 1:
        raise NotEstimable(f"{k} studies are too few for {p} coefficients of the mean and {q} of the scale")
    restricted = settings.method == "REML"
    alpha, top = maximise(used.yi, used.vi, x, z, link, restricted)
    test = TESTS[settings.test]
    rest = used.yi - x @ top.beta
    factor = max(float(rest**2 @ (1 / (used.vi + top.tau2))) / (k - p), test.least) if test.scaled else 1.0
    covariance, spread_covariance = factor * top.covariance, np.asarray(np.linalg.inv(top.observed))
    df, spread_df = (float(k - p), float(k - q)) if test.t else (np.inf, np.inf)
    tested = tested_coefficients(x)
    mean = joint_test(top.beta[tested], covariance[np.ix_(tested, tested)], df)
    other = joint_test(alpha[moving], spread_covariance[np.ix_(moving, moving)], spread_df)
    return LocationScale(
        coefficients=coefficient_table(top.beta, covariance, df, settings.level, location.names),
        covariance=covariance,
        scale_coefficients=coefficient_table(alpha, spread_covariance, spread_df, settings.level, spread.names),
        scale_covariance=spread_covariance,
        qm=mean.statistic,
        qm_df=mean.df,
        qm_p=mean.p_value,
        qs=other.statistic,
        qs_df=other.df,
        qs_p=other.p_value,
        tau2_by_study=top.tau2,
        **criteria(top.log_likelihood, p + q, k - p if restricted else k)._asdict(),
        k=k,
        dropped=used.dropped,
        method=settings.method,
        test=settings.test,
        level=settings.level,
        formula=formula,
        scale=scale,
        link=link,
        yi=used.yi,
        vi=used.vi,
        slab=used.slab,
        frame=used.frame,
        _location=location,
        _scale=spread,
    )
