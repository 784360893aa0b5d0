"""Words of a source that are ours: a key or a label of the vocabularies, in so many words."""

from __future__ import annotations

import re
from collections import defaultdict

import pandas as pd

from ..base.package import fields
from ..base.tables import TrialTables

#: Vocabulary to its table, its key, and the columns in which the key has a name.
_TABLES = {
    "condition": ("conditions", "condition", ("label", "in_text")),
    "outcome": ("outcomes", "outcome", ("label",)),
    "instrument": ("instruments", "instrument_id", ("label",)),
    "comparator": ("comparators", "comparator", ("in_text", "short")),
    "style": ("styles", "style", ("label",)),
}
#: Vocabulary to the column of the codebook that lists its words.
_LISTS = {"role": ("arms", "role"), "when": ("results", "when"), "design": ("studies", "design")}


class Words:
    """What the vocabularies call things.

    Parameters
    ----------
    tables : TrialTables
        Its vocabularies are taken.
    """

    def __init__(self, tables: TrialTables) -> None:
        self._keys: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for kind, (table, key, names) in _TABLES.items():
            rows: pd.DataFrame = getattr(tables, table)
            for column in (key, *names):
                for word, name in zip(rows[key], rows[column], strict=True):
                    self._keys[kind][_folded(name)].add(word)
        for kind, (table, column) in _LISTS.items():
            listed = next(field["constraints"]["enum"] for field in fields(table) if field["name"] == column)
            for word in listed:
                self._keys[kind][_folded(word)].add(word)

    def key(self, kind: str, *said: str) -> str:
        """The key that one of the texts is the name of; "" where none is, or where two are meant.

        Parameters
        ----------
        kind : {"condition", "outcome", "instrument", "comparator", "style", "role", "when", "design"}
            The vocabulary.
        *said : str
            What the source says. Case, underscores and runs of spaces do not matter; all else does.
        """
        found = {key for text in said if text for key in self._keys[kind].get(_folded(text), ())}
        return found.pop() if len(found) == 1 else ""


def _folded(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text).strip().casefold()
