"""How much of an error may be spent by when, and the boundaries that spend it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from ...effects.arguments import require_between, require_choice, shown
from ...errors import InvalidInput
from ...models.engine.engine import Floats
from ...models.values import numbers
from .recursion import alpha_boundaries, futility_boundaries

Spending = Literal["obrien-fleming", "pocock", "kim-demets"]

#: Looks that add less than this share of what is known by then cannot be told apart from those before.
CLOSEST = 1e-4


def spending_boundaries(
    fractions: ArrayLike,
    alpha: float = 0.05,
    spending: Spending = "obrien-fleming",
    sided: Literal[1, 2] = 2,
    *,
    rho: float = 1.0,
) -> Floats:
    """Boundaries of a group-sequential test, each look spending what is due by its share of the information.

    Parameters
    ----------
    fractions : (looks,) array-like
        Share of the required information at each look: increasing, in (0, 1]. They need not end at 1, and looks to come
        do not change those before.
    alpha : float
        Chance that no effect crosses a boundary at any look up to 1.
    spending : {"obrien-fleming", "pocock", "kim-demets"}
        Spending function.
    sided : {1, 2}
        2 tests for benefit and harm, half of alpha each; 1 for benefit alone.
    rho : float
        Exponent of "kim-demets"; 1 spends in step with the information, 3 is close to "obrien-fleming".

    Returns
    -------
    (looks,) array
        z that has to be reached for benefit; with two sides, its negative for harm. Where hardly anything may be spent
        (less than 1e-300) the boundary is 37.

    Raises
    ------
    InvalidInput
        Fractions that do not increase, are outside of (0, 1], or so close that looks add less than 0.01%; another
        option of the wrong kind.

    See Also
    --------
    trial_sequential : The boundaries beside trials that came in one by one.
    required_information_size : What a fraction of 1 stands for.

    Notes
    -----
    Spent on one side by the fraction t, of a = alpha / sided: "obrien-fleming" 2 - 2 Phi(z(1 - a/2) / sqrt(t)),
    "pocock" a ln(1 + (e - 1) t), "kim-demets" a t^rho. Boundaries come from recursive numerical integration, to about
    1e-9; they agree with R's rpact to 1e-7.

    References
    ----------
    Lan & DeMets (1983), Biometrika 70:659, 10.1093/biomet/70.3.659. Kim & DeMets (1987), Biometrika 74:149,
    10.1093/biomet/74.1.149. Jennison & Turnbull (2000), Group Sequential Methods, ch. 7 and 19.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.spending_boundaries([0.2, 0.4, 0.6, 0.8, 1.0]).round(3).tolist()
    [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    require_choice("spending", spending, SPENDING)
    require_between("alpha", alpha, 0, 1)
    require_between("rho", rho, 0, math.inf)
    if isinstance(sided, bool) or not isinstance(sided, int) or sided not in (1, 2):
        raise InvalidInput(f"sided is {shown(sided)}; give 2 (benefit and harm) or 1 (benefit alone)")
    shares = numbers(fractions, "fractions")
    _check(shares)
    return alpha_boundaries(shares, SPENDING[spending](shares, alpha / sided, rho), sided)


def _check(fractions: Floats) -> None:
    if not fractions.size:
        raise InvalidInput("fractions is empty; give the share of the required information at each look")
    wrong = ~((fractions > 0) & (fractions <= 1))
    if wrong.any():
        first = fractions[int(np.argmax(wrong))]
        raise InvalidInput(f"fractions holds {first:g}; give shares of the required information in (0, 1]")
    gains = np.diff(fractions, prepend=0.0)
    if (gains < CLOSEST * fractions).any():
        look = int(np.argmax(gains < CLOSEST * fractions))
        raise InvalidInput(
            f"fractions goes from {fractions[look - 1]:g} to {fractions[look]:g}; each look has to add at least "
            f"{CLOSEST:.2%} to what is known"
        )


def _obrien_fleming(t: Floats, alpha: float, rho: float) -> Floats:
    return np.asarray(2 * ndtr(ndtri(alpha / 2) / np.sqrt(t)))


def _pocock(t: Floats, alpha: float, rho: float) -> Floats:
    return np.asarray(alpha * np.log1p((math.e - 1) * t))


def _kim_demets(t: Floats, alpha: float, rho: float) -> Floats:
    return np.asarray(alpha * t**rho)


#: A spending function tells what is spent by a fraction of the information, of a total spent at 1.
SPENDING: Mapping[Spending, Callable[[Floats, float, float], Floats]] = {
    "obrien-fleming": _obrien_fleming,
    "pocock": _pocock,
    "kim-demets": _kim_demets,
}


@dataclass(frozen=True, slots=True)
class Design:
    """Two-sided boundaries at some fractions of the required information, the last of them about 1 or above.

    Attributes
    ----------
    benefit : (looks,) array
    futility : (looks,) array
        NaN where no look can be futile; meets ``benefit`` at the last.
    inflation : float
        Information that a test with these looks needs for its power, over that of one look.
    """

    benefit: Floats
    futility: Floats
    inflation: float


@lru_cache(maxsize=256)
def sequential_design(
    fractions: tuple[float, ...], alpha: float, power: float, spending: Spending, rho: float
) -> Design:
    """Boundaries that spend alpha and, without being bound to stop for futility, beta = 1 - power.

    Notes
    -----
    Futility spends beta under the drift (mean of z over the root of the information) for which both boundaries meet at
    the last look, which is that of a test with this power (Pampallona, Tsiatis & Kim 2001, Drug Information Journal
    35:1113).
    """
    t = np.array(fractions)
    due = np.minimum(t, 1.0)
    benefit = alpha_boundaries(t, SPENDING[spending](due, alpha / 2, rho), 2)
    spent = SPENDING[spending](due, 1 - power, rho)
    single = float(ndtri(1 - alpha / 2) + ndtri(power))

    # without a top the last boundary is where all of beta is spent
    open_top = np.append(benefit[:-1], benefit[-1] + single)

    def futility(mean: float) -> Floats:
        return futility_boundaries(t, open_top, spent, mean / math.sqrt(t[-1]))

    # the mean of z at the last look, which may hold more than is required
    mean = float(brentq(lambda mean: futility(mean)[-1] - benefit[-1], 0.0, 2 * single + 3, xtol=1e-9))
    bounds = futility(mean)
    bounds[-1] = benefit[-1]
    return Design(benefit, np.where(bounds > 0, bounds, np.nan), (mean / single) ** 2)
