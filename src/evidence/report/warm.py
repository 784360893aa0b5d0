"""A process that has imported what notebooks use and computed what the data show; copies of it become their kernels.

A copy begins with modules imported, as if by its notebook, and its first ``ev.load()`` of unchanged files gives a base
that was loaded ahead, with what was computed from it by the functions that the notebook calls. Nothing else is there
that a new process would not have.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from ..answers.results import Results
from ..base.ahead import load_ahead
from ..derive.evidence_base import EvidenceBase

#: What a kernel and its notebook import that takes long, beside this package.
_SLOW = ("ipykernel.kernelapp", "matplotlib.pyplot", "seaborn", "great_tables")


def serve(channel: Connection, raw: Path) -> None:
    """Get ready, then make a copy for each request until the other end of the channel is closed.

    Parameters
    ----------
    channel : Connection
        Brings the words of a kernel's command, its folder and its environment; takes the number of its process.
    raw : Path
        Folder of the data.
    """
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # read as matplotlib is imported
    for name in _SLOW:
        import_module(name)
    evidence = import_module("evidence")
    for name in evidence.__all__:  # each is imported when it is first used
        getattr(evidence, name)
    with suppress(Exception):  # whatever is wrong, the notebook comes upon it and says so
        _compute(Results(load_ahead(EvidenceBase, raw)))
    gc.collect()
    gc.freeze()  # what is there stays: copies need not look through it
    signal.signal(signal.SIGCHLD, _bury)
    with suppress(EOFError):
        while True:
            words, folder, environment = channel.recv()
            number = os.fork()
            if not number:
                channel.close()
                _become_kernel(words, folder, environment)
            channel.send(number)


def _compute(results: Results) -> None:
    """What several notebooks show and takes long; it is remembered with the base."""
    results.pools  # noqa: B018
    results.claims.to_frame()
    results.missing  # noqa: B018


def _bury(*_: object) -> None:
    """Let go of the copies that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become_kernel(words: list[str], folder: str, environment: dict[str, str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
        os.chdir(folder)
        sys.argv = ["ipykernel_launcher", *words]
        IPKernelApp.launch_instance(words, parent_handle=os.getppid())  # it ends with the process it is a copy of
    finally:
        os._exit(0)
