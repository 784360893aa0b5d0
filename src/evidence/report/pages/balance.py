"""Benefit and harm of a condition in one box: people of 100 where they can be counted, else why they cannot."""

from __future__ import annotations

from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ..figures.people import counted_benefit, uncounted, untold
from ..project import Project
from .markup import figure, fold, text


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
    lines = uncounted(results, key)
    if len(lines) == 1:
        return _paragraphs([untold(lines[0])])
    return f"<p>{text(untold())}</p>{_list(lines)}" if lines else ""


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{text(line)}</p>" for line in lines)


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{text(line)}</li>' for line in lines)}</ul>"
