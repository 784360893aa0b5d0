"""The sets of trials that a question can be answered from: one for each way to choose and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...derive.evidence_base import EvidenceBase
from ...derive.routes.registry import route_names
from ...errors import InvalidInput, NotEstimable
from ...models.engine.engine import Floats
from ...models.univariate.pool import pool
from ...sensitivity.influence import influence
from ...sensitivity.one_per_trial import one_per_trial
from ...sensitivity.poolings import not_outlying
from ..context import Context

#: Choices that decide which numbers are pooled, in this order; the first option of each is the headline's.
DATA_CHOICES = ("measure", "routes", "confidence", "directness", "risk_of_bias", "blinded", "integrity", "leave_out")
# Those of them that keep rows of one effects frame.
_FILTERS = ("routes", "directness", "risk_of_bias", "blinded", "integrity")
# How close to printed scores a route stays; a trial has one of a later family only where it has none of an earlier.
_FAMILIES = route_names()
_ROUTES = {
    "all": (*_FAMILIES["scores"], *_FAMILIES["p values"], *_FAMILIES["counts"]),
    "scores and p values": (*_FAMILIES["scores"], *_FAMILIES["p values"]),
    "scores": _FAMILIES["scores"],
}
#: Options of each data choice but ``measure``.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "routes": tuple(_ROUTES),
    "confidence": ("all", "high"),
    "directness": ("all", "direct"),
    "risk_of_bias": ("all", "not high", "low"),
    "blinded": ("all", "yes"),
    "integrity": ("no serious concern", "all"),
    "leave_out": ("none", "outliers", "influential"),
}
_RHO = 0.6  # of several effects of one trial, as everywhere (Pustejovsky & Tipton 2022)
_FEWEST = 3  # trials among which one can stand out


@dataclass(frozen=True, eq=False)
class TrialSet:
    """The effects of the trials that a combination of options takes, or why there is nothing to pool.

    Attributes
    ----------
    taken : dict
        Each data choice to its option; the first combination that gives these numbers.
    yi : (k,) array
        Effects, one a trial; empty where there is nothing to pool.
    vi : (k,) array
        Their sampling variances.
    note : str
        Why there is nothing to pool, else "".
    """

    taken: dict[str, str]
    yi: Floats
    vi: Floats
    note: str


@dataclass(frozen=True, eq=False)
class TrialSets:
    """What all combinations of the data choices come to.

    Attributes
    ----------
    sets : list of TrialSet
        Every different one, the headline's first.
    places : array of int
        An axis for each of `DATA_CHOICES`, in their order, as long as it has options: where in ``sets`` each
        combination is found.
    """

    sets: list[TrialSet]
    places: NDArray[np.int64]


def trial_sets(db: EvidenceBase, question: Mapping[str, object], options: Mapping[str, Sequence[str]]) -> TrialSets:
    """Every different set of trials that the combinations of the data choices give.

    Parameters
    ----------
    question : arguments of ``db.select``
    options : each of `DATA_CHOICES` to its options

    Raises
    ------
    NotEstimable
        No set has two trials.
    """
    frames = _effects(db, question, options["measure"], options["confidence"])
    masks = {
        (name, choice, option): _kept(frame, choice, option)
        for name, frame in frames.items()
        for choice in _FILTERS
        for option in options[choice]
    }
    pooled: dict[tuple[Any, bytes], tuple[Floats, Floats]] = {}  # combinations that keep the same rows share their mean
    left: dict[tuple[bytes, bytes, str], tuple[Floats, Floats, str]] = {}
    found: dict[tuple[bytes, bytes, str], int] = {}
    sets: list[TrialSet] = []
    places = []
    for combination in product(*(options[choice] for choice in DATA_CHOICES)):
        taken = dict(zip(DATA_CHOICES, combination, strict=True))
        name = taken["measure"], taken["confidence"]
        keep = np.logical_and.reduce([masks[name, choice, taken[choice]] for choice in _FILTERS])
        if (rows := (name, keep.tobytes())) not in pooled:
            once = one_per_trial(frames[name].loc[keep, ["study", "yi", "vi"]], _RHO)
            pooled[rows] = once["yi"].to_numpy(float), once["vi"].to_numpy(float)
        yi, vi = pooled[rows]
        if (asked := (yi.tobytes(), vi.tobytes(), taken["leave_out"])) not in left:
            left[asked] = _leave_out(yi, vi, taken["leave_out"])
        yi, vi, note = left[asked]
        place = found.setdefault((yi.tobytes(), vi.tobytes(), note), len(sets))
        if place == len(sets):
            sets.append(TrialSet(taken, yi, vi, note))
        places.append(place)
    if all(each.note for each in sets):
        raise NotEstimable(f"no specification has two trials to pool; the headline: {sets[0].note}")
    return TrialSets(sets, np.reshape(places, [len(options[choice]) for choice in DATA_CHOICES]))


def _effects(
    db: EvidenceBase, question: Mapping[str, object], measures: Sequence[str], confidences: Sequence[str]
) -> dict[tuple[str, str], pd.DataFrame]:
    """Effects by measure and confidence; points divided by their SD where they stand beside SMDs."""
    in_sd = {"SMD", "MD100"} <= set(measures)
    if len(measures) > 1 and set(measures) != {"SMD", "MD100"}:
        raise InvalidInput(f"measure={list(measures)}: only SMD and MD100 can stand on one axis")
    spread = Context.of(db).worthwhile.reference["sd"] if in_sd else None
    found = {}
    for confidence in confidences:
        base = db.select(**question, **({"min_confidence": "high"} if confidence == "high" else {}))  # type: ignore[arg-type]
        for measure in measures:
            frame = base.effects(measure)
            if confidence == "high":  # doubt can come from the derivation too
                frame = frame[frame["confidence"] == "high"]
            if measure == "MD100" and spread is not None:
                sd = frame["outcome"].map(spread).to_numpy(float)
                frame = frame.assign(yi=frame["yi"] / sd, vi=frame["vi"] / sd**2).dropna(subset=["yi"])
            found[measure, confidence] = frame
    return found


def _kept(frame: pd.DataFrame, choice: str, option: str) -> NDArray[np.bool_]:
    if option == "all":
        return np.ones(len(frame), dtype=bool)
    if choice == "integrity":
        return frame["integrity"].ne("serious").to_numpy(bool)
    if choice == "routes":
        return frame["route"].isin(_ROUTES[option]).to_numpy(bool)
    if choice == "risk_of_bias" and option == "not high":
        return frame["risk_of_bias"].ne("high").to_numpy(bool)
    column = {"blinded": "participants_blinded"}.get(choice, choice)
    return frame[column].eq(option).to_numpy(bool)


def _leave_out(yi: Floats, vi: Floats, option: str) -> tuple[Floats, Floats, str]:
    """Trials without those that ``leave_out`` takes from the REML pool of all, and why there is nothing to pool."""
    k, note = len(yi), ""
    if k < 2:
        note = "one trial: nothing to pool" if k else "no trial left"
    elif option != "none" and k < _FEWEST:
        note = "two trials: neither stands out from the other"
    elif option != "none":
        fit = pool(yi, vi)
        keep = not_outlying(fit) if option == "outliers" else ~influence(fit).influential.to_numpy(bool)
        yi, vi = yi[keep], vi[keep]
        note = "" if len(yi) > 1 else "fewer than two trials would stay"
    return yi[:0] if note else yi, vi[:0] if note else vi, note
