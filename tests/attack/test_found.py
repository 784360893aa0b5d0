"""What the attack found once, so that it is not found again."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev

YI, VI = [0.1, 0.5, 0.9, 0.3, 1.2], [0.1, 0.2, 0.1, 0.3, 0.1]
ROWS = {"variable": list("aabb"), "mean": [1, 2, 3, 4], "sd": [1.0, 2, 3, 4], "n": [10] * 4}


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("pool", {"yi": YI, "vi": VI, "level": Fraction(1, 3)}, "level Fraction"),
        ("pool", {"yi": YI, "vi": VI, "level": 1e-300}, "too near to 0 or 1"),
        ("fail_safe_n", {"effects": YI, "vi": VI, "alpha": Fraction(1, 3)}, "alpha is Fraction"),
        ("sampling_covariance", {"yi": YI, "vi": VI, "cluster": list("aabbc"), "rho": Fraction(1, 3)}, "rho"),
        ("excess_significance", {"effects": YI, "vi": VI, "alpha": 1e-300}, "alpha is 1e-300"),
        ("effect_outlier", {"effects": YI, "vi": VI, "largest": pd.Series([1.0, 2.0])}, "largest"),
        ("spending_boundaries", {"fractions": [0.5, 1.0], "sided": pd.Series([1, 2])}, "sided is"),
        ("required_information_size", {"delta": 0.7, "sd": 1e300}, "sd is 1e"),
        ("nnt", {"smd": 0.3, "control_rate": 1e-300}, "told from both"),
        ("se_from_ci", {"low": 1, "high": 2, "level": 1e-300}, "told from both"),
        ("debit", {"mean": [0.84], "sd": [0.3], "n": np.inf}, "whole number from 1 to 1e15"),
        ("grimmer", {"mean": ["3.4"], "sd": ["1.2"], "n": 1e300}, "whole number from 1 to 1e15"),
        ("baseline_balance", {**ROWS, "study": {"a": 1}}, r"study\[0\]"),
        ("glmm", {"ai": [3, 8], "bi": [0.5] * 2, "ci": [2] * 2, "di": [6] * 2, "model": "CM.EL"}, "whole counts"),
        ("bootstrap", {"effects": YI, "vi": VI, "iterations": 2**63}, "from 2 to 10000000"),
        ("gosh", {"effects": YI, "vi": VI, "subsets": 2**63}, "from 1 to 10000000"),
        ("captioned", {"axes": [1], "caption": "words"}, "matplotlib axes"),
        ("figure", {"results": [1], "name": "claims"}, "ev.Results"),
        ("findings_table", {"results": None}, "ev.Results"),
        ("table", {"rows": pd.DataFrame({"a": [0.1]}), "digits": Fraction(1, 3)}, "digits is"),
        ("table", {"rows": pd.DataFrame({"a": [0.1]}), "links": pd.NaT}, "links is"),
        ("theme", {"context": ["blog"]}, "choose one of"),
        ("pooled_table", {"effects": pd.DataFrame({"yi": YI})}, "integrity"),
        ("excess_significance", {"effects": [1e9] * 3, "vi": [0.8, 1.4, 1.6], "alternative": "less"}, "any power"),
        ("regress", {"yi": YI, "vi": VI, "formula": "\x1b[31m", "data": pd.DataFrame({"a": YI})}, r"operator '\?'"),
        ("required_information_size", {"delta": 1e-300, "sd": 0.5}, "from 1e-60 to 1e"),
        ("required_information_size", {"delta": 0.7, "sd": 1.5, "alpha": 1e-300}, "alpha is 1e-300"),
        ("fragility", {"effects": YI, "vi": VI, "sd": 1e300}, "sd is 1e"),
        ("bayes", {"yi": YI, "vi": VI, "by": np.array([0.1, 1j, 2, 3, 4])}, "put in order"),
        ("subgroups", {"yi": YI, "vi": VI, "by": [1, [2, 3], 2, 1, 2]}, "which is no label"),
        ("peto", {"ai": [1e16], "bi": [4], "ci": [4], "di": [4]}, "a count from 1e-06 to 1e15|1e15"),
        ("baseline_balance", {**ROWS, "sd": 1e-300}, "from 1e-100"),
        ("sentence", {"result": {}, "words": object()}, "words is"),
        ("sentence", {"result": {}, "audience": [1]}, "audience"),
        ("gosh", {"effects": YI, "vi": VI, "subsets": -1}, "subsets"),
        ("aggregate", {"yi": YI, "vi": [0.0] * 5, "cluster": list("aaabc"), "weighted": True}, "vi = 0"),
        ("required_information_size", {"delta": 0.2, "measure": "OR", "p_control": 1e-300}, "p_control is 1e-300"),
        ("bias_average", {"effects": [1e9, 1e9 - 2, 1e9], "vi": [0.9, 1.4, 1.3]}, "beyond what any model"),
        ("selection_model", {"effects": YI, "vi": VI, "kind": "negexppow", "delta": [10**400, 1]}, "give a number"),
        ("network_events", {"events": [1, [2, 3]], "n": [9] * 5, "study": list("abcde")}, "events = "),
        (
            "trial_sequential",
            {"effects": [1.8, 2.0, -1.2], "vi": [5e-32, 1e-30, 1e-30], "order": [3, 8, 4], "delta": 0.6},
            "no number of people",
        ),
    ],
)
def test_it_is_refused_in_words(name: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises((ev.InvalidInput, ev.NotEstimable), match=words):
        getattr(ev, name)(**given)


def test_an_interval_next_to_nothing_wide_leaves_p_no_room() -> None:
    found = ev.p_recomputed(p=0.5, estimate=0.3, ci_low=0.0, ci_high=2.3e-313, df=11)
    assert found["number"].tolist() == [0.0] and not found["passes"].any()


def test_a_base_may_be_given_by_name() -> None:
    db = ev.load()
    pd.testing.assert_frame_equal(ev.reference_sd(db=db), ev.reference_sd(db))


@pytest.mark.parametrize("twice", ["study", "dose", "yi"])
def test_a_name_of_two_columns_is_refused(twice: str) -> None:
    frame = pd.DataFrame({"study": list("aabbc"), "dose": [1.0, 2, 3, 4, 5], "yi": YI, "vi": VI})
    fit, frame = ev.regress(frame, formula="~ dose"), pd.concat([frame, frame[[twice]]], axis=1)
    for call in (
        lambda: ev.pool(frame, by="study"),
        lambda: ev.multilevel(frame),
        lambda: ev.rve(frame),
        lambda: ev.aggregate(frame),
        lambda: ev.regress(frame, formula="~ dose"),
        lambda: fit.predict(frame),
        lambda: ev.table(frame),
        lambda: ev.plots.bubble(frame, "dose"),
    ):
        with pytest.raises(ev.InvalidInput, match=f"two columns '{twice}'"):
            call()


def test_labels_without_an_order_are_labels() -> None:
    arms = {"randomised": [30, 31, 25], "analysed": [28, 31, 25], "total": [61, 61, 25]}
    found = ev.n_flow(**arms, study=np.array([1j, 1j, 2j]))
    assert found["adds_up"].tolist() == [True, True, True]


def test_means_a_world_apart_are_told_so() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ev.baseline_balance(
            variable=list("aabb"), mean=[0, 1e31, 5e29, 1e31], sd=[0.1] * 4, n=[9] * 4, alpha=0.2
        )
    assert found["dispersion"].iloc[0] == pytest.approx(1)


def test_crossed_effects_move_with_their_effects() -> None:
    sites, doses = list("aabbcc"), ["low", "high", "low", "high", "low", "low"]
    near, far = (
        ev.bayes_crossed(np.array([0.25, 1, 0.5, 0.75, 0.125, 0.25]) + shift, vi=[0.02] * 6, rows=sites, columns=doses)
        for shift in (0, 1e9)
    )
    np.testing.assert_allclose(far.cells["mean"] - 1e9, near.cells["mean"], atol=1e-6)
    np.testing.assert_allclose(far.cells["sd"], near.cells["sd"], rtol=1e-6)
    np.testing.assert_allclose(far.spreads, near.spreads, rtol=1e-6)


def test_words_of_a_question_are_checked() -> None:
    db = ev.load()
    for ask in (ev.dose_response, ev.durability, ev.early_start, ev.missing_results, ev.rank_conditions):
        for wrong in (["pain"], None, 3, pd.NA, np.array(0.5)):
            with pytest.raises(ev.InvalidInput, match=r"outcome=.*choose among"):
                ask(db, outcome=wrong)  # type: ignore[arg-type,operator]
    with pytest.raises(ev.InvalidInput, match="choose among"):
        ev.mechanism_link(db, marker="tnf_alpha|moon")
    with pytest.raises(ev.InvalidInput, match="which db has not"):
        ev.certainty(db.effects("SMD"), db.select(condition="arthritis"))
    with pytest.raises(ev.InvalidInput, match="condition=array"):
        db.select(condition=np.array(0.5))  # type: ignore[arg-type]


def test_small_integers_of_numpy_do_not_overflow() -> None:
    drawn = ev.bootstrap(YI, VI, iterations=np.uint8(200), parametric=False)
    assert len(drawn.replicates) == 200


def test_what_a_base_has_nothing_about_is_said() -> None:
    nothing = ev.Results(ev.load().select(condition="spinal_stenosis", comparator="drug", time="long"))
    assert nothing.pools_on(outcome="pain").empty
    with pytest.raises(ev.NotEstimable, match="no finding"):
        ev.findings_table(nothing)


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
def test_methods_of_results_refuse_in_words() -> None:
    fit = ev.regress(YI, VI, "~ dose", pd.DataFrame({"dose": [0, 1, 2, 3, 5]}))
    robust = fit.robust(list("aabbc"))
    net = ev.network(YI[:3], list("aab"), list("bcc"), list("123"), "a", vi=VI[:3])
    for call in (
        lambda: robust.errors([1.0, 2.0]),
        lambda: robust.contrast([[1e300, 0]]),
        lambda: robust.contrast([[0, 0]]),
        lambda: robust.wald(np.array(0.5)),
        lambda: ev.gosh(YI, VI, progress=False).includes(np.array([1, 2])),
        lambda: ev.sampling_covariance(YI, VI, cluster=list("aabbc"), rho=0.5).among([1, [2, 3]]),
        lambda: ev.Results(ev.load()).benefit_and_harm(pd.Series(["arthritis"])),  # type: ignore[arg-type]
        lambda: net.certainty(0.3, bias=len),  # type: ignore[arg-type]
        lambda: ev.sampling_covariance(YI, VI, cluster=list("aabbc"), rho=0.5).within((1,)),
        lambda: ev.bayes(YI, VI).bayes_factor(null=1e300),
    ):
        with pytest.raises(ev.InvalidInput, match=r"\w+ \w+ \w+"):
            call()


def test_a_study_without_error_is_influential_without_limit_where_the_others_agree() -> None:
    found = ev.influence([1.9455988468534429, 0.038802605729251205, 1.0538218408120148], [0.0, 1.33, 1.05])
    assert np.isinf(found.diagnostics["dffits"]).any() and found.influential.any()


@pytest.mark.filterwarnings("ignore::evidence.errors.SmallSample")
def test_a_row_that_outweighs_all_is_refused_as_by_pool() -> None:
    y, v = [-1.284, -2.182, -0.009, 1.872, -1.0], [0.0, 0.758, 1.826, 2.0, 1.293]
    for levels in ({"study": list("GDGHE")}, {"study": list("GDGHE"), "row": range(5)}, {"row": range(5)}):
        with pytest.raises(ev.NotEstimable, match="row 1 has vi = 0"):
            ev.multilevel(y, v, levels=levels)
    apart = ev.multilevel([-1.3, -2.2, 0.0, 9.0, -1.0], v, levels={"row": range(5)})  # where they differ by more
    assert apart.sigma2["row"] > 1


def test_pairs_of_labels_sets_and_numbers_beyond_all_measure_are_refused_in_words() -> None:
    pairs = pd.MultiIndex.from_tuples([(1, 2), (3, 4)])
    for call in (
        lambda: ev.pool(pairs, [0.1, 0.2]),
        lambda: ev.pooled_sd(1.0, pairs, 2.0, 20),
        lambda: ev.peters(YI, YI, pairs, YI),
    ):
        with pytest.raises(ev.InvalidInput, match="must be a number or an array of numbers"):
            call()
    with pytest.raises(ev.NotEstimable, match="look at the units"):
        ev.fail_safe_n(YI, VI, kind="orwin", target=1e-308)
    assert ev.fail_safe_n(YI, VI, kind="orwin", target=1e308).n == 0
    with pytest.raises(ev.InvalidInput, match="two numbers above 0"):
        ev.bias_average(YI, VI, slope_scales={1.0})  # type: ignore[arg-type]
