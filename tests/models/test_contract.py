"""What every result of these models shares, and the one way their trials come in."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.result import Result

FRAME = pd.DataFrame(
    {
        "study": list("AABBCCDDEEFFGG"),
        "arm": list("abc") * 4 + ["a", "b"],
        "dose": [1.0, 2, 3, 4, 5, 6, 2, 1, 4, 3, 6, 5, 1, 3],
        "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3, 0.0, 0.4],
        "vi": [0.04, 0.05, 0.02, 0.03, 0.06, 0.04, 0.05] * 2,
    },
    index=[f"row {i}" for i in range(14)],
)
FIT, LINE, NESTED = ev.pool(FRAME), ev.regress(FRAME, formula="~ dose"), ev.multilevel(FRAME)
RESULTS: list[Result] = [
    FIT,
    LINE,
    NESTED,
    ev.multilevel(FRAME, formula="~ dose", robust=None),
    ev.multilevel(FRAME, random=[ev.RandomEffect("study"), ev.RandomEffect("row")]),
    FIT.robust("study"),
    FIT.robust("study").wald(),
    NESTED.likelihood_ratio("study"),
    FIT.tau2_ci(),
    LINE.contrast([[1, 0], [0, 1]]),
    LINE.contrast([[0, 1]]).joint,
    ev.subgroups(FRAME, "arm"),
    ev.likelihood_ratio(FIT, ev.pool(FRAME, method="EE")),
    ev.vote_count([1, 1, -1]),
    ev.sampling_covariance(FRAME),
    ev.combine_pvalues([0.1, 0.2], [1, 1]),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_prints_itself_in_words(result):
    text = repr(result)
    assert text == result.summary() and text.count("\n") < 20
    assert not any(trace in text for trace in ("object at 0x", "np.float64", "array(", "Interval("))
    assert text.startswith(result._title()) and result.sentence().endswith(".") and "\n" not in result.sentence()
    assert result._title().split(" ")[0] in result._repr_html_() and result._repr_html_().startswith("<p>")


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_its_frame_is_new_and_numbered(result):
    frame = result.to_frame()
    assert isinstance(frame.index, pd.RangeIndex) and all(isinstance(name, str) for name in frame.columns)
    frame[frame.columns[-1]] = -99.0
    assert not (result.to_frame().iloc[:, -1] == -99.0).any()


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_it_is_frozen_hashable_exported_and_documented(result):
    name = type(result).__name__
    assert getattr(ev, name) is type(result) and hash(result) is not None
    told = str(type(result).__doc__)
    for field in dataclasses.fields(result):
        assert field.name.startswith("_") or f"\n    {field.name} :" in told, f"{name}.{field.name}"
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, field.name, None)


def test_what_has_no_figure_says_so():
    with pytest.raises(ev.NotEstimable, match="JointTest has no figure"):
        RESULTS[10].plot()


def test_trials_come_as_frame_arrays_series_or_fit():
    backwards = FRAME.iloc[::-1]
    yi, vi = FRAME["yi"], backwards["vi"]
    lists = FRAME["yi"].to_list(), FRAME["vi"].to_list()
    expected = ev.subgroups(FRAME, "arm").groups.drop(columns="arm")
    for found in (
        ev.subgroups(FRAME, by=backwards["arm"]),
        ev.subgroups(yi, vi, backwards["arm"]),
        ev.subgroups(*lists, by=FRAME["arm"].to_list()),
        ev.subgroups(FIT, "arm"),
        ev.subgroups(LINE, by=FRAME["arm"]),
    ):
        pd.testing.assert_frame_equal(found.groups.iloc[:, 1:], expected)
    for fit in (
        ev.multilevel(FRAME, ("study", "row")),
        ev.multilevel(FIT),
        ev.multilevel(NESTED),
        ev.multilevel(yi, vi, levels={"study": backwards["study"], "row": range(14)}),
        ev.multilevel(*lists, levels={"study": FRAME["study"].to_list(), "row": range(14)}),
        ev.multilevel(ev.pool(*lists, slab=FRAME["study"])),
        ev.multilevel(FRAME.drop(columns="study"), levels={"study": backwards["study"], "row": range(14)}),
    ):
        assert (fit.estimate, fit.se) == pytest.approx((NESTED.estimate, NESTED.se), rel=1e-12)
        assert fit.sigma2 == pytest.approx(NESTED.sigma2, rel=1e-9)
    v = ev.sampling_covariance(FRAME, rho=0.4).toarray()
    for matrix in (
        ev.sampling_covariance(FIT, rho=0.4),
        ev.sampling_covariance(yi, vi, backwards["study"], rho=0.4),
        ev.sampling_covariance(*lists, cluster=FRAME["study"].to_list(), rho=0.4),
        ev.sampling_covariance(FRAME.assign(trial=FRAME["study"]), "trial", rho=0.4),
    ):
        assert np.array_equal(matrix.toarray(), v)


def test_clusters_come_by_name_or_by_value():
    expected = ev.robust(FIT, cluster=FRAME["study"].to_list()).coefficients
    for cluster in ("study", FRAME["study"].iloc[::-1], FRAME["study"].to_numpy()):
        pd.testing.assert_frame_equal(ev.robust(FIT, cluster).coefficients, expected)
        pd.testing.assert_frame_equal(FIT.robust(cluster).coefficients, expected)
    more = pd.concat([FRAME, FRAME.iloc[:1].assign(yi=np.nan).rename(index={"row 0": "row 99"})])
    pd.testing.assert_frame_equal(ev.pool(more).robust(more["study"]).coefficients, expected)
    with pytest.raises(ev.InvalidInput, match="names a column, but the studies did not come in a frame"):
        ev.pool([0.1, 0.2, 0.4], [0.1] * 3).robust("study")
    with pytest.raises(ev.InvalidInput, match="no column 'trial' for cluster"):
        NESTED.robust("trial")


def test_many_groups_are_paired_by_label():
    group, yi, vi = FRAME["arm"], FRAME["yi"].iloc[::-1], FRAME["vi"].sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(ev.pool_many(group, yi, vi), ev.pool_many(group, FRAME["yi"], FRAME["vi"]))
    with pytest.raises(ev.InvalidInput, match="other labels"):
        ev.pool_many(group, yi, vi.rename({"row 3": "row x"}))


def test_many_groups_come_in_a_frame_or_a_fit():
    expected = ev.pool_many(FRAME["arm"], FRAME["yi"], FRAME["vi"])
    for group in ("arm", FRAME["arm"].iloc[::-1]):
        pd.testing.assert_frame_equal(ev.pool_many(group, FRAME), expected)
        pd.testing.assert_frame_equal(ev.pool_many(group, FIT), expected)
    pd.testing.assert_frame_equal(ev.pool_many(FRAME["arm"].to_list(), FIT), expected.rename_axis("group"))
    with pytest.raises(ev.InvalidInput, match=r"several make groups in pool\(frame, by=\['arm', 'dose'\]\)"):
        ev.pool_many(["arm", "dose"], FRAME)
    with pytest.raises(ev.InvalidInput, match="leave vi out"):
        ev.pool_many("arm", FRAME, FRAME["vi"])


def test_p_values_and_directions_are_paired_by_label():
    p, way = pd.Series([0.01, 0.5], index=["x", "y"]), pd.Series([-1, 1], index=["y", "x"])
    relation = pd.Series(["<", "="], index=["y", "x"])
    expected = ev.combine_pvalues([0.01, 0.5], [1, -1], ["=", "<"])
    assert ev.combine_pvalues(p, way, relation).p_value == expected.p_value
    with pytest.raises(ev.InvalidInput, match="other labels"):
        ev.combine_pvalues(p, way.rename({"y": "z"}))


def test_rows_that_depend_on_each_other_are_no_independent_trials():
    for call in (ev.pool, ev.regress, ev.bayes, lambda fit: ev.pool(fit, by="arm")):
        with pytest.raises(ev.InvalidInput, match="rows of a Multilevel fit depend on each other"):
            call(NESTED)
    with pytest.raises(ev.InvalidInput, match="not from a Multilevel"):
        ev.egger(NESTED)
    with pytest.raises(ev.InvalidInput, match="Subgroups holds no trials"):
        ev.pool(ev.subgroups(FRAME, "arm"))


def test_a_frame_may_have_any_other_columns():
    odd = FRAME.assign(sampling=1, slab="x", frame=2, eff=3)
    assert ev.pool(odd).estimate == FIT.estimate


def test_statsmodels_and_back():
    fit = ev.pool(FRAME, method="DL", test="z")
    combined = fit.to_statsmodels()
    table = combined.summary_frame()
    assert table.loc["random effect", "eff"] == pytest.approx(fit.estimate, rel=1e-12)
    assert table.loc["random effect", "sd_eff"] == pytest.approx(fit.se, rel=1e-12)
    again = ev.pool(combined, method="DL", test="z")
    assert (again.estimate, again.slab, again.k) == (fit.estimate, fit.slab, fit.k)
    assert ev.pool(FRAME, method="PM").to_statsmodels().tau2 == pytest.approx(
        ev.pool(FRAME, method="PM").tau2, rel=1e-3
    )
    with pytest.raises(ev.NotEstimable, match="two or more studies"):
        ev.pool([0.1], [0.2]).to_statsmodels()


def test_weights_of_a_multilevel_fit_make_its_mean():
    assert NESTED.weights.sum() == pytest.approx(100)
    assert NESTED.weights @ NESTED.yi / 100 == pytest.approx(NESTED.estimate, rel=1e-12)
    assert NESTED.slab == tuple(FRAME["study"]) and NESTED.vi == pytest.approx(FRAME["vi"])
