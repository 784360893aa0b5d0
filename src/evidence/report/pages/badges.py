"""How sure a result is, as a badge: words beside circles that are filled for each level of certainty."""

from __future__ import annotations

from ...answers.wording.words import CERTAINTY, GRADES, capital
from ...errors import InvalidInput
from ...languages import spoken


def certainty_badge(certainty: str) -> str:
    """A badge for Markdown and HTML; the circles repeat the words, so that only the words are read aloud.

    Parameters
    ----------
    certainty : str
        A grade: ``very low``, ``low``, ``moderate`` or ``high``; "" where there is no result to be sure of.

    Raises
    ------
    InvalidInput
        When there is no such grade.
    """
    if not certainty:
        return ""
    if certainty not in GRADES:
        raise InvalidInput(f"certainty={certainty!r}: choose among {', '.join(GRADES)}")
    level = GRADES.index(certainty) + 1
    circles = "".join(
        f'<circle cx="{7 + 13 * at}" cy="7" r="5" stroke="currentColor" stroke-width="1.5" '
        f'fill="{"currentColor" if at < level else "none"}"/>'
        for at in range(len(GRADES))
    )
    said = f"{capital(certainty)}<span> certainty</span>" if spoken() == "en" else capital(CERTAINTY[certainty])
    return (
        f'<span class="certainty {certainty.replace(" ", "-")}"><svg viewBox="0 0 53 14" width="53" height="14" '
        f'aria-hidden="true">{circles}</svg> {said}</span>'
    )
