"""Means and SDs from quantiles: published numbers, exact distributions, simulation, invariance, errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import evidence as ev

RANGE, QUARTILES = {"min": 2, "max": 41}, {"q1": 6, "q3": 17}

# metafor 4.4, conv.fivenum(min=2, q1=6, median=9, q3=17, max=41, test=FALSE), SD by Wan (2014)
CONV_FIVENUM = [
    (7, RANGE, 15.021544795358952, 14.29106691143328),
    (30, RANGE, 11.972897250696676, 9.5575055212413016),
    (100, RANGE, 10.403596372036779, 7.804399930371213),
    (7, QUARTILES, 10.889285714285714, 10.103962147784886),
    (30, QUARTILES, 10.7825, 8.5626224066574625),
    (100, QUARTILES, 10.75975, 8.2742542328822122),
    (7, RANGE | QUARTILES, 14.361220613598714, 12.197514529609084),
    (30, RANGE | QUARTILES, 12.3038216208361, 9.0600639639493821),
    (100, RANGE | QUARTILES, 11.420082492316839, 8.0393270816267126),
]


@pytest.mark.parametrize(("n", "quantiles", "mean", "sd"), CONV_FIVENUM)
def test_luo_wan_agrees_with_conv_fivenum(n, quantiles, mean, sd):
    found = ev.mean_sd_from_quantiles(n=n, median=9, **quantiles)
    np.testing.assert_allclose(found, (mean, sd), rtol=1e-12)


def five_numbers_of(draws):
    """Order statistics of samples of size 4Q + 1, for which the quartiles are unambiguous."""
    ordered = np.sort(draws, axis=1)
    n = draws.shape[1]
    quarter = (n - 1) // 4
    names = {"min": 0, "q1": quarter, "median": 2 * quarter, "q3": 3 * quarter, "max": n - 1}
    return {"n": n} | {name: ordered[:, place] for name, place in names.items()}


@pytest.mark.parametrize("n", [9, 41, 201])
def test_normal_methods_are_unbiased_and_shi_is_the_most_precise(n):
    numbers = five_numbers_of(np.random.default_rng(n).normal(50, 10, (20_000, n)))
    wan, shi = (ev.mean_sd_from_quantiles(**numbers, method=method) for method in ("luo-wan", "luo-shi"))
    assert wan.mean.mean() == pytest.approx(50, abs=0.1)
    assert wan.sd.mean() == pytest.approx(10, rel=0.02)
    assert shi.sd.mean() == pytest.approx(10, rel=0.02)
    assert np.mean((shi.sd - 10) ** 2) <= np.mean((wan.sd - 10) ** 2)


def test_shi_by_hand():
    found = ev.mean_sd_from_quantiles(n=100, median=9, **RANGE, **QUARTILES, method="luo-shi")
    theta1 = (2 + 0.14 * 100**0.6) * stats.norm.ppf(99.625 / 100.25)  # Shi et al. (2020), eq. 11 and 12
    theta2 = (2 + 2 / (0.07 * 100**0.6)) * stats.norm.ppf(74.875 / 100.25)
    assert found.sd == pytest.approx(39 / theta1 + 11 / theta2, rel=1e-12)


def test_quantile_estimation_agrees_with_its_authors():
    # README of the R package estmeansd: qe.mean.sd(min.val = 2, med.val = 4, max.val = 9, n = 100)
    found = ev.mean_sd_from_quantiles(n=100, median=4, min=2, max=9, method="qe")
    np.testing.assert_allclose(found, (4.347284, 1.502171), atol=3e-5)  # theirs stops at optim's default tolerance


@pytest.mark.parametrize(
    "truth",
    [
        stats.norm(50, 10),
        stats.lognorm(0.8, scale=20),
        stats.gamma(1.7, scale=12),
        stats.weibull_min(1.4, scale=30),
        stats.beta(2, 5),
    ],
    ids=["normal", "log-normal", "gamma", "weibull", "beta"],
)
def test_quantile_estimation_finds_the_distribution_that_made_the_quantiles(truth):
    low, q1, median, q3, high = truth.ppf([1 / 80, 0.25, 0.5, 0.75, 1 - 1 / 80])
    found = ev.mean_sd_from_quantiles(n=80, min=low, q1=q1, median=median, q3=q3, max=high, method="qe")
    np.testing.assert_allclose(found, (truth.mean(), truth.std()), rtol=1e-4)


def test_quantile_estimation_is_the_best_of_a_brute_force_search():
    values, probabilities = np.array([2.0, 6, 9, 17, 41]), np.array([1 / 60, 0.25, 0.5, 0.75, 59 / 60])
    families = [lambda a, b: stats.norm(a, b), lambda a, b: stats.lognorm(a, scale=b)]
    families += [lambda a, b: stats.gamma(a, scale=b), lambda a, b: stats.weibull_min(a, scale=b)]
    fits = []
    for family in families:

        def error(log_parameters, family=family):
            return np.sum((family(*np.exp(log_parameters)).ppf(probabilities) - values) ** 2)

        starts = [(0.0, 2.5), (2.5, 2.5), (0.5, 1.0)]
        best = min((optimize.minimize(error, start, method="Nelder-Mead") for start in starts), key=lambda fit: fit.fun)
        fits.append((best.fun, family(*np.exp(best.x))))
    truth = min(fits, key=lambda fit: fit[0])[1]
    found = ev.mean_sd_from_quantiles(n=60, median=9, **RANGE, **QUARTILES, method="qe")
    np.testing.assert_allclose(found, (truth.mean(), truth.std()), rtol=1e-3)


def test_negative_values_leave_only_the_normal():
    found = ev.mean_sd_from_quantiles(n=50, median=1, q1=-2, q3=3, method="qe")
    np.testing.assert_allclose(found, (2 / 3, 5 / (2 * stats.norm.ppf(0.75))), rtol=1e-9)


def test_box_cox_agrees_with_its_authors():
    # README of the R package estmeansd: bc.mean.sd(min.val = 2, med.val = 4, max.val = 9, n = 100), from 1,100 draws
    found = ev.mean_sd_from_quantiles(n=100, median=4, min=2, max=9, method="bc")
    np.testing.assert_allclose(found, (4.204881, 1.277236), atol=3 * 1.3 / np.sqrt(1100))


@pytest.mark.parametrize(
    "quantiles", [{"q1": 6, "q3": 12.5}, {"min": 2, "max": 17}, {"min": 2, "q1": 6, "q3": 12.5, "max": 18}]
)
def test_box_cox_agrees_with_drawing_random_numbers(quantiles):
    """The authors' own recipe, step by step, with a root finder's power and a million draws."""
    order = [quantiles.get(name) for name in ("min", "q1")] + [9] + [quantiles.get(name) for name in ("q3", "max")]
    values = np.array([value for value in order if value is not None], dtype=float)

    def asymmetry(power):
        y = stats.boxcox(values, power)
        upper, lower = y[::-1][: len(y) // 2] - y[len(y) // 2], y[len(y) // 2] - y[: len(y) // 2]
        return np.sum((upper / lower - 1) ** 2)

    power = optimize.brute(asymmetry, [(0.01, 3)], Ns=300)[0]
    names = [name for name in ("min", "q1", "median", "q3", "max") if name in quantiles or name == "median"]
    centre, spread = ev.mean_sd_from_quantiles(n=40, **dict(zip(names, stats.boxcox(values, power), strict=True)))
    y = np.random.default_rng(0).normal(centre, spread, 1_000_000)
    y = y[(y > -1 / power) & (y < 2 * centre + 1 / power)]
    x = (power * y + 1) ** (1 / power)
    found = ev.mean_sd_from_quantiles(n=40, median=9, **quantiles, method="bc")
    np.testing.assert_allclose(found, (x.mean(), x.std()), rtol=3e-3)


@pytest.mark.parametrize("method", ["qe", "bc"])
def test_methods_for_skewed_data_beat_normal_theory_on_skewed_data(method):
    draws = np.random.default_rng(7).lognormal(3, 0.7, (120, 101))
    numbers = five_numbers_of(draws)
    numbers = {name: numbers[name] for name in ("n", "median", "q1", "q3")}
    error = {
        m: np.mean(np.abs(ev.mean_sd_from_quantiles(**numbers, method=m).mean - draws.mean(1)))
        for m in (method, "luo-wan")
    }
    assert error[method] < 0.8 * error["luo-wan"]


@pytest.mark.parametrize("method", ["luo-wan", "luo-shi", "qe", "bc"])
@settings(max_examples=20)
@given(st.lists(st.floats(1, 100), min_size=5, max_size=5, unique=True), st.integers(5, 400), st.floats(1, 100))
def test_scale(method, values, n, scale):
    ordered = np.cumsum(np.sort(values))  # apart from each other, and above 1, where "qe" would try the beta too
    numbers = dict(zip(("min", "q1", "median", "q3", "max"), ordered, strict=True))
    scaled = {name: value * scale for name, value in numbers.items()}
    there, back = (ev.mean_sd_from_quantiles(n=n, **given, method=method) for given in (numbers, scaled))
    np.testing.assert_allclose(back, np.multiply(there, scale), rtol=1e-5)


def test_many_groups_are_many_single_groups():
    median = np.array([9.0, 10.0, 11.0])
    for method in ("luo-wan", "qe", "bc"):
        together = ev.mean_sd_from_quantiles(n=40, median=median, q1=6, q3=17, method=method)
        apart = [ev.mean_sd_from_quantiles(n=40, median=m, q1=6, q3=17, method=method) for m in median]
        np.testing.assert_array_equal(together, np.transpose(apart))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"q3": None}, "give n and median with q1 and q3, with min and max, or with all four"),
        ({"q1": None, "q3": None}, "give n and median with q1 and q3"),
        ({"q1": [5, 10]}, r"median\[1\] = 9.0: must not lie below q1"),
        ({"min": 7, "max": 20}, "q1 = 6.0: must not lie below min"),
        ({"median": 6, "q3": 6}, "q3 = 6.0: must lie above q1: there is no spread"),
        ({"n": 4}, "n = 4.0: must be a sample size of 5 or more"),
        ({"median": np.nan}, "median = nan: must be a finite number"),
        ({"method": "hozo"}, "method 'hozo' is unknown; choose one of luo-wan, luo-shi, qe, bc"),
        ({"method": "bc", "q1": 0}, "q1 = 0.0: must be above 0 for the Box-Cox method"),
        ({"method": "bc", "q1": 9}, "q1 = 9.0: must lie below the median for the Box-Cox method"),
    ],
)
def test_bad_input_is_named(changed, message):
    with pytest.raises(ev.InvalidInput, match=message):
        ev.mean_sd_from_quantiles(**({"n": 40, "median": 9, "q1": 6, "q3": 17} | changed))
