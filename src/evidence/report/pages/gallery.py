"""The gallery: every figure with its words, its files and what to paste into a page."""

from __future__ import annotations

from ...answers.results import Results
from ..figures.catalogue import figure_names
from ..project import Project
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
        ]
    return "\n\n".join(parts) + "\n"
