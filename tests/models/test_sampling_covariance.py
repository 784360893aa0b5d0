"""ev.sampling_covariance against metafor::vcalc, by simulation of arms that share, and from the user's side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence as ev

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "sampling_covariance.json").read_text())
DATA = pd.DataFrame(ORACLE["data"])
ARMS = pd.DataFrame(
    {
        "study": ["T"] * 3 + ["U"],
        "arm": ["manual", "electro", "manual", "manual"],
        "versus": ["sham", "sham", "waiting", "sham"],
    }
)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("rho", {"rho": 0.6}),
        ("outcome_week", {"rho": 0.5, "outcome": "outcome", "week": "week", "phi": 0.9}),
        ("week", {"cluster": "series", "week": "week", "phi": 0.95}),
    ],
)
def test_correlations_agree_with_vcalc(name: str, settings: dict[str, Any]) -> None:
    frame = DATA.assign(series=DATA["study"] + DATA["outcome"])
    found = ev.sampling_covariance(frame, **settings).toarray()
    np.testing.assert_allclose(found, np.array(ORACLE["V"][name]), rtol=1e-12, atol=1e-15)


def test_mean_differences_that_share_an_arm_covary_by_its_squared_standard_error() -> None:
    """Sham: sd 3, n 20. Manual against two comparators: sd 2, n 10."""
    frame = ARMS.assign(
        yi=0.0, sd1=[2.0, 4.0, 2.0, 1.0], n1=[10, 15, 10, 30], sd2=[3.0, 3.0, 5.0, 1.0], n2=[20, 20, 25, 30]
    )
    frame["vi"] = frame["sd1"] ** 2 / frame["n1"] + frame["sd2"] ** 2 / frame["n2"]
    v = ev.sampling_covariance(frame, shared_arm=("arm", "versus"), measure="MD").toarray()
    np.testing.assert_allclose(np.diag(v), frame["vi"])
    assert v[0, 1] == pytest.approx(9 / 20)
    assert v[0, 2] == pytest.approx(4 / 10)
    assert v[1, 2] == pytest.approx(0, abs=1e-15)
    assert v[0, 3] == 0


def test_an_arm_on_both_sides_covaries_negatively() -> None:
    frame = pd.DataFrame(
        {"study": "T", "arm": ["a", "b"], "versus": ["b", "c"], "sd1": [1.0, 2], "n1": [10, 20], "sd2": [2.0, 3]}
    ).assign(n2=[20, 30], vi=[0.1 + 0.2, 0.2 + 0.3])
    v = ev.sampling_covariance(frame, shared_arm=("arm", "versus"), measure="MD").toarray()
    assert v[0, 1] == pytest.approx(-4 / 20)


def test_log_ratios_that_share_a_comparator() -> None:
    """9 of 30 events with the comparator."""
    cells = {"ai": [10, 5], "n1": [40, 25], "ci": [9, 9], "n2": [30, 30]}
    for measure, shared in (("RR", 1 / 9 - 1 / 30), ("OR", 1 / 9 + 1 / 21)):
        counts = {"ai": [10, 5], "bi": [30, 20], "ci": [9, 9], "di": [21, 21]}
        effects = ev.effect_size(measure, **counts)
        frame = pd.DataFrame(cells).assign(study="T", control="c", vi=effects["vi"].to_numpy(), measure=measure)
        v = ev.sampling_covariance(frame, shared_arm="control").toarray()
        assert v[0, 1] == pytest.approx(shared, rel=1e-12)
        np.testing.assert_allclose(np.diag(v), effects["vi"], rtol=1e-12)


def test_standardised_differences_covary_as_simulated_trials_do() -> None:
    """Three arms of 60, 80 and 100 patients; the third is the comparator of both; true d of 0.8 and 1.2."""
    rng = np.random.default_rng(17)
    n1, n2, nc, repeats = 60, 80, 100, 40_000
    means = [rng.normal(mu, 1 / np.sqrt(n), repeats) for mu, n in ((0.8, n1), (1.2, n2), (0, nc))]
    ss = [rng.chisquare(n - 1, repeats) for n in (n1, n2, nc)]
    d1 = (means[0] - means[2]) / np.sqrt((ss[0] + ss[2]) / (n1 + nc - 2))
    d2 = (means[1] - means[2]) / np.sqrt((ss[1] + ss[2]) / (n2 + nc - 2))
    simulated = np.cov(d1, d2)
    frame = pd.DataFrame({"study": "T", "c": "c", "yi": [0.8, 1.2], "n_a": [n1, n2], "n_b": nc, "measure": "SMD"})
    frame["vi"] = 1 / frame["n_a"] + 1 / nc + frame["yi"] ** 2 / (2 * (frame["n_a"] + nc))
    columns = {"n1": "n_a", "n2": "n_b"}
    v = ev.sampling_covariance(frame, shared_arm="c", columns=columns).toarray()
    assert v[0, 1] == pytest.approx(1 / nc + 0.8 * 1.2 * nc / (2 * 160 * 180), rel=1e-12)
    np.testing.assert_allclose(v, simulated, rtol=0.04)


def test_two_outcomes_of_the_same_arms_covary_as_simulated_patients_do() -> None:
    """Correlation 0.7 between outcomes, one pair of arms: r (1/n1 + 1/n2) + r^2 g1 g2 / (2 N)."""
    frame = pd.DataFrame(
        {"study": "T", "a": "x", "b": "y", "outcome": ["pain", "function"], "yi": [0.5, 1.0], "n1": 30, "n2": 50}
    )
    frame["vi"] = 1 / 30 + 1 / 50 + frame["yi"] ** 2 / 160
    v = ev.sampling_covariance(frame, rho=0.7, outcome="outcome", shared_arm=("a", "b"), measure="SMD").toarray()
    assert v[0, 1] == pytest.approx(0.7 * (1 / 30 + 1 / 50) + 0.49 * 0.5 / 160, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 0.99), st.floats(0.1, 1))
def test_any_trial_gives_a_possible_matrix_whatever_the_order_of_its_rows(seed: int, rho: float, phi: float) -> None:
    rng = np.random.default_rng(seed)
    k = 12
    arms = np.array([rng.choice(4, 2, replace=False) for _ in range(k)])
    frame = pd.DataFrame({"study": rng.integers(0, 3, k), "arm": arms[:, 0], "versus": arms[:, 1]})
    frame = frame.assign(outcome=rng.integers(0, 2, k), week=rng.permutation(k), yi=rng.normal(size=k))
    frame = frame.assign(n1=rng.integers(5, 50, k), n2=rng.integers(5, 50, k), vi=rng.uniform(0.01, 1, k))
    asked = {"rho": rho, "outcome": "outcome", "week": "week", "phi": phi}
    asked |= {"shared_arm": ("arm", "versus"), "measure": "SMD"}
    try:
        v = ev.sampling_covariance(frame, **asked).toarray()
    except ev.InvalidInput as error:
        assert "the same comparison, outcome and week" in str(error) and phi > 1 - 1e-6
        return
    scale = np.sqrt(np.outer(frame["vi"], frame["vi"]))
    assert np.linalg.eigvalsh(v / scale)[0] > -1e-10
    order = rng.permutation(k)
    again = ev.sampling_covariance(frame.iloc[order], **asked).toarray()
    np.testing.assert_allclose(again, v[np.ix_(order, order)], atol=1e-15)


def test_impossible_correlations_are_refused_or_replaced_aloud() -> None:
    frame = pd.DataFrame({"study": ["A"] * 4 + ["B"], "vi": [0.1, 0.2, 0.3, 0.4, 0.5]})
    with pytest.raises(ev.InvalidInput, match=r"4 rows of study 'A' .* nearest=True"):
        ev.sampling_covariance(frame, rho=-0.5)
    with pytest.warns(UserWarning, match="nearest possible ones in A"):
        v = ev.sampling_covariance(frame, rho=-0.5, nearest=True).toarray()
    np.testing.assert_allclose(np.diag(v), frame["vi"], rtol=1e-8)
    r = v[:4, :4] / np.sqrt(np.outer(frame["vi"][:4], frame["vi"][:4]))
    np.testing.assert_allclose(r[np.triu_indices(4, 1)], -1 / 3, atol=1e-4)


def test_what_is_wrong_is_named() -> None:
    frame = pd.DataFrame({"study": ["A", "A"], "vi": [0.1, 0.2], "week": [4, 4], "outcome": "pain"})
    with pytest.raises(ev.InvalidInput, match="'trial' is not a column"):
        ev.sampling_covariance(frame, "trial")
    with pytest.raises(ev.InvalidInput, match="not a correlation"):
        ev.sampling_covariance(frame, rho=1.2)
    with pytest.raises(ev.InvalidInput, match="go together"):
        ev.sampling_covariance(frame, week="week")
    with pytest.raises(ev.InvalidInput, match="the same comparison, outcome and week"):
        ev.sampling_covariance(frame, outcome="outcome", week="week", phi=0.9)
    with pytest.raises(ev.InvalidInput, match="missing in row 1"):
        ev.sampling_covariance(frame.assign(vi=[0.1, np.nan]))
    with pytest.raises(ev.InvalidInput, match="which measure"):
        ev.sampling_covariance(frame.assign(arm=["x", "x"]), shared_arm="arm")
    with pytest.raises(ev.InvalidInput, match="'sd1' is needed"):
        ev.sampling_covariance(frame.assign(arm="x"), shared_arm="arm", measure="MD")
    with pytest.raises(ev.InvalidInput, match="compares an arm with itself"):
        own = frame.assign(arm="x", n1=9, n2=9, yi=0.1)
        ev.sampling_covariance(own, shared_arm=("arm", "arm"), measure="SMD")
