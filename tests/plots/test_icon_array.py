"""The icon array draws as many people as it says, and refuses numbers that are none."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from evidence.errors import InvalidInput
from evidence.plots import icon_array
from evidence.plots.parts.legibility import texts


def people(ax):
    """Filled and empty figures with the treatment, then without."""
    return [len(drawn.get_offsets()) for drawn in ax.collections[:4]]


def words(ax):
    return " ".join(text.get_text() for text in texts(ax.figure))


@pytest.mark.parametrize(
    ("with_", "without", "of", "drawn"),
    [(74.7, 43.8, 100, [75, 25, 44, 56]), (0, 100, 100, [0, 100, 100, 0]), (3, 1, 7, [3, 4, 1, 6])],
)
def test_as_many_are_filled_as_the_numbers_say(with_, without, of, drawn):
    ax = icon_array(with_, without, of)
    assert people(ax) == drawn
    assert f"of {of}" in words(ax) and f"{with_:.0f}" in words(ax) and f"{without:.0f}" in words(ax)


def test_people_do_not_touch_and_both_groups_stand_in_the_same_order():
    ax = icon_array(58, 40)
    ours, theirs = (np.vstack([drawn.get_offsets() for drawn in ax.collections[i : i + 2]]) for i in (0, 2))
    assert np.ptp(theirs - ours, axis=0).max() < 1e-9, "one picture beside the same picture"
    tall = np.sqrt(ax.collections[0].get_sizes()[0])
    steps = np.unique(np.round(ours[:, 1], 6))
    assert len(steps) == 10 and np.diff(steps).min() > tall


def test_filled_and_empty_are_told_apart_without_colour():
    ax = icon_array(58, 40)
    filled, empty = (np.dot(drawn.get_facecolor()[0][:3], [0.2126, 0.7152, 0.0722]) for drawn in ax.collections[:2])
    assert empty - filled > 0.5
    edge = np.dot(np.power(to_rgb(ax.collections[1].get_edgecolor()[0]), 2.2), [0.2126, 0.7152, 0.0722])
    assert 1.05 / (edge + 0.05) > 4.5, "the outline of an empty figure is seen on white"


def test_the_interval_stands_with_the_treatment_alone():
    said = words(icon_array(58.4, 40, interval=(47.6, 67.5)))
    assert "of 100 (48 to 68)" in said and said.count(" to ") == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((101, 40), "with_=101"),
        ((58, -1), "without=-1"),
        ((float("nan"), 40), "with_ is nan"),
        (("many", 40), "with_ is 'many'"),
        ((5, 4, 0), "of=0"),
        ((5, 4, 100.5), "of is 100.5"),
        ((5, 4, 5000), "of=5000"),
    ],
)
def test_a_number_that_is_none_is_named(arguments, named):
    with pytest.raises(InvalidInput, match=named):
        icon_array(*arguments)


@pytest.mark.parametrize("interval", [(60, 70), (30, 50), (48, 200)])
def test_an_interval_that_cannot_be_is_named(interval):
    with pytest.raises(InvalidInput, match="interval"):
        icon_array(58, 40, interval=interval)
