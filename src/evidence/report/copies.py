"""Work in copies of one warmed process: they need not import, load and compute the same again."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing import Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import EvidenceError

#: Whether processes can be copied: Windows cannot, and libraries of macOS do not bear it.
COPIES = sys.platform == "linux"
_PROGRAM = """
import sys
sys.path = [place for place in sys.path if place]  # imports nothing from the folder that it stands in
from multiprocessing.connection import Connection
from pathlib import Path
from evidence.report.warm import serve
serve(Connection({channel}), Path({raw!r}))
"""
_one_at_a_time = threading.Lock()


class Copy:
    """A process that is a copy, to be dealt with like one of ``subprocess.Popen``.

    Attributes
    ----------
    pid : int
        Its number.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """0 when it is over, None before."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    wait = poll

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it is not over.

        Parameters
        ----------
        number : int
            Of the signal.
        """
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


def copied(raw: Path, work: Callable[..., object], *arguments: object) -> Copy:
    """Begin to do some work in a copy of the process that is warmed by a folder of data.

    Parameters
    ----------
    raw : Path
        Folder of the data.
    work : callable
        A function of a module.
    *arguments
        Its arguments; all can be pickled.

    Raises
    ------
    EvidenceError
        There is nothing to copy: the warmed process was ended.
    """
    with _one_at_a_time:
        channel = _warmed(raw)
        try:
            channel.send((work, arguments))
            return Copy(channel.recv())
        except (OSError, EOFError) as error:
            raise EvidenceError("the process that is copied for notebooks has ended; it may have said why") from error


def apart(raw: Path, work: Callable[..., object], *arguments: object) -> None:
    """Do some work in a copy and wait until it is over.

    Parameters
    ----------
    raw, work, *arguments
        As for `copied`.

    Raises
    ------
    EvidenceError
        The work raised an error, or its process was ended.
    """
    with TemporaryDirectory() as place:
        end = Path(place) / "end"
        copy = copied(raw, _to_its_end, end, work, arguments)
        while copy.poll() is None:
            time.sleep(0.05)
        said = end.read_text(encoding="utf-8") if end.is_file() else f"the process of {work.__name__} was ended"
    if said:
        raise EvidenceError(said)


def _to_its_end(end: Path, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    said = ""
    try:
        work(*arguments)
    except EvidenceError as error:
        said = str(error)
    except Exception:
        said = traceback.format_exc()
    end.write_text(said, encoding="utf-8")


@cache
def _warmed(raw: Path) -> Any:
    """The way to the warmed process (`evidence.report.warm`) over a folder of data; it ends with this process."""
    channel, other = Pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(channel=other.fileno(), raw=str(raw))],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # what has threads cannot be copied safely
        stdin=subprocess.DEVNULL,
        pass_fds=[other.fileno()],
        start_new_session=True,
    )
    other.close()
    atexit.register(process.wait)
    atexit.register(process.terminate)  # the last that is registered comes first
    return channel
