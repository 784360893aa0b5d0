"""What bayes, counts, network and bivariate have in common: one kind of result, one door, errors with words."""

from __future__ import annotations

import contextlib
import inspect
import warnings
from functools import cache
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.bayes.priors import PRIORS
from evidence.models.network.gls import NetworkMethod
from evidence.models.network.ranking import BETTER, Better
from evidence.models.network.result import NetworkTest
from evidence.models.result import Result

TRIALS = pd.DataFrame(
    {
        "study": list("abcdef"),
        "yi": [0.1, 0.5, 0.2, 0.9, 0.4, 0.6],
        "vi": [0.02, 0.05, 0.03, 0.04, 0.06, 0.02],
        "site": list("xxyyzz"),
    },
    index=list("abcdef"),
)
PAIRS = TRIALS.assign(treatment1=list("nnnnsd"), treatment2=list("ssddds"))[:5]
TABLES = pd.DataFrame({"ai": [3, 5, 0], "bi": [20, 18, 25], "ci": [9, 8, 2], "di": [15, 14, 22]}, index=list("abc"))
RATES = {"x1": [3, 5, 2], "t1": [20.0, 18.0, 9.0], "x2": [9, 8, 4], "t2": [15.0, 14.0, 11.0]}
TWO = {"y1": [0.1, 0.4, 0.5, 0.9], "v1": [0.02] * 4, "y2": [0.2, 0.3, 0.6, 0.8], "v2": [0.03] * 4, "rho_within": 0.5}
EFFECTS = {"yi": TRIALS["yi"].tolist(), "vi": TRIALS["vi"].tolist()}

#: Every way into the four families, with all that it takes.
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "bayes": (
        "bayes",
        EFFECTS | {"tau_prior": ev.HalfNormal(0.5), "mu_prior": (0, 1), "level": 0.9, "slab": list("abcdef")},
    ),
    "bayes by": ("bayes", EFFECTS | {"by": list("xxyyzz")}),
    "bayes_compare": (
        "bayes_compare",
        {"effects": EFFECTS["yi"], "vi": EFFECTS["vi"], "by": list("xxyyzz"), "worthwhile": 0.2, "level": 0.9}
        | {"tau_prior": ev.HalfNormal(0.5), "between_prior": ev.HalfNormal(0.5), "mu_prior": (0, 1)},
    ),
    "network": (
        "network",
        {"effects": PAIRS["yi"].tolist(), "vi": PAIRS["vi"].tolist(), "reference": "s", "level": 0.9}
        | {"treatment1": list("nnnns"), "treatment2": list("ssddd"), "study": list("abcde")}
        | {"method": "REML", "test": "z", "V": np.diag(PAIRS["vi"])},
    ),
    "mantel_haenszel": (
        "mantel_haenszel",
        TABLES.to_dict("list") | {"measure": "OR", "correct": True, "level": 0.9, "slab": list("abc")},
    ),
    "mantel_haenszel totals": ("mantel_haenszel", {"ai": [3, 5], "n1": [23, 23], "ci": [9, 8], "n2": [24, 22]}),
    "mantel_haenszel rates": ("mantel_haenszel", RATES | {"measure": "IRR"}),
    "peto": ("peto", TABLES.to_dict("list") | {"level": 0.9, "slab": list("abc")}),
    "glmm": ("glmm", TABLES.to_dict("list") | {"model": "CM.EL", "method": "ML", "level": 0.9, "slab": list("abc")}),
    "bivariate": ("bivariate", TWO | {"method": "REML", "level": 0.9}),
}
#: What no argument is.
WRONG: tuple[Any, ...] = ("twelve", {"yi": 1}, object(), [["a", "b"]], [], [[0.1, 0.2], [0.3, 0.4]], 10**400, b"x", 1j)
ARGUMENTS = [(name, argument) for name, (_, given) in CALLS.items() for argument in given]


@pytest.mark.filterwarnings("ignore::evidence.SmallSample", "ignore::evidence.NotConverged")
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_wrong_kind_of_argument_is_an_error_with_words(name: str, argument: str) -> None:
    call, given = CALLS[name]
    function = getattr(ev, call)
    function(**given)
    for wrong in WRONG:
        with pytest.raises(ev.EvidenceError) as told:
            function(**given | {argument: wrong})
        assert len(str(told.value).split()) > 3
    optional = inspect.signature(function).parameters[argument].default is None
    with contextlib.suppress(ev.EvidenceError) if optional else pytest.raises(ev.EvidenceError):
        function(**given | {argument: None})


def fitted() -> dict[str, Result]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        net = ev.network(PAIRS, reference="s")
        return {
            "bayes": ev.bayes(TRIALS),
            "bayes_compare": ev.bayes_compare(TRIALS, by="site"),
            "network": net,
            "inconsistency": net.inconsistency(),
            "mantel_haenszel": ev.mantel_haenszel(TABLES, measure="RR"),
            "peto": ev.peto(TABLES),
            "glmm": ev.glmm(TABLES),
            "bivariate": ev.bivariate(**TWO),
        }


