"""What several rooms' tests share: results of the bundled data, a small copy to break, and a browser."""

from __future__ import annotations

import atexit
import fcntl
import gc
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

import evidence as ev
from evidence.report.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

matplotlib.use("Agg")
settings.register_profile("repeatable", derandomize=True, deadline=None)  # the same examples in every run
settings.load_profile("repeatable")

#: Files that take a quarter of a minute or more, the longest first: what begins last is waited for.
#: `test_site.py` makes the site, for which the others of its folder would wait.
LONG = (
    *("test_site.py", "test_notebooks.py", "test_every_figure.py", "test_figures.py", "test_attack.py"),
    *("test_screen.py", "test_build.py", "test_executors.py", "test_steps.py", "test_cli.py", "test_results.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection_finish() -> None:
    gc.freeze()  # what was imported stays: looking through it for cycles again and again took a tenth of the time
    gc.set_threshold(500_000, 20, 50)  # and what tests leave need not be looked for after every 700 objects
    atexit.register(gc.freeze)  # nor once more when Python ends


@pytest.fixture(scope="session")
def results(db: ev.EvidenceBase) -> ev.Results:
    return ev.Results(db)


@pytest.fixture(scope="session")
def recovery() -> dict[str, dict[str, np.ndarray]]:
    """Numbers of validation/recovery.R: {part: {name: array}}."""
    parts = json.loads((Path(__file__).parent / "oracle" / "recovery.json").read_text())
    return {
        part: {name: np.array(values, dtype=float) for name, values in columns.items()}
        for part, columns in parts.items()
    }


@pytest.fixture
def raw(tmp_path: Path, db: ev.EvidenceBase) -> Path:
    """A copy of data/raw that a test may spoil."""
    folder = tmp_path / "data" / "raw"
    shutil.copytree(db.root, folder)
    return folder


#: Enough for numbers in tables and figures: against sham and against nothing, alone and pooled, in three conditions.
FEW = ("brinkhaus-2006", "qin-2020", "tu-2024", "vas-2004", "zhu-2024")


Keep = Callable[[Path, Iterable[str]], Path]


@pytest.fixture(scope="session")
def keep() -> Keep:
    """``keep(folder, trials)``: leave no rows but those of some trials in the tables of a folder of raw data."""

    def rows_of(folder: Path, trials: Iterable[str]) -> Path:
        kept: dict[str, set[str]] = {"study_id": set(trials)}
        for path in sorted(folder.glob("*.csv"), key=lambda path: path.stem != "results"):  # results first
            rows = pd.read_csv(path, dtype=str, keep_default_na=False)
            for key in ("study_id", "result_id"):
                rows = rows[rows[key].isin(kept[key])] if key in rows and key in kept else rows
            if path.stem == "results":
                kept["result_id"] = set(rows["result_id"])
            rows.to_csv(path, index=False, lineterminator="\n")
        return folder

    return rows_of


@pytest.fixture(scope="session")
def raw_of_few(tmp_path_factory: pytest.TempPathFactory, db: ev.EvidenceBase, keep: Keep) -> Path:
    """The vocabularies of data/raw with the rows of a few trials."""
    return keep(Path(shutil.copytree(db.root, tmp_path_factory.mktemp("few") / "data" / "raw")), FEW)


@pytest.fixture(scope="session")
def db_of_few(raw_of_few: Path) -> ev.EvidenceBase:
    """The base of a few trials, for what needs no more than some numbers."""
    return ev.load(raw_of_few)


@pytest.fixture
def few(tmp_path: Path, raw_of_few: Path) -> Project:
    """A project of a few trials, quick to build, that a test may spoil."""
    shutil.copytree(raw_of_few, tmp_path / "data" / "raw")
    return Project.at(tmp_path)


MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """``made_once(name, make)``: what ``make(path)`` writes there, once for all workers of a run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared

    def made(name: str, make: Callable[[Path], object]) -> Path:
        done, begun = shared / name, shared / f"{name}-begun"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not done.exists():
                shutil.rmtree(begun, ignore_errors=True)
                make(begun)
                begun.rename(done)
        return done

    return made


@pytest.fixture(scope="session")
def tables_of_few(raw_of_few: Path) -> Path:
    """The processed tables of `raw_of_few`."""
    from evidence.report.build import build  # slow to import for the process that only hands out tests

    project = Project.at(raw_of_few.parents[1])
    build(project)
    return project.processed


@pytest.fixture
def built(few: Project, tables_of_few: Path) -> Project:
    """A project of a few trials with its tables, that a test may spoil."""
    shutil.copytree(tables_of_few, few.processed)
    return few


#: What changes files, as the interpreter reports it; of what is opened, what is opened for writing.
FILE_EVENTS = {
    "open",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "shutil.rmtree",
    "ctypes.call_function",
}


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def run() -> Run:
    """``run(*words, at=None)``: the command in this process, since another would spend seconds on imports."""
    from evidence.cli import main

    def command(*words: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        code, said, complaints = 0, io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complaints):
            patch.setattr(sys, "argv", ["evidence", *words])
            if at is not None:
                patch.chdir(at)
            try:
                main()
            except SystemExit as end:
                code = end.code
        return subprocess.CompletedProcess(words, code, said.getvalue(), complaints.getvalue())

    return command


@pytest.fixture(scope="session")
def killed() -> Callable[[Callable[[], object], int], bool]:
    """``killed(act, after)``: act in a copy of this process, killed before its ``after``-th change of a file.

    False when the act was over before.
    """

    def run(act: Callable[[], object], after: int) -> bool:
        child = os.fork()
        if child == 0:
            left = after

            def count(event: str, told: tuple[Any, ...]) -> None:
                nonlocal left
                if event in FILE_EVENTS and (event != "open" or told[2] & (os.O_WRONLY | os.O_RDWR)):
                    left -= 1
                    if left < 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            try:
                act()
            finally:
                os._exit(0)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])

    return run


#: Browsers by the name of their command; the first does a third less for a page than a whole browser.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one start a test file.

    Not one a session: Playwright keeps an event loop running in this thread for as long as it lives, and while one
    runs no other test could run its own (notebooks, servers).
    """
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    playwright_api = pytest.importorskip("playwright.sync_api", reason="no playwright here (pip install playwright)")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    few = ["--in-process-gpu", "--no-zygote", "--renderer-process-limit=1"]  # processes
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet, *few]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What pages of a test file share, so that the scripts and styles of a site are read once; 1280 x 800."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, console_errors: list[str]) -> Iterator[Page]:
    """A new page; what goes wrong in it is collected in ``console_errors``."""
    with context.new_page() as page:
        listen(page, console_errors)
        yield page


@pytest.fixture(scope="module")
def tab(context: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests of a file, and what went wrong in it."""
    errors: list[str] = []
    with context.new_page() as page:
        listen(page, errors)
        yield page, errors


def listen(page: Page, errors: list[str]) -> None:
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))


@pytest.fixture
def console_errors() -> list[str]:
    """Errors that ``page`` has met so far: messages of its console and exceptions nobody caught."""
    return []
