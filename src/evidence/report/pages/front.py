"""The front page of a language: the answer in plain words, the figure, and four parts to open."""

from __future__ import annotations

from collections.abc import Callable
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
from ...answers.wording.words import GRADES, capital, ended, trials
from ...base.rows import rows_of
from ...languages import N_, Spoken, _, joined, pgettext, spoken
from ..changes import last_data_change
from ..project import Project, page_name
from .badges import certainty_badge
from .claims import badge
from .glance import glance_figure
from .language_links import links
from .markup import in_points, table, text

_COMPARED = Spoken(
    {
        "sham": N_(
            "Sham looks like acupuncture and leaves out what is thought to work. The difference is what the needling "
            "itself adds."
        ),
        "usual_care": N_(
            "People go on as before, or get what they would get anyway. The difference is what having acupuncture "
            "adds, with the attention and the hope that come with it; nobody is blind."
        ),
        "no_treatment": N_("People wait. The difference is as above."),
    }
)
Way = Callable[[str], str]


def front(results: Results, project: Project) -> str:
    """The English page's content in Markdown, to be included by ``docs/index.md``.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives the date of the data.
    """

    def way(key: str) -> str:
        return f"conditions/{page_name(key)}.html"

    seen = glance(results)
    return "\n\n".join(filter(None, [*opening(seen, project, way), links(), *folds(results, seen, way)])) + "\n"


def opening(seen: Glance, project: Project, way: Way) -> list[str]:
    """The answer, the figure and the date of the data, in the language spoken.

    Parameters
    ----------
    seen : Glance
        Of all conditions, in that language.
    project : Project
        Gives the date of the data.
    way : callable
        Address of what the site says of a condition, by its key.
    """
    return [
        f"{{.answer}}\n{text(short_answer(seen))}",
        glance_figure(seen, way),
        f'<p class="date">{text(joined(last_data_change(project), _("This is no medical advice.")))}</p>',
    ]


def folds(results: Results, seen: Glance, way: Way, root: str = "") -> list[str]:
    """What opens when asked for, in the language spoken.

    Parameters
    ----------
    results : Results
        Of the whole base.
    seen : Glance
        Of all conditions, in that language.
    way : callable
        Address of what the site says of a condition, by its key.
    root : str
        Way from the page to the English front page: "" or "../".
    """
    return [
        _folded(_("How sure are we"), _how_sure(results, seen, way)),
        _folded(_("What it is compared with"), _compared(results, root)),
        _folded(_("What others found"), _others(results, root)),
        _folded(_("What would settle it"), _settles(results, root)),
    ]


def _folded(title: str, parts: list[str]) -> str:
    return "\n\n".join([f"::::{{dropdown}} {text(title)}", *filter(None, parts), "::::"])


def _english(address: str, words: str) -> str:
    """A link to a page that is written in English alone."""
    mark = "" if spoken() == "en" else ' hreflang="en"'
    return f'<a href="{address}"{mark}>{text(words)}</a>'


def _told(named: str, clause: str) -> str:
    """A name, as markup, and what is told of it."""
    return _("{name}: {told}").format(name=named, told=text(_("{what}.", what=clause)))


def _how_sure(results: Results, seen: Glance, way: Way) -> list[str]:
    ranked = results.ranking()
    ranking = ranked.to_frame()
    grades = "\n".join(f"- {_told(certainty_badge(grade), MEANING[grade])}" for grade in reversed(GRADES))
    best = best_supported(seen)
    said = ""
    if best:
        order = _("“Best supported” goes by certainty first and by size second: {condition}.", condition=best.label)
        said = text(joined(order, ranked.order()))
    rows = [
        (
            f'<a href="{way(row["condition"])}">{text(capital(results.words.condition_names[row["condition"]]))}</a>',
            in_points(row),
            _worthwhile(row),
            text(in_short(row) if row["trials_missing"] else _("no trial")),
        )
        for row in rows_of(ranking)
    ]
    return [
        grades,
        said,
        text(lost_trials(ranking)),
        table(
            _("Pain up to 3 months against sham acupuncture; above 0 favours acupuncture."),
            [
                _("Condition"),
                _("Points of 100 (95% interval)"),
                _("Chance that it is worthwhile"),
                _("Trials without a number"),
            ],
            rows,
        ),
        text(_harms(results)),
    ]


def _worthwhile(row: dict[str, Any]) -> str:
    """The chance of a worthwhile effect; a single trial gives none that one could rely on."""
    if row["p_worthwhile"] != row["p_worthwhile"]:
        return text(_("no number"))
    return text(trials(1) if row["k"] == 1 else chance(row["p_worthwhile"]))


def _harms(results: Results) -> str:
    harms = safety(results.db)
    asked = int(harms.reporting.loc[harms.reporting["condition"] == "", "trials"].sum())
    return _(
        "{n} of {trials} give numbers of side effects; silence is no proof that there were none.",
        n=asked - harms.silent,
        trials=trials(asked),
    )


def lost_trials(ranking: pd.DataFrame) -> str:
    """Trials that give no number, and what they tell.

    Parameters
    ----------
    ranking : DataFrame
        Rows of `rank_conditions`.
    """
    summed = {name: int(ranking[name].sum()) for name in SUMMED}
    sham = pgettext("comparators.in_text", "sham acupuncture")
    lost = without_number(summed, sham, more=True)
    if not lost:
        return _("No other trial of these comparisons is known to the data.")
    return _("Against {comparator}, {lost}. They could change this.", comparator=sham, lost=lost)


def _compared(results: Results, root: str) -> list[str]:
    named = [
        f"**{text(ended(results.words.comparator_names[name]))}** {text(meaning)}\n\n"
        f"{text(results.ranking(name).sentence())}"
        for name, meaning in _COMPARED.items()
    ]
    said = joined(
        _("An interval that includes 0 leaves open whether there is a difference. SD are standard deviations."),
        _(
            "The probabilities come from a model of all conditions that takes each trial at its word, which the "
            "certainty does not."
        ),
    )
    more = _("Drugs, exercise and physical therapy stand on the pages of the conditions and among the figures.")
    return [*named, f"{text(said)} {_english(f'{root}figures.html', more)}"]


def _others(results: Results, root: str) -> list[str]:
    found = results.reviews
    same = found[found["overlap"] != ""]
    agree = int(same["reading"].str.startswith("agrees").sum())
    asked = _(
        "{k} pooled results of published reviews ask the same as one of ours; with {n} of them ours agrees: the "
        "intervals meet.",
        k=len(same),
        n=agree,
    )
    each = _("Each stands on the page of its condition, with what may explain a difference.")
    return [
        f"{text(asked)} {_english(f'{root}conditions/index.html', each)}",
        f"{text(results.grades.sentence())} {_english(f'{root}method.html', _('Grade by grade.'))}",
    ]


def _settles(results: Results, root: str) -> list[str]:
    judged = results.claims.judged
    about = [claim for claim in judged if claim.question.row["theme"] == judged[0].question.row["theme"]]
    lines = []
    for claim in about:
        if settles := claim.settles:
            row = claim.question.row
            named = _english(f"{root}claims.html#{text(row['claim_id'])}", pgettext("claims.claim", row["claim"]))
            lines.append("- " + _told(f"{named} {badge(claim.verdict)}", settles))
    every = _("Every claim says what would settle it, and what its verdict means.")
    return ["\n".join(lines), f"{text(results.claims.sentence())} {_english(f'{root}claims.html', every)}"]
