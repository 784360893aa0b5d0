"""Bubble plot: effects against a moderator, with the regression line and its band."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.effect_axis import SIDES, effect_limits, measure_shown
from .parts.fits import described
from .parts.frames import need
from .parts.options import reads_options
from .parts.smooth import smoothed
from .parts.text import counted
from .parts.theme import EFFECT, INK, POOLED, WORTHWHILE_INK


@reads_options
def bubble(
    fit: object,
    x: str | None = None,
    *,
    line: pd.DataFrame | None = None,
    smooth: bool = False,
    measure: str | None = None,
    favours: tuple[str, str] = SIDES,
    worthwhile: float | None = None,
    name: str | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw effects against a moderator; the area of a bubble is the trial's precision.

    Parameters
    ----------
    fit : regression, or frame
        What ``ev.regress`` returned for a frame, or one row a trial with ``yi``, ``vi`` and the moderator.
    x : str, optional
        Column of the moderator; the one that the formula of ``fit`` names when not given.
    line : DataFrame, optional
        Predictions of a regression: the moderator, ``estimate``, ``ci_low`` and ``ci_high``, and where known
        ``pi_low`` and ``pi_high``. Those of ``fit`` when not given, other moderators held at their means.
    smooth : bool
        Draw the trend without a model, too (LOWESS); it takes five places.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back. By default that of the trials, else it is called an effect.
    favours : (str, str)
        What effects under and over the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it.
    name : str, optional
        Words for the moderator; its column name when not given.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the moderator, its y axis the effect.

    See Also
    --------
    regress : the model.
    plots.forest : a fit with moderators, trial by trial.
    dose_response : effects by dose.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9], "vi": 0.02, "dose": [1, 2, 3, 4]})
    >>> ax = ev.plots.bubble(ev.regress(frame, formula="~ dose"))
    >>> ax.texts[0].get_text()
    'dose (4 trials)'
    >>> plt.close(ax.figure)
    """
    frame, x = _rows(fit, x)
    frame = need("bubble", frame, x, "yi", "vi", numbers=(x,))
    if line is None and not isinstance(fit, pd.DataFrame):
        line = _predicted(fit, frame, x)
    if line is not None:
        line = need("bubble, line", line, x, "estimate", "ci_low", "ci_high", numbers=(x, "pi_low", "pi_high"))
    usable = frame[[x, "yi", "vi"]].astype(float).dropna()
    if usable.empty:
        raise InvalidInput(f"bubble: no trial has both an effect and {x!r}")
    if not (usable["vi"] > 0).all():
        raise InvalidInput("bubble: every vi must be above 0: the area of a bubble is the trial's precision")
    shown = measure_shown(measure, fit)
    across, yi, vi = (usable[c].to_numpy() for c in (x, "yi", "vi"))
    place = [] if worthwhile is None else [shown.placed(worthwhile)]
    ax, owned = open_axes(ax)
    dress(ax)
    if line is not None:
        _draw_line(ax, line.sort_values(x, kind="stable"), x)
        place += [float(v) for c in ("ci_low", "ci_high") for v in line[c]]
    if smooth:
        ax.plot(*smoothed("bubble", across, yi), color=INK, linewidth=1.4, linestyle=(0, (4, 2)), zorder=2.5)
    low, high = effect_limits(yi, yi - np.sqrt(vi), yi + np.sqrt(vi), keep=(*place, *yi))
    ax.scatter(
        across, yi, s=330 * vi.min() / vi + 12, color=EFFECT, alpha=0.5, edgecolors=EFFECT, linewidths=0.9, zorder=3
    )
    span = float(np.ptp(across)) or 1.0
    ax.set(xlim=(across.min() - 0.06 * span, across.max() + 0.06 * span), ylim=(low, high))
    ticks = shown.ticks(low, high)
    ax.set_yticks([t for t, _ in ticks], [words for _, words in ticks], parse_math=False)
    ax.axhline(0, color=INK, linewidth=0.9, zorder=1.5)
    if worthwhile is not None:
        ax.axhline(place[0], color=WORTHWHILE_INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
    settle(ax, owned)
    left_out = len(frame) - len(usable)
    missing = f"; {left_out} more without a value" if left_out else ""
    name_x(ax, f"{name or x} ({counted(len(usable), 'trial')}{missing})")
    mark = "" if worthwhile is None else f"; dashed: worthwhile\xa0≥\xa0{shown.limit(place[0])}"
    mark += "; dark: trend" if smooth else ""
    name_y(ax, f"{shown.short}: ↑ favours {favours[1]}, ↓ favours {favours[0]}{mark}")
    return close_axes(ax, owned, title, source)


def _rows(fit: object, x: str | None) -> tuple[pd.DataFrame, str]:
    """The trials with their moderators, and the moderator to draw."""
    frame = fit if isinstance(fit, pd.DataFrame) else getattr(fit, "frame", None)
    formula = getattr(fit, "formula", None)
    if not isinstance(frame, pd.DataFrame) or (formula is None and not isinstance(fit, pd.DataFrame)):
        raise InvalidInput(
            f"bubble: give what ev.regress made of a frame, or a frame and its moderator; not {described(fit)}"
        )
    if x is not None:
        return frame, x
    named = [] if formula is None else _moderators(formula, frame)
    if len(named) != 1:
        raise InvalidInput(f"bubble: say which moderator to draw, x=; there are {', '.join(named) or 'none named'}")
    return frame, named[0]


def _moderators(formula: str, frame: pd.DataFrame) -> list[str]:
    words = set(re.findall(r"\w+", formula))
    return [str(column) for column in frame.columns if column in words]


def _predicted(fit: Any, frame: pd.DataFrame, x: str) -> pd.DataFrame:
    """What the regression expects over the range of the moderator, the others at their means."""
    others = [name for name in _moderators(fit.formula, frame) if name != x]
    words = [name for name in (x, *others) if not pd.api.types.is_numeric_dtype(frame[name])]
    if words:
        raise InvalidInput(f"bubble: {words[0]!r} is no number; give line=, the predictions to draw")
    grid = np.linspace(float(frame[x].min()), float(frame[x].max()), 60)
    new = pd.DataFrame({x: grid, **{name: np.full(60, float(frame[name].mean())) for name in others}})
    predicted: pd.DataFrame = fit.predict(new)
    known = predicted.dropna(axis="columns", how="all")  # a common-effect fit predicts no new trial
    return known.assign(**{x: grid})


def _draw_line(ax: Axes, line: pd.DataFrame, x: str) -> None:
    across = line[x].to_numpy(float)
    if {"pi_low", "pi_high"} <= set(line.columns):
        for bound in ("pi_low", "pi_high"):
            ax.plot(across, line[bound].to_numpy(float), color=POOLED, linewidth=0.9, linestyle=(0, (1.5, 2)), zorder=2)
    low, high = line["ci_low"].to_numpy(float), line["ci_high"].to_numpy(float)
    ax.fill_between(across, low, high, color=POOLED, alpha=0.15, linewidth=0, zorder=1)
    ax.plot(across, line["estimate"].to_numpy(float), color=POOLED, linewidth=1.6, zorder=2)
