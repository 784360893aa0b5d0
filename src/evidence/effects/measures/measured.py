"""Measures of what was measured: means, spreads, changes, correlations and reliabilities."""

from __future__ import annotations

from collections.abc import Mapping

from ..inputs import CORRELATION, FINITE, POSITIVE, SAMPLE_SIZE, SHARE, Rule
from . import conversions, correlation, partial_correlation, pre_post, reliability, single_group
from . import two_group_means as means
from .measure import Measure

_AT_LEAST_3 = Rule(lambda x: x >= 3, "be a sample size of 3 or more for this measure", counted=True)
_AT_LEAST_4 = Rule(lambda x: x >= 4, "be a sample size of 4 or more for this measure", counted=True)
_AT_LEAST_5 = Rule(lambda x: x >= 5, "be a sample size of 5 or more for this measure", counted=True)
_ITEMS = Rule(lambda x: x >= 2, "be 2 items or more", counted=True)
_PREDICTORS = Rule(lambda x: x >= 1, "be 1 predictor or more, the one of interest counted", counted=True)
_BELOW_1 = Rule(lambda x: x < 1, "be below 1")
_R2 = Rule(lambda x: (x >= 0) & (x < 1), "be 0 or more and below 1")

_SPREADS = {"sd1": POSITIVE, "n1": SAMPLE_SIZE, "sd2": POSITIVE, "n2": SAMPLE_SIZE}
_MEANS = {"m1": FINITE, "m2": FINITE} | _SPREADS
_BY_GROUP_2 = {name: rule for name, rule in _MEANS.items() if name != "sd1"} | {"n2": _AT_LEAST_3}
_CHANGE = {"m1": FINITE, "m2": FINITE, "sd1": POSITIVE, "sd2": POSITIVE, "ni": SAMPLE_SIZE, "ri": CORRELATION}
_SPREAD_CHANGE = {name: rule for name, rule in _CHANGE.items() if name not in ("m1", "m2")}
_SMD_CHANGE = _CHANGE | {"ni": _AT_LEAST_3}
_SMD_CHANGE_RAW = {name: rule for name, rule in _SMD_CHANGE.items() if name != "sd2"}
_MEAN = {"mi": FINITE, "sdi": POSITIVE, "ni": SAMPLE_SIZE}
_R = {"ri": CORRELATION, "ni": _AT_LEAST_4}
_T = {"ti": FINITE, "mi": _PREDICTORS, "ni": _AT_LEAST_4}
_ALPHA = {"ai": _BELOW_1, "mi": _ITEMS, "ni": _AT_LEAST_3}

_SAME_SIGN = "two means of the same sign, neither of them 0"
_ABOVE_ZERO = "two means above 0"
_MEAN_ABOVE_ZERO = "a mean above 0"
_ENOUGH_PEOPLE = "more people than predictors by 3"
_Z = ("Fisher's z", "correlation")
_SMD = "standardised mean difference"
_CHANGED = "standardised mean change"

