"""From a change in the explorer to its new output, over every question the data can be asked.

Run: python benchmarks/explore.py

Times the whole callback in Python: analysis, sentence, numbers, forest and every message to the page. What the browser
adds, a click's way to the kernel and the repaint, is measured by tests/report/test_explorer_in_jupyterlab.py.
"""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import Any

import evidence as ev
from evidence.report.explorer.choice import METHODS, PARTS


def main() -> None:
    db = ev.load()
    started = time.perf_counter()
    explorer = ev.explore(db)
    print(f"opening: {time.perf_counter() - started:.2f} s")
    times: dict[str, list[float]] = {"another question": [], "another model": [], "a trial left out": []}
    largest: tuple[int, float] = (0, 0.0)
    pauses = full_collections()
    for question in questions(explorer):
        times["another question"].append(timed(explorer, **dict(zip(PARTS, question, strict=True))))
        for method in [*METHODS, "REML"]:
            times["another model"].append(timed(explorer, method=method))
        for study in explorer.analysis.rows["study"] if len(explorer.analysis.rows) else []:
            times["a trial left out"].append(timed(explorer, left_out=frozenset({study})))
        largest = max(largest, (len(explorer.analysis.rows), max(times["another question"][-1:])))
    for what, seconds in times.items():
        print(
            f"{what}: {len(seconds)} changes, median {1e3 * median(seconds):.1f} ms, worst {1e3 * max(seconds):.1f} ms"
        )
    print(f"largest question: {largest[0]} trials, {1e3 * largest[1]:.1f} ms")
    print(f"full garbage collections: {len(pauses) - 1}, {1e3 * max(pauses):.0f} ms at most")


def questions(explorer: ev.Explorer) -> list[tuple[str, ...]]:
    """Every question, by walking through the dropdowns as a reader would."""
    found: list[tuple[str, ...]] = []

    def walk(chosen: tuple[str, ...]) -> None:
        if len(chosen) == len(PARTS):
            found.append(chosen)
            return
        part = PARTS[len(chosen)]
        explorer.choose(**dict(zip(PARTS, chosen, strict=False)))
        for _, value in explorer.controls[part].options:
            walk((*chosen, value))

    walk(())
    return found


def full_collections() -> list[float]:
    """A list that gets the seconds of each full garbage collection from now on: they fall into whatever runs then."""
    pauses = [0.0]
    began = 0.0

    def noted(phase: str, about: dict[str, int]) -> None:
        nonlocal began
        if about["generation"] == 2 and phase == "start":
            began = time.perf_counter()
        elif about["generation"] == 2:
            pauses.append(time.perf_counter() - began)

    gc.callbacks.append(noted)
    return pauses


def timed(explorer: ev.Explorer, **parts: Any) -> float:
    started = time.perf_counter()
    explorer.choose(**parts)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
