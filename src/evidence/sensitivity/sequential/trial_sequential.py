"""Trials as they came in, beside the boundaries of a test that looks after each."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, ndtri_exp, stdtr, stdtrit

from ...bias.source import read_source
from ...effects.arguments import require_between, require_choice
from ...errors import InvalidInput, NotEstimable
from ...models.engine.engine import Floats
from ...models.engine.inference import Interval, common_mean_columns
from ...models.studies import Column, Effects, Studies
from ...models.univariate.deletion import fit_rows
from ...models.univariate.pooled import Pooled
from .people import people_of
from .recursion import FARTHEST
from .required import require_delta, require_power
from .sequential_result import TrialSequential
from .spending import CLOSEST, SPENDING, Design, Spending, sequential_design

Ties = Literal["refuse", "together"]


def trial_sequential(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    order: Column = "year",
    *,
    delta: float,
    alpha: float = 0.05,
    power: float = 0.9,
    spending: Spending = "obrien-fleming",
    rho: float = 1.0,
    ni: Column | None = None,
    ties: Ties = "refuse",
    slab: Column | None = None,
) -> TrialSequential:
    """Trial sequential analysis: a cumulative meta-analysis that pays for looking after every trial.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`, whose method and test are kept.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    order : str or array-like
        Numbers that trials came in by, such as their years: a column of the frame, or one value a trial.
    delta : float
        Effect that the trials are to show, in the units of ``yi``; its sign is the side of benefit.
    alpha : float
        Chance of no effect to cross a boundary at any look.
    power : float
        Chance of an effect of ``delta`` to be shown; sets the required information and the futility boundaries.
    spending : {"obrien-fleming", "pocock", "kim-demets"}
        Spending function of both errors, as for `spending_boundaries`.
    rho : float
        Exponent of "kim-demets".
    ni : str or array-like, optional
        People in each trial: a column, or one value a trial. Then sizes are told in people as well.
    ties : {"refuse", "together"}
        Trials with the same ``order``: an error, or one look at all of them.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.

    Returns
    -------
    TrialSequential
        ``.z``, ``.boundaries``, ``.futility``, ``.information``, ``.adjusted_ci``, ``.looks``.

    Raises
    ------
    InvalidInput
        Not trials, an order that is missing, not numbers or tied, or an option outside of its range.
    NotEstimable
        A trial without sampling error.

    See Also
    --------
    spending_boundaries : The boundaries alone.
    required_information_size : The size alone, from a standard deviation or a risk.
    cumulative : The same looks without boundaries.
    plots.trial_sequential : Draws it.

    Notes
    -----
    Information is sum 1 / vi. Required is ((z(1 - alpha / 2) + z(power)) / delta)^2 / (1 - D2), with the diversity D2 =
    1 - v_F / v_R from the variances of the fixed- and the random-effects mean of all trials (Wetterslev 2009). This is
    the TSA program's size in people where trials are as precise as their size lets expect; the size is not inflated for
    the looks (``.inflation`` is by how much it would be).

    z is the test of each look on the normal scale: that of the same p value, where the fit takes a t distribution.
    Looks at more than the required information keep the boundary of the first of them, which has spent all of alpha;
    looks that add less than 0.01% to what is known keep that of the look before. Futility boundaries are not binding;
    they spend 1 - power under the effect for which they meet the other boundaries at the required information, and are
    NaN where they would lie below zero. The adjusted interval holds the effects that the last look's boundary would not
    reject.

    References
    ----------
    Wetterslev, Thorlund, Brok & Gluud (2008), Journal of Clinical Epidemiology 61:64, 10.1016/j.jclinepi.2007.03.013.
    Wetterslev, Thorlund, Brok & Gluud (2009), BMC Medical Research Methodology 9:86, 10.1186/1471-2288-9-86.
    Thorlund, Engstrøm, Wetterslev, Brok, Imberger & Gluud (2017), User Manual for Trial Sequential Analysis, 2nd ed.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.5, 0.2, 0.4], "vi": [0.08, 0.05, 0.04], "year": [2003, 2009, 2016]})
    >>> found = ev.trial_sequential(ev.pool(frame, method="DL", test="z"), order="year", delta=0.4)
    >>> found.information.round(2).tolist(), found.z.round(2).tolist()
    ([0.19, 0.49, 0.88], [1.77, 1.8, 2.67])
    >>> found.conclusion, found.adjusted_ci.low > 0
    ('benefit', True)
    """
    require_delta(delta)
    require_between("alpha", alpha, 1e-12, 1)
    require_power(power, alpha)
    require_choice("spending", spending, SPENDING)
    require_between("rho", rho, 0, math.inf)
    require_choice("ties", ties, ("refuse", "together"))
    fit, studies = read_source(effects, vi, 1, "trial sequential analysis", slab)
    rows, sizes = _looks(studies, order, ties)
    columns = _cumulative(fit, rows, sizes)
    diversity = _diversity(fit)
    if diversity >= 1:
        raise NotEstimable("all variance is between trials (diversity 100%): no number of people would be enough")
    precision = np.cumsum(1 / fit.vi[rows])[sizes - 1]
    required = float((ndtri(1 - alpha / 2) + ndtri(power)) / delta) ** 2 / (1 - diversity)
    information = precision / required
    design, at = _design(information, alpha, power, spending, rho)
    people = people_of(studies, ni)
    estimate, se, df = (float(columns[name].iloc[-1]) for name in ("estimate", "se", "df"))
    reach = _quantile(float(design.benefit[at[-1]]), df) * se
    side = math.copysign(1.0, delta)
    looks = columns[["k", "estimate", "se"]].assign(
        information=information,
        z=_normal_scale(columns["statistic"].to_numpy(), columns["df"].to_numpy()),
        benefit=side * design.benefit[at],
        harm=-side * design.benefit[at],
        futility=design.futility[at],
    )
    looks.index = pd.Index([studies.slab[row] for row in rows[sizes - 1]], name="added")
    return TrialSequential(
        looks=looks,
        estimate=estimate,
        adjusted_ci=Interval(estimate - reach, estimate + reach),
        diversity=diversity,
        required=required,
        people=None if people is None else math.ceil(required * people.sum() / precision[-1]),
        people_so_far=None if people is None else int(people.sum()),
        inflation=design.inflation,
        _last_boundary=float(design.benefit[-1]),
        delta=float(delta),
        alpha=float(alpha),
        power=float(power),
        spending=spending,
    )


def _looks(studies: Studies, order: Column, ties: Ties) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Positions of the studies in order, and how many are in at each look."""
    keys = studies.floats(order, "order")
    rows = np.argsort(keys, kind="stable")
    last = np.append(np.diff(keys[rows]) > 0, True)
    if ties == "refuse" and not last.all():
        first = int(np.argmin(last))
        tied = " and ".join(repr(studies.slab[row]) for row in rows[first : first + 2])
        raise InvalidInput(
            f"order is {keys[rows[first]]:g} for {tied}; give values without ties (such as dates of publication), or "
            'ties="together" for one look at all trials of the same order'
        )
    return rows, np.flatnonzero(last) + 1


def _cumulative(fit: Pooled, rows: NDArray[np.intp], sizes: NDArray[np.int64]) -> pd.DataFrame:
    chosen = np.concatenate([rows[:size] for size in sizes])
    batch = fit_rows(fit, chosen, np.concatenate([[0], np.cumsum(sizes)]))
    return pd.DataFrame(common_mean_columns(fit.settings, batch))


def _diversity(fit: Pooled) -> float:
    precise = 1 / fit.vi
    return max(1 - float((1 / (fit.vi + fit.tau2)).sum() / precise.sum()), 0.0)


def _normal_scale(statistic: Floats, df: Floats) -> Floats:
    """The normal deviate with the p value of a t statistic."""
    with np.errstate(divide="ignore"):
        tail = np.log(stdtr(np.where(np.isinf(df), 1.0, df), -np.abs(statistic)))
    size = np.where(np.isinf(df), np.abs(statistic), np.minimum(-ndtri_exp(tail), FARTHEST))
    return np.asarray(np.sign(statistic) * size)


def _quantile(z: float, df: float) -> float:
    """The t quantile that leaves as much above it as a normal deviate."""
    return z if math.isinf(df) else -float(stdtrit(df, float(ndtr(-z))))


def _design(
    information: Floats, alpha: float, power: float, spending: Spending, rho: float
) -> tuple[Design, NDArray[np.intp]]:
    """Boundaries at the looks that can be told apart and at the required information, and which holds for each look."""
    times: list[float] = []
    at = []
    for share in information.tolist():
        if not times or (times[-1] < 1 and share - times[-1] >= CLOSEST * share):
            times.append(share)
        at.append(len(times) - 1)
    if 1.0 - times[-1] >= CLOSEST:
        times.append(1.0)
    return sequential_design(tuple(times), alpha, power, spending, rho), np.array(at)
