"""The head of a condition's page: three lines a patient understands, each with how sure it is."""

from __future__ import annotations

from ...answers.for_patients import Answer, answers
from ...answers.results import Results
from ...answers.wording.plain import plain_effect, plain_harms
from ...languages import _, joined
from .badges import certainty_badge
from .markup import text


def in_short(results: Results, key: str) -> str:
    """The answers about one condition, and harms, each a line.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        Its condition.
    """
    lines = [_line(one.about, certainty_badge(one.certainty), _said(one, results)) for one in answers(results, key)]
    lines.append(_line(_("Harms"), _ungraded(), plain_harms(results.benefit_and_harm(key))))
    return f'<ul class="in-short">\n{"".join(lines)}</ul>'


def _said(answer: Answer, results: Results) -> str:
    effect = plain_effect(answer.row, results.words) if answer.row else ""
    return joined(answer.silent, effect, answer.sure)


def _ungraded() -> str:
    return f'<span class="certainty">{text(_("Not graded"))}</span>'


def _line(about: str, badge: str, said: str) -> str:
    return f"<li><strong>{text(about)}</strong> {badge}<br>{text(said)}</li>\n"
