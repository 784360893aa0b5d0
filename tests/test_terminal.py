"""What a file holds cannot command the terminal, whichever command reads it."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from evidence.cli.terminal import Terminal
from evidence.report.project import Project

Run = Callable[..., subprocess.CompletedProcess[str]]
CODES = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\u202e"


def clean(done: subprocess.CompletedProcess[str]) -> str:
    said = done.stdout + done.stderr
    assert said and not [code for code in CODES if not code.isprintable() and code in said], repr(said)
    return said


@pytest.fixture
def poisoned(few: Project) -> Project:
    """A project whose tables hold codes in cells of every kind, in a header, and in the name of a file."""
    for table, column in (("claims", "claim"), ("studies", "citation"), ("results", "outcome"), ("arms", "arm")):
        path = few.raw / f"{table}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows.loc[0, column] = f"Needles {CODES}"
        rows.to_csv(path, index=False, lineterminator="\n")
    path = few.raw / "instruments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("label", f"la{CODES[:5]}bel", 1), encoding="utf-8")
    return few


@pytest.mark.parametrize(
    "words",
    [["build"], ["report"], ["figures"], ["claims"], ["reproduce"], ["export", "metafor"],
     ["new-trial", "example-2025"], ["new-trial", "example-2025", "--check"]],
)  # fmt: skip
def test_no_command_lets_codes_of_a_data_folder_through(run: Run, poisoned: Project, words: list[str]) -> None:
    clean(run(*words, "--project", str(poisoned.root)))


def test_validate_spells_codes_out(run: Run, poisoned: Project) -> None:
    assert "\\x1b" in clean(run("validate", str(poisoned.raw)))


def test_what_validate_lets_pass_is_spelled_out_where_it_is_shown(run: Run, few: Project) -> None:
    path = few.raw / "claims.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows["claim"] = "Needles \u202e help"
    rows.to_csv(path, index=False, lineterminator="\n")
    assert "\\u202e" in clean(run("claims", "--project", str(few.root)))


@pytest.mark.parametrize("rows", [
    f"yi,vi,label\n0.1,0.2,A{CODES}\n0.4,0.1,B\n0.3,,C{CODES}\n",
    f"yi,vi,la{CODES}bel\n0.1,0.2,A\n0.4,{CODES},B\n",
    f"y{CODES}i,vi\n0.1,0.2\n",
])  # fmt: skip
def test_pool_and_screen(run: Run, tmp_path: Path, rows: str) -> None:
    file = tmp_path / "trials.csv"
    file.write_text(rows, encoding="utf-8", newline="")
    clean(run("pool", str(file), "--screen"))


def test_import(run: Run, few: Project, tmp_path: Path) -> None:
    file = tmp_path / "trial.json"
    file.write_text(json.dumps({"protocolSection": {"identificationModule": {"nctId": CODES, "briefTitle": CODES}}}))
    clean(run("import", str(file), "--project", str(few.root)))


def test_colours_of_the_product_itself_reach_a_terminal() -> None:
    said = io.StringIO()
    Terminal(file=said, force_terminal=True, color_system="standard").print("[red]a\x1b[2J")
    assert "\x1b[31ma\\x1b" in said.getvalue() and "\x1b[2J" not in said.getvalue()
