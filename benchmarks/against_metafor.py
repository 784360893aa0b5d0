"""Speed against metafor in the same run on the same machine: ``python benchmarks/against_metafor.py``.

Needs Rscript with metafor and jsonlite; with a C compiler it also times a plain C loop of the same REML fits.
Prints a table; exits 1 when a ratio falls below its target.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import evidence as ev

HERE = Path(__file__).parent
TARGETS = {"pool": 15, "pool_many": 3000, "gosh": 3000, "permutation": 2000, "influence": 60}
K = 13


def main() -> int:
    rng = np.random.default_rng(0)
    vi = rng.uniform(0.02, 0.4, K)
    yi = rng.normal(0.3, np.sqrt(vi + 0.1))
    many_vi = rng.uniform(0.02, 0.4, (100_000, K))
    many_yi = rng.normal(0.3, np.sqrt(many_vi + 0.1))
    group = np.repeat(np.arange(len(many_yi)), K)
    fit = ev.pool(yi, vi)
    ours = {
        "pool": seconds(lambda: ev.pool(yi, vi), 1, 100),
        "pool_many": seconds(lambda: ev.pool_many(group, many_yi.ravel(), many_vi.ravel()), len(many_yi)),
        "gosh": seconds(lambda: ev.gosh(fit, progress=False), 2**K - 1, 10),
        "permutation": seconds(lambda: ev.permutation_test(fit, 100_000, exact=False, progress=False), 100_000),
        "influence": seconds(lambda: ev.influence(fit), 1, 50),
    }
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        data.write_text(json.dumps({"yi": yi.tolist(), "vi": vi.tolist()}))
        theirs = json.loads(output("Rscript", str(HERE / "metafor_times.R"), str(data)))
        theirs["pool_many"] = theirs["pool"]
        print(f"{'job':12} {'metafor':>12} {'evidence':>12} {'ratio':>8} {'target':>8}")
        for job, target in TARGETS.items():
            ratio = theirs[job] / ours[job]
            times = f"{1e6 * theirs[job]:9.0f} us {1e6 * ours[job]:9.2f} us"
            print(f"{job:12} {times} {ratio:8.0f} {target:8} {'' if ratio >= target else 'BELOW'}")
        limit = c_seconds(many_yi, many_vi, Path(folder))
    if limit:
        times = ours["pool_many"] / limit
        print(f"a plain C loop takes {1e6 * limit:.2f} us a fit: pool_many takes {times:.1f} times that")
    return int(any(theirs[job] / ours[job] < target for job, target in TARGETS.items()))


def seconds(job: Callable[[], object], fits: int, times: int = 3) -> float:
    """Best time of a fit, after a first run that may compile or load kernels."""
    job()
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        job()
        best = min(best, time.perf_counter() - start)
    return best / fits


def c_seconds(yi: np.ndarray, vi: np.ndarray, folder: Path) -> float | None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = str(folder / "reml")
    subprocess.run([compiler, "-O3", "-march=native", str(HERE / "reml.c"), "-o", program, "-lm"], check=True)
    rows = "\n".join(f"{y} {v}" for y, v in zip(yi.ravel().tolist(), vi.ravel().tolist(), strict=True))
    done = subprocess.run([program, str(len(yi)), str(K)], input=rows, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
