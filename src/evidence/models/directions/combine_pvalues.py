"""One p value from many, for trials that print p values and directions but no numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import comb, factorial, floor

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtr, chdtrc, ndtr, ndtri

from ...effects.arguments import require_choice
from ...effects.inputs import DIRECTION, P_VALUE, Floats, aligned, label_index, read
from ...errors import InvalidInput, NotEstimable
from ..result import Result


@dataclass(frozen=True, repr=False, eq=False)
class CombinedPValue(Result):
    """One p value from many.

    Attributes
    ----------
    method : str
        How they were combined.
    k : int
        P values combined.
    bounds : int
        How many of them were thresholds, taken at their least favourable value.
    statistic : float
        Fisher and Pearson: chi-square on 2k degrees of freedom; Stouffer: z; Edgington: sum of p; Tippett: smallest p.
    p_value : float
        One-sided: of no effect in any trial, against an effect in favour in at least one.
    one_sided : tuple of float
        The one-sided p values that went in.

    See Also
    --------
    combine_pvalues : Makes it.
    vote_count : Where only directions are known.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.combine_pvalues([0.04, 0.05, 0.30], direction=[1, 1, -1])
    Fisher: 3 p values, statistic 15.53, one-sided p = 0.01653
    """

    method: str
    k: int
    bounds: int
    statistic: float
    p_value: float
    one_sided: tuple[float, ...]

    def sentence(self) -> str:
        return (
            f"Taken together, {self.k} p values give a one-sided p of {self.p_value:.2g} ({self.method.capitalize()}) "
            "against no effect in any trial; how large an effect is they cannot say."
        )

    def _title(self) -> str:
        at_bounds = f", {self.bounds} at their bound" if self.bounds else ""
        numbers = f"statistic {self.statistic:.4g}, one-sided p = {self.p_value:.4g}"
        return f"{self.method.capitalize()}: {self.k} p values{at_bounds}, {numbers}"

    def _lines(self) -> list[str]:
        return []

    def _row(self) -> dict[str, object]:
        row = asdict(self)
        del row["one_sided"]
        return row

    def _table(self) -> pd.DataFrame:
        return self.to_frame()


def combine_pvalues(
    p: ArrayLike, direction: ArrayLike, relation: str | Sequence[str] | pd.Series = "=", method: str = "fisher"
) -> CombinedPValue:
    """Combine two-sided p values by the direction of their effects into one one-sided p value.

    Parameters
    ----------
    p : (k,) array-like
        Two-sided p values, or the thresholds papers print instead, in (0, 1].
    direction : (k,) array-like
        1 where the trial's effect is in favour, -1 against, 0 where it is not said.
    relation : str or (k,) array-like of {"=", "<", "<=", ">", ">="}
        How the printed number relates to the p value: "P < 0.05" is 0.05 with "<".
    method : {"fisher", "stouffer", "edgington", "pearson", "tippett"}
        How they are combined.

    Returns
    -------
    CombinedPValue
        The statistic and the one-sided p value.

    Raises
    ------
    InvalidInput
        A p value outside (0, 1], an unknown direction, relation or method, or Series with other labels.
    NotEstimable
        There is no p value.

    See Also
    --------
    vote_count : Where only directions are known.
    pool : Where effects are known.

    Notes
    -----
    Series are paired by their labels.

    A p value in favour becomes p/2, one against 1 - p/2, as does one without direction. A threshold goes in at the end
    of its range that speaks least in favour: "< t" in favour t/2, against 1; "> t" in favour 1/2, against and without
    direction 1 - t/2; "< t" without direction 1. So the combined p value is never too small for what is not known.

    With q for the one-sided p values, the combined one is
    Fisher: upper tail of chi-square(2k) at -2 sum(log q);
    Pearson: lower tail of chi-square(2k) at -2 sum(log(1 - q));
    Stouffer: upper normal tail at sum(z(q)) / sqrt(k);
    Edgington: probability that k uniform numbers sum to no more than sum(q);
    Tippett: 1 - (1 - min q)^k.

    References
    ----------
    Becker (1994), in Cooper & Hedges, The Handbook of Research Synthesis, chapter 15. Edgington (1972), Journal of
    Psychology 80:351. McKenzie & Brennan (2019), Cochrane Handbook, section 12.2.1.2.

    Examples
    --------
    >>> import evidence as ev
    >>> combined = ev.combine_pvalues([0.04, 0.05, 0.30], direction=[1, 1, -1], relation=["=", "<", "="])
    >>> round(combined.p_value, 4), combined.bounds
    (0.0165, 1)
    """
    require_choice("method", method, tuple(_COMBINE))
    index = label_index(p, direction, relation)
    p, direction, relation = (
        aligned(p, "p", index),
        aligned(direction, "direction", index),
        aligned(relation, "relation", index),
    )
    p, direction = (np.atleast_1d(values) for values in read(p=(p, P_VALUE), direction=(direction, DIRECTION)))
    if p.ndim > 1:
        raise InvalidInput(f"p and direction broadcast to shape {p.shape}: must be one-dimensional")
    if p.size == 0:
        raise NotEstimable("there is no p value to combine")
    relations = _relations(aligned(relation, "relation", index), p.size)
    q, complement = _one_sided(p, direction, relations)
    statistic, p_value = _COMBINE[method](q, complement)
    bounds = int(np.sum(relations != "="))
    return CombinedPValue(method, p.size, bounds, float(statistic), float(p_value), tuple(q.tolist()))


_RELATIONS = ("=", "<", "<=", ">", ">=")


def _relations(relation: str | Sequence[str] | pd.Series, k: int) -> NDArray[np.str_]:
    """One of "=", "<", ">" for each p value; whether a threshold itself is included makes no difference."""
    try:
        relations = np.asarray(relation, dtype=str)
    except ValueError:
        raise InvalidInput(f"relation {relation!r}: must be one string, or {k} of them, one for each p") from None
    if relations.shape not in ((), (k,)):
        raise InvalidInput(f"relation has shape {relations.shape}: must be one string, or {k} of them, one for each p")
    for index, value in enumerate(relations.flat):
        require_choice(f"relation[{index}]" if relations.ndim else "relation", str(value), _RELATIONS)
    return np.broadcast_to(relations.astype("U1"), (k,))


def _one_sided(p: Floats, direction: Floats, relations: NDArray[np.str_]) -> tuple[Floats, Floats]:
    """The least favourable one-sided p values, and their complements, which near 1 are the more exact of the two."""
    below, above, favouring = relations == "<", relations == ">", direction == 1
    tail = np.where(above & favouring, 0.5, p / 2)
    complement = np.where(below & ~favouring, 0.0, tail)
    return np.where(favouring, tail, 1 - complement), np.where(favouring, 1 - tail, complement)


def _fisher(q: Floats, complement: Floats) -> tuple[float, float]:
    statistic = -2 * float(np.sum(np.log(q)))
    return statistic, float(chdtrc(2 * q.size, statistic))


def _pearson(q: Floats, complement: Floats) -> tuple[float, float]:
    with np.errstate(divide="ignore"):  # a threshold against counts as q = 1, and then so does the whole
        statistic = -2 * float(np.sum(np.log(complement)))
    return statistic, float(chdtr(2 * q.size, statistic))


def _stouffer(q: Floats, complement: Floats) -> tuple[float, float]:
    scores = np.where(q < 0.5, -ndtri(q), ndtri(complement))
    statistic = float(np.sum(scores) / np.sqrt(q.size))
    return statistic, float(ndtr(-statistic))


_MOST_EXACT = 200


def _edgington(q: Floats, complement: Floats) -> tuple[float, float]:
    """In exact arithmetic, for the alternating sum cancels to nothing in floats from about 30 p values on."""
    if q.size > _MOST_EXACT:
        return float(np.sum(q)), _sum_of_uniforms(float(np.sum(q)), q.size)
    k, total = q.size, sum(map(Fraction, q.tolist()), Fraction(0))
    terms = ((-1) ** j * comb(k, j) * (total - j) ** k for j in range(floor(total) + 1))
    return float(total), float(sum(terms, Fraction(0)) / factorial(k))


def _sum_of_uniforms(total: float, k: int) -> float:
    """Probability that k uniform numbers sum to no more than ``total``, from their moment-generating function.

    P = 1/(2 pi i) times the integral of exp(k log((e^z - 1)/z) - z total) / -z along Re z = s < 0, where s is the
    saddle point: the tails keep their relative precision (Daniels 1987, International Statistical Review 55:37).
    """
    from scipy.optimize import brentq  # slow to import

    if total > k / 2:
        return 1 - _sum_of_uniforms(k - total, k)
    mean = total / k
    at_center = -math.sqrt(12 / k)  # near the center the saddle point would be the pole at 0
    saddle = at_center
    if _tilted_mean(at_center) > mean:
        saddle = brentq(lambda s: _tilted_mean(s) - mean, -2 / mean - 10, at_center)
    spread = math.sqrt(k * (1 / saddle**2 - math.exp(saddle) / math.expm1(saddle) ** 2))
    step = 0.01 / spread
    z = saddle + 1j * step * np.arange(-4000, 4001)
    terms = np.exp(k * np.log(-np.expm1(z) / -z) - z * total) / -z
    return float(np.sum(terms).real * step / (2 * math.pi))


def _tilted_mean(s: float) -> float:
    return math.exp(s) / math.expm1(s) - 1 / s


def _tippett(q: Floats, complement: Floats) -> tuple[float, float]:
    smallest = int(np.argmin(q))
    with np.errstate(divide="ignore"):
        log_complement = np.log1p(-q[smallest]) if q[smallest] < 0.5 else np.log(complement[smallest])
    return float(q[smallest]), float(-np.expm1(q.size * log_complement))


_COMBINE = {
    "fisher": _fisher,
    "stouffer": _stouffer,
    "edgington": _edgington,
    "pearson": _pearson,
    "tippett": _tippett,
}
