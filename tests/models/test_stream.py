"""Groups that come in parts: the numbers of one call, wherever the parts end and whoever pools them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.univariate import stream


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(120), rng.integers(1, 9, 120))
    vi = rng.uniform(0.02, 0.3, len(group))
    return pd.DataFrame({"group": group, "yi": rng.normal(0.3, np.sqrt(vi + 0.1)), "vi": vi, "other": "x"})


@pytest.fixture(scope="module")
def at_once(rows: pd.DataFrame) -> pd.DataFrame:
    return stream._pooled(rows, ("REML", "hksj-adhoc", 0.95, None, True))


def parts(rows: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    return (rows.iloc[low : low + size] for low in range(0, len(rows), size))


@pytest.mark.parametrize("size", [1, 7, 200, 10_000])
@pytest.mark.filterwarnings("ignore::evidence.Incomplete")
def test_where_parts_end_changes_not_a_bit(rows: pd.DataFrame, at_once: pd.DataFrame, size: int) -> None:
    few = rows[rows["group"] < 40] if size == 1 else rows
    found = pd.concat(ev.pool_stream(parts(few, size)))
    pd.testing.assert_frame_equal(found, at_once.loc[: len(found) - 1], check_exact=True)
    assert len(found) == few["group"].nunique()


def test_no_more_is_read_than_is_asked_for(rows: pd.DataFrame) -> None:
    read = []

    def asked() -> Iterator[pd.DataFrame]:
        for at, part in enumerate(parts(rows, 50)):
            read.append(at)
            yield part

    found = ev.pool_stream(asked(), method="EE", test="z")
    assert not read
    next(found)
    assert len(read) <= 2
    with ThreadPoolExecutor(2) as threads:
        next(ev.pool_stream(asked(), method="EE", test="z", executor=threads))
    assert len(read) <= 2 + stream._AHEAD + 3


def test_labels_are_text_without_the_spaces_around_it() -> None:
    frame = pd.DataFrame({"group": ["a", "a ", "b", " b"], "yi": [0.1, 0.2, 0.3, 0.4], "vi": [0.1] * 4})
    found = pd.concat(ev.pool_stream(parts(frame, 1), method="EE", test="z"))
    assert found["k"].to_dict() == {"a": 2, "b": 2}
    assert set(found["note"]) == {""}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "parts is None"),
        ([1], "a part is 1"),
        ([pd.DataFrame({"group": [1], "yi": [0.1]})], "no column 'vi'"),
        ([pd.DataFrame({"group": [2, 1], "yi": [0.1] * 2, "vi": [0.1] * 2})], "group 1 comes after 2"),
        ([pd.DataFrame({"group": [at], "yi": [0.1], "vi": [0.1]}) for at in (1, 2, 1)], "group 1 comes after 2"),
        ([pd.DataFrame({"group": [1, None], "yi": [0.1] * 2, "vi": [0.1] * 2})], "without a group"),
        ([pd.DataFrame({"group": [1, "a"], "yi": [0.1] * 2, "vi": [0.1] * 2})], "several kinds"),
    ],
)
def test_what_is_no_part_is_refused(given: object, words: str) -> None:
    with pytest.raises(ev.InvalidInput, match=words):
        list(ev.pool_stream(given, method="EE", test="z"))  # type: ignore[arg-type]


def test_options_are_refused_before_anything_is_read() -> None:
    with pytest.raises(ev.InvalidInput, match="method 'a' is unknown"):
        ev.pool_stream([], method="a")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="executor 1 cannot submit"):
        ev.pool_stream([], executor=1)  # type: ignore[arg-type]
    assert list(ev.pool_stream([])) == []


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::evidence.Incomplete")
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(rows: pd.DataFrame, at_once: pd.DataFrame) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        found, killed = [], 0
        for part in ev.pool_stream(parts(rows, 30), executor=executor):
            found.append(part)
            if len(found) == 3:
                killed = min(client.run(os.getpid).values())
                os.kill(killed, signal.SIGKILL)
    pd.testing.assert_frame_equal(pd.concat(found), at_once, check_exact=True)
    assert killed
