"""Figures in a notebook: those of the project by name, and axes of one's own with a caption."""

from __future__ import annotations

from difflib import get_close_matches

from matplotlib.axes import Axes

from ...answers.results import Results
from ...effects.arguments import require_kind
from ...errors import InvalidInput
from ..figures.catalogue import figure_names, figures
from ..figures.figure import Figure


def figure(results: Results, name: str) -> Figure:
    """Draw one figure of the project, with its caption and the words for those who cannot see it.

    Parameters
    ----------
    results : Results
        Of the whole base.
    name : str
        As in the gallery: ``"ranking_pain_sham"``, ``"forest_pain_disc_herniation"``, ``"evidence_map"``, ``"claims"``.

    Returns
    -------
    Figure
        It shows itself; ``image(".svg")`` and ``image(".png")`` are files, ``caption`` and ``alt`` its words.

    Raises
    ------
    InvalidInput
        No figure has this name, or no trial gives a number for it.

    See Also
    --------
    captioned : a figure of one's own.
    plots.forest : the forest plot of any fit.

    Examples
    --------
    >>> import evidence as ev
    >>> drawn = ev.figure(ev.Results(ev.load()), "timecourse_pain_chronic_overuse")
    >>> drawn.title
    'Chronic low back pain: pain over time, by what it is compared with'
    """
    require_kind("results", results, Results, "what ev.Results makes of a base")
    names = figure_names(results)
    require_kind("name", name, str, "the name of a figure, as in the gallery")
    if name not in names:
        near = get_close_matches(name, names, 3, 0.3)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise InvalidInput(f"no figure is called {name!r}{meant}")
    found = next((drawn for drawn in figures(results, name) if drawn.name == name), None)
    if found is None:
        raise InvalidInput(f"no trial gives a number for the figure {name!r}")
    return found


def captioned(axes: Axes, caption: str, *, title: str = "") -> Figure:
    """Axes of one's own with a caption, for a notebook.

    Parameters
    ----------
    axes : Axes
        What was drawn.
    caption : str
        What it means, with its numbers; who cannot see the figure hears it.
    title : str
        What it shows; the caption begins with it.

    Returns
    -------
    Figure
        It shows itself, the caption below.

    See Also
    --------
    figure : a figure of the project by its name.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.7, 0.4], [0.02, 0.05, 0.03])
    >>> ev.captioned(fit.plot(), fit.sentence(), title="Three trials").alt.split(".")[0]
    'Three trials'
    """
    require_kind("axes", axes, Axes, "the matplotlib axes that were drawn on")
    require_kind("caption", caption, str, "text")
    require_kind("title", title, str, "text")
    words = f"{title}. {caption}" if title else caption
    return Figure("figure", title, words, words, axes)
