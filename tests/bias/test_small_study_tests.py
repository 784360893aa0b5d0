"""Regression and rank tests by hand, at their edges and from the user's side."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence as ev

YI = np.array([0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10])
VI = np.array([0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]) ** 2
NI = np.array([60, 100, 33, 280, 200, 101, 80, 90, 140, 36, 111])


def test_egger_is_the_intercept_of_standardised_effects_on_precision():
    z, precision = YI / np.sqrt(VI), 1 / np.sqrt(VI)
    slope, intercept = np.polyfit(precision, z, 1)
    found = ev.egger(YI, VI)
    assert found.intercept == pytest.approx(intercept, rel=1e-10)
    assert found.limit_estimate == pytest.approx(slope, rel=1e-10)
    assert found.df == 9


def test_effects_on_a_line_give_the_line_back():
    sei = np.linspace(0.1, 0.5, 12)
    wiggle = 0.01 * np.tile([1, -1], 6)
    found = ev.egger(0.3 + 2 * sei + wiggle, sei**2)
    assert (found.limit_estimate, found.intercept) == (pytest.approx(0.3, abs=0.02), pytest.approx(2, abs=0.05))
    assert found.p_value < 1e-6


@pytest.mark.parametrize("shift", [-3.0, 0.25, 10.0])
def test_a_shift_moves_only_the_limit(shift):
    for model in ("lm", "rma"):
        base, moved = ev.egger(YI, VI, model=model), ev.egger(YI + shift, VI, model=model)
        assert moved.intercept == pytest.approx(base.intercept, rel=1e-7)
        assert moved.p_value == pytest.approx(base.p_value, rel=1e-6)
        assert moved.limit_estimate == pytest.approx(base.limit_estimate + shift, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 100), st.permutations(range(11)))
def test_units_and_order_do_not_matter(scale, order):
    order = list(order)
    for test in (ev.egger, ev.thompson_sharp):
        base, other = test(YI, VI), test(scale * YI[order], scale**2 * VI[order])
        assert other.intercept == pytest.approx(base.intercept, rel=1e-6)
        assert other.limit_estimate == pytest.approx(scale * base.limit_estimate, rel=1e-6)
    assert ev.begg(scale * YI[order], scale**2 * VI[order]).tau == pytest.approx(ev.begg(YI, VI).tau)


def test_mirrored_effects_mirror_the_asymmetry():
    for test in (ev.egger, ev.thompson_sharp):
        assert test(-YI, VI).intercept == pytest.approx(-test(YI, VI).intercept, rel=1e-9)
    assert ev.begg(-YI, VI).tau == -ev.begg(YI, VI).tau
    assert "lower" in ev.egger(-YI, VI).sentence()
    assert "higher" in ev.egger(YI, VI).sentence()


def test_the_random_effects_variant_follows_the_fit():
    equal = ev.egger(ev.pool(YI, VI, method="EE", test="z"), model="rma")
    assert (equal.tau2, equal.df) == (0, np.inf)
    # without a variance between studies, only the factor on the standard error separates it from the classical test
    classical = ev.egger(YI, VI)
    assert equal.intercept == pytest.approx(classical.intercept, rel=1e-9)
    assert classical.se == pytest.approx(equal.se * np.sqrt(classical.dispersion), rel=1e-9)
    assert ev.egger(ev.pool(YI, VI, test="t", level=0.9), model="rma").level == 0.9


def test_begg_by_hand():
    """Four studies, all pairs discordant but one: tau = (1 - 5) / 6."""
    found = pytest.warns(ev.SmallSample, match="too few")
    with found:
        test = ev.begg([0.9, 0.5, 0.2, 0.25], [0.01, 0.02, 0.03, 0.04])
    w = 1 / np.array([0.01, 0.02, 0.03, 0.04])
    y = np.array([0.9, 0.5, 0.2, 0.25])
    star = (y - np.sum(w * y) / w.sum()) / np.sqrt(1 / w - 1 / w.sum())
    pairs = [np.sign(star[j] - star[i]) for i in range(4) for j in range(i + 1, 4)]
    assert test.tau == pytest.approx(sum(pairs) / 6)
    # 1 + 3 of 24 orders are as far from zero on this side, and as many on the other
    assert (sum(pairs), test.p_value) == (-4, pytest.approx(2 * 4 / 24))


def test_predictors_that_are_the_same_thing_agree():
    sei = ev.egger(YI, VI)
    as_size = ev.egger(YI, VI, predictor="sqrtninv", ni=1 / VI)
    assert as_size.intercept == pytest.approx(sei.intercept, rel=1e-10)
    by_vi = ev.egger(YI, VI, predictor="vi")
    assert ev.egger(YI, VI, predictor="ninv", ni=1 / VI).statistic == pytest.approx(by_vi.statistic, rel=1e-9)
    assert ev.egger(YI, VI, predictor="ni", ni=NI).limit_estimate is None


def test_harbord_by_hand():
    a, b, c, d = np.array([[10, 20, 5, 30], [40, 30, 45, 170], [5, 12, 6, 33], [45, 38, 44, 167]], dtype=float)
    n = a + b + c + d
    z = a - (a + b) * (a + c) / n
    v = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    slope, intercept = np.polyfit(np.sqrt(v), z / np.sqrt(v), 1)
    with pytest.warns(ev.SmallSample):
        found = ev.harbord(a, b, c, d)
    assert (found.intercept, found.limit_estimate) == (pytest.approx(intercept), pytest.approx(slope))


def test_swapping_groups_mirrors_the_count_tests():
    rng = np.random.default_rng(3)
    a, b, c, d = rng.integers(1, 60, (4, 15))
    for test in (ev.macaskill, ev.peters, ev.harbord):
        assert test(c, d, a, b).intercept == pytest.approx(-test(a, b, c, d).intercept, rel=1e-9)
        assert test(c, d, a, b).p_value == pytest.approx(test(a, b, c, d).p_value, rel=1e-9)


def test_tables_without_an_event_are_left_out():
    rng = np.random.default_rng(4)
    a, b, c, d = rng.integers(1, 60, (4, 12))
    empty = [np.append(cell, value) for cell, value in zip((a, b, c, d), (0, 50, 0, 50), strict=True)]
    for test in (ev.macaskill, ev.peters, ev.harbord):
        assert test(*empty).k == 12
        assert test(*empty).p_value == test(a, b, c, d).p_value


@pytest.mark.parametrize("test", [ev.macaskill, ev.peters, ev.harbord])
def test_counts_come_in_a_frame_or_as_series_paired_by_label(test):
    counts = pd.DataFrame(
        np.random.default_rng(5).integers(1, 60, (12, 4)), list("abcdefghijkl"), ["ai", "bi", "ci", "di"]
    )
    expected = test(*counts.to_numpy().T)
    backwards = counts.iloc[::-1]
    for found in (test(counts), test(counts["ai"], backwards["bi"], counts["ci"], backwards["di"])):
        assert (found.intercept, found.p_value) == (expected.intercept, expected.p_value)
    with pytest.raises(ev.InvalidInput, match="needs ai and one of bi and n1"):
        test(counts["ai"])


def test_the_user_is_told_what_is_wrong():
    with pytest.raises(ev.NotEstimable, match="at least 3 studies; there are 2"):
        ev.egger(YI[:2], VI[:2])
    with pytest.raises(ev.NotEstimable, match="same sei"):
        ev.egger(YI, np.full(11, 0.04))
    with pytest.raises(ev.NotEstimable, match="same variance"):
        ev.begg(YI, np.full(11, 0.04))
    with pytest.raises(ev.NotEstimable, match="vi = 0"):
        ev.egger(YI, np.where(VI.min() == VI, 0, VI))
    with pytest.raises(ev.InvalidInput, match="ni is missing"):
        ev.egger(YI, VI, predictor="ninv")
    with pytest.raises(ev.InvalidInput, match="10 values for 11"):
        ev.egger(YI, VI, predictor="ninv", ni=NI[:10])
    with pytest.raises(ev.InvalidInput, match=r"leave vi out|not both"):
        ev.egger(ev.pool(YI, VI), VI)
    with pytest.raises(ev.InvalidInput, match="model 'ols' is unknown"):
        ev.egger(YI, VI, model="ols")
    with pytest.raises(ev.InvalidInput, match=r"ai\[2\] = -1.0: must be 0, or a count"):
        ev.peters([1, 2, -1], [3, 4, 5], [1, 1, 1], [2, 2, 2])
    with pytest.warns(ev.SmallSample, match="5 studies are too few"):
        ev.egger(YI[:5], VI[:5])


def test_a_frame_with_missing_rows_and_a_column_of_sizes():
    frame = pd.DataFrame({"study": list("abcdefghijk"), "yi": YI, "vi": VI, "n": NI})
    full = ev.egger(frame, predictor="ninv", ni="n")
    assert full.p_value == ev.egger(YI, VI, predictor="ninv", ni=NI).p_value
    holes = pd.concat([frame, pd.DataFrame({"study": ["l"], "yi": [np.nan], "vi": [0.1], "n": [50]})])
    assert ev.egger(holes, predictor="ninv", ni="n").p_value == full.p_value
    assert ev.egger([*YI, np.nan], [*VI, 0.1], predictor="ninv", ni=[*NI, 50]).p_value == full.p_value


def test_results_show_themselves():
    found = ev.egger(YI, VI)
    assert found.to_frame().loc[0, "p_value"] == found.p_value
    assert found.summary().startswith("Egger's test, predictor sei (k = 11)")
    assert f"t(9) = {found.statistic:.2f}" in found.summary()
    assert "<table" in found._repr_html_() and "Egger&#x27;s test" in found._repr_html_()
    assert repr(ev.begg(YI, VI)) == ev.begg(YI, VI).summary()
