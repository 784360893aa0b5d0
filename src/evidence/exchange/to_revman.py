"""Effects as RevMan's study results: the CSV that RevMan Web imports as study data.

A row is an arm with its mean or its count; or, where no statistics of the arms give the effect, a contrast of an arm
with a reference arm. The columns are those of RevMan's template "Study results"; its calculator fields stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..files import csv, write
from .contrasts import Contrast, Side

_OTHER = ("mean", "SE", "variance", "CI level", "CI start", "CI end", "exp mean", "exp CI start", "exp CI end")
COLUMNS = (
    *("Study", "Outcome", "Data type", "Effect measure", "Arm", "Reference arm", "Sample size", "Cases"),
    *("Mean", "SD", "SE", "Variance", "CI level", "CI start", "CI end", "Exp mean", "Exp CI start", "Exp CI end"),
    *("t-test", "z-test", "P value", "Covariance method", "Covariance", "Other arm 1", "Other arm 2"),
    *("Correlation arm 1", "Correlation arm 2", "Correlation"),
    *(f"Other {name}" for name in (*_OTHER, "t-test", "z-test", "P value")),
    "Footnotes",
)
_MEASURES = {"MD100": "MD"}
_RATIOS = ("RR", "OR", "ROM")
_Z = 1.959963984540054


def to_revman(contrasts: Sequence[Contrast]) -> pd.DataFrame:
    """One row an arm or contrast; an arm that enters several contrasts with the same result stands once.

    Parameters
    ----------
    contrasts : sequence of Contrast
        What to write.
    """
    frame = pd.DataFrame([row for contrast in contrasts for row in _rows(contrast)], columns=list(COLUMNS))
    numbers = ["Sample size", "Cases"]
    return (
        frame.astype(dict.fromkeys(numbers, float))
        .astype(dict.fromkeys(numbers, "Int64"))
        .drop_duplicates(ignore_index=True)
    )


def write_revman(frame: pd.DataFrame, path: Path) -> None:
    """As RevMan reads it: commas, empty cells where nothing is known.

    Parameters
    ----------
    frame : DataFrame
    path : Path
    """
    write(path, csv(frame))


def _rows(contrast: Contrast) -> Iterator[dict[str, Any]]:
    effect = contrast.effect
    counted = contrast.basis == "counts" or effect["measure"] in ("RR", "OR", "RD")
    window = f" ({effect['time']})" if effect["time"] != "unstated" else ""
    shared = {
        "Study": contrast.name,
        "Outcome": f"{effect['measured']}{window}",
        "Data type": "Dichotomous" if counted else "Continuous",
    }
    if contrast.basis == "effect":
        yield shared | _contrast(contrast)
        return
    for side in (contrast.ours, contrast.theirs):
        numbers = {"Cases": side.events} if counted else {"Mean": side.mean, "SD": side.sd}
        yield shared | {"Arm": _name(side), "Sample size": side.n, "Footnotes": "|".join(side.ids)} | numbers


def _contrast(contrast: Contrast) -> dict[str, Any]:
    effect, estimate, se = contrast.effect, contrast.estimate, contrast.se
    low, high = estimate - _Z * se, estimate + _Z * se
    ratio = effect["measure"] in _RATIOS
    expanded = {"Exp mean": math.exp(estimate), "Exp CI start": math.exp(low), "Exp CI end": math.exp(high)}
    return {
        "Effect measure": _MEASURES.get(effect["measure"], effect["measure"]),
        "Arm": _name(contrast.ours),
        "Reference arm": _name(contrast.theirs),
        "Mean": estimate,
        "SE": se,
        "CI level": 95,
        **(expanded if ratio else {"CI start": low, "CI end": high}),
        "Footnotes": effect["result_ids"],
    }


def _name(side: Side) -> str:
    return " + ".join(side.arms)
