"""Where a project keeps its files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import InvalidInput


@dataclass(frozen=True)
class Project:
    """Folders of a clone of the repository, or of a folder of the same shape."""

    root: Path

    @classmethod
    def at(cls, folder: str | Path) -> Project:
        """The project in a folder.

        Raises
        ------
        InvalidInput
            When the folder has no ``data/raw``.
        """
        root = Path(folder).resolve()
        if not (root / "data" / "raw").is_dir():
            raise InvalidInput(f"{folder}: has no data/raw; run this in the project folder or name it with --project")
        return cls(root)

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> list[Path]:
        return sorted((self.root / "notebooks").glob("[0-9]*.ipynb"))

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    def figures_for(self, preset: str) -> Path:
        """Folder of the figures of a preset: those for a blog stand in ``figures`` itself."""
        return self.figures if preset == "blog" else self.figures / preset

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def citation(self) -> Path:
        """How the whole is cited, for people and machines."""
        return self.root / "CITATION.cff"

    @property
    def base_url(self) -> str:
        """Where the site is published, with a slash at its end: ``base_url`` of ``[tool.evidence]`` in pyproject.toml.

        "" where it is not published, or not known: then nothing is said that needs an absolute address.

        Raises
        ------
        InvalidInput
            When it is no web address.
        """
        path = self.root / "pyproject.toml"
        settings = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        address = str(settings.get("tool", {}).get("evidence", {}).get("base_url", ""))
        if address and urlsplit(address).scheme not in ("http", "https"):
            raise InvalidInput(f"base_url={address!r} in {path.name}: an address that begins with https:// is needed")
        return f"{address.rstrip('/')}/" if address else ""

    @property
    def answers(self) -> Path:
        """Every answer that the page "Ask the evidence" can give."""
        return self.root / "build" / "answers.js"

    @property
    def social(self) -> Path:
        """The cards of the figures that the site offers."""
        return self.root / "build" / "social"

    @property
    def stamps(self) -> Path:
        return self.root / "build" / "stamps"


def raw_digest(raw: Path) -> str:
    """One hash over the tables of a folder, names and contents in the order of their names.

    It is what figures and changes say of the data.
    """
    together = sha256()
    for path in sorted(path for path in raw.iterdir() if path.suffix in (".csv", ".json")):
        together.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return together.hexdigest()


def page_name(key: str) -> str:
    """Name of what is written about a condition or mechanism: its page, handout and post."""
    return key.replace("_", "-")
