"""Diagnostics of a multilevel fit against metafor, by brute force, and what is no question for it."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "multilevel_influence.json").read_text("utf-8"))
FRAME = pd.DataFrame(ORACLE["data"])
# rma.mv finds its variances by a numerical climb (see tests/models/test_multilevel.py).
SETTLED = 2e-5


def fitted(case, **options):
    formula = "~ year" if case["name"] == "year" else None
    return ev.multilevel(FRAME, ("district", "school"), rho=case["rho"], formula=formula, robust=None, **options)


@pytest.fixture(scope="module", params=ORACLE["cases"], ids=[case["name"] for case in ORACLE["cases"]])
def case(request):
    return request.param


def test_diagnostics_by_cluster_are_metafors(case):
    fit = fitted(case)
    found = ev.influence(fit)
    assert found.diagnostics["cooks_distance"].to_numpy() == pytest.approx(
        case["cluster"]["cook"], rel=SETTLED, abs=1e-7
    )
    assert found.dfbetas.to_numpy() == pytest.approx(np.array(case["cluster"]["dfbetas"]), rel=SETTLED, abs=1e-6)
    by_cluster = pd.Series(case["hat"]).groupby(FRAME["district"], sort=False).sum()
    assert found.diagnostics["hat"].to_numpy() == pytest.approx(by_cluster.to_numpy(), rel=1e-5)
    assert found.diagnostics.index.tolist() == [str(name) for name in FRAME["district"].unique()]
    if case["weight"] is not None:
        weights = pd.Series(case["weight"]).groupby(FRAME["district"], sort=False).sum()
        assert found.diagnostics["weight"].to_numpy() == pytest.approx(weights.to_numpy(), rel=1e-5)


def test_diagnostics_by_row_are_metafors(case):
    found = ev.influence(fitted(case), cluster="row")
    assert found.diagnostics["cooks_distance"].to_numpy() == pytest.approx(case["row"]["cook"], rel=1e-4, abs=1e-7)
    assert found.dfbetas.to_numpy() == pytest.approx(np.array(case["row"]["dfbetas"]), rel=1e-4, abs=1e-6)
    assert found.diagnostics["hat"].to_numpy() == pytest.approx(case["hat"], rel=1e-5)
    assert found.diagnostics["rows"].eq(1).all() and found.diagnostics.index.is_unique


@pytest.mark.parametrize("robust", [None, "CR2"])
def test_leave_one_out_of_a_multilevel_fit_leaves_its_clusters_out(robust):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        fit = ev.multilevel(FRAME, ("district", "school"), rho=0.4, robust=robust)
        found = ev.leave_one_out(fit)
        assert found.index.tolist() == [str(name) for name in FRAME["district"].unique()]
        for name in (11, 71):
            rest = FRAME[FRAME["district"] != name]
            alone = ev.multilevel(rest, ("district", "school"), rho=0.4, robust=robust)
            row = found.loc[str(name)]
            for column in ("estimate", "se", "df", "p_value", "tau2", "i2", "q", "q_p"):
                assert row[column] == pytest.approx(getattr(alone, column), rel=1e-7), column
            assert (row["pi_low"], row["pi_high"]) == pytest.approx(tuple(alone.prediction_interval))
            assert row["sigma2_school"] == pytest.approx(alone.sigma2["school"]) and row["k"] == len(rest)
    assert ev.plots.cumulative(found).texts[0].get_text() == "Trial left out"


def test_leave_one_out_of_crossed_random_effects_names_each_component():
    rows = pd.DataFrame({"trial": list("AABBCCDDEE"), "outcome": ["pain", "function"] * 5, "vi": 0.02})
    rows["yi"] = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.3]
    within = [ev.RandomEffect("outcome", within="trial", structure="HCS")]
    found = ev.leave_one_out(ev.multilevel(rows, random=within, robust=None, V=rows["vi"]))
    rest = rows[rows["trial"] != "C"]
    alone = ev.multilevel(rest, random=within, robust=None, V=rest["vi"])
    names = [f"{what}_outcome within trial{of}" for what, of in (("tau2", " function"), ("tau2", " pain"), ("rho", ""))]
    assert found.columns[-3:].tolist() == names and "tau2" not in found
    assert found.loc["C", names].tolist() == pytest.approx(alone.components["estimate"].tolist(), rel=1e-5)
    assert found.loc["C", "estimate"] == pytest.approx(alone.estimate, rel=1e-6)


def test_a_cluster_is_a_level_a_column_or_labels():
    fit = fitted(ORACLE["cases"][0])
    by_year = ev.influence(fit, cluster="year").diagnostics
    assert by_year.index.tolist() == [str(year) for year in FRAME["year"].unique()]
    pd.testing.assert_frame_equal(by_year, ev.influence(fit, cluster=FRAME["year"].to_numpy()).diagnostics)
    year = FRAME["year"].iloc[0]
    rest = FRAME[FRAME["year"] != year]
    alone = ev.multilevel(rest, ("district", "school"), rho=0.0, robust=None)
    assert by_year["tau2_deleted"].iloc[0] == pytest.approx(alone.tau2, rel=1e-6)
    schools = ev.influence(fit, cluster="school").diagnostics
    assert len(schools) == fit.groups["school"]
    with pytest.raises(ev.InvalidInput, match="no column 'town' for cluster"):
        ev.influence(fit, cluster="town")
    with pytest.raises(ev.InvalidInput, match="cluster is for a fit of multilevel"):
        ev.influence(ev.pool(FRAME), cluster="district")


def test_a_cluster_without_which_there_is_no_fit_is_nan_and_counted():
    frame = pd.DataFrame({"study": list("AABBCCDD"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1], "vi": 0.04})
    fit = ev.multilevel(frame.assign(drug=[1, 1, 0, 0, 0, 0, 0, 0]), formula="~ drug", robust=None, test="z")
    with pytest.warns(ev.Incomplete, match="1 of 4 clusters cannot be left out"):
        found = ev.influence(fit)
    assert found.diagnostics["cooks_distance"].isna().tolist() == [True, False, False, False]


def test_the_figure_draws_what_clusters_have():
    ax = ev.plots.influence(fitted(ORACLE["cases"][0]))
    words = {text.get_text().replace("\n", " ") for text in ax.texts}
    assert "Cook's distance" in words and "residual (rstudent)" not in words


REGRESSION = ev.regress(FRAME, formula="~ year")
NO_ANSWER = {
    "leave_one_out of a regression": lambda: ev.leave_one_out(REGRESSION),
    "leave_one_out with moderators": lambda: ev.leave_one_out(fitted(ORACLE["cases"][2])),
    "cumulative of a regression": lambda: ev.cumulative(REGRESSION),
    "cumulative of a multilevel fit": lambda: ev.cumulative(fitted(ORACLE["cases"][0])),
    "baujat": lambda: ev.baujat(fitted(ORACLE["cases"][0])),
    "gosh": lambda: ev.gosh(fitted(ORACLE["cases"][0])),
    "permutation_test": lambda: ev.permutation_test(fitted(ORACLE["cases"][0])),
}


@pytest.mark.parametrize("call", NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_has_no_answer_says_why_and_what_serves_instead(call):
    with pytest.raises(ev.NotEstimable, match=r"influence\(fit\)|leave_one_out\(fit\)|do not determine|robust tests"):
        call()


def test_influence_baujat_gosh_and_permutation_of_a_regression_have_one():
    assert ev.influence(REGRESSION).dfbetas.columns.tolist() == ["Intercept", "year"]
    assert ev.baujat(REGRESSION).notna().all(axis=None)
    assert ev.gosh(REGRESSION, subsets=50).to_frame()["year"].notna().all()
    assert 0 < ev.permutation_test(REGRESSION, iterations=50).p_value["year"] <= 1
