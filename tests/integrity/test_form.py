"""What all checks share: what they take, and the frame they give."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev

#: Each check with numbers of two rows, of which the first is fine.
CHECKS = {
    "grim": {"mean": ["5.18", "5.19"], "n": [28, 28]},
    "grimmer": {"mean": ["2.57", "5.23"], "sd": ["2.57", "2.55"], "n": [30, 35]},
    "debit": {"mean": ["0.34", "0.19"], "sd": ["0.47", "0.35"], "n": [1683, 1683]},
    "sd_plausible": {"mean": ["4.2", "4.2"], "sd": ["2.5", "3.5"], "n": [5, 5], "low": [1, 1], "high": [7, 7]},
    "se_as_sd": {"sd": ["18.0", "2.5"], "n": [60, 60]},
    "p_recomputed": {"statistic": ["2.20", "2.20"], "df": [28, 28], "p": ["0.04", "0.06"]},
    "interval_symmetric": {"estimate": ["2.0", "2.4"], "ci_low": ["1.0", "1.0"], "ci_high": ["3.0", "3.0"]},
    "percent_of_n": {"percent": ["46.7", "46.6"], "events": [14, 14], "n": [30, 30]},
    "n_flow": {"randomised": [30, 30], "analysed": [28, 31]},
    "correlation_implied": {"sd_pre": ["20", "20"], "sd_post": ["22", "22"], "sd_change": ["21", "44"]},
}
OPTIONS = {"se_as_sd": {"reference": [17, 19, 20, 22, 24, 25]}}


def call(name, given):
    return getattr(ev, name)(**given, **OPTIONS.get(name, {}))


@pytest.mark.parametrize("name", CHECKS)
def test_the_first_passes_and_the_second_does_not(name):
    found = call(name, CHECKS[name])
    assert list(found.columns[:3]) == ["passes", "number", "rule"]
    assert found["passes"].dtype == "boolean" and found["number"].dtype == float
    assert found["passes"].tolist() == [True, False]
    assert all(len(rule) > 10 for rule in found["rule"]) and isinstance(found.index, pd.RangeIndex)


@pytest.mark.parametrize("name", CHECKS)
def test_one_row_as_scalars_is_the_same(name):
    whole = call(name, CHECKS[name])
    for i in range(2):
        one = call(name, {key: values[i] for key, values in CHECKS[name].items()})
        names = whole.columns.drop("arms_total", errors="ignore")  # of all arms, where rows are arms of one trial
        pd.testing.assert_frame_equal(one[names], whole[names].iloc[[i]].reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("name", CHECKS)
def test_a_missing_number_is_no_verdict(name):
    for key, values in CHECKS[name].items():
        for nothing in (None, np.nan, pd.NA):
            found = call(name, {**CHECKS[name], key: [values[0], nothing]})
            assert found["passes"][0]
            if name != "sd_plausible" or key not in ("low", "high"):
                optional = (name, key) == ("percent_of_n", "events")
                assert optional or (pd.isna(found["passes"][1]) and "cannot be checked" in found["rule"][1]), key


@pytest.mark.parametrize("name", CHECKS)
def test_series_are_paired_by_label(name):
    first, *rest = CHECKS[name]
    given = {first: pd.Series(CHECKS[name][first], index=["a", "b"])}
    given |= {key: pd.Series(CHECKS[name][key][::-1], index=["b", "a"]) for key in rest}
    found = call(name, given)
    assert found["passes"].loc[["a", "b"]].tolist() == [True, False]
    if rest:
        with pytest.raises(ev.InvalidInput, match="labels"):
            call(name, {**given, rest[-1]: pd.Series(CHECKS[name][rest[-1]], index=["b", "c"])})


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_no_number_is_refused_by_name(name):
    for key in CHECKS[name]:
        for wrong in (object(), "many", {"a": 1}):
            with pytest.raises(ev.InvalidInput, match=key):
                call(name, {**CHECKS[name], key: wrong})


@pytest.mark.parametrize("name", CHECKS)
def test_no_rows_give_an_empty_frame(name):
    found = call(name, {key: [] for key in CHECKS[name]})
    assert len(found) == 0 and {"passes", "number", "rule"} <= set(found.columns)


@pytest.mark.parametrize("name", CHECKS)
def test_texts_speak_of_numbers_not_of_people(name):
    words = (getattr(ev, name).__doc__ + " ".join(call(name, CHECKS[name])["rule"])).lower()
    assert not any(accusing in words for accusing in ("fraud", "fabricat", "misconduct", "fake"))
