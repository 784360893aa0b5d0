"""Radial, drapery and orchard: what they draw from a pooled result."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection

import evidence as ev
from evidence.plots import drapery, orchard, radial
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import EFFECT, POOLED


def test_radial_slope_to_a_trial_is_its_effect(made_up):
    fit = made_up([0.1, 0.5, 0.9], [0.01, 0.04, 0.09])
    ax = radial(fit)
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert dots.get_ydata() / dots.get_xdata() == pytest.approx([0.1, 0.5, 0.9])
    assert dots.get_xdata() == pytest.approx(1 / np.sqrt(fit.vi + fit.tau2))
    (line,) = [line for line in ax.lines if line.get_color() == POOLED]
    assert line.get_ydata()[1] / line.get_xdata()[1] == pytest.approx(fit.estimate)


def test_radial_names_only_trials_outside_the_band(made_up):
    fit = made_up([0.3, 0.3, 0.3, 2.0], [0.16] * 4, slab=["a", "b", "c", "Outlier 1999"])
    shown = [t.get_text() for t in texts(radial(fit).figure)]
    assert "Outlier 1999" in shown and not {"a", "b", "c"} & set(shown)


def test_drapery_peaks_at_the_estimates_and_crosses_at_the_interval(made_up):
    fit = made_up([0.1, 0.5], [0.04, 0.04])
    lines = drapery(fit).lines
    peaks = [line.get_xdata()[np.argmax(line.get_ydata())] for line in lines if line.get_color() == EFFECT]
    assert peaks == pytest.approx([0.1, 0.5], abs=0.01)
    (pooled,) = [line for line in lines if line.get_color() == POOLED]
    at = np.interp(fit.ci[0], pooled.get_xdata(), pooled.get_ydata())
    assert at == pytest.approx(0.05, abs=0.005)


def test_drapery_of_one_trial_pools_nothing(made_up):
    assert not [line for line in drapery(made_up(k=1)).lines if line.get_color() == POOLED]


def test_orchard_draws_every_effect_and_each_groups_interval(made_up):
    one, two = made_up(k=12), made_up(k=1, seed=4)
    ax = orchard({"First": one, "Second": two}, worthwhile=0.5)
    places = np.concatenate([c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)])
    assert sorted(places[:, 0]) == pytest.approx(sorted([*one.yi, *two.yi]))
    thick = [line.get_xdata() for line in ax.lines if line.get_linewidth() > 4]
    assert len(thick) == 1 and list(thick[0]) == pytest.approx(list(one.ci))
    assert {"12 trials", "1 trial", "First"} <= {t.get_text() for t in texts(ax.figure)}
    with pytest.raises(ev.InvalidInput, match="nothing"):
        orchard({})
