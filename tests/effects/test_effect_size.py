"""Effect sizes against metafor's escalc, by hand, by invariance and as a user meets them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev
from evidence.effects.measures import MEASURES

CASES = json.loads((Path(__file__).parents[1] / "oracle" / "escalc.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['measure']}-{case['options']}")
def test_agrees_with_escalc(case):
    options = dict(case["options"])
    effects = ev.effect_size(case["measure"], **case["inputs"], **options)
    for column in ("yi", "vi"):
        expected = np.array(case[column], dtype=float)  # null, a double zero that was dropped, becomes nan
        assert np.isnan(expected).any() == options.get("drop00", False) * MEASURES[case["measure"]].counts.double_zero != ()
        np.testing.assert_allclose(effects[column], expected, rtol=1e-8, atol=0)
