"""The controls: what can be chosen, and which trials count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import require_extra
from ...languages import N_, Spoken, _, pgettext
from .choice import METHODS, PARTS, TESTS, Choice
from .choices import Choices

require_extra("ipywidgets", "lab")
import ipywidgets as widgets  # noqa: E402

_LABELS = Spoken(
    {
        "condition": N_("Condition"),
        "comparator": N_("Acupuncture against"),
        "outcome": N_("Outcome"),
        "time": N_("When"),
        "measure": N_("Measure"),
        "method": N_("Model"),
        "test": N_("Interval"),
        "style": N_("Style of acupuncture"),
        "beside": N_("Beside it"),
    }
)
_TICKS = Spoken(
    {
        "blinded": N_("blinded only"),
        "scores": N_("scores only"),
        "direct": N_("direct evidence only"),
        "flagged": N_("with flagged trials"),
    }
)
_TIPS = Spoken(
    {
        "blinded": N_("Only trials that say that participants did not know which treatment they got"),
        "scores": N_("Only trials that print scores, none read from a p value or from how many people improved"),
        "direct": N_("Only trials of this very condition, none of a related condition"),
        "flagged": N_("Also trials whose numbers cannot be right as printed or spread far too little"),
    }
)


class Controls:
    """Dropdowns and ticks; each tells what was chosen by the name of a field of `Choice`, or as ``beside``.

    Parameters
    ----------
    choices : Choices
        What can be chosen.
    chosen : callable
        Called with a name and a value when a reader changes one.

    Attributes
    ----------
    dropdowns : dict of str to Dropdown
        By the part of the question or model they choose; ``beside``: another condition.
    ticks : dict of str to Checkbox
        Which trials count: ``blinded``, ``scores``, ``direct``, ``flagged``.
    """

    def __init__(self, choices: Choices, chosen: Callable[[str, str | bool], None]) -> None:
        self._choices, self._chosen = choices, chosen
        self.dropdowns = {name: self._dropdown(name) for name in _LABELS}
        self.ticks = {name: self._tick(name) for name in _TICKS}

    def show(self, choice: Choice, beside: str) -> None:
        """Offer what the choice leaves to choose; ``beside`` is the condition that stands beside it, "" for none."""
        for name, control in self.dropdowns.items():
            value = beside if name == "beside" else getattr(choice, name)
            options = self._options(name, choice)
            with control.hold_sync():
                if tuple(control.options) != tuple(options):
                    control.options = options
                control.value = value
                control.disabled = len(options) < 2 if not value else name == "test" and not choice.tested
        for name, box in self.ticks.items():
            box.value = getattr(choice, name)

    def _dropdown(self, name: str) -> Any:
        control = widgets.Dropdown(description=_LABELS[name], layout={"width": "auto"})
        control.observe(lambda change: self._changed(name, change["new"]), "value")
        return control

    def _tick(self, name: str) -> Any:
        box = widgets.Checkbox(description=_TICKS[name], tooltip=_TIPS[name], indent=False, layout={"width": "auto"})
        box.observe(lambda change: self._changed(name, change["new"]), "value")
        return box

    def _changed(self, name: str, value: str | bool | None) -> None:
        if value is not None:  # what a dropdown is while its options change
            self._chosen(name, value)

    def _options(self, name: str, choice: Choice) -> list[tuple[str, str]]:
        """What a control offers; of intervals only that of the model where it leaves none to choose."""
        if name in PARTS:
            return self._choices.options(name, choice) or [(_("no trial gives a number"), "")]
        if name == "style":
            return [(pgettext("style", "any"), ""), *self._choices.styles()]
        if name == "beside":
            return [(_("no other condition"), ""), *self._choices.conditions(choice)]
        if name == "test" and not choice.tested:
            return [(_("as the model has it"), choice.test)]
        return [(words, value) for value, words in (METHODS if name == "method" else TESTS).items()]
