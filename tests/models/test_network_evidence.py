"""Where the evidence of a network comes from: contributions, net heat, adjusted funnel, certainty."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

CASES = json.loads((Path(__file__).parents[1] / "oracle" / "network.json").read_text())
by_name = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def fit(case: dict[str, Any], **options: Any) -> ev.Network:
    return ev.network(pd.DataFrame(case["data"]), reference=case["reference"], test="z", **options)


def by_paths(flow: np.ndarray, start: int, end: int) -> np.ndarray:
    """Contributions by listing every path of evidence, one at a time."""
    found = np.zeros_like(flow)

    def walk(path: list[int], chance: float) -> None:
        here = path[-1]
        if here == end:
            for a, b in pairwise(path):
                found[min(a, b), max(a, b)] += chance / (len(path) - 1)
            return
        for there in np.flatnonzero(flow[here]):
            walk([*path, int(there)], chance * flow[here, there] / flow[here].sum())

    walk([start], 1.0)
    return found


@by_name
def test_contributions_are_those_of_all_paths(case: dict[str, Any]) -> None:
    net = fit(case)
    found, count = net.contributions(), len(net.treatments)
    # the hat matrix of least squares on arms: level of each trial, effect of each treatment
    trials = net._network
    laplacian = np.zeros((count, count))
    for stack in trials.stacks:
        m = stack.arms.shape[1]
        centre = np.eye(m) - 1 / m
        for arms, covariance in zip(stack.arms, stack.covariance, strict=True):
            laplacian[np.ix_(arms, arms)] += np.linalg.pinv(covariance + net.tau2 * centre / 2)
    weights = np.diag(np.diag(laplacian)) - laplacian
    inverse = np.linalg.pinv(laplacian)
    for a in range(min(count, 8)):
        for b in range(a + 1, min(count, 8)):
            potential = inverse[a] - inverse[b]
            flow = np.maximum(weights * (potential[:, None] - potential), 0)
            flow[flow < 1e-10] = 0
            expected = by_paths(flow, a, b)
            row = found.matrix.loc[f"{net.treatments[a]} : {net.treatments[b]}"]
            for name, share in row.items():
                i, j = (net.treatments.index(end) for end in str(name).split(" : "))
                assert share == pytest.approx(expected[i, j], abs=1e-9)
    np.testing.assert_allclose(found.matrix.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(found.trials.sum(axis=1), 1, atol=1e-9)


def test_contributions_of_a_loop_by_hand() -> None:
    # equal weights: a third of the evidence on a-c flows over b, on a path of two pairs
    net = ev.network([0.4, 0.3, 0.2], list("aba"), list("bcc"), list("xyz"), "c", "EE", vi=[0.02] * 3)
    found = net.contributions()
    assert found.matrix.loc["a : c"].to_dict() == pytest.approx({"a : b": 1 / 6, "a : c": 2 / 3, "b : c": 1 / 6})
    assert found.trials.loc["a : c"].to_dict() == pytest.approx({"x": 1 / 6, "y": 1 / 6, "z": 2 / 3})
    assert "67% to what the network says" in found.sentence()


def test_a_comparison_made_by_nobody_else_rests_on_its_trials() -> None:
    net = ev.network([0.4, 0.2, 0.3], list("aab"), list("bbc"), list("xyz"), "c", "EE", vi=[0.01, 0.03, 0.02])
    assert net.contributions().trials.loc["a : b"].to_dict() == pytest.approx({"x": 0.75, "y": 0.25, "z": 0.0})
    assert net.contributions().trials.loc["a : c"].to_dict() == pytest.approx({"x": 0.375, "y": 0.125, "z": 0.5})


@by_name
def test_net_heat_is_inconsistency_with_and_without_each_design(case: dict[str, Any]) -> None:
    net, data = fit(case), pd.DataFrame(case["data"])
    heat = net.net_heat()
    assert heat.q == pytest.approx(net.inconsistency().q.loc["between designs", "q"], abs=1e-8)
    assert np.diag(heat.change).sum() == pytest.approx(heat.q, abs=1e-7) or np.isnan(np.diag(heat.change)).any()
    designs = {
        study: " : ".join(sorted({*rows["treatment1"], *rows["treatment2"]})) for study, rows in data.groupby("study")
    }
    for name in heat.change.columns[:12]:
        if heat.change[name].isna().all():
            continue
        rest = data[data["study"].map(designs) != str(name).split(" in ")[-1]]
        left = ev.network(rest, reference=case["reference"], method="EE", test="z").inconsistency()
        assert heat.q - heat.change[name].sum() == pytest.approx(left.q.loc["between designs", "q"], abs=1e-7)


def test_net_heat_of_random_effects_is_the_interaction() -> None:
    net = fit(CASES[0])
    heat, found = net.net_heat(random=True), net.inconsistency()
    assert (heat.tau2, heat.q) == pytest.approx((found.tau2_within, found.statistic))


def test_net_heat_needs_a_loop() -> None:
    net = ev.network([0.4, 0.2], list("ab"), list("bc"), list("xy"), "c", "EE", vi=[0.01, 0.03])
    with pytest.raises(ev.NotEstimable, match="no loop"):
        net.net_heat()


def test_the_adjusted_funnel_reads_later_against_earlier() -> None:
    one, two = ["new", "old", "new"], ["old", "new", "sham"]
    net = ev.network([0.5, -0.1, 0.4], one, two, list("xyz"), "sham", "EE", vi=[0.02, 0.02, 0.03])
    found = net.adjusted_funnel(["sham", "old", "new"]).effects
    assert found[["treatment1", "treatment2"]].to_numpy().tolist() == [["new", "old"], ["new", "old"], ["new", "sham"]]
    assert found["effect"].tolist() == pytest.approx([0.5, 0.1, 0.4])
    assert found["yi"].tolist() == pytest.approx([0.2, -0.2, 0.0])
    with pytest.raises(ev.InvalidInput, match="order"):
        net.adjusted_funnel(["sham", "old"])


def test_the_adjusted_funnel_is_what_egger_takes() -> None:
    net = fit(CASES[0])
    found = net.adjusted_funnel(net.treatments)
    assert ev.egger(found.effects).p_value == pytest.approx(ev.egger(found.effects["yi"], found.effects["vi"]).p_value)
    turned = net.adjusted_funnel(net.treatments[::-1]).effects
    np.testing.assert_allclose(turned["yi"], -found.effects["yi"])


def three(bias: dict[str, str] | None = None, worthwhile: float = 0.3, vi: float = 0.02) -> pd.DataFrame:
    one, two = ["needle", "needle", "sham"], ["sham", "drug", "drug"]
    net = ev.network([0.4, 0.3, -0.2], one, two, ["t1", "t2", "t3"], vi=[vi] * 3, method="EE", test="z")
    return net.certainty(worthwhile, bias).table


def test_certainty_follows_its_rules() -> None:
    # needle : sham rests on t1 for 2/3, on t2 and t3 for 1/6 each
    table = three({"t1": "low", "t2": "high", "t3": "some"})
    assert table["bias"].to_dict() == {"drug : needle": "major", "drug : sham": "some", "needle : sham": "some"}
    assert three({"t1": "high", "t2": "some", "t3": "high"}).loc["needle : sham", "bias"] == "major"
    assert three({"t1": "low", "t2": "high", "t3": "low"}).loc["needle : sham", "bias"] == "none"
    # needle : sham is 0.43 +- 0.23, drug : needle -0.27 +- 0.23, drug : sham 0.17 +- 0.23
    assert three()["imprecision"].to_dict() == {"drug : needle": "none", "drug : sham": "some", "needle : sham": "none"}
    assert three(worthwhile=0.05).loc["drug : sham", "imprecision"] == "major"
    assert three(worthwhile=0.5).loc["drug : sham", "imprecision"] == "none"
    assert set(table["heterogeneity"]) == set(table["indirectness"]) == {"not judged"}
    assert table.loc["drug : sham", "certainty"] == "low"  # bias and imprecision, one step each


def test_certainty_says_when_direct_and_indirect_disagree() -> None:
    table = three(vi=0.0008, worthwhile=0.01)
    assert table["incoherence"].tolist() == ["some"] * 3
    assert three(vi=0.0001, worthwhile=0.01)["incoherence"].tolist() == ["major"] * 3


def test_a_wide_prediction_interval_is_heterogeneity() -> None:
    one, two = ["a"] * 6, ["b"] * 6
    net = ev.network([0.9, 0.1, 0.8, 0.2, 1.0, 0.3], one, two, list("uvwxyz"), "b", vi=[0.01] * 6)
    row = net.certainty(0.2).table.loc["a : b"]
    assert (row["imprecision"], row["heterogeneity"], row["incoherence"]) == ("none", "major", "none")
    assert row["pi_low"] < -0.2 < 0 < row["ci_low"]


def test_certainty_wants_every_trial_judged() -> None:
    with pytest.raises(ev.InvalidInput, match="bias says nothing of trial 't3'"):
        three({"t1": "low", "t2": "low"})
    with pytest.raises(ev.InvalidInput, match="bias says 'fine' of trial 't1'"):
        three({"t1": "fine", "t2": "low", "t3": "low"})
    with pytest.raises(ev.InvalidInput, match="worthwhile is 0"):
        three(worthwhile=0)
