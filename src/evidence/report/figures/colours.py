"""One colour a comparator, in every figure and chart of the report."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from ...answers.wording.vocabulary import Vocabulary
from ...plots.parts.theme import CYCLE


def comparator_colours(words: Vocabulary) -> Mapping[str, str]:
    """Colours by the names of the comparators in a key, in the order of ``comparators.csv``."""
    return dict(zip(words.comparator_names.values(), cycle(CYCLE), strict=False))
