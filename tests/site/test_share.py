"""The first screen of the front page, and what others are told of each page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

import evidence as ev

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: The page that Sphinx makes of no source.
MADE = "search.html"


@pytest.mark.parametrize("width", [375, 1280])
def test_the_first_screen_says_it_all(site: Path, page: Page, db: ev.EvidenceBase, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((site / "index.html").as_uri())
    rows = page.locator("figure.glance li")
    assert rows.count() == len(db.conditions.query("headline in ['yes', 'neighbour']"))
    for part in ("h1", ".answer", "figure.glance .axis", "figure.glance li:last-child .certainty >> nth=-1", ".date"):
        box = page.locator(part).bounding_box()
        assert box and box["y"] > 0 and box["y"] + 12 < 800, (part, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, (part, box)
    assert page.locator(".date").inner_text().startswith("The data ")
    assert page.locator("details.sd-dropdown:not([open])").count() == 4
    clipped = "row => [...row.querySelectorAll('p, .marks')].some(part => part.scrollWidth > part.clientWidth + 1)"
    assert not any(row.evaluate(clipped) for row in rows.all()), "no words leave their row"


def test_every_page_has_one_viewport_an_icon_and_the_feed(parts: dict[str, Any]) -> None:
    for name, page in parts.items():
        told = [what for what, _ in page.told]
        feeds = [to for what, to in page.told if what == "alternate" and to.endswith("feed.atom")]
        assert told.count("viewport") == told.count("icon") == len(feeds) == 1, name


def test_networks_are_told_title_address_and_image(site: Path, parts: dict[str, Any], base_url: str) -> None:
    told = {name: dict(page.told) for name, page in parts.items() if name != MADE}
    for name, tags in told.items():
        assert tags["og:title"] and tags["og:url"] == base_url + name, name
        assert tags["twitter:card"] == "summary_large_image"
        card = site / tags["og:image"].removeprefix(base_url)
        assert card.read_bytes().startswith(b"\x89PNG"), name
    assert told["conditions/arthritis.html"]["og:image"] == f"{base_url}cards/conditions-arthritis.png"
    assert told["claims.html"]["og:image"] == f"{base_url}cards/index.png"
    assert told["de/index.html"]["og:image"] == f"{base_url}cards/de-index.png"
    assert told["de/index.html"]["og:title"].startswith("Hilft Akupunktur")
    assert told["figures/claims.html"]["og:image"] == f"{base_url}figures/social/claims.png"
    assert told["index.html"]["description"].startswith(("Best supported: ", "Compared with "))
    assert [name for name, tags in told.items() if not tags.get("description")] == []


def test_the_sitemap_has_every_page_and_the_feed_its_entries(site: Path, parts: dict[str, Any], base_url: str) -> None:
    places = ElementTree.parse(site / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    listed = {str(place.text) for place in places}
    assert {base_url + name for name in parts if name != MADE} <= listed
    assert all(address.startswith(base_url) for address in listed)
    feed = ElementTree.parse(site / "feed.atom").getroot()
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) > 1


def test_a_page_is_cited_with_files_for_reference_managers(site: Path, page: Page, base_url: str) -> None:
    page.goto((site / "conditions" / "arthritis.html").as_uri())
    page.get_by_text("Cite this page").focus()
    page.keyboard.press("Enter")
    cite, address = page.locator("details.cite"), f"{base_url}conditions/arthritis.html"
    assert address in cite.inner_text()
    for name, first in (("BibTeX", "@misc{"), ("RIS", "TY  - ELEC")):
        with page.expect_download() as waiting:
            cite.get_by_role("link", name=name).click()
        text = waiting.value.path().read_text(encoding="utf-8")
        assert text.startswith(first) and "Arthritis of the spine" in text and address in text


def test_each_figure_offers_its_files_and_is_cited_once(site: Path, parts: dict[str, Any]) -> None:
    pages = [name for name in parts if name.startswith("figures/")]
    for name in pages:
        stem = Path(name).stem
        files = {f"{stem}.svg", f"{stem}.png", f"{stem}@2x.png", f"social/{stem}.png"}
        assert files <= set(parts[name].links), name
        assert (site / name).read_text(encoding="utf-8").count('<details class="cite">') == 1, name
    assert len(pages) == len(list((site / "figures").glob("*.json"))) > 20


class Quiet(SimpleHTTPRequestHandler):
    """A server that keeps no log."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder as a web site of its own; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def test_a_figure_shows_in_the_page_of_another_site(
    site: Path, page: Page, base_url: str, tmp_path: Path, console_errors: list[str]
) -> None:
    page.goto((site / "figures" / "ranking_pain_sham.html").as_uri())
    page.get_by_text("Embed it in a page", exact=True).click()
    snippet = page.locator("details[open] pre").inner_text()
    with served(site) as ours, served(tmp_path) as blog:
        frame = f'<iframe src="{ours}interactive/chronic-overuse.html" width="600" height="400"></iframe>'
        head = '<!doctype html><title>My blog</title><link rel="icon" href="data:,">'
        post = f"{head}<p>Look:</p>{snippet.replace(base_url, ours)}{frame}"
        (tmp_path / "post.html").write_text(post, encoding="utf-8")
        page.goto(f"{blog}post.html", wait_until="load")
        image = page.locator("figure img")
        assert image.evaluate("node => [node.complete, node.naturalWidth]") == [True, 600]
        assert image.evaluate("node => new URL(node.currentSrc).origin !== location.origin")
        shown = page.frame_locator("iframe")
        shown.locator("figure.evidence-chart[data-drawn=yes]").first.wait_for()
        assert "Chronic low back pain" in shown.locator("h1").inner_text()
        page.locator("figcaption a").first.click()
        page.wait_for_url(f"{ours}figures/ranking_pain_sham.html")
    assert console_errors == [], "no policy of the site forbids it"
