"""Balance at baseline, numbers that repeat, and effects that stand out."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import evidence as ev


def table(mean, sd, n, **columns):
    """Rows of arms: (variables, arms) arrays."""
    mean, sd, n = np.broadcast_arrays(mean, sd, n)
    variable = np.repeat(np.arange(len(mean)), mean.shape[1])
    return {"variable": variable, "mean": mean.ravel(), "sd": sd.ravel(), "n": n.ravel(), **columns}


def drawn(seed, variables=8, arms=2, n=40, spread=1.0):
    """Means and SDs of samples, never rounded; means scatter ``spread`` times as far as chance lets them."""
    rng = np.random.default_rng(seed)
    sd = 10 * np.sqrt(rng.chisquare(n - 1, (variables, arms)) / (n - 1))
    return rng.normal(50, spread * 10 / np.sqrt(n), (variables, arms)), sd, n


def t_values(mean, sd, n):
    test = stats.ttest_ind_from_stats(mean[:, 0], sd[:, 0], n, mean[:, 1], sd[:, 1], n)
    return test.statistic, test.pvalue


@pytest.mark.parametrize("seed", range(4))
def test_carlisle_by_hand(seed):
    mean, sd, n = drawn(seed)
    _, p = t_values(mean, sd, n)
    z = stats.norm.isf(1 - p).sum() / np.sqrt(len(p))
    found = ev.baseline_balance(**table(mean, sd, n)).iloc[0]
    assert found["z"] == pytest.approx(z, abs=1e-6)
    assert found["number"] == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-6)
    assert (found["p_alike"], found["p_apart"]) == (pytest.approx(stats.norm.sf(z)), pytest.approx(stats.norm.cdf(z)))


def test_three_arms_are_compared_by_analysis_of_variance():
    rng = np.random.default_rng(5)
    samples = [[rng.normal(50, 10, n) for n in (20, 30, 45)] for _ in range(4)]
    p = np.array([stats.f_oneway(*arms).pvalue for arms in samples])
    mean, sd = (
        np.array([[f(arm) for arm in arms] for arms in samples]) for f in (np.mean, lambda x: np.std(x, ddof=1))
    )
    found = ev.baseline_balance(**table(mean, sd, np.array([20, 30, 45]))).iloc[0]
    assert found["z"] == pytest.approx(stats.norm.ppf(p).sum() / 2, abs=1e-6)


@pytest.mark.parametrize(("seed", "spread"), [(0, 1.0), (1, 1.0), (2, 0.2), (3, 3.0)])
def test_barnett_by_quadrature_of_his_model(seed, spread):
    mean, sd, n = drawn(seed, spread=spread)
    t, _ = t_values(mean, sd, n)

    def likelihood(log_precision):
        root = np.exp(log_precision / 2)
        return np.prod(root * stats.t.pdf(root * t, 2 * n - 2) / stats.t.pdf(t, 2 * n - 2))

    def slab(x):
        return likelihood(x) * stats.norm.pdf(x, scale=np.sqrt(10))

    evidence = integrate.quad(slab, -15, 15, epsabs=0, limit=200, points=[-3, 0, 3])[0]
    mean_log = integrate.quad(lambda x: x * slab(x), -15, 15, epsabs=0, limit=200, points=[-3, 0, 3])[0] / evidence
    found = ev.baseline_balance(**table(mean, sd, n)).iloc[0]
    assert found["dispersion"] == pytest.approx(evidence / (1 + evidence), rel=1e-6)
    assert found["precision"] == pytest.approx(np.exp(mean_log), rel=1e-6)


def test_barnett_by_draws_from_the_prior():
    mean, sd, n = drawn(6, spread=0.5)
    t, _ = t_values(mean, sd, n)
    root = np.exp(np.random.default_rng(0).normal(0, np.sqrt(10), 400_000) / 2)[:, None]
    ratio = np.prod(root * stats.t.pdf(root * t, 2 * n - 2) / stats.t.pdf(t, 2 * n - 2), axis=1)
    found = ev.baseline_balance(**table(mean, sd, n)).iloc[0]
    assert found["dispersion"] == pytest.approx(ratio.mean() / (1 + ratio.mean()), abs=0.01)
    assert np.log(found["precision"]) == pytest.approx((ratio * 2 * np.log(root[:, 0])).sum() / ratio.sum(), abs=0.05)


def test_three_equal_arms_weigh_what_the_order_of_arms_does_not_change():
    mean, sd, n = drawn(8, arms=3)
    found = ev.baseline_balance(**table(mean, sd, n))
    turned = ev.baseline_balance(**table(mean[:, ::-1], sd[:, ::-1], n))
    for name in ("z", "dispersion", "precision"):
        assert found[name][0] == pytest.approx(turned[name][0], rel=1e-9)
    assert ev.baseline_balance(**table(mean * 5, sd * 5, n))["z"][0] == pytest.approx(found["z"][0])


def test_too_little_and_too_much_are_seen():
    alike = ev.baseline_balance(**table(*drawn(1, variables=20, spread=0.1))).iloc[0]
    apart = ev.baseline_balance(**table(*drawn(1, variables=20, spread=4.0))).iloc[0]
    assert not alike["passes"] and alike["z"] > 4 and alike["dispersion"] > 0.99 and alike["precision"] > 20
    assert not apart["passes"] and apart["z"] < -4 and apart["dispersion"] > 0.99 and apart["precision"] < 0.2


@pytest.mark.parametrize("decimals", [0, 1])
def test_rounding_does_not_make_honest_trials_alike(decimals):
    """500 trials of six variables whose means are printed with few digits: 0 is a quarter of a standard error."""
    rng = np.random.default_rng(11)
    trials, variables, n = 500, 6, 30
    sd = np.repeat(5.0, trials * variables * 2)
    mean = np.round(rng.normal(40, 5 / np.sqrt(n), sd.size), decimals)
    found = ev.baseline_balance(
        study=np.repeat(np.arange(trials), variables * 2),
        variable=np.tile(np.repeat(np.arange(variables), 2), trials),
        mean=mean,
        sd=sd,
        n=n,
        decimals=decimals,
    )
    assert len(found) == trials
    assert abs(found["z"].mean()) < 0.1 and 0.8 < found["z"].std() < 1.1
    assert (~found["passes"]).mean() < 0.02


def test_means_that_agree_because_they_are_short_say_little():
    # with an SE of the difference of 0.5, two means in whole units are the same twice in three times
    mean = np.repeat([[40.0], [52.0], [31.0], [70.0], [23.0], [66.0]], 2, axis=1)
    short = ev.baseline_balance(**table(mean, 2.0, 30), decimals=0).iloc[0]
    long = ev.baseline_balance(**table(mean, 2.0, 30), decimals=2).iloc[0]
    assert short["passes"] and short["dispersion"] < 0.9
    assert not long["passes"] and long["dispersion"] > 0.99


def test_trials_with_little_to_go_by_are_not_judged():
    found = ev.baseline_balance(
        study=["A", "A", "B", "B", "C"],
        variable=["age"] * 5,
        mean=["50.1", "49.2", "50.0", None, "3.1"],
        sd=10.0,
        n=[20, 21, 20, 20, 20],
    )
    assert found["study"].tolist() == ["A", "B", "C"] and found["passes"].isna().all()
    assert found["variables"].tolist() == [1, 0, 0] and found["dispersion"].isna().tolist() == [False, True, True]
    mean, sd, n = drawn(4, variables=4)
    judged = [ev.baseline_balance(**table(mean[:k], sd[:k], n))["passes"].notna()[0] for k in (1, 2, 3, 4)]
    assert judged == [False, False, True, True]
    alone = ev.baseline_balance(**table(mean, sd, np.where(np.arange(4)[:, None] < 2, [n, 1], [n, n])))
    assert alone["variables"].tolist() == [2], "one person has no SD, so that an arm of one counts for nothing"
    with pytest.raises(ev.InvalidInput, match="variable"):
        ev.baseline_balance(variable=["age"], mean=[1.0, 2.0], sd=1.0, n=10)
    with pytest.raises(ev.InvalidInput, match="alpha"):
        ev.baseline_balance(variable=["age", "age"], mean=[1.0, 2.0], sd=1.0, n=10, alpha=5)


def test_the_same_mean_and_sd_in_two_trials():
    rows = pd.DataFrame(
        {
            "mean": ["3.42", "3.42", "3.42", "3.420", "3.4", "3.42", "5.11", None],
            "sd": ["1.17", "1.17", "1.18", "1.17", "1.1", "1.17", "1.17", "1.17"],
            "study": ["A", "B", "B", "C", "D", "A", "E", "F"],
        }
    )
    found = ev.same_numbers(**rows)
    assert found["number"].to_list() == pytest.approx([1, 1, 0, 0, np.nan, 1, 0, np.nan], nan_ok=True)
    assert found["elsewhere"].tolist() == ["B", "A", "", "", "", "B", "", ""]
    assert found["group"].dropna().tolist() == [0, 0, 0]
    assert found["passes"].isna().tolist() == [False] * 4 + [True, False, False, True]
    assert "too few digits" in found["rule"][4]
    assert found["expected"][0] == pytest.approx(1e-4) and found["expected"][6] == 0  # B alone has the same whole parts


def test_arms_of_one_trial_are_compared_where_they_are_named():
    given = {"mean": ["3.42"] * 3, "sd": ["1.17"] * 3, "study": ["A", "A", "A"]}
    assert ev.same_numbers(**given)["passes"].all()
    found = ev.same_numbers(**given, arm=["x", "y", "x"])
    assert found["number"].tolist() == [1, 1, 1] and found["elsewhere"].tolist() == ["A, y", "A, x", "A, y"]
    assert ev.same_numbers(**given, arm=["x", "y", "x"], n=[10, 11, 10])["passes"].all()


def test_ten_others_are_named_and_the_rest_is_counted():
    many = [f"T{i}" for i in range(14)]
    found = ev.same_numbers(mean=["3.42"] * 14, sd=["1.17"] * 14, study=many)
    assert found["number"].tolist() == [13.0] * 14
    assert found["elsewhere"][0] == "; ".join(many[1:11]) + "; and 3 more"
    assert found["elsewhere"][4] == "; ".join(many[:4] + many[5:11]) + "; and 3 more"
    assert found["elsewhere"][13] == "; ".join(many[:10]) + "; and 3 more"
    eleven = ev.same_numbers(mean=["3.42"] * 11, sd=["1.17"] * 11, study=many[:11])
    assert eleven["elsewhere"][10] == "; ".join(many[:10]) and "more" not in eleven["elsewhere"][0]
    twice = ev.same_numbers(mean=["3.42"] * 4, sd=["1.17"] * 4, study=["A", "B", "B", "A"])
    assert twice["elsewhere"].tolist() == ["B", "A", "A", "B"], "a trial is named once"


def test_numbers_of_few_digits_do_not_count():
    pairs = {("3.42", "1.17"): True, ("34.2", "9.8"): True, ("0.12", "0.02"): False, ("5.2", "1.1"): False}
    pairs |= {("52", "11"): False, ("-3.42", "1.17"): True, ("0.00", "1.17"): False, ("142.5", "8"): False}
    assert ev.same_numbers(mean=["3.42", "34.2"], sd=["1.17", "11.7"])["passes"].all()
    for (mean, sd), counts in pairs.items():
        assert ev.same_numbers(mean=[mean] * 2, sd=[sd] * 2)["passes"].notna().all() == counts, (mean, sd)
    assert ev.same_numbers(p=["0.12", "0.12"])["passes"].isna().all(), "two decimals repeat by chance"
    assert ev.same_numbers(p=["0.001", "0.001", "0.040", "0.040"])["passes"].isna().tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_p_values_that_repeat():
    found = ev.same_numbers(p=["0.042", "0.042", "0.04", "0.04", "0.043"], study=list("ABCDE"))
    assert found["passes"].isna().tolist() == [False, False, True, True, False]
    assert found["passes"].dropna().tolist() == [False, False, True]
    for given in ({}, {"mean": [1.0]}, {"p": [0.1], "mean": [1.0], "sd": [1.0]}):
        with pytest.raises(ev.InvalidInput, match="give mean and sd, or p"):
            ev.same_numbers(**given)


def test_chance_repeats_as_often_as_expected():
    rng = np.random.default_rng(2)
    mean, sd = rng.integers(300, 400, 1500) / 100, rng.integers(100, 200, 1500) / 100
    found = ev.same_numbers(mean=mean, sd=sd, decimals=2)
    assert found["expected"].to_list() == pytest.approx([1499e-4] * 1500)
    assert found["number"].sum() == pytest.approx(found["expected"].sum(), rel=0.15)


def test_effects_too_large_and_too_far_off():
    yi, vi = [0.3, 0.5, 0.4, 0.2, 2.6, -2.1], [0.05, 0.04, 0.06, 0.05, 0.09, 0.9]
    found = ev.effect_outlier(yi, vi, slab=list("ABCDEF"))
    assert found["passes"].tolist() == [True, True, True, True, False, False]
    expected = ev.influence(ev.pool(yi, vi, slab=list("ABCDEF"))).to_frame()["rstudent"]
    assert found["residual"].to_list() == pytest.approx(expected.to_list())
    assert found["study"].tolist() == list("ABCDEF") and found["number"].tolist() == yi


def test_limits_of_effects_can_be_others():
    yi, vi = np.array([3.0, 5.0, 4.0, 2.0, 26.0]), np.array([5.0, 4.0, 6.0, 5.0, 9.0])
    edge = ev.effect_outlier([2.0, -2.0, 2.01], [0.1, 0.1, 0.1], residual=np.inf)
    assert edge["passes"].tolist() == [True, True, False] and edge["residual"].notna().all(), "three are enough"
    points = ev.effect_outlier(yi, vi, largest=np.inf)
    assert points["passes"].tolist() == [True, True, True, True, False]  # by its residual alone
    assert ev.effect_outlier(yi, vi, largest=np.inf, residual=np.inf)["passes"].all()
    frame = pd.DataFrame({"study": ["A", "B"], "yi": [0.1, 2.5], "vi": [0.1, 0.1]})
    two = ev.effect_outlier(frame)
    assert two["passes"].tolist() == [True, False] and two["residual"].isna().all()
    fit = ev.pool(yi, vi, slab=list("ABCDE"), method="DL", test="z")
    expected = ev.influence(fit).to_frame()["rstudent"]
    assert ev.effect_outlier(fit)["residual"].to_list() == pytest.approx(expected.to_list())
    with pytest.raises(ev.InvalidInput, match="largest"):
        ev.effect_outlier(frame, largest="big")
