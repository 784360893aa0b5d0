"""Do the committed results follow from the raw data?"""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from .build import rebuilt
from .project import Project

#: Relative difference below which two numbers are the same (other machines round the last digits differently).
TOLERANCE = 1e-6
_KEYS = {
    "effects.csv": ["measure", "study", "comparator", "outcome", "time"],
    "pooled.csv": ["measure", "condition", "comparator", "outcome", "time"],
    "ranking.csv": ["comparator", "outcome", "condition"],
    "certainty.csv": ["measure", "condition", "comparator", "outcome", "time"],
    "claims.csv": ["claim_id"],
    "excluded.csv": ["study", "item", "measure", "reason"],
    "integrity.csv": ["study", "check", "item"],
    "reference_sd.csv": ["outcome"],
}


def differences(project: Project, progress: Callable[[str], None] = lambda _: None) -> pd.DataFrame:
    """Rebuild the processed tables and compare them with those on disk.

    Parameters
    ----------
    project : Project
        Nothing in it is written.
    progress : callable
        Called with a few words before each step.

    Returns
    -------
    DataFrame
        One row per difference: ``file, row, column, committed, rebuilt``. Empty when all repeats. Numbers differ when
        they are further apart than `TOLERANCE`, relative to the larger.
    """
    new = rebuilt(project, progress)
    progress("comparison")
    found: list[tuple[str, str, str, str, str]] = []
    for name, content in new.items():
        path = project.processed / name
        if not path.is_file():
            found.append((name, "", "", "missing", "made"))
        elif name == "manifest.json":
            found += _raw_changes(path.read_bytes(), content)
        else:
            found += _table_changes(name, path.read_bytes(), content)
    stray = {path.name for path in project.processed.iterdir()} - new.keys() if project.processed.is_dir() else set()
    found += [(name, "", "", "there", "not made by the build") for name in sorted(stray)]
    return pd.DataFrame(found, columns=["file", "row", "column", "committed", "rebuilt"])


def _raw_changes(old: bytes, new: bytes) -> list[tuple[str, str, str, str, str]]:
    try:
        before, after = json.loads(old)["raw"], json.loads(new)["raw"]
    except (ValueError, KeyError):
        return [("manifest.json", "", "", "not readable", "made")]
    return [
        ("manifest.json", f"data/raw/{name}", "sha256", before.get(name, "absent")[:12], after.get(name, "absent")[:12])
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _table_changes(name: str, old: bytes, new: bytes) -> list[tuple[str, str, str, str, str]]:
    if old == new:
        return []
    try:
        before, after = (_read(content, name) for content in (old, new))
    except (ValueError, KeyError) as error:
        return [(name, "", "", f"not readable: {error}", "made")]
    found = [(name, row, "", "absent", "present") for row in after.index.difference(before.index)]
    found += [(name, row, "", "present", "absent") for row in before.index.difference(after.index)]
    found += [(name, "", column, "absent", "present") for column in after.columns.difference(before.columns)]
    found += [(name, "", column, "present", "absent") for column in before.columns.difference(after.columns)]
    rows = before.index.intersection(after.index)
    for column in before.columns.intersection(after.columns):
        one, two = before.loc[rows, column], after.loc[rows, column]
        moved = one.to_numpy() != two.to_numpy()
        old_numbers, new_numbers = (pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float) for cells in (one, two))
        close = np.isclose(old_numbers, new_numbers, rtol=TOLERANCE, atol=1e-12)
        found += [(name, row, str(column), one[row], two[row]) for row in rows[moved & ~close]]
    return found


def _read(content: bytes, name: str) -> pd.DataFrame:
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    keys = frame[_KEYS[name]].agg(" / ".join, axis=1)
    return frame.set_index(keys + keys.groupby(keys).cumcount().map(lambda again: f" ({again + 1})" if again else ""))
