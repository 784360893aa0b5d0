"""The command as a user meets it: in a process of its own, with exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*words: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from evidence.cli import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=at, check=False)


@pytest.mark.parametrize("command", ["build", "report", "figures", "validate", "claims", "explore", "reproduce"])
def test_every_command_has_help(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout


def test_a_data_error_exits_1_with_the_list_of_problems(raw: Path) -> None:
    path = raw / "results.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",-28.7,30.3,", ",-28.7,-30.3,", 1), encoding="utf-8")
    for words in (("validate", str(raw)), ("build", "--project", str(raw.parents[1]))):
        done = run(*words)
        assert done.returncode == 1
        assert "results.csv, line " in done.stderr and "column sd: '-30.3': must be above 0" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (raw.parent / "processed").exists()


def test_good_data_exit_0(raw: Path) -> None:
    assert run("validate", str(raw)).returncode == 0


def test_reproduce_shows_what_moved(raw: Path) -> None:
    project = raw.parents[1]
    assert run("build", "--project", str(project)).returncode == 0
    assert run("reproduce", "--check", "--project", str(project)).returncode == 0
    pooled = raw.parent / "processed" / "pooled.csv"
    header, first, *rest = pooled.read_text().split("\n")
    cells = first.split(",")
    cells[header.split(",").index("estimate")] = "9.876"
    pooled.write_text("\n".join([header, ",".join(cells), *rest]))
    done = run("reproduce", "--check", "--project", str(project))
    assert done.returncode == 1 and "9.876" in done.stdout and "pooled.csv" in done.stdout
    assert "9.876" in pooled.read_text(), "a check writes nothing"


def test_a_wrong_call_exits_2(tmp_path: Path) -> None:
    assert run("no-such-command").returncode == 2
    done = run("build", "--project", str(tmp_path))
    assert done.returncode == 2 and "has no data/raw" in done.stderr and "Traceback" not in done.stderr


def test_explore_opens_jupyterlab_and_passes_its_options_on(raw: Path) -> None:
    project = raw.parents[1]
    done = run("explore", "--project", str(project))
    assert done.returncode == 2 and "explore.ipynb is missing" in done.stderr
    (project / "notebooks").mkdir()
    (project / "notebooks" / "explore.ipynb").write_text("{}")
    done = run("explore", "--project", str(project), "--version")
    assert done.returncode == 0 and done.stdout.strip().startswith("4.")
