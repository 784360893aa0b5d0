"""ev.network against metafor's rma.mv, by hand, by invariance and from the user's side."""

from __future__ import annotations

import json
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

import evidence as ev
from evidence.models.wording import number

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "oracle" / "network.json").read_text())
by_name = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
# rma.mv climbs in log(tau2) with numerical derivatives: at reltol 1e-15 it settles tau2 to 4e-7 of itself, and one that
# is zero to 7e-10. Estimates and standard errors follow to 1e-7. With tau2 fixed (EE) both sides agree to 1e-13.
SETTLED = 1e-6


def fit(case: dict[str, Any], method: str = "REML") -> ev.Network:
    return ev.network(pd.DataFrame(case["data"]), reference=case["reference"], method=method, test="z")


def trials(seed: int, arms: list[tuple[str, ...]]) -> pd.DataFrame:
    """All contrasts of trials with these arms; each trial's arms have independent errors."""
    random = np.random.default_rng(seed)
    rows = []
    for i, names in enumerate(arms):
        effect, variance = random.normal(0, 0.4, len(names)), random.uniform(0.01, 0.1, len(names))
        for a, b in combinations(range(len(names)), 2):
            rows.append((f"t{i}", names[a], names[b], effect[a] - effect[b], variance[a] + variance[b]))
    return pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi", "vi"])


LOOP = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "b", "c"), ("c", "d"), ("b", "d", "a", "c"), ("a", "b"), ("d", "c")]


@by_name
@pytest.mark.parametrize("method", ["REML", "ML", "EE"])
def test_estimates_agree_with_rma_mv(case: dict[str, Any], method: str) -> None:
    net, expected = fit(case, method), case["fits"][method]
    table, sure = net.estimates, 1e-11 if method == "EE" else SETTLED
    assert list(table.index) == [name for name in case["treatments"] if name != case["reference"]]
    for ours, theirs in (("estimate", "beta"), ("se", "se"), ("ci_low", "low"), ("ci_high", "high")):
        np.testing.assert_allclose(table[ours], expected[theirs], rtol=sure, atol=sure * table["se"].max())
    np.testing.assert_allclose(table["p_value"], expected["p"], rtol=10 * sure, atol=1e-60)
    np.testing.assert_allclose(net.tau2, expected["tau2"], rtol=SETTLED, atol=1e-8)
    np.testing.assert_allclose([net.q, net.q_p], [expected["q"], expected["q_p"]], rtol=1e-9)
    kept = [net.treatments.index(name) for name in table.index]
    covariance = np.array(expected["vcov"])
    np.testing.assert_allclose(net.covariance[np.ix_(kept, kept)], covariance, atol=sure * covariance.max())


@by_name
def test_moment_tau2_agrees_with_the_matrix_formula(case: dict[str, Any]) -> None:
    net = fit(case, "DL")
    assert net.tau2 == pytest.approx(case["tau2_dl"], rel=1e-9, abs=1e-12)
    expected = 0 if net.tau2 == 0 else 100 * (net.q - net.q_df) / net.q  # under DL both forms of I2 are one
    assert net.i2 == pytest.approx(expected)


@by_name
@pytest.mark.parametrize("at", [0, 1])
def test_inconsistency_agrees_with_models_fitted_by_design(case: dict[str, Any], at: int) -> None:
    expected = case["interaction"][at]
    found = fit(case, expected["method"]).inconsistency()
    total = case["fits"]["EE"]["q"]
    assert found.q["q"].to_list() == pytest.approx([total, case["q_within"], total - case["q_within"]], rel=1e-8)
    assert found.q["df"].to_list() == [case["df_total"], case["df_within"], case["designs"]]
    assert found.designs[["q", "df"]].sum().to_list() == pytest.approx(found.q.loc["within designs", ["q", "df"]])
    assert found.designs["k"].sum() == fit(case).k
    assert found.tau2_within == pytest.approx(expected["tau2"], rel=SETTLED, abs=1e-8)
    assert (found.statistic, found.df) == pytest.approx((expected["statistic"], expected["df"]), rel=SETTLED)


@by_name
def test_node_splits_agree_with_rma_on_either_part_of_the_trials(case: dict[str, Any]) -> None:
    keys = ["treatment1", "treatment2"]
    ours = fit(case).node_split().set_index(keys)
    theirs = pd.DataFrame(case["splits"]).set_index(keys).apply(pd.to_numeric).loc[ours.index]
    assert len(ours) == len(case["splits"])
    for column in ("k", "direct", "direct_se", "indirect", "indirect_se"):
        known = theirs[column].notna()
        np.testing.assert_allclose(ours.loc[known, column], theirs.loc[known, column], rtol=SETTLED, atol=1e-8)
    assert case["name"] == "random" or theirs["indirect"].notna().sum() + (ours["note"] != "").sum() > 0


