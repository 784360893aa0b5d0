"""The gallery: every figure with its words, its files and what to paste into a page."""

from __future__ import annotations

import json

from ..project import Project
from .markup import figure, text


def gallery(project: Project) -> str:
    """All figures of the folder, in the order of their names."""
    parts = [
        "# Figures",
        "Each may be used under CC BY 4.0. Copy the code below a figure into a web page, or take the files. "
        "`evidence figures --preset social` makes cards, `--preset print` figures for a journal.",
    ]
    for path in sorted(project.figures.glob("*.json")):
        words = json.loads(path.read_text(encoding="utf-8"))
        files = [
            f'<a href="figures/{path.stem}{ending}" download>{label}</a>'
            for ending, label in ((".svg", "SVG"), (".png", "PNG"), ("@2x.png", "PNG, double size"), (".json", "words"))
            if path.with_name(path.stem + ending).is_file()
        ]
        snippet = path.with_suffix(".html").read_text(encoding="utf-8").strip()
        parts += [
            f"## {text(words['title'])}",
            figure(project.figures, path.stem),
            f"Files: {', '.join(files)}.",
            f"````{{code-block}} html\n{snippet}\n````",
        ]
    return "\n\n".join(parts) + "\n"
