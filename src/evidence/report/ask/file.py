"""All answers in one file: a script that sets one value, since a page on a disk may run files and read none."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...answers.results import Results
from ...answers.wording.words import WINDOWS, outcome_words
from ...base.collector import fresh_garbage
from ...derive.evidence_base import load
from ...files import write
from ..explorer.analyst import Analyst
from ..explorer.choice import PARTS
from ..project import Project
from .answers import answered
from .questions import TICKS

#: File of the site, and the name of the value that it sets.
FILE, VALUE = "answers.js", "EVIDENCE_ANSWERS"


@fresh_garbage()
def write_answers(project: Project, results: Results, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Write every answer of the page "Ask the evidence".

    Parameters
    ----------
    project : Project
        Writes its ``answers``.
    results : Results
        Of the whole base.
    progress : callable
        Called with a condition when its turn comes.

    Returns
    -------
    Path
        The file: gzip in base64, in a script.
    """
    said = json.dumps(all_answers(results, progress), ensure_ascii=False, separators=(",", ":"))
    packed = b64encode(gzip.compress(said.encode(), mtime=0)).decode()
    return write(project.answers, f'window.{VALUE} = "{packed}";\n'.encode())


def answer_all(project: Project) -> Path:
    """`write_answers` for a process of its own, which loads the data itself.

    Parameters
    ----------
    project : Project
        As there.
    """
    return write_answers(project, Results(load(project.raw)))


def all_answers(results: Results, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Every question and its answers, as the page reads them.

    Parameters
    ----------
    results : Results
        Of the whole base.
    progress : callable
        Called with a condition when its turn comes.

    Returns
    -------
    dict
        ``ticks``: the names of `TICKS`; ``parts``: for each part of a question its values with their names, as they
        are offered; ``questions``: see `answered`, the one that is asked first at the head.
    """
    analyst = Analyst(results.db)
    questions = analyst.choices.questions()
    words = results.words
    names = {"condition": words.conditions, "comparator": words.comparators, "outcome": {}, "time": WINDOWS}
    parts = {}
    for at, part in enumerate(PARTS[:4]):
        used = list(dict.fromkeys(question.question[at] for question in questions))
        order = [name for name in names[part] if name in used]
        offered = [*order, *(name for name in used if name not in order)]
        parts[part] = [[value, names[part].get(value, outcome_words(value))] for value in offered]
    found, before = [], ""
    for question in questions:
        if question.condition != before:
            progress(words.conditions.get(question.condition, question.condition))
            before = question.condition
        found.append(answered(analyst, question))
    return {"ticks": TICKS, "parts": parts, "questions": found}
