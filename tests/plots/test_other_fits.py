"""Fits that a figure has never seen, and the level that it says."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import INK, POOLED


@dataclass(frozen=True)
class Counted:
    """A fit of counts as a figure sees it: its method has a name, and its measure is its own."""

    yi: np.ndarray
    vi: np.ndarray
    slab: tuple[str, ...]
    estimate: float = 0.4
    ci: tuple[float, float] = (0.1, 0.7)
    level: float = 0.9
    i2: float = 12.0
    name: str = "Mantel-Haenszel"
    measure: str = "OR"


def test_a_fit_without_weights_shows_precision_and_its_own_measure():
    fit = Counted(np.array([0.5, np.nan, 0.2]), np.array([0.1, np.nan, 0.4]), ("One", "No events", "Three"))
    ax = ev.plots.forest(fit)
    said = {text.get_text() for text in texts(ax.figure)}
    assert {"Odds", "ratio", "90% interval", "1.49", "No events", "–"} <= said and "Weight" not in said
    assert any("Mantel-Haenszel" in words for words in said)
    sizes = [line.get_markersize() for line in ax.lines if line.get_marker() == "s"]
    assert len(sizes) == 2 and sizes[0] / sizes[1] == pytest.approx(2)  # areas as 4 to 1


@dataclass(frozen=True)
class Nested(Counted):
    """A fit whose rows are effects within groups."""

    name: None = None
    method: str = "REML"
    groups: dict[str, int] = field(default_factory=lambda: {"study": 2, "row": 3})


def test_rows_of_a_nested_fit_are_called_effects():
    fit = Nested(np.array([0.5, 0.1, 0.2]), np.array([0.1, 0.2, 0.4]), ("a", "a", "b"))
    said = " ".join(text.get_text() for text in texts(ev.plots.forest(fit).figure))
    assert "3 effects" in said and "2 groups" in said and "3 trials" not in said
    assert any(text.get_text() == "3 effects" for text in texts(ev.plots.drapery(fit).figure))


def test_a_time_course_takes_windows_in_their_order():
    frame = pd.DataFrame({"time": ["immediate", "short", "long"], "estimate": [0.5, 0.4, 0.1], "k": [2, 9, 3]})
    ax = ev.plots.timecourse(frame.assign(ci_low=frame["estimate"] - 0.2, ci_high=frame["estimate"] + 0.2))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["immediate", "short", "long"]
    (points,) = [one for one in ax.lines if one.get_marker() == "o"]
    assert (points.get_xdata().tolist(), points.get_ydata().tolist()) == ([0, 1, 2], [0.5, 0.4, 0.1])


def test_influence_sets_apart_the_trials_its_result_flags():
    found = ev.influence(ev.pool([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE")))
    said = {text.get_text(): text.get_color() for text in texts(ev.plots.influence(found).figure)}
    assert said["E"] == POOLED and said["A"] == INK
