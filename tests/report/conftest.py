"""What the tests of the report share: the written pages, forms of a new trial filled in by hand, a JupyterLab."""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request, urlopen

import pandas as pd
import pytest

import evidence as ev
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.widget import Explorer
from evidence.report.new_trial import write_forms
from evidence.report.new_trial.example import EXAMPLE
from evidence.report.project import Project
from evidence.report.site import written_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def analyst(db: ev.EvidenceBase) -> Analyst:
    return Analyst(db)


@pytest.fixture
def explorer(db: ev.EvidenceBase, tmp_path: Path) -> Explorer:
    return Explorer(db, tmp_path / "explored")


@pytest.fixture(scope="session")
def written(results: ev.Results, made_once: Callable[[str, Callable[[Path], object]], Path]) -> dict[str, str]:
    """Pages that are written from results, as they go to Sphinx."""

    def make(path: Path) -> None:
        path.write_text(json.dumps(written_pages(results, Project.at(Path(__file__).parents[2]))), encoding="utf-8")

    found: dict[str, str] = json.loads(made_once("written.json", make).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def pages(written: dict[str, str]) -> dict[str, str]:
    """The same as a reader sees them: references to characters resolved."""
    return {name: unescape(page) for name, page in written.items()}


@dataclass
class Forms:
    """The CSV forms of the trial ``example-2025``, once they are written."""

    project: Project

    @property
    def folder(self) -> Path:
        return self.project.root / "new-trials" / "example-2025"

    def lines(self, table: str) -> list[list[str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    def save(self, table: str, lines: list[list[str]], separator: str = ",") -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows(lines)
        (self.folder / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8-sig", newline="")

    def fill_in(self, change: Callable[[str, dict[str, str]], object] = lambda table, row: None) -> Path:
        """Write the forms and fill in the worked example, each row changed as asked; gives their folder."""
        write_forms(self.project, self.folder.name)
        for table, rows in EXAMPLE.items():
            header, *lines = self.lines(table)
            for row in map(dict, rows):
                change(table, row)
                lines.append([row.get(name, "") for name in header])
            self.save(table, [header, *lines])
        return self.folder


@pytest.fixture
def forms(few: Project) -> Forms:
    return Forms(few)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, in whose data a trial's author has a hostile name."""

    url: str
    token: str
    folder: Path
    hostile: str = "<img src=x onerror='window.hacked=1'>"

    def open(self, page: Page) -> tuple[float, float]:
        """Open the explorer, no cell run by hand: seconds until JupyterLab shows its notebook, and until it answers."""
        started = time.monotonic()
        page.goto(f"{self.url}/lab/tree/explore.ipynb?token={self.token}&reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        shown = time.monotonic() - started
        page.locator(".ev-explorer .ev-plain").first.wait_for(timeout=60_000)
        return shown, time.monotonic() - started


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory, db: ev.EvidenceBase) -> Iterator[Lab]:
    """`evidence explore` with settings, kernels and files in a temporary folder, on a port nobody else has.

    It asks for a browser, without which there is nothing to start.
    """
    place = tmp_path_factory.mktemp("lab")
    notebooks = place / "notebooks"
    notebooks.mkdir()
    quiet = place / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    silent = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    (quiet / "notification.jupyterlab-settings").write_text(json.dumps(silent))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{name}": str(place / name.lower()) for name in names}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(place / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(place / "spaces")}
    own |= {"PYTHONPATH": str(Path(ev.__file__).parents[1]), "IPYTHONDIR": str(place / "ipython")}
    raw = Path(shutil.copytree(db.root, place / "raw"))
    studies = pd.read_csv(raw / "studies.csv", dtype=str, keep_default_na=False)
    studies.loc[studies["study_id"] == "vas-2004", "first_author"] = Lab.hostile
    studies.to_csv(raw / "studies.csv", index=False)
    own |= {"EVIDENCE_DATA": str(raw)}
    command = [
        *(sys.executable, "-c", "from evidence.cli import main; main()", "explore", "--no-browser", "--allow-root"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", "--LabApp.extension_manager=readonly"),
    ]
    with (place / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=notebooks, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT)
        url = f"http://127.0.0.1:{port}"
        try:
            until(lambda: answers(f"{url}/api/status?token={token}"), 60, lambda: (place / "log").read_text())
            yield Lab(url, token, notebooks)
        finally:
            stop(server, f"{url}/api/shutdown?token={token}")


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def until(done: Callable[[], bool], seconds: float, what: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, what()
        time.sleep(0.1)


def stop(server: subprocess.Popen[bytes], url: str) -> None:
    """Ask the server to close, which ends its kernels too; make it, if it will not."""
    try:
        with urlopen(Request(url, method="POST"), timeout=5):
            pass
        server.wait(15)
    except (URLError, ConnectionError, TimeoutError, subprocess.TimeoutExpired):
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:  # a kernel that it waits for
            server.kill()
            server.wait()
