"""A process that has imported what notebooks use and computed what the data show; work is done in copies of it.

A copy begins with modules imported, as if by its own work, and its first `load` of unchanged files gives a base that
was loaded ahead, with what was computed from it by the functions that the work calls. Nothing else is there that a new
process would not have.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..answers.results import Results
from ..base.ahead import load_ahead
from ..base.collector import collector_paused
from ..derive.evidence_base import EvidenceBase

#: What a kernel and its notebook import that takes long, beside this package.
_SLOW = ("ipykernel.kernelapp", "matplotlib.pyplot", "seaborn", "great_tables")


def serve(channel: Connection, raw: Path) -> None:
    """Get ready, then make a copy for each request until the other end of the channel is closed.

    Parameters
    ----------
    channel : Connection
        Brings a function and its arguments; takes the number of the process that calls it.
    raw : Path
        Folder of the data.
    """
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # read as matplotlib is imported
    with collector_paused():
        for name in _SLOW:
            import_module(name)
        evidence = import_module("evidence")
        for name in evidence.__all__:  # each is imported when it is first used
            getattr(evidence, name)
        with suppress(Exception):  # whatever is wrong, the work comes upon it and says so
            _compute(Results(load_ahead(EvidenceBase, raw)))
    gc.collect()
    gc.freeze()  # what is there stays: copies need not look through it
    signal.signal(signal.SIGCHLD, _bury)
    with suppress(EOFError):
        while True:
            work, arguments = channel.recv()
            number = os.fork()
            if not number:
                _begin(channel, work, arguments)
            channel.send(number)


def become_kernel(words: list[str], folder: str, environment: dict[str, str]) -> None:
    """Work of a copy: the kernel of a notebook.

    Parameters
    ----------
    words : list of str
        Of its command, after the name of the program.
    folder : str
        Where it works.
    environment : dict
        What it finds in ``os.environ``.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *words]
    IPKernelApp.launch_instance(words, parent_handle=os.getppid())  # it ends with the process it is a copy of


def _compute(results: Results) -> None:
    """What several notebooks show and takes long; it is remembered with the base."""
    results.pools  # noqa: B018
    results.claims.to_frame()
    results.missing  # noqa: B018


def _begin(channel: Connection, work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    try:
        channel.close()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        work(*arguments)
    finally:
        os._exit(0)


def _bury(*_: object) -> None:
    """Let go of the copies that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
