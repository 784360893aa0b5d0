"""Run a long job in pieces: in this process, or on any executor, with progress either way.

The pieces and their seeds depend on the job alone, so the result is the same with any number of workers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

import numpy as np

from ..effects.arguments import require_executor, require_flag

#: Samples of a job; more take a day and more memory than there is, and change no digit.
MOST_SAMPLES = 10_000_000

Part = TypeVar("Part")


def run_chunks(
    task: Callable[[int], Part], count: int, label: str, executor: Executor | None, progress: bool | None
) -> list[Part]:
    """Results of ``task(0), ..., task(count - 1)``, in order.

    Parameters
    ----------
    task : callable
        Picklable when the executor uses processes.
    count : int
    label : str
        What the progress bar says.
    executor : Executor or None
        Any `concurrent.futures.Executor`; None for this process.
    progress : bool or None
        Whether to show a bar; None shows one on a terminal and in a notebook.

    Raises
    ------
    InvalidInput
        An executor that is none, or ``progress`` that is no flag.
    """
    require_executor(executor)
    if progress is not None:
        require_flag("progress", progress)
    shown = progress if progress is not None else sys.stderr.isatty() or "ipykernel" in sys.modules
    results = map(task, range(count)) if executor is None else _in_order(task, count, executor)
    if not shown or count == 1:
        return list(results)
    from rich.console import Console
    from rich.progress import track

    return list(track(results, label, total=count, console=Console(stderr=True), transient=True))


def generator(seed: int, chunk: int) -> np.random.Generator:
    """The random numbers of one chunk, independent of those of every other."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chunk,)))


def split(total: int, size: int) -> list[tuple[int, int]]:
    """Bounds of the chunks of at most ``size`` that make up ``total``."""
    return [(low, min(low + size, total)) for low in range(0, total, size)]


def _in_order(task: Callable[[int], Part], count: int, executor: Executor) -> Iterator[Part]:
    futures = [executor.submit(task, i) for i in range(count)]
    try:
        for future in futures:
            yield future.result()
    finally:
        for future in futures:
            future.cancel()