@by_name
def test_p_scores_agree_with_their_definition(case: dict[str, Any]) -> None:
    found = fit(case).ranking(draws=1)["p_score"]
    np.testing.assert_allclose(found.loc[case["treatments"]], case["p_score"], atol=1e-7)
    assert found.is_monotonic_decreasing


@pytest.mark.parametrize("test", ["z", "hksj", "hksj-adhoc"])
@pytest.mark.parametrize("method", ["REML", "ML", "DL", "EE"])
def test_two_treatments_are_an_ordinary_pool(method: Any, test: Any) -> None:
    frame = trials(5, [("needle", "sham")] * 7)
    net, pooled = ev.network(frame, method=method, test=test), ev.pool(frame, method=method, test=test)
    columns = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high", "pi_low", "pi_high"]
    expected = pooled.to_frame()[columns].iloc[0].to_numpy(float)
    np.testing.assert_allclose(net.estimates[columns].iloc[0].to_numpy(float), expected, rtol=1e-7)
    assert (net.tau2, net.i2, net.q, net.q_p) == pytest.approx((pooled.tau2, pooled.i2, pooled.q, pooled.q_p), rel=1e-7)


def test_a_loop_of_three_trials_by_hand() -> None:
    # a-b 0.5 (v 0.02), b-c 0.1 (v 0.03), a-c 1.0 (v 0.05): the loop is out by 0.5 + 0.1 - 1.0 = -0.4, v = 0.1
    frame = pd.DataFrame(
        {"study": list("xyz"), "treatment1": list("aba"), "treatment2": list("bcc"), "yi": [0.5, 0.1, 1.0]}
    ).assign(vi=[0.02, 0.03, 0.05])
    net = ev.network(frame, reference="c", method="EE", test="z")
    # a-c: direct 1.0 with information 20, indirect 0.6 with information 1 / (0.02 + 0.03) = 20
    assert net.estimates.loc["a", ["estimate", "se"]].to_list() == pytest.approx([0.8, 40**-0.5])
    assert (net.q, net.q_df) == pytest.approx((0.4**2 / 0.1, 1))
    found = net.inconsistency()
    assert found.q["q"].to_list() == pytest.approx([1.6, 0, 1.6]) and found.q["df"].to_list() == [1, 0, 1]
    assert (found.statistic, found.p_value) == pytest.approx((1.6, 2 * norm.sf(1.6**0.5)))
    split = net.node_split().set_index(["treatment1", "treatment2"])
    for pair, direct in {("a", "b"): 0.5, ("a", "c"): 1.0, ("b", "c"): 0.1}.items():
        out = -0.4 if pair != ("a", "c") else 0.4
        assert split.loc[pair, ["direct", "difference", "se"]].to_list() == pytest.approx([direct, out, 0.1**0.5])
        assert split.loc[pair, "p_value"] == pytest.approx(2 * norm.sf(0.4 / 0.1**0.5))
    assert split.loc[("a", "c"), "share_direct"] == pytest.approx(0.5)


def test_trials_of_several_arms_are_least_squares_on_the_arms() -> None:
    # independent arms with a level of its own for each trial: the model in which no covariance has to be recovered
    frame = trials(8, LOOP)
    random = np.random.default_rng(8)
    y, w, rows = [], [], []
    for i, names in enumerate(LOOP):
        effect, variance = random.normal(0, 0.4, len(names)), random.uniform(0.01, 0.1, len(names))
        for name, e, v in zip(names, effect, variance, strict=True):
            y.append(e)
            w.append(v**-0.5)
            rows.append([*(np.arange(len(LOOP)) == i), name == "a", name == "b", name == "c"])
    x, scale = np.array(rows, float), np.array(w)
    beta = np.linalg.lstsq(x * scale[:, None], np.array(y) * scale, rcond=None)[0]
    covariance = np.linalg.inv(x.T @ (x * scale[:, None] ** 2))
    net = ev.network(frame, reference="d", method="EE", test="z")
    np.testing.assert_allclose(net.estimates["estimate"], beta[-3:], rtol=1e-9)
    np.testing.assert_allclose(net.estimates["se"], np.sqrt(np.diag(covariance))[-3:], rtol=1e-9)


