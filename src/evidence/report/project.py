"""Where a project keeps its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

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
    def stamps(self) -> Path:
        return self.root / "build" / "stamps"


def digest(paths: Iterable[Path], *words: str) -> str:
    """One hash over the names and contents of files, in the order of their names."""
    together = sha256()
    for path in sorted(paths):
        together.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    together.update("\0".join(words).encode())
    return together.hexdigest()
