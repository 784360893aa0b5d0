"""Run the notebooks from a clean kernel and keep their outputs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import EvidenceError

#: Seconds a single cell may take.
CELL_LIMIT = 300
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(EvidenceError):
    """A notebook stopped with an error; the message holds the cell and its traceback."""


def run(path: Path) -> None:
    """Execute a notebook in its own folder and write its outputs into it.

    Parameters
    ----------
    path : Path
        The notebook; it is only written when every cell has run.

    Raises
    ------
    NotebookFailed
        When a cell raises.
    """
    import nbformat  # slow to import, and not needed to tell whether a notebook must run
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    notebook = nbformat.read(path, as_version=4)
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # matplotlib dates its SVG files by it: the same run, the same bytes
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    with TemporaryDirectory() as sockets:  # files of this user instead of open ports
        client = NotebookClient(
            notebook,
            timeout=CELL_LIMIT,
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
            config=Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"}),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise NotebookFailed(f"{path.name}: {_COLOURS.sub('', str(error))}") from error
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    written = path.with_suffix(".ipynb.new")
    nbformat.write(notebook, written)
    written.replace(path)


def source(path: Path) -> str:
    """Text of the cells, without outputs: what decides whether a notebook must run again."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join(f"{cell['cell_type']}\n{''.join(cell['source'])}" for cell in cells)
