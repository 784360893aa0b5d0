"""Stamps: what a step was made from and what it left; when one of these has changed, it runs again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from ..files import write
from .inputs import SOURCE, Code, versions
from .project import Project


@dataclass(frozen=True)
class Stamp:
    """What a step was made from and what it left.

    Attributes
    ----------
    code : dict
        Module to its hash.
    versions : dict
        Package to its version, for those that the modules import, and Python's.
    data : dict
        Other inputs to their hashes.
    leaves : dict
        File that the step left to its hash.
    """

    code: dict[str, str]
    versions: dict[str, str]
    data: dict[str, str]
    leaves: dict[str, str] = field(default_factory=dict)

    @classmethod
    def before(cls, code: Code, data: Mapping[str, str]) -> Stamp:
        """The stamp of a step that is about to run.

        Parameters
        ----------
        code : Code
            What its code is made from.
        data : mapping
            Its other inputs: name to hash.
        """
        modules = {path.relative_to(SOURCE).as_posix(): hash_of(path) for path in sorted(code.files)}
        return cls(modules, versions(code.packages), dict(data))

    @classmethod
    def read(cls, project: Project, step: str) -> Stamp | None:
        """The stamp of a step of the project, or None where it has never run.

        Parameters
        ----------
        project : Project
        step : str
            Its name.
        """
        try:
            return cls(**json.loads(_place(project, step).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):  # none, or not one of ours
            return None

    def write(self, project: Project, step: str, leaves: Iterable[Path]) -> None:
        """Keep the stamp of a step that has run.

        Parameters
        ----------
        project : Project
        step : str
            Its name.
        leaves : iterable of Path
            Files that it left, all inside the project.
        """
        left = {path.relative_to(project.root).as_posix(): hash_of(path) for path in sorted(leaves)}
        text = json.dumps(asdict(replace(self, leaves=left)), indent=1) + "\n"
        write(_place(project, step), text.encode())

    def changed(self, project: Project, data: Mapping[str, str]) -> list[str]:
        """Names of the inputs and leaves that are not what they were.

        Parameters
        ----------
        project : Project
        data : mapping
            The other inputs as they are now.

        Notes
        -----
        Which modules a step reaches can only change with one of the modules that it reached before, so the imports
        need not be followed again.
        """
        code = {name: hash_of(SOURCE / name) for name in self.code}
        pairs = ((self.code, code), (self.versions, versions(self.versions)), (self.data, data))
        found = [name for old, new in pairs for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
        return found + [path.relative_to(project.root).as_posix() for path in self.spoiled(project)]

    def spoiled(self, project: Project) -> list[Path]:
        """Leaves that are gone or were altered.

        Parameters
        ----------
        project : Project
        """
        return [path for name, old in self.leaves.items() if hash_of(path := project.root / name) != old]


def hash_of(path: Path) -> str:
    """SHA-256 of a file, "" where there is none.

    Parameters
    ----------
    path : Path
    """
    try:
        now = path.stat()
    except OSError:
        return ""
    return _hash(path, now.st_mtime_ns, now.st_size)


@cache
def _hash(path: Path, changed_at: int, size: int) -> str:
    """Steps share most of their inputs: each file is read once."""
    return sha256(path.read_bytes()).hexdigest()


def _place(project: Project, step: str) -> Path:
    return project.stamps / f"{step}.json"
