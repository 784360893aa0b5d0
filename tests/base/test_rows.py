"""Rows of a frame hold plain Python values, as its columns give them."""

from __future__ import annotations

import pandas as pd

from evidence.base.rows import rows_of


def test_each_cell_is_as_its_column_gives_it() -> None:
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "yi": [0.5, float("nan")],
            "kept": [True, False],
            "label": pd.Series(["Ahn 2001", None], dtype="str"),
            "outcomes": [["pain"], ("pain", 1)],
            "verdict": pd.Categorical(["partly", "unclear"]),
        },
        index=[7, 7],
    )
    rows = rows_of(frame)
    for name in frame:
        given = frame[name].tolist()
        assert [type(row[name]) for row in rows] == [type(value) for value in given]
        assert str([row[name] for row in rows]) == str(given)
    assert rows_of(frame.iloc[:0]) == [] == rows_of(pd.DataFrame())
