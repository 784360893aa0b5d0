"""What somebody takes from a figure without its data: room for the plot, values at its edge, marks told apart."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Ellipse, Patch

import evidence as ev
from evidence import plots
from evidence.plots import unreadable
from evidence.plots.parts.fits import telling_prediction
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import EFFECT, FADED, INK

NAMES = [f"Author-with-a-name {year}" for year in range(2001, 2009)]
YI, VI = np.linspace(0.1, 0.8, 8), np.full(8, 0.04)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def said(ax):
    return [text.get_text() for text in texts(ax.figure)]


def answers(estimates, **more):
    estimates = np.asarray(estimates, float)
    return pd.DataFrame({"estimate": estimates, "ci_low": estimates - 0.2, "ci_high": estimates + 0.2, **more})


def test_a_forest_plot_gives_a_third_of_600_pixels_to_the_plot():
    columns, bias = pd.DataFrame({"n": [100] * 8, "points": range(8)}), pd.DataFrame({"bias": ["low", "high"] * 4})
    with ev.theme("blog"):
        ax = plots.forest(ev.pool(YI, VI, slab=NAMES), columns=columns, risk_of_bias=bias, weights=False)
    low, high = ax.spines["bottom"].get_bounds()
    left, right = ax.get_xlim()
    across = ax.get_window_extent().width * (high - low) / (right - left)
    whole = ax.figure.get_figwidth() * ax.figure.dpi
    assert ax.figure.get_figwidth() * 96 == pytest.approx(600)
    assert across >= whole / 3


def test_long_names_give_way_to_the_plot_and_keep_their_years():
    columns, bias = pd.DataFrame({"n": [1000] * 8, "points": range(8)}), pd.DataFrame({"bias": ["low", "high"] * 4})
    slab = [f"Gonzalez-Villalobos de la Trinidad 20{at:02}" for at in range(8)]
    with ev.theme("blog"):
        ax = plots.forest(ev.pool(YI, VI, slab=slab), columns=columns, risk_of_bias=bias, worthwhile=0.5)
    low, high = ax.spines["bottom"].get_bounds()
    left, right = ax.get_xlim()
    across = ax.get_window_extent().width * (high - low) / (right - left)
    assert across > 0.2 * ax.figure.get_figwidth() * ax.figure.dpi, "a column more costs the plot its own room, no more"
    assert [text.get_text()[-6:] for text in ax.texts if text.get_text().startswith("Gonz")] == [
        f"… 20{at:02}"[-6:] for at in range(8)
    ]


@pytest.mark.parametrize(("estimate", "edge"), [(3.21, 2.0), (-4.4, -1.0)])
def test_an_estimate_off_the_axis_stands_as_a_number_at_its_edge(estimate, edge):
    yi = [0.3, 0.5, estimate]
    for ax in (
        plots.forest(ev.pool(yi, [0.02, 0.05, 0.03]), xlim=(-1, 2)),
        plots.ranking(answers(yi, condition=["A", "B", "C"], k=[2, 3, 4]), xlim=(-1, 2)),
    ):
        words = f"{estimate:.2f}".replace("-", "−")
        notes = [note for note in ax.texts if note.get_text() == words and getattr(note, "xy", (0, 0))[0] == edge]
        assert len(notes) == 1
        assert unreadable(ax.figure) == []


@pytest.mark.parametrize(
    ("k", "interval", "drawn"),
    [
        (2, (-1.0, 2.0), None),
        (3, (-1.0, 2.0), (-1.0, 2.0)),
        (3, (0.1, 0.9), None),  # the interval of the mean itself
        (12, (0.099, 0.902), None),  # no reader could tell them apart
        (12, None, None),
        (12, (np.nan, np.nan), None),
    ],
)
def test_a_prediction_interval_is_drawn_where_it_says_more(k, interval, drawn):
    assert telling_prediction(k, (0.1, 0.9), interval) == drawn


def test_two_trials_and_trials_that_agree_get_no_prediction_interval():
    with pytest.warns(ev.SmallSample):
        two = ev.pool([0.1, 0.9], [0.02, 0.02])
    for fit in (two, ev.pool(np.full(4, 0.4), np.full(4, 0.02))):
        assert "Prediction interval" not in said(plots.forest(fit))
    assert "Prediction interval" in said(plots.forest(ev.pool([0.1, 0.9, 0.4, 1.4], np.full(4, 0.02))))


def test_a_single_trial_is_faded_in_a_ranking():
    ax = plots.ranking(answers([0.3, 0.5], condition=["Several", "Alone"], k=[4, 1], n=[400, 50]), ordered=False)
    dots = {line.get_ydata()[0]: line for line in ax.lines if line.get_marker() == "o"}
    several, alone = (dots[y] for y in sorted(dots))
    assert (several.get_markeredgecolor(), alone.get_markeredgecolor()) == (EFFECT, FADED)
    words = {text.get_text(): text.get_color() for text in texts(ax.figure)}
    assert words["Several"] == INK != words["Alone"]


def test_a_bubble_is_coloured_over_the_share_of_its_trials_that_give_a_number():
    frame = pd.DataFrame(
        {
            "condition": ["A", "B"],
            "comparator": "sham",
            "estimate": 0.6,
            "n": 1000,
            "k": [16, 4],
            "with_number": [4, 4],
        }
    )
    ax = plots.evidence_map(frame, numbered="with_number")
    bubbles = [p for p in ax.patches if isinstance(p, Ellipse)][:3]
    some, inner, whole = bubbles
    assert (inner.get_width() / some.get_width()) ** 2 == pytest.approx(4 / 16)
    assert some.get_facecolor()[:3] == (1, 1, 1)
    assert inner.get_facecolor() == whole.get_facecolor() != some.get_facecolor()
    assert any("share" in words for words in said(ax))


def test_each_sign_of_a_list_of_claims_stands_beside_its_claim():
    frame = answers([0.3, np.nan, 0.2], k=[4, 0, 1], n=[400, 0, 50], claim=["It helps", "It sings", "It may"])
    frame["verdict"] = ["supported", "untested", "contradicted"]
    ax = plots.claims(frame)
    ax.figure.canvas.draw()
    heights = {text.get_text(): [] for text in texts(ax.figure)}
    for text in texts(ax.figure):
        box = text.get_window_extent()
        heights[text.get_text()].append((box.y0 + box.y1) / 2)
    for claim, sign in {"It helps": "●", "It sings": "–", "It may": "✕"}.items():
        assert min(abs(y - heights[claim][0]) for y in heights[sign]) < 4


def test_a_card_of_claims_lists_the_best_and_counts_the_rest():
    verdicts = ["supported", *["partly"] * 3, *["unclear"] * 12]
    frame = answers([0.3] * 16, k=4, n=400, claim=[f"Claim {i}" for i in range(16)], verdict=verdicts)
    words = said(plots.claims(frame, listed=False))
    assert [one for one in words if one.startswith("Claim")] == [f"Claim {i}" for i in range(4)]
    assert "12 claims unclear: the trials cannot tell" in words


def test_domains_of_bias_stand_by_name_over_every_trial():
    domains = [
        "random sequence generation (selection bias)",
        "allocation concealment (selection bias)",
        "blinding of participants and personnel (performance bias)",
        *(f"domain {i}" for i in range(6)),
    ]
    frame = pd.DataFrame(itertools.product([f"Trial {i}" for i in range(40)], domains), columns=["study_id", "domain"])
    ax = plots.rob(frame.assign(judgement="low"))
    words = [" ".join(one.split()) for one in said(ax)]
    assert set(domains) <= set(words)
    assert {f"Trial {i}" for i in range(40)} <= set(words)
    assert unreadable(ax.figure) == []


def test_the_greys_of_a_funnel_are_told_apart():
    ax = plots.funnel(ev.pool(YI, VI))
    legend = ax.get_legend()
    greys = sorted(sum(to_rgb(key.get_facecolor())) / 3 for key in legend.legend_handles if isinstance(key, Patch))
    assert len(greys) == 4  # with the white of p > 0.1
    assert min(np.diff(greys)) > 0.08


@pytest.mark.parametrize("named", ["one", "two lines of a heading that is too long for the room beside the plot"])
def test_a_heading_leaves_room_for_the_first_row(named):
    frame = answers([0.3, 0.5], condition=["First", "Second"], k=[4, 2], n=[400, 50], block=[named, "other"])
    ax = plots.ranking(frame, by="block")
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in texts(ax.figure) if text.get_text()]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert unreadable(ax.figure) == []


@pytest.mark.parametrize("xlim", [(2, -1), (0.2, 2.0), (-2.0, -0.1), (0, 0), (np.nan, 1)])
def test_limits_that_would_cut_off_no_effect_or_run_backwards_are_refused(xlim):
    fit = ev.pool(YI, VI)
    for draw in (
        lambda: plots.forest(fit, xlim=xlim),
        lambda: plots.cumulative(ev.cumulative(fit), xlim=xlim),
        lambda: plots.ranking(answers([0.3], condition=["A"], k=[4]), xlim=xlim),
        lambda: ev.charts.forest(fit, xlim=xlim),
    ):
        with pytest.raises(ev.InvalidInput, match="smaller end first"):
            draw()


@pytest.mark.parametrize("index", ["kept", "lost"])
def test_leaving_one_out_is_never_called_adding(index):
    frame = ev.leave_one_out(ev.pool(YI, VI, slab=NAMES))
    words = said(plots.cumulative(frame if index == "kept" else frame.set_axis(range(8))))
    assert "Trial left out" in words and "Trial added" not in words
