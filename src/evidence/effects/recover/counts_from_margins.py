"""The four counts of a 2x2 table from its margins and one measure of association."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from ..arguments import require_flag
from ..inputs import CORRELATION, COUNT, FINITE, POSITIVE, SIGN, Floats, Rule, read, require, require_rows

_PEOPLE = Rule(lambda x: x >= 1, "be 1 person or more", counted=True)


def counts_from_margins(
    n: ArrayLike,
    n1: ArrayLike,
    events: ArrayLike,
    *,
    odds_ratio: ArrayLike | None = None,
    phi: ArrayLike | None = None,
    chi2: ArrayLike | None = None,
    direction: ArrayLike = 1,
    correct: bool = True,
) -> pd.DataFrame:
    """Recover the counts of a 2x2 table from its margins and an odds ratio, a phi coefficient or a chi-square.

    Parameters
    ----------
    n : scalar or (k,) array
        People in all.
    n1 : scalar or (k,) array
        People in group 1.
    events : scalar or (k,) array
        People with the event, in both groups together.
    odds_ratio : scalar or (k,) array, optional
        Of group 1 against group 2 (not its log).
    phi : scalar or (k,) array, optional
        Phi coefficient, positive where group 1 has more events than expected.
    chi2 : scalar or (k,) array, optional
        Chi-square of the table.
    direction : scalar or (k,) array
        With ``chi2``: 1 where group 1 has more events than expected, else -1.
    correct : bool
        With ``chi2``: whether it has Yates' correction for continuity, as most programs print it.

    Returns
    -------
    DataFrame
        ``ai bi ci di``, whole numbers, k rows; what `effect_size` takes.

    Raises
    ------
    InvalidInput
        Not one measure of association, or margins and association that no table has: the message names the row.

    See Also
    --------
    effect_size : Measures of the table.
    se_from_ci : Where an odds ratio has an interval, no table is needed.

    Notes
    -----
    With n2 = n - n1 and M = n1 n2 events (n - events): ai = (n1 events + phi sqrt(M)) / n; a chi-square is n phi^2, or
    with the correction n (abs(phi) sqrt(M) - n / 2)^2 / M, which is turned round; an odds ratio
    makes ai the root of a quadratic. Counts are rounded, as by metafor's ``conv.2x2``; a rounded association does not
    always tell neighbouring tables of many people apart.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.counts_from_margins(n=200, n1=100, events=50, odds_ratio=2.05).to_dict("list")
    {'ai': [32.0], 'bi': [68.0], 'ci': [18.0], 'di': [82.0]}
    """
    given = {"odds_ratio": (odds_ratio, POSITIVE), "phi": (phi, CORRELATION), "chi2": (chi2, FINITE)}
    one = {name: pair for name, pair in given.items() if pair[0] is not None}
    if len(one) != 1:
        raise InvalidInput("give one of odds_ratio, phi and chi2")
    require_flag("correct", correct)
    (name, (values, rule)) = next(iter(one.items()))
    margins: dict[str, tuple[object, Rule]] = {"n": (n, _PEOPLE), "n1": (n1, COUNT), "events": (events, COUNT)}
    read_in = read(**margins, **{name: (values, rule), "direction": (direction, SIGN)})
    require_rows(read_in[0])
    total, first, with_event, association, sign = (np.atleast_1d(part).astype(float) for part in read_in)
    require((first > 0) & (first < total), "n1", first, "lie between 0 and n: both groups have people")
    require((with_event > 0) & (with_event < total), "events", with_event, "lie between 0 and n, both excluded")
    if name == "odds_ratio":
        ai = _of_odds_ratio(association, total, first, with_event)
    else:
        product = first * (total - first) * with_event * (total - with_event)
        if name == "chi2":
            require(association >= 0, "chi2", association, "be 0 or more")
            shift = np.sqrt(association * product / total) + (total / 2 if correct else 0.0)
            association = sign * shift / np.sqrt(product)
        ai = (first * with_event + association * np.sqrt(product)) / total
    ai = np.round(ai)
    table = {"ai": ai, "bi": first - ai, "ci": with_event - ai, "di": total - first - with_event + ai}
    possible = np.all([cell >= 0 for cell in table.values()], axis=0)
    require(possible, name, association, "fit the margins; no table with them has so strong an association")
    return pd.DataFrame(table)


def _of_odds_ratio(ratio: Floats, total: Floats, first: Floats, with_event: Floats) -> Floats:
    """Events of group 1: a (n2 - e + a) = OR (n1 - a) (e - a), solved without cancellation."""
    b = ratio * (first + with_event) + (total - first - with_event)
    root = np.sqrt(b**2 - 4 * ratio * (ratio - 1) * first * with_event)
    return np.asarray(2 * ratio * first * with_event / (b + root))
