"""ev.pool_many: the numbers of pool, group by group, for any number of groups."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.univariate import many


def data(seed, rows, groups):
    rng = np.random.default_rng(seed)
    vi = rng.uniform(0.01, 0.5, rows)
    return pd.DataFrame({"g": rng.integers(0, groups, rows), "yi": rng.normal(0.2, np.sqrt(vi + 0.1)), "vi": vi})


@pytest.mark.parametrize(("method", "test"), [("REML", "hksj-adhoc"), ("DL", "z"), ("EE", "hksj"), ("PMM", "t")])
@pytest.mark.filterwarnings("ignore::evidence.errors.SmallSample")
def test_equals_one_by_one(method, test):
    frame = data(1, 400, 60)
    table = ev.pool_many(frame["g"], frame["yi"], frame["vi"], method=method, test=test)
    assert list(table.index) == sorted(frame["g"].unique())
    for g, part in frame.groupby("g"):
        alone = ev.pool(part["yi"].to_numpy(), part["vi"].to_numpy(), method=method, test=test).to_frame().iloc[0]
        assert table.loc[g].to_numpy(float) == pytest.approx(alone.to_numpy(float), rel=1e-13, nan_ok=True)


def test_chunks_change_nothing(monkeypatch):
    frame = data(2, 5000, 400)
    whole = ev.pool_many(frame["g"], frame["yi"], frame["vi"])
    monkeypatch.setattr(many, "_STUDIES_PER_CHUNK", 97)
    pd.testing.assert_frame_equal(ev.pool_many(frame["g"], frame["yi"], frame["vi"]), whole, check_exact=True)


def test_order_of_rows_changes_nothing():
    frame = data(3, 1000, 50)
    mixed = frame.sample(frac=1, random_state=1)
    a, b = (ev.pool_many(f["g"], f["yi"], f["vi"]) for f in (frame, mixed))
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_names_missing_values_and_empty_groups():
    table = ev.pool_many(
        pd.Series(["b", "a", None, "c", "a"], name="review"), [0.1, 0.2, 0.3, np.nan, 0.4], [0.1, 0.1, 0.1, 0.1, 0.1]
    )
    assert table.index.name == "review"
    assert list(table["k"]) == [2, 1, 0]
    assert np.isnan(table.loc["c", "estimate"])


def test_refusals():
    with pytest.raises(ev.InvalidInput, match="agree"):
        ev.pool_many([1, 2], [0.1], [0.1])
    with pytest.raises(ev.InvalidInput, match="negative"):
        ev.pool_many([1, 1], [0.1, 0.2], [0.1, -1])
    with pytest.raises(ev.InvalidInput, match="GENQ"):
        ev.pool_many([1, 1], [0.1, 0.2], [0.1, 1], method="GENQ")
    with pytest.raises(ev.InvalidInput, match="no group"):
        ev.pool_many([], [], [])
