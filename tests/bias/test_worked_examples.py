"""Published numbers for what metafor has no function for.

Third-wave psychotherapies for students: the example of Harrer, Cuijpers, Furukawa & Ebert (2021), Doing
Meta-Analysis with R, ch. 9, who print the results of metasens (limit meta-analysis), meta (trim and fill), dmetar
(p-curve) and lm (PET, PEESE). Expected values carry their printed digits.
"""

import numpy as np
import pytest
from scipy import optimize, stats

import evidence as ev

YI = np.fromstring(
    "0.7091362 0.3548641 1.7911700 0.1824552 0.4218509 0.6300000 0.7248838 0.5286638 0.2840000 "
    "1.2750682 0.1036082 0.3883906 0.5407398 0.4261593 0.5153969 1.4797260 0.6125782 0.6000000",
    sep=" ",
)
SEI = np.fromstring(
    "0.2608202 0.1963624 0.3455692 0.1177874 0.1448128 0.1960000 0.2246641 0.2104609 0.1680000 "
    "0.3371997 0.1947275 0.2307689 0.2443133 0.2579379 0.3512737 0.3152817 0.2266834 0.2490000",
    sep=" ",
)
N1 = np.array([62, 72, 44, 135, 103, 71, 69, 68, 95, 43, 79, 61, 62, 60, 43, 42, 64, 63])
N2 = np.array([51, 78, 41, 115, 100, 79, 62, 72, 80, 44, 72, 67, 59, 54, 41, 51, 66, 55])
WITHOUT_OUTLIERS = np.delete(np.arange(18), [2, 15])


def naive(keep=slice(None)):
    return ev.pool(YI[keep], SEI[keep] ** 2, test="hksj")


def test_limit_meta_analysis():
    found = ev.limit_meta(naive())
    assert [found.estimate, *found.ci] == pytest.approx([-0.0345, -0.3630, 0.2940], abs=5e-5)
    assert (found.statistic, found.p_value) == (pytest.approx(-0.21, abs=5e-3), pytest.approx(0.8367, abs=5e-5))
    # Printed with two digits, cut off rather than rounded.
    shrunken = [-0.05, -0.09, 0.34, 0.00, 0.13, 0.13, 0.09, -0.00, -0.05, 0.04, -0.29, -0.18, -0.11, -0.25, -0.48]
    shrunken += [0.26, 0.00, -0.09]
    assert found.studies["limit"].to_numpy() == pytest.approx(np.array(shrunken), abs=0.0101)


def test_limit_meta_analysis_solves_the_authors_model():
    """Rücker et al. (2011): at the limit the generalised radial plot keeps its line, so the residuals keep theirs."""
    found = ev.limit_meta(naive())
    tau, total = np.sqrt(found.naive.tau2), np.sqrt(SEI**2 + found.naive.tau2)
    slope, intercept = stats.linregress(1 / total, YI / total)[:2]
    assert found.bias == pytest.approx(intercept, rel=1e-9)
    assert found.estimate == pytest.approx(slope + tau * intercept, rel=1e-9)
    assert (found.studies["limit"].to_numpy() - slope) / tau == pytest.approx((YI - slope) / total, rel=1e-9)
    assert found.q_small + found.q_residual == pytest.approx(found.naive.q, rel=1e-12)
    # Egger's test splits Q the same way
    egger = ev.egger(naive())
    assert found.q_residual == pytest.approx(egger.dispersion * egger.df, rel=1e-9)


def test_pet_peese_with_standard_errors_from_sample_sizes():
    found = ev.pet_peese(YI, (N1 + N2) / (N1 * N2))
    assert found.pet["estimate"].iloc[0] == pytest.approx(-1.35, abs=5e-3)
    assert found.peese["estimate"].iloc[0] == pytest.approx(-0.44, abs=5e-3)
    # significant, but in the wrong direction: the rule stays with PET
    assert found.pet.loc["intercept", "p_value"] < 0.1
    assert found.chosen == "PET"
    assert found.estimate == found.pet["estimate"].iloc[0]


def test_egger():
    found = ev.egger(naive())
    assert (found.intercept, found.statistic) == (pytest.approx(4.111, abs=5e-4), pytest.approx(4.677, abs=5e-4))
    assert found.p_value == pytest.approx(0.00025, abs=5e-6)


def test_p_curve():
    found = ev.p_curve(naive(WITHOUT_OUTLIERS))
    assert (found.k, found.k_significant, found.k_half) == (16, 9, 8)
    assert found.skew_binomial_p == pytest.approx(0.020, abs=5e-4)
    assert found.skew_full.z == pytest.approx(-3.797, abs=5e-4)
    assert found.skew_half == (pytest.approx(-2.743, abs=5e-4), pytest.approx(0.003, abs=5e-4))
    assert found.flat_binomial_p == pytest.approx(0.952, abs=5e-4)
    assert found.flat_full == (pytest.approx(1.540, abs=5e-4), pytest.approx(0.938, abs=5e-4))
    assert [found.power, *found.power_ci] == pytest.approx([0.66, 0.311, 0.878], abs=5e-3)
    assert found.evidential_value
    assert not found.inadequate


def test_p_curve_half_flatness_differs_from_the_printed_one():
    """The authors' program prints z = 3.422 here, from a pp that cannot fall below 0.66; see `p_curve`."""
    found = ev.p_curve(naive(WITHOUT_OUTLIERS))
    z = (YI / SEI)[WITHOUT_OUTLIERS]
    z2 = z[2 * stats.norm.sf(z) < 0.025] ** 2
    low = optimize.brentq(lambda delta: stats.ncx2.sf(stats.chi2.isf(0.05, 1), 1, delta**2) - 1 / 3, 1, 2)
    share = stats.ncx2.sf(stats.chi2.isf(0.025, 1), 1, low**2)
    below = stats.ncx2.cdf(z2, 1, low**2)

    def stouffer(pp):
        return stats.norm.ppf(pp).sum() / np.sqrt(len(pp))

    assert stouffer((below - (1 - 3 * share)) / (3 * share)) == pytest.approx(3.422, abs=5e-4)
    assert found.flat_half.z == pytest.approx(stouffer((below - (1 - share)) / share), abs=1e-4)


def test_trim_and_fill_of_the_trimmed_set():
    """meta trims with its fixed-effect centre, then pools the filled data at random: k0 = 8, 0.3428."""
    equal = ev.pool(YI, SEI**2, method="EE", test="z")
    found = ev.trim_and_fill(equal)
    assert (found.k0, found.side) == (8, "left")
    refit = ev.pool(found.filled, test="hksj")
    assert [refit.estimate, *refit.ci] == pytest.approx([0.3428, 0.1015, 0.5841], abs=5e-5)
    assert refit.tau2 == pytest.approx(0.2557, abs=5e-5)
