"""The PDF of a handout, made by Typst: tagged, with its fonts inside, and the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl

from ...answers.results import Results
from ...errors import InvalidInput, require_extra
from ...files import write
from ..pages.markup import page_name
from ..project import Project
from .words import Handout, handout

#: Sizes of paper: what they are called by us, and by Typst.
PAPERS: Mapping[str, str] = {"a4": "a4", "letter": "us-letter"}
_LOOK = Path(__file__).with_name("handout.typ")
#: PDF for everybody (ISO 14289-1): tags, title, language and alternatives to pictures are checked as it is written.
_STANDARD = "ua-1"


def printable() -> bool:
    """Whether Typst is installed."""
    return find_spec("typst") is not None


def file_name(key: str, paper: str) -> str:
    """Name of the file of a handout.

    Parameters
    ----------
    key : str
        Its condition.
    paper : str
        "a4" or "letter".
    """
    return f"{page_name(key)}-{paper}.pdf"


def sheet(said: Handout, paper: str = "a4", kind: Literal["pdf", "png"] = "pdf") -> bytes | list[bytes]:
    """The handout on paper.

    Parameters
    ----------
    said : Handout
    paper : str
        "a4" or "letter".
    kind : "pdf" or "png"
        A PNG is what a printer would put on the paper; several where it needs more than one page.

    Raises
    ------
    MissingExtra
        Typst is not installed.
    InvalidInput
        There is no such paper.
    """
    if paper not in PAPERS:
        raise InvalidInput(f"paper={paper!r}: choose one of {', '.join(PAPERS)}")
    inputs = {"words": json.dumps(_shown(asdict(said))), "paper": PAPERS[paper]}
    standards = [_STANDARD] if kind == "pdf" else []
    made: bytes | list[bytes] = _typst().compile(
        _LOOK.read_bytes(), format=kind, pdf_standards=standards, sys_inputs=inputs, timestamp=0
    )
    return made


def sheets(results: Results, project: Project, key: str) -> dict[str, bytes]:
    """The handout about a condition on every paper: file name to PDF.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives the date of the data and the address of the site.
    key : str
        Its condition.
    """
    said = handout(results, project, key)
    return {file_name(key, paper): sheet(said, paper) for paper in PAPERS}  # type: ignore[misc]


@cache
def _typst() -> Any:
    """Typst with the fonts of our figures: those of the machine would make other bytes."""
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return require_extra("typst", "print").Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)


def _shown(value: Any) -> Any:
    """Texts without what cannot be printed: control characters, which no font has; pictures stay as they are."""
    if isinstance(value, str):
        return value if value.startswith("<?xml") else " ".join("".join(map(_mark, value)).split())
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items()}
    return [_shown(part) for part in value] if isinstance(value, (list, tuple)) else value


def _mark(mark: str) -> str:
    return mark if mark.isprintable() else " "
