"""The front page's answer: three sentences, the ranked conditions, the figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...answers.known_trials import SUMMED
from ...answers.pooling import ENOUGH
from ...answers.ranked import chance
from ...answers.results import Results
from ...answers.wording.missing import in_short, without_number
from ...answers.wording.words import listed, people, trials
from ...base.rows import rows_of
from ..project import Project
from .markup import capital, figure, in_points, page_name, table, text

_NONE_MISSING = "No other trial of these comparisons is known to the data."


def front(results: Results, project: Project) -> str:
    """The answer in Markdown, to be included by ``docs/index.md``."""
    ranking = results.ranking().to_frame()
    rows = [
        (
            f'<a href="conditions/{page_name(row["condition"])}.html">{text(capital(row["label"]))}</a>',
            in_points(row),
            *("" if row[name] != row[name] else text(chance(row[name])) for name in ("p_better", "p_worthwhile")),
            text(row["certainty"] if row["k"] else "no number"),
            text(_rests_on(row)),
        )
        for row in rows_of(ranking)
    ]
    columns = [
        "Condition",
        "Points of 100 (95% interval)",
        "Chance that it is better",
        "Chance that it is worthwhile",
        "Certainty",
        "Rests on; trials without a number",
    ]
    caption = "Pain up to 3 months against sham acupuncture, by certainty and then size; above 0 favours acupuncture."
    others = [
        f"**Against {text(results.words.comparators[name])}.** {text(results.ranking(name).sentence())}"
        for name in ("usual_care", "no_treatment")
    ]
    parts = [
        " ".join(text(sentence) for sentence in three_sentences(ranking)),
        table(caption, columns, rows),
        figure(project.figures, "ranking_pain_sham"),
        *others,
    ]
    return "\n\n".join(parts) + "\n"


def _rests_on(row: dict[str, Any]) -> str:
    """Trials with a number, and what is known of the others."""
    given = [f"{trials(row['k'])}, {people(row['n'])}"] if row["k"] else []
    without = [f"without a number: {in_short(row)}"] if row["trials_missing"] else []
    return "; ".join(given + without) or "none"


def three_sentences(ranking: pd.DataFrame) -> tuple[str, str, str]:
    """What the ranking shows, how sure it is, and what is missing.

    Parameters
    ----------
    ranking : DataFrame
        Rows of `rank_conditions`.
    """
    elsewhere = ranking["share_indirect"].eq(1).map({True: " (all from neighbouring populations)", False: ""})
    ranking = ranking.assign(label=ranking["label"] + elsewhere)
    there, none = ranking[ranking["k"] > 0], ranking[ranking["k"] == 0]
    pooled = there[there["k"] > 1]
    above = pooled["ci_low"] > 0
    left = pooled[~above & (pooled["ci_high"] >= 0)]
    agree = (left["k"] < ENOUGH) & (left["trials_better"] == left["k"])
    kinds = [
        (pooled[above], "trials show less pain in {}"),
        (pooled[pooled["ci_high"] < 0], "trials show more pain in {}"),
        (left[agree], "the few trials all favour acupuncture in {}"),
        (left[~agree], "they leave it open in {}"),
        (there[there["k"] == 1], "{} rests on a single trial"),
        (none, "no trial gives a number for {}"),
    ]
    said = [words.format(listed(list(rows["label"]))) for rows, words in kinds if len(rows)]
    grades = list(dict.fromkeys(there["certainty"]))
    sure = f"The certainty of these results is {listed(grades, 'or')}"
    doubt = ": the true effects may be quite different." if set(grades) <= {"low", "very low"} else "."
    summed = {name: int(ranking[name].sum()) for name in SUMMED}
    lost = without_number(summed, "sham acupuncture", more=True)
    return (
        f"Against sham acupuncture, up to 3 months, {'; '.join(said)}.",
        sure + doubt,
        f"{capital(lost)}. They could change this." if lost else _NONE_MISSING,
    )