@given(seed=st.integers(0, 10_000), factor=st.floats(0.1, 50))
@settings(max_examples=15)
def test_order_direction_reference_and_units_do_not_matter(seed: int, factor: float) -> None:
    frame = trials(seed, LOOP)
    random = np.random.default_rng(seed)
    other = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    turn = random.random(len(other)) < 0.5
    names = other[["treatment1", "treatment2"]].to_numpy()
    names[turn] = names[turn, ::-1]
    other = other.assign(treatment1=names[:, 0], treatment2=names[:, 1], vi=other["vi"] * factor**2)
    other["yi"] *= np.where(turn, -factor, factor)
    one, two = ev.network(frame, reference="a"), ev.network(other, reference="c")
    assert two.tau2 == pytest.approx(factor**2 * one.tau2, rel=1e-6, abs=1e-9 * factor**2)
    pair = ["treatment1", "treatment2"]
    league, scaled = one.league(), two.league()
    assert league[pair].equals(scaled[pair]) and league["k"].equals(scaled["k"])
    np.testing.assert_allclose(scaled["p_value"], league["p_value"], rtol=1e-5)
    for column in ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high"):
        np.testing.assert_allclose(scaled[column], factor * league[column], rtol=1e-5, atol=1e-7 * factor)
    np.testing.assert_allclose(one.ranking()["p_score"], two.ranking()["p_score"], atol=1e-6)
    before, after = one.node_split(), two.node_split()
    np.testing.assert_allclose(after["p_value"], before["p_value"], rtol=1e-4)
    assert two.inconsistency().q["q"].to_list() == pytest.approx(one.inconsistency().q["q"].to_list(), rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_direct_and_indirect_evidence_make_up_the_network(seed: int) -> None:
    net = ev.network(trials(seed, LOOP), reference="a", test="hksj")
    split = net.node_split()
    direct, indirect = split["direct_se"] ** -2, split["indirect_se"] ** -2
    np.testing.assert_allclose(direct + indirect, split["network_se"] ** -2, rtol=1e-9)
    both = (direct * split["direct"] + indirect * split["indirect"]) / (direct + indirect)
    np.testing.assert_allclose(both, split["network"], atol=1e-12)
    merged = split.merge(net.league(), on=["treatment1", "treatment2"], suffixes=("", "_league"))
    np.testing.assert_allclose(merged["network"], merged["estimate"], atol=1e-12)
    np.testing.assert_allclose(merged["network_se"], merged["se_league"], rtol=1e-9)
    assert merged["k"].equals(merged["k_league"])


def test_indirect_evidence_is_the_network_without_the_pair() -> None:
    arms = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("b", "d"), ("a", "b"), ("d", "c")]
    frame = trials(2, arms)
    split = ev.network(frame, reference="a", method="EE", test="z").node_split()
    for row in split.to_dict("records"):
        apart = set(zip(frame["treatment1"], frame["treatment2"], strict=True))
        assert {(row["treatment1"], row["treatment2"]), (row["treatment2"], row["treatment1"])} & apart
        here = frame[["treatment1", "treatment2"]].isin([row["treatment1"], row["treatment2"]]).all(axis=1)
        rest = ev.network(frame[~here], reference=row["treatment2"], method="EE", test="z").estimates
        assert rest.loc[row["treatment1"], ["estimate", "se"]].to_list() == pytest.approx(
            [row["indirect"], row["indirect_se"]]
        )


def test_ranks_are_probabilities_and_agree_with_p_scores() -> None:
    net = ev.network(trials(3, LOOP), reference="a", test="z")
    table = net.ranking(draws=40_000)
    chances = table.filter(regex="^rank_")
    assert chances.to_numpy().sum(axis=0) == pytest.approx(1) and chances.to_numpy().sum(axis=1) == pytest.approx(1)
    assert (1 + 3 * (1 - table["p_score"])).to_list() == pytest.approx(table["mean_rank"].to_list(), abs=0.03)
    pd.testing.assert_frame_equal(table, net.ranking(draws=40_000))
    worst = net.ranking("lower", draws=40_000)
    assert worst["p_score"].to_dict() == pytest.approx((1 - table["p_score"]).to_dict())
    assert worst["rank_4"].to_dict() == pytest.approx(table["rank_1"].to_dict(), abs=0.02)
    pair = ev.network(trials(5, [("needle", "sham")] * 7))  # t with 6 degrees of freedom
    certain = 1 - pair.estimates["p_value"].iloc[0] / 2
    if pair.estimates["estimate"].iloc[0] < 0:
        certain = 1 - certain
    ranked = pair.ranking(draws=200_000).loc["needle"]
    assert ranked["p_score"] == pytest.approx(certain) and ranked["rank_1"] == pytest.approx(certain, abs=0.005)
    with pytest.raises(ev.InvalidInput, match="higher"):
        net.ranking("best")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="draws"):
        net.ranking(draws=0)


