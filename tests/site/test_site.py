"""Every page of the site in a browser, made from data that hold hostile and awkward text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

import evidence as ev
from evidence.report.pages.reference import exported

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


def test_no_link_is_broken_and_every_image_has_alternative_text(site: Path, parts: dict[str, Any]) -> None:
    broken = []
    for name, found in parts.items():
        page = site / name
        for address in found.links:
            link = urlsplit(address)
            if link.scheme in ("http", "https", "data", "mailto"):
                continue
            assert not link.scheme, f"{page.name} links to {address}"
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            there = target.is_file() and (
                not link.fragment
                or target.suffix != ".html"
                or unquote(link.fragment) in parts[target.relative_to(site.resolve()).as_posix()].anchors
            )
            if not there:
                broken.append(f"{name}: {address}")
        assert all(image.get("alt") for image in found.images), name
    assert not broken, broken


def test_every_kind_of_page_is_there(site: Path) -> None:
    for name in ("spinal-stenosis", "disc-herniation", "arthritis", "lumbar-sprain", "chronic-overuse"):
        assert (site / "conditions" / f"{name}.html").is_file()
    for name in ("neurotransmitter", "inflammation", "blood-flow-muscle", "gate-control"):
        assert (site / "mechanisms" / f"{name}.html").is_file()
    reference = "".join(path.read_text(encoding="utf-8") for path in (site / "reference").glob("*.html"))
    assert [name for name in ev.__all__ if f"{name}" not in reference] == []
    assert (site / "data" / "raw" / "results.csv").read_bytes()


#: Pages of figures, one of a kind; the others are made in the same way.
LOOKED_AT = ("figures/forest_pain_chronic_overuse", "figures/ranking_pain_sham", "figures/claims")


def pages() -> list[str]:
    """Names of the pages that the repository tells before the site is made."""
    docs = [path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")]
    notebooks = [Path("notebooks", path.stem + ".html") for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")]
    written = [
        "claims",
        "data",
        "figures",
        "conditions/index",
        "conditions/arthritis",
        "conditions/osteoarthritis",
        "integrity",
        "conditions/lumbar-sprain",
        "conditions/spinal-stenosis",
        "conditions/disc-herniation",
        "conditions/chronic-overuse",
        "mechanisms/index",
        "mechanisms/neurotransmitter",
        "mechanisms/inflammation",
        "mechanisms/gate-control",
        "mechanisms/blood-flow-muscle",
        "reference/index",
        *(f"reference/{family.split('.')[-1]}" for family in exported()),
        "interactive/index",
        "search",
        *(f"{language}/index" for language in ("de", "es", "zh-Hans")),
        *LOOKED_AT,
    ]
    written += [
        f"interactive/{page}"
        for page in (
            "arthritis",
            "osteoarthritis",
            "lumbar-sprain",
            "spinal-stenosis",
            "disc-herniation",
            "chronic-overuse",
        )
    ]
    return sorted(path.as_posix() for path in [*docs, *notebooks, *(Path(f"{name}.html") for name in written)])


def test_no_page_is_left_untested(parts: dict[str, Any]) -> None:
    assert {name for name in parts if not name.startswith("figures/")} < set(pages()) <= set(parts)


#: Kinds of page that are all written alike, and those of them that axe looks at.
ALIKE = {
    "reference/": ("index", "bivariate"),
    "notebooks/": ("00_start_here", "04_how_far_to_trust_it"),
    "interactive/": ("index", "chronic-overuse"),
    "mechanisms/": ("index", "inflammation"),
    "conditions/": ("index", "chronic-overuse", "lumbar-sprain"),
    "guides/": ("index", "add-a-trial"),
    "figures/": ("ranking_pain_sham",),
    "de/": ("index",),
    "es/": (),
    "zh-Hans/": (),
}
#: Kinds of page that are text and no more: those that axe does not look at are read one under the other.
ONE_UNDER_THE_OTHER = ("reference/", "notebooks/", "guides/")
#: Put what a page holds over what the open page holds.
OVER = """page => {
  const other = new DOMParser().parseFromString(page, "text/html").querySelector(".bd-content");
  document.querySelector("main").prepend(document.importNode(other, true));
}"""
#: What the site does to the first article of a page.
SCRIPT = ROOT / "docs" / "_static" / "site.js"


def kind_of(name: str) -> str:
    return f"{name.rpartition('/')[0]}/"


def for_axe(name: str) -> bool:
    page = name.removesuffix(".html").rpartition("/")[2]
    return page in ALIKE.get(kind_of(name), (page,))


def visits() -> list[tuple[str, ...]]:
    """The names of pages, those together that are read one under the other."""
    together = [
        tuple(name for name in pages() if kind_of(name) == kind and not for_axe(name)) for kind in ONE_UNDER_THE_OTHER
    ]
    return [(name,) for name in pages() if not any(name in names for names in together)] + together


@dataclass(frozen=True)
class Visit:
    """A page opened once for all that is asked of it, under others of its kind, and what went wrong in it so far."""

    names: tuple[str, ...]
    page: Page
    errors: list[str]

    @property
    def name(self) -> str:
        return self.names[0]


@pytest.fixture(scope="module", params=visits(), ids=" ".join)
def visit(site: Path, tab: tuple[Page, list[str]], request: pytest.FixtureRequest) -> Visit:
    page, errors = tab
    errors.clear()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 375, "height": 800})
    *others, opened = request.param
    page.goto((site / opened).as_uri(), wait_until="load")
    for other in reversed(others):
        page.evaluate(OVER, (site / other).read_text(encoding="utf-8"))
        page.evaluate(f"() => {{ {SCRIPT.read_text(encoding='utf-8')} }}")
    page.wait_for_function("[...document.images].every(x => x.complete || x.loading === 'lazy')")
    return Visit(request.param, page, errors)


def test_a_page_works_at_both_widths(visit: Visit) -> None:
    page, charts = visit.page, visit.page.locator("figure.evidence-chart")
    assert page.locator("main h1").count() >= len(visit.names)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if width != 375 and charts.count():
            page.reload(wait_until="load")  # a chart is drawn for the width that it meets
        for chart in charts.all():
            chart.and_(page.locator("[data-drawn=yes]")).wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} wide on a screen of {width}"
    missing = page.evaluate("[...document.images].filter(x => x.complete && !x.naturalWidth).map(x => x.src)")
    assert (visit.errors, missing) == ([], [])
    assert page.title().endswith("Acupuncture evidence"), "no text of the data has run"


#: Text of the page at a place that is read without opening anything; of charts and code, none.
UNFOLDED = """([at, top]) => {
  const articles = document.querySelectorAll(".bd-article"), said = [];
  const start = article => article.getBoundingClientRect().top, down = start(articles[at]) - start(articles[0]);
  const walk = document.createTreeWalker(articles[at], NodeFilter.SHOW_TEXT);
  const closed = node => node?.closest("details:not([open])");
  const folded = (node, fold) => fold && (!node.closest("summary") || closed(fold.parentElement));
  while (walk.nextNode()) {
    const about = walk.currentNode.parentElement, range = document.createRange();
    if (about.closest("script, style, svg") || folded(about, closed(about))) continue;
    range.selectNodeContents(walk.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width > 1 && box.top < down + top) said.push(walk.currentNode.textContent);
  }
  return said.join(" ");
}"""
#: No patient should meet these on a first screen.
TERMS = re.compile(
    r"\bSDs?\b|\bSMDs?\b|Hedges|comparator|heterogeneity|prediction interval|neighbouring", re.IGNORECASE
)
#: Whose words are names of functions and of columns; and what is empty until it is asked.
FOR_CODE, ASKED = ("reference/", "guides/"), "search.html"


def test_a_page_is_read_before_it_is_opened(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 800})
    for at, name in enumerate(visit.names):
        if name != ASKED and not name.startswith(FOR_CODE):
            assert TERMS.findall(page.evaluate(UNFOLDED, [at, 800])) == [], name
        if name != ASKED and not name.startswith("notebooks/"):
            assert 0 < len(page.evaluate(UNFOLDED, [at, 1e9]).split()) <= 1200, name
    if visit.name.startswith(("conditions/", "mechanisms/")) and not visit.name.endswith("index.html"):
        folds = page.locator("#look-closer").evaluate("node => node.getBoundingClientRect().top")
        assert folds < 3 * 800, "what is folded begins within three screens"
        drawn = page.locator("img[src*=forest], img[src*=mechanism]").first
        assert drawn.count() == 0 or drawn.evaluate("node => node.getBoundingClientRect().top") > 800


def test_axe_finds_nothing_serious(visit: Visit) -> None:
    if not for_axe(visit.name):
        pytest.skip("written like others that axe looks at")
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci --prefix tests/site)")
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(AXE.read_text(encoding="utf-8"))  # not as a script element: the page's policy would refuse it
    serious = violations(page, "{resultTypes: ['violations']}")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    serious += violations(page, "{runOnly: ['color-contrast']}")
    assert serious == []


def violations(page: Page, options: str) -> list[str]:
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:200]}"
        for rule in page.evaluate(f"axe.run(document, {options})")["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"][:3]
    ]
