"""Milliseconds for a trial sequential analysis of 50 trials (the aim: below 20 once its boundaries are known) and for
the size of the next trial (below 50).

Run from the root of the repository:  python benchmarks/sequential.py
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np

import evidence as ev

TRIALS = 50


def milliseconds(call: Callable[[], object], times: int = 20) -> float:
    """Of the processor, the least of several calls."""
    taken = []
    for _ in range(times):
        start = process_time()
        call()
        taken.append(process_time() - start)
    return 1000 * min(taken)


def main() -> None:
    rng = np.random.default_rng(0)
    n = rng.integers(30, 200, TRIALS)
    vi, year = 4 / n, np.arange(1976, 1976 + TRIALS)
    yi = 0.15 + np.sqrt(vi + 0.02) * rng.standard_normal(TRIALS)

    def analysed(delta: float = 0.2) -> object:
        return ev.trial_sequential(yi, vi, year, delta=delta)

    def next_of(k: int) -> float:
        fit = ev.pool(yi[:k], vi[:k])
        return milliseconds(lambda: ev.next_trial(fit, delta=0.3))

    deltas = iter(np.linspace(0.2, 0.3, 20))  # another delta needs other boundaries
    first = milliseconds(lambda: analysed(next(deltas)), 5)
    print(f"trial_sequential, {TRIALS} trials: {first:.1f} ms; {milliseconds(analysed):.1f} ms with boundaries known")
    for k in (2, 5, 20, TRIALS):
        print(f"next_trial after {k} trials: {next_of(k):.1f} ms")


if __name__ == "__main__":
    main()
