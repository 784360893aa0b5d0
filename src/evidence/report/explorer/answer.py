"""The answer as it is shown: plain words, how sure and people of 100; then what would settle it, and the numbers."""

from __future__ import annotations

from html import escape

from ...answers.wording.words import CERTAINTY, GRADES, capital
from ...languages import _, joined
from .analysis import Analysis
from .numbers import numbers

#: Text into the clipboard; where the browser keeps it shut, the text is shown and selected.
_COPY = (
    "const text = this.parentNode.querySelector('textarea'), said = this.parentNode.querySelector('span'),"
    " pick = () => { text.hidden = false; text.focus(); text.select();"
    " said.textContent = SELECTED; };"
    " navigator.clipboard ? navigator.clipboard.writeText(text.value).then(() => said.textContent = COPIED, pick)"
    " : pick()"
)


def answer_html(analysis: Analysis, heading: str = "") -> str:
    """What an analysis says, for the place above its forest; everything that comes from data is escaped.

    Parameters
    ----------
    analysis : Analysis
    heading : str
        What stands above it, where it does not stand alone.

    Returns
    -------
    str
        HTML.
    """
    parts = [f'<h3 class="ev-heading">{escape(heading)}</h3>'] if heading else []
    parts.append(f'<p class="ev-plain" role="status">{escape(analysis.plain or analysis.sentence)}</p>')
    parts.append(_certainty(analysis))
    if analysis.people_of_100:
        parts.append(f'<p class="ev-people">{escape(analysis.people_of_100)}</p>')
    if analysis.departure:
        parts.append(f'<p class="ev-departure">{escape(analysis.departure)}</p>')
    copy = _COPY.replace("SELECTED", _quoted(_("Selected: press Ctrl+C, on a Mac Cmd+C")))
    copy, name = copy.replace("COPIED", _quoted(_("Copied"))), escape(_("Sentence to copy"))
    parts.append(
        f'<div class="ev-copy"><button type="button" class="jupyter-button" onclick="{escape(copy)}">'
        f'{escape(_("Copy sentence"))}</button> <span role="status"></span>'
        f'<textarea hidden readonly rows="4" aria-label="{name}">{escape(analysis.copied)}</textarea></div>'
    )
    return "".join(parts)


def more_html(analysis: Analysis) -> str:
    """What stands below the forest: what would settle it, what is missing, and the numbers of a paper; all escaped.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    str
        HTML.
    """
    pairs = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in numbers(analysis))
    parts = [f'<dl class="ev-numbers">{"".join(pairs)}</dl>']
    if analysis.settles:
        told, name = escape(joined(*analysis.settles)), escape(_("What would settle it."))
        parts.append(f'<p class="ev-settles"><b>{name}</b> {told}</p>')
    parts += [f'<p class="ev-remark">{escape(words)}</p>' for words in analysis.remarks]
    if analysis.plain:
        said = escape(_("In the words of a paper: {said}", said=analysis.sentence))
        parts.append(f'<p class="ev-sentence">{said}</p>')
    return "".join(parts)


def _certainty(analysis: Analysis) -> str:
    """Circles and words, and the reasons to unfold."""
    graded = analysis.certainty
    if graded is None:
        return ""
    level = GRADES.index(graded.grade) + 1
    circles = "●" * level + "○" * (len(GRADES) - level)
    why = f": {graded.doubts}" if graded.doubts else ""
    usual = "" if analysis.model == analysis.usual_model else _("Graded for these trials pooled as in the tables.")
    usual = f" {escape(usual)}" if usual else ""
    head = (
        f'<span class="ev-circles" aria-hidden="true">{circles}</span> '
        f"<b>{escape(capital(CERTAINTY[graded.grade]))}</b>{escape(why)}"
    )
    steps = "".join(f"<li>{escape(words)}</li>" for words in graded.why)
    return f'<details class="ev-certainty"><summary>{head}</summary><ul>{steps}</ul>{usual}</details>'


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "").replace("'", "’") + "'"
