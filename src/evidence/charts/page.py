"""A chart in a page of its own or in a page of a site, with its numbers as a table, without the internet."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from altair import data_transformers

from ..base.rows import rows_of
from ..effects.arguments import require_path, shown
from ..errors import InvalidInput, require_extra
from ..files import write
from ..languages import _, tag
from ..plots.parts.options import reads_options
from .theme import FONT, PICTURES, SCALE, WIDTH, OfflineChart, dark_css

_OPTIONS = {"actions": {"export": {"svg": True, "png": True}, "source": False, "compiled": False, "editor": False}}
_NARROW = 640  # pixels of a window in which what is told stands above or below the finger


@reads_options
def save(chart: OfflineChart, path: str | Path, *, caption: str = "", alt: str = "") -> Path:
    """Write a chart as a page that needs nothing else: no internet, no server, no other file.

    Parameters
    ----------
    chart : OfflineChart
        What ``ev.charts.forest`` and its neighbours return.
    path : path
        An ``.html`` file, about 1 MB (Vega is in it). A ``.png``, ``.svg`` or ``.pdf`` file is the picture alone.
    caption : str
        The text under the chart.
    alt : str
        What a listener needs instead of it; the chart's own description when not given.

    Returns
    -------
    Path
        The file written; the same chart gives the same bytes.

    See Also
    --------
    charts.fragment : a chart for a page with others.
    plots.save : writes a figure.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import evidence as ev
    >>> chart = ev.charts.forest(([0.3, 0.5, 0.4], [0.02, 0.05, 0.03]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ev.charts.save(chart, Path(folder) / "forest.html").read_text(encoding="utf-8")[:15]
    '<!DOCTYPE html>'
    """
    path = require_path("path", path)
    if not path.parent.is_dir():
        raise InvalidInput(f"save: there is no folder {path.parent}; make it first")
    if path.suffix.lower() in PICTURES:
        chart.save(str(path))
        return path
    title = chart.to_dict()["usermeta"]["title"] or _("Chart")
    head = (
        f'<!DOCTYPE html>\n<html lang="{tag()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{_PAGE_CSS}</style>\n"
    )
    body = f"<body>\n<main>\n{fragment(chart, 'chart', caption=caption, alt=alt)}</main>\n</body>\n</html>\n"
    script = f"<script>{bundle().decode()}</script>\n</head>\n"
    return write(path, (head + script + body).encode())


@lru_cache(maxsize=1)
def bundle() -> bytes:
    """Vega, Vega-Lite, Vega-Embed and the few lines that start the charts of a page: one JavaScript file for a site.

    A page needs it once, in ``<script src="..." defer></script>``, for all its `fragment` s.

    Returns
    -------
    bytes
        JavaScript.

    See Also
    --------
    charts.fragment : what it starts.
    charts.save : a page that has it already.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.charts.bundle()[:6]
    b'(() =>'
    """
    vl_convert = require_extra("vl_convert", "charts")
    return f"(() => {{{vl_convert.javascript_bundle(_start())}}})();\n".encode()  # its names are no other script's


@reads_options
def fragment(chart: OfflineChart, name: str, *, caption: str = "", alt: str = "") -> str:
    """A chart as HTML for a page that loads `bundle`.

    Parameters
    ----------
    chart : OfflineChart
        What ``ev.charts.forest`` and its neighbours return.
    name : str
        Name of the element, once on a page.
    caption : str
        The text under the chart.
    alt : str
        What a listener needs instead of it; the chart's own description when not given.

    Returns
    -------
    str
        ``<figure>`` with the chart and the caption, then, folded, a table of all numbers a reader can point at. Text
        of the data is escaped: it cannot end the script element it stands in.

    See Also
    --------
    charts.bundle : the script such a page needs once.
    charts.save : a page of its own.

    Examples
    --------
    >>> import evidence as ev
    >>> chart = ev.charts.forest(([0.3, 0.5, 0.4], [0.02, 0.05, 0.03]))
    >>> ev.charts.fragment(chart, "pain").splitlines()[0]
    '<figure class="evidence-chart" id="pain">'
    """
    if not hasattr(chart, "to_dict"):
        raise InvalidInput(f"chart is {shown(chart)}; give what a function of ev.charts made")
    with data_transformers.enable(_PLAIN):
        spec = chart.to_dict(validate=False)  # the charts are valid by their tests; checking takes longer than drawing
    spec = _written(spec)
    if alt:
        spec["description"] = alt
    tables = "".join(_table(layer, spec["datasets"]) for layer in spec["layer"] if "name" in layer)
    return (
        f'<figure class="evidence-chart" id="{escape(name)}">\n'
        f'<div class="evidence-chart-drawing"></div>\n'
        f'<script type="application/json" class="evidence-chart-spec">{_harmless(spec)}</script>\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>\n"
        f"<details><summary>{escape(_('The numbers as a table'))}</summary>\n{tables}</details>\n"
    )


def _plain(frame: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of a layer, as altair would write them, which takes ten times as long: it goes by columns."""
    return {"values": [{name: _written(value) for name, value in row.items()} for row in rows_of(frame)]}


def _written(value: Any) -> Any:
    """A value as JSON knows it: what is no number is null, and of numbers ten digits, the same on every processor."""
    if isinstance(value, dict):
        return {name: _written(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_written(part) for part in value]
    if not isinstance(value, float):
        return value
    return float(f"{value:.10g}") if math.isfinite(value) else None


_PLAIN = "evidence"
data_transformers.register(_PLAIN, _plain)


def _harmless(spec: Mapping[str, Any]) -> str:
    """JSON that no HTML parser can mistake for markup, whatever the data say."""
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def _table(layer: Mapping[str, Any], datasets: Mapping[str, list[dict[str, str]]]) -> str:
    columns = [told["field"] for told in layer["encoding"]["tooltip"]]
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = []
    for row in datasets[layer["data"]["name"]]:
        name, href = escape(row[columns[0]]), row["href"]
        first = f'<a href="{escape(href)}" rel="noopener">{name}</a>' if href else name
        cells = "".join(f"<td>{escape(row[column])}</td>" for column in columns[1:])
        body.append(f'<tr><th scope="row">{first}</th>{cells}</tr>\n')
    name = escape(_(layer["name"]))
    caption = f"<caption>{name}</caption>"
    rows = "".join(body)
    return (
        f'<div class="evidence-chart-table" tabindex="0" role="region" aria-label="{name}">'
        f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n"
    )


_SITE_DARK = 'html[data-theme="dark"] .evidence-chart'
_SYSTEM_DARK = "html:not([data-theme]) .evidence-chart"
_SITE_DARK = 'html[data-theme="dark"] .evidence-chart'
_SYSTEM_DARK = "html:not([data-theme]) .evidence-chart"


def _start() -> str:
    """The script that starts charts, with the style it brings: colours that would be too dark follow a dark page."""
    files = resources.files(__package__)
    style = (
        f"{(files / 'chart.css').read_text(encoding='utf-8')}body #vg-tooltip-element{{font-family:{FONT}}}\n"
        f"{dark_css(_SITE_DARK)}@media (prefers-color-scheme:dark){{\n{dark_css(_SYSTEM_DARK)}}}\n"
    )
    given = {"CSS": style, "OPTIONS": _OPTIONS, "PICTURE": {"width": WIDTH, "scale": SCALE}, "NARROW": _NARROW}
    names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    return names + (files / "start.js").read_text(encoding="utf-8")


_PAGE_CSS = f"""
:root{{color-scheme:light dark}}
body{{margin:0;font-family:{FONT};line-height:1.5;color:#1c1e21;background:#fff}}
main{{max-width:72rem;margin:0 auto;padding:1rem}}
figcaption{{max-width:46rem}}
figcaption,details{{margin-top:.75rem}}
a{{color:#1f5f8b}}
@media (prefers-color-scheme:dark){{body{{color:#e8eaed;background:#14181e}}a{{color:#6fb0dc}}}}
"""
