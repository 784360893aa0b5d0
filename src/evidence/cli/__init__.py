"""The ``evidence`` command: what its commands share in `app`, the commands by what they are about."""

from __future__ import annotations

import atexit
import gc
import sys
import warnings
from typing import TextIO

from rich.markup import escape

from ..base.collector import fresh_garbage
from ..errors import EvidenceError, InvalidData
from . import analysis, data, results, sharing  # noqa: F401  (each registers its commands)
from .app import app, show_problems, stderr


def main() -> None:
    """Run the command; errors of the package become a message and exit code 1 (data) or 2 (call)."""
    atexit.register(gc.freeze)  # else Python looks through all results once more when it ends, for a second
    try:
        with warnings.catch_warnings(), fresh_garbage():
            warnings.showwarning = _say_warning
            app()
    except InvalidData as error:
        show_problems(error.problems)
        sys.exit(1)
    except EvidenceError as error:
        stderr.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        sys.exit(2 if isinstance(error, ValueError) else 1)


def _say_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    stderr.print(f"{category.__name__}: {message}", style="yellow", markup=False, highlight=False, soft_wrap=True)
