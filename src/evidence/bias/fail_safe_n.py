"""How many null results it would take to undo a finding."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from ..effects.arguments import require_between, require_choice, require_finite, require_flag
from ..errors import InvalidInput, NotEstimable
from ..languages import ngettext, pointed
from ..models import wording
from ..models.engine.engine import Floats
from ..models.result import Result
from .source import Effects, read_source

Kind = Literal["rosenthal", "orwin", "rosenberg"]


@dataclass(frozen=True, repr=False, eq=False)
class FailSafeN(Result):
    """A fail-safe N.

    Attributes
    ----------
    n : int
        Studies averaging no effect that would have to exist.
    kind : str
        "rosenthal", "orwin" or "rosenberg".
    k : int
        Studies.
    alpha : float or None
        Level that the p value would reach; None for "orwin".
    p_value : float or None
        As observed: one-sided for "rosenthal", two-sided for "rosenberg"; None for "orwin".
    estimate : float or None
        Average as observed; None for "rosenthal".
    target : float or None
        Average that would be reached; None but for "orwin".

    See Also
    --------
    fail_safe_n : Makes it.
    selection_model : A model of what is missing instead of a count.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.fail_safe_n([0.5, 0.5, 0.5], [0.04, 0.04, 0.04])
    Fail-safe N, Rosenthal (k = 3)
    N = 18
    observed p < 0.001, target p = 0.05
    """

    n: int
    kind: Kind
    k: int
    alpha: float | None
    p_value: float | None
    estimate: float | None
    target: float | None

    def sentence(self) -> str:
        kind = self.kind.title()
        if self.target is not None:
            return ngettext(
                "It would take {n} unseen study averaging no effect to bring the average effect down to {target} "
                "({kind}).",
                "It would take {n} unseen studies averaging no effect to bring the average effect down to {target} "
                "({kind}).",
                self.n,
                target=pointed(wording.number(self.target)),
                kind=kind,
            )
        return ngettext(
            "It would take {n} unseen study averaging no effect to bring the combined p value up to {alpha} ({kind}).",
            "It would take {n} unseen studies averaging no effect to bring the combined p value up to {alpha} "
            "({kind}).",
            self.n,
            alpha=pointed(f"{self.alpha:g}"),
            kind=kind,
        )

    def _title(self) -> str:
        return f"Fail-safe N, {self.kind.title()} (k = {self.k})"

    def _lines(self) -> list[str]:
        lines = [f"N = {self.n}"]
        if self.p_value is not None:
            lines.append(f"observed p {wording.p_value(self.p_value)}, target p = {self.alpha:g}")
        if self.estimate is not None:
            lines.append(f"observed average {wording.number(self.estimate, 4)}")
        if self.target is not None:
            lines.append(f"target average {wording.number(self.target, 4)}")
        return lines

    def _row(self) -> dict[str, object]:
        return {"kind": self.kind, "k": self.k, "n": self.n}


def fail_safe_n(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    kind: Kind = "rosenthal",
    alpha: float = 0.05,
    target: float | None = None,
    weighted: bool = False,
) -> FailSafeN:
    """Fail-safe N: unseen studies averaging no effect that would undo the finding.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    kind : str
        "rosenthal", Stouffer's combined one-sided p value up to ``alpha``; "orwin", the average effect down to
        ``target``; "rosenberg", the two-sided p value of the inverse-variance average up to ``alpha``.
    alpha : float
        Level for "rosenthal" and "rosenberg".
    target : float, optional
        For "orwin": the largest effect that would not matter, its sign taken from the average; not zero, to which no
        number of null results brings an average.
    weighted : bool
        For "orwin": inverse-variance instead of plain average.

    Returns
    -------
    FailSafeN
        n = 0 when nothing is left to undo.

    Raises
    ------
    InvalidInput
        An unknown kind, an alpha that is no level, or a target without "orwin", or "orwin" without one.
    NotEstimable
        A study without sampling error, a target of zero, or more studies than say anything.

    See Also
    --------
    trim_and_fill : How many studies the funnel lacks.
    selection_model : The effect before selection by p value.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    - Rosenthal: k (z / z_alpha)^2 - k with z = abs(sum yi / sei) / sqrt(k)
    - Orwin: k (m - target) / target with m the average
    - Rosenberg: k ((sum w yi / z_(alpha/2))^2 - sum w) / sum w with w = 1 / vi, normal as in metafor

    rounded up. It asks about studies with an average of exactly no effect and ignores their size and
    heterogeneity: an old habit, not evidence against bias (Becker 2005).

    References
    ----------
    Rosenthal (1979), Psychological Bulletin 86:638, 10.1037/0033-2909.86.3.638.
    Orwin (1983), Journal of Educational Statistics 8:157.
    Rosenberg (2005), Evolution 59:464.
    Becker (2005), in Rothstein, Sutton & Borenstein, Publication Bias in Meta-Analysis, ch. 7.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.fail_safe_n([0.5, 0.5, 0.5], [0.04, 0.04, 0.04]).n
    18
    """
    require_choice("kind", kind, KINDS)
    require_between("alpha", alpha, 0, 0.5)
    require_flag("weighted", weighted)
    if (target is None) == (kind == "orwin"):
        raise InvalidInput(
            'kind="orwin" needs target=, the largest effect that would not matter; no other kind takes it'
        )
    if target is not None:
        require_finite("target", target)
    fit = read_source(effects, vi, 1, "fail-safe N").fit
    return KINDS[kind](fit.yi, 1 / fit.vi, alpha if target is None else target, weighted)


def _rosenthal(yi: Floats, wi: Floats, alpha: float, weighted: bool) -> FailSafeN:
    k = len(yi)
    z = abs(float(np.sum(yi * np.sqrt(wi)))) / math.sqrt(k)
    needed = k * (z / float(ndtri(1 - alpha))) ** 2 - k
    return FailSafeN(_whole(needed), "rosenthal", k, alpha, float(ndtr(-z)), None, None)


def _orwin(yi: Floats, wi: Floats, target: float, weighted: bool) -> FailSafeN:
    k = len(yi)
    mean = float(np.sum(wi * yi) / wi.sum() if weighted else yi.mean())
    if target == 0:
        raise NotEstimable("no number of null results brings an average to exactly zero; give a target other than 0")
    goal = math.copysign(target, mean)
    return FailSafeN(_whole(k * (mean - goal) / goal), "orwin", k, None, None, mean, goal)


def _rosenberg(yi: Floats, wi: Floats, alpha: float, weighted: bool) -> FailSafeN:
    k = len(yi)
    mean, total = float(np.sum(wi * yi) / wi.sum()), float(wi.sum())
    needed = k * ((mean * total / float(ndtri(1 - alpha / 2))) ** 2 / total - 1)
    p_value = float(2 * ndtr(-abs(mean) * math.sqrt(total)))
    return FailSafeN(_whole(needed), "rosenberg", k, alpha, p_value, mean, None)


#: From effects, weights, alpha or target, and whether the average is weighted.
KINDS: dict[Kind, Callable[[Floats, Floats, float, bool], FailSafeN]] = {
    "rosenthal": _rosenthal,
    "orwin": _orwin,
    "rosenberg": _rosenberg,
}


def _whole(needed: float) -> int:
    """The next whole number up, but a rounding error above a whole number does not count."""
    if needed <= 0:
        return 0
    if needed > 1e15:
        raise NotEstimable("it would take more than 1e15 studies, which says nothing: look at the units of the effects")
    nearest = round(needed)
    return nearest if abs(needed - nearest) < 1e-8 else math.ceil(needed)
