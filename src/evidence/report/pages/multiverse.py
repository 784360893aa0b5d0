"""One line of a condition's page: how many reasonable ways to compute its headlines exclude no effect."""

from __future__ import annotations

from ...answers.results import Results
from ...answers.wording.words import WINDOWS, outcome_words
from ...errors import NotEstimable
from ..figures.multiverse import TIME, figure_name, headline_multiverse
from ..project import Project
from .markup import text, words_of


def multiverse_line(results: Results, project: Project, condition: str) -> str:
    """All reasonable ways to compute the headlines of a condition, each with the way to its specification curve.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Its figures; where one is not drawn yet, nothing is linked.
    condition : str
        Its key.

    Returns
    -------
    str
        "All reasonable ways to compute this: of pain up to 3 months against sham acupuncture, 9% exclude no effect
        (221 specifications)"; where no headline has two trials, that there is one way only.
    """
    told = []
    for outcome in results.words.critical:
        try:
            comparator, found = headline_multiverse(results, condition, outcome)
        except NotEstimable:
            continue
        name, share = figure_name(condition, outcome), text(found.in_short())
        if words_of(project.figures, name):
            share = f'<a href="../figures/{name}.html">{share}</a>'
        against = results.words.comparators[comparator]
        told.append(f"of {text(f'{outcome_words(outcome)} {WINDOWS[TIME]} against {against}')}, {share}")
    if not told:
        return "All reasonable ways to compute this: no headline has two trials to pool, so there is no choice to make."
    return f"All reasonable ways to compute this: {'; '.join(told)}."
