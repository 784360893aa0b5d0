"""Ten million meta-analyses from a Parquet file: ``python benchmarks/stream.py [GROUPS] [WORKERS]`` (needs pyarrow).

Writes a file of GROUPS groups (10^7 without it) of two to four studies, pools it batch by batch, and says what it took:
under 4 GiB. With WORKERS, a Dask cluster of so many processes does it again and one of them is killed on the way; the
results have to be the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import evidence as ev

BATCH, ROWS, GIB = 1_000_000, 300_000, 4.0


def write(path: Path, groups: int) -> None:
    """The file, a million groups at a time."""
    writer = None
    for low in range(0, groups, BATCH):
        rng = np.random.default_rng(low)
        count = min(BATCH, groups - low)
        group = np.repeat(np.arange(low, low + count), rng.integers(2, 5, count))
        vi = rng.uniform(0.02, 0.3, len(group))
        part = pa.table({"group": group, "yi": rng.normal(0.3, np.sqrt(vi + 0.05)), "vi": vi})
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    if writer:
        writer.close()


def batches(path: Path) -> Iterator[pd.DataFrame]:
    return (batch.to_pandas() for batch in pq.ParquetFile(path).iter_batches(ROWS))


def pooled(path: Path, executor: Executor | None = None, then: object = None) -> tuple[int, str]:
    """Groups, and a hash of every number of every group."""
    groups, seen = 0, hashlib.sha256()
    for part in ev.pool_stream(batches(path), executor=executor):
        groups += len(part)
        seen.update(part.drop(columns="note").to_numpy(float).tobytes())
        if callable(then):
            then(groups)
    return groups, seen.hexdigest()


def main() -> int:
    asked, workers = (int(sys.argv[at]) if len(sys.argv) > at else given for at, given in ((1, 10**7), (2, 0)))
    warnings.simplefilter("ignore", ev.Incomplete)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "trials.parquet"
        write(path, asked)
        print(f"{asked:,} groups, {path.stat().st_size / 2**20:.0f} MiB of Parquet", flush=True)
        start, spent = time.perf_counter(), time.process_time()
        groups, here = pooled(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        seconds = time.perf_counter() - start
        print(f"{groups:,} pooled in {seconds:.0f} s ({time.process_time() - spent:.0f} s of a core), {peak:.2f} GiB")
        same = not workers or _on_a_cluster(path, workers, asked) == here
    if workers:
        print("the same bytes" if same else "OTHER BYTES")
    return int(groups != asked or peak > GIB or not same)


def _on_a_cluster(path: Path, workers: int, groups: int) -> str:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        killed: list[int] = []

        def kill(done: int) -> None:
            if not killed and done > groups / 3:
                killed.append(min(client.run(os.getpid).values()))
                os.kill(killed[0], signal.SIGKILL)
                print(f"worker {killed[0]} killed after {done:,} groups", flush=True)

        start = time.perf_counter()
        found, seen = pooled(path, executor, kill)
        print(f"{found:,} pooled by {workers} processes in {time.perf_counter() - start:.0f} s", flush=True)
    return seen


if __name__ == "__main__":
    raise SystemExit(main())
