"""The API reference: a page for each family, from the docstrings of its public names."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from inspect import isclass
from pathlib import Path

import evidence

from .docstring_html import Link, code
from .docstrings import described, members

#: Families in the order data flows: where each lives, and what a reader looks for in it.
_FAMILIES = {
    "effects": "Effect sizes",
    "models.univariate": "Pooling and meta-regression",
    "models.dependence": "Dependent effects",
    "models.multilevel": "Multilevel models",
    "models.counts": "Tables of events",
    "models.network": "Network meta-analysis",
    "models.bayes": "Bayesian models",
    "models.bivariate": "Two outcomes together",
    "models.directions": "Directions and p values",
    "models": "What fits share",
    "bias": "Small studies and selection",
    "integrity": "Can the numbers be right",
    "sensitivity.sequential": "What would settle it",
    "sensitivity": "Sensitivity",
    "plots": "Figures",
    "base": "Trial tables",
    "derive": "From rows to effects",
    "exchange": "Other tools",
    "answers": "Answers",
    "charts": "Interactive charts",
    "report.story": "In a notebook",
    "report": "Explorer",
    "languages": "Languages",
    "errors": "Errors and warnings",
}


def reference_pages() -> dict[str, str]:
    """File name to Markdown: an index and a page for each family, which opens with its package's words and example."""
    found = exported()
    objects = {path: reduce(getattr, path.split(".")[1:], evidence) for paths in found.values() for path in paths}
    places = {path: _page(family) for family, paths in found.items() for path in paths}
    for path, one in objects.items():
        if isclass(one):
            places |= {f"{path}.{member}": places[path] for member in members(one)}
    pages = {}
    for family, paths in found.items():
        named = [described(path, objects[path], _linked(path, places)) for path in paths]
        parts = [f"# {_FAMILIES[family]}", *_opening(family), *named]
        pages[f"reference/{_page(family)}.md"] = "\n\n".join(parts) + "\n"
    listed = [
        f"- [{_FAMILIES[family]}]({_page(family)}.md): "
        + ", ".join(f"`{path.removeprefix('evidence.')}`" for path in paths)
        for family, paths in found.items()
    ]
    toctree = "\n".join(_page(family) for family in found)
    index = [
        "# Reference",
        "`import evidence as ev`, then `ev.` and the name. Every result prints itself as `summary()`, says its "
        "`sentence()`, gives its numbers by `to_frame()`, and has a `plot()` where there is a figure of its kind.",
        "\n".join(listed),
        f"```{{toctree}}\n:hidden:\n\n{toctree}\n```",
    ]
    return {"reference/index.md": "\n\n".join(index) + "\n"} | pages


def exported() -> dict[str, list[str]]:
    """Family to the public names it gives ``evidence``, from the package's stub; figures by ``plots.``, ``charts.``"""
    found: dict[str, list[str]] = {family: [] for family in _FAMILIES}
    stub = Path(str(evidence.__file__)).with_suffix(".pyi")
    for line in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.ImportFrom):
            for alias in line.names:
                if line.module is None:
                    module = getattr(evidence, alias.name)
                    found[alias.name] += [f"evidence.{alias.name}.{name}" for name in sorted(module.__all__)]
                else:
                    family = next(name for name in _FAMILIES if f"{line.module}.".startswith(f"{name}."))
                    found[family].append(f"evidence.{alias.name}")
    return {family: names for family, names in found.items() if names}


def _page(family: str) -> str:
    return family.split(".")[-1]


def _opening(family: str) -> list[str]:
    """What a package says of itself: its words, then its example as code to copy."""
    words, _, example = (import_module(f"evidence.{family}").__doc__ or "").partition("\n\nExamples\n--------\n")
    return [words.strip(), *([f"```pycon\n{example.strip()}\n```"] if example else [])]


def _linked(path: str, places: Mapping[str, str]) -> Link:
    """Makes links of the names that the docstring of ``path`` speaks of; ``places`` says on which page a name is."""
    module = path.rpartition(".")[0]

    def link(name: str) -> str:
        shown = code(name, "xref py py-obj ")
        target = next((way for way in (f"{module}.{name}", f"evidence.{name}", name) if way in places), None)
        if target is None:
            return shown
        page = "" if places[target] == places[path] else f"{places[target]}.html"
        return f'<a class="reference internal" href="{page}#{target}" title="{target}">{shown}</a>'

    return link
