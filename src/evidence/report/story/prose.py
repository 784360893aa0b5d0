"""Sentences in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ...errors import InvalidInput
from ...models.result import Result

Told = str | Result | Mapping[str, str] | Sequence[str]


@dataclass(frozen=True, repr=False)
class Said:
    """Paragraphs that a notebook shows.

    Attributes
    ----------
    paragraphs : tuple of tuple of str
        Head ("" for none, "-" for an item of a list) and text of each.

    See Also
    --------
    say : makes it.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.say("Acupuncture <b>helps</b>")._repr_html_()
    '<p>Acupuncture &lt;b&gt;helps&lt;/b&gt;</p>'
    """

    paragraphs: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        heads = {"": "", "-": "- "}
        return "\n\n".join(heads.get(head, f"{head}: ") + text for head, text in self.paragraphs)

    def _repr_html_(self) -> str:
        lines: list[str] = []
        for head, text in self.paragraphs:
            if head == "-":
                lines.append(f"<ul><li>{escape(text)}</li></ul>")
            else:
                strong = f"<strong>{escape(head)}.</strong> " if head else ""
                lines.append(f"<p>{strong}{escape(text)}</p>")
        return "\n".join(lines).replace("</ul>\n<ul>", "\n")


def say(*told: Told) -> Said:
    """Prose from results for a notebook.

    Parameters
    ----------
    *told : str, result, mapping of str, or sequence of str
        Each a paragraph: a sentence, or a result, which says its own. A mapping gives a paragraph for each of its
        items, opened by the key; a sequence gives the points of a list.

    Returns
    -------
    Said
        Paragraphs, everything in them shown as text.

    Raises
    ------
    InvalidInput
        Something that is none of these.

    See Also
    --------
    table : numbers in rows.
    figure : a figure of the project with its words.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.say("Two answers.", {"Against sham": "It is open.", "Against nothing": "It helps."})
    Two answers.
    <BLANKLINE>
    Against sham: It is open.
    <BLANKLINE>
    Against nothing: It helps.
    """
    paragraphs: list[tuple[str, str]] = []
    for one in told:
        if isinstance(one, Result):
            paragraphs.append(("", one.sentence()))
        elif isinstance(one, str):
            paragraphs.append(("", one))
        elif isinstance(one, Mapping):
            paragraphs += [(str(head), str(text)) for head, text in one.items()]
        elif isinstance(one, Sequence):
            paragraphs += [("-", str(text)) for text in one]
        else:
            raise InvalidInput(
                f"a {type(one).__name__} has no sentence: give text, a result, a mapping or a list of texts"
            )
    return Said(tuple(paragraphs))
