"""What a reader does on the site: follows links, opens folds, filters, searches, copies; and what attacks come to."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Opens everything.
OPEN = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


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


def test_what_gets_past_an_escape_does_not_run(site: Path, page: Page, console_errors: list[str], awkward: Any) -> None:
    """Nor would what the data hold, were it not escaped."""
    attack = (
        "<h1><script>document.title = 'ran'</script><img src='data:,' onerror=\"document.title = 'ran'\">"
        "<a id='attack' href=\"javascript:document.title = 'ran'\">here</a>"
    )
    attack += awkward.hostile + awkward.population.replace("src=x", "src='data:,'") + awkward.marks
    bad = site / "_static" / "bad.html"  # with the templates of the theme, which are no pages
    bad.write_text((site / "claims.html").read_text(encoding="utf-8").replace("<h1>", attack, 1), encoding="utf-8")
    try:
        page.goto(bad.as_uri())
        page.locator("#attack").click()
        assert page.title().endswith("Acupuncture evidence")
        assert sum("Content Security Policy" in said for said in console_errors) == 5
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
