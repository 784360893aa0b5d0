"""The API reference: a page for each family, from the docstrings of its public names."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import isabstract
from pathlib import Path

import evidence

from ...models.result import Result

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
    pages = {}
    for family, names in found.items():
        blocks = [f"```{{eval-rst}}\n{_directive(path)}\n```" for path in names]
        pages[_file(family)] = "\n\n".join([f"# {_FAMILIES[family]}", *_opening(family), *blocks]) + "\n"
    listed = [
        f"- [{_FAMILIES[family]}]({Path(_file(family)).name}): "
        + ", ".join(f"`{path.removeprefix('evidence.')}`" for path in names)
        for family, names in found.items()
    ]
    toctree = "\n".join(Path(_file(family)).stem for family in found)
    index = [
        "# Reference",
        "`import evidence as ev`, then `ev.` and the name.",
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


def _file(family: str) -> str:
    return f"reference/{family.split('.')[-1]}.md"


def _opening(family: str) -> list[str]:
    """What a package says of itself: its words, then its example as code to copy."""
    words, _, example = (import_module(f"evidence.{family}").__doc__ or "").partition("\n\nExamples\n--------\n")
    return [words.strip(), *([f"```pycon\n{example.strip()}\n```"] if example else [])]


def bases(found: type) -> list[type]:
    """Classes that a public class is made of, itself and `Result` apart: their members are documented as its own."""
    own = [base for base in found.__mro__[1:] if base.__module__.startswith("evidence.") and not isabstract(base)]
    return [base for base in own if not issubclass(base, Result | BaseException)]


def _directive(path: str) -> str:
    *_, last = path.split(".")
    if not last[0].isupper():
        return f".. autofunction:: {path}"
    shared = "\n   :inherited-members:" if bases(getattr(evidence, last)) else ""
    return f".. autoclass:: {path}{shared}"
