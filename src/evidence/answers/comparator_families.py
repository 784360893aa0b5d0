"""Kinds of comparator: the pool of each condition against each of them, and one model of all their trials."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..languages import _
from ..models.bayes.crossed import bayes_crossed
from ..models.bayes.crossed_effects import CrossedEffects
from ..models.bayes.priors import HalfNormal
from .by_comparator import ByComparator, family_words, interval_words
from .context import Context
from .grade.certainty import grade
from .grade.synthesis import of_fit
from .ranked import CHANCES, SHRUNKEN, place
from .wording.words import CERTAINTY, GRADES, people, trials

#: Kinds of comparator that a reader tells apart. Only here are two comparators ever pooled together.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("sham",),
    ("usual_care", "no_treatment"),
    ("drug",),
    ("exercise", "physical_therapy"),
)
_POOLED = ("model", "estimate", "ci_low", "ci_high", "share_indirect")
_POINTS = ("points", "points_low", "points_high", "points_cut", "points_basis")
_COLUMNS = (
    *("condition", "label", "comparator", "against", "estimate", "ci_low", "ci_high", "k", "n", "certainty"),
    *(*SHRUNKEN, *CHANCES, "borrowed", "outcome", "time", "measure", "model", "share_indirect", *_POINTS, "worthwhile"),
    *("doubts", "trials", "note"),
)


def by_comparator(context: Context, outcome: str, time: str, measure: str) -> ByComparator:
    """Every condition of the article against every kind of comparator.

    Parameters
    ----------
    context : Context
        Of the base.
    outcome : str
        What is measured.
    time : str
        Its window.
    measure : str
        Of the effects.
    """
    words = context.words
    effects = one_row_each(context.effects(measure), words.headline, outcome, time)
    least = context.worthwhile.of([outcome], measure)
    together = fitted(effects, context.pooling.tau_scale(measure, outcome), least)
    pools = dict(iter(effects.groupby(["condition", "family"])))
    cells = []
    for family in FAMILIES:
        rows, comparator = [], "|".join(family)
        about = {"comparator": comparator, "worthwhile": least}
        about["against"] = family_words(about, words)
        about |= {"outcome": outcome, "time": time, "measure": measure}
        for condition in words.headline:
            there = pools.get((condition, comparator))
            row: dict[str, Any] = {"condition": condition, "label": words.conditions[condition], **about}
            row |= _pooled(context, there, family, least) | _shrunken(together, condition, comparator)
            row["borrowed"] = together is not None and there is None
            row["note"] = _note(row)
            rows.append(row)
        cells += sorted(rows, key=lambda row: place(row["k"], row["certainty"], row["shrunken"]))
    frame = pd.DataFrame(cells, columns=list(_COLUMNS))
    return ByComparator(
        outcome, time, measure, frame, together, words, context.worthwhile.points.get(outcome, math.nan)
    )


def one_row_each(effects: pd.DataFrame, conditions: tuple[str, ...], outcome: str, time: str) -> pd.DataFrame:
    """Effects on one outcome with their ``family``; a trial with two comparators of one family enters by the first.

    Parameters
    ----------
    effects : DataFrame
        Of one measure.
    conditions : tuple of str
        Whose trials.
    outcome : str
        What is measured.
    time : str
        Its window.
    """
    family = {name: "|".join(joined) for joined in FAMILIES for name in joined}
    chosen = effects[
        (effects["outcome"] == outcome)
        & (effects["time"] == time)
        & effects["condition"].isin(conditions)
        & effects["comparator"].isin(family)
    ]
    order = chosen["comparator"].map({name: at for at, name in enumerate(family)}).sort_values(kind="stable").index
    chosen = chosen.loc[order].assign(family=chosen["comparator"].map(family))
    return chosen.drop_duplicates(["study", "family"]).reset_index(drop=True)


def fitted(effects: pd.DataFrame, scale: float, worthwhile: float) -> CrossedEffects | None:
    """Conditions crossed with kinds of comparator; None where there is nothing to cross, or no prior.

    Parameters
    ----------
    effects : DataFrame
        What `one_row_each` gives.
    scale : float
        Of the half-normal priors, in the units of the measure.
    worthwhile : float
        Smallest worthwhile effect in those units; NaN for none.
    """
    if math.isnan(scale) or len(effects[["condition", "family"]].drop_duplicates()) < 2:
        return None
    prior = HalfNormal(scale)
    return bayes_crossed(
        effects,
        rows="condition",
        columns="family",
        worthwhile=None if math.isnan(worthwhile) else worthwhile,
        tau_prior=prior,
        row_prior=prior,
        column_prior=prior,
        cell_prior=prior,
    )


def place_of(condition: str, comparator: str, together: CrossedEffects) -> tuple[str | None, str | None]:
    """Row and column of a field in the model: None, a new one, for what it has never seen.

    Parameters
    ----------
    condition : str
        Whose field.
    comparator : str
        Its kind of comparator.
    together : CrossedEffects
        What `fitted` gives.
    """
    return (
        condition if condition in together.row_labels else None,
        comparator if comparator in together.column_labels else None,
    )


def _pooled(context: Context, effects: pd.DataFrame | None, family: tuple[str, ...], least: float) -> dict[str, Any]:
    """A field's own pool; against either comparator of a family the same pool, with the lower of the two grades."""
    if effects is None:
        return {"k": 0, "n": 0.0, "certainty": "", "doubts": "", "trials": ""}
    pool = of_fit(context.pooling.fit(effects), effects)
    named = [name for name in family if name in set(effects["comparator"])]
    graded = min(
        (grade(context, effects.assign(comparator=name) if named[1:] else effects, pool=pool) for name in named),
        key=lambda found: GRADES.index(found.grade),
    )
    points = context.points.of(pool)
    return (
        {"k": pool.k, "n": pool.n, "certainty": graded.grade, "doubts": graded.doubts}
        | {name: getattr(pool, name) for name in _POOLED}
        | {name: points[name] for name in _POINTS}
        | dict(zip(CHANCES, (pool.p_better, pool.chance_above(least)), strict=True))
        | {"trials": "|".join(effects["study"])}
    )


def _shrunken(together: CrossedEffects | None, condition: str, comparator: str) -> dict[str, float]:
    if together is None:
        return dict.fromkeys(SHRUNKEN, math.nan)
    ends = 0.5 - together.level / 2, 0.5 + together.level / 2
    found = together.quantile(*place_of(condition, comparator, together), [0.5, *ends])
    return dict(zip(SHRUNKEN, found.tolist(), strict=True))


def _note(row: Mapping[str, Any]) -> str:
    drawn = "" if math.isnan(row["shrunken"]) else interval_words(row, *SHRUNKEN)
    if not row["k"]:
        return _("no trial; borrowed from the others: {effect}", effect=drawn) if drawn else _("no trial with numbers")
    own = _(
        "{trials}, {people}, {certainty}",
        trials=trials(int(row["k"])),
        people=people(row["n"]),
        certainty=CERTAINTY[row["certainty"]],
    )
    return _("{counted}; with all trials {effect}", counted=own, effect=drawn) if drawn else own
