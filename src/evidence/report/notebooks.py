"""Run the notebooks from a clean kernel and keep their outputs."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import EvidenceError
from ..files import write

#: Seconds a single cell may take.
CELL_LIMIT = 300
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(EvidenceError):
    """A notebook stopped with an error; the message holds the cell and its traceback."""


def run(path: Path, raw: Path | None = None) -> None:
    """Execute a notebook in its own folder and write its outputs into it.

    Parameters
    ----------
    path : Path
        The notebook; it is only written when every cell has run.
    raw : Path, optional
        Folder of the data that ``ev.load()`` reads in it. Default: the data that comes with the package.

    Raises
    ------
    NotebookFailed
        When a cell raises.
    """
    import nbformat  # slow to import, and not needed to tell whether a notebook must run
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    from .kernels import kernel_manager

    notebook = nbformat.read(path, as_version=4)
    settings = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    settings["SOURCE_DATE_EPOCH"] = "0"  # matplotlib dates its SVG files by it: the same run, the same bytes
    if raw is not None:
        settings["EVIDENCE_DATA"] = str(raw)
    with TemporaryDirectory() as sockets:  # files of this user instead of open ports
        client = NotebookClient(
            notebook,
            kernel_manager(Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})),
            timeout=CELL_LIMIT,
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
            shutdown_kernel="immediate",  # it has nothing to keep
        )
        try:
            client.execute(env={**os.environ, **settings}, cleanup_kc=True)
        except CellExecutionError as error:
            raise NotebookFailed(f"{path.name}: {_COLOURS.sub('', str(error))}") from error
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    write(path, nbformat.writes(notebook).encode() + b"\n")


def source_hash(path: Path) -> str:
    """Hash of the cells of a notebook without their outputs: what decides whether it must run again.

    Parameters
    ----------
    path : Path
        The notebook.
    """
    cells = "\n".join(f"{cell['cell_type']}\n{''.join(cell['source'])}" for cell in _cells(path))
    return sha256(cells.encode()).hexdigest()


def code_cells(path: Path) -> str:
    """The code of a notebook, its cells one after the other.

    Parameters
    ----------
    path : Path
        The notebook.
    """
    return "\n".join("".join(cell["source"]) for cell in _cells(path) if cell["cell_type"] == "code")


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells
