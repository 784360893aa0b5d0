"""Bubble plots: the line is the regression's, other moderators stand at their means, a smooth line shows the trend."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

import evidence as ev
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import POOLED

TRIALS = pd.DataFrame(
    {
        "yi": [0.62, 0.15, 0.41, -0.12, 0.33, 0.95, 0.27, 0.5],
        "vi": [0.05, 0.02, 0.09, 0.03, 0.015, 0.12, 0.04, 0.06],
        "dose": [4.0, 6, 8, 10, 12, 14, 16, 20],
        "style": list("xyxyxyxy"),
    }
)


def test_the_line_of_a_bubble_plot_is_the_regressions():
    fit = ev.regress(TRIALS, formula="~ dose")
    (line,) = [line for line in ev.plots.bubble(fit).lines if line.get_color() == POOLED and line.get_linewidth() > 1.5]
    at = fit.predict(pd.DataFrame({"dose": [4.0, 20.0]}))["estimate"].to_numpy()
    assert line.get_ydata()[[0, -1]] == pytest.approx(at)
    (circles,) = [c for c in ev.plots.bubble(fit).collections if isinstance(c, PathCollection)]
    assert circles.get_offsets()[:, 0].tolist() == TRIALS["dose"].tolist()


def test_other_moderators_are_held_at_their_means():
    frame = TRIALS.assign(weeks=[4, 8, 4, 12, 8, 4, 6, 12])
    fit = ev.regress(frame, formula="~ dose + weeks")
    with pytest.raises(ev.InvalidInput, match="there are dose, weeks"):
        ev.plots.bubble(fit)
    (line,) = [one for one in ev.plots.bubble(fit, "dose").lines if one.get_linewidth() == 1.6]
    at = fit.predict(pd.DataFrame({"dose": [4.0], "weeks": [frame["weeks"].mean()]}))["estimate"].iloc[0]
    assert line.get_ydata()[0] == pytest.approx(at)
    with pytest.raises(ev.InvalidInput, match="line="):
        ev.plots.bubble(ev.regress(frame, formula="~ dose + C(style)"), "dose")


def test_a_smooth_line_shows_the_trend_and_asks_for_five_places():
    x = np.arange(1.0, 11.0)
    frame = pd.DataFrame({"yi": 0.1 * x, "vi": 0.01 * x**2, "dose": x})
    (trend,) = [one for one in ev.plots.bubble(frame, "dose", smooth=True).lines if one.get_linewidth() == 1.4]
    assert trend.get_ydata() == pytest.approx(0.1 * x)
    ax = ev.plots.funnel((frame["yi"].to_numpy(), frame["vi"].to_numpy()), smooth=True)
    (trend,) = [one for one in ax.lines if one.get_linewidth() == 1.4]
    assert trend.get_xdata() == pytest.approx(trend.get_ydata())  # yi is the standard error
    assert "trend" in {text.get_text() for text in texts(ax.figure)}
    few = frame.head(4)
    with pytest.raises(ev.NotEstimable, match="bubble: a smooth line takes 5 different places; there are 4"):
        ev.plots.bubble(few, "dose", smooth=True)
    with pytest.raises(ev.NotEstimable, match="funnel: a smooth line takes 5"):
        ev.plots.funnel(few, smooth=True)
