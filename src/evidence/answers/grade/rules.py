"""GRADE's reasons to trust a pooled result less or more, each as a rule on a number.

The steps are those of Guyatt et al. (2011), Journal of Clinical Epidemiology 64:380-394 and the papers after it in the
same series (risk of bias 64:407, publication bias 64:1277, imprecision 64:1283, inconsistency 64:1294, indirectness
64:1303, rating up 64:1311). GRADE leaves the cut points to the judge; those used here stand in each rule's own words.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scipy.special import ndtri

from ...bias.egger import egger
from ...derive.hierarchy import Hierarchy
from ...errors import NotEstimable, SmallSample
from ...languages import in_english
from ...models.univariate.regress import regress
from ..known_trials import Account
from . import reasons
from .reasons import Why
from .synthesis import Synthesis

#: Continuous outcomes need about 400 people whatever the effect sought (Guyatt et al. 2011, 64:1283).
LEAST_PEOPLE = 400
_POWER, _ALPHA = 0.8, 0.05
#: A large standardised difference (Cohen 1988).
_LARGE = {"SMD": 0.8, "RR": math.log(2), "OR": math.log(2)}
_FEW_PER_ARM = 50
_ENOUGH_FOR_ASYMMETRY = 10


@dataclass(frozen=True)
class Step:
    """One reason: how many levels it moves the certainty, the number behind that, the rule, and what says why."""

    domain: str
    levels: int
    number: float
    rule: str
    why: Why

    @property
    @in_english
    def reason(self) -> str:
        """Why, in English whatever is spoken: tables keep it."""
        return self.why()


def risk_of_bias(
    pool: Synthesis, concerns: Mapping[str, Sequence[str]], unclear: Mapping[str, str], judged: int
) -> Step:
    """Share of the weight in trials with a known concern.

    Parameters
    ----------
    pool : Synthesis
        The pool.
    concerns : mapping of each trial to its known concerns
    unclear : mapping of each trial to what is not known of it, "" for nothing
    judged : int
        Trials of the pool whose risk of bias a published review judged.
    """
    trials = pool.columns["study"]
    high = pool.weight(bool(concerns[study]) for study in trials)
    twice = pool.weight(len(concerns[study]) > 1 for study in trials)
    open_ = pool.weight(bool(unclear[study]) and not concerns[study] for study in trials)
    levels = -2 if twice > 50 else -1 if high + open_ > 50 else 0
    words = sorted({word for known in concerns.values() for word in known})
    doubts = sorted({word for study, word in unclear.items() if word and not concerns[study]})
    return Step(
        "risk_of_bias",
        levels,
        high + open_,
        "-1: over 50% of the weight in trials with a known concern or unclear blinding; -2: over 50% in trials with "
        "concerns of two kinds or more",
        partial(reasons.risk_of_bias, high, words, open_, doubts, judged, pool.k),
    )


def inconsistency(pool: Synthesis, worthwhile: float) -> Step:
    """How much trials disagree beyond chance."""
    rule = (
        "-1: I² of 50% or more with p < 0.10 for homogeneity; -2: I² of 75% or more and a prediction interval from "
        "below no effect to above the smallest worthwhile effect, in three trials or more"
    )
    if pool.k < 2:
        return Step("inconsistency", 0, math.nan, rule, reasons.one_trial)
    differ = pool.i2 >= 50 and pool.q_p < 0.10
    far = pool.i2 >= 75 and pool.k > 2 and pool.pi_low < 0 and pool.pi_high > worthwhile
    levels = -2 if differ and far else -1 if differ else 0
    why = partial(reasons.inconsistency, pool.i2, pool.q_p, pool.pi_low, pool.pi_high)
    return Step("inconsistency", levels, pool.i2, rule, why)


def indirectness(pool: Synthesis, hierarchy: Hierarchy, stands_in: str = "") -> Step:
    """Share of the weight that speaks of other people, or of another outcome, than the question.

    Parameters
    ----------
    pool : Synthesis
        The pool.
    hierarchy : Hierarchy
        What speaks for what: leg pain is the pain of a herniated disc, and stands in for that of a stenosis.
    stands_in : str
        Why the whole pool only stands in for what is asked, "" when it does not.
    """
    c = pool.columns
    others = pool.weight(word == "indirect" for word in c["directness"])
    outcome = 100.0 if stands_in else pool.weight(map(hierarchy.stands_in, c["condition"], c["outcome"], c["measured"]))
    levels = -((others > 50) + (outcome > 50))
    return Step(
        "indirectness",
        levels,
        max(others, outcome),
        "-1 each: over 50% of the weight in indirect populations; over 50% in outcomes that stand in",
        partial(reasons.indirectness, others, outcome, stands_in),
    )


def imprecision(pool: Synthesis, worthwhile: float, sd_units: float, inconsistent: bool) -> Step:
    """The interval against no effect and the smallest worthwhile one; then the people against the size needed.

    Parameters
    ----------
    pool : Synthesis
        The pool.
    worthwhile : float
        In the units of the pool.
    sd_units : float
        The same in standard deviations; NaN when it has none.
    inconsistent : bool
        A level was taken for trials that disagree: then the width that this makes is not charged again, and the
        interval is the one that the same trials would give if they agreed.
    """
    needed = float(LEAST_PEOPLE)
    if not math.isnan(sd_units):
        z = ndtri(1 - _ALPHA / 2) + ndtri(_POWER)
        needed = max(needed, 4 * float(z) ** 2 / sd_units**2)
    half = float(ndtri(0.975)) * _error_if_agreed(pool)
    low, high = (pool.estimate - half, pool.estimate + half) if inconsistent else (pool.ci_low, pool.ci_high)
    both = low < -worthwhile and high > worthwhile
    open_ = low <= 0 <= high and (low < -worthwhile or high > worthwhile)
    near = low <= 0 <= high or low <= worthwhile <= high
    levels = -2 if both or (near and pool.n < 0.3 * needed) else -1 if open_ or pool.n < needed else 0
    kind = "both" if both else "open" if open_ else "little" if low <= 0 <= high else "clear"
    return Step(
        "imprecision",
        levels,
        pool.n,
        "-1: the interval includes no effect and a worthwhile one, or fewer people than the optimal information size "
        "(80% power for the smallest worthwhile effect, at least 400); -2: it includes worthwhile benefit and harm, or "
        "there are fewer than 30% of that size and it includes no effect or the smallest worthwhile one",
        partial(reasons.imprecision, kind, low, high, inconsistent, worthwhile, pool.n, needed),
    )


def _error_if_agreed(pool: Synthesis) -> float:
    """Standard error of the mean effect if nothing but chance told the trials apart."""
    rows = Counter(pool.columns["study"])
    precision = sum(1 / vi / rows[study] for study, vi in zip(pool.columns["study"], pool.columns["vi"], strict=True))
    return 1 / math.sqrt(precision)


def publication_bias(pool: Synthesis, account: Account) -> Step:
    """Small trials that shine, and trials whose results are missing.

    Parameters
    ----------
    pool : Synthesis
        The pool.
    account : Account
        The trials of its comparison, and which of them give no number for it.
    """
    unseen = account.people_missing
    asymmetry, suspect = math.nan, False
    arms = list(zip(pool.columns["n_acupuncture"], pool.columns["n_comparator"], strict=True))
    sizes = [ours * theirs / (ours + theirs) for ours, theirs in arms]
    if pool.k >= _ENOUGH_FOR_ASYMMETRY and pool.rows == pool.k and len(set(sizes)) > 1:
        test = egger(pool.frame, model="rma", predictor="sqrtninv", ni=sizes)
        suspect = test.p_value < 0.10 and test.intercept > 0
        asymmetry = float(test.p_value)
    only_small = all(min(arm) < _FEW_PER_ARM for arm in arms) and pool.k > 1 and pool.ci_low > 0
    much = unseen > pool.n
    few = _FEW_PER_ARM if only_small else 0
    return Step(
        "publication_bias",
        -1 if suspect or only_small or much else 0,
        unseen,
        "-1 if any: more people in trials without a number than in the pool; Egger's test p < 0.10 with smaller trials "
        "higher, in 10 trials or more; only trials under 50 an arm and an interval above no effect",
        partial(reasons.publication_bias, asymmetry, suspect, few, pool.n, account.numbers()),
    )


def large_effect(pool: Synthesis, doubts: int) -> Step:
    """An effect so large that doubts about bias matter less; only where no other doubt is."""
    large = _LARGE.get(pool.measure, math.nan)
    up = pool.k > 1 and pool.ci_low >= large and doubts == 0
    return Step(
        "large_effect",
        int(up),
        pool.ci_low,
        "+1: the whole interval is large (0.8 SD or more, a ratio of 2 or more), in two trials or more, and no level "
        "was taken for bias, inconsistency, imprecision or missing results",
        partial(reasons.large_effect, pool.ci_low),
    )


def dose_gradient(pool: Synthesis, doubts: int) -> Step:
    """More sessions, more effect."""
    rule = (
        "+1: the effect rises with the number of sessions (slope with a 95% interval above 0), in 10 trials or more, "
        "under the same conditions as a large effect"
    )
    known = [sessions for sessions in pool.columns["sessions"] if not math.isnan(sessions)]
    slope = math.nan
    if len(known) >= _ENOUGH_FOR_ASYMMETRY and len(set(known)) > 1 and pool.rows == pool.k:
        dosed = pool.frame[pool.frame["sessions"].notna()]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SmallSample)
                table = regress(dosed, formula="~ sessions").coefficients
        except NotEstimable:
            return Step("dose_response", 0, math.nan, rule, reasons.no_line)
        slope, low, high = (float(table[name].to_numpy()[1]) for name in ("estimate", "ci_low", "ci_high"))
        why = partial(reasons.dose_gradient, slope, low, high)
        return Step("dose_response", int(low > 0 and doubts == 0), slope, rule, why)
    return Step("dose_response", 0, slope, rule, partial(reasons.few_doses, len(known)))


def opposing_bias() -> Step:
    """Biases that would all have hidden the effect: nothing in the data measures them."""
    return Step("opposing_bias", 0, math.nan, "+1 only by certainty_overrides.csv", reasons.not_measured)
