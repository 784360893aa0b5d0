"""What the bias table runs: each method's number and what speaks against it on the studies at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import NotEstimable
from ..models.engine.inference import Interval
from ..models.result import Adjusted
from ..models.univariate.pooled import Pooled
from . import trust
from .begg import begg
from .egger import egger
from .excess_significance import excess_significance
from .fail_safe_n import fail_safe_n
from .limit_meta import limit_meta
from .p_curve import p_curve
from .pet_peese import pet_peese
from .selection.functions import Kind
from .selection.result import Alternative
from .selection.selection import selection_model
from .small_study_effects import LEAST_STUDIES
from .trim_and_fill import trim_and_fill
from .waap import waap


@dataclass(frozen=True, slots=True)
class Estimate:
    """An adjusted estimate and what speaks against it here."""

    estimate: float
    se: float
    ci: Interval
    p_value: float
    doubts: list[trust.Doubt]


@dataclass(frozen=True, slots=True)
class Test:
    """A test's statistic, p value and sentence, and what speaks against it here."""

    statistic: float
    p_value: float | None
    says: str
    doubts: list[trust.Doubt]


def _enough(fit: Pooled) -> None:
    if fit.k < LEAST_STUDIES:
        raise NotEstimable(f"{fit.k} studies, fewer than {LEAST_STUDIES}")


def _adjusted(found: Adjusted, doubts: list[trust.Doubt]) -> Estimate:
    return Estimate(found.estimate, found.se, found.ci, found.p_value, doubts)


def _trim_and_fill(fit: Pooled) -> Estimate:
    found = trim_and_fill(fit)
    doubts = trust.funnel_doubts(fit) + trust.heterogeneity_doubts(fit, "no")
    return _adjusted(found, doubts)


def _regression_limit(fit: Pooled) -> Estimate:
    _enough(fit)
    found = egger(fit, model="rma")
    assert found.limit_estimate is not None and found.limit_se is not None and found.limit_ci is not None
    p_value = float(found.coefficients["p_value"].iloc[0])
    return Estimate(found.limit_estimate, found.limit_se, found.limit_ci, p_value, trust.pet_peese_doubts(fit))


def _pet_peese(fit: Pooled) -> Estimate:
    found = pet_peese(fit)
    return _adjusted(found, trust.pet_peese_doubts(fit))


def _limit_meta(fit: Pooled) -> Estimate:
    found = limit_meta(fit)
    doubts = trust.funnel_doubts(fit) + trust.heterogeneity_doubts(fit, "caution")
    return _adjusted(found, doubts)


def _waap(fit: Pooled) -> Estimate:
    found = waap(fit)
    return _adjusted(found, trust.waap_doubts(found.k_adequate))


def _selection(kind: Kind, steps: tuple[float, ...] = (0.025,)) -> Callable[[Pooled], Estimate]:
    def run(fit: Pooled) -> Estimate:
        found = selection_model(fit, kind=kind, steps=steps, alternative=_favoured(fit))
        fewest = int(found.weights["k"].min()) if kind == "stepfun" else None
        doubts = trust.selection_doubts(fit, found.se, fewest)
        return _adjusted(found, doubts)

    return run


def _favoured(fit: Pooled) -> Alternative:
    return "less" if fit.estimate < 0 else "greater"


def _egger_test(fit: Pooled) -> Test:
    _enough(fit)
    found = egger(fit)
    return Test(found.statistic, found.p_value, found.sentence(), trust.asymmetry_doubts(fit))


def _begg_test(fit: Pooled) -> Test:
    _enough(fit)
    found = begg(fit)
    return Test(found.tau, found.p_value, found.sentence(), trust.asymmetry_doubts(fit))


def _selection_test(fit: Pooled) -> Test:
    found = selection_model(fit, alternative=_favoured(fit))
    doubts = trust.selection_doubts(fit, 0.0, int(found.weights["k"].min()))
    return Test(found.lr_test.statistic, found.lr_test.p_value, found.sentence(), doubts)


def _excess(fit: Pooled) -> Test:
    found = excess_significance(fit)
    return Test(found.ratio, found.p_value, found.sentence(), trust.heterogeneity_doubts(fit, "caution"))


def _p_curve(fit: Pooled) -> Test:
    found = p_curve(fit)
    doubts = trust.curve_doubts(fit, found.k_significant)
    return Test(found.skew_full.z, found.skew_full.p_value, found.sentence(), doubts)


def _fail_safe(fit: Pooled) -> Test:
    found = fail_safe_n(fit)
    doubts = [trust.Doubt("no", "assumes that missing studies show exactly nothing, and ignores their size")]
    return Test(float(found.n), None, found.sentence(), doubts)


_SELECTED = "studies are seen with a chance that depends on their p value, "
ESTIMATES: dict[str, tuple[str, Callable[[Pooled], Estimate]]] = {
    "trim and fill": (
        "the most extreme results on one side are missing; without them the funnel would be symmetric",
        _trim_and_fill,
    ),
    "Egger limit": (
        "effects change in a straight line with the standard error, and for no other reason",
        _regression_limit,
    ),
    "PET-PEESE": ("effects change with the standard error or its square, only because of selection", _pet_peese),
    "limit meta-analysis": ("small studies exaggerate in proportion to their total standard deviation", _limit_meta),
    "selection, one step": (_SELECTED + "in one step at 0.025 one-sided", _selection("stepfun")),
    "selection, two steps": (_SELECTED + "in steps at 0.025 and 0.5 one-sided", _selection("stepfun", (0.025, 0.5))),
    "selection, beta": (_SELECTED + "as a beta density", _selection("beta")),
    "selection, half-normal": (_SELECTED + "falling as a half-normal density", _selection("halfnorm")),
    "selection, exponential": (_SELECTED + "falling exponentially", _selection("negexp")),
    "selection, logistic": (_SELECTED + "falling as a logistic curve", _selection("logistic")),
    "selection, power": (_SELECTED + "falling as a power of 1 - p", _selection("power")),
    "WAAP": ("studies with 80% power for the average effect are not selected", _waap),
}
TESTS: dict[str, Callable[[Pooled], Test]] = {
    "Egger": _egger_test,
    "Begg": _begg_test,
    "selection, one step": _selection_test,
    "excess significance": _excess,
    "p-curve": _p_curve,
    "fail-safe N": _fail_safe,
}
