"""The explorer in JupyterLab: controls, answer, forest, and a button that keeps the figure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Any

from ...answers.wording.words import listed
from ...derive.evidence_base import EvidenceBase, load
from ...errors import EvidenceError, require_extra
from ...languages import _, language, spoken
from .analysis import Analysis
from .analyst import Analyst
from .answer import answer_html, more_html
from .choice import usual_measure
from .controls import Controls
from .live_forest import AXIS, forest_html, summary_names
from .saving import downloads, save

require_extra("ipywidgets", "lab")
import ipywidgets as widgets  # noqa: E402

#: The base that `warm` loaded; it is used once, so that trials changed since are seen.
_warm: list[EvidenceBase] = []


def explore(db: EvidenceBase | None = None) -> Explorer:
    """Explore the trials in JupyterLab: choose a question and a model, leave trials out, keep the figure.

    Parameters
    ----------
    db : EvidenceBase, optional
        The trials, or a selection of them. Default: the data that comes with the package.

    Returns
    -------
    Explorer
        Shown when it is the last line of a cell.

    Raises
    ------
    InvalidInput
        When the base has no comparison that may be pooled.

    See Also
    --------
    load : the trials.
    pool : the model behind the answer.
    plots.forest : the figure that is saved.

    Notes
    -----
    The default analysis is that of the tables: every trial, Bayesian random effects for two to four of them and REML
    with Knapp-Hartung for more, risk ratios for responders and adverse events, standardised mean differences for all
    else. Whatever departs from it is said beside the answer and in the
    caption of the saved figure.

    Examples
    --------
    >>> import evidence as ev
    >>> explorer = ev.explore(ev.load().select(condition="osteoarthritis"))
    >>> explorer.analysis.choice.comparator
    'sham'
    """
    if db is None:
        db = _warm.pop() if _warm else load()
    return Explorer(db)


def warm() -> None:
    """Load the trials, and compute what the first answer needs, for the next `explore` without a base."""
    db = load()
    Analyst(db)
    _warm.append(db)


class Explorer:
    """Controls and what they show.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    folder : path, optional
        Where figures are saved; made when the first one is.

    Attributes
    ----------
    controls : dict of str to Dropdown
        By the part of the question or model they choose.
    ticks : dict of str to Checkbox
        Which trials count: ``blinded``, ``scores``, ``direct``, ``flagged``.
    boxes : list of Checkbox
        One a trial that is shown, oldest first; unticked: left out.
    analysis : Analysis
        What is shown.
    beside : Analysis or None
        The same question of another condition, where one stands beside it.
    message : HTML
        What became of a figure that was to be saved.
    restore : Button
        Brings all trials back.
    save : Button
        Saves the figure and its caption.
    box : VBox
        The whole.

    See Also
    --------
    explore : makes one and shows it.

    Examples
    --------
    >>> import evidence as ev
    >>> explorer = ev.explore(ev.load().select(condition="osteoarthritis"))
    >>> explorer.choose(outcome="disability").choice.outcome
    'disability'
    """

    def __init__(self, db: EvidenceBase, folder: str | Path = "explored") -> None:
        self._analyst = Analyst(db)
        self._folder, self._language = Path(folder), spoken()
        self._turn = RLock()  # JupyterLab gives widgets a thread beside the kernel's own, or each a thread of its own
        self._busy = False
        self._pool: list[Any] = []
        self._choice = self._analyst.choices.first()
        self._other = ""
        self.beside: Analysis | None = None
        self._controls = Controls(self._analyst.choices, self._chosen)
        self.controls, self.ticks = self._controls.dropdowns, self._controls.ticks
        self.boxes: list[Any] = []
        self._answer, self._forest, self._more, self._second, self.message = (widgets.HTML() for _ in range(5))
        self._head = widgets.HTML(
            f'<div class="ev-rowname ev-small">{escape(_("Trial"))}'
            f'<span class="ev-hidden">{escape(_(": untick to leave out"))}</span></div>'
        )
        self._feet = widgets.HTML()
        self._trials = _classed(widgets.VBox(), "ev-trials")
        self.restore = widgets.Button(description=_("Bring all trials back"), icon="undo", layout={"width": "auto"})
        self.save = widgets.Button(description=_("Save figure and caption"), icon="save", layout={"width": "auto"})
        self.restore.on_click(lambda _button: self.choose(left_out=frozenset()))
        self.save.on_click(lambda _button: self._save())
        self.box = self._arranged()
        self.analysis = self._show()

    def choose(self, **parts: Any) -> Analysis:
        """Change parts of the `Choice`.

        Parts that then have no trials change with them. Trials stay left out as long as the comparison, outcome and
        window stay; a measure that was the usual one of its outcome stays the usual one.

        Parameters
        ----------
        **parts : str, bool or frozenset
            New values by the names of the fields of `Choice`; ``left_out`` is a set of keys of trials. ``beside`` is a
            condition to stand beside it, "" for none.

        Returns
        -------
        Analysis
            What is shown now.
        """
        with self._turn, language(self._language):  # a click comes without the language that was spoken
            before, self._other = self._choice, parts.pop("beside", self._other)
            if before.measure == usual_measure(before.outcome):
                parts = {"measure": ""} | parts
            settled = self._analyst.choices.settled(replace(before, **parts))
            if settled.question[:4] != before.question[:4] and "left_out" not in parts:
                settled = replace(settled, left_out=frozenset())
            self._choice = settled
            self.analysis = self._show()
            return self.analysis

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)

    def _chosen(self, name: str, value: str | bool) -> None:
        with self._turn:
            if not self._busy:
                self.choose(**{name: value})

    def _ticked(self, box: Any, kept: bool) -> None:
        with self._turn:
            if not self._busy and box in self.boxes:
                study = {self.analysis.rows["study"].iloc[self.boxes.index(box)]}
                out = self._choice.left_out
                self.choose(left_out=out - study if kept else out | study)

    def _show(self) -> Analysis:
        analysis = self._analyst.analyse(self._choice)
        others = {value for _name, value in self._analyst.choices.conditions(self._choice)}
        self._other = self._other if self._other in others else ""
        asked = replace(self._choice, condition=self._other, left_out=frozenset())
        self.beside = self._analyst.analyse(asked) if self._other else None
        with self._quietly():
            self._controls.show(self._choice, self._other)
            self._show_boxes(analysis)
            self._answer.value = answer_html(analysis, analysis.title if self.beside else "")
            self._forest.value = forest_html(analysis, self.beside)
            self._more.value = more_html(analysis)
            self._second.value = "" if self.beside is None else _alone(self.beside, analysis)
            self._second.layout.display = "none" if self.beside is None else None
            self.message.value = ""
            self.restore.disabled = not analysis.left_out
            self.save.disabled = analysis.fit is None
        return analysis

    def _show_boxes(self, analysis: Analysis) -> None:
        while len(self._pool) < len(analysis.rows):
            box = widgets.Checkbox(value=True, indent=False, layout={"width": "100%"})
            box.observe(lambda change: self._ticked(change["owner"], change["new"]), "value")
            self._pool.append(box)
        self.boxes = self._pool[: len(analysis.rows)]
        labels = analysis.rows["label"].tolist() if len(analysis.rows) else []
        for box, label, kept in zip(self.boxes, labels, analysis.kept, strict=True):
            with box.hold_sync():
                box.description = str(label)
                box.tooltip = str(label) + _(": untick to leave out")
                box.value = bool(kept)
                box._dom_classes = () if kept else ("ev-out",)
        names = summary_names(analysis)
        rows = (
            f'<div class="ev-rowname{" ev-small" * (at > 0)}">{escape(name)}</div>' for at, name in enumerate(names)
        )
        self._feet.value = f'{"".join(rows)}<div style="height:{AXIS}px"></div>'
        self._trials.children = (self._head, *self.boxes, self._feet) if self.boxes else ()

    def _save(self) -> None:
        with language(self._language):
            self.message.value = self._saved()

    def _saved(self) -> str:
        try:
            paths, new = save(self.analysis, self._folder)
        except (EvidenceError, OSError) as error:
            return f'<span role="alert">{escape(_("Not saved: {why}", why=error))}</span>'
        where = f"{paths[0].with_suffix('')} ({listed([path.suffix for path in paths])})"
        did = _("Saved {where}", where=where) if new else _("Already there, unchanged: {where}", where=where)
        return f'<span role="status">{escape(did)}</span> {downloads(paths)}'

    def _arranged(self) -> Any:
        style = files(__package__).joinpath("explorer.css").read_text(encoding="utf-8")
        look = widgets.HTML(f"<style>{style}</style>", layout={"display": "none"})
        controls = _classed(widgets.Box(tuple(self.controls.values())), "ev-controls")
        ticks = _classed(widgets.Box(tuple(self.ticks.values())), "ev-ticks")
        body = _classed(widgets.HBox((self._trials, _classed(self._forest, "ev-plot"))), "ev-body")
        buttons = _classed(widgets.HBox((self.restore, self.save, self.message)), "ev-buttons")
        first = _classed(widgets.VBox((self._answer, body, self._more)), "ev-first")
        both = _classed(widgets.Box((first, _classed(self._second, "ev-second"))), "ev-both")
        return _classed(widgets.VBox((look, controls, ticks, both, buttons)), "ev-explorer")

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """While the controls are set from the choice they choose nothing themselves."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


def _alone(analysis: Analysis, beside: Analysis) -> str:
    """The second of two conditions: all that is said of it, and its forest on the axis of the first."""
    forest = forest_html(analysis, beside, named=True)
    return f"{answer_html(analysis, analysis.title)}{forest}{more_html(analysis)}"


def _classed(widget: Any, name: str) -> Any:
    widget.add_class(name)
    return widget
