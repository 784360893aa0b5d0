"""How a page is cited: a line, BibTeX and RIS, from ``CITATION.cff``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from ..errors import InvalidInput

#: What TeX reads as markup, and how it is written to be shown.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {mark: f"\\{mark}" for mark in "&%$#_"}


@dataclass(frozen=True)
class Citation:
    """The review, or one page of it.

    Attributes
    ----------
    title : str
        Of the whole.
    authors : tuple of str
        Their names; those of groups as they are.
    version : str
    released : date
    part : str
        Title of the page; "" for the whole.
    address : str
        Where it stands in the web; "" where that is not known.
    """

    title: str
    authors: tuple[str, ...]
    version: str
    released: date
    part: str = ""
    address: str = ""

    def line(self) -> str:
        """One line of a list of references."""
        stop = "" if self.part.endswith(("?", "!", ".")) else "."
        part = f"{self.part}{stop} In: " if self.part else ""
        told = f" {self.address}" if self.address else ""
        return f"{'; '.join(self.authors)}. {part}{self.title}, version {self.version} ({self.released}).{told}"

    def bibtex(self) -> str:
        """An entry for BibTeX and biblatex."""
        whole = f"{_tex(self.title)}, version {self.version}"
        fields = {
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "title": f"{{{_tex(self.part)}}}" if self.part else f"{{{whole}}}",
            "howpublished": whole if self.part else "",
            "year": f"{self.released.year}",
            "month": f"{self.released.month}",
            "url": self.address,
        }
        said = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{said}\n}}\n"

    def ris(self) -> str:
        """A record for reference managers."""
        lines = [
            ("TY", "ELEC"),
            *(("AU", name) for name in self.authors),
            ("TI", self.part or self.title),
            ("T2", self.title if self.part else ""),
            ("ET", self.version),
            ("PY", f"{self.released.year}"),
            ("DA", f"{self.released:%Y/%m/%d}"),
            ("UR", self.address),
        ]
        return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value) + "ER  - \r\n"

    @property
    def key(self) -> str:
        """What the entry is called, and its file."""
        words = re.findall("[a-z0-9]+", self.part.lower())[:6]
        return "-".join(["acupuncture-evidence", self.version, *words])


def read_citation(path: Path) -> Citation:
    """The whole, as ``CITATION.cff`` says it.

    Parameters
    ----------
    path : Path
        Of the file.

    Raises
    ------
    InvalidInput
        When a field is missing.
    """
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        names = [one.get("name") or f"{one['family-names']}, {one['given-names']}" for one in said["authors"]]
        released = date.fromisoformat(str(said["date-released"]))
        return Citation(said["title"], tuple(names), str(said["version"]), released)
    except KeyError as missing:
        raise InvalidInput(f"{path.name} has no field {missing}") from missing


def _tex(words: str) -> str:
    return "".join(_TEX.get(mark, mark) for mark in " ".join(words.split()))
