"""Every page of the site in a browser, made from data that hold hostile and awkward text."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

import evidence as ev
from evidence.answers.results import Results
from evidence.report.pages.reference import exported
from evidence.report.project import Project
from evidence.report.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[[list[str], int], AbstractContextManager[Page]]

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
BASE = "https://example.org/evidence/"
HOSTILE = '<script>document.title="hacked"</script>'
AWKWARD = {
    "first_author": HOSTILE,
    "population": '<img src=x onerror="document.title=1"> [here](javascript:alert(1)) {{ version }} $x_1$ | `code`',
    "source_url": "javascript:alert(1)",
    "doi": "",
}
RIGHT_TO_LEFT = "דיקור סיני לכאבי גב תחתון"
LONG = "Gonzalez-Villalobos-de-la-Santissima-Trinidad-" * 6


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a copy of the project, with three trials and a claim renamed."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("docs", "notebooks", "figures", "data"):
        shutil.copytree(ROOT / folder, root / folder)
    for name in ("CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    (root / "pyproject.toml").write_text(f'[tool.evidence]\nbase_url = "{BASE}"\n', encoding="utf-8")
    change(
        root / "data/raw/studies.csv",
        "study_id",
        {
            "qin-2020": AWKWARD,
            "brinkhaus-2006": {"population": RIGHT_TO_LEFT},
            "cherkin-2009": {"population": LONG},
        },
    )
    change(root / "data/raw/claims.csv", "claim_id", {"overall-lbp": {"claim": f"Works {HOSTILE} *well*"}})
    return write_site(Project.at(root), Results(ev.load(root / "data" / "raw"))).parent


def html(site: Path) -> set[str]:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    return {name for name in names if not name.startswith("_static/")}  # a template of the theme


def change(path: Path, key: str, changes: dict[str, dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= changes.get(row[key], {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


class Parts(HTMLParser):
    """Links, anchors, images and what the head says of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.images: list[dict[str, str | None]] = []
        self.told: list[tuple[str, str]] = []

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
            if found.get(name) and found.get("rel") != "canonical":
                self.links.append(str(found[name]))


@pytest.fixture(scope="module")
def parts(site: Path) -> dict[Path, Parts]:
    pages = {}
    for path in sorted(site / name for name in html(site)):
        pages[path] = Parts()
        pages[path].feed(path.read_text(encoding="utf-8"))
    return pages


def test_no_link_is_broken_and_every_image_has_alternative_text(parts: dict[Path, Parts]) -> None:
    broken = []
    for page, found in parts.items():
        for address in found.links:
            link = urlsplit(address)
            if link.scheme in ("http", "https", "data", "mailto"):
                continue
            assert not link.scheme, f"{page.name} links to {address}"
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            anchors = parts[target].anchors if target in parts else set()
            if not target.is_file() or (link.fragment and target in parts and unquote(link.fragment) not in anchors):
                broken.append(f"{page.name}: {address}")
        assert all(image.get("alt") for image in found.images), page.name
    assert not broken, broken


def test_every_kind_of_page_is_there(site: Path) -> None:
    for name in ("spinal-stenosis", "disc-herniation", "arthritis", "lumbar-sprain", "chronic-overuse"):
        assert (site / "conditions" / f"{name}.html").is_file()
    for name in ("neurotransmitter", "inflammation", "blood-flow-muscle", "gate-control"):
        assert (site / "mechanisms" / f"{name}.html").is_file()
    reference = "".join(path.read_text(encoding="utf-8") for path in (site / "reference").glob("*.html"))
    assert [name for name in ev.__all__ if f"{name}" not in reference] == []
    assert (site / "data" / "raw" / "results.csv").read_bytes()


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
    written += ["interactive/chronic-overuse"]
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


def test_no_page_is_left_untested(site: Path) -> None:
    assert html(site) == set(pages())


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
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page, charts = visit.page, visit.page.locator("figure.evidence-chart")
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if charts.count():
            page.reload(wait_until="load")  # a chart is drawn for the width that it meets
        for chart in charts.all():
            chart.and_(page.locator("[data-drawn=yes]")).wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} wide on a screen of {width}"
        shot = f"{visit.name.removesuffix('.html').replace('/', '_')}_{width}.png"
        page.screenshot(path=SCREENSHOTS / shot)
    missing = page.evaluate("[...document.images].filter(x => x.complete && !x.naturalWidth).map(x => x.src)")
    assert (visit.errors, missing) == ([], [])
    assert page.title().endswith("Acupuncture evidence"), "no text of the data has run"


def test_axe_finds_nothing_serious(visit: Visit) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci --prefix tests/site)")
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.add_script_tag(path=AXE)
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


