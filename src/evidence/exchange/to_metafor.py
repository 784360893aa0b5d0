"""Effects for R's metafor: ``rma(yi, vi, data = ...)``, with what ``escalc`` makes them from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..files import csv, write
from .contrasts import Contrast

COLUMNS = (
    *("study", "slab", "year", "condition", "comparator", "outcome", "time", "week", "measure", "yi", "vi"),
    *("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i", "ai", "bi", "ci", "di", "escalc", "factor", "result_ids"),
)


def to_metafor(contrasts: Sequence[Contrast]) -> pd.DataFrame:
    """One row an effect.

    Parameters
    ----------
    contrasts : sequence of Contrast
        What to write.
    """
    rows = []
    for contrast in contrasts:
        one, two = contrast.ours, contrast.theirs
        rows.append(
            {name: contrast.effect[name] for name in COLUMNS if name in contrast.effect}
            | {"slab": contrast.name, "escalc": contrast.escalc, "factor": contrast.factor}
            | {"m1i": one.mean, "sd1i": one.sd, "n1i": one.n, "m2i": two.mean, "sd2i": two.sd, "n2i": two.n}
            | {"ai": one.events, "bi": one.n - one.events, "ci": two.events, "di": two.n - two.events}
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_metafor(frame: pd.DataFrame, path: Path) -> None:
    """As ``read.csv`` expects it.

    Parameters
    ----------
    frame : DataFrame
    path : Path
    """
    write(path, csv(frame, na_rep="NA"))
