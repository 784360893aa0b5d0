"""The review at a glance: pain in each condition against sham and against usual care or nothing, and the harms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..languages import _, decimal
from .by_comparator import family_words
from .comparator_families import FAMILIES
from .known_trials import Account, Told
from .results import Results
from .wording.missing import told_instead
from .wording.words import people, trials

#: The kinds of comparator that stand side by side: nothing in the needle, and not having it.
SHAM, CARE = ("|".join(family) for family in FAMILIES[:2])
_STEP = 10
#: However wide an interval is, the axis ends here: of 100 points, an effect beyond them is not seen.
_WIDEST = (-30, 60)


@dataclass(frozen=True)
class Mark:
    """One condition against one kind of comparator.

    Attributes
    ----------
    comparator : str
        `SHAM` or `CARE`.
    against : str
        The same in words.
    k : int
        Trials with a number.
    n : float
        People in them.
    points : float
        Pain in points of 100, above 0 in favour of acupuncture; NaN without a number.
    low : float
        Lower end of its 95% interval.
    high : float
        Upper end.
    better : bool or None
        For acupuncture (True) or the comparator (False), by an interval of the effect without 0; None when neither.
    certainty : str
        "" without a number.
    silent : str
        Why there is no number; "" where there is one.
    """

    comparator: str
    against: str
    k: int
    n: float
    points: float
    low: float
    high: float
    better: bool | None
    certainty: str
    silent: str


@dataclass(frozen=True)
class Line:
    """One condition.

    Attributes
    ----------
    condition : str
        Its key.
    label : str
        Its name by itself.
    within : str
        The same after "in".
    plain : str
        What it is in plain words.
    elsewhere : bool
        A population beside the article's conditions: not the back.
    marks : tuple of Mark
        Against sham, then against usual care or nothing.
    harms : str
        In a few words.
    """

    condition: str
    label: str
    within: str
    plain: str
    elsewhere: bool
    marks: tuple[Mark, ...]
    harms: str


@dataclass(frozen=True)
class Glance:
    """All conditions.

    Attributes
    ----------
    lines : tuple of Line
        Those of the article in the order of their ranking against sham, then those beside them.
    least : float
        The smallest worthwhile effect in points of 100; NaN where none is written down.
    """

    lines: tuple[Line, ...]
    least: float

    @property
    def axis(self) -> tuple[int, int]:
        """Limits in points of 100, on whole tens, wide enough for every interval within reason."""
        ends = [end for line in self.lines for mark in line.marks if not mark.silent for end in (mark.low, mark.high)]
        low = _STEP * math.floor(min([-_STEP / 2, *ends]) / _STEP)
        high = _STEP * math.ceil(max([2 * _STEP, *ends]) / _STEP)
        return max(low, _WIDEST[0]), min(high, _WIDEST[1])


def glance(results: Results) -> Glance:
    """Every condition's result for pain up to 3 months, in points of 100, and its harms.

    Parameters
    ----------
    results : Results
        Of the whole base.
    """
    words, cells = results.words, results.side_by_side.cells
    sham = cells[cells["comparator"] == SHAM]
    order = sorted(sham["condition"], key=lambda key: key not in words.article)  # the sort is stable
    lines = []
    for key in order:
        own = {row["comparator"]: row for row in rows_of(cells[cells["condition"] == key])}
        lines.append(
            Line(
                condition=key,
                label=words.condition_names[key].partition(" (")[0],
                within=words.name_of(key),
                plain=words.plain_conditions[key],
                elsewhere=key not in words.article,
                marks=tuple(_mark(results, own[kind]) for kind in (SHAM, CARE)),
                harms=harms_in_short(results.benefit_and_harm(key).harm, key),
            )
        )
    return Glance(tuple(lines), results.side_by_side.least)


def _mark(results: Results, row: dict[str, Any]) -> Mark:
    numbered = row["k"] > 0 and row["points"] == row["points"]
    low, high = row["ci_low"], row["ci_high"]
    return Mark(
        comparator=row["comparator"],
        against=results.words.comparators[SHAM] if row["comparator"] == SHAM else family_words(row, results.words),
        k=int(row["k"]),
        n=float(row["n"]),
        points=row["points"] if numbered else math.nan,
        low=row["points_low"] if numbered else math.nan,
        high=row["points_high"] if numbered else math.nan,
        better=(True if low > 0 else False if high < 0 else None) if numbered else None,
        certainty=row["certainty"] if numbered else "",
        silent="" if numbered else _why_silent(results, row),
    )


def _why_silent(results: Results, row: dict[str, Any]) -> str:
    """What is known instead of a number."""
    if row["k"]:
        return _("no number in points of 100")
    told = _told(results, row).numbers()
    if not told["trials_compared"]:
        return _("no trial yet")
    if not told["trials_missing"]:
        return _("no number for pain up to 3 months")
    went, missing = told_instead(told), trials(told["trials_missing"])
    if not went:
        return _("no number from {trials}", trials=missing)
    return _("no number from {trials}; in words: {told}", trials=missing, told=went)


def _told(results: Results, row: dict[str, Any]) -> Account:
    """Every trial of a kind of comparator once, with what it tells of the outcome."""
    found: dict[str, Told] = {}
    for comparator in row["comparator"].split("|"):
        for trial in results.context.known.of([row["condition"]], comparator, [row["outcome"]]).trials:
            found.setdefault(trial.study, trial)
    return Account(tuple(found.values()))


def harms_in_short(harm: pd.DataFrame, condition: str) -> str:
    """People with an adverse event of the arms that count them, in a few words.

    Parameters
    ----------
    harm : DataFrame
        `BenefitAndHarm.harm`.
    condition : str
        Its key.
    """
    own = {row["kind"]: row for row in rows_of(harm[harm["condition"] == condition])}
    said = []
    if minor := own.get("minor"):
        if minor["events"] < 5:  # a share of few would sound surer than it is
            said.append(_("side effects: {n} of {people}", n=decimal(minor["events"]), people=people(minor["n"])))
        else:
            said.append(_("side effects: {n} of 100", n=round(minor["percent"])))
    if serious := own.get("serious"):
        said.append(_("serious: {n} of {people}", n=decimal(serious["events"]), people=people(serious["n"])))
    return _("; ").join(said) or _("harms not counted")


def silent_together(marks: Iterable[Mark]) -> str:
    """Why no mark of a line has a number, where the reason is the same; else "".

    Parameters
    ----------
    marks : iterable of Mark
        Of one line.
    """
    reasons = {mark.silent for mark in marks}
    return reasons.pop() if len(reasons) == 1 else ""
