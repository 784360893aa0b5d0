"""What a chart does on a screen: what it tells stays in view, taps, whole titles, pictures of full size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from PIL import Image

import evidence as ev

from .conftest import told

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ROW = '[aria-roledescription="rect mark container"] path'
TIP = "#vg-tooltip-element.visible"
TITLE = "Pain in knee or hip osteoarthritis probably improves against sham needling, up to three months"


@pytest.fixture(scope="module")
def saved(fit: Any, trials: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    long = trials.assign(derivation="SD from the interval of the change, with the SD at baseline. " * 12)
    chart = ev.charts.forest(fit, trials=long, xlim=(-1, 2), title=TITLE)
    return ev.charts.save(chart, tmp_path_factory.mktemp("saved") / "forest.html")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True) as context:
        yield context.new_page()


def opened(page: Page, file: Path) -> Page:
    page.goto(file.as_uri())
    page.wait_for_selector("figure[data-drawn]")
    return page


def test_a_tap_tells_a_second_opens_and_one_elsewhere_ends_it(saved: Path, phone: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>source</title>", content_type="text/html")

    phone.context.route(re.compile("^https?:"), answer)
    rows = opened(phone, saved).locator(ROW)
    rows.nth(0).tap()
    assert "Ada 2001" in phone.locator(TIP).inner_text()
    assert "Tap again" in phone.locator(TIP).inner_text()
    rows.nth(1).tap()
    assert "SMD 0.50" in phone.locator(TIP).inner_text()
    assert "Tap again" not in phone.locator(TIP).inner_text()  # its address is none
    assert asked == []
    phone.locator("figcaption").dispatch_event("click")
    assert phone.locator(TIP).count() == 0
    rows.nth(0).tap()
    with phone.context.expect_page():
        rows.nth(0).tap()
    assert asked[0] == "https://doi.org/10.1000/a"


@pytest.mark.parametrize(("width", "height"), [(375, 667), (700, 420), (1280, 700)])
def test_all_that_is_told_stays_on_the_screen_and_hides_what_is_under_it(
    saved: Path, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    rows = opened(page, saved).locator(ROW)
    for row in rows.all():
        row.hover()
        tip = page.locator(TIP)
        box = tip.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= width
        assert 0 <= box["y"] < box["y"] + box["height"] <= height
        cut = tip.evaluate("e => e.scrollHeight - e.clientHeight")
        assert cut <= 0
        assert tip.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).opacity]") == [
            "rgb(255, 255, 255)",
            "1",
        ]


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_a_title_is_whole(saved: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    lines = opened(page, saved).locator("figure svg .role-title-text text tspan, figure svg .role-title-text text")
    button = page.locator("figure details summary").bounding_box()
    assert button is not None
    words = lines.evaluate_all("all => all.filter(e => !e.children.length).map(e => e.textContent)")
    assert " ".join(words) == TITLE
    right = lines.evaluate_all("all => Math.max(...all.map(e => e.getBoundingClientRect().right))")
    assert right <= button["x"]


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_a_saved_picture_is_as_large_as_a_figure(
    saved: Path, page: Page, tmp_path: Path, width: int, scheme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)
    opened(page, saved).locator("figure details summary").click()
    with page.expect_download() as download:
        page.get_by_text("Save as PNG").click()
    download.value.save_as(tmp_path / "saved.png")
    picture = Image.open(tmp_path / "saved.png").convert("RGB")
    assert picture.width == 1520
    assert picture.getpixel((1, 1)) == (255, 255, 255)
    assert page.locator(ROW).count() == 5  # the chart itself is still there


@pytest.mark.parametrize("save", [lambda chart, file: chart.save(file), ev.charts.save])
def test_a_picture_from_python_is_as_large_as_a_figure(chart: Any, tmp_path: Path, save: Any) -> None:
    save(chart, tmp_path / "forest.png")
    with Image.open(tmp_path / "forest.png") as picture:
        assert picture.width == 1520
    save(chart, tmp_path / "forest.svg")
    assert 'width="760"' in (tmp_path / "forest.svg").read_text()[:400]


def test_what_screening_found_is_told(fit: Any, trials: pd.DataFrame) -> None:
    chart = ev.charts.forest(fit, trials=trials.assign(integrity=["", "some", "serious", ""]))
    assert told(chart, "Trials")["The numbers"].tolist() == [
        "no misfit found",
        "one does not fit the others",
        "cannot be right as printed, or spread far too little; kept out of headline results",
        "no misfit found",
    ]
