"""The one writer: a file, or a folder of files, holds what it should or what it held before, whenever it is looked at.

A file is written beside its place, forced to the disk and renamed. A folder is written as a whole beside its place and
the two are exchanged in one step of the system (``renameat2`` of Linux, ``renamex_np`` of macOS; elsewhere its files
are renamed one by one). What a killed process left beside them is removed by the next one.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout
from pandas.api.types import is_numeric_dtype

from .errors import NotWritten

_AT_FDCWD, _EXCHANGE = -100, 2
#: What a spreadsheet runs; "=" alone and "-3.1 to 2.0 (as printed)" are none.
_FORMULA = re.compile(r"[=@\t\r].|\+[^\d.\s]|[-+].*[\w'\")\]][(!|]", re.DOTALL)


def write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all; its folder is made when missing.

    Parameters
    ----------
    path : Path
    content : bytes

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NotWritten
        The disk is full, or the folder cannot be written to. The file is as it was.
    """
    with _said(path):
        place = path.resolve()  # through a link, not over it
        place.parent.mkdir(parents=True, exist_ok=True)
        _clear(place.parent)
        waiting = _beside(place.parent)
        try:
            _to_disk(waiting, content)
            waiting.replace(place)
        finally:
            waiting.unlink(missing_ok=True)
    return path


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make these the files of a folder, all at once; its other files are removed, its subfolders stay.

    Parameters
    ----------
    folder : Path
        Made when missing.
    files : mapping
        Content by file name.

    Raises
    ------
    NotWritten
        The disk is full, or the folder cannot be written to. The folder is as it was.
    """
    folder = folder.resolve()
    _clear(folder.parent)
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    kept = {name for name, content in files.items() if holds(folder / name, content)}
    if there and kept == files.keys() == {name for name, path in there.items() if path.is_file()}:
        return
    with _said(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = _beside(folder.parent)
        try:
            new.mkdir()
            for name, path in there.items():
                if path.is_dir():
                    shutil.copytree(path, new / name, symlinks=True, copy_function=linked)
                elif name in kept:
                    linked(path, new / name)
            for name in files.keys() - kept:
                _to_disk(new / name, files[name])
            _take_place(new, folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def put_folder(new: Path, folder: Path) -> None:
    """Let a folder take the place of another in one step.

    Parameters
    ----------
    new : Path
        In the same file system; it is gone afterwards.
    folder : Path
        Is then what ``new`` was.

    Raises
    ------
    NotWritten
        The place cannot be written to. The folder is as it was.
    """
    with _said(folder):
        _take_place(new, folder)
        shutil.rmtree(new, ignore_errors=True)


def csv(frame: pd.DataFrame, **ways: Any) -> bytes:
    """A frame as a CSV file: no cell of it is a formula to a spreadsheet.

    Parameters
    ----------
    frame : DataFrame
    **ways
        Of ``DataFrame.to_csv``.
    """
    tame: dict[str, Any] = {
        str(name): [_tame(cell) for cell in frame[name]] for name in frame if not is_numeric_dtype(frame[name])
    }
    text: str = frame.assign(**tame).to_csv(index=False, lineterminator="\n", **ways)
    return text.encode()


def is_formula(cell: object) -> bool:
    """Whether a spreadsheet would run a cell.

    Parameters
    ----------
    cell : object
    """
    return isinstance(cell, str) and _FORMULA.match(cell) is not None


def _tame(cell: object) -> object:
    return f"'{cell}" if is_formula(cell) else cell


def holds(path: Path, content: bytes) -> bool:
    """Whether a file is there with this content.

    Parameters
    ----------
    path : Path
    content : bytes
    """
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def linked(source: Path | str, target: Path | str) -> None:
    """Give a file a second name, so that nothing is copied where the file system can do that.

    Parameters
    ----------
    source : Path or str
    target : Path or str
        The second name.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def alone(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let one process at a time write into the folders of a project.

    Parameters
    ----------
    folder : Path
        Of the project; the lock stands in its ``build``.
    say : callable
        Called with a few words when another process must be waited for, and without words when it is over.
    """
    place = folder / "build" / "lock"
    with _said(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say("waiting for another evidence command in this folder")
            lock.acquire()
            say("")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{path} was not written, and is as it was: {error.strerror or error}") from error


def _to_disk(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _take_place(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.replace(folder)
    elif not _exchanged(new, folder):
        there = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        mine = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
        for name in sorted(mine):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).replace(folder / name)
        for name in there - mine:
            (folder / name).unlink()


def _exchanged(one: Path, two: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    if sys.platform not in ("linux", "darwin"):
        return False
    system, names = ctypes.CDLL(None), (os.fsencode(one), os.fsencode(two))
    if sys.platform == "linux" and hasattr(system, "renameat2"):
        return bool(system.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)
    if sys.platform == "darwin" and hasattr(system, "renamex_np"):
        return bool(system.renamex_np(*names, _EXCHANGE) == 0)
    return False


def _beside(folder: Path) -> Path:
    """A place in the folder that is this thread's own."""
    return folder / f".evidence-{os.getpid()}-{threading.get_ident()}.new"


def _clear(folder: Path) -> None:
    """Remove what processes left that are no more."""
    for path in folder.glob(".evidence-*.new"):
        if not _alive(int(path.name.split("-")[1])):
            with suppress(OSError):  # another process may clear as well
                path.unlink() if path.is_file() else shutil.rmtree(path)


def _alive(process: int) -> bool:
    if os.name != "posix":
        return False  # there a file of a living process cannot be removed
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
