"""A small review with everything a chart has to survive: a hostile name, missing values, a link that is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

HOSTILE = "</script><script>document.title='owned'</script>"


@pytest.fixture(scope="session")
def trials() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "study": ["a", "b", "c", "d"],
            "label": ["Ada 2001", HOSTILE, "עדה 2003 \u202eabc", "Di 2004"],
            "year": [2001.0, 2002.0, np.nan, 2004.0],
            "condition": "arthritis",
            "comparator": "sham",
            "measure": "SMD",
            "yi": [0.3, 0.5, 0.1, 2.4],
            "vi": [0.02, 0.05, 0.03, 0.04],
            "n_acupuncture": [100.0, 42.5, 66.0, 50.0],
            "n_comparator": [101.0, np.nan, 67.0, 51.0],
            "week": [6.0, 4.0, np.nan, 8.0],
            "derivation": ["means and SDs", "SD from 95% CI & t <n=42>", "", "means and SDs"],
            "href": ["https://doi.org/10.1000/a", "javascript:alert(1)", "", "http://example.org/d?x=1&y=2"],
        }
    )


@pytest.fixture(scope="session")
def fit(trials: pd.DataFrame) -> Any:
    return ev.pool(trials, slab="label")


@pytest.fixture(scope="session")
def chart(fit: Any, trials: pd.DataFrame) -> Any:
    return ev.charts.forest(fit, trials=trials, worthwhile=0.4, xlim=(-1, 2), title="Pain <now>", source="made up")


def marks(chart: Any, kind: str) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Layers drawn with one kind of mark, and the rows they draw."""
    spec = chart.to_dict()
    for layer in spec["layer"]:
        if layer["mark"]["type"] == kind:
            yield layer, pd.DataFrame(spec["datasets"][layer["data"]["name"]])


def told(chart: Any, name: str) -> pd.DataFrame:
    """What pointing at marks of the layer called ``name`` tells, by the names readers see."""
    spec = chart.to_dict()
    layer = next(layer for layer in spec["layer"] if layer.get("name") == name)
    shown = [tip["title"] for tip in layer["encoding"]["tooltip"]]
    return pd.DataFrame(spec["datasets"][layer["data"]["name"]])[[*shown, "href"]]
