"""ev.pool by hand, at its edges, and from the user's side; see test_oracle for the numbers of metafor."""

import math
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev

# log risk ratios of the BCG vaccine trials (Colditz et al. 1994, JAMA 271:698)
BCG_YI = [
    -0.8893,
    -1.5854,
    -1.3481,
    -1.4416,
    -0.2175,
    -0.7861,
    -1.6209,
    0.0120,
    -0.4694,
    -1.3713,
    -0.3394,
    0.4459,
    -0.0173,
]
BCG_VI = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]


def test_equal_effects_by_hand():
    yi, vi = np.array([0.2, 0.5, 0.9]), np.array([0.1, 0.2, 0.4])
    w = 1 / vi
    mean = np.sum(w * yi) / w.sum()
    fit = ev.pool(yi, vi, method="EE", test="z")
    assert fit.estimate == pytest.approx(mean, rel=1e-14)
    assert fit.se == pytest.approx(w.sum() ** -0.5, rel=1e-14)
    assert fit.q == pytest.approx(np.sum(w * (yi - mean) ** 2), rel=1e-12)
    assert (fit.tau2, fit.tau2_se, fit.prediction_interval) == (0, None, None)
    assert fit.weights == pytest.approx(100 * w / w.sum())


def test_dersimonian_laird_by_hand():
    yi, vi = np.array([0.1, 1.2, 2.0, -0.4]), np.array([0.1, 0.2, 0.4, 0.3])
    w = 1 / vi
    q = np.sum(w * (yi - np.sum(w * yi) / w.sum()) ** 2)
    tau2 = (q - 3) / (w.sum() - np.sum(w**2) / w.sum())
    assert ev.pool(yi, vi, method="DL").tau2 == pytest.approx(tau2, rel=1e-12)


def test_reml_solves_its_equation():
    fit = ev.pool(BCG_YI, BCG_VI)
    w = 1 / (fit.vi + fit.tau2)
    p = np.diag(w) - np.outer(w, w) / w.sum()
    assert fit.yi @ p @ p @ fit.yi == pytest.approx(np.trace(p), rel=1e-9)


def test_adhoc_is_never_narrower_than_z():
    alike = [0.30, 0.31, 0.29, 0.30]
    z, hksj, adhoc = (ev.pool(alike, [0.05] * 4, test=t) for t in ("z", "hksj", "hksj-adhoc"))
    assert hksj.se < z.se == adhoc.se
    assert adhoc.ci.low < z.ci.low


def test_prediction_interval_uses_the_quantile_of_the_confidence_interval():
    fit = ev.pool(BCG_YI, BCG_VI)
    crit = (fit.ci.high - fit.estimate) / fit.se
    assert crit == pytest.approx(stats.t.ppf(0.975, 12), rel=1e-12)
    assert fit.prediction_interval.high == pytest.approx(fit.estimate + crit * math.sqrt(fit.se**2 + fit.tau2))


def test_one_study_is_itself():
    fit = ev.pool([0.4], [0.04])
    assert fit.ci == pytest.approx((0.4 - 1.959963984540054 * 0.2, 0.4 + 1.959963984540054 * 0.2))
    assert (fit.tau2, fit.i2, fit.h2, fit.q, fit.q_p, fit.k) == (0, 0, 1, 0, 1, 1)
    assert fit.prediction_interval is None
    assert fit.df == math.inf
    assert fit.sentence().startswith("One study")
    assert np.isnan(fit.to_frame()["pi_low"][0])


def test_two_studies_warn_alone_but_not_in_groups():
    with pytest.warns(ev.SmallSample):
        ev.pool([0.1, 0.4], [0.02, 0.03])
    frame = pd.DataFrame({"g": ["a", "a", "b"], "yi": [0.1, 0.4, 0.2], "vi": [0.02, 0.03, 0.01]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(ev.pool(frame, by="g")["k"]) == [2, 1]


def test_groups_equal_single_fits():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.choice(["x", "y", "z"], 60), "b": rng.choice([1, 2], 60)})
    frame["yi"], frame["vi"] = rng.normal(0.3, 0.5, 60), rng.uniform(0.02, 0.2, 60)
    table = ev.pool(frame, by=["a", "b"], method="ML", test="hksj", level=0.9)
    assert list(table.columns[:4]) == ["a", "b", "k", "estimate"]
    for _, row in table.iterrows():
        group = frame[(frame["a"] == row["a"]) & (frame["b"] == row["b"])]
        alone = ev.pool(group, method="ML", test="hksj", level=0.9).to_frame().iloc[0]
        for name in alone.index:
            assert row[name] == pytest.approx(alone[name], rel=1e-12, nan_ok=True)