def test_a_tree_of_single_trials_has_no_tau2_and_says_so() -> None:
    frame = trials(1, [("a", "b"), ("b", "c")])
    with pytest.warns(ev.SmallSample, match="tau2 is taken as 0"):
        net = ev.network(frame, reference="a")
    assert (net.tau2, net.q, net.q_df, net.q_p, net.i2) == (0, 0, 0, 1, 0) and np.isinf(net.df)
    assert net.estimates.loc["b", "estimate"] == pytest.approx(-frame["yi"][0])
    found, split = net.inconsistency(), net.node_split()
    assert found.df == 0 and found.p_value == 1 and "nothing can show" in found.sentence()
    assert set(split["note"]) == {"no indirect evidence"} and split["indirect"].isna().all()


def test_what_cannot_be_a_network_is_refused_with_its_reason() -> None:
    frame = trials(1, [("a", "b", "c"), ("d", "e"), ("e", "f")])
    with pytest.raises(ev.InvalidInput, match=r"2 pieces that no trial connects: \(a, b, c\); \(d, e, f\)"):
        ev.network(frame, reference="a")
    good = trials(1, [("a", "b", "c"), ("a", "b")])
    with pytest.raises(ev.InvalidInput, match="reference 'sham' is no treatment here; choose one of a, b, c"):
        ev.network(good)
    with pytest.raises(ev.InvalidInput, match="study 't0' has 3 arms but lacks the contrast b with c: give all 3"):
        ev.network(good.drop(index=2), reference="a")
    with pytest.raises(ev.InvalidInput, match="lacks the contrast a with b"):
        ev.network(good.assign(yi=[np.nan, *good["yi"][1:]]), reference="a")
    with pytest.raises(ev.InvalidInput, match="'t1' has a negative vi"):
        ev.network(good.assign(vi=[*good["vi"][:3], -1]), reference="a")
    with pytest.raises(ev.InvalidInput, match="'t1' has a vi of zero"):
        ev.network(good.assign(vi=[*good["vi"][:3], 0]), reference="a")
    with pytest.raises(ev.InvalidInput, match="'t1' compares 'a' with itself"):
        ev.network(good.replace({"treatment2": {"b": "a"}}).iloc[[3]], reference="a")
    with pytest.raises(ev.InvalidInput, match="'t1' compares 'a' with 'b' twice"):
        ev.network(pd.concat([good, good.iloc[[3]]]), reference="a")
    with pytest.raises(ev.InvalidInput, match="lacks the trial or a treatment"):
        ev.network(good.assign(study=None), reference="a")
    with pytest.raises(ev.InvalidInput, match="no column 'trial'"):
        ev.network(good, study="trial", reference="a")
    with pytest.raises(ev.InvalidInput, match="no study has both"):
        ev.network(good.assign(yi=np.nan), reference="a")
    for name, value in (("method", "PM"), ("test", "t"), ("level", 95)):
        with pytest.raises(ev.InvalidInput, match=name):
            ev.network(good, reference="a", **{name: value})  # type: ignore[arg-type]


def test_an_arm_with_missing_numbers_leaves_the_others() -> None:
    frame = trials(4, LOOP)
    gone = (frame["study"] == "t3") & ((frame["treatment1"] == "c") | (frame["treatment2"] == "c"))
    net = ev.network(frame.assign(yi=frame["yi"].mask(gone)), reference="a")
    assert net.dropped == 2 and net.k == len(LOOP)
    pd.testing.assert_frame_equal(net.estimates, ev.network(frame[~gone], reference="a").estimates)


def test_what_is_said_is_what_was_found() -> None:
    frame = trials(4, LOOP).replace("d", "<script>alert(1)</script>")
    net = ev.network(frame, reference="a")
    table = net.to_frame().set_index("treatment")
    low, high = table["estimate"].min(), table["estimate"].max()
    clear = ((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum()
    words = net.sentence()
    assert f"{number(low)} (" in words and f"{number(high)} (" in words and f"{clear} of 3 intervals" in words
    assert "8 trials and 4 treatments" in words and f"tau² = {net.tau2:.4f}" in net.summary()
    assert (
        net.comparisons["k"].sum() == 6 + 3 + 6
        and net.comparisons.set_index(["treatment1", "treatment2"]).loc[("a", "b"), "k"] == 4
    )
    assert net.trials.to_dict() == {"a": 5, "b": 5, "c": 6, "<script>alert(1)</script>": 3}
    for html in (net._repr_html_(), net.inconsistency()._repr_html_()):
        assert "<script>" not in html and "&lt;script&gt;" in html
    assert "does not show that they agree" in net.inconsistency().sentence()
    assert repr(net) == net.summary() and "within designs" in repr(net.inconsistency())
    assert net.inconsistency().to_frame().set_index("part").loc["interaction", "q"] == net.inconsistency().statistic
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        pair = ev.network(frame.iloc[[0]], reference="b")
    assert pair.sentence().count("confidence interval") == 1 and "difference from b" in pair.sentence()
