"""What the forms of a trial ask for: their tables, their columns in order, and what each column may hold."""

from __future__ import annotations

from dataclasses import dataclass

from ...base.columns import column_rules
from ...base.package import Descriptor, fields, resources
from ...base.reading import read_text
from ..project import Project
from .example import EXAMPLE


def _tables_of_a_trial() -> tuple[str, ...]:
    to_studies = {"resource": "studies", "fields": ["study_id"]}
    mine = [
        name
        for name, resource in resources().items()
        if any(key["reference"] == to_studies for key in resource["schema"].get("foreignKeys", []))
    ]
    return tuple(dict.fromkeys((*EXAMPLE, *mine)))


#: Tables that a trial has rows in: those of the worked example, then every other that refers to a trial.
FORMS = _tables_of_a_trial()
#: Columns that are filled in where a row leaves them empty: whose row it is, and its number.
KEYS = ("study_id", "result_id")


@dataclass(frozen=True)
class Column:
    """One column of a form.

    Attributes
    ----------
    name : str
        As in the table.
    meaning : str
        What the codebook says of it.
    allowed : str
        Its rules in words, "" where anything may stand there.
    words : tuple of str
        The words it may hold, empty where it is free.
    of_arms : bool
        It names an arm of the trial.
    required : bool
        It must not be empty.
    matters : bool
        The worked example fills it in.
    """

    name: str
    meaning: str
    allowed: str
    words: tuple[str, ...]
    of_arms: bool
    required: bool
    matters: bool


def columns(project: Project, table: str) -> list[Column]:
    """Columns of a form, those of the worked example first.

    Parameters
    ----------
    project : Project
        Its ``data/raw`` has the vocabularies.
    table : str
        Name of the table.
    """
    shown = EXAMPLE.get(table, [{}])[0]
    by_name = {field["name"]: field for field in fields(table)}
    return [_column(project, table, by_name[name], name in shown) for name in names(table)]


def names(table: str) -> list[str]:
    """Names of the columns of a form, in its order; the first is a key."""
    return list(dict.fromkeys((*EXAMPLE.get(table, [{}])[0], *(field["name"] for field in fields(table)))))


def _column(project: Project, table: str, field: Descriptor, matters: bool) -> Column:
    name, limits = field["name"], field.get("constraints", {})
    rules = [rule.words for rule in column_rules(table).get(name, []) if rule.name != "required"]
    words = tuple(limits.get("enum", ()))
    source, key = _source(table, field)
    of_arms = source == "arms"
    if source and not of_arms and not words:
        words = (*field.get("items", {}).get("also", ()), *_vocabulary(project, source, key))
        rules.append(f"must be in {source}.csv: {', '.join(words)}")
    kind = {"integer": "whole number", "number": "number"}.get(field["type"], "")
    required = bool(limits.get("required"))
    said = ["required" if required else "", kind, *rules, "must be an arm of the trial" if of_arms else ""]
    return Column(name, field["description"], "; ".join(filter(None, said)), words, of_arms, required, matters)


def _source(table: str, field: Descriptor) -> tuple[str, str]:
    """Table and column that the words of a column come from; empty where it is free, or the trial's own key."""
    if "resource" in field.get("items", {}):
        return field["items"]["resource"], field["items"]["field"]
    for key in resources()[table]["schema"].get("foreignKeys", []):
        if key["fields"][-1] == field["name"] and key["reference"]["resource"] != "studies":
            return key["reference"]["resource"], key["reference"]["fields"][-1]
    return "", ""


def _vocabulary(project: Project, table: str, column: str) -> list[str]:
    raw, _ = read_text(project.raw / resources()[table]["path"], table)
    return list(dict.fromkeys(raw.cells[column])) if raw else []
