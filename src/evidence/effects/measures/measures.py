"""The table of effect measures: what each is called, what it needs, and which function computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..inputs import CORRELATION, COUNT, FINITE, POSITIVE, SAMPLE_SIZE, Floats, Rule
from . import correlation, pre_post, rates, single_group
from . import two_group_counts as tables
from . import two_group_means as means


@dataclass(frozen=True, slots=True)
class Counts:
    """How the counts of a measure hang together.

    Attributes
    ----------
    cells : tuple of str
        The counts that zero-cell rules add to together.
    totals : mapping
        ``{total: (events, others)}``: a caller may give the total instead of the others.
    double_zero : tuple of pairs of str
        A row says nothing about the contrast if both counts of a pair are 0.
    """

    cells: tuple[str, ...]
    totals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    double_zero: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table.

    Attributes
    ----------
    label : str
        What it is called in a sentence.
    compute : function
        From checked (k,) arrays, named as in `inputs`, to ``(yi, vi)``.
    inputs : mapping
        Names of what must be given, each with the rule for its values.
    needs : str
        What a row must have to be computable, beyond every value obeying its rule.
    vtypes : tuple of str
        Kinds of sampling variance on offer, the default first.
    counts : Counts or None
        For measures of counts, how they hang together.
    add : float
        For measures of counts, what is added to zero cells unless the caller says otherwise.
    unused : tuple of str
        Inputs of the family that this measure accepts and does not need.
    ratio : bool
        Whether ``yi`` is the logarithm of the ratio that the label names.
    back : (str, str) or None
        For others that are read on another scale: the scale of ``yi``, and what is read.
    """

    label: str
    compute: Callable[..., tuple[Floats, Floats]]
    inputs: Mapping[str, Rule]
    needs: str = "numbers neither too small nor too large to compute with"
    vtypes: tuple[str, ...] = ("LS",)
    counts: Counts | None = None
    add: float = 0.5
    unused: tuple[str, ...] = ()
    ratio: bool = False
    back: tuple[str, str] | None = None

    @property
    def scale(self) -> str:
        """The scale of ``yi`` where it is read on another; "" else."""
        return "log" if self.ratio else self.back[0] if self.back else ""

    @property
    def what(self) -> str:
        """What is read."""
        return self.back[1] if self.back else self.label


_AT_LEAST_3 = Rule(lambda x: x >= 3, "be a sample size of 3 or more for this measure", counted=True)
_AT_LEAST_4 = Rule(lambda x: x >= 4, "be a sample size of 4 or more for this measure", counted=True)

_SPREADS = {"sd1": POSITIVE, "n1": SAMPLE_SIZE, "sd2": POSITIVE, "n2": SAMPLE_SIZE}
_MEANS = {"m1": FINITE, "m2": FINITE} | _SPREADS
_CHANGE = {"m1": FINITE, "m2": FINITE, "sd1": POSITIVE, "sd2": POSITIVE, "ni": SAMPLE_SIZE, "ri": CORRELATION}
_SMD_CHANGE = _CHANGE | {"ni": _AT_LEAST_3}
_SMD_CHANGE_RAW = {name: rule for name, rule in _SMD_CHANGE.items() if name != "sd2"}
_MEAN = {"mi": FINITE, "sdi": POSITIVE, "ni": SAMPLE_SIZE}
_R = {"ri": CORRELATION, "ni": _AT_LEAST_4}
_TABLE = dict.fromkeys(("ai", "bi", "ci", "di"), COUNT)
_EVENTS = dict.fromkeys(("xi", "mi"), COUNT)
_RATES = {"x1": COUNT, "t1": POSITIVE, "x2": COUNT, "t2": POSITIVE}

_TABLE_COUNTS = Counts(tuple(_TABLE), {"n1": ("ai", "bi"), "n2": ("ci", "di")}, (("ai", "ci"), ("bi", "di")))
_EVENT_COUNTS = Counts(tuple(_EVENTS), {"ni": ("xi", "mi")})
_RATE_COUNTS = Counts(("x1", "x2"), double_zero=(("x1", "x2"),))

