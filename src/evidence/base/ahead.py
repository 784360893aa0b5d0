"""Bases loaded ahead by a process that is copied: in each copy, the first load of the same files gives them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .tables import TrialTables

    Base = TypeVar("Base", bound=TrialTables)

_waiting: dict[tuple[type, Path, str], TrialTables] = {}


def load_ahead(kind: type[Base], folder: Path) -> Base:
    """Load a base and keep it, with whatever is computed from it, for the next load of the folder.

    Parameters
    ----------
    kind : type
        Of base.
    folder : Path
        Of its data.
    """
    files = _contents(folder)  # before they are read: what changes meanwhile is noticed
    base = kind.load(folder)
    _waiting[kind, folder, files] = base
    return base


def loaded_ahead(kind: type[Base], folder: Path) -> Base | None:
    """The base that was loaded ahead, if the files of the folder are as they were; it is given once.

    Parameters
    ----------
    kind : type
        Of base.
    folder : Path
        Of its data.
    """
    found = _waiting.pop((kind, folder, _contents(folder)), None) if _waiting else None
    return found  # type: ignore[return-value]  # of the kind that it is kept by


def _contents(folder: Path) -> str:
    """One hash over the names and contents of the files of a folder."""
    together = sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        together.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return together.hexdigest()
