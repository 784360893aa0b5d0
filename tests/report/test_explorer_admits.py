"""What the explorer admits: few trials, none, and models without an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import evidence as ev
from evidence.derive.comparisons import admissible
from evidence.report.explorer import analyst as analysing
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.choice import Choice
from evidence.report.explorer.live_forest import forest_html
from evidence.report.explorer.numbers import numbers
from evidence.report.explorer.widget import Explorer

ARTHRITIS = Choice("osteoarthritis", "sham", "pain", "short", "SMD")


def test_one_trial_and_none_are_not_pooled(analyst: Analyst) -> None:
    studies = analyst.choices.rows(ARTHRITIS)["study"].tolist()
    one = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(studies[1:])))
    assert "one trial" in one.sentence and "SMD, one trial" in dict(numbers(one)) and dict(numbers(one))["I²"] == "–"
    assert "Pooled" not in forest_html(one) and 'class="pooled"' not in forest_html(one)
    none = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(studies)))
    assert none.fit is None and "every trial is left out" in none.sentence and "estimate" not in none.sentence
    assert forest_html(none).count('<tr class="out"') == len(studies)


def test_two_trials_are_said_to_be_few(analyst: Analyst) -> None:
    studies = analyst.choices.rows(ARTHRITIS)["study"].tolist()
    two = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(studies[2:])))
    assert two.fit is not None and two.fit.k == 2 and "Two trials are too few" in two.sentence
    assert "model:" not in two.departure, "the tables would take the same model"
    assert isinstance(two.fit, ev.Posterior) and "REML" in two.departure
    assert "So few trials stay that the model is Bayesian" in two.departure


def test_a_comparison_without_a_number_says_so(analyst: Analyst, db: ev.EvidenceBase, explorer: Explorer) -> None:
    effects = db.effects("SMD")
    silent = [
        (condition, comparator)
        for condition in effects["condition"].unique()
        for _, comparator in analyst.choices.options("comparator", Choice(condition, ""))
        if not analyst.choices.options("outcome", Choice(condition, comparator))
    ]
    assert silent, "the data have a comparison whose trials print no number"
    found = explorer.choose(condition=silent[0][0], comparator=silent[0][1])
    assert "no trial measured this" in found.sentence and found.account.missing and found.fit is None
    assert explorer.controls["outcome"].disabled and explorer.save.disabled and explorer.boxes == []
    assert explorer.choose(comparator="sham").choice.outcome != ""


def test_a_model_without_an_answer_is_a_sentence(analyst: Analyst, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ev.NotEstimable("all yi are equal")

    monkeypatch.setattr(analysing, "pool", refuse)
    found = analyst.analyse(replace(ARTHRITIS, method="DL"))
    assert "this model has no answer here. All yi are equal." in found.sentence
    assert [name for name, _ in numbers(found)] == ["Trials", "People", "Trials without a number"]
    assert "Pooled" not in forest_html(found)


def test_a_models_warning_stands_beside_the_answer(analyst: Analyst, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsure(*given: Any, **named: Any) -> ev.Pooled:
        import warnings

        warnings.warn("the iteration did not end", ev.NotConverged, stacklevel=1)
        return ev.pool(*given, **named)

    monkeypatch.setattr(analysing, "pool", unsure)
    found = analyst.analyse(replace(ARTHRITIS, method="DL"))
    assert found.fit is not None and "The iteration did not end." in found.remarks


def test_a_base_without_a_comparison_is_refused(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match="no trial in this base"):
        empty = admissible(db).iloc[:0]["study_id"]
        ev.explore(replace(db, studies=db.studies[db.studies["study_id"].isin(empty)]))