@pytest.mark.parametrize("width", [375, 1280])
def test_the_front_page_says_it_all_on_the_first_screen(site: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((site / "index.html").as_uri())
    rows = page.locator("figure.glance li")
    assert rows.count() == len(ev.load().conditions.query("headline in ['yes', 'neighbour']"))
    for part in ("h1", ".answer", "figure.glance .axis", "figure.glance li:last-child .certainty >> nth=-1", ".date"):
        box = page.locator(part).bounding_box()
        assert box and box["y"] > 0 and box["y"] + 12 < 800, (part, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, (part, box)
    assert page.locator(".date").inner_text().startswith("The data ")
    assert page.locator("details.sd-dropdown:not([open])").count() == 4
    clipped = "row => [...row.querySelectorAll('p, .marks')].some(part => part.scrollWidth > part.clientWidth + 1)"
    assert not any(row.evaluate(clipped) for row in rows.all()), "no words leave their row"


def test_every_page_has_one_viewport_an_icon_the_feed_and_what_a_network_shows(parts: dict[Path, Parts]) -> None:
    for path, found in parts.items():
        names = [name for name, _ in found.told]
        told = dict(found.told)
        assert names.count("viewport") == names.count("icon") == names.count("alternate") == 1, path
        if path.stem in ("search", "genindex"):
            continue
        assert told["og:title"] and told["og:url"].startswith(BASE) and told["twitter:card"] == "summary_large_image"
        card = parts_root(parts) / told["og:image"].removeprefix(BASE)
        assert card.read_bytes().startswith(b"\x89PNG"), path
    front = {path.relative_to(parts_root(parts)).as_posix(): dict(found.told) for path, found in parts.items()}
    assert front["index.html"]["description"].startswith(("Best supported: ", "Compared with "))
    assert front["conditions/arthritis.html"]["og:image"] == f"{BASE}cards/conditions-arthritis.png"
    assert front["claims.html"]["og:image"] == f"{BASE}cards/index.png"
    described = [name for name, told in front.items() if told.get("description")]
    assert len(described) > len(front) / 2


def parts_root(parts: dict[Path, Parts]) -> Path:
    return min(parts, key=lambda path: len(path.parts)).parent


def test_the_sitemap_has_every_page_and_the_feed_is_there(site: Path) -> None:
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = {str(at.text) for at in ElementTree.parse(site / "sitemap.xml").findall(".//s:loc", spaces)}
    assert {f"{BASE}{name}" for name in html(site)} - listed <= {f"{BASE}search.html", f"{BASE}genindex.html"}
    assert all(address.startswith(BASE) for address in listed)
    feed = ElementTree.parse(site / "feed.atom").getroot()
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) > 1


def test_a_page_is_cited_with_files_for_reference_managers(site: Path, page: Page) -> None:
    page.goto((site / "conditions" / "arthritis.html").as_uri())
    page.get_by_text("Cite this page").focus()
    page.keyboard.press("Enter")
    assert f"{BASE}conditions/arthritis.html" in page.locator("details.cite").inner_text()
    for name, first in (("BibTeX", "@misc{"), ("RIS", "TY  - ELEC")):
        with page.expect_download() as waiting:
            page.locator("details.cite").get_by_role("link", name=name).click()
        text = waiting.value.path().read_text(encoding="utf-8")
        assert (
            text.startswith(first) and "Arthritis of the spine" in text and f"{BASE}conditions/arthritis.html" in text
        )


def test_claims_are_filtered_and_searched_with_the_keyboard(site: Path, page: Page) -> None:
    page.goto((site / "claims.html").as_uri())
    shown = page.locator("article.claim:visible")
    total = shown.count()
    page.get_by_label("unclear").focus()
    page.keyboard.press("Space")
    assert shown.count() == page.locator("article.claim:not([data-verdict=unclear])").count() < total
    page.keyboard.press("Space")
    page.get_by_label("Search the claims").fill("sprain spasm")
    texts = [text.lower() for text in shown.all_inner_texts()]
    assert 0 < len(texts) < total and all("sprain" in text and "spasm" in text for text in texts)
    assert f"{len(texts)} of {total} shown" in page.locator("form.filter output").inner_text()


def test_hostile_and_awkward_text_is_shown_as_text(site: Path, page: Page) -> None:
    page.goto((site / "claims.html").as_uri())
    assert page.locator("#overall-lbp h3").inner_text().startswith(f"Works {HOSTILE} *well*")
    page.goto((site / "conditions" / "spinal-stenosis.html").as_uri())
    row = page.locator("tr", has_text=AWKWARD["population"]).last
    assert row.locator("th").inner_text().startswith("<script>")
    assert row.locator("a, img, code").count() == 0, "no address but http becomes a link"
    page.goto((site / "conditions" / "chronic-overuse.html").as_uri())
    cell = page.locator("bdi", has_text=RIGHT_TO_LEFT)
    assert cell.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator("bdi", has_text=LONG).evaluate("node => node.closest('td').clientWidth") < 500


def test_a_figure_can_be_copied_for_ones_own_page(site: Path, page: Page) -> None:
    page.goto((site / "figures.html").as_uri())
    page.evaluate("document.addEventListener('copy', event => window.copied = event.target.value, true)")
    snippet = page.locator("div.highlight-html").first
    snippet.hover()
    snippet.locator("button.copybtn").click()
    copied = page.evaluate("window.copied")
    assert copied.startswith("<figure>") and copied.rstrip().endswith("</figure>") and "<figcaption>" in copied
    assert page.locator("button.copybtn").count() == page.locator("article figure").count() > 20


def test_search_finds_a_page_from_the_front(site: Path, page: Page, console_errors: list[str]) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("stenosis")
    page.keyboard.press("Enter")
    found = page.locator("#search-results a", has_text="Lumbar spinal stenosis").first
    found.click()
    page.wait_for_url("**/spinal-stenosis.html*")
    assert console_errors == []
