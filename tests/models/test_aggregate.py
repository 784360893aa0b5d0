"""Several effects of a trial made one, against metafor's aggregate and by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "aggregate.json").read_text())
FRAME = pd.DataFrame({name: ORACLE[name] for name in ("study", "yi", "vi", "year", "week")})


@pytest.mark.parametrize(
    ("case", "options"),
    [
        ("cs", {"rho": 0.6}),
        ("car", {"week": "week", "phi": 0.8}),
        ("given", {"V": np.array(ORACLE["V"])}),
        ("plain", {"rho": 0.6, "weighted": False}),
    ],
)
def test_agrees_with_metafor(case, options):
    found = ev.aggregate(FRAME, "study", **options)
    for column in ("yi", "vi", "year"):
        np.testing.assert_allclose(found[column], ORACLE[case][column], rtol=1e-8)
    assert found["study"].tolist() == list(dict.fromkeys(ORACLE["study"])) and found["k"].sum() == len(FRAME)


def test_what_is_no_number_stays_where_all_rows_say_the_same():
    frame = pd.DataFrame(
        {"study": ["A", "A", "B"], "yi": [0.1, 0.3, 0.2], "vi": 0.04, "arm": ["x", "y", "x"], "at": "z"}
    )
    found = ev.aggregate(frame)
    assert found["arm"].isna().tolist() == [True, False] and found["at"].tolist() == ["z", "z"]
    arrays = ev.aggregate(frame["yi"], frame["vi"], frame["study"])
    assert arrays["yi"].tolist() == found["yi"].tolist()


def test_what_cannot_be_made_one_says_why():
    frame = pd.DataFrame({"study": ["A", "A"], "yi": [0.1, 0.3], "vi": [0.04, 0.04]})
    with pytest.raises(ev.NotEstimable, match="determine each other"):
        ev.aggregate(frame, rho=1.0)
    assert ev.aggregate(frame, rho=1.0, weighted=False)["vi"].item() == pytest.approx(0.04)
    with pytest.raises(ev.InvalidInput, match="V has shape"):
        ev.aggregate(frame, V=np.eye(3))
    with pytest.raises(ev.InvalidInput, match="no row has both"):
        ev.aggregate(frame.assign(yi=np.nan))
