"""The next trial breaks nothing: from its forms to the tables, and through the tests that read the data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.report.new_trial import FORMS, add_trial, write_forms
from evidence.report.project import Project

TESTS = Path(__file__).parent
#: Trials whose rows the next ones take over: scores at several times against two comparators, and one score.
LIKE = {"somebody-2031": "brinkhaus-2006", "another-2031": "vas-2004"}
#: Tests that read the data and say what holds of it.
READERS = (
    *("base", "derive", "answers"),
    *(f"report/test_{page}.py" for page in ("figures", "front", "findings", "explorer", "condition_pages", "handout")),
)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, db: ev.EvidenceBase) -> Project:
    """A project with all trials and two more, which were filled into the forms."""
    root = tmp_path_factory.mktemp("grown")
    shutil.copytree(db.root, root / "data" / "raw")
    project = Project.at(root)
    for key, like in LIKE.items():
        write_forms(project, key)
        for table in FORMS:
            rows = pd.read_csv(project.raw / f"{table}.csv", dtype=str, keep_default_na=False)
            rows = rows[rows["study_id"] == like].assign(study_id=key)
            if table == "results":
                rows["result_id"] = [f"{key}-{at:02d}" for at in range(1, len(rows) + 1)]
                for name in ("mean", "estimate", "se", "ci_low", "ci_high"):  # an effect of its own
                    told = (rows["arm"] == "acu") & (rows[name] != "")
                    rows.loc[told, name] = [f"{float(number) * 0.9:.2f}" for number in rows.loc[told, name]]
            rows.to_csv(root / "new-trials" / key / f"{table}.csv", index=False)
        assert add_trial(project, key)["studies"] == 1
    return project


def test_it_enters_the_tables(grown: Project, db: ev.EvidenceBase) -> None:
    larger = ev.load(grown.raw)
    assert set(LIKE) <= set(larger.effects()["study"])
    new, old = (ev.rank_conditions(base, comparator="sham").to_frame() for base in (larger, db))
    assert new["k"].sum() == old["k"].sum() + len(LIKE)


@pytest.mark.long
def test_no_test_of_the_data_breaks(grown: Project) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--numprocesses",
        "auto",
        "--dist",
        "loadfile",
        "-p",
        "no:cacheprovider",
        "--exitfirst",
        *(str(TESTS / name) for name in READERS),
    ]
    data = {**os.environ, "EVIDENCE_DATA": str(grown.raw)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=data, cwd=TESTS.parent)
    assert done.returncode == 0, done.stdout[-3000:]