def test_missing_values_are_dropped_and_counted():
    yi, vi = [0.1, None, 0.4, 0.2, 0.6], [0.02, 0.02, np.nan, 0.05, 0.03]
    fit = ev.pool(yi, vi, slab=list("abcde"))
    assert (fit.k, fit.dropped, fit.slab) == (3, 2, ("a", "d", "e"))
    assert fit.estimate == ev.pool([0.1, 0.2, 0.6], [0.02, 0.05, 0.03]).estimate
    assert "2 left out" in fit.summary()


def test_frame_gives_labels_from_its_study_column():
    frame = pd.DataFrame({"study": ["Li 2010", "Wu 2012", "Xu 2015"], "yi": [0.1, 0.3, 0.2], "vi": [0.1, 0.1, 0.2]})
    assert ev.pool(frame).slab == ("Li 2010", "Wu 2012", "Xu 2015")
    assert ev.pool(frame.set_index("study")).slab == ("Li 2010", "Wu 2012", "Xu 2015")
    assert ev.pool(frame, slab="yi").slab == ("0.1", "0.3", "0.2")
    assert ev.pool(frame[["yi", "vi"]]).slab == ("Study 1", "Study 2", "Study 3")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ev.pool([0.1, 0.2], [0.1, -0.1], slab=["Li", "Wu"]), "'Wu' has a negative vi"),
        (lambda: ev.pool([0.1, math.inf], [0.1, 0.1]), "infinite"),
        (lambda: ev.pool([0.1, 0.2], [0.1]), "2 values and vi 1"),
        (lambda: ev.pool([0.1, 0.2], None), "vi is missing"),
        (lambda: ev.pool([], []), "no study"),
        (lambda: ev.pool([[0.1, 0.2]], [[0.1, 0.1]]), "shape"),
        (lambda: ev.pool(["a", "b"], [0.1, 0.1]), "must be a number"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], method="reml"), "REML"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], test="knha"), "hksj"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], level=95), "0.95"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], tau2=-1), "variance"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], method="GENQ"), "weights"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], weights=[1, -1]), "positive"),
        (lambda: ev.pool(pd.DataFrame({"yi": [1.0]})), "no column vi"),
        (lambda: ev.pool(pd.DataFrame({"yi": [1.0], "vi": [1.0]}), by="g"), "no column 'g'"),
        (lambda: ev.pool([0.1, 0.2], [0.1, 0.1], by="g"), "frame"),
        (lambda: ev.pool([0.1, 0.2, 0.4], [0.1, 0.1, 0.1]).tau2_ci(kind="wald"), "QP"),
    ],
)
def test_wrong_arguments_are_refused_with_a_reason(call, words):
    with pytest.raises(ev.InvalidInput, match=words):
        call()


def test_equal_effects_have_no_heterogeneity():
    fit = ev.pool([0.3] * 5, [0.1, 0.2, 0.1, 0.3, 0.1])
    assert (fit.tau2, fit.q, fit.i2) == (0, 0, 0)
    assert fit.estimate == pytest.approx(0.3, rel=1e-15)
    with pytest.raises(ev.NotEstimable, match="all yi are equal"):
        ev.pool([0.3] * 5, [0.1] * 5, test="hksj")


def test_study_without_sampling_error():
    fit = ev.pool([0.1, 0.5, 0.9], [0.0, 0.01, 0.02])
    near = ev.pool([0.1, 0.5, 0.9], [1e-13, 0.01, 0.02])
    assert fit.estimate == pytest.approx(near.estimate, rel=1e-9)
    assert fit.q == pytest.approx(near.q, rel=1e-9)
    with pytest.raises(ev.NotEstimable, match="'Study 1' has vi = 0"):
        ev.pool([0.1, 0.11, 0.12], [0.0, 0.1, 0.2])


