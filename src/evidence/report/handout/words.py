"""What a handout says: question, answer, people of 100, harms, how sure, what to ask, source and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl

from ... import __version__
from ...answers.for_patients import Answer, about_condition, answers, points_scale
from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...answers.wording.plain import plain_amount, plain_finding, plain_harms
from ...answers.wording.words import CERTAINTY, GRADES, capital, outcome_words, people, trials
from ...languages import N_, _, joined, tag
from ..changes import last_data_change
from ..figures.figure import LICENCE, Figure
from ..figures.people import WIDTH, counted_benefit, even, icons, people_alt, reckoned, uncounted, untold
from ..figures.presets import BLOG
from ..project import Project, page_name

#: What to talk over; nothing in it depends on the data.
ASK = (
    N_("What do you hope it will do for me? By when would we know?"),
    N_("How many visits would I need? What do they cost?"),
    N_("What will we do if it does not help?"),
    N_("What harms should I look out for?"),
    N_("Does it suit me, with my other illnesses and drugs?"),
    N_("What else could I try?"),
)


@dataclass(frozen=True)
class Part:
    """An answer, or a picture of people.

    Attributes
    ----------
    about : str
        What it is about: "Compared with usual care".
    sure : str
        How sure it is: "Low certainty"; "" where there is no result.
    circles : tuple of bool
        The same as circles: filled or not.
    first : str
        The sentence that matters most.
    more : str
        The others.
    picture : str
        SVG; "" for none.
    alt : str
        What a listener needs instead of it.
    """

    about: str
    sure: str
    circles: tuple[bool, ...]
    first: str
    more: str
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Handout:
    """All that stands on the page, as plain text.

    Attributes
    ----------
    question : str
        Its title.
    about : str
        What the condition is.
    answers : tuple of Part
    reading : str
        How points and circles are to be read.
    people : tuple of Part
        Pictures of people; none where they cannot be counted.
    counting : str
        How the people were counted; "" where there is no picture.
    uncounted : tuple of str
        Why there is no picture, for comparisons without one.
    harms : tuple of str
    ask : tuple of str
        Questions to the practitioner.
    source : tuple of str
        Whose words these are, and of when.
    headings : mapping
        What stands over answers, people, harms and questions.
    language : str
        That it is written in, as a web page names it.
    """

    question: str
    about: str
    answers: tuple[Part, ...]
    reading: str
    people: tuple[Part, ...]
    counting: str
    uncounted: tuple[str, ...]
    harms: tuple[str, ...]
    ask: tuple[str, ...]
    source: tuple[str, ...]
    headings: Mapping[str, str]
    language: str

    def sentences(self) -> list[str]:
        """Every sentence that is printed, without headings and pictures."""
        parts = [line for part in (*self.answers, *self.people) for line in (part.first, part.more)]
        said = [
            self.question,
            self.about,
            *parts,
            self.reading,
            self.counting,
            *self.uncounted,
            *self.harms,
            *self.ask,
            *self.source,
        ]
        return [line for line in said if line]


def handout(results: Results, project: Project, key: str) -> Handout:
    """The handout about a condition.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives the date of the data and the address of the site.
    key : str
        Its condition: one with a line of its own.
    """
    counted = [row for row in (counted_benefit(results, key, name) for name in AGAINST) if row]
    return Handout(
        question=question(results, key),
        about=about_condition(results, key),
        answers=tuple(_part(answer, results) for answer in answers(results, key)),
        reading=reading(results),
        people=tuple(_people(results, row) for row in counted),
        counting=_counting(results, counted),
        uncounted=_untold(uncounted(results, key)),
        harms=(plain_harms(results.benefit_and_harm(key)), _silence()),
        ask=tuple(map(_, ASK)),
        source=tuple(filter(None, [_own_case(), _source(project, key), last_data_change(project)])),
        headings={
            "answers": _("The answer"),
            "people": _("Of 100 people, how many improve?"),
            "harms": _("Harms"),
            "ask": _("Questions to ask your practitioner"),
        },
        language=tag(),
    )


def question(results: Results, key: str) -> str:
    """What is asked of a condition. Parameters as for `handout`."""
    return capital(_("{condition}: does acupuncture help?", condition=results.words.name_of(key)))


def reading(results: Results) -> str:
    """How points, circles and sham are to be understood.

    Parameters
    ----------
    results : Results
        Of the whole base.
    """
    return joined(
        points_scale(results),
        _("The more circles are filled, the more sure we are."),
        _("Sham acupuncture is a pretend treatment: it is made to look like the real one."),
    )


def _silence() -> str:
    return _("Where trials are silent, that is no proof that all went well.")


def _own_case() -> str:
    return _("This sheet cannot judge your own case. Talk it over with those who treat you.")


def _part(answer: Answer, results: Results) -> Part:
    row = answer.row
    if row is None:
        return Part(answer.about, "", (), answer.silent, "")
    counted = capital(_("{trials}, {people}.", trials=trials(row["k"]), people=people(row["n"])))
    amount = plain_amount(row)
    first = _("{what}.", what=plain_finding(row, results.words))
    more = [capital(_("{what}.", what=amount)) if amount else "", counted, answer.sure, answer.silent]
    return Part(answer.about, *_sure(answer.certainty), first, joined(*more))


def _counting(results: Results, counted: list[dict[str, Any]]) -> str:
    """Where the numbers of people come from; which from where, if not all from the same."""
    if not counted:
        return ""
    said = [_("{what}.", what=reckoned(row)) for row in counted]
    if len(set(said)) > 1:
        names = [results.words.comparators[row["comparator"]] for row in counted]
        said = [
            _("Against {comparator}, {what}", comparator=name, what=way[:1].lower() + way[1:])
            for name, way in zip(names, said, strict=True)
        ]
    return joined(*dict.fromkeys(said), _("What counts as improving differs from trial to trial."))


def _people(results: Results, row: dict[str, Any]) -> Part:
    against = results.words.comparators[row["comparator"]]
    with BLOG.dress(), mpl.rc_context({"figure.figsize": (WIDTH, WIDTH)}):
        picture = Figure("", "", "", "", icons(row, against)).image(".svg").decode()
    more = _("The range in brackets includes no difference.") if even(row) else ""
    about = capital(
        _("{outcome}, compared with {comparator}", outcome=outcome_words(row["outcome"]), comparator=against)
    )
    return Part(about, *_sure(row["certainty"]), "", more, picture, people_alt(results, row))


def _untold(why: Sequence[str]) -> tuple[str, ...]:
    """Why there is no picture: one sentence, or one that begins a list."""
    if len(why) == 1:
        return (untold(why[0]),)
    return (_("{words}:", words=untold()), *(capital(_("{what}.", what=line)) for line in why)) if why else ()


def _sure(certainty: str) -> tuple[str, tuple[bool, ...]]:
    level = GRADES.index(certainty)
    return capital(CERTAINTY[certainty]), tuple(at <= level for at in range(len(GRADES)))


def _source(project: Project, key: str) -> str:
    place = f", {project.base_url}conditions/{page_name(key)}.html" if project.base_url else ""
    return _(
        "Source: acupuncture-evidence, randomised trials, version {version}{place}; {licence}.",
        version=__version__,
        place=place,
        licence=LICENCE,
    )
