"""Measures of counts: 2x2 tables, matched pairs, proportions and rates."""

from __future__ import annotations

from collections.abc import Mapping

from ..inputs import COUNT, POSITIVE
from . import association, conversions, rates, single_group
from . import matched_pairs as pairs
from . import two_group_counts as tables
from .measure import Counts, Measure

_TABLE = dict.fromkeys(("ai", "bi", "ci", "di"), COUNT)
_EVENTS = dict.fromkeys(("xi", "mi"), COUNT)
_RATES = {"x1": COUNT, "t1": POSITIVE, "x2": COUNT, "t2": POSITIVE}
_RATE = {"xi": COUNT, "ti": POSITIVE}

_TABLE_COUNTS = Counts(tuple(_TABLE), {"n1": ("ai", "bi"), "n2": ("ci", "di")}, (("ai", "ci"), ("bi", "di")))
_PAIR_COUNTS = Counts(tuple(_TABLE))
_EVENT_COUNTS = Counts(tuple(_EVENTS), {"ni": ("xi", "mi")})
_RATE_COUNTS = Counts(("x1", "x2"), double_zero=(("x1", "x2"),))
_ONE_RATE = Counts(("xi",))

_NO_ZERO_CELL = "counts above 0, which `add` and `to` can give it"
_UNBIASED = "more than one person in each group for vtype 'UB'"
_BOTH_OUTCOMES = "at least one event and one non-event in the two groups together, which `add` and `to` can give it"
_MARGINS = "people in each row and each column of the table, which `add` and `to` can give it"
_DISCORDANT = "at least one pair in which the two differ, which `add` and `to` can give it"

COUNTED: Mapping[str, Measure] = {
    "RR": Measure("risk ratio", tables.risk_ratio, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS, ratio=True),
    "OR": Measure("odds ratio", tables.odds_ratio, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS, ratio=True),
    "RD": Measure("risk difference", tables.risk_difference, _TABLE, _UNBIASED, ("LS", "UB", "AV"), _TABLE_COUNTS),
    "AS": Measure("arcsine risk difference", tables.arcsine_difference, _TABLE, counts=_TABLE_COUNTS, add=0.0),
    "PETO": Measure("odds ratio", tables.peto_odds_ratio, _TABLE, _BOTH_OUTCOMES, counts=_TABLE_COUNTS, ratio=True),
    "PHI": Measure("phi coefficient", association.phi, _TABLE, _MARGINS, ("LS", "ST"), _TABLE_COUNTS, 0.0),
    "YUQ": Measure("Yule's Q", association.yule_q, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS),
    "YUY": Measure("Yule's Y", association.yule_y, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS),
    "RTET": Measure(
        "tetrachoric correlation", association.tetrachoric, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS, add=0.0
    ),
    "PBIT": Measure("probit difference", conversions.probit_difference, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS),
    **dict.fromkeys(
        ("OR2D", "OR2DL"),
        Measure("standardised mean difference", conversions.logistic_smd, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS),
    ),
    "OR2DN": Measure(
        "standardised mean difference", conversions.normal_smd, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS
    ),
    "MPRD": Measure("risk difference", pairs.risk_difference, _TABLE, _DISCORDANT, counts=_PAIR_COUNTS),
    "MPRR": Measure("risk ratio", pairs.risk_ratio, _TABLE, _DISCORDANT, counts=_PAIR_COUNTS, ratio=True),
    "MPOR": Measure("odds ratio", pairs.odds_ratio, _TABLE, _DISCORDANT, counts=_PAIR_COUNTS, ratio=True),
    "MPORC": Measure("odds ratio", pairs.conditional_odds_ratio, _TABLE, _DISCORDANT, counts=_PAIR_COUNTS, ratio=True),
    "MPPETO": Measure("odds ratio", pairs.peto_odds_ratio, _TABLE, _DISCORDANT, counts=_PAIR_COUNTS, ratio=True),
    "PR": Measure("proportion", single_group.proportion, _EVENTS, _UNBIASED, ("LS", "UB", "AV"), _EVENT_COUNTS),
    "PLN": Measure(
        "log proportion",
        single_group.log_proportion,
        _EVENTS,
        _NO_ZERO_CELL,
        ("LS", "AV"),
        _EVENT_COUNTS,
        back=("log", "proportion"),
    ),
    "PLO": Measure(
        "logit proportion",
        single_group.logit_proportion,
        _EVENTS,
        _NO_ZERO_CELL,
        ("LS", "AV"),
        _EVENT_COUNTS,
        back=("logit", "proportion"),
    ),
    "PRZ": Measure(
        "probit proportion",
        single_group.probit_proportion,
        _EVENTS,
        _NO_ZERO_CELL,
        counts=_EVENT_COUNTS,
        back=("probit", "proportion"),
    ),
    "PAS": Measure(
        "arcsine proportion",
        single_group.arcsine_proportion,
        _EVENTS,
        counts=_EVENT_COUNTS,
        add=0.0,
        back=("arcsine", "proportion"),
    ),
    "PFT": Measure(
        "double arcsine proportion",
        single_group.double_arcsine_proportion,
        _EVENTS,
        counts=_EVENT_COUNTS,
        add=0.0,
        back=("double arcsine", "proportion"),
    ),
    "IRR": Measure("rate ratio", rates.rate_ratio, _RATES, _NO_ZERO_CELL, counts=_RATE_COUNTS, ratio=True),
    "IRD": Measure("rate difference", rates.rate_difference, _RATES, counts=_RATE_COUNTS),
    "IRSD": Measure("difference of root rates", rates.root_difference, _RATES, counts=_RATE_COUNTS, add=0.0),
    "IR": Measure("rate", rates.rate, _RATE, counts=_ONE_RATE),
    "IRLN": Measure("log rate", rates.log_rate, _RATE, _NO_ZERO_CELL, counts=_ONE_RATE, back=("log", "rate")),
    "IRS": Measure("root rate", rates.root_rate, _RATE, counts=_ONE_RATE, add=0.0, back=("square root", "rate")),
    "IRFT": Measure(
        "double root rate",
        rates.double_root_rate,
        _RATE,
        counts=_ONE_RATE,
        add=0.0,
        back=("double square root", "rate"),
    ),
}
