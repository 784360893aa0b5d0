"""Meta-regression: how effects depend on moderators."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import InvalidInput, NotConverged, NotEstimable
from . import wording
from .blup import blup_table
from .design import Design, build_design, refuse_collinear
from .engine import Floats, Method, Settings, Test, single
from .heterogeneity import HeterogeneityIntervals, heterogeneity_intervals
from .inference import critical, degrees_of_freedom, heterogeneity, scale
from .information import information
from .residuals import hat_matrix, residual_table
from .studies import read_studies
from .tau2 import CONVERGED
from .tau2_se import tau2_se
from .wald import Contrast, coefficient_table, joint_test, tested_coefficients
from .weights import read_weights


@dataclass(frozen=True, repr=False, eq=False)
class Regression:
    """A meta-regression.

    Attributes
    ----------
    coefficients : frame, index the columns of the design matrix; estimate, se, statistic, df, p_value,
        ci_low, ci_high
    cov : (p, p) array, covariance of the coefficients
    qm, qm_df, qm_p : test of all moderators together. ``qm_df`` is (number of coefficients tested, denominator
        df); ``qm`` is chi-square when the latter is infinite ("z"), F otherwise
    qe, qe_df, qe_p : test of residual heterogeneity
    tau2, tau2_se : float, residual between-study variance; ``tau2_se`` is None when it was not estimated
    i2, h2 : float, of the residual heterogeneity, I2 in percent
    r2 : float, percent of heterogeneity the moderators account for; None without an intercept, or where the
        model without moderators has none to account for is 0
    k, dropped : int, studies used and studies left out for a missing value
    log_likelihood, aic, bic, aicc : float, restricted for REML, full for every other method
    weights : (k,) array, percent: each study's share of the total weight
    yi, vi, x, slab, design, settings, custom_weights : what went in
    """

    coefficients: pd.DataFrame
    cov: Floats
    qm: float
    qm_df: tuple[int, float]
    qm_p: float
    qe: float
    qe_df: int
    qe_p: float
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    r2: float | None
    k: int
    dropped: int
    df: float
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    weights: Floats
    yi: Floats
    vi: Floats
    x: Floats
    slab: tuple[str, ...]
    design: Design
    formula: str
    settings: Settings
    custom_weights: Floats | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.design.names

    @property
    def beta(self) -> Floats:
        return self.coefficients["estimate"].to_numpy()

    @property
    def method(self) -> Method:
        return self.settings.method

    @property
    def test(self) -> Test:
        return self.settings.test

    @property
    def level(self) -> float:
        return self.settings.level

    @cached_property
    def vif(self) -> pd.Series:
        """Variance inflation factor of each moderator: diagonal of its inverse correlation matrix."""
        tested = tested_coefficients(self.x)
        cov = self.cov[np.ix_(tested, tested)]
        root = np.sqrt(np.diag(cov))
        return pd.Series(
            np.diag(np.linalg.inv(cov / np.outer(root, root))), index=[self.names[j] for j in tested], name="vif"
        )

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effect for rows of moderators.

        Parameters
        ----------
        new : frame with the moderators of the formula; by default the studies themselves
        level : float, default the one of the fit

        Returns
        -------
        DataFrame
            estimate, se, ci_low, ci_high, and pi_low, pi_high: an interval for the true effect of a new study
            with these moderators (NaN under "EE"). Indexed like ``new``, or by slab.
        """
        x = self.x if new is None else self.design.rows(new)
        estimate = x @ self.beta
        variance = np.einsum("ij,jl,il->i", x, self.cov, x)
        crit = critical(self.level if level is None else level, np.array([self.df]))[0]
        half = crit * np.sqrt(variance)
        spread = crit * np.sqrt(variance + self.tau2) if self.settings.random else np.full(len(x), np.nan)
        columns = {
            "estimate": estimate,
            "se": np.sqrt(variance),
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "pi_low": estimate - spread,
            "pi_high": estimate + spread,
        }
        return pd.DataFrame(columns, index=pd.Index(self.slab, name="study") if new is None else new.index)

    def contrast(self, combinations: Mapping[str, Mapping[str, float]] | ArrayLike) -> Contrast:
        """Estimate and test linear combinations of the coefficients.

        Parameters
        ----------
        combinations : (m, p) array-like, or {label: {coefficient: factor}}

        Returns
        -------
        Contrast
            ``coefficients``, one row a combination, and ``joint``, the test that all are zero.

        Examples
        --------
        >>> import evidence as ev, pandas as pd
        >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
        >>> fit = ev.regress(frame, formula="~ 0 + arm", test="z")
        >>> difference = fit.contrast({"b - a": {"arm[b]": 1, "arm[a]": -1}})
        >>> round(float(difference.coefficients.loc["b - a", "estimate"]), 3)
        0.35
        """
        if isinstance(combinations, Mapping):
            labels = list(combinations)
            matrix = np.zeros((len(labels), len(self.names)))
            for row, parts in zip(matrix, combinations.values(), strict=True):
                for name, factor in parts.items():
                    if name not in self.names:
                        raise InvalidInput(f"{name!r} is not a coefficient; they are {list(self.names)}")
                    row[self.names.index(name)] = factor
        else:
            matrix = np.atleast_2d(np.asarray(combinations, dtype=float))
            labels = [str(i) for i in range(len(matrix))]
        if matrix.shape[1] != len(self.names):
            raise InvalidInput(f"a combination has {matrix.shape[1]} factors for {len(self.names)} coefficients")
        beta, cov = matrix @ self.beta, matrix @ self.cov @ matrix.T
        return Contrast(coefficient_table(beta, cov, self.df, self.level, labels), joint_test(beta, cov, self.df))

    def tau2_ci(self, level: float | None = None, kind: Literal["QP", "PL"] = "QP") -> HeterogeneityIntervals:
        """Confidence intervals for residual tau2, tau, I2 and H2; see `heterogeneity_intervals`."""
        chosen = self.level if level is None else level
        return heterogeneity_intervals(self.settings, self.yi, self.vi, self.tau2, chosen, kind, self.x)

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Each study's own true effect, shrunken towards its fitted value; see `blup_table`."""
        fitted = self.predict()
        mean, variance = fitted["estimate"].to_numpy(), fitted["se"].to_numpy() ** 2
        return blup_table(self.settings, self.yi, self.vi, self.slab, self.tau2, mean, variance, self.df, level)

    def residuals(self) -> pd.DataFrame:
        """Raw, standardised and studentised residuals; see `residual_table`."""
        return residual_table(self)

    def hat(self) -> pd.Series:
        """Leverage of each study."""
        return pd.Series(np.diag(hat_matrix(self)), index=pd.Index(self.slab, name="study"), name="hat")

    def to_frame(self) -> pd.DataFrame:
        """The coefficient table."""
        return self.coefficients.copy()

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        lines = [f"{self._title()} (k = {self.k}{missing})"]
        if self.settings.random:
            se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
            lines.append(f"residual tau² = {n(self.tau2, 4)}{se}, tau = {n(math.sqrt(self.tau2), 4)}")
        explained = "" if self.r2 is None else f", R² = {n(self.r2)}%"
        lines.append(f"I² = {n(self.i2)}%, H² = {n(self.h2)}{explained}")
        lines.append(f"residual heterogeneity: QE({self.qe_df}) = {n(self.qe)}, p {wording.p_value(self.qe_p)}")
        lines.append(f"moderators: {self._joint()}, p {wording.p_value(self.qm_p)}")
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        lines.append(self.coefficients.to_string(float_format=lambda value: n(value, 4)))
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        text = f"In {self.k} studies the moderators of {self.formula!r} were tested together with {self._joint()}"
        text += f" (p {wording.p_value(self.qm_p)})"
        if self.r2 is not None:
            text += f"; they account for {wording.number(self.r2, 0)}% of the heterogeneity"
        return text + "."

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        lines = self.summary().split("\n")[1 : -1 - len(self.names)]
        return wording.html_report(self._title(), lines, self.coefficients)

    def _title(self) -> str:
        kind = "Mixed-effects" if self.settings.random else "Equal-effects"
        return f"{kind} meta-regression {self.formula}" + (f", {self.method}" if self.settings.random else "")

    def _joint(self) -> str:
        m, denominator = self.qm_df
        if math.isinf(denominator):
            return f"chi²({m}) = {wording.number(self.qm)}"
        return f"F({m}, {denominator:g}) = {wording.number(self.qm)}"


