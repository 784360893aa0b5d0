"""The figures of the project: what each shows, its caption and alt text from the same numbers, and its files."""

from __future__ import annotations

import json
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .. import plots
from ..answers.pooled import pooled_table
from ..answers.ranking import FIVE, rank_conditions, ranking_sentence
from ..answers.words import COMPARATORS, CONDITIONS, SHORT_COMPARATORS, WINDOWS, outcome_words, people, trials
from ..base.rows import rows_of
from ..effects.comparisons import admissible
from ..effects.points import typical_sd
from ..effects.table import EvidenceBase
from ..errors import InvalidInput, SmallSample
from ..models.pool import pool
from ..models.wording import number
from .project import write_all

SOURCE = "acupuncture-evidence, randomised trials in data/raw; CC BY 4.0"
LICENCE = "CC BY 4.0"
OUTCOMES = ("pain", "disability")
#: Range of the effect axis in SD where intervals of two trials would stretch it beyond what is readable.
_AXIS = (-1.5, 3.0)


@dataclass(frozen=True)
class Figure:
    """A drawn figure with its words.

    Attributes
    ----------
    name : str, file name without ending
    title, caption, alt : str, what it shows, what it means with its numbers, and what a listener needs instead of it
    axes : Axes
    """

    name: str
    title: str
    caption: str
    alt: str
    axes: Axes

    def __post_init__(self) -> None:
        plt.close(self.axes.get_figure(root=True))  # it lives in this object, not in pyplot's list

    def image(self, ending: str, scale: float = 1.0) -> bytes:
        """The figure as a file: ".svg" or ".png", the same bytes each time."""
        with TemporaryDirectory() as folder:
            return plots.save(self.axes, Path(folder) / f"figure{ending}", scale).read_bytes()

    def words(self) -> dict[str, str]:
        """Title, caption, alt text, source and licence."""
        return {"title": self.title, "caption": self.caption, "alt": self.alt, "source": SOURCE, "licence": LICENCE}

    def _repr_html_(self) -> str:
        data = b64encode(self.image(".svg")).decode()
        return (
            f'<figure><img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )


def figures(db: EvidenceBase, only: str = "") -> Iterator[Figure]:
    """Draw every figure of the project.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    only : str
        Draw only figures whose name contains this.

    Yields
    ------
    Figure
    """
    makers: dict[str, Callable[[], Figure]] = {"evidence_map": partial(evidence_map, db)}
    for outcome in OUTCOMES:
        for comparator in COMPARATORS:
            if comparator != "acupuncture":
                makers[f"ranking_{outcome}_{comparator}"] = partial(ranking, db, comparator, outcome)
        for condition in FIVE:
            makers[f"forest_{outcome}_{condition}"] = partial(forest, db, condition, outcome)
    for name, make in makers.items():
        if only in name:
            try:
                yield make()
            except NothingToDraw:
                continue


class NothingToDraw(InvalidInput):
    """No trial gives a number for the figure asked for."""


def forest(db: EvidenceBase, condition: str, outcome: str = "pain", time: str = "short") -> Figure:
    """Forest plot of one condition, trials grouped by comparator, each comparator with its own pooled effect.

    Raises
    ------
    NothingToDraw
        When no trial gives a number.
    """
    effects = db.select(condition=condition, outcome=outcome, time=time).effects("SMD")
    if effects.empty:
        raise NothingToDraw(f"no trial of {CONDITIONS[condition]} gives a number for {outcome_words(outcome)}")
    typical = typical_sd(db)
    fits, order, pools = {}, [], pooled_table(effects, typical)
    for comparator in (name for name in COMPARATORS if name in set(effects["comparator"])):
        rows = effects[effects["comparator"] == comparator].sort_values(["year", "study"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # k stands in the figure
            fits[f"against {COMPARATORS[comparator]}"] = pool(rows, slab="label")
        order.append(rows)
    rows = pd.concat(order)
    columns = pd.DataFrame({"n": (rows["n_acupuncture"] + rows["n_comparator"]).round(), "measured by": _how(rows)})
    title = f"{_capital(CONDITIONS[condition])}: {outcome_words(outcome)} {WINDOWS[time]}"
    axes = plots.forest(
        fits,
        columns=columns,
        title=title,
        worthwhile=_worthwhile(db, typical, outcome),
        xlim=_AXIS,
        source=f"Source: {SOURCE}.",
    )
    caption = " ".join([*pools["sentence"], _indirect(effects), _scale(db, typical, outcome)])
    alt = (
        f"Forest plot of {trials(len(effects))} of acupuncture for {CONDITIONS[condition]}, {outcome_words(outcome)} "
        f"{WINDOWS[time]}, grouped by what acupuncture was compared with. {' '.join(pools['sentence'])}"
    )
    return Figure(f"forest_{outcome}_{condition}", title, " ".join(caption.split()), alt, axes)


def ranking(db: EvidenceBase, comparator: str = "sham", outcome: str = "pain", time: str = "short") -> Figure:
    """The five conditions in the order of their pooled effect against one comparator."""
    frame = rank_conditions(db, comparator=comparator, outcome=outcome, time=time)
    if not frame["k"].any():
        raise NothingToDraw(f"no trial against {COMPARATORS[comparator]} gives a number for {outcome_words(outcome)}")
    typical = typical_sd(db)
    shown = frame.assign(label=frame["label"].map(_capital), note=[_counts(row) for row in rows_of(frame)])
    title = f"{_capital(outcome_words(outcome))} {WINDOWS[time]}, against {COMPARATORS[comparator]}"
    axes = plots.ranking(
        shown,
        label="label",
        title=title,
        worthwhile=_worthwhile(db, typical, outcome),
        xlim=_AXIS,
        source=f"Thin bar: prediction interval. Hollow: one trial.\nSource: {SOURCE}.",
    )
    sentence = ranking_sentence(frame)
    caption = " ".join([sentence, _scale(db, typical, outcome)])
    alt = (
        f"Dot plot of five conditions ordered by the effect of acupuncture on {outcome_words(outcome)} "
        f"{WINDOWS[time]}, against {COMPARATORS[comparator]}, with 95% intervals in standard deviations. {sentence}"
    )
    return Figure(f"ranking_{outcome}_{comparator}", title, caption, alt, axes)


def evidence_map(db: EvidenceBase) -> Figure:
    """Where there are trials at all: conditions by comparators, with the effect on pain where it can be pooled."""
    cells = map_cells(db)
    title = "Where the trials are"
    axes = plots.evidence_map(cells, x="against", y="for", limit=1.0, title=title, source=f"Source: {SOURCE}.")
    total = cells["k"].sum()
    empty = len(FIVE) * (len(COMPARATORS) - 1) - len(cells)
    silent = cells["estimate"].isna().sum()
    alt = (
        f"Bubble map of {total} comparisons of acupuncture in five conditions against seven comparators. "
        f"{empty} of {len(FIVE) * (len(COMPARATORS) - 1)} fields hold no trial, {silent} hold trials without a number "
        f"for pain up to 3 months."
    )
    largest = rows_of(cells.nlargest(1, "k")).pop()
    caption = (
        f"Trials by condition and comparator: area is people, the figure is trials, colour the pooled effect on "
        f"pain up to 3 months in standard deviations, hollow where no number could be had. The fullest field is "
        f"{largest['for'].lower()} against {largest['against']} with {trials(largest['k'])}."
    )
    return Figure("evidence_map", title, caption, alt, axes)


def map_cells(db: EvidenceBase) -> pd.DataFrame:
    """Trials and people with an admissible comparison, by condition and comparator, with the effect on pain.

    Returns
    -------
    DataFrame
        ``for, against`` (words), ``condition, comparator, k`` (trials), ``n`` (people randomised), ``estimate``
        (pooled SMD for pain up to 3 months, NaN where there is none).
    """
    pairs = admissible(db)[["study_id", "comparator"]].drop_duplicates().merge(db.studies, on="study_id")
    pairs = pairs[pairs["condition"].isin(FIVE)]
    cells = pairs.groupby(["condition", "comparator"], as_index=False).agg(
        k=("study_id", "size"), n=("n_randomised", "sum")
    )
    effects = db.select(outcome="pain", time="short").effects("SMD")
    found = pooled_table(effects)[["condition", "comparator", "estimate"]]
    cells = cells.merge(found, how="left", on=["condition", "comparator"])
    for name, column, words in (("for", "condition", CONDITIONS), ("against", "comparator", SHORT_COMPARATORS)):
        levels = [value for value in words if value in set(cells[column])]
        texts = {value: _capital(words[value]) if name == "for" else words[value] for value in levels}
        cells[name] = pd.Categorical(cells[column].map(texts), [texts[value] for value in levels])
    return cells


def write_figures(
    db: EvidenceBase,
    folder: Path,
    only: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write every figure as SVG and PNG, with a JSON file of its words.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    folder : Path
        Where to; made when missing. Figures that are no longer drawn are removed when all are asked for.
    only : str
        Write only figures whose name contains this, and leave the others in the folder.
    progress : callable
        Called with the name of each figure.

    Returns
    -------
    list of str
        Names of the figures written.

    Raises
    ------
    InvalidInput
        When no figure has such a name.
    """
    files: dict[str, bytes] = {}
    names = []
    with plots.theme("blog"):
        for figure in figures(db, only):
            progress(figure.name)
            files[f"{figure.name}.svg"] = figure.image(".svg")
            files[f"{figure.name}.png"] = figure.image(".png", scale=2)
            files[f"{figure.name}.json"] = (json.dumps(figure.words(), indent=1, ensure_ascii=False) + "\n").encode()
            names.append(figure.name)
    if not names:
        raise InvalidInput(f"no figure is called {only!r}")
    if only and folder.is_dir():
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} | files
    write_all(folder, files)
    return names


def _worthwhile(db: EvidenceBase, typical: pd.DataFrame, outcome: str) -> float | None:
    points = db.thresholds.set_index("outcome")["points"]
    if outcome not in points.index or outcome not in typical.index:
        return None
    return float(points[outcome] / typical["sd"][outcome])


def _scale(db: EvidenceBase, typical: pd.DataFrame, outcome: str) -> str:
    worthwhile = _worthwhile(db, typical, outcome)
    if worthwhile is None:
        return ""
    sd, arms = float(typical["sd"][outcome]), int(typical["arms"][outcome])
    return (
        f"One standard deviation is {number(sd, 1)} points of 100 in the {arms} arms that print "
        f"{outcome_words(outcome)} scores; the shaded zone begins at {worthwhile * sd:.0f} points "
        f"({number(worthwhile)} SD), the smallest effect taken as worthwhile."
    )


def _how(rows: pd.DataFrame) -> list[str]:
    words = {"counts": "responders", "printed ratio": "responders", "exact p": "p value"}
    return [words.get(row["route"], "scores") for row in rows_of(rows)]


def _counts(row: dict[str, Any]) -> str:
    k, missing = row["k"], row["trials_missing"]
    if not k:
        return str(row["note"])
    share = row["share_indirect"]
    indirect = "" if not share else ", indirect" if share == 1 else f", {round(share * k)} indirect"
    more = f"; {missing} more without a number" if missing else ""
    return f"{trials(k)}, {people(row['n'])}{indirect}{more}"


def _indirect(effects: pd.DataFrame) -> str:
    k = int((effects["directness"] == "indirect").sum())
    knee = ", for arthritis mostly the knee" if "arthritis" in set(effects["condition"]) else ""
    return f"{k} of {trials(len(effects))} studied a neighbouring population{knee}." if k else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
