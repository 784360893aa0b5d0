"""Bring the catalogues of messages up to date: `make messages`.

Messages are what `_`, `N_`, `ngettext` and `pgettext` mark in the code, and the words of tables in ``data/raw`` that
stand in sentences. New ones are added without a translation, which the tests ask for; those that nobody says any more
go.

``python tools/messages.py fr`` begins a catalogue for a language.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "src" / "evidence" / "locale"
#: How many texts stand first in a call of each mark.
_MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
#: Columns of tables that are said in sentences and on figures, and the context that they are looked up by.
_SAID = (
    ("conditions", "in_text", "conditions.in_text"),
    ("conditions", "in_text", "conditions.name"),
    ("conditions", "short", "conditions.short"),
    ("conditions", "plain_words", "conditions.plain_words"),
    ("comparators", "in_text", "comparators.in_text"),
    ("comparators", "short", "comparators.short"),
    ("comparators", "short", "comparators.name"),
    ("outcomes", "outcome", "outcomes.outcome"),
    ("outcomes", "object", "outcomes.object"),
    ("outcomes", "better", "outcomes.better"),
    ("mechanisms", "label", "mechanisms.label"),
    ("claims", "claim", "claims.claim"),
    ("claims", "stands_in", "claims.stands_in"),
    ("claims", "stands_in", "claims.own_measure"),
    ("published_moderators", "moderator", "published_moderators.moderator"),
    ("published_moderators", "comparator", "published_moderators.comparator"),
    ("published_moderators", "finding", "published_moderators.finding"),
    ("outcomes", "label", "outcomes.label"),
    ("mechanisms", "label", "mechanisms.name"),
    ("mechanisms", "short", "mechanisms.short"),
    ("claims", "claim", "claims.claim"),
    ("risk_of_bias", "domain", "risk_of_bias.domain"),
    ("styles", "style", "styles.style"),
    ("styles", "label", "styles.label"),
)
#: What stands in a sentence otherwise than in its table.
_AS_SAID = {
    "outcomes.outcome": lambda word: word.replace("_", " "),
    "styles.style": lambda word: word.replace("_", " "),
    "mechanisms.label": str.lower,
    "claims.own_measure": lambda word: word.split(":")[0].removeprefix("no trial "),
}


def template() -> Catalog:
    """Every message, in the order of files, then of tables."""
    found = Catalog(project="acupuncture-evidence", charset="utf-8")
    for path in sorted((ROOT / "src" / "evidence").rglob("*.py")):
        for name, texts in _marked(path):
            context, message = texts if name == "pgettext" else (None, texts if name == "ngettext" else texts[0])
            found.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], context=context)
    for table, column, context in _SAID:
        for word in _words(table, column):
            word = _AS_SAID.get(context, str)(word)
            found.add(word, locations=[(f"data/raw/{table}.csv", None)], context=context)
    for word in _counted_in_maintenance():
        found.add(word, locations=[("data/raw/results.csv", None)], context="results.definition")
    return found


def _marked(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The calls that mark a text in a file, also those inside f-strings, and their texts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKS:
            given = [getattr(arg, "value", None) for arg in node.args[: _MARKS[node.func.id]]]
            texts = tuple(text for text in given if isinstance(text, str))
            if len(texts) == _MARKS[node.func.id]:  # else a text that is marked where it is written
                yield node.func.id, texts


def _words(table: str, column: str) -> list[str]:
    return [row[column] for row in _rows(table) if row[column]]


def _counted_in_maintenance() -> list[str]:
    """What trials of maintenance count of people: of those alone a sentence says it."""
    pairs = _rows("comparisons")
    trials = {pair["study_id"] for pair in pairs if pair["exclude_reason"].startswith("maintenance:")}
    rows = [row for row in _rows("results") if row["study_id"] in trials and row["events"]]
    return [row["definition"] for row in rows if row["definition"]]


def _rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "raw" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def update(name: str, messages: Catalog) -> None:
    """Write the catalogue of a language anew, with the translations that it has."""
    path = CATALOGUES / name / "LC_MESSAGES" / "evidence.po"
    new = Catalog(locale=name, header_comment="# What is said in English, in another language.", fuzzy=False)
    if path.is_file():
        with path.open("rb") as file:
            known = read_po(file, locale=name)
        new.creation_date, new.revision_date = known.creation_date, known.revision_date
    for message in messages:
        if message.id:
            there = known.get(message.id, message.context) if path.is_file() else None
            kept = (
                there.string if there and isinstance(there.id, type(message.id)) else None
            )  # else it got plural forms
            new.add(message.id, kept, message.locations, context=message.context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=110, include_lineno=False)


def main(more: list[str]) -> None:
    """Update every catalogue, and those asked for besides; say what has no translation yet."""
    messages = template()
    for name in sorted({path.name for path in CATALOGUES.iterdir() if path.is_dir()} | set(more)):
        update(name, messages)
        with (CATALOGUES / name / "LC_MESSAGES" / "evidence.po").open("rb") as file:
            missing = [str(message.id) for message in read_po(file, locale=name) if message.id and not message.string]
        print(f"{name}: {len(messages)} messages, {len(missing)} without a translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main(sys.argv[1:])
