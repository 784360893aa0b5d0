"""An executed notebook as a page: its words, its code, folded where the notebook says so, and what the code shows."""

from __future__ import annotations

import json
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from ...errors import InvalidInput
from .markup import fold


def notebook_page(path: Path) -> str:
    """Markdown of a notebook.

    Parameters
    ----------
    path : Path
        An executed notebook.

    Raises
    ------
    InvalidInput
        When a cell shows what is neither HTML nor text, such as a picture by itself, which has no words.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for output in chain.from_iterable(cell.get("outputs", ()) for cell in cells):
        if "text/html" not in (kinds := output.get("data", ())) and {*kinds} - {"text/plain"}:
            raise InvalidInput(f"{path.name} shows {', '.join(kinds)}: a page of the site shows HTML or text")
    return "\n\n".join(_code(cell) if cell["cell_type"] == "code" else "".join(cell["source"]) for cell in cells) + "\n"


def _code(cell: dict[str, Any]) -> str:
    code = f"```python\n{''.join(cell['source'])}\n```"
    parts = [fold("Code", code) if "hide-input" in cell["metadata"].get("tags", ()) else code]
    parts += [f"``````{{raw}} html\n{_shown(output)}\n``````" for output in cell["outputs"]]
    return "\n\n".join(parts)


def _shown(output: dict[str, Any]) -> str:
    """What a cell shows, in the classes that the theme has a look for; text where it is nothing more."""
    said = output.get("data", {})
    text = "".join(output.get("text") or said.get("text/plain", ""))
    shown = "".join(said["text/html"]) if "text/html" in said else f"<pre>{escape(text)}</pre>"
    return f'<div class="cell_output">\n<div class="output text_html">{shown}\n</div>\n</div>'
