"""The review at a glance, mark by mark, of cells that are given."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.glance import (
    CARE,
    SHAM,
    Glance,
    Line,
    Mark,
    _why_silent,
    glance,
    harms_in_short,
    silent_together,
)
from evidence.answers.known_trials import Told

HARM = pd.DataFrame(columns=["condition", "kind", "events", "n", "percent"])
CELL = {
    **{"outcome": "pain", "k": 3, "n": 200.0, "points": 12.0, "points_low": 2.0, "points_high": 22.0},
    **{"ci_low": 0.1, "ci_high": 0.9, "certainty": "low"},
}
NOTHING = {"k": 0, "n": 0.0, "points": math.nan, "ci_low": math.nan, "ci_high": math.nan, "certainty": ""}


def seen(results: ev.Results, sham: dict[str, Any], known: dict[str, list[Told]] | None = None) -> Glance:
    """Of cells against sham that differ from `CELL`, in a condition beside the article's and in one of its own."""
    keys = [next(key for key in results.words.headline if key not in results.words.article), results.words.article[0]]
    cells = [CELL | sham | {"condition": key, "comparator": SHAM} for key in keys]
    cells += [CELL | {"condition": key, "comparator": CARE, "k": 1, "certainty": "moderate"} for key in keys]
    told = SimpleNamespace(
        of=lambda conditions, comparator, outcomes: SimpleNamespace(trials=(known or {})[comparator])
    )
    given: Any = SimpleNamespace(
        words=results.words,
        side_by_side=SimpleNamespace(cells=pd.DataFrame(cells), least=10.0),
        benefit_and_harm=lambda key: SimpleNamespace(harm=HARM),
        context=SimpleNamespace(known=told),
    )
    return glance(given)


def test_a_mark_holds_what_its_cell_says(results: ev.Results) -> None:
    found = seen(results, {})
    own, beside = found.lines
    assert (own.elsewhere, beside.elsewhere, found.least) == (False, True, 10.0), "the article's conditions come first"
    assert (
        beside.label == results.words.condition_names[beside.condition].partition(" (")[0] and "(" not in beside.label
    )
    sham, care = own.marks
    assert sham == Mark(SHAM, results.words.comparators["sham"], 3, 200.0, 12.0, 2.0, 22.0, True, "low", "")
    assert (care.comparator, care.k, care.certainty) == (CARE, 1, "moderate")
    assert care.against.count(" or ") == 1 and results.words.short_comparators[CARE.partition("|")[0]] in care.against


@pytest.mark.parametrize(
    ("low", "high", "better"), [(0.1, 0.9, True), (0.0, 0.9, None), (-0.1, 0.0, None), (-0.9, -0.1, False)]
)
def test_better_is_what_the_interval_of_the_effect_excludes(
    results: ev.Results, low: float, high: float, better: bool | None
) -> None:
    assert seen(results, {"ci_low": low, "ci_high": high}).lines[0].marks[0].better is better


def test_a_pool_without_points_has_no_number(results: ev.Results) -> None:
    mark = seen(results, {"points": math.nan}).lines[0].marks[0]
    assert (mark.k, mark.silent, mark.better, mark.certainty) == (3, "no number in points of 100", None, "")
    assert math.isnan(mark.points) and math.isnan(mark.low) and math.isnan(mark.high)


@pytest.mark.parametrize(
    ("trials", "why"),
    [
        ([], "no trial yet"),
        ([Told("a", 40, "other outcomes")], "no number for pain up to 3 months"),
        ([Told("a", 40, "unreadable")], "no number from one trial"),
        (
            [Told("a", 40, "direction", 1.0), Told("b", 40, "direction", 0.0), Told("c", 40, "unreadable")],
            "no number from 3 trials; in words: 1 better, 1 no difference, 1 not readable",
        ),
    ],
)
def test_what_is_known_instead_of_a_number_is_said(results: ev.Results, trials: list[Told], why: str) -> None:
    assert seen(results, NOTHING | {"points": 3.0}, {"sham": trials}).lines[0].marks[0].silent == why


def test_a_trial_with_two_control_groups_counts_once() -> None:
    trials = {name: [Told("a", 40, "direction", 1.0 - at)] for at, name in enumerate(CARE.split("|"))}
    trials[CARE.rpartition("|")[2]].append(Told("b", 40, "unreadable"))
    given: Any = SimpleNamespace(
        context=SimpleNamespace(known=SimpleNamespace(of=lambda _, name, __: SimpleNamespace(trials=trials[name])))
    )
    row = CELL | NOTHING | {"condition": "a", "comparator": CARE}
    assert _why_silent(given, row) == "no number from 2 trials; in words: 1 better, 1 not readable"


@pytest.mark.parametrize(
    ("low", "high", "axis"), [(2.0, 12.0, (-10, 20)), (-11.0, 21.0, (-20, 30)), (-75.0, 99.0, (-30, 60))]
)
def test_the_axis_holds_every_interval_within_reason(low: float, high: float, axis: tuple[int, int]) -> None:
    shown = Mark(SHAM, "", 3, 90.0, (low + high) / 2, low, high, True, "low", "")
    silent = Mark(CARE, "", 0, 0.0, math.nan, -25.0, 55.0, None, "", "no trial yet")
    assert Glance((Line("a", "a", "a", "", False, (shown, silent), ""),), 10.0).axis == axis


def test_few_events_are_told_as_they_are_and_many_as_a_share() -> None:
    rows = [("minor", 4, 150, 2.7), ("serious", 1, 60, 1.7)], [("minor", 5, 300, 1.7)], [("minor", 90, 1000, 9.0)]
    frames = [pd.DataFrame([("a", *row) for row in each], columns=HARM.columns) for each in rows]
    assert [harms_in_short(frame, "a") for frame in frames] == [
        "side effects: 4 of 150 people; serious: 1 of 60 people",
        "side effects: 2 of 100",
        "side effects: 9 of 100",
    ]


def test_silence_is_told_once_where_it_has_one_reason() -> None:
    nan = math.nan
    one, other = (Mark(SHAM, "", 0, 0.0, nan, nan, nan, None, "", why) for why in ("no trial yet", "no number"))
    assert silent_together([one, one]) == "no trial yet" and silent_together([one, other]) == ""
