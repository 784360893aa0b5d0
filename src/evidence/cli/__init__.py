"""The ``evidence`` command: what its commands share in `app`, the commands by what they are about."""

from __future__ import annotations

import sys

from rich.markup import escape

from ..errors import EvidenceError, InvalidData
from . import analysis, data, results, sharing  # noqa: F401  (each registers its commands)
from .app import app, show_problems, stderr


def main() -> None:
    """Run the command; errors of the package become a message and exit code 1 (data) or 2 (call)."""
    try:
        app()
    except InvalidData as error:
        show_problems(error.problems)
        sys.exit(1)
    except EvidenceError as error:
        stderr.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        sys.exit(2 if isinstance(error, ValueError) else 1)
