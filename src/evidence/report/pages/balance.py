"""Benefit and harm of a condition in one box: people of 100 where they can be counted, else why they cannot."""

from __future__ import annotations

from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...answers.wording.words import listed
from ..figures.people import counted_benefit, why_uncounted
from ..project import Project
from .markup import figure, fold, text

_UNTOLD = "How many of 100 people improve cannot be told honestly, compared with"


def benefit_box(results: Results, project: Project, key: str) -> str:
    """Benefit beside harm.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Its figures.
    key : str
        Its condition.
    """
    both = results.benefit_and_harm(key)
    counted = [name for name in AGAINST if counted_benefit(results, key, name)]
    *own, silence = both.harms()
    here, everywhere = own[:2], own[2:]
    pictures = "".join(figure(project.figures, f"people_{key}_{name}", "../") for name in counted)
    parts = [
        '<section class="balance" aria-label="Benefit and harm">',
        "<div><h3>Benefit</h3>",
        f'<div class="people">{pictures}</div>' if pictures else "",
        f"{_uncounted(results, key)}</div>",
        f"<div><h3>Harm</h3>\n{_list([*here, silence])}</div>",
        fold("All the numbers", _list([*both.benefits(), *everywhere]), _paragraphs(both.sources())),
        "</section>",
    ]
    return "\n".join(filter(None, parts))


def _uncounted(results: Results, key: str) -> str:
    """Why there is no picture of people, for each comparison without one."""
    reasons: dict[str, list[str]] = {}
    for name in AGAINST:
        if why := why_uncounted(results, key, name):
            reasons.setdefault(why, []).append(results.words.comparators[name])
    lines = [f"{listed(names, 'or')}: {why}" for why, names in reasons.items()]
    if len(lines) == 1:
        return _paragraphs([f"{_UNTOLD} {lines[0]}."])
    return f"<p>{_UNTOLD}</p>{_list(lines)}" if lines else ""


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{text(line)}</p>" for line in lines)


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{text(line)}</li>' for line in lines)}</ul>"
