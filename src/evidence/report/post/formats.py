"""How a post is written: Markdown, HTML, or the blocks of WordPress. Whatever the data hold is text in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Protocol

from ...languages import _
from ..pages.markup import address, html_text, markdown_text
from .content import Post
from .sources import Source


class Format(Protocol):
    """One way to write a post; each part is whole lines."""

    ending: str
    picture: str

    def heading(self, words: str, level: int = 2) -> str:
        """A heading."""

    def paragraph(self, line: Source) -> str:
        """A paragraph, with a link at its end where it has one."""

    def items(self, lines: Iterable[Source]) -> str:
        """A list."""

    def figure(self, file: str, alt: str, caption: str, size: tuple[int, int]) -> str:
        """A picture with its caption; its size is in pixels."""


class Markdown:
    """CommonMark."""

    ending, picture = "md", "svg"

    def heading(self, words: str, level: int = 2) -> str:
        return f"{'#' * level} {markdown_text(words)}\n"

    def paragraph(self, line: Source) -> str:
        return f"{self._linked(line)}\n"

    def items(self, lines: Iterable[Source]) -> str:
        return "".join(f"- {self._linked(line)}\n" for line in lines)

    def figure(self, file: str, alt: str, caption: str, size: tuple[int, int]) -> str:
        return f"![{markdown_text(alt)}]({file})\n\n{markdown_text(caption)}\n"

    def _linked(self, line: Source) -> str:
        place = address(line.address)
        return f"{markdown_text(line.words)} <{place}>" if place else markdown_text(line.words)


class Html:
    """A piece of a page: no head, no style, no script."""

    ending, picture = "html", "svg"

    def heading(self, words: str, level: int = 2) -> str:
        return f"<h{level}>{html_text(words)}</h{level}>\n"

    def paragraph(self, line: Source) -> str:
        return f"<p>{self._linked(line)}</p>\n"

    def items(self, lines: Iterable[Source]) -> str:
        return "\n".join(["<ul>", *(f"<li>{self._linked(line)}</li>" for line in lines), "</ul>", ""])

    def figure(self, file: str, alt: str, caption: str, size: tuple[int, int]) -> str:
        width, height = size
        return (
            f'<figure><img src="{file}" alt="{html_text(alt)}" width="{width}" height="{height}" '
            f'style="max-width: 100%; height: auto"><figcaption>{html_text(caption)}</figcaption></figure>\n'
        )

    def _linked(self, line: Source) -> str:
        place, words = escape(address(line.address)), html_text(line.words)
        return f'{words} <a href="{place}">{html_text(_called(line.address))}</a>' if place else words


class WordPress(Html):
    """Blocks as the editor of WordPress keeps them; it takes no SVG, and shows the title itself."""

    picture = "png"

    def heading(self, words: str, level: int = 2) -> str:
        return "" if level == 1 else _block("heading", f'<h2 class="wp-block-heading">{html_text(words)}</h2>\n')

    def paragraph(self, line: Source) -> str:
        return _block("paragraph", super().paragraph(line))

    def items(self, lines: Iterable[Source]) -> str:
        inside = "".join(_block("list-item", f"<li>{self._linked(line)}</li>\n") for line in lines)
        return _block("list", f'<ul class="wp-block-list">{inside}</ul>\n')

    def figure(self, file: str, alt: str, caption: str, size: tuple[int, int]) -> str:
        return _block(
            "image",
            f'<figure class="wp-block-image"><img src="{file}" alt="{html_text(alt)}"/>'
            f'<figcaption class="wp-element-caption">{html_text(caption)}</figcaption></figure>\n',
        )


FORMATS: Mapping[str, Format] = {"markdown": Markdown(), "html": Html(), "wordpress": WordPress()}


def written(post: Post, how: Format, picture: str, size: tuple[int, int]) -> str:
    """A post in a format.

    Parameters
    ----------
    post : Post
    how : Format
    picture : str
        File name of the figure.
    size : (int, int)
        Its width and height in pixels.
    """
    parts = [how.heading(post.title, 1), *(how.paragraph(Source(words, "")) for words in post.paragraphs)]
    if post.figure:
        parts.append(how.figure(picture, post.figure.alt, post.figure.caption, size))
    sections = {
        _("Harms"): post.harms,
        _("How sure is this?"): post.sure,
        _("What the numbers do not say"): post.limits,
    }
    for heading, lines in sections.items():
        parts += [how.heading(heading), how.items(Source(words, "") for words in lines)]
    if post.sources:
        parts += [how.heading(_("The trials behind the numbers")), how.items(post.sources)]
    return "\n".join(filter(None, [*parts, how.paragraph(post.licence)]))


def _called(place: str) -> str:
    """What a link is called: a DOI as people write it, or the address."""
    return place.replace("https://doi.org/", "doi:", 1)


def _block(kind: str, inside: str) -> str:
    return f"<!-- wp:{kind} -->\n{inside}<!-- /wp:{kind} -->\n"
