"""The checks on a frame of anyone's trials, one a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...errors import InvalidInput
from ...integrity.effect_outlier import effect_outlier
from ...integrity.grim import grim
from ...integrity.grimmer import grimmer
from ...integrity.interval_symmetric import interval_symmetric
from ...integrity.p_recomputed import p_recomputed
from ...integrity.reference import LIMIT
from ...integrity.same_numbers import same_numbers
from ...integrity.sd_plausible import sd_plausible
from ...integrity.se_as_sd import se_as_sd
from .estimates import APART, OFF_MIDDLE
from .finding import SERIOUS, SLIGHT, Columns, findings, together, weighed
from .scores import LARGEST

_ARMS = {"1": ("m1", "sd1", "n1"), "2": ("m2", "sd2", "n2")}
_LABELS = ("label", "study", "trial", "author")


def own_findings(trials: pd.DataFrame) -> pd.DataFrame:
    """Findings of every check that the columns allow.

    Parameters
    ----------
    trials : DataFrame
        As for `screen`.

    Returns
    -------
    DataFrame
        ``study, check, item`` ("arm 1", "arm 2", "effect"), ``printed, passes, number, rule, severity``.

    Raises
    ------
    InvalidInput
        No columns that a check could read.
    """
    label = next((name for name in _LABELS if name in trials), None)
    names = [f"row {at}" for at in range(len(trials))] if label is None else trials[label].astype(str).tolist()
    frame = _as_printed(trials).reset_index(drop=True).assign(study_id=names)
    arms = _arms(frame) if all(set(columns) <= set(frame) for columns in _ARMS.values()) else None
    parts = [] if arms is None else list(_of_arms(arms))
    parts += list(_of_effects(frame))
    if not parts:
        columns = ", ".join(map(str, trials.columns))
        raise InvalidInput(f"trials has the columns {columns}; screening needs yi with vi, or m1 sd1 n1 m2 sd2 n2")
    return together(parts)


def _as_printed(trials: pd.DataFrame) -> pd.DataFrame:
    """Numbers that `read_trials` read, in the words of their file where they are still the same numbers."""
    texts = trials.attrs.get("printed", {})
    columns = {}
    for name in trials.columns.intersection(list(texts)):
        printed = pd.Series(texts[name]).reindex(trials.index)
        if (pd.to_numeric(printed, errors="coerce") == pd.to_numeric(trials[name], errors="coerce")).all():
            columns[name] = printed
    return trials.assign(**columns)


def _arms(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an arm: its numbers, the ends of the scale, and how far the arms stand apart in their own SDs."""
    m1, sd1, n1, m2, sd2, n2 = (
        pd.to_numeric(frame[name], errors="coerce") for names in _ARMS.values() for name in names
    )
    pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))
    parts = []
    for arm, (mean, sd, n) in _ARMS.items():
        optional = {name: frame.get(name, np.nan) for name in ("low", "high", "items")}
        part = frame[["study_id", mean, sd, n]].set_axis(["study_id", "mean", "sd", "n"], axis=1)
        text = "mean " + part["mean"].astype(str) + ", SD " + part["sd"].astype(str) + ", n " + part["n"].astype(str)
        part = part.assign(**optional, result_id=f"arm {arm}", text=text, effect=(m1 - m2).abs() / pooled)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _of_arms(arms: pd.DataFrame) -> Iterator[tuple[str, Columns]]:
    mean, sd, n = arms["mean"], arms["sd"], arms["n"]
    reference = pd.to_numeric(sd, errors="coerce").dropna()
    large = arms["effect"] > LARGEST
    whole = arms[pd.to_numeric(arms["items"], errors="coerce").notna()]
    if len(whole):
        found = grim(mean=whole["mean"], n=whole["n"], items=whole["items"])
        yield "grim", findings(whole, found)
        found = grimmer(mean=whole["mean"], sd=whole["sd"], n=whole["n"], items=whole["items"])
        yield "grimmer", findings(whole, found)
    found = sd_plausible(mean=mean, sd=sd, n=n, low=arms["low"], high=arms["high"], reference=reference)
    beyond = pd.to_numeric(sd, errors="coerce") > found["most"]
    tiny = (found["z"] < -LIMIT) & large
    yield "sd_plausible", findings(arms, found, weighed((beyond | tiny, SERIOUS)))
    found = se_as_sd(sd=sd, n=n, reference=reference)
    yield "se_as_sd", findings(arms, found, weighed((large, SERIOUS)))
    found = same_numbers(mean=mean, sd=sd, n=n, study=arms["study_id"], arm=arms["result_id"])
    yield "same_numbers", findings(arms, found)


def _of_effects(frame: pd.DataFrame) -> Iterator[tuple[str, Columns]]:
    rows = frame.assign(result_id="effect")
    if {"yi", "vi"} <= set(frame):
        found = effect_outlier(frame, slab="study_id")
        text = [f"effect {yi:.2f}" for yi in found["number"]]
        near = ~(found["residual"].abs() > APART)
        yield "effect_outlier", findings(rows.assign(text=text), found, weighed((near, SLIGHT)))
    if {"yi", "ci_low", "ci_high"} <= set(frame):
        yi, low, high = (frame[name] for name in ("yi", "ci_low", "ci_high"))
        rows = rows.assign(text="estimate " + yi.astype(str) + ", " + low.astype(str) + " to " + high.astype(str))
        found = interval_symmetric(estimate=yi, ci_low=low, ci_high=high)
        near = (found["number"] - 0.5).abs() < OFF_MIDDLE
        yield "interval_symmetric", findings(rows, found, weighed((near, SLIGHT)))
        if "p" in frame:
            found = p_recomputed(estimate=yi, ci_low=low, ci_high=high, p=frame["p"])
            decides = found["severity"] == "decision"
            rows = rows.assign(text=rows["text"] + ", p " + frame["p"].astype(str))
            yield "p_recomputed", findings(rows, found, weighed((decides, SERIOUS), (~decides, SLIGHT)))
