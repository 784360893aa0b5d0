"""A drawn figure with its words."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ...errors import InvalidInput
from ...languages import _
from ...plots.parts.theme import picture

NAME = "acupuncture-evidence"
LICENCE = "CC BY 4.0"
LICENCE_LINK = "https://creativecommons.org/licenses/by/4.0/"


def source(place: str = NAME) -> str:
    """Where the numbers of a figure can be looked up, and the licence.

    Parameters
    ----------
    place : str
        Name or address of the review.
    """
    return _("{place}, randomised trials; {licence}", place=place, licence=LICENCE)


def source_line(place: str = NAME) -> str:
    """The same as the last line of a figure. Parameters as for `source`."""
    return _("Source: {source}.", source=source(place))


class NothingToDraw(InvalidInput):
    """No trial gives a number for the figure asked for."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure with its words.

    Attributes
    ----------
    name : str
        File name without ending.
    title : str
        What it shows.
    caption : str
        What it means, with its numbers, and how to read it.
    alt : str
        What a listener needs instead of the picture.
    axes : Axes
    details : str
        What else its numbers say, for those who ask.
    topic : str
        What it is about, where the title says what it found.
    found : str
        What it found, in a line, where the title says what it is about.
    """

    name: str
    title: str
    caption: str
    alt: str
    axes: Axes
    details: str = ""
    topic: str = ""
    found: str = ""

    def __post_init__(self) -> None:
        plt.close(self.axes.get_figure(root=True))  # it lives in this object, not in pyplot's list

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height."""
        figure = self.axes.get_figure(root=True)
        assert figure is not None
        width, height = figure.get_size_inches()
        return float(width), float(height)

    def image(self, ending: str, scale: float = 1.0) -> bytes:
        """The figure as a file: ".svg" or ".png", the same bytes each time."""
        return picture(self.axes, ending, scale)

    def words(self) -> dict[str, str]:
        """Title, topic, what it found, caption, alt text, details, source and licence."""
        return {
            "title": self.title,
            "topic": self.topic or self.title,
            "found": self.found or self.title,
            "caption": self.caption,
            "alt": self.alt,
            "details": self.details,
            "source": source(),
            "licence": LICENCE,
        }

    def _repr_html_(self) -> str:
        data = b64encode(self.image(".svg")).decode()
        return (
            f'<figure><img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )
