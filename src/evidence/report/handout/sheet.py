"""The PDF of a handout, made by Typst: tagged, with its fonts inside, and the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl

from ...answers.results import Results
from ...errors import InvalidInput, require_extra
from ...files import write
from ...languages import available, in_language, language
from ...plots.parts.fonts import CHINESE_FILES, bundled
from ..project import Project, page_name
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
    """Name of the file of a handout in the language that is spoken.

    Parameters
    ----------
    key : str
        Its condition.
    paper : str
        "a4" or "letter".
    """
    return f"{in_language(f'{page_name(key)}-{paper}')}.pdf"


def sheet(said: Handout, paper: str = "a4") -> bytes:
    """The handout as PDF, the same bytes each time.

    Parameters
    ----------
    said : Handout
    paper : str
        "a4" or "letter".

    Raises
    ------
    MissingExtra
        Typst is not installed.
    InvalidInput
        There is no such paper.
    """
    made: bytes = _compiled(said, paper, format="pdf", pdf_standards=[_STANDARD], timestamp=0)
    return made


def pictures(said: Handout, paper: str = "a4") -> list[bytes]:
    """What a printer would put on each page, as PNG.

    Parameters
    ----------
    said : Handout
    paper : str
        As for `sheet`.
    """
    made = _compiled(said, paper, format="png")
    return [made] if isinstance(made, bytes) else made


def sheets(results: Results, project: Project, key: str, papers: Collection[str] = ()) -> dict[str, bytes]:
    """The handout about a condition: file name to PDF.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives the date of the data and the address of the site.
    key : str
        Its condition.
    papers : collection of str
        On which; none for all.
    """
    said = handout(results, project, key)
    return {file_name(key, paper): sheet(said, paper) for paper in papers or PAPERS}


def handouts(results: Results, project: Project) -> dict[str, bytes]:
    """Every handout of the site, in English on all papers, in other languages on A4: file name to PDF.

    None where Typst is not installed.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        As for `sheets`.
    """
    made: dict[str, bytes] = {}
    for name in available() if printable() else ():
        with language(name):
            for key in results.words.headline:
                made |= sheets(results, project, key, () if name == "en" else ("a4",))
    return made


def write_handouts(results: Results, project: Project, key: str, papers: Collection[str], folder: Path) -> list[Path]:
    """Write the handout about a condition into a folder; other files there stay.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        As for `sheets`.
    key : str
        Its condition.
    papers : collection of str
        On which; none for all.
    folder : Path
        Made when missing.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    MissingExtra
        Typst is not installed.
    InvalidInput
        There is no such condition or paper.
    """
    if key not in results.words.headline:
        raise InvalidInput(f"condition={key!r}: choose among {', '.join(results.words.headline)}")
    made = sheets(results, project, key, papers)
    return [write(folder / name, pdf) for name, pdf in made.items()]


def _compiled(said: Handout, paper: str, **how: Any) -> Any:
    if paper not in PAPERS:
        raise InvalidInput(f"paper={paper!r}: choose one of {', '.join(PAPERS)}")
    inputs = {"words": json.dumps(_shown(asdict(said))), "paper": PAPERS[paper], "fonts": json.dumps(bundled())}
    return _typst().compile(_LOOK.read_bytes(), sys_inputs=inputs, **how)


@cache
def _typst() -> Any:
    """Typst with the fonts of our figures: those of the machine would make other bytes."""
    fonts = [str(Path(mpl.get_data_path()) / "fonts" / "ttf"), str(CHINESE_FILES)]
    return require_extra("typst", "print").Compiler(font_paths=fonts, ignore_system_fonts=True)


def _shown(value: Any) -> Any:
    """Texts without what cannot be printed: control characters, which no font has. Pictures stay as they are."""
    if isinstance(value, str):
        return " ".join("".join(mark if mark.isprintable() else " " for mark in value).split())
    if isinstance(value, dict):
        return {name: part if name == "picture" else _shown(part) for name, part in value.items()}
    return [_shown(part) for part in value] if isinstance(value, (list, tuple)) else value
