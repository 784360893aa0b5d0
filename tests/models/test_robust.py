"""Cluster-robust tests of `ev.pool` and `ev.multilevel` fits against clubSandwich, by hand and by invariance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.dependence.robust import too_few

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "robust.json").read_text())
DATA = pd.DataFrame(ORACLE["data"])
POOLED: dict[str, dict[str, Any]] = {
    "plain": {},
    "dl": {"method": "DL"},
    "ee": {"method": "EE"},
    "unweighted": {"weighted": False},
    "custom": {"weights": DATA["custom"]},
}


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
@pytest.mark.parametrize("name", list(POOLED))
def test_pooled_fits_agree_with_clubsandwich(name: str, kind: Any) -> None:
    expected = ORACLE["fits"][name]
    row = ev.pool(DATA, **POOLED[name]).robust(DATA["study"], kind).coefficients.iloc[0]
    assert row["estimate"] == pytest.approx(expected["beta"], rel=1e-6)
    assert row["se"] == pytest.approx(expected["tests"][kind]["se"], rel=1e-6)
    assert row["df"] == pytest.approx(expected["tests"][kind]["df"], rel=1e-6)
    assert row["p_value"] == pytest.approx(expected["tests"][kind]["p"], rel=1e-5)


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
def test_regressions_agree_with_clubsandwich(kind: Any) -> None:
    expected = ORACLE["fits"]["moderator"]
    fit = ev.regress(DATA, formula="~ custom").robust(DATA["study"], kind)
    np.testing.assert_allclose(fit.coefficients["estimate"], expected["beta"], rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["se"], expected["tests"][kind]["se"], rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["df"], expected["tests"][kind]["df"], rtol=1e-6)


def test_a_cluster_coarser_than_the_model_agrees_with_clubsandwich() -> None:
    expected = ORACLE["fits"]["row"]["tests"]["CR2"]
    fit = ev.multilevel(DATA, levels=("row",), rho=0, robust=None)
    for cluster in ("study", DATA["study"]):
        row = fit.robust(cluster).coefficients.iloc[0]
        assert row["se"] == pytest.approx(expected["se"], rel=1e-6)
        assert row["df"] == pytest.approx(expected["df"], rel=1e-6)


def test_equal_clusters_with_equal_weights_are_a_t_test_of_cluster_means() -> None:
    """CR2 then is the textbook standard error of a mean of J cluster means, with J - 1 degrees of freedom."""
    rng = np.random.default_rng(4)
    yi = rng.normal(size=(7, 3))
    fit = ev.pool(yi.ravel(), np.full(21, 0.3), method="EE").robust(np.repeat(np.arange(7), 3))
    means = yi.mean(axis=1)
    row = fit.coefficients.iloc[0]
    assert row["se"] == pytest.approx(means.std(ddof=1) / np.sqrt(7), rel=1e-12)
    assert row["df"] == pytest.approx(6, rel=1e-9)
    assert fit.clusters == 7


def test_cr1_scales_cr0_by_the_number_of_clusters() -> None:
    fit = ev.pool(DATA)
    plain, scaled = fit.robust(DATA["study"], "CR0"), fit.robust(DATA["study"], "CR1")
    j = DATA["study"].nunique()
    ratio = scaled.covariance.to_numpy() / plain.covariance.to_numpy()
    np.testing.assert_allclose(ratio, j / (j - 1), rtol=1e-12)


def test_cr2_is_unbiased_when_the_model_is_true() -> None:
    """Over many samples of unbalanced clusters the mean CR2 variance is the true one; CR0 is too small."""
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(6), [1, 2, 3, 4, 5, 6])
    vi = np.linspace(0.5, 2, 21)
    truth = 1 / np.sum(1 / vi)
    variance = {"CR0": 0.0, "CR2": 0.0}
    for _ in range(600):
        fit = ev.pool(rng.normal(size=21) * np.sqrt(vi), vi, method="EE")
        for kind in variance:
            variance[kind] += ev.robust(fit, cluster, kind).covariance.iloc[0, 0] / 600
    assert variance["CR2"] == pytest.approx(truth, rel=0.08)
    assert variance["CR0"] < 0.85 * truth


def test_wald_of_one_coefficient_is_its_t_test_squared() -> None:
    frame = DATA.assign(x=np.sin(DATA["row"]))
    found = ev.multilevel(frame, formula="~ x")
    wald, row = found.robust_fit.wald(["x"]), found.coefficients.loc["x"]
    assert wald.statistic == pytest.approx(row["statistic"] ** 2, rel=1e-8)
    assert wald.df2 == pytest.approx(row["df"], rel=1e-8)
    assert wald.p_value == pytest.approx(row["p_value"], rel=1e-7)


def test_wald_does_not_depend_on_how_a_factor_is_coded() -> None:
    frame = DATA.assign(kind=np.array(list("abc"))[DATA["row"] % 3])
    one = ev.multilevel(frame, formula="~ kind").robust_fit.wald()
    other = ev.multilevel(frame.assign(kind=frame["kind"].map({"a": "z", "b": "b", "c": "c"})), formula="~ kind")
    again = other.robust_fit.wald()
    assert (one.statistic, one.df2) == pytest.approx((again.statistic, again.df2), rel=1e-8)


def test_a_contrast_is_a_coefficient_of_the_recoded_model() -> None:
    frame = DATA.assign(x=np.cos(DATA["row"]), shifted=np.cos(DATA["row"]) - 2)
    at_two = ev.multilevel(frame, formula="~ x").robust_fit.contrast([1, 2]).iloc[0]
    direct = ev.multilevel(frame, formula="~ shifted").coefficients.loc["Intercept"]
    np.testing.assert_allclose(at_two.astype(float), direct.astype(float), rtol=1e-7)


def test_few_degrees_of_freedom_are_said_aloud() -> None:
    fit = ev.pool([0.1, 0.2, 0.5, 0.3], [0.1, 0.2, 0.1, 0.3])
    with pytest.warns(ev.SmallSample, match="degrees of freedom"):
        fit.robust(["a", "a", "b", "c"])


def test_what_cannot_be_done_is_refused_with_the_reason() -> None:
    fit = ev.pool(DATA)
    with pytest.raises(ev.InvalidInput, match="CR9"):
        fit.robust(DATA["study"], "CR9")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="3 labels for the 100 rows"):
        fit.robust([1, 2, 3])
    with pytest.raises(ev.InvalidInput, match="missing for row 99"):
        fit.robust([*DATA["study"][:99], None])
    with pytest.raises(ev.NotEstimable, match="one cluster"):
        fit.robust(["same"] * 100)
    nested = ev.multilevel(DATA)
    with pytest.raises(ev.InvalidInput, match="depend on each other"):
        nested.robust(np.arange(100))
    with pytest.raises(ev.InvalidInput, match="nowhere"):
        nested.robust("nowhere")
    with pytest.raises(ev.InvalidInput, match="no coefficient 'x'"):
        nested.robust_fit.wald(["x"])


def test_a_category_of_a_single_cluster_is_said_aloud() -> None:
    """Its own variance between clusters cannot be seen, so the standard error of the contrast is too small."""
    first = DATA.groupby("study").head(1).index
    frame = DATA[(DATA["study"] != 1) | DATA.index.isin(first)].assign(only=lambda d: (d["study"] == 1).astype(float))
    with pytest.warns(ev.SmallSample, match="'only' rests in part on a single cluster"):
        fit = ev.multilevel(frame, formula="~ only")
    assert fit.robust_fit.expected_share["only"] < 0.5
    assert fit.robust_fit.expected_share["Intercept"] == pytest.approx(1)
    assert fit.coefficients.loc["only", "se"] < fit.model_coefficients.loc["only", "se"]


def test_a_robust_fit_reads_like_any_other() -> None:
    fit = ev.pool(DATA).robust(DATA["study"])
    assert "17 clusters" in fit.summary() and "CR2" in fit.summary()
    assert fit.sentence().startswith("The average effect is 0.")
    assert "<table" in fit._repr_html_()
    columns = ["coefficient", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
    assert list(fit.to_frame().columns) == columns


def test_the_joint_test_of_contrasts_does_not_hang_on_how_the_factor_is_coded():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"study": np.repeat(np.arange(12), 2), "arm": list("abbcca") * 4})
    frame = frame.assign(yi=rng.normal(size=24), vi=rng.uniform(0.05, 0.3, 24))
    plain = ev.regress(frame, formula="~ arm").robust("study").wald()
    means = ev.regress(frame, formula="~ 0 + arm").robust("study")
    sets = {"b - a": {"arm[b]": 1, "arm[a]": -1}, "c - a": {"arm[c]": 1, "arm[a]": -1}}
    found = means.wald(sets)
    assert (found.statistic, found.df1, found.df2) == pytest.approx((plain.statistic, plain.df1, plain.df2), rel=1e-8)
    assert found.coefficients == ("b - a", "c - a")
    more = means.wald(sets | {"c - b": {"arm[c]": 1, "arm[b]": -1}})
    assert (more.statistic, more.df1) == pytest.approx((found.statistic, 2), rel=1e-8)
    with pytest.raises(ev.InvalidInput, match="no coefficient 'arm'"):
        means.wald(["arm"])


def test_four_degrees_of_freedom_are_enough_whatever_the_last_digit() -> None:
    """Five clusters that are alike have exactly four, and a processor may round them down."""
    assert not too_few(4.0) and not too_few(np.nextafter(4.0, 0)) and too_few(3.99)
    assert too_few(pd.Series([np.nextafter(4.0, 0), 3.5])).tolist() == [False, True]
