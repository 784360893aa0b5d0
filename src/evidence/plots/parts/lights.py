"""Traffic lights for risk-of-bias judgements, told apart by sign as well as colour."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ...errors import InvalidInput
from ...languages import N_
from .strokes import stroke
from .text import write
from .theme import small_size

# sign -> fill and colour of the sign; the signs are those of the Cochrane tools
_FILLS = {"+": ("#1f5f8b", "#ffffff"), "?": ("#f0c75e", "#000000"), "−": ("#b3431a", "#ffffff")}
_SIGNS = {
    "low": "+",
    "some concerns": "?",
    "some": "?",
    "unclear": "?",
    "moderate": "?",
    "high": "−",
    "serious": "−",
    "critical": "−",
}
KEY = (("+", N_("low risk")), ("?", N_("some concerns or unclear")), ("−", N_("high risk")))


def sign_of(judgement: object, figure: str) -> str:
    """The sign of a judgement in words, in any case; empty where nothing was judged."""
    if pd.isna(judgement):  # type: ignore[call-overload]
        return ""
    sign = _SIGNS.get(str(judgement).strip().lower())
    if sign is None:
        raise InvalidInput(f"{figure}: {judgement!r} is no judgement of bias; use one of {', '.join(_SIGNS)}")
    return sign


def light_width() -> float:
    """Diameter of a light in points."""
    return 1.35 * small_size()


def draw_light(ax: Axes, x: float, y: float, sign: str, across: bool = False) -> None:
    """Draw a light at ``x`` (share of the width of ``ax`` when ``across``) and ``y`` in data units."""
    fill, ink = _FILLS[sign]
    where = ax.get_yaxis_transform() if across else ax.transData
    disc = {"marker": "o", "linestyle": "none", "markersize": light_width(), "zorder": 2, "clip_on": False}
    stroke(ax, [x], [y], color=fill, transform=where, **disc)
    style = {"ha": "center", "va": "center_baseline", "weight": "bold", "fontsize": small_size(), "zorder": 3}
    write(ax, x, y, sign, color=ink, transform=where, **style)
