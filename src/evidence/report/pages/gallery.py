"""The gallery: every figure with its words, its files and what to paste into a page."""

from __future__ import annotations

from dataclasses import replace

from ...answers.results import Results
from ..citation import read_citation
from ..figures.catalogue import figure_names
from ..project import Project
from .cite import cite_box
from .markup import figure, text, words_of


def gallery(results: Results, project: Project) -> str:
    """All figures of the project's folder."""
    parts = [
        "# Figures",
        "Each may be used under CC BY 4.0. Copy the code below a figure into a web page, or take the files. "
        "`evidence figures --preset social` makes cards, `--preset print` figures for a journal. "
        "[Interactive figures](interactive/index.md) are to point at and click.",
        "```{toctree}\n:hidden:\n\ninteractive/index\n```",
    ]
    for name in figure_names(results):
        path, words = project.figures / f"{name}.json", words_of(project.figures, name)
        if not words:
            continue
        files = [
            f'<a href="figures/{name}{ending}" download>{label}</a>'
            for ending, label in ((".svg", "SVG"), (".png", "PNG"), ("@2x.png", "PNG, double size"), (".json", "words"))
            if path.with_name(name + ending).is_file()
        ]
        snippet = path.with_suffix(".html").read_text(encoding="utf-8").strip()
        parts += [
            f'<span id="{name}"></span>',
            f"## {text(words['title'])}",
            figure(project.figures, name),
            f"Files: {', '.join(files)}.",
            f"````{{code-block}} html\n{snippet}\n````",
            _cite(project, name, words["title"]),
        ]
    return "\n\n".join(parts) + "\n"


def _cite(project: Project, name: str, title: str) -> str:
    if not project.citation.is_file():
        return ""
    address = f"{project.base_url}figures/{name}.svg" if project.base_url else ""
    return cite_box(replace(read_citation(project.citation), part=title, address=address), "figure")
