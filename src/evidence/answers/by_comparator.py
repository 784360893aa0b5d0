"""Each condition against each kind of comparator, side by side, with what all trials together say of every field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..models.bayes.crossed import bayes_crossed
from ..models.bayes.crossed_effects import CrossedEffects
from ..models.bayes.priors import HalfNormal
from ..models.result import Result
from ..models.wording import number
from .context import Context
from .grade.certainty import grade
from .grade.synthesis import synthesise
from .ranked import SHRUNKEN, chance, in_order
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, GRADES, WINDOWS, listed, outcome_words, people, trials, whole

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
    *(*SHRUNKEN, "borrowed", "outcome", "time", "measure", "model", "share_indirect", *_POINTS, "worthwhile"),
    *("doubts", "trials", "note"),
)


@dataclass(frozen=True, repr=False, eq=False)
class ByComparator(Result):
    """Every condition against sham, usual care or nothing, drugs, exercise or physical therapy.

    Attributes
    ----------
    outcome : str
        What is measured.
    time : str
        When.
    measure : str
        Of the effects.
    cells : DataFrame
        One row a condition and kind of comparator: ``condition, label, comparator`` (joined by "|"), ``against`` (in
        words), ``estimate, ci_low, ci_high, k, n, certainty`` (the pool by itself), ``shrunken, shrunken_low,
        shrunken_high, p_better, p_worthwhile`` (what `bayes_crossed` says of all trials together), ``borrowed`` (no
        trial of its own: the model has it from the other rows), then ``outcome, time, measure, model, share_indirect,
        points, points_low, points_high, points_cut, points_basis, worthwhile, doubts, trials, note``. Kinds of
        comparator in a fixed order; within each, pools by certainty and then by the shrunken effect, single trials
        after them, last what is borrowed.
    together : CrossedEffects or None
        The model; None with fewer than two cells, or without a prior for the measure.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    least : float
        Smallest worthwhile effect in points of 100; NaN where none is written down.

    See Also
    --------
    rank_conditions : makes it.
    bayes_crossed : its model.
    plots.ranking : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> view = ev.rank_conditions(ev.load())
    >>> view.lines.columns.tolist()
    ['sham', 'usual care or nothing', 'drugs', 'exercise or physical therapy']
    """

    outcome: str
    time: str
    measure: str
    cells: pd.DataFrame
    together: CrossedEffects | None
    words: Vocabulary
    least: float

    _figure = "ranking"

    @property
    def lines(self) -> pd.DataFrame:
        """One line a condition: its pooled effect, certainty and trials against each kind of comparator."""
        told = self.cells.assign(told=[_told(row) for row in rows_of(self.cells)])
        wide = told.pivot(index="label", columns="against", values="told")
        order = [self.words.conditions[name] for name in self.words.headline]
        return wide.loc[order, list(dict.fromkeys(self.cells["against"]))].rename_axis(index=None, columns=None)

    def sentence(self) -> str:
        """What each condition's trials show against each kind of comparator.

        Returns
        -------
        str
            A sentence a condition, and what is pooled and borrowed.
        """
        about = f"{outcome_words(self.outcome).capitalize()} {WINDOWS[self.time]}, above 0 favouring acupuncture."
        return " ".join([about, *map(self._line, self.words.headline), *self._chances()])

    def _line(self, condition: str) -> str:
        rows = rows_of(self.cells[self.cells["condition"] == condition])
        said = [f"{_told(row)} against {row['against']}" for row in rows if row["k"]]
        none = [str(row["against"]) for row in rows if not row["k"]]
        said += [f"no trial against {listed(none, 'or')}"] if none else []
        return f"In {self.words.conditions[condition]}: {'; '.join(said)}."

    def _chances(self) -> list[str]:
        """The model's two probabilities, where at least two trials are behind them, and what it borrows."""
        known = self.cells[self.cells["p_better"].notna()]
        pools = known[known["k"] > 1]
        if pools.empty:
            return []
        better, worthwhile = (_from_to(pools[name]) for name in ("p_better", "p_worthwhile"))
        known_least = not math.isnan(self.least) and pools["p_worthwhile"].notna().all()
        least = f", at least {whole(self.least)} of 100 points better {worthwhile}" if known_least else ""
        said = [
            f"If conditions and comparators may speak for each other, the probability that acupuncture is better is "
            f"{better}{least}, where there are two trials or more; where there are many, their own pool says more."
        ]
        if known["borrowed"].any():
            said.append("What has no trial is borrowed from the other conditions and comparators: a guess, no finding.")
        return said

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self,), {
            "label": "label",
            "by": "against",
            "measure": self.measure,
            "favours": FAVOURS,
            "ordered": False,
        }

    def _title(self) -> str:
        return f"{outcome_words(self.outcome)} {WINDOWS[self.time]}, against each kind of comparator"

    def _lines(self) -> list[str]:
        return [
            f"{label}: {'; '.join(f'{name} {words}' for name, words in row.items())}"
            for label, row in self.lines.iterrows()
        ]

    def _table(self) -> pd.DataFrame:
        return self.lines

    def _rows(self) -> pd.DataFrame:
        return self.cells


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
    blocks = []
    for family in FAMILIES:
        rows, comparator = [], "|".join(family)
        about = {"comparator": comparator, "against": _against(words, family), "worthwhile": least}
        about |= {"outcome": outcome, "time": time, "measure": measure}
        for condition in words.headline:
            there = effects[(effects["condition"] == condition) & (effects["family"] == comparator)]
            row = {"condition": condition, "label": words.conditions[condition], **about}
            row |= _pooled(context, there, family) | _shrunken(together, condition, comparator)
            row["note"] = _note(row)
            rows.append(row)
        blocks.append(in_order(pd.DataFrame(rows).reindex(columns=list(_COLUMNS))))
    cells = pd.concat(blocks, ignore_index=True)
    return ByComparator(
        outcome, time, measure, cells, together, words, context.worthwhile.points.get(outcome, math.nan)
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


def foretold(together: CrossedEffects, condition: str, comparator: str) -> pd.Series:
    """What the model says of a field; a condition or comparator that it has never seen is a new one to it.

    Parameters
    ----------
    together : CrossedEffects
        What `fitted` gives.
    condition : str
        Whose field.
    comparator : str
        Its kind of comparator.
    """
    return together.predict(
        condition if condition in together.row_labels else None,
        comparator if comparator in together.column_labels else None,
    )


def _against(words: Vocabulary, family: tuple[str, ...]) -> str:
    return listed([words.short_comparators[name] for name in family], "or")


def _pooled(context: Context, effects: pd.DataFrame, family: tuple[str, ...]) -> dict[str, Any]:
    """A field's own pool; against either comparator of a family the same pool, with the lower of the two grades."""
    if effects.empty:
        return {"k": 0, "n": 0.0, "certainty": "", "doubts": "", "trials": ""}
    pool = synthesise(context.pooling, effects)
    named = [name for name in family if name in set(effects["comparator"])]
    graded = min(
        (grade(context, effects.assign(comparator=name)) for name in named), key=lambda found: GRADES.index(found.grade)
    )
    points = context.points.of(pool)
    return (
        {"k": pool.k, "n": pool.n, "certainty": graded.grade, "doubts": graded.doubts}
        | {name: getattr(pool, name) for name in _POOLED}
        | {name: points[name] for name in _POINTS}
        | {"trials": "|".join(effects["study"])}
    )


def _shrunken(together: CrossedEffects | None, condition: str, comparator: str) -> dict[str, Any]:
    if together is None:
        return {**dict.fromkeys(SHRUNKEN, math.nan), "borrowed": False}
    cell = foretold(together, condition, comparator)
    names = dict(zip(("median", "ci_low", "ci_high", "p_positive", "p_worthwhile"), SHRUNKEN, strict=True))
    return {new: float(cell[old]) for old, new in names.items()} | {"borrowed": bool(cell["borrowed"])}


def _from_to(chances: pd.Series) -> str:
    low, high = chance(chances.min()), chance(chances.max())
    return low if low == high else f"{low} to {high}"


def _interval(row: Mapping[str, Any], *names: str) -> str:
    middle, low, high = (number(row[name]) for name in names)
    unit = {"SMD": " SD", "MD100": " points"}.get(row["measure"], "")
    return f"{middle}{unit} ({low} to {high})"


def _told(row: Mapping[str, Any]) -> str:
    """One field in words."""
    if not row["k"]:
        return "no trial"
    certainty = f"{row['certainty']} certainty"
    return f"{_interval(row, 'estimate', 'ci_low', 'ci_high')}, {certainty}, {trials(int(row['k']))}"


def _note(row: Mapping[str, Any]) -> str:
    drawn = "" if math.isnan(row["shrunken"]) else _interval(row, *SHRUNKEN[:3])
    if not row["k"]:
        return f"no trial; borrowed from the others: {drawn}" if drawn else "no trial with numbers"
    own = f"{trials(int(row['k']))}, {people(row['n'])}, {row['certainty']} certainty"
    return f"{own}; with all trials {drawn}" if drawn else own
