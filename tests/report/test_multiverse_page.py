"""The multiverse where readers meet it: a figure for each headline, a line on each page, and what would settle it."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

import evidence as ev
from evidence.answers.claims.settle import settles_condition
from evidence.answers.multiverse.words import CHOICES
from evidence.plots import unreadable
from evidence.report.figures.catalogue import figure_names, figures
from evidence.report.figures.figure import Figure, NothingToDraw
from evidence.report.figures.files import write_figures
from evidence.report.figures.multiverse import figure_name, headline_multiverse, specifications
from evidence.report.figures.presets import BLOG
from evidence.report.pages.multiverse import multiverse_line
from evidence.report.pages.settle import settle_line
from evidence.report.project import Project


@pytest.fixture(scope="module")
def drawn(results: ev.Results) -> dict[str, Figure]:
    with BLOG.dress():
        return {figure.name: figure for figure in figures(results, "specifications")}


def test_every_headline_of_two_trials_has_its_figure(results: ev.Results, drawn: dict[str, Figure]) -> None:
    names, headlines = figure_names(results), 0
    for condition in results.words.headline:
        for outcome in results.words.critical:
            name = figure_name(condition, outcome)
            assert name in names
            try:
                comparator, found = headline_multiverse(results, condition, outcome)
            except ev.NotEstimable:
                assert name not in drawn
                continue
            headlines += 1
            pool = results.pools_on(condition=condition, outcome=outcome, time="short", comparator=comparator)
            if pool["k"].iloc[0] > 1:
                assert found.specifications["estimate"].iloc[0] == pytest.approx(pool["estimate"].iloc[0])
            assert found.in_short() in drawn[name].caption and found.most_moving() in drawn[name].caption
            assert found.sentence() in drawn[name].alt and found.sentence() in drawn[name].details
    assert headlines == len(drawn) > 3


def test_the_figure_is_in_points_and_tells_choices_most_moving_first(
    results: ev.Results, drawn: dict[str, Figure]
) -> None:
    for condition in results.words.headline:
        if (name := figure_name(condition, "pain")) not in drawn:
            continue
        _, found = headline_multiverse(results, condition, "pain")
        axes = drawn[name].axes
        dots = next(line for line in axes.lines if line.get_marker() == "o")
        assert dots.get_ydata()[0] == pytest.approx(found.estimable["estimate"].min() * found.points)
        (panel,) = axes.child_axes
        headings = [text.get_text() for text in panel.texts]
        moved = found.moves[(found.moves["change"] > 0) | (found.moves["turned"] > 0)]
        assert [heading.split(":")[0] for heading in headings] == [CHOICES[name].heading for name in moved["choice"]]
        first = found.amount(moved["change"].iloc[0]).removesuffix(" of 100")
        assert headings[0].endswith(f": moves {first}")
        worthwhile = next(line for line in axes.lines if line.get_linestyle() == "--")
        assert worthwhile.get_ydata()[0] == pytest.approx(10)
        assert unreadable(axes.figure) == [], name


def test_nothing_is_drawn_where_there_is_one_trial(results: ev.Results) -> None:
    with pytest.raises(NothingToDraw, match=r"^no trial gives a number$"):
        specifications(results, "arthritis", "disability")


def test_a_page_has_one_line_linked_to_its_figures(results: ev.Results, tmp_path: Path) -> None:
    project = Project(tmp_path)
    linked = "chronic_overuse"
    write_figures(results, project.figures, only="specifications", conditions=[linked])
    for condition in results.words.headline:
        line = multiverse_line(results, project, condition)
        assert "\n" not in line and line.startswith("All reasonable ways to compute this: ")
        for outcome in results.words.critical:
            try:
                _, found = headline_multiverse(results, condition, outcome)
            except ev.NotEstimable:
                assert f"of {outcome}" not in line
                continue
            assert found.in_short() in unescape(line)
            assert (f'<a href="../figures/{figure_name(condition, outcome)}.html">' in line) == (condition == linked)
    assert "no headline has two trials" in multiverse_line(results, project, "arthritis")


def test_a_page_says_what_would_settle_it(results: ev.Results) -> None:
    parts = results.claims.parts[results.claims.parts["claim_id"] == "overall-conditions-all"]
    of_claim = parts.drop_duplicates("part").set_index("part")["settles"]
    assert len(of_claim) > 2
    for condition in results.words.headline:
        said = unescape(settle_line(results, condition))
        assert said.startswith("What would settle whether it eases pain: ") and "\n" not in said
        settles = settles_condition(results.context, condition)
        assert (settles or "is settled by the rules") in said
        assert settles == of_claim.get(condition, settles), "as the claim about it says"
