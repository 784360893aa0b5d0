import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import evidence as ev
from evidence.plots import funnel
from evidence.plots.parts.theme import EFFECT, PAPER, POOLED


def test_trials_stand_at_their_effect_and_standard_error_with_zero_on_top(made_up):
    fit = made_up([0.1, 0.5, 0.9], [0.01, 0.04, 0.09])
    ax = funnel(fit)
    (dots,) = [line for line in ax.lines if line.get_marker() == "o" and line.get_color() == EFFECT]
    assert list(dots.get_xdata()) == [0.1, 0.5, 0.9]
    assert dots.get_ydata() == pytest.approx([0.1, 0.2, 0.3])
    bottom, top = ax.get_ylim()
    assert top == 0 and bottom > 0.3


def test_contours_are_where_p_changes(made_up):
    ax = funnel(made_up(k=6), contours=(0.05,))
    (region,) = ax.patches
    deepest = ax.get_ylim()[0]
    assert region.get_xy()[1] == pytest.approx([1.959964 * deepest, deepest])
    assert to_hex(region.get_facecolor()) == "#ffffff"
    assert funnel(made_up(k=6), contours=()).patches[:] == []


def test_the_dashed_funnel_is_the_pooled_effect_and_its_error(made_up):
    fit = made_up(k=6)
    ax = funnel(fit)
    slanted = [line for line in ax.lines if line.get_color() == POOLED and len(set(line.get_xdata())) == 2]
    depth = ax.get_ylim()[0]
    ends = sorted(line.get_xdata()[1] for line in slanted)
    assert ends == pytest.approx([fit.estimate - 1.959964 * depth, fit.estimate + 1.959964 * depth])


def test_filled_trials_are_hollow_and_counted(made_up):
    ax = funnel(made_up(k=6), filled=pd.DataFrame({"yi": [-0.2, -0.1], "vi": [0.04, 0.09]}))
    (hollow,) = [line for line in ax.lines if line.get_color() == PAPER]
    assert list(hollow.get_xdata()) == [-0.2, -0.1] and np.allclose(hollow.get_ydata(), [0.2, 0.3])
    assert {"6 trials", "2 filled in"} <= {t.get_text() for t in ax.get_legend().get_texts()}


def test_wrong_contours_are_refused(made_up):
    with pytest.raises(ev.InvalidInput, match="contours"):
        funnel(made_up(k=6), contours=(0.1, 2.0))
