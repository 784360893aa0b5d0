"""What the figures of a network, and the p-curve, make of their numbers."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Ellipse, Rectangle

import evidence as ev
from evidence.plots import league, network, pcurve, rankogram, unreadable
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import EFFECT, POOLED


@pytest.fixture
def net():
    rows = [
        ("1", "a", "b", 0.5),
        ("2", "a", "b", 0.9),
        ("3", "b", "c", 0.1),
        ("4", "c", "d", 0.3),
        ("5", "a", "b", 0.7),
    ]
    frame = pd.DataFrame([*rows, ("6", "c", "b", 0.0)], columns=["study", "treatment1", "treatment2", "yi"])
    return ev.network(frame.assign(vi=0.02), reference="b")


def words(ax):
    return [t.get_text() for t in texts(ax.figure)]


def test_network_draws_a_line_for_each_comparison_and_counts_it(net):
    ax = network(net)
    lines = {tuple(line.get_xdata()): line.get_linewidth() for line in ax.lines}
    assert len(lines) == 3
    assert sorted(lines.values()) == pytest.approx([0.8, 3.4, 6.0])  # 1, 2 and 3 trials
    assert sum(w in ("1", "2", "3") for w in words(ax)) == 3
    nodes = [
        p
        for p in ax.patches
        if isinstance(p, Ellipse) and p.get_facecolor()[:3] == plt.matplotlib.colors.to_rgb(EFFECT)
    ]
    areas = [node.get_width() ** 2 for node in nodes]
    assert np.array(areas) / areas[0] == pytest.approx(np.array([3, 5, 3, 1]) / 3)
    assert {"5 trials", "1 trial"} <= set(words(ax))


def test_network_shows_people_where_they_are_given(net):
    ax = network(net, people={"a": 400, "b": 100, "c": 25, "d": 1})
    assert {"400 people", "1 person"} <= set(words(ax))
    with pytest.raises(ev.InvalidInput, match="network: people has no number for 'd'"):
        network(net, people=pd.Series({"a": 1, "b": 1, "c": 1, "d": np.nan}))


def test_no_label_of_a_network_lies_on_a_circle():
    for count in (2, 3, 7, 14, 28):
        names = [f"treatment with the number {i}" for i in range(count)]
        rows = [(str(i), names[i], names[(i + 1) % count], 0.1 * i) for i in range(count - (count == 2))]
        frame = pd.DataFrame(
            [*rows, ("x", names[0], names[1], 0.3)], columns=["study", "treatment1", "treatment2", "yi"]
        )
        ax = network(ev.network(frame.assign(vi=0.1), reference=names[0]))
        figure = ax.figure
        figure.draw_without_rendering()
        circles = [p.get_window_extent() for p in ax.patches if p.get_zorder() == 4]
        assert len(circles) == count
        for text in texts(figure):
            box = text.get_window_extent()
            assert not any(box.overlaps(circle) for circle in circles), (count, text.get_text())
        assert unreadable(figure) == []
        plt.close("all")


def test_rankogram_bars_are_the_probabilities():
    chances = {"rank_1": [0.7, 0.3, 0.0], "rank_2": [0.2, 0.6, 0.2], "rank_3": [0.1, 0.1, 0.8]}
    frame = pd.DataFrame({"p_score": [0.8, 0.6, 0.1], **chances}, index=["x", "y", "z"])
    ax = rankogram(frame)
    bars = [p for p in ax.patches if isinstance(p, Rectangle)]
    heights = np.array([bar.get_height() for bar in bars]).reshape(3, 3)
    assert heights / heights.max() == pytest.approx(frame.iloc[:, 1:].to_numpy() / 0.8)
    first = [bar.get_facecolor()[:3] == plt.matplotlib.colors.to_rgb(POOLED) for bar in bars]
    assert first == [True, False, False] * 3
    assert {"70%", "30%", "< 1%", "0.80", "P(best)"} <= set(words(ax))
    with pytest.raises(ev.InvalidInput, match="sum to 1"):
        rankogram(frame.assign(rank_3=0.5))


def test_league_prints_each_pair_row_minus_column(net):
    order = ["a", "b", "d", "c"]
    ax = league(net.league(), order=order, measure="SMD")
    numbers = [t for t in ax.texts if t.get_ha() == "center"]
    table = net.league().set_index(["treatment1", "treatment2"])
    for one in order:
        for two in set(order) - {one}:
            value = table.loc[(one, two)]
            shown = f"{value['estimate']:.2f}".replace("-", "−")
            bold = value["ci_low"] > 0 or value["ci_high"] < 0
            assert any(t.get_text() == shown and (t.get_weight() == "bold") == bold for t in numbers), (one, two)
    framed = [p for p in ax.patches if not p.get_fill()]
    assert len(framed) == 2 * 3
    names = [t.get_text() for t in ax.texts if t.get_text() in order]
    assert names == [name for name in order for _ in range(2)]


def test_league_prints_ratios_back_and_less_where_there_is_no_room(net):
    ax = league(net.league(), measure="RR")
    shown = f"{np.exp(net.estimates.loc['a', 'estimate']):.2f}"
    assert shown in words(ax) and any(w.startswith("Risk ratio, row over column") for w in words(ax))
    figure, small = plt.subplots(figsize=(2.2, 3))
    small.set_position((0, 0, 1, 1))
    assert not any("[" in w for w in words(league(net.league(), ax=small)))
    plt.close(figure)


def test_league_asks_for_every_pair_and_every_name(net):
    frame = net.league()
    with pytest.raises(ev.InvalidInput, match="every pair"):
        league(frame.drop(index=3))
    for order in (["a", "b", "c"], ["a", "b", "c", "d", "d"], ["a", "b", "c", "x"]):
        with pytest.raises(ev.InvalidInput, match="order should name each"):
            league(frame, order=order)


def test_pcurve_draws_the_three_curves_of_the_result():
    found = ev.p_curve([0.5, 0.45, 0.9, 0.1, 0.41], [0.04] * 5)
    ax = pcurve(found)
    curves = {line.get_color(): list(line.get_ydata()) for line in ax.lines}
    assert curves[EFFECT] == pytest.approx(found.curve()["observed"].to_list())
    assert curves[POOLED] == pytest.approx(found.curve()["power_33"].to_list())
    assert [20.0] * 5 in curves.values()
    assert any("4 studies with p < 0.05, of 5 in all" in w for w in words(ax))
