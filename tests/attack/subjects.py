"""What can be called: every public function, and every method of what they answer; and what some of them look at."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter
from random import Random
from types import MappingProxyType
from typing import Any

import pandas as pd

import evidence as ev
from evidence.models.bayes.tau_prior import TauPrior

#: Not attacked here: they read or write files, draw widgets, or change how figures look.
APART = {"load", "validate", "read_trials", "explore", "theme", "export"}
#: Methods that every result has; the judge asks for the first two anyway, figures are drawn in tests of their own.
_VERBS = {"summary", "to_frame", "plot"}


#: Seldom called, as they cost more than the others: one call in so many.
_DEAR = {
    **dict.fromkeys(("bayes_compare", "bayes_crossed", "claims", "claim_evidence", "figure"), 200),
    **dict.fromkeys(("all_models", "bias_table", "against_grades", "multiverse", "mechanism_pools"), 50),
    **dict.fromkeys(("glmm", "bivariate", "trial_sequential", "findings_table", "Multilevel.profile"), 25),
    **dict.fromkeys(("pooled_table", "Results.multiverse", "against_reviews", "summary_of_findings", "gosh"), 25),
    **dict.fromkeys(("Results.findings", "Results.pools_on", "Results.ranking", "rank_conditions", "maintenance"), 20),
    **dict.fromkeys(("certainty_table", "benefit_and_harm", "Results.benefit_and_harm", "selection_model"), 8),
}


@cache
def functions() -> Mapping[str, Callable[..., Any]]:
    """Every public function that takes numbers."""
    return MappingProxyType({name: f for name, f in _public().items() if not set(parameters(f)) & _OF_BASES})


@cache
def of_bases() -> Mapping[str, Callable[..., Any]]:
    """Every public function that looks at an evidence base, and what a base itself does."""
    found = {name: function for name, function in _public().items() if set(parameters(function)) & _OF_BASES}
    return MappingProxyType(found | _methods("EvidenceBase") | _methods("Results"))


@cache
def methods() -> Mapping[str, Callable[..., Any]]:
    """Every method of the results of `functions`, as ``Class.method``; the result goes in as ``self``."""
    found: dict[str, Callable[..., Any]] = {}
    for function in functions().values():
        for kind in _kinds(function):
            found |= _methods(kind)
    return MappingProxyType(found)


@cache
def targets() -> Mapping[str, Callable[..., Any]]:
    """All of them."""
    return MappingProxyType({**functions(), **methods(), **of_bases()})


def dear(name: str) -> int:
    """Of so many calls of the others one is enough of this: it costs more, or it is asked for nothing."""
    alone = list(parameters(targets()[name])) in (["self"], ["db"])
    return max(_DEAR.get(name, 1), 200 if alone else 1)


_OF_BASES = {"db", "trials"}


@cache
def parameters(function: Callable[..., Any]) -> Mapping[str, Parameter]:
    return inspect.signature(function).parameters


@cache
def _public() -> Mapping[str, Callable[..., Any]]:
    found = {name: getattr(ev, name) for name in sorted(set(dir(ev)) - APART) if name[0].islower()}
    return {name: function for name, function in found.items() if inspect.isfunction(function)}


def _kinds(function: Callable[..., Any]) -> list[str]:
    """Public classes of what a function answers; a prior is what others are given, and its methods are for them."""
    words = str(inspect.signature(function).return_annotation).split(" | ")
    classes = [word for word in words if inspect.isclass(getattr(ev, word, None))]
    return [word for word in classes if not issubclass(getattr(ev, word), TauPrior)]


def _methods(kind: str) -> dict[str, Callable[..., Any]]:
    public = getattr(ev, kind)
    names = [name for name in dir(public) if name[0] != "_" and name not in _VERBS]
    return {f"{kind}.{name}": getattr(public, name) for name in names if inspect.isfunction(getattr(public, name))}


@cache
def subjects(kind: str) -> tuple[Any, ...]:
    """A few results of a kind, from ordinary calls of the functions that answer one."""
    from .calls import ordinary

    if kind == "EvidenceBase":
        return _bases()
    if kind == "Results":
        return tuple(ev.Results(base) for base in _bases())
    found: list[Any] = []
    for name, function in functions().items():
        if kind in _kinds(function):
            for seed in range(12):
                try:
                    answer = function(**ordinary(Random(seed), name).given)
                except (ev.EvidenceError, TypeError, Warning):
                    continue
                if type(answer).__name__ == kind:
                    found.append(answer)
    return tuple(found[:: max(1, len(found) // 5)])


@cache
def _bases() -> tuple[ev.EvidenceBase, ...]:
    """Small parts of the data that come with the package, one with a single trial and one without any."""
    whole = ev.load()
    asked = (
        {"condition": "spinal_stenosis"},
        {"condition": "arthritis", "comparator": "drug"},
        {"condition": "disc_herniation", "comparator": "sham"},
        {"condition": "spinal_stenosis", "comparator": "drug", "outcome": "leg_pain", "time": "long"},
    )
    return tuple(whole.select(**choice) for choice in asked)


def bases(rng: Random, k: int) -> ev.EvidenceBase:
    """One of the small bases."""
    return rng.choice(_bases())


def results_of(rng: Random) -> Any:
    """What was computed from one of them."""
    return rng.choice(subjects("Results"))


@cache
def _fits() -> tuple[Any, ...]:
    yi, vi = [0.1, 0.5, 0.3, 0.9, -0.2], [0.1, 0.2, 0.1, 0.2, 0.05]
    return (
        ev.pool(yi[:3], vi[:3]),
        ev.pool(yi, vi, "DL", test="z"),
        ev.pool(yi, vi, "EE", slab=list("abcde")),
        ev.regress(yi, vi, "~ dose", pd.DataFrame({"dose": [0, 1, 2, 3, 5]})),
    )


def fits(rng: Random, k: int) -> Any:
    """A fit of a few trials."""
    return rng.choice(_fits())
