"""The multiverse: every defensible analysis of one question, and what each finds."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...derive.evidence_base import MEASURES, EvidenceBase
from ...effects.arguments import each_of, require_kind, shown
from ...errors import Incomplete, InvalidInput
from ...models.bayes.bayes import bayes
from ...models.bayes.priors import HalfNormal
from ...models.engine.coefficient_tests import TESTS
from ...models.engine.engine import Floats
from ...models.engine.estimators import ESTIMATORS
from ...models.univariate.many import pool_many
from ...sensitivity.chunks import run_chunks
from ..context import Context
from .moves import moves
from .result import Multiverse
from .sets import DATA_CHOICES, OPTIONS, trial_sets

_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "measure": ("SMD", "MD100"),
    "routes": OPTIONS["routes"],
    "confidence": OPTIONS["confidence"],
    "directness": OPTIONS["directness"],
    "risk_of_bias": ("all", "not high"),
    "blinded": ("all",),
    "integrity": OPTIONS["integrity"],
    "leave_out": OPTIONS["leave_out"],
    "method": ("REML", "PM", "DL", "SJ", "Bayes"),
    "test": ("hksj-adhoc", "hksj", "z"),
}
_KNOWN: Mapping[str, tuple[str, ...]] = {
    **OPTIONS,
    "measure": MEASURES,
    "method": (*(name for name, estimator in ESTIMATORS.items() if not estimator.needs_weights), "Bayes"),
    "test": tuple(TESTS),
}
_EQUAL = "all effects are equal: hksj takes its standard error from their differences"
_POSTERIOR = {"estimate": "median", "se": "sd", "ci_low": "ci_low", "ci_high": "ci_high"}
_FOUND = ["k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2"]


def multiverse(
    db: EvidenceBase,
    question: Mapping[str, object],
    choices: Mapping[str, Sequence[str]] | None = None,
    executor: Executor | None = None,
    *,
    level: float = 0.95,
    progress: bool | None = None,
) -> Multiverse:
    """Answer one question by every combination of the choices an analyst could defend.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    question : mapping
        What is asked, as arguments of ``db.select``: ``dict(condition=, comparator=, outcome=, time=)``.
    choices : mapping of choice to options, optional
        Replaces the options of the choices it names; one option fixes a choice. The first option of each is the
        headline's. Defaults: ``measure`` SMD, MD100; ``routes`` (what effects are derived from) all, scores and p
        values, scores; ``confidence`` all, high; ``directness`` all, direct; ``risk_of_bias`` all, not high (low may be
        asked for); ``blinded`` all (yes: trials that blinded patients); ``integrity`` no serious concern, all (see
        `screen`); ``leave_out`` none, outliers, influential;
        ``method`` REML, PM, DL, SJ, and Bayes, which comes first where the headline's set has two to four trials;
        ``test`` hksj-adhoc, hksj, z: Bayes has none of them, its interval is called posterior.
    executor : concurrent.futures.Executor, optional
        Where to run; the result is the same everywhere. Default: this process.
    level : float
        Coverage of the intervals.
    progress : bool, optional
        Whether to show a bar. Default: on a terminal and in a notebook.

    Returns
    -------
    Multiverse
        ``to_frame()`` has one row a specification, the headline first: a column a choice, then ``set`` (which trials
        with which effects), ``k, estimate, se, ci_low, ci_high, p_value, tau2, note``. Where nothing
        can be estimated the note says why, k is 0 and the numbers are NaN.

    Raises
    ------
    InvalidInput
        A choice or option is unknown, two measures have no axis in common, or Bayes is asked for and there is no prior.
    NotEstimable
        No specification has two trials.

    See Also
    --------
    rank_conditions : the headline analysis of every condition.
    all_models : the same trials by every sensible model.
    plots.specification_curve : draws the result.

    Notes
    -----
    The headline specification is that of `pooled_table` (see `evidence.answers.pooling`): Bayesian random effects with
    the prior of ``priors.csv`` for two to four trials, REML with the Hartung-Knapp interval for more. Beside Bayes,
    ``estimate`` and ``tau2`` are posterior medians (of tau, squared), ``se`` is the posterior's SD, ``p_value`` NaN.
    A trial with several effects enters with their mean (errors correlated by 0.6). Points of 100 (MD100) are divided by
    the SD of the outcome (`reference_sd` of ``db``) where they stand beside SMDs, so that all estimates are in SD.
    Outliers and influential trials are told, as in `all_models`, by the REML pool of the set. Combinations that come to
    the same trials with the same effects are one specification, under the options of the first: nothing counts twice.
    Specifications overlap and are not equally good: shares of them describe how far conclusions hang on choices, they
    test nothing.

    ``moves`` says how far each choice moves the result when it alone is changed. Over all combinations of options, the
    ``change`` of a choice is the mean, over its pairs of options a, b and all ways r to make the other choices, of
    abs(estimate(a, r) - estimate(b, r)); pairs of which one cannot be estimated are left out, and where the choice
    touches no trial the difference is 0. ``turned`` is the share of the same pairs in which one interval excludes no
    effect and the other does not: what intervals are made of moves no estimate, but this. Bayes, which has one interval
    of its own, stands beside each test of the other methods.

    References
    ----------
    Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), Perspectives on Psychological Science 11:702.
    Voracek, Kossmeier & Tran (2019), Zeitschrift für Psychologie 227:64.

    Examples
    --------
    >>> import evidence as ev
    >>> question = dict(condition="osteoarthritis", comparator="sham", outcome="pain", time="short")
    >>> found = ev.multiverse(ev.load(), question, dict(measure=["SMD"], leave_out=["none"], routes=["all"]))
    >>> found.to_frame().columns[4:10].tolist()
    ['risk_of_bias', 'blinded', 'integrity', 'leave_out', 'method', 'test']
    """
    context = Context.of(db)
    require_kind("question", question, Mapping, "arguments of db.select: dict(condition=..., comparator=...)")
    asked = _read_choices(choices)
    combined = trial_sets(db, question, asked)
    sets = combined.sets
    measure, outcome = _units(asked["measure"]), _one_outcome(question)
    pooling = context.pooling
    if choices is None or "method" not in choices:
        few = pooling.bayesian(len(sets[0].yi), measure, outcome)
        asked["method"] = tuple(sorted(asked["method"], key=lambda name: (name == "Bayes") != few))
    prior = pooling.prior(measure, outcome)
    if prior is None and choices is not None and "Bayes" in choices.get("method", ()):
        raise InvalidInput(f"choice 'method': 'Bayes' needs a prior, and priors.csv has none for {measure}")
    models = _models(asked["method"], asked["test"], prior)
    group = np.repeat(np.arange(len(sets)), [len(each.yi) for each in sets])
    yi, vi = np.concatenate([each.yi for each in sets]), np.concatenate([each.vi for each in sets])
    task = partial(_pool_all, models, group, yi, vi, level)
    pooled = run_chunks(task, len(models), "multiverse", executor, progress)
    found = pd.concat(pooled, keys=range(len(models)))
    rows = list(product(range(len(sets)), range(len(models))))
    names = [(method, "posterior" if isinstance(test, HalfNormal) else test) for method, test in models]
    table = pd.DataFrame([{**sets[i].taken, "method": names[j][0], "test": names[j][1], "set": i} for i, j in rows])
    table[_FOUND] = found.reindex([(j, i) for i, j in rows]).to_numpy()
    table["note"] = [sets[i].note for i, _ in rows]
    undetermined = table["ci_low"].isna()
    table.loc[undetermined & (table["note"] == ""), "note"] = _EQUAL
    table.loc[undetermined, _FOUND] = math.nan
    table["k"] = table["k"].fillna(0).astype(int)
    estimate = table["estimate"].to_numpy(float).reshape(len(sets), len(models))
    excludes = ((table["ci_low"] > 0) | (table["ci_high"] < 0)).to_numpy(bool).reshape(estimate.shape)
    cells, places = _cells(models, asked["test"]), combined.places
    each = np.arange(places.size).reshape(*places.shape, 1, 1) * len(models) + cells
    axes = (*DATA_CHOICES, "method", "test")
    moved = moves(axes, estimate[places][..., cells], excludes[places][..., cells], each)
    return Multiverse(table, level, moved, _points(context, measure, outcome))


def _cells(models: Sequence[tuple[str, str | HalfNormal]], tests: Sequence[str]) -> NDArray[np.int64]:
    """Which model each method (row) with each test (column) is; Bayes the same with every test."""
    methods = list(dict.fromkeys(method for method, _ in models))
    places = {model: place for place, model in enumerate(models)}
    bayesian = {method: place for place, (method, test) in enumerate(models) if isinstance(test, HalfNormal)}
    return np.array([[bayesian.get(method, places.get((method, test), -1)) for test in tests] for method in methods])


def _points(context: Context, measure: str, outcome: str) -> float:
    """Points of 100 in one unit of a measure."""
    return 1.0 if measure == "MD100" else context.worthwhile.sd.get(outcome, math.nan) if measure == "SMD" else math.nan


def _units(measures: Sequence[str]) -> str:
    """The measure on whose axis all effects stand."""
    return measures[0] if len(measures) == 1 else "SMD"


def _one_outcome(question: Mapping[str, object]) -> str:
    outcome = question.get("outcome")
    return outcome if isinstance(outcome, str) else ""


def _models(
    methods: Sequence[str], tests: Sequence[str], prior: HalfNormal | None
) -> list[tuple[str, str | HalfNormal]]:
    """Methods with their tests; Bayes, where there is a prior, with that."""
    models: list[tuple[str, str | HalfNormal]] = []
    for method in methods:
        if method != "Bayes":
            models += [(method, test) for test in tests]
        elif prior is not None:
            models.append((method, prior))
    return models


def _read_choices(choices: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    asked = dict(_DEFAULTS)
    if choices is None:
        return asked
    require_kind("choices", choices, Mapping, "a mapping of choices to options: {'method': ['REML', 'DL']}")
    for choice, given in choices.items():
        if choice not in asked:
            raise InvalidInput(f"choice {choice!r} is unknown; choose among {', '.join(asked)}")
        options = tuple(option for option in each_of(given) if isinstance(option, str) and option in _KNOWN[choice])
        unknown = [option for option in each_of(given) if option not in options]
        if unknown or not options or len(set(options)) < len(options):
            what = f"{shown(unknown[0])} is unknown" if unknown else "give one or more options, each once"
            raise InvalidInput(f"choice {choice!r}: {what}; there are {', '.join(_KNOWN[choice])}")
        asked[choice] = options
    return asked


def _pool_all(
    models: Sequence[tuple[Any, Any]], group: NDArray[np.int64], yi: Floats, vi: Floats, level: float, chunk: int
) -> pd.DataFrame:
    """Every set pooled by one method and test, or prior."""
    method, test = models[chunk]
    if not isinstance(test, HalfNormal):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Incomplete)  # the note of the specification says it
            return pool_many(group, yi, vi, method, test, level)[_FOUND]
    found = bayes(yi, vi, test, level=level, by=group)
    columns = {name: found[f"mu_{source}"] for name, source in _POSTERIOR.items()}
    table = found[["k"]].assign(**columns, p_value=math.nan, tau2=found["tau_median"] ** 2)
    return table.set_axis(pd.unique(group), axis=0)[_FOUND]
