"""A saved chart, read as bytes and opened in a browser that has no network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import evidence as ev

from .conftest import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ROW = '[aria-roledescription="rect mark container"] path'


@pytest.fixture(scope="module")
def saved(chart: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ev.charts.save(chart, tmp_path_factory.mktemp("saved") / "forest.html", caption="Four trials & <one> pool.")


class Elements(HTMLParser):
    """Every element of a page, with its attributes, and the text in scripts by type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.specs: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][1].get("type") == "application/json" and data.strip():
            self.specs.append(data)


def named_in_order(spec: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """A chart without its data, which altair names by a hash of them, and the rows of all of them together."""
    data = spec.pop("datasets")
    text = json.dumps(spec, sort_keys=True)
    names = dict.fromkeys(re.findall("data-[0-9a-f]{32}", text))
    for place, name in enumerate(names):
        text = text.replace(name, f"data-{place}")
    return text, [row for name in names for row in data[name]]


def to_ten_digits(text: str) -> float:
    """What is the same on every processor."""
    return float(f"{float(text):.10g}")


def test_hostile_text_stays_text(saved: Path, chart: Any) -> None:
    page = Elements(saved.read_text())
    assert [tag for tag, _ in page.found].count("script") == 2
    drawn = json.loads(json.dumps(chart.to_dict()), parse_float=to_ten_digits)
    assert named_in_order(json.loads(page.specs[0])) == named_in_order(drawn)
    assert not set("<>&\u2028\u2029") & set(page.specs[0])


def test_a_page_asks_nothing_of_the_network(saved: Path) -> None:
    text = saved.read_text()
    asked = [a[name] for tag, a in Elements(text).found for name in ("src", "href") if name in a and tag != "a"]
    assert asked == []
    assert not re.search(r"jsdelivr|unpkg|cdnjs|@import|url\(['\"]?http", text)


def test_the_table_holds_the_numbers_and_the_links(saved: Path, fit: Any, page: Page) -> None:
    page.goto(saved.as_uri())
    page.get_by_text("The numbers as a table").click()
    trials, pools = page.get_by_role("table").all()
    assert trials.get_by_role("rowheader").all_inner_texts()[:2] == ["Ada 2001", HOSTILE]
    assert trials.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()[0] == "SMD 0.30 [0.02, 0.58]"
    assert f"{fit.i2:.0f}%" in pools.get_by_role("cell").all_inner_texts()
    links = [link.get_attribute("href") for link in trials.get_by_role("link").all()]
    assert links == ["https://doi.org/10.1000/a", "http://example.org/d?x=1&y=2"]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import evidence as ev, sys\n"
        "fit = ev.pool([0.3, 0.5, 0.1], [0.02, 0.05, 0.03], slab=['Ada', 'Bo', 'Cy'])\n"
        "ev.charts.save(ev.charts.forest(fit, worthwhile=0.4), sys.argv[1], alt='Three trials')\n"
    )
    source = str(Path(ev.__file__).parents[1])
    clean = {"PYTHONHASHSEED": "7", "PYTHONPATH": source, "PATH": "", "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "theirs.html")], check=True, env=clean)
    fit = ev.pool([0.3, 0.5, 0.1], [0.02, 0.05, 0.03], slab=["Ada", "Bo", "Cy"])
    mine = ev.charts.save(ev.charts.forest(fit, worthwhile=0.4), tmp_path / "mine.html", alt="Three trials")
    assert mine.read_bytes() == (tmp_path / "theirs.html").read_bytes()
    assert '"description": "Three trials"' in mine.read_text()


def test_a_notebook_gets_what_jupyterlab_draws_and_a_picture(chart: Any) -> None:
    shown = chart._repr_mimebundle_()
    spec = shown["application/vnd.vegalite.v5+json"]
    assert spec["$schema"].endswith("vega-lite/v5.json")
    assert isinstance(spec["width"], int)
    assert shown["image/png"].startswith(b"\x89PNG")
    assert len(shown["image/png"]) < 60_000


def test_pointing_at_a_trial_tells_its_numbers(saved: Path, page: Page, console_errors: list[str]) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.context.set_offline(True)
    page.goto(saved.as_uri())
    page.wait_for_selector("figure[data-drawn]")
    page.locator(ROW).nth(1).hover()
    tip = page.locator("#vg-tooltip-element.visible").inner_text()
    assert HOSTILE in tip
    assert "SMD 0.50 [0.06, 0.94]" in tip
    assert "not reported" in tip
    assert page.title() == "Pain <now>"
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert console_errors == []


def test_a_click_opens_the_source_beside_the_page(saved: Path, page: Page) -> None:
    opened: list[str] = []

    def answer(route: Route) -> None:
        opened.append(route.request.url)
        route.fulfill(body="<title>source</title>", content_type="text/html")

    page.context.route(re.compile("^https?:"), answer)
    page.goto(saved.as_uri())
    page.wait_for_selector("figure[data-drawn]")
    with page.context.expect_page() as source:
        page.locator(ROW).nth(0).click()
    source.value.wait_for_url("https://doi.org/**")
    assert opened[0] == "https://doi.org/10.1000/a"
    assert page.url == saved.as_uri()
    page.locator(ROW).nth(1).click()  # javascript: in the data is no link
    page.wait_for_timeout(200)
    assert len(page.context.pages) == 2
    assert page.title() == "Pain <now>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_in_light_and_dark(saved: Path, page: Page, scheme: Any) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.emulate_media(color_scheme=scheme)
    page.goto(saved.as_uri())
    page.wait_for_selector("figure[data-drawn]")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    fills = [
        page.locator(mark).first.evaluate("e => getComputedStyle(e).fill")
        for mark in ('figure svg text:has-text("Ada 2001")', 'figure svg [fill="#1f5f8b"]')
    ]
    paper, night = ["rgb(28, 30, 33)", "rgb(31, 95, 139)"], ["rgb(232, 234, 237)", "rgb(111, 176, 220)"]
    assert fills == (paper if scheme == "light" else night)
    boxes = page.locator("figure svg text").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert max(boxes) <= 375
    page.locator(ROW).nth(1).hover()
    tip = page.locator("#vg-tooltip-element.visible").bounding_box()
    assert tip is not None
    assert 0 <= tip["x"] < tip["x"] + tip["width"] <= 375
    assert 0 <= tip["y"] < tip["y"] + tip["height"] <= 700


def test_a_listener_hears_the_pool_and_each_trial(saved: Path, page: Page) -> None:
    page.goto(saved.as_uri())
    page.wait_for_selector("figure[data-drawn]")
    said = page.locator("[role=graphics-document]").get_attribute("aria-label") or ""
    assert said.startswith("Pain <now>. Forest plot of 4 trials. Pooled: SMD ")
    names = page.locator(ROW).evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert names[0] == "Ada 2001: SMD 0.30 [0.02, 0.58]"
