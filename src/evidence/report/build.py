"""Make ``data/processed`` from ``data/raw``."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pandas as pd

from ..answers.claims.claims import claims
from ..answers.grade.table import certainty_table
from ..answers.pooled_table import pooled_table
from ..answers.ranking import rank_conditions
from ..answers.results import Results
from ..answers.wording.words import COMPARATORS, FIVE
from ..derive.evidence_base import load
from ..derive.points import typical_sd
from .project import Project, write_all

MEASURES = ("SMD", "MD100", "RR")
SETTINGS: dict[str, object] = {"tau2": "REML", "test": "hksj-adhoc", "level": 0.95, "prediction": "t, k - 1 df"}
#: What is ranked: each outcome against each comparator, in one window.
RANKED_OUTCOMES, RANKED_TIME = ("pain", "disability"), "short"
RANKED_COMPARATORS = tuple(name for name in COMPARATORS if name != "acupuncture")
_PACKAGES = ("acupuncture-evidence", "numpy", "pandas", "scipy")
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
    db = results.db
    progress("effect sizes")
    effects = pd.concat([db.effects(measure) for measure in MEASURES], ignore_index=True)
    progress("pooled results")
    typical = typical_sd(db)
    pooled = pooled_table(effects, typical)
    progress("ranking of the conditions")
    ranking = pd.concat(
        [
            rank_conditions(db, comparator=comparator, outcome=outcome, time=RANKED_TIME)
            for outcome in RANKED_OUTCOMES
            for comparator in RANKED_COMPARATORS
        ],
        ignore_index=True,
    )
    progress("certainty of every pool")
    certainty = certainty_table(db)
    progress("verdicts on the claims")
    judged = claims(db)
    progress("what was left out, and why")
    return {
        "effects": effects,
        "pooled": pooled,
        "ranking": ranking,
        "certainty": certainty,
        "claims": judged,
        "excluded": db.excluded(),
        "typical_sd": typical.reset_index(),
    }


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
    write_all(project.processed, files)
    return files


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
    files = {
        f"{name}.csv": frame.to_csv(index=False, float_format=_DIGITS, lineterminator="\n").encode()
        for name, frame in tables.items()
    }
    files["manifest.json"] = _manifest(project.raw, files)
    return files


def _manifest(raw: Path, files: dict[str, bytes]) -> bytes:
    sources = [path for path in sorted(raw.iterdir()) if path.suffix in (".csv", ".json")]
    manifest = {
        "raw": {path.name: sha256(path.read_bytes()).hexdigest() for path in sources},
        "processed": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
        "settings": {
            **SETTINGS,
            "measures": MEASURES,
            "ranked": {
                "conditions": FIVE,
                "outcomes": RANKED_OUTCOMES,
                "comparators": RANKED_COMPARATORS,
                "time": RANKED_TIME,
            },
        },
        "versions": {"python": python_version(), **{name: version(name) for name in _PACKAGES}},
    }
    return (json.dumps(manifest, indent=1) + "\n").encode()
