"""A docstring as HTML: sections by numpydoc, text by markdown-it; nodes of Sphinx would be slow to go through.

The search of Sphinx takes tags away and sees no words apart but those that a space or a line divides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from itertools import groupby
from textwrap import dedent

from docutils.core import publish_parts
from markdown_it import MarkdownIt
from numpydoc.docscrape import NumpyDocString, Parameter
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonConsoleLexer

#: Sections that are lists of names with their kinds, in the order in which they are shown.
_LISTS = ("Parameters", "Attributes", "Methods", "Returns", "Yields", "Receives", "Other Parameters", "Raises", "Warns")
_TEXTS = ("Warnings", "Notes", "References", "Examples")
_GIVEN = ("Returns", "Yields", "Receives", "Raises", "Warns")  # their names may be missing
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable("smartquotes")
_MARKDOWN.add_render_rule("code_inline", lambda _, tokens, at, *rest: code(tokens[at].content))
_FOR_THE_TEST = re.compile(r"[ \t]*#\s*doctest:.+$|^\s*<BLANKLINE>", re.MULTILINE)
_TABLE = {"smart_quotes": True, "table_style": "table"}
_CODE, _PAGE = PythonConsoleLexer(stripnl=False), HtmlFormatter()

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
    spans = " ".join(f'<span class="pre">{escape(word)}</span>' for word in words.split())
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
    return f"<strong>{escape(one.name)}</strong>{kind}", one.desc


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


@cache
def _block(text: str) -> str:
    if text.startswith(">>> "):
        shown = highlight(_FOR_THE_TEST.sub("", text), _CODE, _PAGE)
        return f'<div class="doctest highlight-default notranslate">{shown}</div>'
    if text.startswith("==="):
        table = publish_parts(text, writer="html5", settings_overrides=_TABLE)["body"]
        return f'<div class="pst-scrollable-table-container">{table}</div>'
    return str(_MARKDOWN.render(text)).rstrip()


@cache
def _line(text: str) -> str:
    return str(_MARKDOWN.renderInline(text))