def test_untrusted_labels_are_escaped_in_html():
    html = ev.pool([0.1, 0.2, 0.3], [0.1] * 3, slab=["<script>alert(1)</script>", "b", "c"])._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_summary_and_sentence_say_the_numbers():
    fit = ev.pool(BCG_YI, BCG_VI)
    for words in ("k = 13", "REML", "I² = 92.2", "Q(12) = 151.8", "95% CI −1.1", "prediction interval −1.99"):
        assert words in fit.summary()
    assert fit.sentence().startswith(
        "Across 13 studies the average effect is −0.71 (95% confidence interval −1.11 to −0.32)"
    )


def test_blup_lies_between_study_and_mean():
    fit = ev.pool(BCG_YI, BCG_VI)
    blup = fit.blup()["estimate"].to_numpy()
    low, high = np.minimum(fit.yi, fit.estimate), np.maximum(fit.yi, fit.estimate)
    assert ((blup >= low) & (blup <= high)).all()
    with pytest.raises(ev.NotEstimable):
        ev.pool(BCG_YI, BCG_VI, weighted=False).blup()


def test_first_pool_of_a_process_compiles_nothing():
    code = "import sys, evidence as ev; ev.pool([.1,.2,.5],[.1,.1,.1]); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_interval_for_a_new_study_by_each_way() -> None:
    yi, vi = [0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01]
    fit = {name: ev.pool(yi, vi, prediction=name) for name in ("t", "riley", ev.HalfNormal(0.5))}
    spread = math.sqrt(fit["t"].se ** 2 + fit["t"].tau2)
    for name, df in (("t", 3), ("riley", 2)):
        low, high = fit[name].prediction_interval
        half = stats.t.ppf(0.975, df) * spread
        assert (low, high) == pytest.approx((fit[name].estimate - half, fit[name].estimate + half))
    prior = ev.HalfNormal(0.5)
    new = ev.bayes(yi, vi, tau_prior=prior).predictive
    assert fit[prior].prediction_interval == pytest.approx((new["ci_low"], new["ci_high"]))
    wide, table = fit[prior].predict(level=0.99).iloc[0], fit[prior].to_frame().iloc[0]
    assert wide["pi_low"] < new["ci_low"] == table["pi_low"] and wide["pi_high"] > new["ci_high"]
    assert "tau ~ HalfNormal" in fit[prior].summary()


def test_where_there_is_no_interval_for_a_new_study_and_what_is_not_a_way() -> None:
    with pytest.warns(ev.SmallSample):
        two = ev.pool([0.1, 0.3], [0.03, 0.03], prediction="riley")
    assert two.prediction_interval is None and math.isnan(two.predict()["pi_low"].iloc[0])
    assert ev.pool([0.1, 0.3, 0.2], [0.1] * 3, method="EE", prediction=ev.HalfNormal(0.5)).prediction_interval is None
    with pytest.raises(ev.InvalidInput, match="prediction 'k-2' is unknown"):
        ev.pool([0.1, 0.3], [0.03, 0.03], prediction="k-2")  # type: ignore[call-overload]
    with pytest.raises(ev.InvalidInput, match="one meta-analysis at a time"):
        ev.pool(pd.DataFrame({"yi": [0.1, 0.2], "vi": 0.1, "g": "a"}), by="g", prediction="riley")  # type: ignore[call-overload]


@pytest.mark.parametrize("method", ["DLIT", "SJIT", "PM"])
def test_iterations_towards_one_root_meet(method):
    # metafor 4's own test of log risk ratios of the BCG trials, from counts
    events = [
        [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27],
        [11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29],
    ]
    people = [
        [123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913],
        [139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854],
    ]
    trials = ev.effect_size("RR", ai=events[0], n1=people[0], ci=events[1], n2=people[1])
    assert ev.pool(trials, method=method).tau2 == pytest.approx(0.318068, abs=1e-6)
