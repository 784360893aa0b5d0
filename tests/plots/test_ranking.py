import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.plots import ranking, unreadable
from evidence.plots.parts.legibility import texts

MISSING = "no sham-controlled trial with numbers (2 trials, results missing)"


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "condition": [
                "Lumbar spinal stenosis",
                "Herniated lumbar disc",
                "Acute low back pain",
                "Chronic overuse: non-specific, mechanical or myofascial low back pain",
            ],
            "estimate": [0.45, 0.62, np.nan, 0.31],
            "ci_low": [0.1, -0.4, np.nan, 0.2],
            "ci_high": [0.8, 1.64, np.nan, 0.42],
            "pi_low": [-0.3, np.nan, np.nan, -0.2],
            "pi_high": [1.2, np.nan, np.nan, 0.85],
            "k": [3, 1, 0, 22],
            "n": [340, 56, 0, 5123],
            "note": [None, None, MISSING, None],
        }
    )


def heights(ax):
    """Text of every line at the left edge, from top to bottom."""
    left = [t for t in texts(ax.figure) if t.get_position()[0] == 0 and t.get_transform() == ax.get_yaxis_transform()]
    return [t.get_text() for t in sorted(left, key=lambda t: t.get_position()[1]) if t.get_text()]


def dots(ax):
    return [line for line in ax.lines if line.get_marker() == "o"]


@pytest.mark.parametrize("context", ["blog", "paper", "slide"])
def test_everything_can_be_read(context, frame):
    both = pd.concat([frame.assign(versus="Sham"), frame.assign(versus="No treatment or a place on a waiting list")])
    with ev.theme(context):
        for ax in (
            ranking(frame, worthwhile=0.5, title="A title that says what was found " * 2, source="Source " * 30),
            ranking(both, by="versus", measure="MD100"),
            ranking(frame.iloc[[1]]),
            ranking(frame.iloc[[2]]),
        ):
            assert unreadable(ax.figure, smallest=9 if context != "paper" else 8) == []


def test_blog_width_is_kept(frame):
    with ev.theme("blog"):
        assert round(ranking(frame).figure.get_figwidth() * 96) == 600


def test_rows_go_from_the_largest_effect_down_and_silence_comes_last(frame):
    ax = ranking(frame)
    assert [d.get_xdata()[0] for d in sorted(dots(ax), key=lambda d: d.get_ydata()[0])] == [0.62, 0.45, 0.31]
    lines = heights(ax)
    assert lines[0] == "Herniated lumbar disc"
    assert lines.index("Acute low back pain") > lines.index("Lumbar spinal stenosis")


def test_counts_stand_under_the_name_and_one_trial_is_hollow(frame):
    ax = ranking(frame)
    lines = heights(ax)
    assert lines[1] == "one trial, 56 people"
    assert "22 trials, 5,123 people" in lines
    assert [d.get_markerfacecolor() for d in dots(ax)].count("#ffffff") == 1


def test_a_condition_without_numbers_is_said_not_dropped(frame):
    ax = ranking(frame)
    assert " ".join(heights(ax)).endswith(MISSING)
    silent = ranking(frame.assign(note=None))
    assert "no trial with numbers" in heights(silent)


def test_blocks_share_one_axis(frame):
    both = pd.concat([frame.assign(versus="Sham"), frame.assign(versus="Drug")])
    ax = ranking(both, by="versus")
    lines = heights(ax)
    assert lines.index("Sham") < lines.index("Drug")
    assert len(dots(ax)) == 6


def test_prediction_intervals_are_drawn_faint(frame):
    ax = ranking(frame)
    assert any(list(line.get_xdata()) == pytest.approx([-0.3, 1.2]) for line in ax.lines)


def test_wrong_input_is_named(frame):
    with pytest.raises(ev.InvalidInput, match="'k'"):
        ranking(frame.drop(columns="k"))
    with pytest.raises(ev.InvalidInput, match=r"Lumbar spinal stenosis.*interval"):
        ranking(frame.assign(ci_low=np.nan))
    with pytest.raises(ev.InvalidInput, match="no rows"):
        ranking(frame.iloc[:0])
