"""Ask the evidence: the file of answers says what the tables and the explorer say, and is small."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evidence as ev
from evidence.answers.wording.words import people, trials, whole
from evidence.plots.parts.effect_axis import measure_named
from evidence.report.ask.file import FILE, VALUE, write_answers
from evidence.report.ask.questions import TICKS, ticked
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.choice import Choice, usual_measure
from evidence.report.explorer.filters import counted
from evidence.report.project import Project

MOST = 1_500_000
#: Of the tables: the question, and what has to be the same.
ASKED = ["condition", "comparator", "outcome", "time"]


@pytest.fixture(scope="module")
def results(site: Path) -> ev.Results:
    """Of the data that the site was made of."""
    return ev.Results(ev.load(site.parent / "data" / "raw"))


@pytest.fixture(scope="module")
def packed(site: Path) -> bytes:
    """The file, as the report writes it."""
    return (site / FILE).read_bytes()


@pytest.fixture(scope="module")
def said(packed: bytes) -> dict[str, Any]:
    """What the page reads out of it."""
    found = re.fullmatch(rf'window\.{VALUE} = "([A-Za-z0-9+/=]+)";\n', packed.decode())
    assert found
    data: dict[str, Any] = json.loads(gzip.decompress(b64decode(found[1])))
    return data


@pytest.fixture(scope="module")
def analyst(results: ev.Results) -> Analyst:
    return Analyst(results.db)


def choice_of(question: dict[str, Any]) -> Choice:
    condition, comparator, outcome, time = question["asked"]
    return Choice(condition, comparator, outcome, time, usual_measure(outcome))


def answer_of(question: dict[str, Any], ticks: tuple[str, ...] = (), without: str = "") -> dict[str, Any]:
    """Looks up as the page does."""
    whole, left = question["ticks"][sum(1 << TICKS.index(name) for name in ticks)]
    found: dict[str, Any] = question["answers"][left[without] if without else whole]
    return found


def test_all_answers_fit_into_one_small_file(packed: bytes) -> None:
    assert len(packed) < MOST


def test_the_file_is_the_same_again(few: Project) -> None:
    one, two = (write_answers(few, ev.Results(ev.load(few.raw))).read_bytes() for _ in range(2))
    assert one == two == few.answers.read_bytes() and few.answers.name == FILE


def test_every_headline_answer_is_that_of_the_tables(said: dict[str, Any], results: ev.Results) -> None:
    table = results.pooled.set_index([*ASKED, "measure"])
    grades = results.certainty.set_index(ASKED)["grade"]
    asked = {tuple(question["asked"]): question for question in said["questions"]}
    usual = [key for key in table.index if key[4] == usual_measure(key[2])]
    assert {key[:4] for key in usual} <= set(asked) and len(usual) > 100
    for key in usual:
        row, answer, shown = table.loc[key], answer_of(asked[key[:4]]), measure_named(key[4])
        assert answer["rests"] == f"{trials(row['k'])}, {people(row['n'])}"
        low, high = shown.number(row["ci_low"]), shown.number(row["ci_high"])
        effect = f"{shown.number(row['estimate'])} ({low} to {high})"
        counted = [at for at, weight in enumerate(answer["weights"]) if weight]
        if row["k"] == 1:
            assert answer["summary"] == [] and [asked[key[:4]]["trials"][at]["effect"] for at in counted] == [effect]
        else:
            assert answer["summary"][0]["effect"] == effect and len(counted) == row["k"]
        if key[4] == "SMD":
            assert answer["grade"] == grades[key[:4]]
            points = [row[name] for name in ("points", "points_low", "points_high")]
            told = "" if np.isnan(points).any() else "{} ({} to {})".format(*map(whole, points))
            assert answer["points"] == told


def test_a_ticked_answer_is_that_of_the_explorer(said: dict[str, Any], analyst: Analyst) -> None:
    """For each tick a question where it changes something; with a trial left out, too."""
    for name in TICKS:
        question = next(
            each
            for each in said["questions"]
            if each["ticks"][1 << TICKS.index(name)][0] != each["ticks"][0][0]
            and len(each["ticks"][1 << TICKS.index(name)][1]) > 2
        )
        choice = replace(choice_of(question), **{name: True})
        without = next(iter(question["ticks"][1 << TICKS.index(name)][1]))
        for asked, left in ((choice, ""), (replace(choice, left_out=frozenset({without})), without)):
            found, answer = analyst.analyse(asked), answer_of(question, (name,), left)
            assert found.mean is not None and found.certainty is not None
            assert (answer["said"], answer["copied"]) == (found.plain, found.copied)
            assert (answer["departure"], answer["remarks"]) == (found.departure, found.remarks)
            assert answer["grade"] == found.certainty.grade and answer["why"] == found.certainty.why
            assert answer["summary"][0]["effect"].startswith(f"{found.measure.number(found.mean.estimate)} (")
            kept = [weight is not None for weight in answer["weights"]]
            here = set(found.rows["study"][found.kept])
            assert kept == [trial["key"] in here for trial in question["trials"]] and sum(kept) > 0
            plain = answer_of(question)
            assert answer["said"] != plain["said"]


def test_each_combination_of_ticks_leaves_the_trials_it_should(analyst: Analyst) -> None:
    for question in analyst.choices.questions():
        rows = analyst.choices.everything(question)
        for ticks, found in ticked(analyst.choices, question).items():
            asked = replace(question, **dict(zip(TICKS, ticks, strict=True)))
            assert found.studies == tuple(rows["study"][counted(rows, asked)])
            spoken = [getattr(found.choice, name) for name in TICKS]
            assert all(tick or not word for word, tick in zip(spoken, ticks, strict=True)), "no tick nobody made"
            alike = rows["study"][counted(rows, found.choice)]
            assert tuple(alike) == found.studies and len(found.left_out) in (0, len(found.studies))


def test_marks_stand_on_the_axis_in_their_order(said: dict[str, Any]) -> None:
    marked = 0
    for question in said["questions"]:
        rows = [*question["trials"], *(row for answer in question["answers"] for row in answer["summary"])]
        for row in rows:
            low, middle, high, cut = row["mark"]
            assert 0 <= low <= middle <= high <= 100 and cut in ("", "l", "r", "lr")
            assert ("l" in cut) <= (low == 0) and ("r" in cut) <= (high == 100)
            effect = float(row["effect"].split()[0].replace("−", "-").replace(",", ""))
            nothing = 1.0 if usual_measure(question["asked"][2]) == "RR" else 0.0
            if row["name"] != "A new trial may find" and abs(effect - nothing) > 0.1:
                assert (middle > question["axis"]["null"]) == (effect > nothing)
            marked += 1
    assert marked > 500


def test_the_first_question_is_the_explorers_and_each_part_is_named(said: dict[str, Any], analyst: Analyst) -> None:
    first = analyst.choices.first()
    assert said["questions"][0]["asked"] == list(first.question[:4])
    for at, name in enumerate(ASKED):
        named = dict(said["parts"][name])
        assert set(named) == {question["asked"][at] for question in said["questions"]} and all(named.values())


def test_scores_only_leaves_out_p_values_and_counts(analyst: Analyst) -> None:
    question = Choice("chronic_overuse", "sham", "pain", "short", "SMD")
    rows = analyst.choices.everything(question)
    kept = analyst.choices.rows(replace(question, scores=True))
    assert set(kept["route"]) < set(rows["route"]) and {"exact p", "counts"} & set(rows["route"])
    assert not {"exact p", "counts"} & set(kept["route"])
    found = analyst.analyse(replace(question, scores=True))
    assert "counting only trials that printed scores" in found.plain.lower()


def test_the_script_of_the_page_computes_no_effect() -> None:
    script = (Path(__file__).parents[2] / "docs" / "_static" / "ask.js").read_text(encoding="utf-8")
    assert not re.search(r"Math\.(exp|log|sqrt|pow)|\*\*", script) and len(script) < 12_000
