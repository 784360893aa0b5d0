"""What an argument may be, by its name: of the kind that it asks for, at the edge of that kind, or of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

import evidence as ev

from .subjects import bases, fits, results_of

#: Makes one value for k trials.
Draw: TypeAlias = Callable[[Random, int], Any]
_LETTERS = "ABCDEFGHIJ"


def _number(rng: Random, low: float, high: float) -> float:
    """Between two bounds; one in ten is a bound, a whole number or one of few digits."""
    value = rng.uniform(low, high)
    return (
        rng.choice((low, high, max(low, float(round(value))), max(low, round(value, 2))))
        if rng.random() < 0.1
        else value
    )


def _one_of(low: float, high: float) -> Draw:
    return lambda rng, k: _number(rng, low, high)


def _one(low: int, high: int) -> Draw:
    return lambda rng, k: rng.randint(low, high)


def _floats(low: float, high: float) -> Draw:
    return lambda rng, k: [_number(rng, low, high) for _ in range(k)]


def _whole(low: int, high: int) -> Draw:
    return lambda rng, k: [rng.randint(low, high) for _ in range(k)]


def _among(*values: Any) -> Draw:
    return lambda rng, k: rng.choice(values)


def _labels(rng: Random, k: int) -> list[str]:
    return [rng.choice(_LETTERS) for _ in range(k)]


def _names(rng: Random, k: int) -> list[str]:
    return [f"Trial {at}" for at in range(k)]


def _together(**arguments: Draw) -> Draw:
    return lambda rng, k: {name: of(rng, k) for name, of in arguments.items()}


def _alternately(values: str) -> Draw:
    return lambda rng, k: [values[at % len(values)] for at in range(k)]


def _moderators(rng: Random, k: int) -> pd.DataFrame:
    return pd.DataFrame({"dose": np.arange(k) % 4, "arm": [_LETTERS[at % 2] for at in range(k)]})


_EFFECT, _VARIANCE, _COUNT, _SIZE = _floats(-3, 3), _floats(0.001, 2), _whole(0, 60), _whole(2, 300)
_SPREAD, _MEAN, _SHARE, _P = _floats(0.1, 20), _floats(-50, 50), _floats(0.01, 0.99), _floats(1e-6, 1)
_SIGN: Draw = lambda rng, k: [rng.choice((-1, 1)) for _ in range(k)]  # noqa: E731
_TABLE = {name: _whole(1, 60) for name in ("ai", "bi", "ci", "di")}
_MEANS = {"n1": _SIZE, "n2": _SIZE, "m1": _MEAN, "m2": _MEAN, "sd1": _SPREAD, "sd2": _SPREAD}
#: What an argument of this name should be; what has another name gets what its type or default asks for.
ORDINARY: Mapping[str, Draw] = {
    **dict.fromkeys(("yi", "effects", "y1", "y2", "smd", "g", "log_or", "difference", "t", "estimate"), _EFFECT),
    **dict.fromkeys(("vi", "v1", "v2", "v", "se", "weights"), _VARIANCE),
    **dict.fromkeys(("ai", "bi", "ci", "di", "xi", "x1", "x2", "events"), _COUNT),
    **dict.fromkeys(("n", "n1", "n2", "ni", "t1", "t2", "randomised", "analysed", "total"), _SIZE),
    **dict.fromkeys(("sd", "sd1", "sd2", "sd_pre", "sd_post", "sd_change", "f"), _SPREAD),
    **dict.fromkeys(("mean", "m1", "m2", "median", "q1", "q3", "min", "max", "low", "high", "ci_low", "ci_high", "mid",
                     "percent"), _MEAN),
    **dict.fromkeys(("r", "control_rate", "fractions", "p_control", "diversity"), _SHARE),
    **dict.fromkeys(("slab", "study"), _names),
    **dict.fromkeys(("by", "cluster", "group", "rows", "columns", "outcome", "arm", "variable"), _labels),
    **dict.fromkeys(("iterations", "subsets", "draws"), _one(1, 40)),
    **dict.fromkeys(("lower", "upper", "null", "change"), _one_of(-3, 3)),
    **dict.fromkeys(("row", "column"), _among(*"ABC")),
    "p": _P,
    "x": _EFFECT,
    "order": _floats(0, 9),
    "week": _floats(0, 52),
    "direction": _whole(-1, 1),
    "level": _one_of(0.5, 0.99),
    "alpha": _one_of(0.01, 0.2),
    "delta": _one_of(0.1, 1),
    "df": _one(3, 100),
    "seed": _one(0, 9),
    "fit": fits,
    "full": lambda rng, k: ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1]),
    "reduced": lambda rng, k: ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1], method="EE"),
    "result": fits,
    "levels": lambda rng, k: {"study": _labels(rng, k), "row": range(k)},
    "formula": _among("~ 1", "~ dose", "~ C(arm)", "~ 0 + dose"),
    "data": _moderators,
    "new": _moderators,
    "rho_within": _one_of(0, 0.9),
    "measure": _among("SMD", "MD", "OR", "RR", "RD", "IRR"),
    "statistics": _together(**_MEANS),
}  # fmt: skip

#: What functions that look at an evidence base are asked; they take these words elsewhere for something else.
OF_A_BASE: Mapping[str, Draw] = {
    "db": bases,
    "condition": _among("spinal_stenosis", "arthritis", "disc_herniation", ""),
    "outcome": _among("pain", "disability", "leg_pain", "responders", "adverse_events"),
    "comparator": _among("sham", "drug", "no_treatment", "usual_care", None),
    "time": _among("short", "immediate", "intermediate", "long"),
    "measure": _among("SMD", "MD100", "ROM", "RR", "OR", "RD"),
    "format": _among("revman", "metapsy", "metafor"),
    "marker": _among("beta_endorphin", "inflammation", "il6", "pain_threshold"),
    "rho_within": _one_of(0, 0.9),
    "level": _one_of(0.5, 0.99),
    "claim_id": _among("", "stenosis-overall"),
    "question": _together(condition=_among("spinal_stenosis", "arthritis"), comparator=_among("sham", "drug"),
                          outcome=_among("pain"), time=_among("short")),
    "choices": _among(None, {"measure": ["SMD"]}, {"method": ["REML", "DL"], "test": ["z"]}),
    "progress": _among(False),
    "effects": lambda rng, k: bases(rng, k).effects("SMD"),
    "trials": bases,
}  # fmt: skip


def _row_of_a_pool(rng: Random, k: int) -> dict[str, Any]:
    estimate, half = rng.uniform(-1, 2), rng.uniform(0.01, 1)
    row = {"outcome": rng.choice(("pain", "disability", "pain|disability")), "comparator": rng.choice(("sham", "drug")),
           "k": k, "n": 40 * k, "estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half,
           "certainty": rng.choice(("high", "moderate", "low", "very low"))}  # fmt: skip
    more = {"condition": "spinal_stenosis", "time": "short", "i2": 20.0, "worthwhile": 0.3, "share_indirect": 0.2}
    return row | {name: value for name, value in more.items() if rng.random() < 0.3}


def _told(rng: Random, k: int) -> tuple[Any, ...]:
    return tuple(
        rng.choice(("A sentence.", ["one", "two"], {"Pain": "less"}, fits(rng, k), "<b>$x$ `code` [a](b)</b>"))
        for _ in range(rng.randint(1, 3))
    )


def _axes(rng: Random, k: int) -> Any:
    from matplotlib.figure import Figure

    return Figure().subplots()


_QUARTERS = {"n": _whole(5, 300), "q1": _floats(1, 2), "median": _floats(2, 3), "q3": _floats(3, 4)}
_ENDS = {"min": _floats(0, 1), "max": _floats(4, 5)}
_INTERVAL = {"low": _floats(-9, 0), "high": _floats(0.1, 9)}
_RESULTS: Draw = lambda rng, k: results_of(rng)  # noqa: E731
#: Arguments that only make sense together, by function; a call begins with these, or with whatever was drawn alone.
WHOLE: Mapping[str, Draw] = {
    "peto": _together(**_TABLE),
    "glmm": _together(**_TABLE, model=_among("UM.FS", "CM.EL", "CM.AL")),
    "mantel_haenszel": _together(**_TABLE, measure=_among("OR", "RR", "RD")),
    "exact_odds_ratio": _together(ai=_one(0, 60), bi=_one(0, 60), ci=_one(0, 60), di=_one(0, 60)),
    "mean_sd_from_quantiles": _together(**_QUARTERS, **_ENDS),
    "correlation_from_change": _together(sd_pre=_floats(9, 10), sd_post=_floats(9, 10), sd_change=_floats(2, 18)),
    "debit": _together(mean=_SHARE, sd=_floats(0.1, 0.5), n=_SIZE),
    "effect_size": _together(measure=_among("SMD", "SMDH", "MD", "ROM", "CVR"), **_MEANS),
    "fragility": _together(effects=_EFFECT, vi=_VARIANCE, ni=_SIZE),
    "required_information_size": _together(delta=_one_of(0.1, 1), sd=_one_of(0.5, 3), alpha=_one_of(0.01, 0.2)),
    "same_numbers": _together(mean=_MEAN, sd=_SPREAD, n=_SIZE, study=_labels, arm=_names),
    "sampling_covariance": _together(yi=_EFFECT, vi=_VARIANCE, cluster=_labels, rho=_one_of(0, 0.9)),
    "sd_from_ci": _together(**_INTERVAL, n=_SIZE),
    "se_from_ci": _together(**_INTERVAL, level=_one_of(0.5, 0.99), df=_among(None, 8, 40)),
    "sd_plausible": _together(mean=_floats(1, 9), sd=_floats(0.1, 4), n=_SIZE, low=_one_of(0, 1), high=_one_of(9, 10)),
    "se_as_sd": _together(sd=_SPREAD, n=_SIZE, reference=_SPREAD),
    "skewness_test": _together(**_QUARTERS, **_ENDS),
    "smd_from_f": _together(f=_SPREAD, n1=_SIZE, n2=_SIZE, direction=_SIGN),
    "smd_from_p": _together(p=_P, n1=_SIZE, n2=_SIZE, direction=_SIGN),
    "spending_boundaries": _together(
        fractions=lambda rng, k: [rng.uniform(0.05, 0.4), 0.45, 0.7, 1.0], alpha=_one_of(0.01, 0.1)),
    "subgroups": _together(yi=_EFFECT, vi=_VARIANCE, by=_alternately("AB")),
    "bayes_compare": _together(effects=_EFFECT, vi=_VARIANCE, by=_alternately("ABC")),
    "bayes_crossed": _together(effects=_EFFECT, vi=_VARIANCE, rows=_alternately("AB"), columns=_alternately("CCD")),
    "robust": _together(fit=fits, cluster=_among(None)),
    "table": _together(rows=lambda rng, k: pd.DataFrame({"estimate": _EFFECT(rng, k), "trial": _names(rng, k)})),
    "network": _together(effects=_EFFECT, vi=_VARIANCE, reference=_among("A"), treatment1=_alternately("A"),
                         treatment2=_alternately("BCD"), study=_names),
    "say": _together(told=_told),
    "sentence": _together(result=_row_of_a_pool, audience=_among("public", "clinician")),
    "captioned": _together(axes=_axes, caption=_among("What it shows: 0.3."), title=_among("", "A title")),
    "figure": _together(results=_RESULTS, name=_among("claims", "evidence_map", "ranking_pain_sham")),
    "findings_table": _together(results=_RESULTS),
    "Pooled.robust": _together(cluster=_alternately("AABBC")),
    "Regression.robust": _together(cluster=_alternately("AABBC")),
    "Gosh.includes": _together(study=_among(0, 1, "Study 1", "Trial 0")),
    "ComparedGroups.density": _together(group=_among(*"ABC"), x=_EFFECT),
    "ComparedGroups.probability": _together(group=_among(*"ABC"), lower=_one_of(-1, 1)),
    "CrossedEffects.predict": _together(row=_among(*"AB"), column=_among(*"CD")),
    "CrossedEffects.quantile": _together(row=_among(*"AB"), column=_among(*"CD"), p=_P),
    "CrossedEffects.probability": _together(row=_among(*"AB"), column=_among(*"CD"), lower=_one_of(-1, 1)),
    "Multilevel.likelihood_ratio": _together(name=_among("study", "row")),
    "Multilevel.robust": _together(cluster=_among(None, "study")),
    "Safety.total": _together(kind=_among("any", "serious"), condition=_among("", "arthritis")),
    "EvidenceBase.effects": _together(measure=_among("SMD", "MD100", "RR"), impute=_among((), "r", "borrow_sd")),
    "EvidenceBase.derived": _together(measure=_among("SMD", "MD100", "RR")),
    "Regression.contrast": _together(combinations=_among({"slope": {"dose": 1.0}}, [[0.0, 1.0]])),
    "Robust.contrast": _together(contrasts=_among([[1.0]], [[0.0, 1.0]])),
    "Robust.wald": _together(coefficients=_among(None, ["intrcpt"], ["dose"])),
}  # fmt: skip

HOSTILE: tuple[Any, ...] = (
    None, "", "text", "\x1b[31m", "x" * 5000, b"bytes", object(), len, True, {}, {"a": 1}, set(), [], [[]], [None],
    [[1, 2], [3, 4]], [1, [2, 3]], 0, -1, 1, 2.5, 1e300, -1e300, 1e-300, 1e17, 2**63, 10**400, float("nan"),
    float("inf"), -float("inf"), 1j, Decimal("0.5"), Fraction(1, 3), pd.NA, pd.NaT, np.uint8(200), np.float32(0.5),
    ["a", "b"], [0.1], [0.1] * 7, [float("nan")] * 3, [float("inf")] * 3, [-1.0] * 3, [0] * 3, [10**400] * 3,
    ["0.1", "0.2", "0.3"], np.ma.array([0.1, 0.2, 0.3], mask=[0, 1, 0]), np.zeros((2, 3)), np.array(0.5),
    np.array([1, 200, 255], dtype=np.uint8), pd.Series([0.1, 0.2, 0.3], index=list("xyz")), pd.DataFrame(),
    pd.DataFrame({"yi": [0.1, 0.4], "vi": [0.1, -0.2]}), pd.date_range("2020", periods=3), pd.Timestamp("2020-01-01"),
    pd.Series([None, "a", pd.NA]),
    pd.Series([0.1, None, 0.3], dtype="Float64"), pd.Categorical(["a", "b", None]), range(3), np.array([0.1, 1j, 2]),
)  # fmt: skip


def extreme(rng: Random, values: Any) -> Any:
    """An argument that stays of its kind, at the edge of it."""
    if not isinstance(values, list) or not values or not all(type(value) in (int, float) for value in values):
        return values
    if not all(abs(value) < 1e100 for value in values):
        return values
    array = np.array(values, dtype=float)
    first = np.arange(len(array)) == 0
    ways: tuple[Callable[[], Any], ...] = (
        lambda: array * 10.0 ** rng.choice((30, -30, 100, -100, 160, -160)),
        lambda: array * 0,
        lambda: array * 0 + array[0],
        lambda: np.where(first, np.nan, array),
        lambda: np.where(first, 0.0, array),
        lambda: array.astype(np.float32),
        lambda: array + 1e9,
        lambda: np.ma.array(array, mask=array == array[0]),
        lambda: pd.Series(array, index=[f"Trial {at}" for at in range(len(array))][::-1]),
        lambda: array[: rng.randint(0, 2)],
    )
    return rng.choice(ways)()
