"""Make ``data/processed`` from ``data/raw``."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pandas as pd

from .. import __version__
from ..answers.pooling import ENOUGH
from ..answers.pools import REPORTED
from ..answers.results import Results
from ..base.collector import collector_paused
from ..derive.evidence_base import load
from ..files import csv, write_folder
from .project import Project

SETTINGS: dict[str, object] = {
    "tau2": "REML",
    "test": "hksj-adhoc",
    "level": 0.95,
    f"fewer than {ENOUGH} trials": "Bayesian, priors.csv",
    "prediction": "Bayesian, priors.csv",
}
RANKED_TIME = "short"
_PACKAGES = ("numpy", "pandas", "scipy")
_DIGITS = "%.10g"

Progress = Callable[[str], None]


def processed_tables(results: Results, progress: Progress = lambda _: None) -> dict[str, pd.DataFrame]:
    """The tables of ``data/processed``, by file name without ending.

    Parameters
    ----------
    results : Results
        Of the whole base.
    progress : callable
        Called with a few words before each step.
    """
    progress("effect sizes")
    effects = results.all_effects
    progress("pooled results")
    pooled = results.pooled
    progress("ranking of the conditions")
    rankings = [
        results.ranking(comparator, outcome, RANKED_TIME).to_frame()
        for outcome in results.words.critical
        for comparator in ranked_comparators(results)
    ]
    progress("certainty of every pool")
    certainty = results.certainty
    progress("verdicts on the claims")
    claims = results.claims.to_frame()
    progress("what was left out, and why")
    return {
        "effects": effects,
        "pooled": pooled,
        "ranking": pd.concat(rankings, ignore_index=True),
        "certainty": certainty,
        "claims": claims,
        "excluded": results.excluded,
        "integrity": results.integrity.flagged(),
        "reference_sd": results.context.worthwhile.reference.reset_index(),
    }


def ranked_comparators(results: Results) -> list[str]:
    """What acupuncture is compared with in rankings: all but other forms of itself."""
    return [name for name in results.words.comparators if name != "acupuncture"]


def build(project: Project, progress: Progress = lambda _: None, results: Results | None = None) -> dict[str, bytes]:
    """Check the raw data, make every processed table and write them together.

    Parameters
    ----------
    project : Project
        Its ``data/raw`` is read, its ``data/processed`` written.
    progress : callable
        Called with a few words before each step.
    results : Results, optional
        Of the project's data, when they are known already.

    Returns
    -------
    dict of bytes
        What was written, by file name.

    Raises
    ------
    InvalidData
        With every problem of the raw data; the old processed files stay as they were.
    """
    files = rebuilt(project, progress, results)
    write_folder(project.processed, files)
    return files


@collector_paused()
def rebuilt(project: Project, progress: Progress = lambda _: None, results: Results | None = None) -> dict[str, bytes]:
    """What `build` would write, by file name.

    Parameters
    ----------
    project : Project
        Its ``data/raw`` is read.
    progress : callable
        Called with a few words before each step.
    results : Results, optional
        Of the project's data, when they are known already.
    """
    if results is None:
        progress("raw tables")
        results = Results(load(project.raw))
    tables = processed_tables(results, progress)
    files = {f"{name}.csv": csv(frame, float_format=_DIGITS) for name, frame in tables.items()}
    files["manifest.json"] = _manifest(project.raw, files, results)
    return files


def _manifest(raw: Path, files: dict[str, bytes], results: Results) -> bytes:
    sources = [path for path in sorted(raw.iterdir()) if path.suffix in (".csv", ".json")]
    manifest = {
        "raw": {path.name: sha256(path.read_bytes()).hexdigest() for path in sources},
        "processed": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
        "settings": {
            **SETTINGS,
            "measures": REPORTED,
            "ranked": {
                "conditions": results.words.headline,
                "outcomes": results.words.critical,
                "comparators": ranked_comparators(results),
                "time": RANKED_TIME,
            },
        },
        "versions": {
            "python": python_version(),
            "acupuncture-evidence": __version__,
            **{name: version(name) for name in _PACKAGES},
        },
    }
    return (json.dumps(manifest, indent=1) + "\n").encode()