RESULTS = fitted()
fitted_again = cache(fitted)


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_one_kind_of_thing(name: str) -> None:
    result = RESULTS[name]
    assert isinstance(result, Result) and type(result).__name__ in dir(ev)
    assert repr(result) == result.summary() and result.summary().count("\n") >= 2
    for ugly in ("np.", "array(", " at 0x", "nan"):
        assert ugly not in repr(result)
    with pytest.raises(AttributeError):  # frozen
        result.level = 0.5  # type: ignore[attr-defined]
    assert result != fitted_again()[name] and hash(result)
    table = result.to_frame()
    assert isinstance(table.index, pd.RangeIndex) and all(isinstance(column, str) for column in table.columns)
    table.iloc[0, 0] = None  # a new frame each time
    assert result.to_frame().iloc[0, 0] is not None
    assert result.sentence().endswith(".") and "<p>" in result._repr_html_()


@pytest.mark.parametrize("name", ["bayes", "bayes_compare", "mantel_haenszel", "peto", "glmm"])
def test_fits_of_trials_are_trials_again(name: str) -> None:
    fit: Any = RESULTS[name]
    again = ev.pool(fit, method="EE")
    assert again.slab == fit.slab and again.yi == pytest.approx(fit.yi) and again.frame is not None
    assert ev.bayes(fit).slab == fit.slab
    assert len(fit.frame) == len(fit.yi) and np.array_equal(fit.frame["vi"], fit.vi)


def test_groups_are_columns_or_values() -> None:
    by_name = ev.bayes(TRIALS, by="site")
    by_value = ev.bayes(TRIALS["yi"], TRIALS["vi"].iloc[::-1], by=TRIALS["site"].iloc[::-1])
    pd.testing.assert_frame_equal(by_value, by_name)
    compared = ev.bayes_compare(TRIALS, by="site")
    for other in (
        ev.bayes_compare(TRIALS["yi"], vi=TRIALS["vi"].iloc[::-1], by=TRIALS["site"].iloc[::-1]),
        ev.bayes_compare(ev.pool(TRIALS), by="site"),
        ev.bayes_compare(TRIALS, by=["site"]),
    ):
        pd.testing.assert_frame_equal(other.groups, compared.groups)
    some = ev.bayes_compare(TRIALS.assign(site=[None, *"xyyzz"], yi=[*TRIALS["yi"][:5], np.nan]), by="site")
    assert some.dropped == 2 and some.slab == tuple("bcde") and "2 studies left out" in some.summary()


def test_contrasts_come_in_a_frame_or_as_values_that_meet_by_label() -> None:
    turned = PAIRS.iloc[::-1]
    net = ev.network(PAIRS, reference="s")
    other = ev.network(
        PAIRS["yi"], PAIRS["treatment1"], turned["treatment2"], PAIRS["study"].to_list(), "s", vi=turned["vi"]
    )
    pd.testing.assert_frame_equal(other.league(), net.league())
    with pytest.raises(ev.InvalidInput, match="treatment2 has other labels"):
        ev.network(PAIRS.drop(columns="treatment2"), treatment2=PAIRS["treatment2"].rename({"a": "q"}), reference="s")
    with pytest.raises(ev.InvalidInput, match="'treatment1' names a column, but"):
        ev.network(PAIRS["yi"], vi=PAIRS["vi"], reference="s", study=PAIRS["study"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: RESULTS["bayes"].probability("low"),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].probability(of=object()),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].probability(np.nan),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].density([]),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].density({}, of="tau"),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].density(0.1, of=np.array(["mu", "tau"])),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].quantile("half"),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].bayes_factor("theta"),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes"].bayes_factor("tau", null="none"),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes_compare"].probability([]),  # type: ignore[attr-defined]
        lambda: RESULTS["bayes_compare"].density("x", None),  # type: ignore[attr-defined]
        lambda: RESULTS["network"].ranking(better=1),  # type: ignore[attr-defined]
        lambda: RESULTS["network"].ranking(draws="many"),  # type: ignore[attr-defined]
        lambda: RESULTS["network"].ranking(seed=-1),  # type: ignore[attr-defined]
        lambda: ev.HalfNormal("wide"),  # type: ignore[arg-type]
        lambda: ev.Uniform([1.0]),  # type: ignore[arg-type]
        lambda: ev.LogNormal(None, 1.0),  # type: ignore[arg-type]
        lambda: ev.DuMouchel().density("here"),
    ],
)
def test_a_wrong_question_is_an_error_with_words(ask: Any) -> None:
    with pytest.raises(ev.InvalidInput):
        ask()


def test_registries_and_literals_are_one() -> None:
    assert tuple(BETTER) == get_args(Better)
    for names in (get_args(NetworkMethod), get_args(NetworkTest)):
        assert all(f'"{name}"' in (ev.network.__doc__ or "") for name in names)
    for name, prior in PRIORS.items():
        assert getattr(ev, name) is prior and name in (ev.bayes.__doc__ or "")
    with pytest.raises(ev.InvalidInput, match=", ".join(PRIORS)):
        ev.bayes(TRIALS, tau_prior=0.5)  # type: ignore[call-overload]
