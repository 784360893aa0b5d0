"""A docstring as HTML, of the shape that Sphinx gives it: a page of nodes for every word is slow to go through.

The search of Sphinx takes tags away and sees no words apart but those that a space or a line divides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby
from textwrap import dedent

from docutils.core import publish_parts
from docutils.utils.smartquotes import educate_tokens
from numpydoc.docscrape import NumpyDocString, Parameter
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonConsoleLexer

#: Sections that are lists of names with their kinds, in the order in which they are shown.
_LISTS = ("Parameters", "Attributes", "Methods", "Returns", "Yields", "Receives", "Other Parameters", "Raises", "Warns")
_TEXTS = ("Warnings", "Notes", "References", "Examples")
_GIVEN = ("Returns", "Yields", "Receives", "Raises", "Warns")  # their names may be missing
_MARKED = re.compile(r"(``.+?``|`[^`]+`|\*\*[^*]+\*\*|https?://[^\s,;()]+)", re.DOTALL)
_FOR_THE_TEST = re.compile(r"[ \t]*#\s*doctest:.+$|^\s*<BLANKLINE>", re.MULTILINE)
_CODE, _PAGE = PythonConsoleLexer(stripnl=False), HtmlFormatter()
_TABLE = {"smart_quotes": True, "table_style": "table"}

#: A name as a link, or as what it is where it leads nowhere.
Link = Callable[[str], str]


def docstring_html(said: NumpyDocString, link: Link) -> str:
    """A docstring, section by section.

    Parameters
    ----------
    said : NumpyDocString
        As numpydoc has read it.
    link : callable
        Makes a name of See Also a link.
    """
    parts = [_text([*said["Summary"], "", *said["Extended Summary"]]), _lists(said), _see_also(said["See Also"], link)]
    parts += [f'<p class="rubric">{name}</p>\n{_text(said[name])}' for name in _TEXTS if said[name]]
    return "\n".join(filter(None, parts))


def code(words: str, kind: str = "") -> str:
    """Words as code, each kept whole at the end of a line; of a class of its own where that is given."""
    spans = " ".join(f'<span class="pre">{_plain(word)}</span>' for word in words.split())
    return f'<code class="{kind}docutils literal notranslate">{spans}</code>'


def _lists(said: NumpyDocString) -> str:
    found = [(name, said[name]) for name in _LISTS if said[name]]
    fields = [
        f'<dt class="field-{side}">{name}<span class="colon">:</span></dt>\n'
        f'<dd class="field-{side}">{_definitions(_entry(name, one) for one in entries)}\n</dd>'
        for side, (name, entries) in zip(("odd", "even") * len(found), found, strict=False)
    ]
    apart = "" if any("<dl>" in field for field in fields) else " simple"
    return "\n".join([f'<dl class="field-list{apart}">', *fields, "</dl>"]) if fields else ""


def _entry(section: str, one: Parameter) -> tuple[str, Sequence[str]]:
    if section in _GIVEN and not one.name:
        return _line(one.type), one.desc
    kind = f'\n<span class="classifier">{_line(one.type)}</span>' if one.type else ""
    return f"<strong>{_plain(one.name)}</strong>{kind}", one.desc


def _see_also(entries: Iterable[tuple[list[tuple[str, str | None]], list[str]]], link: Link) -> str:
    listed = [(", ".join(link(name) for name, _ in names), words) for names, words in entries]
    if not listed:
        return ""
    return f'<div class="admonition seealso">\n<p class="admonition-title">See also</p>\n{_definitions(listed)}\n</div>'


def _definitions(entries: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A list of definitions, its lines apart where one is of several paragraphs."""
    said = [(term, _text(words)) for term, words in entries]
    apart = "" if any("</p>\n<" in words or "<table" in words for _, words in said) else ' class="simple"'
    lines = [f"<dt>{term}</dt>\n<dd>{words}\n</dd>" for term, words in said]
    return "\n".join([f"<dl{apart}>", *lines, "</dl>"])


def _text(lines: Sequence[str]) -> str:
    blocks = [list(block) for blank, block in groupby(lines, lambda line: not line.strip()) if not blank]
    return "\n".join(_block(dedent("\n".join(block))) for block in blocks)


def _block(text: str) -> str:
    if text.startswith(">>> "):
        shown = highlight(_FOR_THE_TEST.sub("", text), _CODE, _PAGE)
        return f'<div class="doctest highlight-default notranslate">{shown}</div>'
    if text.startswith("- "):
        points = ["\n".join(map(str.strip, one.splitlines())) for one in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]
        return "\n".join(['<ul class="simple">', *(f"<li><p>{_line(one)}</p></li>" for one in points), "</ul>"])
    if text.startswith("==="):
        table = publish_parts(text, writer="html5", settings_overrides=_TABLE)["body"]
        return f'<div class="pst-scrollable-table-container">{table}</div>'
    return f"<p>{_line(text)}</p>"


def _line(text: str) -> str:
    """Text with its marks, in quotation marks of print."""
    pieces = [piece for piece in _MARKED.split(text) if piece]
    kinds = [("literal" if piece.startswith("``") else "plain", piece) for piece in pieces]
    return "".join(_piece(piece) for piece in educate_tokens(kinds, "qDe"))


def _piece(piece: str) -> str:
    if piece.startswith("``"):
        return code(piece.strip("`"))
    if piece.startswith("`"):
        return f"<cite>{_plain(piece.strip('`'))}</cite>"
    if piece.startswith("**"):
        return f"<strong>{_plain(piece.strip('*'))}</strong>"
    if piece.startswith("http"):
        return f'<a class="reference external" href="{_plain(piece)}">{_plain(piece)}</a>'
    return _plain(re.sub(r"\\(.)", r"\1", piece))


def _plain(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")
