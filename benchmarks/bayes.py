"""Time of a posterior, of many groups together, and of a comparison of groups (the aim: a few ms a posterior).

Run from the root of the repository:  python benchmarks/bayes.py [groups]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd

import evidence as ev


def random_studies(groups: int, largest: int) -> pd.DataFrame:
    """Effects and variances of 2 to ``largest`` studies in each group."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(groups), rng.integers(2, largest + 1, groups))
    vi = rng.uniform(0.01, 0.3, len(group))
    return pd.DataFrame({"group": group, "yi": rng.normal(0.3, np.sqrt(vi + 0.1)), "vi": vi})


def seconds(call: Callable[[], object], times: int) -> float:
    """The fastest of some calls, after one that does not count."""
    call()
    taken = []
    for _ in range(times):
        start = perf_counter()
        call()
        taken.append(perf_counter() - start)
    return min(taken)


def main() -> None:
    groups = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for k in (3, 10, 100):
        rows = random_studies(1, k).iloc[:k]
        print(
            f"k = {k:3d}: mu, tau, new study {1e3 * seconds(lambda r=rows: ev.bayes(r).to_frame(), 20):6.2f} ms", end=""
        )
        print(f", every study too {1e3 * seconds(lambda r=rows: full(r), 20):6.2f} ms")
    frame = random_studies(groups, 20)
    print(f"{groups} groups together: {1e3 * seconds(lambda: ev.bayes(frame, by='group'), 1) / groups:6.2f} ms a group")
    for size in (3, 5, 10, 20):
        few = random_studies(size, 12)
        taken = seconds(lambda f=few: ev.bayes_compare(f, by="group").groups, 3)
        print(f"comparison of {size:2d} groups: {1e3 * taken:6.0f} ms")


def full(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    post = ev.bayes(rows)
    return post.to_frame(), post.theta


if __name__ == "__main__":
    main()
