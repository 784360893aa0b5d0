"""Networks of contrasts between arms: rounded, shared, connected."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import block_diag

import evidence as ev

from .test_network import LOOP, trials


def test_rounded_contrasts_are_averaged_and_wrong_ones_refused() -> None:
    frame = trials(1, [("a", "b", "c"), ("a", "b")])
    rounded = frame.assign(yi=frame["yi"].round(2), vi=frame["vi"].round(3))
    assert ev.network(rounded, reference="a", method="EE").estimates["estimate"].to_list() == pytest.approx(
        ev.network(frame, reference="a", method="EE").estimates["estimate"].to_list(), abs=0.02
    )
    with pytest.raises(ev.InvalidInput, match="contrasts of study 't0' do not add up"):
        ev.network(frame.assign(yi=frame["yi"] + [0, 0.5, 0, 0]), reference="a")
    with pytest.raises(ev.InvalidInput, match="no 3 arms could have the variances of study 't0'"):
        ev.network(frame.assign(vi=[0.01, 0.01, 0.9, 0.1], yi=0.0), reference="a")


@pytest.mark.parametrize("seed", range(3))
def test_contrasts_that_connect_the_arms_and_their_covariance_say_as_much_as_all(seed: int) -> None:
    whole, random = trials(seed, LOOP), np.random.default_rng(seed)
    parts, blocks = [], []
    for _, rows in whole.groupby("study", sort=False):
        arms = sorted({*rows["treatment1"], *rows["treatment2"]})
        shared = arms[random.integers(len(arms))]  # the arm that every contrast of the trial has
        kept = rows[(rows["treatment1"] == shared) | (rows["treatment2"] == shared)].reset_index(drop=True)
        sign = np.where(kept["treatment1"] == shared, 1, -1)
        other = np.where(sign == 1, kept["treatment2"], kept["treatment1"])
        block = np.diag(kept["vi"].to_numpy())
        for i, j in combinations(range(len(kept)), 2):
            third = rows.loc[rows[["treatment1", "treatment2"]].isin([other[i], other[j]]).all(axis=1), "vi"].item()
            block[i, j] = block[j, i] = sign[i] * sign[j] * (kept["vi"][i] + kept["vi"][j] - third) / 2
        parts.append(kept)
        blocks.append(block)
    frame = pd.concat(parts, ignore_index=True)
    V = block_diag(*blocks)
    shuffled = random.permutation(len(frame))
    some = ev.network(frame.iloc[shuffled], reference="a", V=V[np.ix_(shuffled, shuffled)])
    pd.testing.assert_frame_equal(some.league(), ev.network(whole, reference="a").league(), rtol=1e-6)
    with pytest.raises(ev.InvalidInput, match="V and vi give study 't3' different"):
        ev.network(frame, reference="a", V=2 * V)
    with pytest.raises(ev.InvalidInput, match="or 2 of them and their covariance as V"):
        ev.network(frame, reference="a")
    tied = V + 1e-4 * np.eye(len(V))[::-1]
    with pytest.raises(ev.InvalidInput, match="V has a covariance between two studies"):
        ev.network(frame, reference="a", V=tied)
    with pytest.raises(ev.InvalidInput, match="V has shape"):
        ev.network(frame, reference="a", V=V[:3, :3])


def test_three_arms_of_the_shared_arm_by_sampling_covariance(db: ev.EvidenceBase) -> None:
    # trials in which acupuncture met two comparators: with the covariance of the shared arm they enter whole
    effects = db.select(condition="osteoarthritis", outcome="pain", time="short").effects().assign(arm="acupuncture")
    V = ev.sampling_covariance(
        effects, shared_arm=("arm", "comparator"), columns={"n1": "n_acupuncture", "n2": "n_comparator"}
    )
    net = ev.network(effects, treatment1="arm", treatment2="comparator", V=V)
    assert net.k == effects["study"].nunique() < len(effects)
    assert net.estimates.loc["acupuncture", "estimate"] == pytest.approx(
        ev.pool(effects[effects["comparator"] == "sham"]).estimate, abs=0.25
    )
