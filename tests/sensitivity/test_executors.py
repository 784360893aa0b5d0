"""Long jobs give the same result here, on threads, on processes and on a dask cluster."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest

import evidence as ev


@contextmanager
def dask_executor():
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


def threads():
    return ThreadPoolExecutor(3)


def processes():
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def jobs(executor):
    """Each of two pieces."""
    rng = np.random.default_rng(0)
    vi = rng.uniform(0.02, 0.3, 16)
    frame = pd.DataFrame({"yi": rng.normal(0.3, np.sqrt(vi + 0.05)), "vi": vi, "x": rng.normal(size=16)})
    mean, slope = ev.pool(frame), ev.regress(frame, formula="~ x", test="z")
    subsets = ev.gosh(mean, executor=executor)
    return {
        "gosh": subsets.to_frame().assign(first=subsets.includes(0)),
        "gosh at random": ev.gosh(mean, subsets=40_000, seed=1, executor=executor).to_frame(),
        "flips": pd.Series(ev.permutation_test(mean, iterations=20_000, seed=2, executor=executor).distribution),
        "permutations": pd.DataFrame(
            ev.permutation_test(slope, iterations=20_000, seed=2, executor=executor).distribution
        ),
        "bootstrap": ev.bootstrap(mean, iterations=20_000, parametric=False, seed=3, executor=executor).replicates,
    }


@pytest.fixture(scope="module")
def here():
    return jobs(None)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("make", [threads, processes, pytest.param(dask_executor, marks=pytest.mark.long)])
def test_same_result(here, make):
    with make() as executor:
        there = jobs(executor)
    for name, expected in here.items():
        assert len(expected) >= 20_000
        assert there[name].equals(expected), name


def test_an_error_in_a_piece_reaches_the_caller():
    from evidence.sensitivity.chunks import run_chunks

    with threads() as executor, pytest.raises(ZeroDivisionError):
        run_chunks((1).__floordiv__, 3, "", executor, False)
