"""Effect sizes against metafor's escalc, by hand, by invariance, and as a user meets them."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev
from evidence.effects.measures.measures import MEASURES

ORACLE = Path(__file__).parents[1] / "oracle"
CASES = [case for file in ("escalc", "escalc_more") for case in json.loads((ORACLE / f"{file}.json").read_text())]
GROUPS = {"m1": 23.0, "sd1": 8.0, "n1": 40, "m2": 31.0, "sd2": 11.0, "n2": 36}

means = st.floats(-100, 100)
spreads = st.floats(1, 100)
sizes = st.integers(2, 10_000)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['measure']}-{case['options']}")
def test_agrees_with_escalc(case):
    effects = ev.effect_size(case["measure"], **case["inputs"], **case["options"])
    # The Hessian of the tetrachoric correlation is a numerical one; brute force agrees to what it gives.
    tolerance = 1e-6 if case["measure"] == "RTET" else 1e-8
    for column in ("yi", "vi"):
        expected = np.array(case[column], dtype=float)  # null, a dropped double zero, becomes nan
        np.testing.assert_allclose(effects[column], expected, rtol=tolerance, atol=0)


def test_oracle_covers_every_measure_and_every_variance():
    covered = {(case["measure"], case["options"].get("vtype", "LS")) for case in CASES}
    assert covered == {(name, vtype) for name, measure in MEASURES.items() for vtype in measure.vtypes}


def test_smd_by_hand():
    # pooled variance (9*4 + 9*16)/18 = 10, d = 2/sqrt(10); J(18) = gamma(9)/(3 gamma(8.5)) = 0.95765...
    effects = ev.effect_size("SMD", m1=5, sd1=2, n1=10, m2=3, sd2=4, n2=10)
    g = 2 / np.sqrt(10) * 40320 / (3 * 14034.40729348161)  # gamma(8.5) = 15!! sqrt(pi) / 2**8
    assert effects.yi[0] == pytest.approx(g, rel=1e-13)
    assert effects.vi[0] == pytest.approx(0.2 + g**2 / 40, rel=1e-13)


def test_counts_by_hand():
    table = {"ai": 15, "bi": 5, "ci": 10, "di": 10}
    assert ev.effect_size("RR", **table).yi[0] == pytest.approx(np.log(1.5))
    assert ev.effect_size("RR", **table).vi[0] == pytest.approx(1 / 15 - 1 / 20 + 1 / 10 - 1 / 20)
    assert ev.effect_size("OR", **table).yi[0] == pytest.approx(np.log(3))
    assert ev.effect_size("RD", **table).vi[0] == pytest.approx(0.75 * 0.25 / 20 + 0.25 / 20)
    zero = ev.effect_size("OR", ai=0, bi=10, ci=4, di=6)
    assert zero.yi[0] == pytest.approx(np.log((0.5 * 6.5) / (10.5 * 4.5)))


def test_cochrane_crossover_example():
    # Cochrane Handbook 5.1, section 16.4.6.4: SD 2.38 and 2.21, r 0.68, n 10: SE of the mean difference 0.583
    effects = ev.effect_size("MC", m1=7.0, m2=6.5, sd1=2.38, sd2=2.21, ni=10, ri=0.68)
    assert (effects.yi[0], round(float(np.sqrt(effects.vi[0])), 3)) == (0.5, 0.583)


@pytest.mark.parametrize("df", [2, 3, 10, 57, 198, 199, 200, 201, 400, 5000, 1_000_000])
def test_bias_correction_is_exact(df):
    """Against the product J(m) J(m+1) = (m-1) / sqrt(m (m+1)), which the gamma function's recurrence gives."""
    from evidence.effects.measures.small_sample import bias_correction

    product = bias_correction(np.array(df)) * bias_correction(np.array(df + 1))
    assert product == pytest.approx((df - 1) / np.sqrt(df * (df + 1.0)), rel=2e-13)


