"""The one door for trials: whatever they come as, the right values meet, or the user is told why not."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.studies import read_studies

YI, VI = pd.Series([0.1, 0.5, 0.9], index=list("xyz")), pd.Series([0.9, 0.02, 0.01], index=list("zyx"))
FRAME = pd.DataFrame(
    {
        "yi": [0.1, np.nan, 0.5, 0.9],
        "vi": [0.01, 0.3, 0.02, 0.9],
        "year": [2003, 2002, 2001, 2000],
        "arm": list("abab"),
    },
    index=[3, 5, 7, 9],
)


def test_series_are_paired_by_their_labels():
    right = ev.pool([0.1, 0.5, 0.9], [0.01, 0.02, 0.9], method="EE").estimate
    assert ev.pool(YI, VI, method="EE").estimate == pytest.approx(right, rel=1e-12)
    assert ev.pool(YI, VI, method="EE").slab == ("x", "y", "z")


def test_a_slope_does_not_turn_with_the_order_of_its_moderator():
    data = pd.DataFrame({"dose": [3.0, 2.0, 1.0]}, index=list("zyx"))
    fit = ev.regress(YI, pd.Series(0.1, index=list("xyz")), "~ dose", data, method="EE", test="z")
    assert fit.coefficients.loc["dose", "estimate"] == pytest.approx(0.4)


def test_other_labels_are_refused_and_a_default_index_is_none():
    with pytest.raises(ev.InvalidInput, match="other labels than the studies"):
        ev.pool(YI, VI.rename({"z": "q"}))
    with pytest.raises(ev.InvalidInput, match="a label stands twice"):
        ev.pool(YI, VI.rename({"z": "x"}))
    by_position = ev.pool(YI, VI.reset_index(drop=True), method="EE").estimate
    assert by_position == ev.pool(YI.to_numpy(), VI.to_numpy(), method="EE").estimate


def test_a_fit_is_trials_too():
    fit = ev.pool(FRAME)
    again = ev.pool(fit, method="EE")
    assert again.slab == fit.slab and again.method == "EE" and again.k == 3
    assert ev.pool(fit, by="arm")["k"].tolist() == [2, 1]


def test_what_else_a_trial_carries_is_a_column_or_values():
    studies = read_studies(FRAME)
    expected = [2003.0, 2001.0, 2000.0]
    for given in ("year", FRAME["year"], FRAME["year"].iloc[::-1], FRAME["year"].to_list(), expected):
        assert studies.floats(given, "order").tolist() == expected
    assert studies.floats(FRAME["year"].drop(5), "order").tolist() == expected
    for given, words in {"day": "no column 'day'", (1, 2): "2 values for 3 studies", None: "order is missing"}.items():
        with pytest.raises(ev.InvalidInput, match=words):
            studies.floats(given, "order")
    with pytest.raises(ev.InvalidInput, match="has no order"):
        studies.floats([1, np.nan, 3], "order")
    with pytest.raises(ev.InvalidInput, match="did not come in a frame"):
        read_studies(YI, VI).floats("year", "order")


def test_groups_come_by_name_or_by_value():
    by_name = ev.pool(FRAME, by="arm")
    assert by_name.columns[0] == "arm" and by_name["k"].tolist() == [2, 1]
    by_value = ev.pool(FRAME["yi"], FRAME["vi"], by=FRAME["arm"])
    pd.testing.assert_frame_equal(by_value, by_name)
    assert ev.pool(FRAME["yi"].to_list(), FRAME["vi"].to_list(), by=list("abab")).columns[0] == "group"


@pytest.mark.parametrize("wrong", [None, "trials.csv", {"yi": [1]}, object(), [[1, 2], [3, 4]], 10**400, [1, "two"]])
def test_what_is_no_trial_is_an_error_with_words(wrong):
    with pytest.raises(ev.InvalidInput):
        ev.pool(wrong, [0.1])


def test_masked_values_are_missing():
    masked = np.ma.masked_array([0.1, 99.0, 0.5, 0.3], mask=[False, True, False, False])
    assert ev.pool(masked, [0.1, 0.1, 0.1, 0.1], method="EE").estimate == pytest.approx(0.3)


def test_a_row_without_a_group_is_in_no_group():
    frame = FRAME.assign(arm=["a", None, None, "b"])
    with pytest.warns(ev.Incomplete, match="2 of 4 rows have no group and are left out"):
        assert ev.pool(frame, by="arm")["k"].tolist() == [1, 1]
