"""Time the multilevel model: python benchmarks/multilevel.py [--rows 2000 --clusters 400] [--large].

Prints the best wall and processor time of several fits (V built with rho = 0.6, random effects for study and row,
REML) with and without CR2, and with --large one fit of 100,000 rows in 10,000 clusters with the memory it took.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pandas as pd

import evidence as ev


def simulate(rows: int, clusters: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    study = np.sort(rng.integers(0, clusters, rows))
    vi = rng.uniform(0.02, 0.2, rows)
    yi = 0.3 + rng.normal(0, 0.3, clusters)[study] + rng.normal(0, 0.2, rows) + rng.normal(0, np.sqrt(vi))
    return pd.DataFrame({"study": study, "yi": yi, "vi": vi})


def best(frame: pd.DataFrame, robust: str | None, repeats: int) -> tuple[float, float]:
    """Least wall and processor seconds."""
    walls, processors = [], []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        ev.multilevel(frame, robust=robust)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--clusters", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    frame = simulate(asked.rows, asked.clusters)
    for robust in (None, "CR2"):
        wall, processor = best(frame, robust, asked.repeats)
        print(
            f"{asked.rows} rows, {asked.clusters} clusters, robust={robust}: "
            f"{1000 * wall:.1f} ms ({1000 * processor:.1f} ms of processor time)"
        )
    if asked.large:
        frame = simulate(100_000, 10_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wall, processor = best(frame, "CR2", 1)
        used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"100000 rows, 10000 clusters, robust=CR2: {wall:.2f} s ({processor:.2f} s), {used:.0f} MB more at the peak"
        )


if __name__ == "__main__":
    main()
