"""What `Results` gives for one question: sentences, effects in points, rules of verdicts."""

from __future__ import annotations

import numpy as np
import pytest

import evidence as ev

QUESTION = {"condition": "chronic_overuse", "comparator": "sham", "outcome": "pain", "time": "short"}


def test_one_sentence_a_pool_with_its_certainty(results: ev.Results) -> None:
    said = results.sentences(comparator="sham", outcome="pain", time="short")
    pools = results.pools_on(comparator="sham", outcome="pain", time="short")
    pools = pools[pools["condition"].isin(results.words.headline)]
    assert len(said) == len(pools) > 2
    order = [results.words.conditions[name] for name in results.words.headline if name in set(pools["condition"])]
    for name, sentence in zip(order, said, strict=True):
        assert sentence.startswith(f"In {name}, against sham acupuncture")
    grade = pools.set_index("condition").loc["chronic_overuse", "certainty"]
    assert results.sentences(**QUESTION)[0].endswith(f"Certainty: {grade}.")


def test_a_question_asked_again_has_the_same_answer_whatever_was_done_with_the_first(results: ev.Results) -> None:
    for ask in (results.effects_on, results.pools_on):
        first = ask(**QUESTION)
        known = first.copy()
        first["condition"] = "changed"
        assert known.equals(ask(**QUESTION)) and len(known)


@pytest.mark.parametrize("wrong", [{"condition": ["x"]}, {"condition": 3}, {"condition": "x"}, {"colour": "x"}])
def test_a_question_that_nobody_can_ask_is_refused(results: ev.Results, wrong: dict[str, object]) -> None:
    for ask in (results.effects_on, results.pools_on, results.sentences, results.effects_in_points):
        with pytest.raises(ev.InvalidInput, match=next(iter(wrong))):
            ask(**wrong)  # type: ignore[arg-type]


def test_a_fit_is_that_of_the_pool_and_names_its_trials(results: ev.Results) -> None:
    fit, rows = results.fit_on(**QUESTION)
    assert fit.estimate == pytest.approx(results.pools_on(**QUESTION)["estimate"].item(), rel=1e-9)
    assert list(fit.slab) == rows["label"].tolist() and rows["year"].dropna().is_monotonic_increasing
    unstudied = next(
        name for name in results.words.comparators if results.effects_on(**QUESTION | {"comparator": name}).empty
    )
    with pytest.raises(ev.NotEstimable, match=f"no trial gives a number for chronic_overuse, {unstudied}"):
        results.fit_on(**QUESTION | {"comparator": unstudied})


def test_points_are_the_effect_times_how_far_scores_spread(results: ev.Results) -> None:
    effects, points = results.effects_on(**QUESTION), results.effects_in_points(**QUESTION)
    sd = ev.reference_sd(results.db).loc["pain", "sd"]
    assert points["study"].tolist() == effects["study"].tolist()
    np.testing.assert_allclose(points["yi"], effects["yi"] * sd, rtol=1e-12)
    np.testing.assert_allclose(points["vi"], effects["vi"] * sd**2, rtol=1e-12)
    assert set(points["measure"]) == {"MD100"} and ev.pool(points).p_value == pytest.approx(ev.pool(effects).p_value)


def test_an_outcome_of_unknown_spread_has_no_points(results: ev.Results) -> None:
    unknown = set(results.effects_on()["outcome"]) - set(ev.reference_sd(results.db).index)
    assert unknown and not unknown & set(results.effects_in_points()["outcome"])


def test_every_verdict_has_its_rule_and_its_count(results: ev.Results) -> None:
    rules = results.claims.rules()
    assert rules["claims"].sum() == len(results.claims.to_frame())
    assert rules["verdict"].iloc[[0, -1]].tolist() == ["supported", "untested"]
    assert rules["rule"].str.len().min() > 20


def test_what_stands_in_a_result_prints_itself_in_words(results: ev.Results) -> None:
    assert repr(results) == f"Results of {results.db!r}"
    for part in (results.words, results.claims.judged[0], results.benefit_and_harm("osteoarthritis").risks):
        assert not any(trace in repr(part) for trace in ("object at 0x", "np.float64", "DataFrame"))
    assert str(len(results.db.outcomes)) in repr(results.words)
    first = results.claims.to_frame().iloc[0]
    assert repr(results.claims.judged[0]) == f"{first['claim_id']}: {first['verdict']}"
