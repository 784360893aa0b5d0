"""What can be asked of the page: each question with every combination of ticks, told by the fewest of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from ..explorer.choice import Choice
from ..explorer.choices import Choices
from ..explorer.filters import counted

#: Ticks by the field of `Choice` that they set, in the order of a combination.
TICKS = ("blinded", "scores", "direct", "flagged")
Ticks = tuple[bool, ...]


@dataclass(frozen=True)
class Ticked:
    """A combination of ticks of one question.

    Attributes
    ----------
    choice : Choice
        By the fewest of these ticks that leave the same trials: what the answer speaks of.
    studies : tuple of str
        Trials that count.
    """

    choice: Choice
    studies: tuple[str, ...]

    @property
    def left_out(self) -> list[Choice]:
        """The choice without each of its trials in turn; none where it has one trial."""
        one_by_one = self.studies if len(self.studies) > 1 else ()
        return [replace(self.choice, left_out=frozenset({study})) for study in one_by_one]


def ticked(choices: Choices, question: Choice) -> Mapping[Ticks, Ticked]:
    """Each combination of ticks, with the trials that it leaves.

    Parameters
    ----------
    choices : Choices
        Of the base.
    question : Choice
        Without a tick.
    """
    rows = choices.everything(question)
    alone = [counted(rows, _with(question, dict.fromkeys((name, "flagged"), True))) for name in TICKS]
    sound = counted(rows, question)
    kept, given = {}, {}
    for ticks in product((False, True), repeat=len(TICKS)):
        given[ticks] = _with(question, dict(zip(TICKS, ticks, strict=True)))
        masks = [mask for mask, tick in zip(alone, ticks, strict=True) if tick]
        kept[ticks] = tuple(rows["study"][np.logical_and.reduce(masks if given[ticks].flagged else [sound, *masks])])
    fewest = {
        ticks: min((few for few in kept if _within(few, ticks) and kept[few] == kept[ticks]), key=sum) for ticks in kept
    }
    return {ticks: Ticked(given[few], kept[few]) for ticks, few in fewest.items()}


def _with(question: Choice, ticks: Mapping[str, Any]) -> Choice:
    return replace(question, **ticks)


def _within(few: Ticks, ticks: Ticks) -> bool:
    return all(ticked or not wanted for wanted, ticked in zip(few, ticks, strict=True))
