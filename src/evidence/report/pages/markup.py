"""Text, links and tables in pages: what comes from a data file is shown as text, whatever it holds.

Sphinx escapes with `text` in a process of its own: what only numbers and addresses need is imported where they are.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...languages import _

#: Neither Markdown nor HTML reads a character reference as markup.
_PLAIN = str.maketrans({mark: f"&#{ord(mark)};" for mark in string.punctuation if mark not in ",;"} | {"\n": " "})

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {mark: f"&#{ord(mark)};" for mark in "\"'[]{}"})
#: What Markdown reads as markup anywhere in a line, and what makes a link of bare words.
_MARKS = re.compile(r"[\\`*_\[\]<>#&|~!$@]|(?<=www)\.|:(?=//)", re.IGNORECASE)
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def text(value: object) -> str:
    """Any text, safe within Markdown, within HTML and within an attribute in double quotes.

    >>> text("<b>*x*")
    '&#60;b&#62;&#42;x&#42;'
    """
    return str(value).translate(_PLAIN).strip()


def html_text(value: object) -> str:
    """Any text, safe within HTML and within an attribute, and still to be read by who edits it.

    Nor do WordPress and Jekyll find anything to run in it: their short codes begin with ``[`` or ``{``, and an address
    alone on a line is embedded.

    >>> html_text("<b>[gallery] https://x.org")
    '&lt;b&gt;&#91;gallery&#93; https&#58;//x.org'
    """
    return " ".join(str(value).split()).translate(_HTML).replace("://", "&#58;//")


def markdown_text(value: object) -> str:
    """Any text on one line, safe within Markdown, and still to be read by who edits it.

    >>> markdown_text("1. *x* <b> www.x.org")
    '1\\\\. \\\\*x\\\\* \\\\<b\\\\> www\\\\.x.org'
    """
    said = _MARKS.sub(r"\\\g<0>", " ".join(str(value).split())).translate(_BRACES)
    said = re.sub(r"^(\d+)([.)])", r"\1\\\2", said)
    return re.sub(r"^[-+=]", r"\\\g<0>", said)


def address(value: str) -> str:
    """A web address, safe within an attribute and within ``<...>`` of Markdown; "" where it is none.

    Parameters
    ----------
    value : str
        As it stands in the data.
    """
    from ...charts.sources import web_address

    return quote(web_address(value), safe=":/?#@!$&()*+,;=%~-._")


def name(value: object) -> str:
    """A name out of the data: as `text`, and its direction of writing stays its own."""
    return f"<bdi>{text(value)}</bdi>"


def link(words: str, address: str) -> str:
    """A link to a web page; what is no web address is not made into one.

    Parameters
    ----------
    words : str
        Markup of the link.
    address : str
        Address as it stands in the data.
    """
    from ...charts.sources import web_address

    safe = web_address(address)
    return f'<a href="{escape(safe)}">{words}</a>' if safe else words


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ()) -> str:
    """A table whose first column stays while it scrolls, and whose rows are cards on a telephone.

    The first cell of a row names it.

    Parameters
    ----------
    caption : str
        Plain text: what the table shows.
    columns : sequence of str
        Heads, plain text.
    rows : iterable of sequences of str
        Cells, as markup: use `text`, `name` and `link`.
    numeric : sequence of str
        Heads of the columns to align right.
    """
    sides = [' class="number"' if head in numeric else "" for head in columns]
    lines = [
        f'<div class="scroll" role="region" tabindex="0" aria-label="{text(caption)}">',
        f'<table class="table"><caption><span>{text(caption)}</span></caption><thead><tr>',
        *(f'<th scope="col"{side}>{text(head)}</th>' for head, side in zip(columns, sides, strict=True)),
        "</tr></thead><tbody>",
    ]
    labels = [f' data-label="{text(head)}"' for head in columns]
    for first, *others in rows:
        lines.append(f'<tr><th scope="row">{first}</th>')  # a line each: search takes tags away, and words need a gap
        beside = zip(others, labels[1:], sides[1:], strict=True)
        lines += [f"<td{label}{side}>{cell}</td>" for cell, label, side in beside]
        lines.append("</tr>")
    return "\n".join([*lines, "</tbody></table>", "</div>", ""])


def fold(summary: str, *parts: str) -> str:
    """Parts of a page that open when asked for; empty when there are none.

    Parameters
    ----------
    summary : str
        Plain text: what is inside.
    parts : str
        Markup; no headings, since a page's table of contents cannot open it.
    """
    inside = "\n\n".join(filter(None, parts))
    return f"<details><summary>{text(summary)}</summary>\n\n{inside}\n\n</details>" if inside else ""


def figure(folder: Path, stem: str, root: str = "") -> str:
    """A figure with its caption; empty when there is no such figure.

    Parameters
    ----------
    folder : Path
        Where the figures and their words are.
    stem : str
        File name without ending.
    root : str
        Way from the page to the front page: "" or "../".
    """
    said = words_of(folder, stem)
    if not said:
        return ""
    return (
        f'<figure><img src="{root}figures/{stem}.svg" alt="{text(said["alt"])}" width="{said["width"]}" '
        f'height="{said["height"]}"><figcaption>{text(said["caption"])}</figcaption></figure>'
    )


def words_of(folder: Path, stem: str) -> dict[str, Any]:
    """What the JSON file beside a figure says of it; empty when there is no such figure."""
    path = folder / f"{stem}.json"
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return said


def effect(row: dict[str, Any]) -> str:
    """An effect with its interval."""
    from ...models.wording import number

    if not row["k"]:
        return "none"
    return text(f"{number(row['estimate'])} ({number(row['ci_low'])} to {number(row['ci_high'])})")


def in_points(row: dict[str, Any]) -> str:
    """An effect in points of 100 with its interval, where there is one."""
    from ...answers.wording.words import whole

    if row["points"] != row["points"]:
        return text(_("no number"))
    mean, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
    return text(_("{mean} ({low} to {high})", mean=mean, low=low, high=high))
