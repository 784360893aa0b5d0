"""Trials by arm and by comparison: one from the other, and back."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev

MEANS = pd.DataFrame(
    {
        "study": ["A", "A", "A", "B", "B"],
        "treatment": ["needle", "sham", "none", "sham", "needle"],
        "mean": [3.0, 4.0, 5.5, 4.2, 3.1],
        "sd": [2.0, 2.1, 2.4, 1.8, 1.9],
        "n": [40, 38, 41, 25, 26],
    }
)


def test_every_pair_of_arms_is_a_row_with_its_effect():
    found = ev.pairwise(MEANS, "smd")
    assert len(found) == 3 + 1 and found.attrs == {}
    pairs = list(found[["study", "treatment1", "treatment2"]].itertuples(index=False, name=None))
    assert pairs == [("A", "needle", "sham"), ("A", "needle", "none"), ("A", "sham", "none"), ("B", "sham", "needle")]
    second = ev.effect_size("SMD", m1=3.0, sd1=2.0, n1=40, m2=5.5, sd2=2.4, n2=41)
    assert found.loc[1, ["yi", "vi"]].tolist() == pytest.approx(second.loc[0].tolist())
    md = ev.pairwise(MEANS, "MD")
    assert md.loc[1, "yi"] == pytest.approx(md.loc[0, "yi"] + md.loc[2, "yi"]), "differences of three arms close"
    net = ev.network(md, reference="sham", method="EE", test="z")
    assert net.estimates is not None and set(net.trials.index) == {"needle", "sham", "none"}


def test_there_and_back_are_the_same_arms():
    arms = ev.to_long(ev.pairwise(MEANS, "MD"))
    both = [frame.sort_values(["study", "treatment"]).reset_index(drop=True) for frame in (arms, MEANS)]
    pd.testing.assert_frame_equal(*both)


def test_columns_of_other_names_counts_and_rates():
    counts = pd.DataFrame({"trial": ["A", "A"], "arm": ["x", "y"], "r": [4, 9], "size": [20, 21]})
    given = {"events": "r", "n": "size"}
    found = ev.pairwise(counts, "RR", study="trial", treatment="arm", columns=given)
    assert found.loc[0, "yi"] == pytest.approx(np.log(4 / 20 / (9 / 21)))
    assert found[["ai", "n1", "ci", "n2"]].iloc[0].tolist() == [4, 20, 9, 21]
    rates = counts.rename(columns={"trial": "study", "arm": "treatment", "r": "events", "size": "time"})
    assert ev.pairwise(rates, "IRD").loc[0, "yi"] == pytest.approx(4 / 20 - 9 / 21)
    assert list(ev.pairwise(rates)) == ["study", "treatment1", "treatment2", "x1", "t1", "x2", "t2"]
    tables = pd.DataFrame({"study": ["A"], "AI": [4], "bi": [16], "ci": [9], "di": [12], "year": [2001]})
    assert ev.to_long(tables).values.tolist() == [["A", 1, 4, 20, 2001], ["A", 2, 9, 21, 2001]]


def test_what_is_left_out_is_counted_and_what_is_wrong_is_named():
    with pytest.warns(ev.Incomplete, match="1 arms lack a number and 1 trials have a single"):
        found = ev.pairwise(MEANS.assign(sd=[2.0, 2.1, 2.4, np.nan, 1.9]), "MD")
    assert set(found["study"]) == {"A"}
    with pytest.raises(ev.InvalidInput, match="treatment 'sham' stands twice in study 'A'"):
        ev.pairwise(MEANS.assign(treatment=["sham", "sham", "none", "sham", "needle"]), "MD")
    with pytest.raises(ev.InvalidInput, match="is no column"):
        ev.pairwise(MEANS, "RR")
    twice = ev.pairwise(MEANS, "MD")
    twice.loc[0, "m1"] = 9.0
    with pytest.raises(ev.InvalidInput, match="different numbers in two rows"):
        ev.to_long(twice)
