"""Notebooks are stories: prose first, code folded, public names only, results that a practitioner can read."""

from __future__ import annotations

import ast
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

import evidence as ev
from evidence.report.notebooks import run
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
STORIES = Project.at(ROOT).notebooks
NOTEBOOKS = [*STORIES, ROOT / "notebooks" / "explore.ipynb"]
LONGEST = 12
#: What a notebook may import beside `evidence`.
PACKAGES = {"pandas", "seaborn", "babel"}
_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]+>", re.DOTALL)
#: What must not be read in an output, and why.
UNREADABLE = {
    "a type of numpy": r"np\.\w+\(|dtype:",
    "a number that is none": r"\b(?:nan|NaN|NaT|None|inf)\b|<NA>",
    "a whole number with decimals": r"\b\d{3,}\.0\b",
    "a key": r"\b[a-z]+_[a-z_]+\b",
    "a reason that is cut": r"…|\.\.\.(?!\])",
    "a result that contradicts itself": r"around no difference",
    "a width below zero": r"--\d",
}
POINTS = re.compile(r"about (−?\d+) of 100 points, 95% interval (−?\d+) to (−?\d+)")


def code(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def outputs(path: Path) -> list[Any]:
    return [output for cell in code(path) for output in cell.outputs]


def read(path: Path) -> str:
    """All that a reader of the outputs sees or hears, pictures by their words."""
    pages = [output.data["text/html"] for output in outputs(path) if "text/html" in output.get("data", {})]
    heard = [alt for page in pages for alt in re.findall(r'alt="([^"]*)"', page)]
    return unescape("\n".join([*(_TAG.sub("\n", page) for page in pages), *heard]))


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_it_is_short_and_begins_with_a_question_in_words(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert len(cells) <= LONGEST
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ") and len(cells[0].source.split()) > 20


@pytest.mark.parametrize("path", STORIES, ids=name)
def test_its_code_is_folded(path: Path) -> None:
    for cell in code(path):
        assert "hide-input" in cell.metadata.get("tags", [])  # on the site
        assert cell.metadata.get("jupyter", {}).get("source_hidden") is True  # in JupyterLab


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_it_takes_public_names_only(path: Path) -> None:
    tree = ast.parse("\n".join(cell.source for cell in code(path)))
    imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imports |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "evidence" in imports and imports - {"evidence"} <= PACKAGES
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    own = [node.attr for node in taken if isinstance(node.value, ast.Name) and node.value.id == "ev"]
    assert own and set(own) <= set(ev.__all__)
    assert not [node.attr for node in taken if node.attr.startswith("_")]


@pytest.mark.parametrize("path", STORIES, ids=name)
def test_its_results_are_prose_tables_and_figures(path: Path) -> None:
    shown = outputs(path)
    assert shown, "the notebook has not been run"
    assert all(output.output_type == "execute_result" for output in shown)  # no warning, no error, nothing printed
    pages = [output.data.get("text/html", "") for output in shown]
    assert all(pages) and not [page for page in pages if 'class="dataframe"' in page]
    assert all('class="gt_table"' in page for page in pages if "<table" in page)
    assert all(re.search(r'<img alt="[^"]{20,}"', page) for page in pages if "<img" in page)


@pytest.mark.parametrize("path", STORIES, ids=name)
def test_its_results_can_be_read(path: Path) -> None:
    words = read(path)
    for what, pattern in UNREADABLE.items():
        assert not (found := re.findall(pattern, words)), f"{what}: {found[:5]}"
    assert all(abs(int(bound.replace("−", "-"))) <= 100 for said in POINTS.findall(words) for bound in said)


def test_no_trial_goes_by_its_key(db: ev.EvidenceBase) -> None:
    keys = {key for key in db.studies["study_id"] if not key.isdigit()}
    for path in STORIES:
        assert not keys & set(re.findall(r"[\w-]+", read(path))), path.stem


def test_one_forest_is_shown_in_full_and_the_others_are_linked(results: ev.Results) -> None:
    path = next(path for path in STORIES if path.stem.startswith("02"))
    source = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    shown = re.findall(r'"forest_pain_(\w+)"', source)
    linked = re.findall(r'href="\.\./figures/(\w+)\.svg"', source)
    assert len(shown) == 1 and len(linked) > 5
    assert {f"forest_pain_{shown[0]}", *linked} <= {file.stem for file in (ROOT / "figures").glob("*.svg")}
    drawn = {file.stem.removeprefix("forest_pain_") for file in (ROOT / "figures").glob("forest_pain_*.svg")}
    assert drawn & set(results.words.headline) == {shown[0], *(one[12:] for one in linked if one.startswith("forest"))}


def test_each_sentence_on_a_mechanism_names_its_marker(results: ev.Results) -> None:
    known = results.mechanisms[results.mechanisms["k"] > 0]
    heads = known["sentence"].str.extract(r"^(.*?), against ")[0]
    assert heads.notna().all() and (heads.str.len() > 2).all()
    single = known[known["outcome"] != "all"]
    assert (single.groupby(heads[single.index])["outcome"].nunique() == 1).all()
    story = next(path for path in STORIES if path.stem.startswith("05"))
    assert known.loc[known["estimate"].notna(), "sentence"].iloc[0] in read(story)


def test_a_story_of_what_would_settle_it_asks_the_library() -> None:
    asked = {path.stem[:2]: "\n".join(cell.source for cell in code(path)) for path in STORIES}
    assert "ev.trial_sequential(" in asked["04"] and "ev.next_trial(" in asked["04"] and "ev.next_trial(" in asked["08"]


def test_the_first_story_leads_from_loading_to_a_trial_of_ones_own() -> None:
    story = "\n".join(cell.source for cell in code(STORIES[0]))
    steps = ["ev.load()", "results.pools_on(", "ev.plots.forest(", "results.sentences(", "ev.effect_size("]
    assert [story.index(step) for step in steps] == sorted(story.index(step) for step in steps)


@pytest.mark.parametrize("story", ["07_claims_checked"])
def test_markup_in_the_data_is_shown_as_text(story: str, raw_of_few: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(raw_of_few, raw)
    claims = pd.read_csv(raw / "claims.csv", dtype=str, keep_default_na=False)
    claims["claim"] = "<img src=x onerror=alert(1)> [here](javascript:alert(1)) " + claims["claim"]
    claims.to_csv(raw / "claims.csv", index=False)
    copy = tmp_path / f"{story}.ipynb"
    shutil.copy(ROOT / "notebooks" / copy.name, copy)
    run(copy, raw)
    for output in outputs(copy):
        assert set(output.data) <= {"text/plain", "text/html"}  # Markdown would be read once more
        page = output.data["text/html"]
        assert "<img src=x" not in page and 'href="javascript' not in page
    assert "<img src=x onerror=alert(1)> [here]" in read(copy)
