"""A data set whose every free text is poisoned: whatever is made of it shows it as text, and nothing of it runs."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ipywidgets import HTML
from markdown_it import MarkdownIt

import evidence as ev
from evidence.base.package import fields, resources
from evidence.files import is_formula
from evidence.report.explorer.widget import Explorer
from evidence.report.handout.sheet import sheet
from evidence.report.handout.words import handout
from evidence.report.post.folder import post_files
from evidence.report.post.formats import FORMATS
from evidence.report.project import Project
from evidence.report.site import written_pages

#: Scripts, links that run, templates, formulae, markup of Markdown, Typst and Sphinx, other directions of writing.
POISON = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) [b](data:text/html,x) {{7*7}} '
    '${7*7} #eval("1") #panic() ```{raw} html``` {raw}`x` *c* $d$ =1+1 \u202e\u05d0 -->'
)
#: In one cell of each table as well.
LONG = 20_000
MARKDOWN = MarkdownIt("commonmark", {"html": True})
#: HTML of our own in a page for MyST.
FENCED = re.compile(r"(?ms)^(`{3,})\{raw\} html$.*?^\1$")
#: Words that tables are joined by, or computed with.
WORDS = {"study_id", "result_id", "arm", "versus", "unit", "outcome", "definition"}
RUNS = re.compile(r"^\s*(javascript|data|vbscript):", re.IGNORECASE)


class Live(HTMLParser):
    """What of a page would run: scripts, handlers, links that run. Comments and what they hold do not count."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.runs = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.runs = tag == "script" and dict(attrs).get("type") != "application/json"
        for name, value in attrs:
            ours = name == "onclick" and "alert" not in (value or "")  # the explorer's button that copies
            if (name.startswith("on") and not ours) or (name in {"href", "src"} and RUNS.match(value or "")):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.runs and self.cdata_elem and "alert(" in data:
            self.found.append(f"script {data}")