MEASURED: Mapping[str, Measure] = {
    "MD": Measure("mean difference", means.mean_difference, _MEANS, vtypes=("LS", "HO")),
    "SMD": Measure(_SMD, means.standardized_mean_difference, _MEANS, vtypes=("LS", "LS2", "UB", "AV"), correct=True),
    "SMDH": Measure(_SMD, means.heteroscedastic_smd, _MEANS, vtypes=("LS", "LS5"), correct=True),
    "SMD1": Measure(
        _SMD, means.smd_by_group_2, _BY_GROUP_2, vtypes=("LS", "LS2", "UB", "AV"), unused=("sd1",), correct=True
    ),
    "SMD1H": Measure(_SMD, means.heteroscedastic_smd_by_group_2, _MEANS | {"n2": _AT_LEAST_3}, correct=True),
    "ROM": Measure(
        "ratio of means",
        means.ratio_of_means,
        _MEANS,
        _SAME_SIGN,
        ("LS", "HO", "AV", "AVHO"),
        ratio=True,
        correct=False,
    ),
    "VR": Measure("ratio of standard deviations", means.variability_ratio, _SPREADS, ratio=True, correct=True),
    "CVR": Measure(
        "ratio of coefficients of variation",
        means.coefficient_of_variation_ratio,
        _MEANS,
        _ABOVE_ZERO,
        ratio=True,
        correct=True,
    ),
    "CLES": Measure(
        "probability of superiority",
        conversions.probability_of_superiority,
        {"ai": SHARE, "n1": SAMPLE_SIZE, "n2": SAMPLE_SIZE},
    ),
    "RPB": Measure("point-biserial correlation", conversions.point_biserial, _MEANS, vtypes=("LS", "CS")),
    "RBIS": Measure("biserial correlation", conversions.biserial, _MEANS),
    **dict.fromkeys(("D2OR", "D2ORL"), Measure("odds ratio", conversions.logistic_odds_ratio, _MEANS, ratio=True)),
    "D2ORN": Measure("odds ratio", conversions.normal_odds_ratio, _MEANS, ratio=True),
    "MC": Measure("mean change", pre_post.mean_change, _CHANGE),
    "SMCC": Measure(_CHANGED, pre_post.change_score_smd, _SMD_CHANGE, vtypes=("LS", "LS2"), correct=True),
    "SMCR": Measure(
        _CHANGED, pre_post.raw_score_smd, _SMD_CHANGE_RAW, vtypes=("LS", "LS2"), unused=("sd2",), correct=True
    ),
    "SMCRH": Measure(_CHANGED, pre_post.heteroscedastic_raw_score_smd, _SMD_CHANGE, vtypes=("LS", "LS5"), correct=True),
    "ROMC": Measure("ratio of means", pre_post.ratio_of_means_change, _CHANGE, _SAME_SIGN, ratio=True),
    "VRC": Measure("ratio of standard deviations", pre_post.variability_ratio_change, _SPREAD_CHANGE, ratio=True),
    "CVRC": Measure(
        "ratio of coefficients of variation",
        pre_post.coefficient_of_variation_ratio_change,
        _CHANGE,
        _ABOVE_ZERO,
        ratio=True,
    ),
    "MN": Measure("mean", single_group.mean, _MEAN),
    "SMN": Measure("standardised mean", single_group.standardized_mean, _MEAN | {"ni": _AT_LEAST_3}, correct=True),
    "MNLN": Measure("log mean", single_group.log_mean, _MEAN, _MEAN_ABOVE_ZERO, back=("log", "mean")),
    "SDLN": Measure(
        "log standard deviation",
        single_group.log_sd,
        {"sdi": POSITIVE, "ni": SAMPLE_SIZE},
        unused=("mi",),
        correct=True,
        back=("log", "standard deviation"),
    ),
    "CVLN": Measure(
        "log coefficient of variation",
        single_group.log_coefficient_of_variation,
        _MEAN,
        _MEAN_ABOVE_ZERO,
        correct=True,
        back=("log", "coefficient of variation"),
    ),
    "COR": Measure("correlation", correlation.correlation, _R, vtypes=("LS", "AV")),
    "UCOR": Measure(
        "correlation", correlation.unbiased_correlation, _R | {"ni": _AT_LEAST_5}, vtypes=("LS", "UB", "AV")
    ),
    "ZCOR": Measure("Fisher's z", correlation.fisher_z, _R, back=_Z),
    "PCOR": Measure("partial correlation", partial_correlation.partial, _T, _ENOUGH_PEOPLE, ("LS", "AV")),
    "ZPCOR": Measure("Fisher's z", partial_correlation.partial_z, _T, _ENOUGH_PEOPLE, back=_Z),
    "SPCOR": Measure(
        "semi-partial correlation", partial_correlation.semi_partial, _T | {"r2i": _R2}, _ENOUGH_PEOPLE, ("LS", "AV")
    ),
    "ZSPCOR": Measure(
        "Fisher's z", partial_correlation.semi_partial_z, _T | {"r2i": _R2}, _ENOUGH_PEOPLE, ("LS", "AV"), back=_Z
    ),
    "ARAW": Measure("Cronbach's alpha", reliability.alpha, _ALPHA),
    "AHW": Measure(
        "cube root of 1 minus alpha", reliability.hakstian_whalen, _ALPHA, back=("cube root", "Cronbach's alpha")
    ),
    "ABT": Measure("log of 1 minus alpha", reliability.bonett, _ALPHA, back=("log of 1 minus", "Cronbach's alpha")),
}
