"""Every sentence and every mark of the front page follows the results, in words that a patient knows."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html import unescape
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.glance import CARE, SHAM, Glance, Line, Mark, glance, harms_in_short
from evidence.answers.known_trials import SUMMED
from evidence.answers.wording.plain import plain_effect
from evidence.answers.wording.short_answer import MOST_WORDS, best_supported, finding, short_answer
from evidence.answers.wording.words import GRADES, PRETEND, capital, people, whole
from evidence.report.pages.badges import certainty_badge
from evidence.report.pages.front import front, lost_trials
from evidence.report.pages.glance import glance_figure
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
#: Words of the field that nobody needs on the first screen.
JARGON = re.compile(
    r"\b(SDs?|SMD|Hedges|standard deviations?|comparators?|heterogeneity|intervals?|indirect\w*|neighbouring|CI|"
    r"meta-\w+|effect sizes?|pooled|k)\b",
    re.IGNORECASE,
)


def mark(comparator: str = SHAM, **changes: object) -> Mark:
    named = "sham acupuncture" if comparator == SHAM else "usual care or nothing"
    there = Mark(comparator, named, 3, 200.0, 12.0, 2.0, 22.0, True, "moderate", "")
    return replace(there, **changes)  # type: ignore[arg-type]


def silent(comparator: str) -> Mark:
    none = {"k": 0, "n": 0.0, "points": math.nan, "low": math.nan, "high": math.nan, "better": None, "certainty": ""}
    return mark(comparator, silent="no trial yet", **none)


def line(label: str, sham: Mark | None = None, care: Mark | None = None, elsewhere: bool = False) -> Line:
    return Line(label, label, label, "", elsewhere, (sham or silent(SHAM), care or silent(CARE)), "harms not counted")


@pytest.fixture(scope="module")
def seen(results: ev.Results) -> Glance:
    return glance(results)


@pytest.fixture(scope="module")
def page(results: ev.Results) -> str:
    return unescape(front(results, Project.at(ROOT)))


def way(key: str) -> str:
    return f"conditions/{key.replace('_', '-')}.html"


def spoken(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_the_first_screen_is_short_and_in_words_that_a_patient_knows(seen: Glance, page: str) -> None:
    answer = short_answer(seen)
    assert len(answer.split()) <= MOST_WORDS == 60
    first = spoken(page.split("::::{dropdown}")[0])
    assert answer in first and "in points of 100" in first
    assert JARGON.findall(first) == []
    assert JARGON.findall("95% interval, indirect"), "the check finds what it looks for"


def test_the_figure_has_a_row_a_condition_and_says_what_the_tables_say(results: ev.Results, seen: Glance) -> None:
    drawn = unescape(glance_figure(seen, way))
    rows = re.findall(r"<li\b.*?</li>", drawn, re.DOTALL)
    assert [row.condition for row in seen.lines[:-1]] == [
        key for key in results.ranking().to_frame()["condition"] if key in results.words.article
    ]
    assert len(rows) == len(seen.lines) == len(results.words.headline)
    cells = results.side_by_side.cells.set_index(["condition", "comparator"])
    marks = 0
    for row, one in zip(rows, seen.lines, strict=True):
        assert f"conditions/{one.condition.replace('_', '-')}.html" in row
        assert ("not the back" in row) == (one.condition not in results.words.article)
        assert one.harms[1:] in spoken(row) and f"{capital(one.label)}</a>" in row
        assert one.label and results.words.condition_names[one.condition] in (
            one.label,
            f"{one.label} (related condition)",
        )
        for kind in (SHAM, CARE):
            cell = cells.loc[one.condition, kind]
            if cell["k"]:
                assert f"<b>{whole(cell['points'])}</b>" in row and people(cell["n"]) in row
                assert unescape(certainty_badge(cell["certainty"])) in row
                marks += 1
    assert drawn.count('<span class="bar ') == marks == sum(not one.silent for row in seen.lines for one in row.marks)


@pytest.mark.parametrize("limit", [0.0, 10.0, 35.0, 90.0, -90.0])
def test_marks_stand_where_their_numbers_say_and_never_off_the_axis(limit: float) -> None:
    seen = Glance((line("a", mark(points=limit, low=limit - 20, high=limit + 20)),), 10.0)
    low, high = seen.axis
    assert low <= 0 <= high and low % 10 == high % 10 == 0
    place = 100 * (min(max(limit, low), high) - low) / (high - low)
    drawn = glance_figure(seen, way)
    assert f'<span class="dot sham" style="left: {place:.1f}%">' in drawn
    lefts = [float(at) for at in re.findall(r"left: ([\d.-]+)%", drawn)]
    assert all(0 <= at <= 100 for at in lefts)


def test_a_single_trial_is_hollow_and_told_as_one() -> None:
    seen = Glance((line("a", mark(k=1)),), 10.0)
    assert 'class="dot sham one"' in glance_figure(seen, way)
    assert "one trial found less pain" in short_answer(seen)


@pytest.mark.parametrize(
    ("grade", "points", "k", "better"),
    list(product(GRADES, (-15.0, -3.0, 0.4, 3.0, 15.0), (1, 4), (True, False, None))),
)
def test_what_is_said_is_true_of_the_numbers(grade: str, points: float, k: int, better: bool | None) -> None:
    one = mark(certainty=grade, points=points, k=k, better=better)
    said = finding(line("a", one), 10.0)
    told = grade != "very low" and better is not None
    assert ("less pain" in said) == (better is True if k == 1 else points >= 1 and told)
    assert ("more pain" in said) == (better is False if k == 1 else points <= -1 and told)
    assert ("slightly" in said) == (k > 1 and 1 <= abs(points) < 10 and told)
    assert ("probably" in said) == (k > 1 and grade == "moderate" and told)
    assert ("perhaps" in said) == (k > 1 and grade == "low" and told)
    assert ("leave it open" in said) == (k > 1 and grade != "very low" and better is None)
    assert ("one trial" in said) == (k == 1)
    best = best_supported(Glance((line("a", one),), 10.0))
    assert (best is not None) == (k > 1 and points >= 1 and grade != "very low" and better is True)


def test_front_page_and_condition_page_say_the_same(results: ev.Results, seen: Glance) -> None:
    for one in seen.lines:
        said = finding(one, seen.least)
        rows = results.findings("sham").query("condition == @one.condition and outcome == 'pain'")
        told = one.marks[0].k > 1 and one.marks[0].certainty != "very low"  # of which the front page says nothing
        for row in rows.to_dict("records") if told else ():
            there = plain_effect(row, results.words)
            assert ("leave open" in there or "not beyond doubt" in there) == ("leave it open" in said)


def test_the_answer_stays_short_and_never_names_a_condition_that_is_no_back() -> None:
    names = ["herniated lumbar disc", "chronic low back pain", "lumbar spinal stenosis", "arthritis of the spine"]
    lines = tuple(
        line(name, mark(certainty=grade, points=points), mark(CARE, certainty=grade, points=-points))
        for name, grade, points in zip(names, GRADES, (15.0, 3.0, -15.0, 0.2), strict=True)
    )
    answer = short_answer(Glance((*lines, line("knees", mark(), elsewhere=True)), 10.0))
    assert all(name.lower() in answer.lower() for name in names) and "knees" not in answer.lower()
    assert len(answer.split()) <= MOST_WORDS and JARGON.findall(answer) == []
    assert short_answer(Glance((line("a"),), 10.0)) == f"Compared with {PRETEND}: A: no number yet."


def test_harms_are_told_as_they_were_counted(results: ev.Results) -> None:
    counted = pd.DataFrame(
        [
            {"condition": "", "kind": "minor", "events": 900, "n": 1000, "percent": 90.0},
            {"condition": "a", "kind": "minor", "events": 12, "n": 150, "percent": 8.0},
            {"condition": "a", "kind": "serious", "events": 1, "n": 60, "percent": 1.7},
        ]
    )
    assert harms_in_short(counted, "a") == "side effects: 8 of 100; serious: 1 of 60 people"
    assert harms_in_short(counted, "b") == "harms not counted"
    for key in results.words.headline:
        harm = results.benefit_and_harm(key).harm
        own = harm[(harm["condition"] == key) & (harm["kind"] == "minor")]
        said = harms_in_short(harm, key)
        assert own.empty or f"{own['events'].iloc[0]:.0f} of" in said or f"{round(own['percent'].iloc[0])} of" in said


def ranking(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(SUMMED, 0) | row for row in rows])


def test_trials_without_a_number_are_counted() -> None:
    lost = lost_trials(
        ranking(
            {"trials_missing": 2, "people_missing": 40, "unsized_missing": 1, "said_better": 1, "trials_unreadable": 1}
        )
    )
    assert lost == (
        "Against sham acupuncture, 2 more trials, 40 people (not stated in one), give no number for this: the one "
        "trial that says which way it went favoured acupuncture; of one nothing can be read. They could change this."
    )
    assert lost_trials(ranking({})) == "No other trial of these comparisons is known to the data."


def test_the_four_parts_say_what_the_results_say(results: ev.Results, page: str) -> None:
    parts = re.findall(r"::::\{dropdown\} (.*?)\n(.*?)\n::::\n", page + "\n", re.DOTALL)
    named = dict(parts)
    assert list(named) == [
        "How sure are we",
        "What it is compared with",
        "What others found",
        "What would settle it",
    ]
    sure, compared, others, settle = named.values()
    table = results.ranking().to_frame()
    assert all(f"conditions/{key.replace('_', '-')}.html" in sure for key in table["condition"])
    assert results.ranking().order() in sure
    harms = ev.safety(results.db)
    asked = int(harms.reporting.loc[harms.reporting["condition"] == "", "trials"].iloc[0])
    assert f"{asked - harms.silent} of {asked:,} trials give numbers of side effects" in sure
    for name in ("sham", "usual_care", "no_treatment"):
        assert results.ranking(name).sentence() in compared
    same = results.reviews[results.reviews["overlap"] != ""]
    agree = sum(words.startswith("agrees") for words in same["reading"])
    assert others.startswith(f"\n{len(same)} pooled results") and f"with {agree} of them" in others
    claims = results.claims.to_frame()
    told = claims[claims["theme"] == claims["theme"].iloc[0]]
    assert all(words in settle for words in told["settles"]) and results.claims.sentence() in settle