def poisoned(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Its free texts, poisoned: what is no key, no word of a list and has no pattern."""
    schema, bound = resources()[table]["schema"], {"enum", "pattern"}
    keys = {name for key in schema.get("foreignKeys", []) for name in key["fields"]} | WORDS
    keys |= {own} if isinstance(own := schema.get("primaryKey", ""), str) else set(own)
    free = [
        field["name"]
        for field in fields(table)
        if field["type"] == "string" and "items" not in field and not bound & set(field.get("constraints", {}))
    ]
    spoilt = frame.copy()
    for name in free:
        if name in spoilt and name not in keys and pd.api.types.is_string_dtype(spoilt[name]):
            spoilt[name] = [f"{cell} {POISON}" if cell else cell for cell in spoilt[name]]
    return spoilt


@pytest.fixture(scope="module")
def base(raw_of_few: Path) -> ev.EvidenceBase:
    whole = ev.load(raw_of_few)
    tables = {name: poisoned(name, getattr(whole, name)) for name in resources() if hasattr(whole, name)}
    tables["claims"].loc[0, "claim"] += "x" * LONG
    assert sum(POISON in str(cell) for frame in tables.values() for cell in frame.to_numpy().ravel()) > 500
    return replace(whole, **tables)


@pytest.fixture(scope="module")
def poisoned_results(base: ev.EvidenceBase) -> ev.Results:
    return ev.Results(base)


@pytest.fixture(scope="module")
def project(tables_of_few: Path) -> Project:
    return Project.at(tables_of_few.parents[1])


def test_pages_hold_it_as_text(poisoned_results: ev.Results, project: Project) -> None:
    pages = written_pages(poisoned_results, project)
    assert sum("alert(" in page for page in pages.values()) > 3
    for name, page in pages.items():
        assert not Live(page).found and not Live(MARKDOWN.render(page)).found, name
        prose = FENCED.sub("", page)
        assert "{raw}" not in prose and "{{7*7}}" not in prose, f"{name}: nothing that MyST or a template fills in"


@pytest.mark.parametrize("format", FORMATS)
def test_posts_hold_it_as_text(poisoned_results: ev.Results, project: Project, format: str) -> None:
    files = post_files(poisoned_results, project, "spinal_stenosis", format)
    text = next(content.decode() for name, content in files.items() if name.endswith(FORMATS[format].ending))
    shown = MARKDOWN.render(text) if format == "markdown" else text
    assert "alert" in shown and not Live(shown).found
    assert "{{" not in text and "<script" not in shown
    assert b"<script" not in next(content for name, content in files.items() if name.endswith(".svg"))


def test_handouts_hold_it_as_text(poisoned_results: ev.Results, project: Project) -> None:
    """A call to panic, or to read a file, would stop Typst."""
    pytest.importorskip("typst")
    said = handout(poisoned_results, project, "spinal_stenosis")
    made = sheet(said)
    assert made.startswith(b"%PDF") and not re.search(rb"/(JavaScript|JS|Launch|OpenAction|AA)\b", made)
    assert "#eval" in str(said)


def test_the_explorer_holds_it_as_text(base: ev.EvidenceBase, tmp_path: Path) -> None:
    explorer = Explorer(base, tmp_path)
    for condition in ("osteoarthritis", "chronic_overuse"):
        explorer.choose(condition=condition)
        shown = html_of(explorer.box)
        assert not Live(shown).found and "<script" not in shown


def html_of(widget: Any) -> str:
    own = widget.value if isinstance(widget, HTML) else ""
    return own + "".join(html_of(child) for child in getattr(widget, "children", ()))


def test_downloads_hold_no_formula(base: ev.EvidenceBase, tmp_path: Path) -> None:
    for format in ("revman", "metapsy", "metafor"):
        ev.export(base, format, tmp_path / f"{format}.csv")
        text = (tmp_path / f"{format}.csv").read_text(encoding="utf-8")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert len(cells) > 20 and not any(is_formula(cell) for cell in cells)


def test_what_a_notebook_shows_holds_it_as_text(poisoned_results: ev.Results) -> None:
    claims = poisoned_results.db.claims.assign(to="javascript:alert(1)")
    fit = ev.pool([0.1, 0.4, 0.3], [0.02, 0.03, 0.04], slab=[POISON, f"{POISON} b", "c"])
    ax = ev.plots.forest(fit, title=POISON)
    shown: tuple[Any, ...] = (
        fit,
        ev.say(POISON, [POISON], {POISON: POISON}, fit),
        ev.table(claims, links={"claim_id": "to"}),
        ev.captioned(ax, POISON, title=POISON),
    )
    for output in shown:
        formats = output._repr_mimebundle_() if hasattr(output, "_repr_mimebundle_") else {}
        html = [formats.get("text/html"), MARKDOWN.render(formats.get("text/markdown", ""))]
        html += [output._repr_html_()] if hasattr(output, "_repr_html_") else []
        text = "".join(filter(None, html)).replace("data:image/svg+xml;base64,", "picture ")
        assert "alert" in text and not Live(text).found and "<script" not in text, type(output)


def test_a_cell_of_a_million_characters_is_refused_and_a_figure_cuts_it(tmp_path: Path) -> None:
    book = "x" * 10**6
    trials = pd.DataFrame({"study": [book, "b", "c"], "yi": [0.1, 0.4, 0.3], "vi": [0.02, 0.03, 0.04]})
    trials.to_csv(tmp_path / "trials.csv", index=False)
    with pytest.raises(ev.InvalidData, match="longer than 5000 characters") as refused:
        ev.read_trials(tmp_path / "trials.csv")
    assert len(str(refused.value)) < 300
    began = time.process_time()
    ax = ev.plots.forest(trials)
    assert any(text.get_text().endswith("…") for text in ax.texts)
    with pytest.raises(ev.InvalidInput, match="1000000 characters"):
        ev.plots.funnel(trials, title=book)
    assert time.process_time() - began < 5, "it took minutes to measure"
