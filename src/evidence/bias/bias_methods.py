"""What the bias table runs: each method's number and what speaks against it on the studies at hand.

Two registries: `ESTIMATES` and `TESTS`. One more row of the table is one function here, entered by its decorator.
"""

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
from .selection.functions import FAMILIES, Kind
from .selection.selection import selection_model
from .significant_p import Alternative
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


RunEstimate = Callable[[Pooled], Estimate]
RunTest = Callable[[Pooled], Test]
#: Name to what the method assumes, and the method.
ESTIMATES: dict[str, tuple[str, RunEstimate]] = {}
#: Name to the test.
TESTS: dict[str, RunTest] = {}


def _estimate(name: str, assumes: str) -> Callable[[RunEstimate], RunEstimate]:
    def enter(run: RunEstimate) -> RunEstimate:
        ESTIMATES[name] = (assumes, run)
        return run

    return enter


def _test(name: str) -> Callable[[RunTest], RunTest]:
    def enter(run: RunTest) -> RunTest:
        TESTS[name] = run
        return run

    return enter


def _enough(fit: Pooled) -> None:
    if fit.k < LEAST_STUDIES:
        raise NotEstimable(f"{fit.k} studies, fewer than {LEAST_STUDIES}")


def _adjusted(found: Adjusted, doubts: list[trust.Doubt]) -> Estimate:
    return Estimate(found.estimate, found.se, found.ci, found.p_value, doubts)


@_estimate(
    "trim and fill", "the most extreme results on one side are missing; without them the funnel would be symmetric"
)
def _trim_and_fill(fit: Pooled) -> Estimate:
    found = trim_and_fill(fit)
    doubts = trust.funnel_doubts(fit) + trust.heterogeneity_doubts(fit, "no")
    return _adjusted(found, doubts)


@_estimate("Egger limit", "effects change in a straight line with the standard error, and for no other reason")
def _regression_limit(fit: Pooled) -> Estimate:
    _enough(fit)
    found = egger(fit, model="rma")
    assert found.limit_estimate is not None and found.limit_se is not None and found.limit_ci is not None
    p_value = float(found.coefficients["p_value"].iloc[0])
    return Estimate(found.limit_estimate, found.limit_se, found.limit_ci, p_value, trust.pet_peese_doubts(fit))


@_estimate("PET-PEESE", "effects change with the standard error or its square, only because of selection")
def _pet_peese(fit: Pooled) -> Estimate:
    found = pet_peese(fit)
    return _adjusted(found, trust.pet_peese_doubts(fit))


@_estimate("limit meta-analysis", "small studies exaggerate in proportion to their total standard deviation")
def _limit_meta(fit: Pooled) -> Estimate:
    found = limit_meta(fit)
    doubts = trust.funnel_doubts(fit) + trust.heterogeneity_doubts(fit, "caution")
    return _adjusted(found, doubts)


def _selection(kind: Kind, steps: tuple[float, ...] = (0.025,)) -> Callable[[Pooled], Estimate]:
    def run(fit: Pooled) -> Estimate:
        chosen = steps if kind == "stepfun" else None
        found = selection_model(fit, kind=kind, steps=chosen, alternative=_favoured(fit))
        fewest = int(found.weights["k"].min()) if kind == "stepfun" else None
        doubts = trust.selection_doubts(fit, found.se, fewest)
        return _adjusted(found, doubts)

    return run


def _favoured(fit: Pooled) -> Alternative:
    return "less" if fit.estimate < 0 else "greater"


_SELECTED = "studies are seen with a chance that depends on their p value, "
_estimate("selection, one step", _SELECTED + "in one step at 0.025 one-sided")(_selection("stepfun"))
_estimate("selection, two steps", _SELECTED + "in steps at 0.025 and 0.5 one-sided")(
    _selection("stepfun", (0.025, 0.5))
)
for _kind, _family in FAMILIES.items():
    if _family.tabled:
        _estimate(f"selection, {_family.label}", _SELECTED + _family.shape)(_selection(_kind))


@_estimate("WAAP", "studies with 80% power for the average effect are not selected")
def _waap(fit: Pooled) -> Estimate:
    found = waap(fit)
    return _adjusted(found, trust.waap_doubts(found.k_adequate))


@_test("Egger")
def _egger_test(fit: Pooled) -> Test:
    _enough(fit)
    found = egger(fit)
    return Test(found.statistic, found.p_value, found.sentence(), trust.asymmetry_doubts(fit))


@_test("Begg")
def _begg_test(fit: Pooled) -> Test:
    _enough(fit)
    found = begg(fit)
    return Test(found.tau, found.p_value, found.sentence(), trust.asymmetry_doubts(fit))


@_test("selection, one step")
def _selection_test(fit: Pooled) -> Test:
    found = selection_model(fit, alternative=_favoured(fit))
    assert found.lr_test is not None  # the step is estimated
    doubts = trust.selection_doubts(fit, 0.0, int(found.weights["k"].min()))
    return Test(found.lr_test.statistic, found.lr_test.p_value, found.sentence(), doubts)


@_test("excess significance")
def _excess(fit: Pooled) -> Test:
    found = excess_significance(fit)
    return Test(found.ratio, found.p_value, found.sentence(), trust.heterogeneity_doubts(fit, "caution"))


@_test("p-curve")
def _p_curve(fit: Pooled) -> Test:
    found = p_curve(fit)
    doubts = trust.curve_doubts(fit, found.k_significant)
    return Test(found.skew_full.z, found.skew_full.p_value, found.sentence(), doubts)


@_test("fail-safe N")
def _fail_safe(fit: Pooled) -> Test:
    found = fail_safe_n(fit)
    doubts = [trust.Doubt("no", "assumes that missing studies show exactly nothing, and ignores their size")]
    return Test(float(found.n), None, found.sentence(), doubts)
