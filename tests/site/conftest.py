"""The site that the tests of this folder look at: made once, from data that hold hostile and awkward text."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import evidence as ev
from evidence.answers.results import Results
from evidence.report.ask.file import write_answers
from evidence.report.project import Project
from evidence.report.site import write_site

ROOT = Path(__file__).parents[2]
BASE = "https://example.org/evidence/"


@dataclass(frozen=True)
class Awkward:
    """Text that somebody put into the data."""

    hostile: str = '<script>document.title="hacked"</script>'
    population: str = (
        '<img src=x onerror="document.title=1"> [here](javascript:alert(1)) [b](data:text/html,1) {{ version }} ${7*7} '
        "$x_1$ | `code`"
    )
    marks: str = '=HYPERLINK("javascript:alert(1)") \u202eright to left'
    right_to_left: str = "דיקור סיני לכאבי גב תחתון"
    long: str = "Gonzalez-Villalobos-de-la-Santissima-Trinidad-" * 6


@pytest.fixture(scope="session")
def awkward() -> Awkward:
    return Awkward()


@pytest.fixture(scope="session")
def base_url() -> str:
    """Where the site says that it stands."""
    return BASE


@pytest.fixture(scope="session")
def site(made_once: Callable[[str, Callable[[Path], object]], Path], awkward: Awkward) -> Path:
    """The site of a copy of the project, with three trials and a claim renamed; one for all workers of a run."""
    return made_once("project-with-awkward-text", lambda root: make(root, awkward)) / "site"


def make(root: Path, awkward: Awkward) -> None:
    for name in ("docs", "notebooks", "figures", "data"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    (root / "build" / "social").mkdir(parents=True)
    for path in (root / "figures").glob("*.json"):  # pictures are not in the repository, and have their own tests
        double, card = path.with_name(f"{path.stem}@2x.png"), root / "build" / "social" / f"{path.stem}.png"
        for picture in (path.with_suffix(".png"), double, card):
            if not picture.is_file():
                plt.imsave(picture, np.ones((4, 1200 if "@2x" in picture.name else 600)))
    (root / "pyproject.toml").write_text(f'[tool.evidence]\nbase_url = "{BASE}"\n', encoding="utf-8")
    spoiled = {
        "first_author": awkward.hostile,
        "population": awkward.population,
        "source_url": "javascript:alert(1)",
        "doi": "",
    }
    change(
        root / "data/raw/studies.csv",
        "study_id",
        {
            "qin-2020": spoiled,
            "brinkhaus-2006": {"population": awkward.right_to_left},
            "cherkin-2009": {"population": awkward.long},
        },
    )
    change(
        root / "data/raw/claims.csv",
        "claim_id",
        {"overall-lbp": {"claim": f"Works {awkward.hostile} *well* {awkward.marks}"}},
    )
    project, results = Project.at(root), Results(ev.load(root / "data" / "raw"))
    write_answers(project, results)
    write_site(project, results)


def change(path: Path, key: str, changes: dict[str, dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= changes.get(row[key], {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@dataclass
class Parts(HTMLParser):
    """Links, anchors and images of a page, and what its head tells: (name, content)."""

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    images: list[dict[str, str | None]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.anchors.add(str(found["id"]))
        if tag == "img":
            self.images.append(found)
        if tag == "meta":
            self.told.append((str(found.get("name") or found.get("property")), str(found.get("content"))))
        if tag == "link":
            self.told.append((str(found.get("rel")), str(found.get("href"))))
        for name in ("href", "src"):
            if found.get(name):
                self.links.append(str(found[name]))


@pytest.fixture(scope="session")
def parts(site: Path) -> dict[str, Parts]:
    """By the page's name, such as ``conditions/arthritis.html``."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith("_static/"):  # a template of the theme
            pages[name] = Parts()
            pages[name].feed(path.read_text(encoding="utf-8"))
    return pages
