"""What is of a wrong kind is refused with words, whatever the argument: no TypeError, AttributeError or ValueError."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

STUDY = list("AABBCCDDEEFF")
FRAME = pd.DataFrame(
    {
        "study": STUDY,
        "arm": list("ab") * 6,
        "dose": [1.0, 2, 3, 4, 5, 6, 2, 1, 4, 3, 6, 5],
        "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3],
        "vi": 0.04,
    }
)
YI, VI = FRAME["yi"].to_list(), FRAME["vi"].to_list()
ARMS = FRAME.assign(versus="c", n=20, n2=[20, 20, 30, 30, 25, 25, 40, 40, 22, 22, 31, 31])
FIT = ev.pool(FRAME)
BY_ARM = ev.regress(FRAME, formula="~ arm + dose")
LINE = ev.regress(FRAME, formula="~ dose")
NESTED = ev.multilevel(FRAME)
MIXED = [ev.RandomEffect("study"), ev.RandomEffect("arm")]
WRONG: dict[str, Any] = {
    "None": None,
    "text": "wrong",
    "mapping": {"yi": [1]},
    "object": object(),
    "table": [[1, 2], [3, 4]],
    "ragged": [1, [2, 3]],
    "number": 7.5,
    "huge": 10**400,
    "function": len,
    "frame": pd.DataFrame({"a": [1]}),
    "empty": [],
    "result": ev.vote_count([1]),
    "dates": pd.date_range("2020", periods=12),
    "complex": np.full(12, 1 + 1j),
}
#: Each function as it should be called, by argument; every argument is then given every wrong kind.
_CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (ev.pool, {"yi": YI, "vi": VI, "method": "REML", "test": "z", "level": 0.9, "slab": STUDY, "tau2": 0.1,
              "weighted": True, "weights": VI}),
    (ev.regress, {"yi": YI, "vi": VI, "formula": "~ dose", "data": FRAME[["dose"]], "method": "REML", "test": "z",
                 "level": 0.9, "slab": STUDY, "tau2": 0.1, "weighted": True, "weights": VI}),
    (ev.pool_many, {"group": STUDY, "yi": YI, "vi": VI, "method": "REML", "test": "z", "level": 0.9, "tau2": 0.1,
                   "weighted": True}),
    (ev.subgroups, {"yi": YI, "vi": VI, "by": list("ab") * 6, "tau2": "common", "method": "REML", "test": "z",
                   "level": 0.9}),
    (ev.likelihood_ratio, {"full": FIT, "reduced": ev.pool(FRAME, method="EE")}),
    (ev.multilevel, {"yi": YI, "vi": VI, "levels": {"study": STUDY, "row": range(12)}, "rho": 0.5, "V": None,
                    "formula": None, "method": "REML", "test": "t", "robust": "CR2", "level": 0.9}),
    (ev.sampling_covariance, {"yi": YI, "vi": VI, "cluster": STUDY, "rho": 0.5, "outcome": list("ab") * 6,
                             "week": None, "phi": None, "shared_arm": None, "measure": None, "columns": None,
                             "nearest": False}),
    (ev.aggregate, {"yi": YI, "vi": VI, "cluster": STUDY, "rho": 0.5, "week": None, "phi": None, "V": None,
                   "weighted": True}),
    (FIT.probability, {"lower": 0.0, "upper": 1.0}),
    (FIT.kenward_roger, {"level": 0.9}),
    (FIT.tau2_ci, {"level": 0.9, "kind": "J"}),
    (FIT.predict, {"level": 0.9, "transform": "exp"}),
    (BY_ARM.marginal_means, {"of": "arm", "at": {"dose": 3.0}, "pairs": True, "adjust": "holm"}),
    (BY_ARM.robust().wald, {"coefficients": {"dose": {"dose": 1.0}}}),
    (ev.robust, {"fit": FIT, "cluster": STUDY, "kind": "CR2"}),
    (ev.vote_count, {"direction": [1, 1, -1], "level": 0.9}),
    (ev.combine_pvalues, {"p": [0.1, 0.2], "direction": [1, -1], "relation": "=", "method": "fisher"}),
    (FIT.tau2_ci, {"level": 0.9, "kind": "QP"}),
    (FIT.blup, {"level": 0.9}),
    (FIT.predict, {"level": 0.9}),
    (FIT.robust, {"cluster": STUDY, "kind": "CR1"}),
    (LINE.predict, {"new": FRAME, "level": 0.9}),
    (LINE.contrast, {"combinations": [[0, 1]]}),
    (NESTED.profile, {"level": 0.9}),
    (NESTED.likelihood_ratio, {"name": "study"}),
    (NESTED.blup, {"level": 0.9}),
    (NESTED.predict, {"new": FRAME, "level": 0.9}),
    (NESTED.robust, {"cluster": "study", "kind": "CR1"}),
    (FIT.robust(STUDY).wald, {"coefficients": ["estimate"]}),
    (FIT.robust(STUDY).contrast, {"contrasts": [1], "names": ["mean"]}),
    (ev.pool, {"yi": FRAME, "by": "arm"}),
    (ev.pool, {"yi": FIT, "slab": None, "weights": "vi"}),
    (ev.regress, {"yi": FRAME, "formula": "~ dose", "slab": "study", "weights": VI}),
    (ev.subgroups, {"yi": FRAME, "by": "arm"}),
    (ev.multilevel, {"yi": FRAME, "levels": ("study", "row"), "V": VI}),
    (ev.sampling_covariance, {"yi": FRAME, "cluster": "study", "outcome": "arm", "week": "dose", "phi": 0.9}),
    (ev.sampling_covariance, {"yi": ARMS, "shared_arm": ("arm", "versus"), "measure": "SMD", "columns": {"n1": "n"}}),
    (ev.robust, {"fit": NESTED, "cluster": "study"}),
    (ev.regress, {"yi": FRAME, "formula": "~ arm", "scale": "~ dose", "link": "log", "test": "z"}),
    (ev.multilevel, {"yi": FRAME, "random": MIXED, "V": VI, "rho": 0.5, "robust": None}),
    (ev.RandomEffect, {"effect": "arm", "within": "study", "structure": "UN", "R": None, "tau2": 0.1, "rho": 0.2}),
    (ev.multilevel(FRAME, random=MIXED, robust=None).predict, {"new": FRAME, "level": 0.9}),
    (ev.multilevel(FRAME, random=MIXED, robust=None).profile, {"level": 0.9}),
    (ev.rve, {"effects": YI, "vi": VI, "cluster": STUDY, "weights": "CORR", "formula": None, "rho": 0.5, "kind": "CR2",
              "level": 0.9}),
    (ev.rve(FRAME).predict, {"new": FRAME, "level": 0.9}),
    (ev.wild_bootstrap, {"fit": FIT, "tested": ["estimate"], "cluster": STUDY, "multiplier": "webb", "iterations": 9,
                         "kind": "CR1", "seed": 1}),
]  # fmt: skip
CALLS = [pytest.param(*call, id=f"{call[0].__qualname__}({', '.join(call[1])})") for call in _CALLS]
#: What may be given there after all.
RIGHT = {
    ("contrasts", "None"), ("transform", "None"), ("of", "None"), ("at", "None"), ("adjust", "None"),
    ("upper", "number"),
    ("V", "None"), ("formula", "None"), ("robust", "None"), ("week", "None"), ("phi", "None"), ("shared_arm", "None"),
    ("measure", "None"), ("columns", "None"), ("outcome", "None"), ("slab", "None"), ("tau2", "None"),
    ("weights", "None"), ("cluster", "None"), ("level", "None"), ("kind", "None"), ("new", "None"), ("names", "None"),
    ("coefficients", "None"), ("tau2", "number"), ("slab", "dates"), ("group", "dates"), ("by", "dates"),
    ("levels", "dates"), ("cluster", "dates"), ("outcome", "dates"), ("group", "complex"), ("slab", "complex"),
    ("cluster", "complex"), ("outcome", "complex"), ("by", "complex"), ("by", "None"),
    ("within", "None"), ("R", "None"), ("rho", "None"), ("random", "None"), ("scale", "None"), ("tested", "None"),
    ("within", "text"), ("effect", "text"), ("R", "frame"), ("seed", "huge"),
    ("combinations", "table"), ("contrasts", "number"), ("contrasts", "frame"), ("new", "frame"),
}  # fmt: skip


def test_the_calls_are_right():
    for function, given in _CALLS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ev.SmallSample)
            function(**given)


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize(("function", "given"), CALLS)
def test_a_wrong_kind_is_refused_with_words(function, given, kind):
    for name in given:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ev.SmallSample)
            try:
                function(**(given | {name: WRONG[kind]}))
            except (ev.InvalidInput, ev.NotEstimable) as refused:
                assert len(str(refused).split()) > 3
            else:
                assert (name, kind) in RIGHT, f"{name}={WRONG[kind]!r} was taken"
