"""The look of interactive charts: the static theme's colours, on paper and in the dark, wide and on a phone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import altair as alt

from ..errors import require_extra
from ..languages import _, spoken
from ..plots.parts.fonts import CHINESE_FILES, bundled
from ..plots.parts.text import one_line, wrap_letters
from ..plots.parts.theme import EFFECT, MUTED, POOLED, RULE, WORTHWHILE_INK

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
    "#b0307a": "#f08cc0",  # (7.8)
    "#00707a": "#4fc3cf",  # (8.5)
    MUTED: "#b3bcc6",  # (9.3)
}


#: Pixels that a chart is wide in a notebook and as a picture, and how many of a picture file stand for one.
WIDTH, SCALE = 760, 2
PICTURES = (".png", ".svg", ".pdf")
#: Pixels of a line of the heading where the page is narrow, beside the button that saves a picture.
_PHONE = 250
_TITLE, _BELOW = 15, 11  # font sizes
_LETTER = 0.7 * _TITLE  # pixels a bold letter takes
_NOTE = 44  # letters of a line under the heading, on any page
#: Links open beside the page. Said twice: Vega-Embed reads it from the loader, JupyterLab's loader from its options.
_BESIDE = {"target": "_blank", "rel": "noopener"}


class OfflineChart(alt.LayerChart):
    """A layered Altair chart that a notebook shows without the internet.

    Altair's own renderer loads Vega from a CDN, and its mimetype for Vega-Lite 6 is unknown to JupyterLab 4, whose
    built-in renderer takes Vega-Lite 5. Nothing these charts use is new in 6, so they present themselves as 5, with a
    picture for readers that draw nothing (GitHub, nbconvert).
    """

    def _repr_mimebundle_(self, *_more: object, **_options: object) -> dict[str, Any]:
        spec = self._wide()  # a notebook's container has no width before there is something in it
        spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
        return {
            "application/vnd.vegalite.v5+json": spec,
            "image/png": _picture(spec),
            "text/plain": str(spec["description"]),
        }

    def save(self, fp: Any, format: Any = None, *more: Any, **options: Any) -> None:
        """Altair's ``save``; a picture is as wide as a figure, not as narrow as a page that is not there."""
        kind = f".{format}" if format else Path(str(fp)).suffix.lower()
        if kind not in PICTURES:
            super().save(fp, format, *more, **options)
            return
        sharp = {"scale_factor": SCALE} if kind == ".png" else {}
        _know_fonts()
        wide = alt.LayerChart.from_dict({**self._wide(), "background": "white"})
        wide.save(fp, format, *more, **{**sharp, **options})

    def _wide(self) -> dict[str, Any]:
        """The chart at its own width, on no page."""
        spec = self.to_dict()
        spec["width"] = WIDTH
        spec["params"] = [
            one if one["name"] != "narrow" else {"name": "narrow", "value": False} for one in spec["params"]
        ]
        return spec


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
    title : str, heading
    source : str, where the numbers come from
    alt_text : str, what a listener needs instead of the picture
    above : lines between heading and chart: what its marks mean
    values : mapping, lists that expressions refer to by their names
    """
    parameters: list[Any] = [alt.param(name=name, value=value) for name, value in (values or {}).items()]
    slim: Any = alt.param(name="narrow", expr=f"width > 0 && containerSize()[0] < {narrow}")
    heading, notes = one_line(title or ""), [one_line(words) for words in (*above, source or "")]
    return OfflineChart(
        layer=list(layers),
        params=[parameter.param for parameter in (*parameters, slim)],
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=alt.TitleParams(
            text=alt.ExprRef(_heading(heading, narrow)),
            subtitle=[line for words in notes for line in wrap_letters(words, _NOTE)],
        ),
        description=alt_text,
        background="transparent",
        config=_config(),
        # the SVG renderer knows currentColor
        usermeta={
            "title": heading,
            "embedOptions": {"renderer": "svg", "loader": {**_BESIDE, "options": _BESIDE}, **_menu()},
            **_told(),
        },
    )


def _menu() -> dict[str, Any]:
    """Words of the menu that saves a picture, where Vega's own are not those of the language."""
    if spoken() == "en":
        return {}
    return {"i18n": {f"{kind}_ACTION": _("Save as {kind}", kind=kind) for kind in ("PNG", "SVG")}}


def _told() -> dict[str, Any]:
    """What start.js says, where it is not English."""
    if spoken() == "en":
        return {}
    return {"save": _("Save this chart as a picture"), "again": _("Tap again to open the source.")}


def _heading(title: str, narrow: int) -> str:
    """An expression: the lines of a title, those for a narrow page or those for a wide one."""
    slim, wide = (wrap_letters(title, int(room / _LETTER)) for room in (_PHONE, min(narrow, WIDTH) - 100))
    return f"narrow ? {json.dumps(slim)} : {json.dumps(wide)}"


def dark_css(selector: str) -> str:
    """CSS rules that lighten the theme's colours in drawings under ``selector``."""
    return "".join(
        f'{selector} svg [{name}="{colour}"]{{{name}:{light}}}\n'
        for colour, light in DARK.items()
        for name in ("fill", "stroke")
    )


def _picture(spec: Mapping[str, Any]) -> bytes:
    """The chart as a PNG file on white, in few colours: a seventh of the size in a notebook."""
    from PIL import Image

    vl_convert = _know_fonts()
    drawn = Image.open(BytesIO(vl_convert.vegalite_to_png({**spec, "background": "white"}, vl_version="5.21")))
    file = BytesIO()
    drawn.convert("RGB").quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


@cache
def _know_fonts() -> Any:
    """What draws pictures, with the Chinese letters that come with the package."""
    vl_convert = require_extra("vl_convert", "charts")
    vl_convert.register_font_directory(str(CHINESE_FILES))
    return vl_convert


def _config() -> dict[str, Any]:
    plain = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    plain["titleFontWeight"] = "normal"
    return {
        "font": ", ".join([FONT, *(f"'{name}'" for name in bundled())]),
        "aria": True,
        "axis": {**plain, "domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "gridOpacity": 0.25},
        "legend": plain,
        "text": {"color": INK, "fontSize": 12},
        "title": {
            "color": INK,
            "subtitleColor": INK,
            "fontSize": _TITLE,
            "subtitleFontSize": _BELOW,
            "anchor": "start",
            "frame": "bounds",
            "offset": 10,
        },
        "view": {"stroke": None},
    }
