"""What a figure reads from a fit: its trials, and what they come to together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from ...errors import EvidenceError, InvalidInput, NotEstimable
from ...languages import _, pointed
from ...models.measure import measure_of
from .prior_words import prior_words
from .text import counted, number

#: Trials from which a prediction interval rests on them rather than on its assumptions.
_LEAST_PREDICTED = 3
#: Share of the interval of the mean by which it has to be wider to be seen.
_WIDER = 0.01
_COMMON_EFFECT = ("EE", "FE", "CE")


@dataclass(frozen=True)
class Trials:
    """The trials of a fit.

    Attributes
    ----------
    yi : (k,) array
        Effects; not-a-number for a trial that has none of its own.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Their names.
    level : float
        Level of every interval of the fit.
    weights : (k,) array or None
        Percent; None where the method gives its trials no weights.
    model : str
        How the trials were put together, in a few words.
    tau2 : float
        Variance between trials; 0 where there is none.
    i2 : float or None
        Percent of the variance of the effects that is not sampling error.
    differences : tuple of str
        What is said of the differences between trials.
    measure : str
        Name of the measure of the effects.
    unit : str
        What a row is: a trial, or one effect of several of a trial.
    """

    yi: NDArray[np.float64]
    vi: NDArray[np.float64]
    slab: tuple[str, ...]
    level: float
    weights: NDArray[np.float64] | None
    model: str
    tau2: float
    i2: float | None
    differences: tuple[str, ...]
    measure: str
    unit: str

    @property
    def k(self) -> int:
        return len(self.yi)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Percent that a trial counts: its weight, or its precision where the method gives no weights."""
        if self.weights is not None:
            return self.weights
        precision = 1 / self.vi
        return np.asarray(100 * precision / np.nansum(precision))

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Normal intervals of the trials: yi plus and minus a quantile times sqrt(vi)."""
        half = float(ndtri(0.5 + self.level / 2)) * np.sqrt(self.vi)
        return self.yi - half, self.yi + half

    @property
    def count(self) -> str:
        """How many rows there are: ``12 trials``."""
        return counted(self.k, self.unit)

    @property
    def words(self) -> str:
        """One line: how many trials, how they were put together, and how much they differ."""
        model = f"{_(', ')}{self.model}" if "(" in self.model else f" ({self.model})"
        return _(", ").join([f"{self.count}{model}", *self.differences])


@dataclass(frozen=True)
class Mean(Trials):
    """Trials with one effect they come to together."""

    estimate: float
    ci: tuple[float, float]
    prediction_interval: tuple[float, float] | None  # where it says more than ``ci``


@dataclass(frozen=True)
class Moderated(Trials):
    """Trials whose effects are expected to differ; ``fitted`` has a row a trial: estimate, ci_low, ci_high."""

    fitted: pd.DataFrame
    test: str

    def residuals(self) -> Mean:
        """What the moderators leave of the effects, around 0."""
        kept = {field.name: getattr(self, field.name) for field in fields(Trials)}
        kept["yi"] = self.yi - self.fitted["estimate"].to_numpy(float)
        return Mean(**kept, estimate=0.0, ci=(0.0, 0.0), prediction_interval=None)


def read_fit(figure: str, given: object) -> Mean | Moderated:
    """The trials of a fit; of a frame with ``yi`` and ``vi``, or of ``(yi, vi)``, after `pool` with its defaults.

    Raises
    ------
    InvalidInput
        There are no trials in ``given``; the message says what would be right.
    """
    if isinstance(given, (Mean, Moderated)):
        return given
    fit: Any = fitted_from(figure, given)
    yi, vi = (np.asarray(part, dtype=float) for part in (fit.yi, fit.vi))
    slab = getattr(fit, "slab", None)
    names = tuple(map(str, slab)) if slab is not None else tuple(_("Trial {n}", n=i + 1) for i in range(len(yi)))
    weights = getattr(fit, "weights", None)
    tau2, i2 = _tau2(fit), getattr(fit, "i2", None)
    trials = Trials(
        yi=yi,
        vi=vi,
        slab=names,
        level=float(fit.level),
        weights=None if weights is None else np.asarray(weights, dtype=float),
        model=_model(fit),
        tau2=tau2 or 0.0,
        i2=None if i2 is None else float(i2),
        differences=tuple(_differences(fit, tau2)),
        measure=measure_of(fit) or "effect",
        unit="effect" if hasattr(fit, "groups") else "trial",
    )
    summary = _summary(fit)
    if summary is not None:
        return Mean(**vars(trials), **summary)
    return Moderated(
        **vars(trials),
        fitted=fit.predict().rename(columns={"median": "estimate"}).reset_index(drop=True),
        test=_test(fit),
    )


def read_mean(figure: str, given: object) -> Mean:
    """The same for figures that need one effect of all trials.

    Raises
    ------
    NotEstimable
        The fit has moderators, so that its trials have no common effect.
    """
    fit = read_fit(figure, given)
    if isinstance(fit, Moderated):
        raise NotEstimable(
            f"{figure}: a fit with moderators has no one effect of all trials; plots.bubble draws it against its "
            "moderator, plots.forest trial by trial"
        )
    return fit


def fitted_from(figure: str, given: object) -> object:
    """``given`` where it is a fit that has trials; a pool of the trials where it is a frame or ``(yi, vi)``."""
    if isinstance(given, pd.DataFrame) or (isinstance(given, tuple) and len(given) == 2):
        from ...models.univariate.source import read_source

        if isinstance(given, tuple):
            return read_source(*given).fit
        if {"yi", "vi"} <= set(given.columns):
            return read_source(given).fit
    elif all(hasattr(given, name) for name in ("yi", "vi", "level")):
        return given
    raise InvalidInput(
        f"{figure}: give trials: a fit such as ev.pool(...), a frame with columns yi and vi, or (yi, vi); "
        f"not {described(given)}"
    )


def described(given: object) -> str:
    """What was given, for an error that says what would be right."""
    if isinstance(given, pd.DataFrame):
        return f"a frame with columns {', '.join(map(str, given.columns[:8])) or '(none)'}"
    kind = type(given).__name__
    own = getattr(given, "_figure", "")
    if own:
        return f"a {kind}, which plots.{own} draws"
    if hasattr(given, "naive"):
        return f"a {kind}; its .naive is the fit of the trials"
    return f"a {kind}"


def interval_head(every: Sequence[Trials]) -> str:
    """Head of the column of intervals: their level where they share one, which each row otherwise says itself."""
    levels = {fit.level for fit in every}
    return _("{level}% interval", level=f"{every[0].level * 100:g}") if len(levels) == 1 else _("Interval")


def _summary(fit: Any) -> dict[str, Any] | None:
    """Estimate, interval and prediction of a fit; None where moderators leave no one effect."""
    if hasattr(fit, "mu"):  # a posterior
        mean, new = fit.mu, fit.predictive
        pair = (float(new["ci_low"]), float(new["ci_high"]))
        bounds = (float(mean["ci_low"]), float(mean["ci_high"]))
        telling = telling_prediction(len(fit.yi), bounds, pair)
        return {"estimate": float(mean["median"]), "ci": bounds, "prediction_interval": telling}
    try:
        estimate, ci = fit.estimate, fit.ci
    except (AttributeError, EvidenceError):
        return None
    low, high = (float(bound) for bound in ci)
    telling = telling_prediction(len(fit.yi), (low, high), getattr(fit, "prediction_interval", None))
    return {"estimate": float(estimate), "ci": (low, high), "prediction_interval": telling}


def telling_prediction(
    k: int, ci: tuple[float, float], prediction: tuple[float, float] | None
) -> tuple[float, float] | None:
    """A prediction interval that says more than the interval of the mean: of three trials or more, and wider."""
    if k < _LEAST_PREDICTED or prediction is None or not all(math.isfinite(bound) for bound in (*prediction, *ci)):
        return None
    low, high = (float(bound) for bound in prediction)
    return (low, high) if (high - low) > (1 + _WIDER) * (ci[1] - ci[0]) else None


def _model(fit: Any) -> str:
    if hasattr(fit, "tau_prior"):
        return _("Bayesian random effects, τ\xa0~\xa0{prior}", prior=pointed(prior_words(fit.tau_prior)))
    if isinstance(getattr(fit, "name", None), str):
        return str(fit.name)
    method = getattr(fit, "method", None)
    if hasattr(fit, "groups"):
        return _("multilevel, {method}", method=method)
    words = _("common effect") if method in _COMMON_EFFECT else str(method)
    return f"{fit.model}, {words}" if hasattr(fit, "model") else words


def _tau2(fit: Any) -> float | None:
    if hasattr(fit, "mu"):
        return float(fit.tau["median"]) ** 2
    tau2 = getattr(fit, "tau2", None)
    return None if tau2 is None else float(tau2)


def _differences(fit: Any, tau2: float | None) -> list[str]:
    found = []
    groups: Mapping[str, int] = getattr(fit, "groups", {})
    if groups:
        outer = next(iter(groups))
        found.append(f"{counted(groups[outer], 'group')} by {outer}")
    if tau2 is not None:
        found.append(f"τ²\xa0=\xa0{number(tau2)}")
    i2 = getattr(fit, "i2", None)
    if i2 is not None:
        found.append(f"I²\xa0=\xa0{_('{n}%', n=f'{i2:.0f}')}")
    r2 = getattr(fit, "r2", None)
    if r2 is not None:
        found.append(f"R²\xa0=\xa0{r2:.0f}%")
    return found


def _test(fit: Any) -> str:
    """The test of all moderators together; of a posterior, which has none, what they are."""
    if hasattr(fit, "tau_prior"):
        return f"Moderators: {fit.formula}"
    count, below = fit.qm_df
    letter = f"χ²({count})" if math.isinf(below) else f"F({count}, {below:.4g})"
    p = f"p\xa0=\xa0{fit.qm_p:.3f}" if fit.qm_p >= 0.001 else "p\xa0<\xa00.001"
    return f"Moderators: {letter}\xa0=\xa0{number(fit.qm)}, {p}"
