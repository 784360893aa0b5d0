"""Diagnostics by hand, at their edges, and from the user's side; see test_oracle for the numbers of metafor."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev
from evidence.sensitivity import gosh as gosh_module
from evidence.sensitivity.permutation import _arrangement, _arrangements


def simulated(k, seed=0, slope=0.0):
    rng = np.random.default_rng(seed)
    vi = rng.uniform(0.02, 0.3, k)
    x = rng.normal(size=k)
    return pd.DataFrame({"yi": rng.normal(0.4 + slope * x, np.sqrt(vi + 0.05)), "vi": vi, "x": x})


def test_leave_one_out_is_pooling_the_rest():
    frame = simulated(6)
    table = ev.leave_one_out(ev.pool(frame, method="DL"))
    for i in range(6):
        rest = ev.pool(frame.drop(index=i), method="DL").to_frame().iloc[0]
        assert table.iloc[i].to_numpy(float) == pytest.approx(rest.to_numpy(float), rel=1e-12)


def test_leave_one_out_needs_two_studies():
    with pytest.raises(ev.NotEstimable, match="one study"):
        ev.leave_one_out(ev.pool([0.1], [0.1]))


def test_cumulative_grows_to_the_whole():
    frame = simulated(7)
    fit = ev.pool(frame)
    table = ev.cumulative(fit, order=[7, 1, 3, 2, 6, 5, 4])
    assert list(table["k"]) == [1, 2, 3, 4, 5, 6, 7]
    assert table.index[0] == "Study 2" and table.index[-1] == "Study 1"
    assert table.iloc[-1].to_numpy(float) == pytest.approx(fit.to_frame().iloc[0].to_numpy(float), rel=1e-10)
    with pytest.raises(ev.InvalidInput, match="order"):
        ev.cumulative(fit, order=[1, 2])


def test_outlier_is_flagged_and_others_are_not():
    frame = simulated(12)
    frame.loc[3, "yi"] = 4.0
    result = ev.influence(ev.pool(frame))
    assert list(result.influential[result.influential].index) == ["Study 4"]
    assert "Study 4" in result.summary()
    assert {"rstudent", "cooks_distance", "dfbetas_estimate", "influential"} <= set(result.to_frame())


def test_influence_with_weights_of_ones_own_matches_equal_weights():
    frame = simulated(8, slope=0.3)
    own = ev.regress(frame, formula="~ x", weights=np.ones(8))
    equal = ev.regress(frame, formula="~ x", weighted=False)
    pd.testing.assert_frame_equal(ev.influence(own).to_frame(), ev.influence(equal).to_frame(), rtol=1e-9)


def test_study_that_alone_carries_a_moderator():
    frame = simulated(6).assign(arm=list("aaaaab"))
    table = ev.influence(ev.regress(frame, formula="~ arm")).diagnostics
    assert np.isnan(table["rstudent"].iloc[5])
    assert np.isfinite(table["rstudent"].iloc[:5]).all()
    assert table["hat"].iloc[5] == pytest.approx(1)


def test_influence_refuses_too_few_studies():
    with pytest.raises(ev.NotEstimable, match="leaving one out"):
        ev.influence(ev.regress(simulated(3), formula="~ x"))


def test_gosh_subsets_are_the_fits_of_those_studies():
    frame = simulated(5)
    result = ev.gosh(ev.pool(frame, method="PM"))
    table = result.to_frame()
    assert result.exhaustive and len(table) == 31
    members = np.column_stack([result.includes(i) for i in range(5)])
    assert len(np.unique(members, axis=0)) == 31
    assert (members.sum(axis=1) == table["k"]).all()
    assert (result.includes("Study 3") == members[:, 2]).all()
    for row, chosen in zip(table.itertuples(), members, strict=True):
        if chosen.sum() > 2:
            alone = ev.pool(frame[chosen], method="PM")
            assert (row.estimate, row.tau2, row.i2) == pytest.approx((alone.estimate, alone.tau2, alone.i2), rel=1e-9)


def test_gosh_at_random_takes_each_study_half_the_time():
    result = ev.gosh(ev.pool(simulated(30)), subsets=4000, seed=3)
    assert not result.exhaustive and len(result.k) == 4000
    shares = [result.includes(i).mean() for i in range(30)]
    assert np.abs(np.array(shares) - 0.5).max() < 5 * 0.5 / np.sqrt(4000)
    assert result.k.var() == pytest.approx(7.5, rel=0.15)  # binomial(30, 1/2)


def test_gosh_of_a_regression_counts_subsets_without_a_fit():
    frame = simulated(6).assign(arm=list("aaabbb"))
    result = ev.gosh(ev.regress(frame, formula="~ 0 + arm", test="z"))
    assert len(result.k) == 7 * 7  # both arms have a study
    assert result.failed == 57 - 49  # of the 57 subsets of two or more, 2 * 4 lie in one arm
    assert list(result.to_frame().columns[:2]) == ["arm[a]", "arm[b]"]


def test_arrangements_are_all_different_and_complete():
    counts = np.array([2, 1, 3])
    orders = _arrangement(counts, np.arange(_arrangements(counts)))
    assert len(orders) == 60 == len(np.unique(orders, axis=0))
    assert (np.sort(orders, axis=1) == [0, 0, 1, 2, 2, 2]).all()


def test_permutation_p_value_without_effect_is_uniform():
    p_values = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        fit = ev.pool(rng.normal(size=6), np.full(6, 0.5), method="DL")
        p_values.append(ev.permutation_test(fit, exact=True).p_value)
    assert min(p_values) >= 2 / 64
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_random_permutations_approach_the_exact_test():
    fit = ev.regress(simulated(7, seed=4, slope=0.2), formula="~ x", method="DL", test="z")
    exact = ev.permutation_test(fit, exact=True)
    random = ev.permutation_test(fit, iterations=20_000, exact=False, seed=1)
    assert exact.iterations == 5040
    spread = np.sqrt(exact.p_value * (1 - exact.p_value) / 20_000)
    assert (np.abs(random.p_value - exact.p_value) < 4 * spread + 1e-4).all()
    assert random.distribution[0] == pytest.approx(fit.coefficients["statistic"].to_numpy(), rel=1e-9)


def test_permutation_refuses_what_would_never_end():
    with pytest.raises(ev.NotEstimable, match=r"10\^12 rearrangements"):
        ev.permutation_test(ev.pool(simulated(40)), exact=True)
    with pytest.raises(ev.NotEstimable, match=r"10\^1505 rearrangements"):
        ev.permutation_test(ev.pool(simulated(5000)), exact=True)


def test_parametric_bootstrap_of_an_equal_effects_mean_is_normal():
    fit = ev.pool(simulated(10), method="EE", test="z")
    result = ev.bootstrap(fit, iterations=20_000, seed=1)
    table = result.ci("percentile")
    assert table.loc["estimate", "se"] == pytest.approx(fit.se, rel=0.03)
    assert table.loc["estimate", ["ci_low", "ci_high"]].to_numpy(float) == pytest.approx(
        tuple(fit.ci), abs=0.05 * fit.se
    )


def test_bootstrap_intervals_by_hand():
    fit = ev.pool(simulated(9, seed=2))
    result = ev.bootstrap(fit, iterations=800, parametric=False, seed=5)
    draws = result.replicates["estimate"].to_numpy()
    low, high = np.quantile(draws, [0.025, 0.975])
    assert result.ci("percentile").loc["estimate", "ci_low"] == pytest.approx(low)
    assert result.ci("basic").loc["estimate", "ci_low"] == pytest.approx(2 * fit.estimate - high)
    bca = stats.norm.ppf(np.mean(draws < fit.estimate))
    without = ev.leave_one_out(fit)["estimate"].to_numpy()
    pull = without.mean() - without
    a = np.sum(pull**3) / (6 * np.sum(pull**2) ** 1.5)
    share = stats.norm.cdf(bca + (bca - 1.959963984540054) / (1 - a * (bca - 1.959963984540054)))
    assert result.ci("bca").loc["estimate", "ci_low"] == pytest.approx(np.quantile(draws, share))
    with pytest.raises(ev.InvalidInput, match="kind"):
        result.ci("normal")


def test_bootstrap_counts_samples_without_a_fit():
    fit = ev.regress(simulated(5).assign(arm=list("aaaab")), formula="~ arm", test="z")
    result = ev.bootstrap(fit, iterations=400, parametric=False)
    assert result.failed > 0
    assert len(result.replicates) + result.failed == 400


def test_seed_decides():
    fit = ev.pool(simulated(8))
    a, b, c = (ev.bootstrap(fit, iterations=50, seed=s).replicates for s in (1, 1, 2))
    pd.testing.assert_frame_equal(a, b)
    assert not a.equals(c)


def test_progress_bar_shows_when_asked(monkeypatch, capsys):
    monkeypatch.setattr(gosh_module, "_SUBSETS_PER_CHUNK", 8)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich draws bars on terminals only
    ev.gosh(ev.pool(simulated(5)), progress=True)
    assert "Fitting subsets" in capsys.readouterr().err
    ev.gosh(ev.pool(simulated(5)), progress=False)
    assert capsys.readouterr().err == ""
