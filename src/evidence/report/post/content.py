"""What a post says: three paragraphs, a figure, harms, how sure it is, limits, sources and licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ... import __version__
from ...answers.for_patients import Answer, about_condition, answers, points_scale
from ...answers.grade.doubts import doubt_words
from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...answers.wording.missing import without_number
from ...answers.wording.plain import plain_effect, plain_harms
from ...answers.wording.words import CERTAINTY
from ...base.rows import rows_of
from ...languages import _, joined
from ..changes import last_data_change
from ..citation import read_citation
from ..figures.condition import forest
from ..figures.figure import LICENCE, LICENCE_LINK, Figure, NothingToDraw
from ..figures.headline import headline_comparator
from ..figures.people import counted_benefit, said_in_people
from ..handout.words import question
from ..pages.settle import settle_words
from ..pages.trial_table import trials_counted
from ..project import Project, page_name
from .sources import Source, sources


@dataclass(frozen=True)
class Post:
    """All that a post holds, as plain text.

    Attributes
    ----------
    title : str
    paragraphs : tuple of str
        Three.
    figure : Figure or None
        A forest plot; None where no trial gives a number for pain or disability.
    harms : tuple of str
    sure : tuple of str
        The certainty of each answer and why it is no higher.
    limits : tuple of str
        What the numbers do not say.
    sources : tuple of Source
        The trials behind every number above.
    licence : Source
        The last line: what may be done with it, and where that is said.
    """

    title: str
    paragraphs: tuple[str, ...]
    figure: Figure | None
    harms: tuple[str, ...]
    sure: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[Source, ...]
    licence: Source


def post(results: Results, project: Project, key: str) -> Post:
    """The post about a condition; to be called, and its figure saved, while a preset's theme holds.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives citation, date of the data and address of the site.
    key : str
        Its condition: one with a line of its own.
    """
    found = answers(results, key)
    return Post(
        title=question(results, key),
        paragraphs=(_about(results, key), *(_answer(results, key, answer) for answer in found)),
        figure=_figure(results, key),
        harms=(plain_harms(results.benefit_and_harm(key)), _("Silence is no proof that there were none.")),
        sure=(
            *(_sure(results, answer) for answer in found),
            _("Certainty has four levels, from very low to high; one is taken off for each −1."),
        ),
        limits=_limits(results, key, found),
        sources=sources(results, key, found),
        licence=_licence(project, key),
    )


def _about(results: Results, key: str) -> str:
    """The condition, its trials, and how points are read."""
    own = [trial for trial in results.trials if trial["condition"] == key]
    counted = _("In the data: {counted}.", counted=trials_counted(own))
    return joined(about_condition(results, key), counted, points_scale(results))


def _answer(results: Results, key: str, answer: Answer) -> str:
    silent = answer.silent[:1].lower() + answer.silent[1:]
    said = [_("{about}, {silent}", about=answer.about, silent=silent) if silent else ""]
    if answer.row:
        comparator = answer.row["comparator"]
        counted = counted_benefit(results, key, comparator) if comparator in AGAINST else None
        said += [
            plain_effect(answer.row, results.words),
            said_in_people(counted, results.words.comparators[comparator]) if counted else "",
        ]
    return joined(*said)


def _figure(results: Results, key: str) -> Figure | None:
    for outcome in results.words.critical:
        try:
            return forest(results, key, outcome, comparator=headline_comparator(results, key, outcome))
        except NothingToDraw:
            continue
    return None


def _sure(results: Results, answer: Answer) -> str:
    """The certainty of one answer and why it is no higher."""
    if answer.row is None:
        return _("{about}: no result, so nothing to be sure of.", about=answer.about)
    doubts = doubt_words(_graded(results, answer.row))
    said = {"about": answer.about, "certainty": CERTAINTY[answer.certainty], "sure": answer.sure}
    if not doubts:
        return _("{about}: {certainty}. {sure}", **said)
    return _("{about}: {certainty}, because of {doubts}. {sure}", doubts=doubts, **said)


def _graded(results: Results, row: dict[str, Any]) -> dict[str, Any]:
    names = ("condition", "comparator", "outcome", "time", "measure")
    found = results.certainty
    for name in names:
        found = found[found[name] == row[name]]
    return next(iter(rows_of(found)))


def _limits(results: Results, key: str, found: tuple[Answer, Answer]) -> tuple[str, ...]:
    """What the numbers do not say."""
    limits = [_("The numbers are of pain or disability up to 3 months after the start, and of nothing later.")]
    for row in (answer.row for answer in found if answer.row):
        against = results.words.comparators[row["comparator"]]
        if gone := without_number(row, against, more=True):
            limits.append(_("Against {comparator}, {what}.", comparator=against, what=gone))
        if row["share_indirect"] > 0:
            limits.append(
                _(
                    "Against {comparator}, {share}% of the weight is that of trials in other groups of patients.",
                    comparator=against,
                    share=f"{100 * row['share_indirect']:.0f}",
                )
            )
    return (*limits, settle_words(results, key))


def _licence(project: Project, key: str) -> Source:
    cited = read_citation(project.citation).line() if project.citation.is_file() else ""
    place = f" {project.base_url}conditions/{page_name(key)}.html" if project.base_url else ""
    whole = cited or _("acupuncture-evidence, version {version}.", version=__version__)
    first = _("Text and figure: {source}", source=f"{whole}{place}")
    told = joined(first, last_data_change(project), f"{LICENCE}:")
    return Source(told, LICENCE_LINK)