def regress(
    yi: ArrayLike | pd.DataFrame,
    vi: ArrayLike | None = None,
    formula: str = "~ 1",
    data: pd.DataFrame | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    slab: str | Sequence[object] | None = None,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    weights: ArrayLike | None = None,
) -> Regression:
    """Regress effect sizes on moderators.

    Parameters
    ----------
    yi : (k,) array-like, or a frame with columns ``yi``, ``vi`` and the moderators
    vi : (k,) array-like of sampling variances, all above zero
    formula : str, right side only: "~ sessions + C(style)", "~ week * comparator", "~ bs(year, df=4)"
    data : frame of moderators, one row a study, when ``yi`` is not a frame
    method, test, level, slab, tau2, weighted, weights : as for `pool`

    Returns
    -------
    Regression

    Raises
    ------
    InvalidInput
        The formula cannot be read or names what is not a column; a variance is not positive.
    NotEstimable
        A moderator is a combination of others (the message names them), or there are no more studies than
        coefficients.

    Notes
    -----
    R2 is Raudenbush's (2009): the share of tau2 of the model without moderators that is gone, not below
    zero; under "EE" the adjusted R2 of the weighted regression.

    Two rules differ from metafor 3.8: a redundant moderator is an error instead of being dropped, and tau2
    of a model whose columns do not span an intercept uses yi as they are, not centred.

    References
    ----------
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
    frame = yi if isinstance(yi, pd.DataFrame) else data
    if frame is None:
        raise InvalidInput("the moderators are missing: give a frame, or data= beside yi and vi")
    if isinstance(yi, pd.DataFrame) and data is not None:
        raise InvalidInput("the frame already holds the moderators; leave out data=")
    studies = read_studies(yi, vi, slab)
    if len(frame) != len(studies.complete):
        raise InvalidInput(f"data has {len(frame)} rows for {len(studies.complete)} studies")
    custom = read_weights(weights, studies, settings)
    design = build_design(formula, frame.loc[studies.complete])
    keep = design.complete
    if not keep.any():
        raise InvalidInput("no study has all the moderators of the formula")
    y, v = studies.yi[keep], studies.vi[keep]
    slab_kept = tuple(name for name, kept in zip(studies.slab, keep, strict=True) if kept)
    if (v == 0).any():
        raise InvalidInput(f"study {slab_kept[int(np.argmin(v))]!r} has vi = 0; a regression needs it above zero")
    custom = None if custom is None else custom[keep]
    dropped = len(studies.complete) - len(y)
    return _regress(y, v, slab_kept, design, formula, settings, custom, dropped)


def _regress(
    yi: Floats,
    vi: Floats,
    slab: tuple[str, ...],
    design: Design,
    formula: str,
    settings: Settings,
    custom: Floats | None,
    dropped: int,
) -> Regression:
    x, names, k = design.x, design.names, len(yi)
    refuse_collinear(x, names)
    if k == len(names) and settings.test != "z":
        raise NotEstimable(f'{k} studies and {k} coefficients leave nothing to test with; use test="z" or fewer')
    batch = single(settings, yi, vi, x, custom)
    t = float(batch.tau2[0])
    if batch.status[0] != CONVERGED:
        warnings.warn(f"the iteration for tau2 did not end; it stands at {t:g}", NotConverged, stacklevel=3)
    cov = batch.scaled(scale(settings, batch)).cov[0]
    if not np.diag(cov).all():
        raise NotEstimable(
            'the moderators fit the effects without error, so "hksj" has no scale; use test="hksj-adhoc"'
        )
    df = float(degrees_of_freedom(settings, batch)[0])
    het = heterogeneity(settings, batch)
    tested = tested_coefficients(x)
    joint = joint_test(batch.beta[0][tested], cov[np.ix_(tested, tested)], df)
    used = custom if custom is not None else 1 / (vi + t) if settings.weighted else np.ones(k)
    se_of_tau2 = tau2_se(settings, yi, vi, t, x, custom)
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
        tau2_se=None if math.isnan(se_of_tau2) else se_of_tau2,
        i2=float(het.i2[0]),
        h2=float(het.h2[0]),
        r2=_r2(settings, yi, vi, x, t, custom),
        k=k,
        dropped=dropped,
        df=df,
        **information(settings, yi, vi, x, batch.beta[0], t)._asdict(),
        weights=100 * used / used.sum(),
        yi=yi,
        vi=vi,
        x=x,
        slab=slab,
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
