"""Numbers that cannot be: off the scale that they stand on, or beyond what any trial has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from .keys import Break, Tables

#: No trial has more, so that a slip of the keyboard is seen: ten years, a hundred thousand units, ...
_MOST: Mapping[str, Mapping[str, float]] = {
    "results": {
        "n": 20_000,
        "events": 20_000,
        "week": 520,
        "sd": 10_000,
        "se": 10_000,
        **dict.fromkeys(("mean", "median", "q1", "q3", "ci_low", "ci_high", "estimate"), 100_000),
    },
    "arms": {"n_randomised": 20_000, "sessions": 500, "weeks": 520, "sessions_per_week": 50},
    "studies": {"n_randomised": 20_000, "n_centres": 2_000},
}
#: Of a person's life, by unit.
_LONGEST: Mapping[str, float] = {"years": 100, "months": 1_200, "weeks": 5_200, "days": 36_500}
#: Another unit of an instrument (mm for cm, % of baseline) makes numbers larger, but not by more than this.
_ANOTHER_UNIT = 10


def broken_limits(tables: Tables) -> Iterator[Break]:
    """Rows with numbers that cannot be.

    Parameters
    ----------
    tables : dict of DataFrame
        Typed tables by name; those that could not be read are absent.
    """
    for table in _MOST.keys() & tables.keys():
        for column, most in _MOST[table].items():
            size = tables[table][column].abs().to_numpy()
            yield Break(table, column, size > most, f"must not be beyond {most:g}: no trial has that")
    if "symptom_duration" in tables:
        duration = tables["symptom_duration"]
        longest = duration["unit"].map(_LONGEST).fillna(100)  # percentages
        yield Break("symptom_duration", "value", (duration["value"] > longest).to_numpy(), "is longer than a life")
    if "results" in tables:
        yield from _off_scale(tables["results"])
        if "instruments" in tables:
            yield from _off_instrument(tables["results"], tables["instruments"])


def _off_scale(table: pd.DataFrame) -> Iterator[Break]:
    r = {str(name): table[name].to_numpy() for name in table}
    low, high = r["scale_min"], r["scale_max"]
    width = high - low
    arm, statistic = r["kind"] == "arm", r["statistic"]
    level = arm & np.isin(statistic, ["final", "baseline", "median_final"])
    change = arm & np.isin(statistic, ["change", "median_change"])
    apart = (r["kind"] == "contrast") & np.array(["difference" in word for word in statistic], dtype=bool)
    for column in ("mean", "median"):
        yield broken(column, level & ((r[column] < low) | (r[column] > high)), "must lie on the scale")
        yield broken(column, change & (np.abs(r[column]) > width), "must not be a larger change than the scale allows")
    yield broken("estimate", apart & (np.abs(r["estimate"]) > width), "must not be a larger difference than the scale")
    # half of the people at one end, half at the other; changes have twice the room
    n = np.fmax(r["n"], 2)
    widest = width / 2 * np.sqrt(n / (n - 1)) * np.where(change, 2, 1)
    rule = "must not be above what people at both ends of the scale would have"
    yield broken("sd", arm & (r["sd"] > widest * (1 + 1e-9)), rule)


def _off_instrument(table: pd.DataFrame, instruments: pd.DataFrame) -> Iterator[Break]:
    r = {str(name): table[name].to_numpy() for name in table}
    known = dict(zip(instruments["instrument_id"], instruments.index, strict=True))
    ends = instruments[["unit", "scale_min", "scale_max"]].reindex([known.get(key, -1) for key in r["instrument_id"]])
    unit = np.where(r["unit"] == ends["unit"].to_numpy(), 1, _ANOTHER_UNIT)
    farthest = ends[["scale_min", "scale_max"]].abs().to_numpy().max(axis=1) * unit
    bare = (r["kind"] == "arm") & np.isnan(r["scale_max"])
    for column in ("mean", "median", "sd"):
        far = bare & (np.abs(r[column]) > farthest)
        yield broken(column, far, "must not be beyond the scale of its instrument (instruments.csv) in any unit")


def broken(column: str, rows: np.ndarray, rule: str) -> Break:
    """Rows of results.csv that break a rule."""
    return Break("results", column, rows, rule)
