"""Kernels of notebooks that are copies of one warmed process: they need not import, load and compute the same again."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from multiprocessing import Pipe
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets.config import Config

from ..base.package import bundled_root

#: Whether processes can be copied: Windows cannot, and libraries of macOS do not bear it. There, kernels are new ones.
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


def kernel_manager(config: Config) -> AsyncKernelManager:
    """A manager for one kernel.

    Parameters
    ----------
    config : Config
        Its settings.
    """
    manager = AsyncKernelManager(config=config)
    if COPIES:
        manager.provisioner = _Provisioner(kernel_spec=manager.kernel_spec, parent=manager)
    return manager


class _Provisioner(LocalProvisioner):
    """Asks the warmed process for a copy, where others start a new process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        environment = dict(kwargs["env"])
        raw = environment.get("EVIDENCE_DATA") or str(bundled_root())
        with _one_at_a_time:
            copy = _warmed(raw).copy(cmd[cmd.index("-f") :], str(kwargs["cwd"]), environment)
        self.process = copy  # type: ignore[assignment]  # it can what is asked of a process here
        self.pid = self.pgid = copy.pid
        return self.connection_info


class _Warmed:
    """The warmed process (`evidence.report.warm`) over a folder of data; it ends with this one."""

    def __init__(self, raw: str) -> None:
        self._channel, other = Pipe()
        program = _PROGRAM.format(channel=other.fileno(), raw=raw)
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            pass_fds=[other.fileno()],
            start_new_session=True,
        )
        other.close()
        atexit.register(self._end)

    def copy(self, words: list[str], folder: str, environment: dict[str, str]) -> _Copy:
        self._channel.send((words, folder, environment))
        return _Copy(self._channel.recv())

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait()


_warmed = cache(_Warmed)


class _Copy:
    """A process that another one started, as a manager deals with the process of a kernel."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    wait = poll

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
