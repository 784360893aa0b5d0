"""What reaches a terminal: text, and never a code that a file brought with it."""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.text import Text

# Control characters but tab and line break, and those that turn the direction of what follows.
_CODES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Terminal(Console):
    """A console that shows codes of strings, wherever they stand, as Python writes them."""

    def render_str(self, text: str, **ways: Any) -> Text:
        return super().render_str(visible(text), **ways)


def visible(text: str) -> str:
    """Text with its codes spelled out.

    Parameters
    ----------
    text : str
    """
    return _CODES.sub(lambda code: repr(code[0])[1:-1], text)
