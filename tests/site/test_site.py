"""Every page of the site in a browser, made from data that hold hostile and awkward text."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

import evidence as ev
from evidence.report.pages.reference import exported

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[[list[str], int], AbstractContextManager[Page]]

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
        "genindex",
    ]
    written += ["interactive/chronic-overuse", *LOOKED_AT]
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


@dataclass(frozen=True)
class Visit:
    """A page opened once for all that is asked of it, and what went wrong in it so far."""

    name: str
    page: Page
    errors: list[str]


@pytest.fixture(scope="module", params=pages())
def visit(site: Path, open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Visit]:
    errors: list[str] = []
    with open_page(errors, 375) as page:
        page.goto((site / request.param).as_uri(), wait_until="load")
        yield Visit(request.param, page, errors)


def test_a_page_works_at_both_widths(visit: Visit) -> None:
    page, charts = visit.page, visit.page.locator("figure.evidence-chart")
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if charts.count():
            page.reload(wait_until="load")  # a chart is drawn for the width that it meets
        for chart in charts.all():
            chart.and_(page.locator("[data-drawn=yes]")).wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} wide on a screen of {width}"
    missing = page.evaluate("[...document.images].filter(x => x.complete && !x.naturalWidth).map(x => x.src)")
    assert (visit.errors, missing) == ([], [])
    assert page.title().endswith("Acupuncture evidence"), "no text of the data has run"


#: Text that is read without opening anything; of charts and code, none.
UNFOLDED = """top => {
  const walk = document.createTreeWalker(document.querySelector(".bd-article"), NodeFilter.SHOW_TEXT), said = [];
  const closed = node => node?.closest("details:not([open])");
  const folded = (node, fold) => fold && (!node.closest("summary") || closed(fold.parentElement));
  while (walk.nextNode()) {
    const about = walk.currentNode.parentElement, range = document.createRange();
    if (about.closest("script, style, svg") || folded(about, closed(about))) continue;
    range.selectNodeContents(walk.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width > 1 && box.top < top) said.push(walk.currentNode.textContent);
  }
  return said.join(" ");
}"""
#: Opens everything.
OPEN = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
#: No patient should meet these on a first screen.
TERMS = re.compile(
    r"\bSDs?\b|\bSMDs?\b|Hedges|comparator|heterogeneity|prediction interval|neighbouring populations", re.IGNORECASE
)
#: Whose words are names of functions and of columns; and lists of everything there is.
FOR_CODE, LISTS = ("reference/", "guides/"), ("genindex.html", "search.html")


def test_a_page_is_read_before_it_is_opened(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload(wait_until="load")
    if visit.name not in LISTS and not visit.name.startswith(FOR_CODE):
        assert TERMS.findall(page.evaluate(UNFOLDED, 800)) == []
    if visit.name not in LISTS and not visit.name.startswith("notebooks/"):
        assert len(page.evaluate(UNFOLDED, 1e9).split()) <= 1200
    if visit.name.startswith(("conditions/", "mechanisms/")) and not visit.name.endswith("index.html"):
        folds = page.locator("#look-closer").evaluate("node => node.getBoundingClientRect().top")
        assert folds < 3 * 800, "what is folded begins within three screens"
        drawn = page.locator("img[src*=forest], img[src*=mechanism]").first
        assert drawn.count() == 0 or drawn.evaluate("node => node.getBoundingClientRect().top") > 800


def test_a_long_page_opens_where_a_link_leads(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto((site / "method.html").as_uri())
    folds = page.locator("details")
    assert folds.count() > 10 and page.locator("details[open]").count() == 0
    page.goto((site / "method.html").as_uri() + "#certainty")
    assert page.locator("details[open]").count() == 1
    assert page.locator("#certainty p").first.is_visible() and not page.locator("#pooling p").first.is_visible()
    page.goto((site / "reference" / "plots.html").as_uri() + "#evidence.plots.icon_array")
    assert page.locator("details[open] dt").first.get_attribute("id") == "evidence.plots.icon_array"


def test_a_table_is_cards_on_a_telephone(site: Path, page: Page) -> None:
    page.goto((site / "conditions" / "chronic-overuse.html").as_uri())
    page.get_by_text("Every trial", exact=True).click()
    cell = page.locator("details[open] td[data-label=Who]").first
    for width, shown in ((375, "block"), (1280, "table-cell")):
        page.set_viewport_size({"width": width, "height": 800})
        assert cell.evaluate("node => getComputedStyle(node).display") == shown
    label = cell.locator("xpath=../th").evaluate("node => getComputedStyle(node).position")
    assert label == "sticky"
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto((site / "coverage.html").as_uri())
    wide = "node => node.scrollWidth > node.parentElement.clientWidth + 1"
    assert not any(table.evaluate(wide) for table in page.locator(".bd-article table").all()), "nine columns of numbers"


def test_axe_finds_nothing_serious(visit: Visit) -> None:
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


def test_the_front_page_is_light(site: Path, page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    page.goto((site / "index.html").as_uri(), wait_until="networkidle")
    sizes = {path: len(gzip.compress(Path(unquote(path)).read_bytes(), mtime=0)) for path in set(loaded)}
    assert sum(sizes.values()) < 300_000, sizes  # as a web server sends them


def test_claims_are_filtered_and_searched_with_the_keyboard(site: Path, page: Page) -> None:
    page.goto((site / "claims.html").as_uri())
    shown = page.locator("article.claim:visible")
    total = shown.count()
    page.get_by_label("unclear").focus()
    page.keyboard.press("Space")
    assert shown.count() == page.locator("article.claim:not([data-verdict=unclear])").count() < total
    page.keyboard.press("Space")
    page.get_by_label("Search the claims").fill("sprain spasm")
    texts = [text.lower() for text in shown.all_text_contents()]  # those in what is folded, too
    assert 0 < len(texts) < total and all("sprain" in text and "spasm" in text for text in texts)
    assert f"{len(texts)} of {total} shown" in page.locator("form.filter output").inner_text()


def test_what_gets_past_an_escape_does_not_run(site: Path, page: Page, console_errors: list[str]) -> None:
    attack = (
        "<h1><script>document.title = 'ran'</script><img src='data:,' onerror=\"document.title = 'ran'\">"
        "<a id='attack' href=\"javascript:document.title = 'ran'\">here</a>"
    )
    bad = site / "_static" / "bad.html"  # with the templates of the theme, which are no pages
    bad.write_text((site / "claims.html").read_text(encoding="utf-8").replace("<h1>", attack, 1), encoding="utf-8")
    try:
        page.goto(bad.as_uri())
        page.locator("#attack").click()
        assert page.title() != "ran"
        assert sum("Content Security Policy" in said for said in console_errors) == 3
    finally:
        bad.unlink()


def test_hostile_and_awkward_text_is_shown_as_text(site: Path, page: Page, awkward: Any) -> None:
    page.goto((site / "claims.html").as_uri())
    assert page.locator("#overall-lbp h3").inner_text().startswith(f"Works {awkward.hostile} *well*")
    page.goto((site / "conditions" / "spinal-stenosis.html").as_uri())
    page.evaluate(OPEN)
    row = page.locator("tr", has_text=awkward.population).last
    assert row.locator("th").inner_text().startswith("<script>")
    assert row.locator("a, img, code").count() == 0, "no address but http becomes a link"
    page.goto((site / "conditions" / "chronic-overuse.html").as_uri())
    page.evaluate(OPEN)
    cell = page.locator("bdi", has_text=awkward.right_to_left)
    assert cell.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator("bdi", has_text=awkward.long).evaluate("node => node.closest('td').clientWidth") < 500


def test_a_figure_is_found_and_copied_for_ones_own_page(site: Path, page: Page, base_url: str) -> None:
    page.goto((site / "figures.html").as_uri())
    cards = page.locator(".gallery li:visible")
    total = cards.count()
    page.locator("select[name=condition]").select_option("chronic_overuse")
    page.locator("select[name=kind]").select_option("Trial by trial")
    assert (
        total > 20
        and 1 < cards.count() < total
        and f"{cards.count()} of {total}" in page.locator("output").inner_text()
    )
    page.locator("select[name=comparator]").select_option("drug")
    names = cards.evaluate_all("all => all.map(card => card.dataset.comparator)")
    assert set(names) <= {"", "drug"} and "" in names, "a figure of every comparator shows this one, too"
    cards.first.locator("a").click()
    page.wait_for_url("**/figures/forest_*.html")
    page.evaluate("document.addEventListener('copy', event => window.copied = event.target.value, true)")
    name = Path(urlsplit(page.url).path).stem
    caption = page.locator("article figcaption").first.inner_text()
    for title in ("Embed it in a page", "Copy the caption", "Copy a sentence", "Copy the alternative text"):
        page.get_by_text(title, exact=True).click()
        block = page.locator("details[open] div.highlight").last
        block.hover()
        block.locator("button.copybtn").click()
        copied = page.evaluate("window.copied").strip()
        if title.startswith("Embed"):
            assert copied.startswith("<figure>") and copied.endswith("</figure>") and "<figcaption>" in copied
            assert f'src="{base_url}figures/{name}.png"' in copied and f'href="{base_url}figures/{name}.html"' in copied
        elif "alternative" in title:
            assert copied == page.locator("article figure img").first.get_attribute("alt")
        else:
            assert caption.startswith(copied) and (copied == caption) == (title == "Copy the caption")
        page.get_by_text(title, exact=True).click()
    svg = page.get_by_role("link", name="SVG").get_attribute("href")
    assert svg == f"{name}.svg" and (site / "figures" / svg).is_file()


def test_search_finds_a_page_from_the_front(site: Path, page: Page, console_errors: list[str]) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("stenosis")
    page.keyboard.press("Enter")
    found = page.locator("#search-results a", has_text="Lumbar spinal stenosis").first
    found.click()
    page.wait_for_url("**/spinal-stenosis.html*")
    assert console_errors == []
