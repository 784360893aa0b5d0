"""What patients ask about a condition: whether more comes of it than of sham, and than of not having it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..base.rows import rows_of
from ..languages import _, joined
from .results import Results
from .wording.missing import which_way
from .wording.plain import MEANING
from .wording.vocabulary import Vocabulary
from .wording.words import GRADES, PRETEND, capital

_SHAM, _WITHOUT = "sham", ("usual_care", "no_treatment")


@dataclass(frozen=True)
class Answer:
    """What is known of a condition against one comparator.

    Attributes
    ----------
    about : str
        Which comparator: "Compared with usual care".
    row : dict or None
        The result, a row of `summary_of_findings`: for pain, else for disability; None where no trial gives a number.
    silent : str
        That no trial gives a number for pain, and what is known instead; "" where one does.
    """

    about: str
    row: dict[str, Any] | None
    silent: str

    @property
    def certainty(self) -> str:
        """Grade of the result; "" without one."""
        return self.row["certainty"] if self.row else ""

    @property
    def sure(self) -> str:
        """What its grade means, in a sentence; "" without one."""
        return capital(_("{what}.", what=MEANING[self.certainty])) if self.row else ""


def answers(results: Results, key: str) -> tuple[Answer, Answer]:
    """The answers about one condition: against sham, and against not having it or else another treatment.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        Its condition.
    """
    sham, other = headlines(results, key)
    return _answer(results, key, sham, _SHAM), _answer(results, key, other, _WITHOUT[0])


def compared_with(comparator: str, words: Vocabulary) -> str:
    """How a line begins that is about one comparator; what sham is, is said with it.

    Parameters
    ----------
    comparator : str
        Its key.
    words : Vocabulary
        What comparators are called.
    """
    name = _(PRETEND) if comparator == _SHAM else words.comparators[comparator]
    return _("Compared with {comparator}", comparator=name)


def about_condition(results: Results, key: str) -> str:
    """What a condition is, in plain words; of a neighbour, what it is not.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        Its condition.
    """
    row = next(row for row in rows_of(results.db.conditions) if row["condition"] == key)
    what = capital(results.words.plain_conditions[key])
    if row["headline"] != "neighbour":
        return _("{what}.", what=what)
    return _("{what}. This is not about {condition}.", what=what, condition=results.words.name_of(row["neighbour_of"]))


def points_scale(results: Results) -> str:
    """What points are, and how many are worthwhile.

    Parameters
    ----------
    results : Results
        Of the whole base.
    """
    least = results.context.worthwhile.points.get("pain")
    said = [_("Points are on a scale from 0 to 100, up to 3 months after the start.")]
    if least:
        said.append(_("A change of {n} points or more is taken as worthwhile.", n=f"{least:.0f}"))
    return joined(*said)


def headlines(results: Results, key: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The results that two of the lines are about: against sham, and against usual care or nothing.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        Its condition.

    Returns
    -------
    (dict or None, dict or None)
        Rows of `summary_of_findings`: pain, else disability; None where no trial gives a number. Where none does
        against usual care or nothing, the surest against another treatment, then that of most people.
    """
    others = [name for name in results.words.comparators if name not in (_SHAM, *_WITHOUT, "acupuncture")]
    surest = sorted(
        filter(None, (_headline(results, key, [name]) for name in others)),
        key=lambda row: (-GRADES.index(row["certainty"]), -row["n"]),
    )
    without = _headline(results, key, _WITHOUT) or next(iter(surest), None)
    return _headline(results, key, [_SHAM]), without


def _headline(results: Results, key: str, comparators: Sequence[str]) -> dict[str, Any] | None:
    """The result for pain, else for disability, against the first of the comparators that has one."""
    critical = results.words.critical
    rows = [
        row
        for name in comparators
        for row in results.finding_rows(name)
        if row["condition"] == key and row["outcome"] in critical
    ]
    return min(rows, key=lambda row: critical.index(row["outcome"]), default=None)


def _answer(results: Results, key: str, row: dict[str, Any] | None, asked: str) -> Answer:
    comparator = row["comparator"] if row else asked
    silent = "" if row and row["outcome"] == "pain" else _no_number(results, key, comparator)
    return Answer(compared_with(comparator, results.words), row, silent)


def _no_number(results: Results, key: str, comparator: str) -> str:
    known = [row for row in rows_of(results.missing) if (row["condition"], row["comparator"]) == (key, comparator)]
    went = which_way(known[0], results.words.comparators[comparator]) if known else ""
    if not went:
        return _("No trial gives a number for pain up to 3 months.")
    return _("No trial gives a number for pain up to 3 months: {went}.", went=went)
