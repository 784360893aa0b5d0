"""Share images: one a condition and one for all other pages, with everything inside."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import evidence as ev
from evidence.answers.glance import glance
from evidence.answers.wording.short_answer import finding
from evidence.report import cards as module


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Figure]]:
    """Every card that is drawn, as a figure."""
    found: list[Figure] = []
    made = plt.figure

    def keep(*args: object, **options: object) -> Figure:
        found.append(made(*args, **options))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(plt, "figure", keep)
    yield found
    plt.close("all")


def test_a_card_has_its_finding_as_title_and_all_words_inside(results: ev.Results, drawn: list[Figure]) -> None:
    made = module.cards(results, "https://example.org/acu/")
    seen = glance(results)
    assert list(made) == ["index", *(f"conditions-{line.condition.replace('_', '-')}" for line in seen.lines)]
    for picture in made.values():
        assert struct.unpack(">II", picture[16:24]) == (1200, 630)
        assert len(picture) < 300_000
    for figure, line in zip(drawn[1:], seen.lines, strict=True):
        words = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
        said = " ".join(" ".join(text.get_text().split()) for text in words)
        assert finding(line, seen.least) in said and "example.org/acu" in said and "data/raw" not in said
        assert ("not the back" in said) == line.elsewhere
        boxes = [text.get_window_extent() for text in words]
        assert all(box.x0 >= 0 and box.x1 <= 1200 and box.y0 >= 0 and box.y1 <= 630 for box in boxes)
        grades = [f"{mark.certainty} certainty" for mark in line.marks if not mark.silent]
        assert all(words in said for words in grades or [mark.silent for mark in line.marks])


def test_cards_are_the_same_each_time(results: ev.Results) -> None:
    assert module.cards(results) == module.cards(results)
