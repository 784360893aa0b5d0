"""The gallery: every figure in small, to choose among; each has a page with its files and what to paste into a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...answers.results import Results
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import capital
from ..citation import Citation, read_citation
from ..figures.catalogue import subjects
from ..figures.files import snippet
from ..project import Project
from .cite import cite_box
from .markup import figure, fold, text, words_of

#: Kinds of figures by how their names begin.
KINDS = {
    "ranking": "Conditions in order",
    "forest": "Trial by trial",
    "people": "Of 100 people",
    "timecourse": "How long it lasts",
    "specifications": "All ways to compute it",
    "funnel": "Small and large trials",
    "claims": "Claims and maps",
    "evidence": "Claims and maps",
    "outcome": "Claims and maps",
    "mechanism": "Mechanisms",
    "mechanisms": "Mechanisms",
    "integrity": "Trust",
    "risk": "Trust",
}
#: What to take away: what a file is called, and how its name ends.
_FILES = (("SVG", ".svg"), ("PNG", ".png"), ("PNG, double size", "@2x.png"), ("words", ".json"))
_ALL = "all"
#: The end of a sentence; "n.d." of a trial without a year is none.
_SENTENCE = re.compile(r"(?<!\bn\.d)(?<=[.]) (?=[A-Z])")


def gallery(results: Results, project: Project) -> str:
    """The page of all figures of the project's folder, in small."""
    conditions = {_ALL: "all conditions together"}
    kinds: dict[str, str] = {}
    comparators: dict[str, str] = {}
    cards, names = [], []
    for name, condition, said in _drawn(results, project):
        kind, comparator = KINDS[name.split("_")[0]], _comparator(name, results.words)
        kinds[kind] = kind
        conditions[condition or _ALL] = results.words.conditions.get(condition, conditions[_ALL])
        if comparator:
            comparators[comparator] = results.words.comparators[comparator]
        names.append(name)
        cards.append(
            f'<li data-condition="{text(condition or _ALL)}" data-kind="{text(kind)}" '
            f'data-comparator="{text(comparator)}"><a href="figures/{name}.html"><img src="figures/{name}.svg" '
            f'alt="{text(kind)}" loading="lazy" width="{said["width"]}" height="{said["height"]}">'
            f"<span>{text(said['title'])}</span></a></li>"
        )
    chosen = {"condition": conditions, "kind": kinds, "comparator": comparators}
    pages = "\n".join(f"figures/{name}" for name in names)
    parts = [
        "# Figures",
        "Each may be used under CC BY 4.0: its page has the files, the code to embed it, caption, sentence and "
        "alternative text to copy, and how to cite it. "
        "[Interactive figures](interactive/index.md) are to point at and click.",
        _filters(chosen) if cards else "",
        "\n".join(['<ul class="gallery">', *cards, "</ul>"]) if cards else "",
        '<script src="_static/gallery.js" defer></script>' if cards else "",
        f"```{{toctree}}\n:hidden:\n\ninteractive/index\n{pages}\n```",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def figure_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown of a page for each figure of the project's folder."""
    base, whole = project.base_url, read_citation(project.citation) if project.citation.is_file() else None
    return {f"figures/{name}.md": _page(project, base, whole, name, said) for name, _, said in _drawn(results, project)}


def _drawn(results: Results, project: Project) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, condition and words of every figure that there is."""
    for name, condition in subjects(results).items():
        if said := words_of(project.figures, name):
            yield name, condition, said


def _comparator(name: str, words: Vocabulary) -> str:
    """What a figure compares with; empty where it shows every comparator, or none."""
    return next((key for key in words.comparators if name.endswith(f"_{key}")), "")


def _filters(chosen: Mapping[str, Mapping[str, str]]) -> str:
    """The form that chooses; without scripts all figures are shown and the form is not."""
    labels = {"condition": "Condition", "kind": "Kind", "comparator": "Acupuncture against"}
    selects = "".join(
        f'<label>{labels[name]}<select name="{name}"><option value="">any</option>'
        + "".join(f'<option value="{text(key)}">{text(capital(words))}</option>' for key, words in options.items())
        + "</select></label>"
        for name, options in chosen.items()
    )
    return f'<form class="ask-parts gallery-filter" hidden>{selects}<output></output></form>'


def _page(project: Project, base: str, whole: Citation | None, name: str, said: Mapping[str, Any]) -> str:
    """One figure with its files and words, on a site at ``base``, and how it is cited where the ``whole`` is."""
    folder = project.figures
    files = [
        f'<a href="{name}{ending}" download>{label}</a>'
        for label, ending in _FILES
        if (folder / f"{name}{ending}").is_file()
    ]
    if (project.social / f"{name}.png").is_file():
        files.append(f'<a href="social/{name}.png" download>card for social media</a>')
    embeds = f"The picture is loaded from {text(base)}." if base else "Put the PNG files beside your page."
    code = snippet(name, said, f"{base}figures/" if base else "")
    parts = [
        f"# {text(said['title'])}",
        figure(folder, name, "../"),
        f'<p class="files">Download: {", ".join(files)}.</p>',
        fold("Embed it in a page", embeds, _block("html", code.strip())),
        fold("Copy the caption", _block("text", said["caption"])),
        fold("Copy a sentence", _block("text", _SENTENCE.split(said["caption"])[0])),
        fold("Copy the alternative text", _block("text", said["alt"])),
        _cite(whole, f"{base}figures/{name}.html" if base else "", said["title"]),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _block(language: str, words: str) -> str:
    """Text with a button that copies it."""
    return f"``````````{language}\n{words}\n``````````"


def _cite(whole: Citation | None, address: str, title: str) -> str:
    return cite_box(replace(whole, part=title, address=address), "figure") if whole else ""
