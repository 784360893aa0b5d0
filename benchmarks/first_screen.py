"""How long a reader waits: pages of the site opened from disk, and the explorer's first widgets.

Run: python benchmarks/first_screen.py [SITE]

Prints milliseconds in Chromium: of each page until its deferred scripts have run and it answers to a click (the front
page is to take less than 1,000), and until its charts are drawn; of `evidence explore` until JupyterLab shows the
notebook, and from then on until the explorer's controls stand (3,000 at most) and its answer.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

import evidence as ev

PAGES = ("index", "ask", "figures", "conditions/chronic-overuse", "interactive/chronic-overuse")
TIMES = 5
#: Since the page was asked for, until its deferred scripts have run.
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "site").resolve()
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PAGES:
            ready, drawn = zip(*(opened(browser, (site / f"{name}.html").as_uri()) for _ in range(TIMES)), strict=True)
            print(f"{name}: answers after {median(ready):,.0f} ms, all drawn after {median(drawn):,.0f} ms")
        for attempt in ("first opening", "second opening"):
            page, server = explorer(browser)
            shown, controls, answer = page
            print(f"explorer, {attempt}: JupyterLab shows the notebook after {shown:,.0f} ms; then the controls stand")
            print(f"  after {controls - shown:,.0f} ms, the answer after {answer - shown:,.0f} ms")
            print(f"  {server:,.0f} ms in all from the command")


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds until a page answers, and until its charts are drawn."""
    with browser.new_context() as context:
        page = context.new_page()
        started = time.perf_counter()
        page.goto(address, wait_until="load")
        for chart in page.locator("figure.evidence-chart").all():
            chart.and_(page.locator("[data-drawn=yes]")).wait_for()
        return float(page.evaluate(READY)), 1e3 * (time.perf_counter() - started)


def explorer(browser: Browser) -> tuple[tuple[float, ...], float]:
    """Milliseconds until JupyterLab shows the notebook, the explorer its controls and its answer; all of it."""
    token, port = secrets.token_hex(16), _free()
    code = "from evidence.cli import main; main()"
    options = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
    with tempfile.TemporaryDirectory() as place:
        own = {f"JUPYTER_{name}_DIR": f"{place}/{name}" for name in ("CONFIG", "DATA", "RUNTIME")}
        own |= {"PYTHONPATH": str(Path(ev.__file__).parents[1]), "JUPYTERLAB_WORKSPACES_DIR": f"{place}/spaces"}
        given = time.perf_counter()
        command = [sys.executable, "-c", code, "explore", *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, cwd=place, env=os.environ | own, **quiet)  # type: ignore[call-overload]
        address = f"http://127.0.0.1:{port}"
        try:
            _until(lambda: _answers(f"{address}/api/status?token={token}"))
            with browser.new_context() as context:
                page, asked = context.new_page(), time.perf_counter()
                page.goto(f"{address}/lab/tree/explore.ipynb?token={token}&reset")
                found = []
                for part in (".jp-Notebook .jp-Cell", ".ev-explorer select", ".ev-explorer .ev-plain"):
                    page.locator(part).first.wait_for(timeout=60_000)
                    found.append(1e3 * (time.perf_counter() - asked))
            return tuple(found), 1e3 * (time.perf_counter() - given)
        finally:
            urlopen(Request(f"{address}/api/shutdown?token={token}", method="POST"), timeout=10).close()
            server.wait(30)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def _until(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.05)


if __name__ == "__main__":
    main()
