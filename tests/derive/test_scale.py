"""A larger base is more of the same: every trial again, no problem, the same effects."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

import evidence as ev

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "scale.py"


def test_a_base_of_relabelled_trials(raw_of_few: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("scale", SCRIPT)
    assert spec is not None and spec.loader is not None
    scale = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scale)
    scale.enlarged(raw_of_few, 3, tmp_path)
    assert ev.validate(tmp_path) == []
    once, thrice = (ev.load(folder).effects("SMD") for folder in (raw_of_few, tmp_path))
    assert len(thrice) == 3 * len(once) > 0
    np.testing.assert_array_equal(np.sort(np.tile(once["yi"], 3)), np.sort(thrice["yi"]))
