"""Titles that say what was found, the words in the pictures, and one colour for a comparator."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import evidence as ev
from evidence.plots.parts.legibility import texts
from evidence.report.figures import catalogue as figures
from evidence.report.figures.colours import comparator_colours
from evidence.report.figures.findings import best_comparison
from evidence.report.figures.presets import BLOG, PRESETS

SITE = "https://evidence.example/site"


def pools(*rows: tuple[str, int, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["comparator", "k", "ci_low", "certainty"])


def test_a_card_names_the_surest_comparison_that_excludes_no_difference(results: ev.Results) -> None:
    several = pools(("drug", 5, 0.2, "very low"), ("sham", 2, 0.1, "moderate"), ("usual_care", 3, -0.1, "moderate"))
    assert best_comparison(several, results.words, "pain") == (
        "Less pain than with sham acupuncture (2 trials), moderate certainty"
    )
    alone = pools(("sham", 1, 0.3, "low"), ("drug", 4, -0.2, "low"))
    assert best_comparison(alone, results.words, "pain") == "Less pain than with sham acupuncture, in one trial"
    nothing = pools(("sham", 9, -0.3, "high"))
    assert best_comparison(nothing.assign(ci_high=-0.1), results.words, "pain") == "No comparison shows less pain"
    open_ = "Left open: less pain than with sham acupuncture (9 trials), high certainty"
    assert best_comparison(nothing.assign(ci_high=0.1), results.words, "pain") == open_


def test_a_ranking_has_its_finding_as_title_and_certainty_in_the_picture(results: ev.Results) -> None:
    for preset in ("blog", "social"):
        with PRESETS[preset].dress():
            figure = figures.ranking(results, "sham", preset=PRESETS[preset])
        first = results.ranking("sham", "pain", "short").to_frame().iloc[0]
        assert figure.title.startswith("Best supported: ")
        assert first["certainty"] in figure.title
        words = " ".join(" ".join(text.get_text().split()) for text in texts(figure.axes.get_figure(root=True)))
        assert f"{first['certainty']} certainty" in words.lower()
        assert "Points of 100" in words


def test_certainty_points_and_whom_stand_in_the_forest_of_another_population(results: ev.Results) -> None:
    figure = figures.forest(results, "osteoarthritis", "pain")
    words = " ".join(" ".join(text.get_text().split()) for text in texts(figure.axes.get_figure(root=True)))
    pool = (
        results.pools_on(condition="osteoarthritis", outcome="pain", time="short").set_index("comparator").loc["sham"]
    )
    assert f"{pool['points']:.0f} of 100 points" in words
    assert f"{pool['certainty']} certainty; knee or hip, not the back" in words


@pytest.mark.parametrize(
    "only", ["forest_pain_chronic_overuse_sham", "ranking_pain_sham", "claims", "timecourse_pain_chronic"]
)
def test_a_card_names_the_site_and_no_folder(results: ev.Results, only: str) -> None:
    look = PRESETS["social"]
    with look.dress():
        (figure,) = figures.figures(results, only, preset=look, base_url=SITE)
    words = " ".join(text.get_text() for text in texts(figure.axes.get_figure(root=True)))
    assert "evidence.example/site" in words
    assert "data/raw" not in words


def test_no_row_of_a_card_is_empty(results: ev.Results) -> None:
    look = PRESETS["social"]
    with look.dress():
        figure = figures.ranking(results, "drug", preset=look)
    known = results.ranking("drug", "pain", "short").to_frame()["k"] > 0
    words = [text.get_text() for text in texts(figure.axes.get_figure(root=True))]
    assert "–" not in words
    assert sum(bool(re.fullmatch(r"\[.+\]", word)) for word in words) == known.sum()


def test_a_comparator_has_one_colour_in_every_time_course(results: ev.Results) -> None:
    colours = comparator_colours(results.words)
    assert len(set(colours.values())) == len(colours)
    for condition in ("chronic_overuse", "disc_herniation", "osteoarthritis"):
        figure = figures.timecourse(results, condition, preset=BLOG)
        named = {text.get_text(): text.get_color() for text in texts(figure.axes.get_figure(root=True))}
        followed = {name for name in colours if name in named}
        assert followed
        assert {name: named[name] for name in followed} == {name: colours[name] for name in followed}


def test_no_word_of_a_caption_outruns_its_numbers(results: ev.Results) -> None:
    pools, changed = results.mechanisms, ev.Results(results.db)
    changed.mechanisms = pools.assign(ci_low=pools["ci_low"].clip(upper=-0.1), ci_high=pools["ci_high"].clip(lower=0.1))
    assert "shows an effect: every such interval includes no difference" in figures.mechanisms(changed).caption
    several = (pools["k"] > 1) & pools["estimate"].notna() & (pools["outcome"] != "all")
    one = pools.index == pools.index[several][0]
    changed.mechanisms = changed.mechanisms.assign(ci_low=changed.mechanisms["ci_low"].where(~one, 0.05))
    row = pools[one].iloc[0]
    label = results.db.outcomes.set_index("outcome")["label"][row["outcome"]]
    against = results.words.short_comparators[row["comparator"]]
    assert f"excludes no effect for {label}, against {against}." in figures.mechanisms(changed).caption
