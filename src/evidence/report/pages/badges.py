"""How sure a result is, as a badge: words beside circles that are filled for each level of certainty."""

from __future__ import annotations

from ...answers.wording.words import CERTAINTY, GRADE_WORDS, GRADES, capital
from ...errors import InvalidInput
from ...languages import spoken
from .markup import text


def certainty_badge(certainty: str, *, brief: bool = False) -> str:
    """A badge for Markdown and HTML; the circles repeat the words, so that only the words are read aloud.

    Parameters
    ----------
    certainty : str
        A grade: ``very low``, ``low``, ``moderate`` or ``high``; "" where there is no result to be sure of.
    brief : bool
        Show the grade alone in languages whose words for certainty are long, where a key says what it is.

    Raises
    ------
    InvalidInput
        When there is no such grade.
    """
    if not certainty:
        return ""
    if certainty not in GRADES:
        raise InvalidInput(f"certainty={certainty!r}: choose among {', '.join(GRADES)}")
    said = f"{capital(certainty)}<span> certainty</span>" if spoken() == "en" else text(capital(CERTAINTY[certainty]))
    if brief and spoken() != "en":
        grade = text(capital(GRADE_WORDS[certainty]))
        said = f'<b aria-hidden="true">{grade}</b><i class="visually-hidden">{said}</i>'
    drawn = circles(GRADES.index(certainty) + 1)
    return f'<span class="certainty {certainty.replace(" ", "-")}">{drawn} {said}</span>'


def circles(filled: int) -> str:
    """The circles of a badge.

    Parameters
    ----------
    filled : int
        How many of them are filled.
    """
    drawn = "".join(
        f'<circle cx="{7 + 13 * at}" cy="7" r="5" stroke="currentColor" stroke-width="1.5" '
        f'fill="{"currentColor" if at < filled else "none"}"/>'
        for at in range(len(GRADES))
    )
    return f'<svg viewBox="0 0 53 14" width="53" height="14" aria-hidden="true">{drawn}</svg>'
