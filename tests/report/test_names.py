"""Readers meet trials by their names: no page, figure, chart or sentence shows a key."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

import evidence as ev
from evidence.plots.parts.legibility import texts
from evidence.report.figures.catalogue import figures

_MARKUP = re.compile(r"<script\b.*?</script>|<[^>]+>", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:alt|title|aria-label)="([^"]*)"')
_TALK = re.compile(r"in the sheet|sheet codes|text read\b|row's note|re-read|read off|lift once")


@pytest.fixture(scope="module")
def keys(db: ev.EvidenceBase) -> re.Pattern[str]:
    """A key that is no word or register number: one with a hyphen."""
    marked = sorted((key for key in db.studies["study_id"] if "-" in key), key=len, reverse=True)
    return re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, marked))})(?![\w/-])")


@pytest.fixture(scope="module")
def told(written: dict[str, str]) -> dict[str, str]:
    """Pages for readers of results; those on the data and the library name keys and columns."""
    folders = ("answer", "claims", "conditions/", "mechanisms/", "interactive/")
    return {name: page for name, page in written.items() if name.startswith(folders)}


def test_pages_show_no_key_and_no_talk_of_transcription(told: dict[str, str], keys: re.Pattern[str]) -> None:
    words = {name: unescape(" ".join([_MARKUP.sub(" ", page), *_SPOKEN.findall(page)])) for name, page in told.items()}
    assert any("Brinkhaus 2006" in page for page in words.values())
    for name, page in words.items():
        assert keys.findall(page) == [] and _TALK.findall(page) == [], name


def test_charts_show_no_key(told: dict[str, str], keys: re.Pattern[str]) -> None:
    """What a chart draws and tells stands in its JSON."""
    words = {
        json.loads(f'"{word}"')
        for page in told.values()
        for script in re.findall(r"<script\b.*?</script>", page, re.DOTALL)
        for word in re.findall(r'"((?:[^"\\\n]|\\.)*)"', script)
        if "http" not in word
    }
    assert "Brinkhaus 2006" in words
    assert [word for word in words if keys.search(word)] == []


def test_sentences_show_no_key(results: ev.Results, keys: re.Pattern[str]) -> None:
    db = results.db
    claims = results.claims.to_frame()
    said = [*claims["sentence"], *claims["reason"], *results.missing["sentence"], *results.mechanisms["sentence"]]
    ranked = ev.rank_conditions(db, comparator="sham").to_frame()
    said += [*ranked["sentence"], ev.safety(db).sentence(), *db.excluded()["reason"]]
    said += db.effects("SMD")["derivation"].tolist()
    said = [re.sub(r"another result stands for this trial, outcome and window: \S+", "", words) for words in said]
    assert len(said) > 100 and keys.findall(" ".join(map(str, said))) == []


def test_figures_show_no_key(results: ev.Results, keys: re.Pattern[str]) -> None:
    seen = []
    with ev.plots.theme("blog"):
        for only in ("forest_", "funnel_", "risk_of_bias"):
            for figure in figures(results, only):
                seen += [text.get_text() for text in texts(figure.axes.get_figure(root=True))]
                seen += [figure.title, figure.caption, figure.alt, figure.details]
    assert any("Brinkhaus 2006" in words for words in seen) and keys.findall(" ".join(seen)) == []


def test_notebooks_show_trials_by_their_names() -> None:
    """What a cell shows is chosen by columns: none of them is the key."""
    shown = re.compile(r'\[\[?"study(?:_id)?", |(?:names|slab|study|label)="study(?:_id)?"|"missing"\]\]')
    notebooks = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        code = re.sub(r'drop_duplicates\(\["study", "route"\]\)', "", code)  # counts trials, shows none
        assert shown.findall(code) == [], path.name