@given(means, spreads, sizes, means, spreads, sizes, st.floats(-100, 100), st.floats(0.1, 10))
def test_shift_and_scale(m1, sd1, n1, m2, sd2, n2, shift, scale):
    original = {"m1": m1, "sd1": sd1, "n1": n1, "m2": m2, "sd2": sd2, "n2": n2}
    moved = {"m1": (m1 + shift) * scale, "sd1": sd1 * scale, "m2": (m2 + shift) * scale, "sd2": sd2 * scale}
    for measure, unit in (("MD", scale), ("SMD", 1.0), ("SMDH", 1.0)):
        there, back = ev.effect_size(measure, **original), ev.effect_size(measure, **(original | moved))
        np.testing.assert_allclose(back.yi, there.yi * unit, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(back.vi, there.vi * unit**2, rtol=1e-9)


@pytest.mark.parametrize("measure", ["MD", "SMD", "SMDH", "ROM", "VR", "CVR"])
@given(st.floats(0.1, 1e4), spreads, sizes, st.floats(0.1, 1e4), spreads, sizes)
def test_swapping_arms_changes_only_the_sign(measure, m1, sd1, n1, m2, sd2, n2):
    group1, group2 = {"m": m1, "sd": sd1, "n": n1}, {"m": m2, "sd": sd2, "n": n2}
    wanted = MEASURES[measure].inputs

    def effects(one, two):
        both = {f"{k}1": v for k, v in one.items()} | {f"{k}2": v for k, v in two.items()}
        return ev.effect_size(measure, **{name: value for name, value in both.items() if name in wanted})

    there, back = effects(group1, group2), effects(group2, group1)
    np.testing.assert_allclose(there.yi, -back.yi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(there.vi, back.vi, rtol=1e-12)


@pytest.mark.parametrize("measure", ["RR", "OR", "RD", "AS", "PETO"])
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_swapping_arms_of_a_table_changes_only_the_sign(measure, ai, bi, ci, di):
    ai, bi, ci, di = ai + (ai + bi == 0), bi, ci, di + (ci + di == 0)
    there = ev.effect_size(measure, ai=ai, bi=bi, ci=ci, di=di)
    back = ev.effect_size(measure, ai=ci, bi=di, ci=ai, di=bi)
    np.testing.assert_allclose(there.yi, -back.yi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(there.vi, back.vi, rtol=1e-12)


def test_rows_do_not_depend_on_each_other_unless_averaged():
    rng = np.random.default_rng(3)
    many = {"m1": rng.normal(size=30), "sd1": rng.uniform(1, 3, 30), "n1": rng.integers(2, 90, 30)}
    many |= {"m2": rng.normal(size=30), "sd2": rng.uniform(1, 3, 30), "n2": rng.integers(2, 90, 30)}
    together = ev.effect_size("SMD", **many)
    apart = pd.concat([ev.effect_size("SMD", **{k: v[i] for k, v in many.items()}) for i in range(30)])
    np.testing.assert_array_equal(together, apart)


def test_hedges_g_is_unbiased_in_simulation():
    rng = np.random.default_rng(11)
    x, y = rng.normal(0.8, 1, (40_000, 5)), rng.normal(0, 1, (40_000, 4))
    effects = ev.effect_size("SMD", m1=x.mean(1), sd1=x.std(1, ddof=1), n1=5, m2=y.mean(1), sd2=y.std(1, ddof=1), n2=4)
    assert effects.yi.mean() == pytest.approx(0.8, abs=4 * effects.yi.std() / 200)


def test_scalars_make_one_row_and_series_keep_their_index():
    assert ev.effect_size("MD", **GROUPS).shape == (1, 2)
    arms = pd.DataFrame({"m1": [1.0, 2.0], "m2": [0.5, 0.5]}, index=["Brinkhaus 2006", "Haake 2007"])
    effects = ev.effect_size("MD", m1=arms.m1, sd1=1, n1=20, m2=arms.m2, sd2=1, n2=20)
    assert list(effects.index) == ["Brinkhaus 2006", "Haake 2007"]
    assert list(effects.columns) == ["yi", "vi"]
    # labels, not places, say which number belongs to which trial
    again = ev.effect_size(
        "MD", m1=arms.m1, sd1=1, n1=20, m2=pd.Series([9.0, 0.5], index=arms.index[::-1]), sd2=1, n2=20
    )
    assert again.yi.to_list() == [0.5, -7.0] and list(again.index) == list(arms.index)
    with pytest.raises(ev.InvalidInput, match=r"m2 has other labels than m1 \(first: 'Witt 2006'\)"):
        ev.effect_size("MD", m1=arms.m1, sd1=1, n1=20, m2=arms.m2.rename({"Haake 2007": "Witt 2006"}), sd2=1, n2=20)


def test_double_zeros_go_missing_only_when_asked():
    table = {"ai": [0, 3], "bi": [10, 7], "ci": [0, 5], "di": [12, 7]}
    assert ev.effect_size("RR", **table).notna().all(axis=None)
    dropped = ev.effect_size("RR", drop00=True, **table)
    assert dropped.isna().all(axis=1).tolist() == [True, False]
    assert ev.effect_size("RD", ai=0, bi=9, ci=0, di=8, drop00=True, vtype="AV").isna().all(axis=None)


def test_totals_may_replace_others():
    by_cells = ev.effect_size("OR", ai=[3, 0], bi=[7, 9], ci=[5, 2], di=[7, 8])
    by_totals = ev.effect_size("OR", ai=[3, 0], n1=[10, 9], ci=[5, 2], n2=[12, 10])
    pd.testing.assert_frame_equal(by_cells, by_totals)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sd1": [8.0, -1.0]}, r"sd1\[1\] = -1.0: must be above 0"),
        ({"sd2": 0}, r"sd2 = 0.0: must be above 0"),
        ({"n1": [40, 30, 1]}, r"n1\[2\] = 1.0: must be a sample size of 2 or more"),
        ({"m1": [23.0, np.nan]}, r"m1\[1\] = nan: must be a finite number"),
        ({"m2": pd.array([31.0, None], dtype="Float64")}, r"m2\[1\] = nan: must be a finite number"),
        ({"m1": "twenty"}, "m1 = 'twenty': must be a number"),
        ({"m1": [1, 2], "m2": [1, 2, 3]}, r"shapes do not broadcast to one: m1 \(2,\), m2 \(3,\)"),
        ({"m1": [[1.0, 2.0]]}, r"broadcast to shape \(1, 2\): must be scalars or one-dimensional"),
        ({"sd3": 4}, "SMD needs m1, m2, sd1, n1, sd2, n2; not used: sd3"),
        ({"vtype": "HO"}, "vtype 'HO' is unknown; choose one of LS, LS2, UB, AV"),
    ],
)
def test_bad_groups_are_named(changed, message):
    with pytest.raises(ev.InvalidInput, match=message):
        ev.effect_size("SMD", **(GROUPS | changed))


@pytest.mark.parametrize(
    ("measure", "given", "message"),
    [
        ("WMD", GROUPS, "measure 'WMD' is unknown; choose one of MD, SMD"),
        ("MD", {"m1": 1, "m2": 2}, "missing: sd1, n1, sd2, n2"),
        ("PR", {"xi": [3, 12], "ni": [10, 10]}, r"xi\[1\] = 12.0: must not exceed ni"),
        ("RR", {"ai": 11, "n1": 10, "ci": 2, "n2": 10}, "ai = 11.0: must not exceed n1"),
        ("OR", {"ai": -1, "bi": 3, "ci": 2, "di": 3}, "ai = -1.0: must be 0 or more"),
        ("OR", {"ai": 0, "bi": 0, "ci": 2, "di": 3}, r"n1 \(ai \+ bi\) = 0.0: must be 1 or more"),
        ("OR", {"ai": 1, "bi": 2, "ci": 2, "di": 3, "to": "zero"}, "to 'zero' is unknown; choose one of"),
        ("OR", {"ai": 1, "bi": 2, "ci": 2, "di": 3, "add": -1}, "add -1 cannot be added to cells"),
        ("COR", {"ri": [0.2, 1.0], "ni": 20}, r"ri\[1\] = 1.0: must lie between -1 and 1"),
        ("ZCOR", {"ri": 0.2, "ni": 3}, "ni = 3.0: must be a sample size of 4 or more"),
        ("MC", {"m1": 1, "m2": 2, "sd1": 1, "sd2": 1, "ni": 9, "ri": -1}, "ri = -1.0: must lie between"),
        ("IRR", {"x1": 1, "t1": 0, "x2": 3, "t2": 5}, "t1 = 0.0: must be above 0"),
    ],
)
def test_bad_input_is_named(measure, given, message):
    with pytest.raises(ev.InvalidInput, match=message):
        ev.effect_size(measure, **given)


@pytest.mark.parametrize(
    ("measure", "given", "message"),
    [
        ("ROM", GROUPS | {"m1": [1.0, -1.0, 0.0]}, r"ROM needs two means of the same sign.* row 1 .*2 such rows"),
        ("CVR", GROUPS | {"m1": -23.0, "m2": -31.0}, "CVR needs two means above 0; row 0"),
        ("OR", {"ai": [2, 0], "bi": 3, "ci": 2, "di": 3, "to": "none"}, "OR needs counts above 0.* row 1 has ai = 0.0"),
        ("PETO", {"ai": 0, "bi": 3, "ci": 0, "di": 3, "to": "none"}, "PETO needs at least one event"),
        ("RD", {"ai": 1, "bi": 0, "ci": 1, "di": 3, "to": "none", "vtype": "UB"}, "RD needs more than one person"),
    ],
)
def test_rows_without_an_effect_are_named(measure, given, message):
    with pytest.raises(ev.NotEstimable, match=message):
        ev.effect_size(measure, **given)


def test_reference_and_error_follow_the_registry():
    words = set(re.findall(r"\w+", ev.effect_size.__doc__ or ""))
    for name, measure in MEASURES.items():
        assert {name, *measure.inputs, *measure.vtypes} <= words
    with pytest.raises(ev.InvalidInput, match=f"choose one of {', '.join(MEASURES)}"):
        ev.effect_size("WMD")


def test_a_correction_that_a_measure_does_not_have_cannot_be_chosen():
    with pytest.raises(ev.InvalidInput, match="RR has no correction for bias to choose"):
        ev.effect_size("RR", ai=3, bi=7, ci=5, di=5, correct=False)
    d, g = (ev.effect_size("SMD", **GROUPS, correct=correct)["yi"][0] for correct in (False, True))
    assert abs(g) < abs(d) and g == ev.effect_size("SMD", **GROUPS)["yi"][0]
    assert ev.effect_size("ROM", **GROUPS)["yi"][0] == pytest.approx(np.log(23 / 31))


def test_association_of_a_table_does_not_hang_on_which_variable_stands_in_rows():
    table, turned = {"ai": 12, "bi": 5, "ci": 7, "di": 30}, {"ai": 12, "bi": 7, "ci": 5, "di": 30}
    for measure in ("PHI", "YUQ", "YUY", "RTET"):
        one, other = ev.effect_size(measure, **table), ev.effect_size(measure, **turned)
        np.testing.assert_allclose(one, other, rtol=1e-9)
        assert 0.3 < one["yi"][0] < 1
    with pytest.raises(ev.NotEstimable, match="RTET needs counts above 0"):
        ev.effect_size("RTET", ai=0, bi=5, ci=7, di=30)
    assert ev.effect_size("RTET", ai=0, bi=5, ci=7, di=30, add=0.5)["yi"][0] < 0


def test_a_partial_correlation_of_a_lone_predictor_is_the_correlation():
    t, n = 2.4, 50
    r = t / np.sqrt(t**2 + n - 2)
    np.testing.assert_allclose(ev.effect_size("PCOR", ti=t, mi=1, ni=n), ev.effect_size("COR", ri=r, ni=n), rtol=1e-12)
    np.testing.assert_allclose(
        ev.effect_size("ZPCOR", ti=t, mi=1, ni=n), ev.effect_size("ZCOR", ri=r, ni=n), rtol=1e-12
    )
    whole = ev.effect_size("SPCOR", ti=t, mi=1, ni=n, r2i=r**2)
    assert whole["yi"][0] == pytest.approx(r)
    with pytest.raises(ev.NotEstimable, match="more people than predictors by 3"):
        ev.effect_size("ZPCOR", ti=t, mi=9, ni=10)
