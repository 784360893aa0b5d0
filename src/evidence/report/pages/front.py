"""The front page: the answer in plain words, the figure, and four parts to open."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...answers.glance import Glance, glance
from ...answers.harm.safety import safety
from ...answers.known_trials import SUMMED
from ...answers.ranked import chance
from ...answers.results import Results
from ...answers.wording.missing import in_short, without_number
from ...answers.wording.plain import MEANING
from ...answers.wording.short_answer import best_supported, short_answer
from ...answers.wording.words import GRADES, capital, trials
from ...base.rows import rows_of
from ..changes import last_data_change
from ..project import Project
from .badges import certainty_badge
from .claims import badge
from .glance import glance_figure
from .markup import in_points, page_name, table, text
from .other_languages import links

_NONE_MISSING = "No other trial of these comparisons is known to the data."
_COMPARED = {
    "sham": "Sham looks like acupuncture and leaves out what is thought to work. The difference is what the needling "
    "itself adds.",
    "usual_care": "People go on as before, or get what they would get anyway. The difference is what having "
    "acupuncture adds, with the attention and the hope that come with it; nobody is blind.",
    "no_treatment": "People wait. The difference is as above.",
}


def front(results: Results, project: Project) -> str:
    """The page's content in Markdown, to be included by ``docs/index.md``."""
    seen = glance(results)
    parts = [
        f"{{.answer}}\n{text(short_answer(seen))}",
        glance_figure(seen),
        f'<p class="date">{text(last_data_change(project))} This is no medical advice.</p>',
        links(),
        _folded("How sure are we", _how_sure(results, seen)),
        _folded("What it is compared with", _compared(results)),
        _folded("What others found", _others(results)),
        _folded("What would settle it", _settles(results)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _folded(title: str, parts: list[str]) -> str:
    return "\n\n".join([f"::::{{dropdown}} {title}", *filter(None, parts), "::::"])


def _how_sure(results: Results, seen: Glance) -> list[str]:
    ranked = results.ranking()
    ranking = ranked.to_frame()
    grades = "\n".join(f"- {certainty_badge(grade)}: {MEANING[grade]}." for grade in reversed(GRADES))
    best = best_supported(seen)
    first = (
        f"*Best supported* goes by certainty first and by size second: {text(best.label)}. {text(ranked.order())}"
        if best
        else ""
    )
    rows = [
        (
            f'<a href="conditions/{page_name(row["condition"])}.html">{text(capital(row["label"]))}</a>',
            in_points(row),
            _worthwhile(row),
            text(in_short(row) if row["trials_missing"] else "none"),
        )
        for row in rows_of(ranking)
    ]
    return [
        grades,
        first,
        text(lost_trials(ranking)),
        table(
            "Pain up to 3 months against sham acupuncture; above 0 favours acupuncture.",
            ["Condition", "Points of 100 (95% interval)", "Chance that it is worthwhile", "Trials without a number"],
            rows,
        ),
        _harms(results),
    ]


def _worthwhile(row: dict[str, Any]) -> str:
    """The chance of a worthwhile effect; a single trial gives none that one could rely on."""
    if row["p_worthwhile"] != row["p_worthwhile"]:
        return "none"
    return "one trial" if row["k"] == 1 else text(chance(row["p_worthwhile"]))


def _harms(results: Results) -> str:
    harms = safety(results.db)
    asked = int(harms.reporting.loc[harms.reporting["condition"] == "", "trials"].sum())
    return (
        f"{asked - harms.silent} of {trials(asked)} give numbers of side effects; silence is no proof that there were "
        "none."
    )


def lost_trials(ranking: pd.DataFrame) -> str:
    """Trials that give no number, and what they tell.

    Parameters
    ----------
    ranking : DataFrame
        Rows of `rank_conditions`.
    """
    summed = {name: int(ranking[name].sum()) for name in SUMMED}
    lost = without_number(summed, "sham acupuncture", more=True)
    return f"Against sham acupuncture, {lost}. They could change this." if lost else _NONE_MISSING


def _compared(results: Results) -> list[str]:
    return [
        f"**{text(capital(results.words.comparators[name]))}.** {text(meaning)}\n\n"
        f"{text(results.ranking(name).sentence())}"
        for name, meaning in _COMPARED.items()
    ] + [
        "An interval that includes 0 leaves open whether there is a difference. SD are standard deviations; the "
        "probabilities come from a model of all conditions that takes each trial at its word, which the certainty does "
        "not. Drugs, exercise and physical therapy stand on the pages of the conditions and among {doc}`the figures "
        "<figures>`."
    ]


def _others(results: Results) -> list[str]:
    found = results.reviews
    same = found[found["overlap"] != ""]
    agree = int(same["reading"].str.startswith("agrees").sum())
    return [
        f"{len(same)} pooled results of published reviews ask the same as one of ours; with {agree} of them ours "
        "agrees: the intervals meet. Each stands on the page of its {doc}`condition <conditions/index>`, with what may "
        "explain a difference.",
        f"{text(results.grades.sentence())} {{doc}}`Grade by grade <method>`.",
    ]


def _settles(results: Results) -> list[str]:
    rows = rows_of(results.claims.to_frame())
    about = [row for row in rows if row["theme"] == rows[0]["theme"] and row["settles"]]
    lines = [
        f'<a href="claims.html#{text(row["claim_id"])}">{text(row["claim"])}</a> {badge(row["verdict"])}: '
        f"{text(row['settles'])}."
        for row in about
    ]
    counted = results.claims.sentence()
    return [
        "\n".join(f"- {line}" for line in lines),
        f"{text(counted)} {{doc}}`Every claim <claims>` says what would settle it, and what its verdict means.",
    ]
