"""The Frictionless descriptor ``datapackage.json``: the one place that says what each table holds."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Descriptor = dict[str, Any]


def bundled_root() -> Path:
    """Folder of the data that comes with the package (an installed copy, or the repository's ``data/raw``)."""
    package = Path(__file__).parents[1]
    installed = package / "data" / "raw"
    return installed if installed.is_dir() else package.parents[1] / "data" / "raw"


@cache
def descriptor() -> Descriptor:
    """The data package as a dictionary (do not change it).

    Every folder is held against this descriptor, never against one found in the folder itself.
    """
    loaded: Descriptor = json.loads((bundled_root() / "datapackage.json").read_text(encoding="utf-8"))
    return loaded


@cache
def resources() -> dict[str, Descriptor]:
    """Table name to its description, in the order of the descriptor (do not change it)."""
    return {resource["name"]: resource for resource in descriptor()["resources"]}


def enumerated(table: str) -> set[str]:
    """Columns of a table that hold one word out of a list."""
    return {field["name"] for field in fields(table) if "enum" in field.get("constraints", {})}


def fields(table: str) -> list[Descriptor]:
    """Column descriptions of one table, in order."""
    found: list[Descriptor] = resources()[table]["schema"]["fields"]
    return found
