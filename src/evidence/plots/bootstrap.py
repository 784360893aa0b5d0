"""Bootstrap plot: what the estimate would have been with other trials of the same kind."""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_y, open_axes, settle
from .parts.effect_axis import SIDES, Measure, measure_shown
from .parts.effect_words import name_effect_axis
from .parts.fits import described
from .parts.frames import computed
from .parts.options import reads_options
from .parts.theme import EFFECT, INK, PAPER, POOLED

_KINDS = {"bca": "BCa"}


@reads_options
def bootstrap(
    result: object,
    *,
    coefficient: str | None = None,
    kind: Literal["percentile", "basic", "bca"] = "bca",
    measure: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how bootstrap replicates of a coefficient spread, with the estimate and its interval.

    Parameters
    ----------
    result : result of `evidence.bootstrap`, or trials
        What ``ev.bootstrap`` returned; of a fit or other trials it is computed.
    coefficient : str, optional
        What to draw: a coefficient of the fit, or ``"tau2"``; the first when not given.
    kind : "percentile", "basic" or "bca"
        Kind of the interval, as for the ``ci`` of the result.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis of a pooled effect; ratios come as
        logs and are shown back. By default that of the trials, else it is called an effect.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the coefficient, its y axis the density of the replicates.

    Raises
    ------
    InvalidInput
        ``result`` holds no replicates, or none of ``coefficient``.

    See Also
    --------
    bootstrap : makes the replicates.
    plots.gosh : every subset of the trials.

    Notes
    -----
    Bars and their smooth curve (a Gaussian kernel, Scott's bandwidth) have an area of 1.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4, 0.2], [0.02, 0.05, 0.03, 0.04, 0.02])
    >>> ax = ev.plots.bootstrap(ev.bootstrap(fit, iterations=200))
    >>> "200 replicates" in ax.texts[-1].get_text()
    True
    >>> plt.close(ax.figure)
    """
    import seaborn

    from ..sensitivity.bootstrap import Bootstrap
    from ..sensitivity.bootstrap import bootstrap as resampled

    found = computed("bootstrap", result, resampled)
    if not isinstance(found, Bootstrap):
        raise InvalidInput(f"bootstrap: give what ev.bootstrap returned, or trials; not {described(found)}")
    name = str(found.observed.index[0]) if coefficient is None else coefficient
    if name not in found.observed.index:
        names = ", ".join(map(str, found.observed.index))
        raise InvalidInput(f"bootstrap: no coefficient {name!r}; choose one of {names}")
    values, estimate = found.replicates[name].to_numpy(float), float(found.observed[name])
    interval = found.ci(kind).loc[name, ["ci_low", "ci_high"]].to_numpy(float)
    shown = measure_shown(measure, result) if name == "estimate" else Measure(f"Coefficient: {name}", name)
    low, high = float(min(values.min(), 0.0)), float(max(values.max(), 0.0))
    pad = 0.04 * (high - low) or 0.5
    ax, owned = open_axes(ax)
    dress(ax)
    spread = bool(np.ptp(values) > 0)
    style = {"color": EFFECT, "edgecolor": PAPER, "alpha": 0.35, "line_kws": {"linewidth": 1.6}}
    seaborn.histplot(x=values, stat="density", bins=30, kde=spread, ax=ax, **style)
    ax.set(xlabel="", ylabel="", yticks=[])
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1.5)
    ax.axvline(estimate, color=POOLED, linewidth=1.4, zorder=3)
    ax.plot(interval, [0, 0], color=POOLED, linewidth=4.2, solid_capstyle="butt", clip_on=False, zorder=4)
    settle(ax, owned)
    name_effect_axis(ax, shown, (low - pad, high + pad), favours if name == "estimate" else None)
    key: list[Artist] = [
        Line2D([], [], color=POOLED, linewidth=1.4, label="estimate"),
        Line2D(
            [], [], color=POOLED, linewidth=4.2, label=f"{found.level * 100:g}% interval ({_KINDS.get(kind, kind)})"
        ),
    ]
    name_y(ax, f"{len(values):,} replicates ({'simulated' if found.parametric else 'resampled'} trials)", key)
    return close_axes(ax, owned, title, source)
