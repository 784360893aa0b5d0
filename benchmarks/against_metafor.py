"""Speed against metafor in the same run on the same machine: ``python benchmarks/against_metafor.py``.

Needs Rscript with metafor; with a C compiler it also times a plain C loop of the same REML fits. Every time is
that of a whole call, labels read and frames made, the best of several. Prints a table; exits 1 when a ratio falls
below its target. With ``--cpu`` both sides are timed in processor seconds, all threads added up: for a machine that
is busy with other things.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import evidence as ev

HERE = Path(__file__).parent
K = 13
GROUPS = 20_000
ITERATIONS = 5_000


class Job(NamedTuple):
    """A call of ours, the job of `metafor_times.R` that does the same, and how many times as fast it should be."""

    name: str
    metafor: str
    call: Callable[[], object]
    fits: int
    target: float


def main() -> int:
    rng = np.random.default_rng(0)
    studies = simulated(rng, 1).assign(x=rng.normal(size=K))
    many = simulated(rng, GROUPS)
    numbered = np.repeat(np.arange(GROUPS), K)
    named = np.array([f"review {i:06d}" for i in range(GROUPS)], dtype=object)[numbered]
    mixed = many.assign(group=numbered).sample(frac=1, random_state=0)
    mean = ev.pool(studies)
    slope = ev.regress(studies, formula="~ x")
    draws = {"iterations": ITERATIONS, "exact": False, "progress": False}
    jobs = [
        Job("pool", "pool", lambda: ev.pool(studies), 1, 15),
        Job("pool_many, numbers", "pool", lambda: pool_many(many, numbered), GROUPS, 3000),
        Job("pool_many, names", "pool", lambda: pool_many(many, named), GROUPS, 3000),
        Job("pool_many, shuffled", "pool", lambda: pool_many(mixed, mixed["group"]), GROUPS, 2000),
        Job("permutation_test", "permutation", lambda: ev.permutation_test(mean, **draws), ITERATIONS, 2000),
        Job("permutation_test, ~ x", "permutation_x", lambda: ev.permutation_test(slope, **draws), ITERATIONS, 2000),
        Job("gosh", "gosh", lambda: ev.gosh(mean, progress=False), 2**K - 1, 3000),
        Job("leave_one_out", "leave_one_out", lambda: ev.leave_one_out(mean), 1, 30),
        Job("influence", "influence", lambda: ev.influence(mean), 1, 30),
    ]
    cpu = "--cpu" in sys.argv
    ours = [seconds(job.call, job.fits, time.process_time if cpu else time.perf_counter) for job in jobs]
    below = False
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "studies.txt"
        studies.to_csv(data, sep=" ", index=False, header=False)
        script = ("Rscript", str(HERE / "metafor_times.R"), str(data), "cpu" if cpu else "elapsed")
        lines = output(*script).splitlines()
        theirs = {job: float(value) for job, value in (line.split() for line in lines)}
        print(f"{'microseconds a fit':24} {'metafor':>10} {'evidence':>10} {'ratio':>7} {'target':>7}")
        for job, own in zip(jobs, ours, strict=True):
            ratio = theirs[job.metafor] / own
            times = f"{1e6 * theirs[job.metafor]:10.0f} {1e6 * own:10.2f} {ratio:7.0f} {job.target:7.0f}"
            print(f"{job.name:24} {times} {'' if ratio >= job.target else 'BELOW'}")
            below |= ratio < job.target
        limit = c_seconds(many, Path(folder))
    if limit:
        print(f"a plain C loop takes {1e6 * limit:.2f} us a fit: pool_many takes {ours[1] / limit:.1f} times that")
    return int(below)


def pool_many(studies: pd.DataFrame, group: object) -> pd.DataFrame:
    """The studies of many meta-analyses pooled, one row a group."""
    return ev.pool_many(group, studies["yi"], studies["vi"])


def simulated(rng: np.random.Generator, groups: int) -> pd.DataFrame:
    """``groups`` meta-analyses of K studies, one after the other."""
    vi = rng.uniform(0.02, 0.4, groups * K)
    return pd.DataFrame({"yi": rng.normal(0.3, np.sqrt(vi + 0.1)), "vi": vi})


def seconds(call: Callable[[], object], fits: int, clock: Callable[[], float]) -> float:
    """Best time of a fit within two seconds, after a first run that may compile or load kernels."""
    call()
    best = float("inf")
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        start = clock()
        call()
        best = min(best, clock() - start)
    return best / fits


def c_seconds(many: pd.DataFrame, folder: Path) -> float | None:
    """Seconds a fit of `reml.c`, or None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = str(folder / "reml")
    subprocess.run([compiler, "-O3", "-march=native", str(HERE / "reml.c"), "-o", program, "-lm"], check=True)
    rows = "\n".join(f"{y} {v}" for y, v in zip(many["yi"].tolist(), many["vi"].tolist(), strict=True))
    done = subprocess.run([program, str(GROUPS), str(K)], input=rows, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
