"""What figures are drawn for: a blog, a card on social media, a printed page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes

from ... import plots
from ...errors import InvalidInput
from .figure import NAME, source_line


@dataclass(frozen=True)
class Preset:
    """A place where figures are shown.

    Attributes
    ----------
    name : str
    theme : str
        Of `plots.theme`.
    size : (float, float) or None
        Inches that every figure has, whatever it holds; None where the height follows the rows.
    columns : "few" or "all"
        Whether a forest plot is wide enough to write the weights, too.
    site : str
        Address of the site that the figure comes from; "" where it has none.
    """

    name: str
    theme: Literal["blog", "paper", "slide"]
    size: tuple[float, float] | None
    columns: Literal["few", "all"]
    site: str = ""

    @property
    def source(self) -> str:
        """The last line of a figure: where its numbers can be looked up, and the licence."""
        return source_line(self.site or NAME)

    @property
    def card(self) -> bool:
        """Only the essence fits: one line a row, pooled results only."""
        return self.size is not None

    @contextmanager
    def dress(self) -> Iterator[None]:
        """Draw and write inside this."""
        size: Any = {} if self.size is None else {"figure.figsize": self.size}
        with plots.theme(self.theme), mpl.rc_context(size):
            yield

    def finish(self, axes: Axes) -> Axes:
        """A drawn figure in the preset's size."""
        return axes if self.size is None else plots.fit_to(axes, *self.size)


BLOG = Preset("blog", "blog", None, "few")
#: 1200 x 630 pixels at the 128 dpi of slides: what networks show beside a link.
SOCIAL = Preset("social", "slide", (1200 / 128, 630 / 128), "few")
PRINT = Preset("print", "paper", None, "all")
PRESETS = {preset.name: preset for preset in (BLOG, SOCIAL, PRINT)}


def preset_named(name: str) -> Preset:
    """The preset of a name.

    Raises
    ------
    InvalidInput
        When there is none.
    """
    if name not in PRESETS:
        raise InvalidInput(f"no preset is called {name!r}; choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
