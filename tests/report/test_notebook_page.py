"""A notebook's page has its words, its code and what it showed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evidence as ev
from evidence.report.pages.notebook_page import notebook_page

Cells = list[dict[str, Any]]
HIDDEN = {"cell_type": "code", "metadata": {"tags": ["hide-input"]}}


def page_of(folder: Path, cells: Cells) -> str:
    path = folder / "00_asked.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return notebook_page(path)


def test_code_is_folded_and_what_it_shows_is_not(tmp_path: Path) -> None:
    shown = {"output_type": "execute_result", "data": {"text/html": ["<b>7</b>\n", "\n<i>8</i>"], "text/plain": "7"}}
    page = page_of(
        tmp_path,
        [
            {"cell_type": "markdown", "source": ["# Asked\n", "In *words*."]},
            HIDDEN | {"source": ["x = 1\n", "\n", "x"], "outputs": [shown]},
        ],
    )
    words, _, rest = page.partition("<details>")
    code, _, found = rest.partition("</details>")
    assert words == "# Asked\nIn *words*.\n\n"
    assert code == "<summary>Code</summary>\n\n```python\nx = 1\n\nx\n```\n\n"
    assert found.strip().startswith("``````{raw} html\n") and "<b>7</b>\n\n<i>8</i>\n</div>" in found


def test_text_alone_is_shown_as_it_is(tmp_path: Path) -> None:
    said = [
        {"output_type": "stream", "text": ["a < b\n", "c"]},
        {"output_type": "execute_result", "data": {"text/plain": "'&'"}},
    ]
    page = page_of(tmp_path, [HIDDEN | {"source": "", "outputs": said}])
    assert "<pre>a &lt; b\nc</pre>" in page and "<pre>&#x27;&amp;&#x27;</pre>" in page


def test_a_notebook_that_was_not_run_shows_its_code(tmp_path: Path) -> None:
    page = page_of(tmp_path, [HIDDEN | {"source": "x", "outputs": []}])
    assert "```python\nx\n```" in page and "{raw}" not in page


def test_a_picture_without_words_is_refused(tmp_path: Path) -> None:
    shown = {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "<Figure size 640x480>"}}
    with pytest.raises(ev.InvalidInput, match=r"^00_asked\.ipynb shows image/png, text/plain: a page"):
        page_of(tmp_path, [HIDDEN | {"source": "", "outputs": [shown]}])


def test_code_that_a_notebook_does_not_hide_is_open(tmp_path: Path) -> None:
    page = page_of(tmp_path, [HIDDEN | {"metadata": {}, "source": "x", "outputs": []}])
    assert page == "```python\nx\n```\n"
