"""The walks of CONTRIBUTING.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import csv
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.report.project import Project

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
Run = Callable[..., "subprocess.CompletedProcess[str]"]
#: Heading of each walk to its text.
WALKS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, flags=re.DOTALL | re.MULTILINE))


def blocks(walk: str, language: str) -> list[tuple[str, str]]:
    """Each block of a language in a walk, with the file that the paragraph before it names ("" for none)."""
    found = []
    for block in re.finditer(rf"```{language}\n(.*?)```", WALKS[walk], flags=re.DOTALL):
        before = WALKS[walk][: block.start()].rstrip().rpartition("\n\n")[2]
        found.append(("".join(re.findall(r"`([\w/.]+\.\w+)`", before)[:1]), block.group(1)))
    return found


def append(table: Path, rows: str) -> None:
    """Put rows into a table that has more columns; the others stay empty. Rows without a key make room."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        old = [row for row in reader if len(list(filter(None, row.values()))) > 2]
    new = list(csv.DictReader(io.StringIO(rows)))
    assert new and set(new[0]) <= set(names)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*old, *new])


def run_example(walk: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ((_, example),) = blocks(walk, "pycon")
    test = doctest.DocTestParser().get_doctest(example, {}, walk, "CONTRIBUTING.md", 0)
    said: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert tried > 2 and not failed, "".join(said)


def change(file: Path, diff: str) -> None:
    """Replace the lines of a diff that are there (" " and "-") by those that should be (" " and "+")."""
    lines = diff.splitlines()
    there, wanted = ("".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +"))
    text = file.read_text(encoding="utf-8")
    assert text.count(there) == 1, (file, there)
    file.write_text(text.replace(there, wanted), encoding="utf-8")


def follow(walk: str, folder: Path, *tests: str) -> None:
    """Make the changes of a walk in a copy of the package; run its example, and tests of its kind, with that copy."""
    shutil.copytree(
        ROOT / "src" / "evidence", folder / "src" / "evidence", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name, text in blocks(walk, "python"):
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    for name, diff in blocks(walk, "diff"):
        change(folder / name, diff)
    ((_, example),) = blocks(walk, "pycon")
    (folder / "example.txt").write_text(example, encoding="utf-8")
    code = "import doctest, sys; sys.exit(doctest.testfile('example.txt', module_relative=False).failed)"
    there = {"PYTHONPATH": str(folder / "src"), "NUMBA_DISABLE_JIT": "1", "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | there, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy(ROOT / "pyproject.toml", folder)
    for test in tests:
        file = test.partition("::")[0]
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    asked = [sys.executable, "-m", "pytest", "--basetemp", str(folder / "scratch"), *tests]
    done = subprocess.run(asked, cwd=folder, env=os.environ | there, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_trial(few: Project, db_of_few: ev.EvidenceBase, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project, raw, db = few.root, few.raw, db_of_few

    def obey(command: str) -> None:
        program, *words = command.split()
        done = run(*words, at=project)
        assert program == "evidence" and done.returncode == 0, done.stderr

    make, check, add, report = "".join(text for _, text in blocks("A trial", "sh")).splitlines()
    obey(make)
    forms = project / "new-trials" / "example-2025"
    filled = dict(blocks("A trial", "csv"))
    assert filled.keys() | {"risk_of_bias.csv", "example-2025.xlsx"} <= {path.name for path in forms.iterdir()}
    for name, rows in filled.items():
        append(forms / name, rows)
    obey(check)
    assert "example-2025" not in (raw / "studies.csv").read_text(encoding="utf-8")
    obey(add)
    assert report == "evidence report"  # its steps are tested on their own: here what it makes of the tables
    run_example("A trial", project, monkeypatch)

    grown = ev.load(raw)
    assert set(grown.studies["study_id"]) - set(db.studies["study_id"]) == {"example-2025"}
    mine = grown.effects("SMD").set_index("study").loc["example-2025"]
    by_hand = ev.effect_size("SMD", m1=44, sd1=22, n1=39, m2=32, sd2=20, n2=40)
    assert mine["yi"] == pytest.approx(by_hand.loc[0, "yi"]) and mine["vi"] == pytest.approx(by_hand.loc[0, "vi"])
    others = grown.effects("SMD").query("study != 'example-2025'").reset_index(drop=True)
    pd.testing.assert_frame_equal(others, db.effects("SMD"))
    assert "example-2025" not in set(grown.excluded()["study"])

    pool = ev.pooled_table(grown.effects("SMD"), grown).query(
        "condition == 'spinal_stenosis' and comparator == 'sham' and outcome == 'pain' and time == 'short'"
    )
    assert "example-2025" in pool["trials"].item() and pool["k"].item() == (
        len(db.select(condition="spinal_stenosis", comparator="sham", outcome="pain", time="short").effects()) + 1
    )


def test_a_claim(few: Project, db_of_few: ev.EvidenceBase, monkeypatch: pytest.MonkeyPatch) -> None:
    project, raw, db = few.root, few.raw, db_of_few
    ((name, row),) = blocks("A claim", "csv")
    append(project / name, row)
    run_example("A claim", project, monkeypatch)
    judged = ev.claims(ev.load(raw)).to_frame()
    assert len(judged) == len(db.claims) + 1 and judged["claim_id"].is_unique
    before = ev.claims(db).to_frame()[["claim_id", "verdict", "sentence"]]
    pd.testing.assert_frame_equal(judged[["claim_id", "verdict", "sentence"]].iloc[:-1], before)


def test_an_estimator(tmp_path: Path) -> None:
    follow("An estimator", tmp_path, "tests/models/test_estimators.py")


def test_a_figure(tmp_path: Path) -> None:
    documented = "tests/test_docstrings.py::test_every_public_name_is_documented[plots]"
    follow("A figure", tmp_path, "tests/plots/test_options.py", documented)
