"""Peak memory and time of the two largest jobs: ``python benchmarks/memory.py``.

All 2^20 subsets of 20 studies should stay under 1 GiB, 10^6 groups of about 10 under 2 GiB. Each runs in a process
of its own; exits 1 when one does not stay under.
"""

from __future__ import annotations

import resource
import sys
import time
from multiprocessing import get_context

import numpy as np

import evidence as ev

LIMITS = {"gosh": 1.0, "pool_many": 2.0}


def gosh() -> None:
    rng = np.random.default_rng(0)
    vi = rng.uniform(0.02, 0.4, 20)
    result = ev.gosh(ev.pool(rng.normal(0.3, np.sqrt(vi + 0.1)), vi), progress=False)
    assert len(result.to_frame()) == 2**20 - 1


def pool_many() -> None:
    rng = np.random.default_rng(0)
    sizes = rng.integers(2, 19, 10**6)
    group = np.repeat(np.arange(10**6), sizes)
    vi = rng.uniform(0.02, 0.4, len(group))
    assert len(ev.pool_many(group, rng.normal(0.3, np.sqrt(vi + 0.1)), vi)) == 10**6


def measure(job: str) -> tuple[float, float]:
    start = time.perf_counter()
    {"gosh": gosh, "pool_many": pool_many}[job]()
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> int:
    worst = 0.0
    for job, limit in LIMITS.items():
        with get_context("spawn").Pool(1) as pool:
            seconds, gibibytes = pool.apply(measure, (job,))
        worst = max(worst, gibibytes / limit)
        print(f"{job:10} {seconds:6.1f} s   peak {gibibytes:.2f} GiB of {limit:.0f} allowed")
    return int(worst > 1)


if __name__ == "__main__":
    sys.exit(main())