_SAME_SIGN = "two means of the same sign, neither of them 0"
_ABOVE_ZERO = "two means above 0"
_NO_ZERO_CELL = "counts above 0, which `add` and `to` can give it"
_UNBIASED = "more than one person in each group for vtype 'UB'"
_BOTH_OUTCOMES = "at least one event and one non-event in the two groups together, which `add` and `to` can give it"

#: A new measure is a function of checked arrays in one of the modules beside this one, and its line here.
MEASURES: Mapping[str, Measure] = {
    "MD": Measure("mean difference", means.mean_difference, _MEANS, vtypes=("LS", "HO")),
    "SMD": Measure(
        "standardised mean difference", means.standardized_mean_difference, _MEANS, vtypes=("LS", "LS2", "UB", "AV")
    ),
    "SMDH": Measure("standardised mean difference", means.heteroscedastic_smd, _MEANS),
    "ROM": Measure("ratio of means", means.ratio_of_means, _MEANS, _SAME_SIGN, ("LS", "HO", "AV", "AVHO"), ratio=True),
    "VR": Measure("ratio of standard deviations", means.variability_ratio, _SPREADS, ratio=True),
    "CVR": Measure(
        "ratio of coefficients of variation", means.coefficient_of_variation_ratio, _MEANS, _ABOVE_ZERO, ratio=True
    ),
    "RR": Measure("risk ratio", tables.risk_ratio, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS, ratio=True),
    "OR": Measure("odds ratio", tables.odds_ratio, _TABLE, _NO_ZERO_CELL, counts=_TABLE_COUNTS, ratio=True),
    "RD": Measure("risk difference", tables.risk_difference, _TABLE, _UNBIASED, ("LS", "UB", "AV"), _TABLE_COUNTS),
    "AS": Measure("arcsine risk difference", tables.arcsine_difference, _TABLE, counts=_TABLE_COUNTS, add=0.0),
    "PETO": Measure("odds ratio", tables.peto_odds_ratio, _TABLE, _BOTH_OUTCOMES, counts=_TABLE_COUNTS, ratio=True),
    "MC": Measure("mean change", pre_post.mean_change, _CHANGE),
    "SMCC": Measure("standardised mean change", pre_post.change_score_smd, _SMD_CHANGE, vtypes=("LS", "LS2")),
    "SMCR": Measure(
        "standardised mean change", pre_post.raw_score_smd, _SMD_CHANGE_RAW, vtypes=("LS", "LS2"), unused=("sd2",)
    ),
    "SMCRH": Measure("standardised mean change", pre_post.heteroscedastic_raw_score_smd, _SMD_CHANGE),
    "ROMC": Measure("ratio of means", pre_post.ratio_of_means_change, _CHANGE, _SAME_SIGN, ratio=True),
    "MN": Measure("mean", single_group.mean, _MEAN),
    "PR": Measure("proportion", single_group.proportion, _EVENTS, _UNBIASED, ("LS", "UB", "AV"), _EVENT_COUNTS),
    "PLO": Measure(
        "logit proportion",
        single_group.logit_proportion,
        _EVENTS,
        _NO_ZERO_CELL,
        ("LS", "AV"),
        _EVENT_COUNTS,
        back=("logit", "proportion"),
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
    "COR": Measure("correlation", correlation.correlation, _R, vtypes=("LS", "AV")),
    "ZCOR": Measure("Fisher's z", correlation.fisher_z, _R, back=("Fisher's z", "correlation")),
    "IRR": Measure("rate ratio", rates.rate_ratio, _RATES, _NO_ZERO_CELL, counts=_RATE_COUNTS, ratio=True),
    "IRD": Measure("rate difference", rates.rate_difference, _RATES, counts=_RATE_COUNTS),
}
