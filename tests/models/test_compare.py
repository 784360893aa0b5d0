"""Comparison of nested models and of subgroups; their numbers against metafor are in tests/sensitivity."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev


def frame():
    rng = np.random.default_rng(3)
    vi = rng.uniform(0.02, 0.2, 16)
    return pd.DataFrame(
        {"yi": rng.normal(0.3, np.sqrt(vi + 0.1)), "vi": vi, "x": rng.normal(size=16), "arm": list("aabb") * 4}
    )


@pytest.mark.parametrize(
    ("full", "reduced", "words"),
    [
        (lambda f: ev.pool(f, method="ML"), lambda f: ev.pool(f.iloc[1:], method="ML"), "different studies"),
        (lambda f: ev.pool(f, method="ML"), lambda f: ev.regress(f, formula="~ x", method="ML"), "does not have"),
        (lambda f: ev.regress(f, formula="~ x"), lambda f: ev.pool(f), 'method="ML"'),
        (lambda f: ev.regress(f, formula="~ x", method="ML"), lambda f: ev.pool(f, method="REML"), "refit"),
        (lambda f: ev.regress(f, formula="~ x", method="DL"), lambda f: ev.pool(f, method="DL"), "refit"),
    ],
)
def test_models_that_do_not_compare(full, reduced, words):
    with pytest.raises(ev.InvalidInput, match=words):
        ev.likelihood_ratio(full(frame()), reduced(frame()))


def test_same_model_is_not_a_comparison():
    fit = ev.pool(frame(), method="ML")
    with pytest.raises(ev.NotEstimable, match="no more parameters"):
        ev.likelihood_ratio(fit, fit)


def test_separate_subgroups_by_hand():
    data = frame()
    result = ev.subgroups(data, "arm")
    a, b = (ev.pool(data[data["arm"] == name]) for name in "ab")
    assert result.statistic == pytest.approx((a.estimate - b.estimate) ** 2 / (a.se**2 + b.se**2), rel=1e-10)
    assert result.to_frame()["estimate"].tolist() == pytest.approx([a.estimate, b.estimate], rel=1e-10)
    assert "2 groups" in result.sentence()


def test_common_tau2_ignores_rows_without_a_group_or_an_effect():
    data = frame().assign(group="taken")  # the name the regression uses inside
    data.loc[0, "arm"] = None
    data.loc[1, "yi"] = np.nan
    with pytest.warns(ev.Incomplete, match="1 of .* rows has no group"):
        result = ev.subgroups(data, "arm", tau2="common", test="z")
    clean = ev.subgroups(data.iloc[2:], "arm", tau2="common", test="z")
    pd.testing.assert_frame_equal(result.groups, clean.groups)
    assert result.groups["tau2"].nunique() == 1


def test_one_group_is_refused():
    with pytest.raises(ev.NotEstimable, match="at least two"):
        ev.subgroups(frame().assign(arm="a"), "arm")
    with pytest.raises(ev.InvalidInput, match="'arms'"):
        ev.subgroups(frame(), "arms")
