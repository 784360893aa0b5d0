"""The look of interactive charts: the static theme's colours, on paper and in the dark, wide and on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from ..plots.text import one_line
from ..plots.theme import EFFECT, MUTED, POOLED, RULE, WORTHWHILE_INK

#: Text and axes take the colour of the page's text, so they follow a reader's dark mode.
INK = "currentColor"
FONT = "'DejaVu Sans', Verdana, sans-serif"
#: Colours that would be too dark on a dark page, and what they become there (contrast on #14181e in brackets).
DARK = {
    EFFECT: "#6fb0dc",  # (7.5)
    POOLED: "#ec8a5e",  # (7.1)
    WORTHWHILE_INK: "#d9b65a",  # (9.0)
    "#3a7d44": "#7cc489",  # (8.6)
    "#7b4f9d": "#c39be0",  # (7.6)
    "#8a6a10": "#d9b65a",  # (9.0)
    "#4d5660": "#b3bcc6",  # (9.3)
    MUTED: "#b3bcc6",  # (9.3)
}


class OfflineChart(alt.LayerChart):
    """A layered Altair chart that a notebook shows without the internet.

    Altair's own renderer loads Vega from a CDN, and its mimetype for Vega-Lite 6 is unknown to JupyterLab 4, whose
    built-in renderer takes Vega-Lite 5. Nothing these charts use is new in 6, so they present themselves as 5, with a
    picture for readers that draw nothing (GitHub, nbconvert).
    """

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, Any]:  # type: ignore[override]
        import vl_convert

        spec = self.to_dict()
        spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
        picture = vl_convert.vegalite_to_png({**spec, "width": 640, "background": "white"}, vl_version="5.21")
        return {
            "application/vnd.vegalite.v5+json": spec,
            "image/png": picture,
            "text/plain": str(spec["description"]),
        }


def dressed(
    layers: Sequence[Any],
    *,
    height: int,
    narrow: int,
    title: str | None,
    source: str | None,
    alt_text: str,
    above: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
) -> OfflineChart:
    """Layers as one chart in the theme, as wide as its place.

    Parameters
    ----------
    layers : charts, from back to front
    height : int, pixels
    narrow : int, width in pixels under which the signal ``narrow`` is true: names of rows then stand above their marks
    title, source : str, heading, and where the numbers come from
    alt_text : str, what a listener needs instead of the picture
    above : lines between heading and chart: what its marks mean
    values : mapping, lists that expressions refer to by their names
    """
    parameters = [alt.param(name=name, value=value) for name, value in (values or {}).items()]
    slim = alt.param(name="narrow", expr=f"width > 0 && containerSize()[0] < {narrow}")
    lines = [line for words in (*above, source or "") for line in wrap(one_line(words), 54)]
    return OfflineChart(
        layer=list(layers),
        params=[parameter.param for parameter in (*parameters, slim)],
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=alt.TitleParams(text=wrap(one_line(title or ""), 38), subtitle=lines),
        description=alt_text,
        background="transparent",
        config=_config(),
        # the SVG renderer knows currentColor; links open beside the page, in JupyterLab too, which makes its own loader
        usermeta={"embedOptions": {"renderer": "svg", "loader": {"options": {"target": "_blank", "rel": "noopener"}}}},
    )


def dark_css(selector: str) -> str:
    """CSS rules that lighten the theme's colours in drawings under ``selector``."""
    return "".join(
        f'{selector} svg [{name}="{colour}"]{{{name}:{light}}}\n'
        for colour, light in DARK.items()
        for name in ("fill", "stroke")
    )


def _config() -> dict[str, Any]:
    plain = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "font": FONT,
        "aria": True,
        "axis": {**plain, "domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "gridOpacity": 0.25},
        "legend": plain,
        "text": {"color": INK, "fontSize": 12},
        "title": {
            "color": INK,
            "subtitleColor": INK,
            "fontSize": 15,
            "subtitleFontSize": 11,
            "anchor": "start",
            "frame": "bounds",
            "offset": 10,
            "limit": {"expr": "containerSize()[0]"},
        },
        "view": {"stroke": None},
    }
