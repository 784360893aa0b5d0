import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Ellipse

import evidence as ev
from evidence.plots import evidence_map, unreadable
from evidence.plots.parts.legibility import texts


@pytest.fixture
def frame():
    rows = [
        ("Lumbar spinal stenosis", "sham", 0.4, 400, 4),
        ("Lumbar spinal stenosis", "drug", -0.2, 100, 12),
        ("Chronic overuse: non-specific, mechanical or myofascial low back pain", "sham", 0.1, 6400, 30),
        ("Acute <b>sprain</b> $", "no treatment or waiting list", np.nan, 25, 2),
    ]
    return pd.DataFrame(rows, columns=["condition", "comparator", "estimate", "n", "k"])


def bubbles(ax):
    """Bubbles on the map, without those of the key."""
    low = max(t.get_position()[1] for t in texts(ax.figure) if "sprain" in t.get_text()) + 30
    return [p for p in ax.patches if isinstance(p, Ellipse) and p.center[1] < low]


@pytest.mark.parametrize("context", ["blog", "paper", "slide"])
def test_everything_can_be_read(context, frame):
    wide = pd.concat(
        [frame.assign(comparator=c) for c in ("sham", "usual care", "drug", "other active treatment", "none")]
    )
    wide = wide.drop_duplicates(["condition", "comparator"])
    with ev.theme(context):
        for data in (frame, wide, frame.iloc[[0]], frame.iloc[[3]]):
            ax = evidence_map(data, title="Where the trials are " * 4, source="Source")
            assert unreadable(ax.figure, smallest=9 if context != "paper" else 8) == []


def test_area_follows_people(frame):
    across = [b.get_width() for b in bubbles(evidence_map(frame))]
    assert (across[2] / across[0]) ** 2 == pytest.approx(6400 / 400)


def test_colour_follows_the_effect_and_its_direction(frame):
    good, bad, little, unknown = (b.get_facecolor()[:3] for b in bubbles(evidence_map(frame)))
    assert good[2] > good[0] and bad[0] > bad[2]  # blue favours acupuncture, red the comparator
    assert sum(little) > sum(good)
    assert unknown == (1, 1, 1)


def test_the_number_is_trials_and_white_on_dark(frame):
    ax = evidence_map(frame.assign(n=1000))
    shown = {t.get_text(): t.get_color() for t in texts(ax.figure)}
    assert shown["4"] == "#ffffff"
    assert {"12", "30", "2"} <= set(shown)


def test_categories_order_the_rows(frame):
    order = sorted(frame["condition"].unique(), reverse=True)
    ax = evidence_map(frame.assign(condition=pd.Categorical(frame["condition"], order)))
    names = [t for t in texts(ax.figure) if t.get_position()[0] == 0][:3]
    assert [n.get_text().split()[0] for n in sorted(names, key=lambda t: t.get_position()[1])] == [
        "Lumbar",
        "Chronic",
        "Acute",
    ]


def test_wrong_input_is_named(frame):
    with pytest.raises(ev.InvalidInput, match="two rows for 'sham' and 'Lumbar spinal stenosis'"):
        evidence_map(pd.concat([frame, frame]))
    with pytest.raises(ev.InvalidInput, match="'week'"):
        evidence_map(frame, x="week")
    with pytest.raises(ev.InvalidInput, match="no rows"):
        evidence_map(frame.iloc[:0])
