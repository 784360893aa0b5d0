"""The API reference: a page for each room, from the docstrings of its public names."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import evidence

#: Rooms in the order data flows, with what a reader looks for in each.
_ROOMS = {
    "base": "Trial tables",
    "effects": "Effect sizes",
    "derive": "From rows to effects",
    "models": "Models",
    "bias": "Small studies and selection",
    "sensitivity": "Sensitivity",
    "answers": "Answers",
    "plots": "Figures",
    "charts": "Interactive charts",
    "report": "Explorer",
    "errors": "Errors and warnings",
}


def reference_pages() -> dict[str, str]:
    """File name to Markdown: an index and a page for each room that exports a name."""
    found = exported()
    rooms = {room: title for room, title in _ROOMS.items() if found.get(room)}
    pages = {}
    for room, title in rooms.items():
        blocks = [f"```{{eval-rst}}\n.. {kind}:: {path}\n```" for kind, path in map(_directive, found[room])]
        pages[f"reference/{room}.md"] = "\n\n".join([f"# {title}", *blocks]) + "\n"
    names = [
        f"- [{title}]({room}.md): " + ", ".join(f"`{path.removeprefix('evidence.')}`" for path in found[room])
        for room, title in rooms.items()
    ]
    listed = "\n".join([*rooms])
    index = ["# Reference", "`import evidence as ev`, then `ev.` and the name.", "\n".join(names),
             f"```{{toctree}}\n:hidden:\n\n{listed}\n```"]  # fmt: skip
    return {"reference/index.md": "\n\n".join(index) + "\n"} | pages


def exported() -> dict[str, list[str]]:
    """Room to the public names it gives ``evidence``, from the package's stub; figures by ``plots.`` and ``charts.``"""
    rooms: dict[str, list[str]] = defaultdict(list)
    stub = Path(str(evidence.__file__)).with_suffix(".pyi")
    for line in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.ImportFrom):
            for alias in line.names:
                if line.module is None:
                    module = getattr(evidence, alias.name)
                    rooms[alias.name] += [f"evidence.{alias.name}.{name}" for name in sorted(module.__all__)]
                else:
                    rooms[line.module.split(".")[0]].append(f"evidence.{alias.name}")
    return rooms


def _directive(path: str) -> tuple[str, str]:
    *_, last = path.split(".")
    return ("autoclass" if last[0].isupper() else "autofunction"), path
