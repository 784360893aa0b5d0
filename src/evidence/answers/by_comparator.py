"""Each condition against each kind of comparator, side by side, with what all trials together say of every field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..languages import _, joined
from ..models.bayes.crossed_effects import CrossedEffects
from ..models.result import Result
from .ranked import chance, effect_words
from .wording.vocabulary import Vocabulary
from .wording.words import CERTAINTY, FAVOURS, WINDOWS, capital, listed, number, outcome_words, trials, whole


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
        shrunken_high`` (what `bayes_crossed` says of all trials together), ``p_better, p_worthwhile`` (the pool by
        itself), ``borrowed`` (no trial of its own: the model has it from the other rows), then ``outcome, time,
        measure, model, share_indirect, points, points_low, points_high, points_cut, points_basis, worthwhile, doubts,
        trials, note``. Kinds of
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
        cells = rows_of(self.cells)
        told = self.cells.assign(told=[_told(row) for row in cells])
        wide = told.pivot(index="condition", columns="comparator", values="told")
        against = {row["comparator"]: family_words(row, self.words) for row in cells}
        wide = wide.loc[list(self.words.headline), list(against)].rename_axis(index=None, columns=None)
        return wide.rename(index=self.words.conditions, columns=against)

    def sentence(self) -> str:
        """What each condition's trials show against each kind of comparator.

        Returns
        -------
        str
            A sentence a condition, and what is pooled and borrowed.
        """
        outcome, when = capital(outcome_words(self.outcome)), WINDOWS[self.time]
        about = _("{outcome} {when}, above 0 favouring acupuncture.", outcome=outcome, when=when)
        return joined(about, *map(self._line, self.words.headline), *self._chances())

    def _line(self, condition: str) -> str:
        rows = rows_of(self.cells[self.cells["condition"] == condition])
        against = [family_words(row, self.words) for row in rows]
        said = [
            _("{result} against {comparator}", result=_told(row), comparator=name)
            for row, name in zip(rows, against, strict=True)
            if row["k"]
        ]
        none = [name for row, name in zip(rows, against, strict=True) if not row["k"]]
        said += [_("no trial against {comparators}", comparators=listed(none, "or"))] if none else []
        return _("In {condition}: {found}.", condition=self.words.conditions[condition], found=_("; ").join(said))

    def _chances(self) -> list[str]:
        """The two probabilities, where at least two trials are behind them, and what is borrowed."""
        pools = self.cells[(self.cells["k"] > 1) & self.cells["p_better"].notna()]
        if pools.empty:
            return []
        better, worthwhile = (_from_to(pools[name]) for name in ("p_better", "p_worthwhile"))
        known_least = not math.isnan(self.least) and pools["p_worthwhile"].notna().all()
        if known_least:
            first = _(
                "Taking trials at their word, the probability that acupuncture is better is {better}, at least "
                "{points} of 100 points better {worthwhile}, where there are two trials or more.",
                better=better,
                points=whole(self.least),
                worthwhile=worthwhile,
            )
        else:
            first = _(
                "Taking trials at their word, the probability that acupuncture is better is {better}, where there are "
                "two trials or more.",
                better=better,
            )
        if not self.cells["borrowed"].any():
            return [first]
        return [
            first,
            _("What has no trial is borrowed from the other conditions and comparators: a guess, no finding."),
        ]

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


def _from_to(chances: pd.Series) -> str:
    low, high = chance(chances.min()), chance(chances.max())
    return low if low == high else _("{low} to {high}", low=low, high=high)


def family_words(row: Mapping[str, Any], words: Vocabulary) -> str:
    """What the kind of comparator of a field is called: "usual care or nothing"."""
    return listed([words.short_comparators[name] for name in row["comparator"].split("|")], "or")


def interval_words(row: Mapping[str, Any], *names: str) -> str:
    """Three columns of a row as an effect with its interval: "0.36 SD (0.16 to 0.56)"."""
    numbers = dict(zip(("mean", "low", "high"), (number(row[name]) for name in names), strict=True))
    if row["measure"] == "SMD":
        return _("{mean} SD ({low} to {high})", **numbers)
    if row["measure"] == "MD100":
        return _("{mean} points ({low} to {high})", **numbers)
    return _("{mean} ({low} to {high})", **numbers)


def _told(row: Mapping[str, Any]) -> str:
    """One field in words."""
    if not row["k"]:
        return _("no trial")
    return _(
        "{effect}, {certainty}, {trials}",
        effect=effect_words(row),
        certainty=CERTAINTY[row["certainty"]],
        trials=trials(int(row["k"])),
    )
