"""Ask the evidence in a browser, from a disk: choose, tick, leave a trial out, link and copy."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def answers(site: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(gzip.decompress(b64decode((site / "answers.js").read_bytes().split(b'"')[1])))
    return data


@pytest.fixture
def ask(site: Path, page: Page) -> Page:
    page.goto((site / "ask.html").as_uri())
    page.locator("form.ask").wait_for()
    return page


def question(answers: dict[str, Any], *asked: str) -> dict[str, Any]:
    return next(each for each in answers["questions"] if each["asked"] == list(asked))


def shown(page: Page) -> str:
    return page.locator(".ask-said").inner_text()


def test_the_page_opens_with_an_answer(ask: Page, answers: dict[str, Any], console_errors: list[str]) -> None:
    first = answers["questions"][0]
    answer = first["answers"][first["ticks"][0][0]]
    assert shown(ask) == answer["said"] and ask.locator(".ask-title").inner_text() == first["title"]
    assert answer["points"] in ask.locator(".ask-facts").inner_text()
    assert answer["grade"] in ask.locator(".ask-facts .certainty").inner_text()
    rows = ask.locator(".ask-forest tbody tr")
    assert rows.count() == len(first["trials"]) + len(answer["summary"]) + 1  # the axis
    assert not ask.locator(".ask-silent").is_visible() and console_errors == []


def test_what_is_chosen_changes_what_can_be_chosen_next(ask: Page, answers: dict[str, Any]) -> None:
    ask.locator("select[name=condition]").select_option("osteoarthritis")
    ask.get_by_label("What is measured").select_option("disability")
    chosen = question(answers, "osteoarthritis", "sham", "disability", "short")
    assert shown(ask) == chosen["answers"][chosen["ticks"][0][0]]["said"]
    offered = ask.get_by_label("When").locator("option").evaluate_all("options => options.map(x => x.value)")
    there = {each["asked"][3] for each in answers["questions"] if each["asked"][:3] == chosen["asked"][:3]}
    assert set(offered) == there


def test_ticks_and_a_trial_left_out_change_everything_at_once(ask: Page, answers: dict[str, Any]) -> None:
    first = answers["questions"][0]
    ask.get_by_label("blinded only").check()
    blinded, without = first["ticks"][1]
    assert blinded != first["ticks"][0][0] and shown(ask) == first["answers"][blinded]["said"]
    assert ask.locator(".ask-departure").inner_text() == first["answers"][blinded]["departure"] != ""
    assert ask.locator(".ask-forest tr.trial").count() == len(without)
    assert ask.locator(".ask-forest tr.out").count() == len(first["trials"]) - len(without)
    out = next(iter(without))
    ask.get_by_label("Leave one trial out").select_option(out)
    answer = first["answers"][without[out]]
    assert shown(ask) == answer["said"] and ask.locator(".ask-forest tr.trial").count() == len(without) - 1
    assert answer["summary"][0]["effect"] in ask.locator(".ask-forest tr.pooled").inner_text()
    ask.get_by_label("blinded only").uncheck()
    assert ask.get_by_label("Leave one trial out").input_value() == out, "it still counts, and stays left out"


def test_flagged_trials_come_in(ask: Page, answers: dict[str, Any]) -> None:
    found = next(each for each in answers["questions"] if each["ticks"][8][0] != each["ticks"][0][0])
    told = zip(("condition", "comparator", "outcome", "time"), found["asked"], strict=True)
    ask.evaluate("hash => { location.hash = hash }", "&".join(f"{name}={value}" for name, value in told))
    ask.locator(".ask-title", has_text=found["title"]).wait_for()
    before = ask.locator(".ask-forest tr.trial").count()
    ask.get_by_label("without flagged trials").uncheck()
    assert ask.locator(".ask-forest tr.trial").count() > before
    assert shown(ask) == found["answers"][found["ticks"][8][0]]["said"]


def test_an_address_holds_the_choice(ask: Page, site: Path) -> None:
    ask.locator("select[name=condition]").select_option("osteoarthritis")
    ask.get_by_label("scores only").check()
    ask.get_by_label("Leave one trial out").select_option(index=2)
    said, address = shown(ask), ask.url
    assert "condition=osteoarthritis" in address and "scores=yes" in address and "without=" in address
    ask.goto("about:blank")
    ask.goto(address)
    ask.locator("form.ask").wait_for()
    assert shown(ask) == said and ask.get_by_label("scores only").is_checked()
    ask.evaluate("location.hash = '#condition=spinal_stenosis'")
    ask.wait_for_function("document.querySelector('.ask-title').textContent.includes('stenosis')")
    assert not ask.get_by_label("scores only").is_checked()


def test_an_address_of_nothing_gives_an_answer(site: Path, page: Page, console_errors: list[str]) -> None:
    wrong = "#condition=__proto__&time=%3Cscript%3E&without=constructor&blinded=yes&nothing=1"
    page.goto((site / "ask.html").as_uri() + wrong)
    page.locator("form.ask").wait_for()
    assert shown(page) and page.locator("select[name=without]").input_value() == "" and console_errors == []


def test_by_keyboard(ask: Page, answers: dict[str, Any]) -> None:
    first = answers["questions"][0]
    ask.locator("select[name=condition]").focus()
    for _ in range(5):  # over the selects that are left to choose from, to the first tick
        ask.keyboard.press("Tab")
        if ask.evaluate("document.activeElement.name") == "blinded":
            break
    assert ask.evaluate("document.activeElement.name") == "blinded"
    ask.keyboard.press("Space")
    assert shown(ask) == first["answers"][first["ticks"][1][0]]["said"]
    assert ask.evaluate("document.activeElement.name") == "blinded", "the focus stays"


@pytest.mark.parametrize("clipboard", ["text => { window.copied = text; }", "() => Promise.reject()"])
def test_sentence_and_link_are_copied(ask: Page, answers: dict[str, Any], clipboard: str) -> None:
    """By the clipboard, and where the browser keeps it shut."""
    ask.evaluate(f"() => {{ navigator.clipboard.writeText = {clipboard}; }}")
    ask.evaluate("document.addEventListener('copy', event => window.copied = event.target.value, true)")
    ask.get_by_label("blinded only").check()
    first = answers["questions"][0]
    for name, text in (
        ("Copy sentence", first["answers"][first["ticks"][1][0]]["copied"]),
        ("Copy link", ask.url),
    ):
        ask.get_by_role("button", name=name).click()
        ask.wait_for_function("text => window.copied === text", arg=text)
    assert ask.locator(".ask-copy [role=status]").inner_text() == "Copied"


def test_on_a_telephone_nothing_leaves_the_screen(ask: Page) -> None:
    ask.set_viewport_size({"width": 375, "height": 800})
    conditions = ask.locator("select[name=condition] option").evaluate_all("all => all.map(x => x.value)")
    for condition in conditions:
        ask.locator("select[name=condition]").select_option(condition)
        wide = ask.evaluate(
            "Math.max(...[...document.querySelectorAll('.bd-article *')].map(x => x.getBoundingClientRect().right))"
        )
        assert wide <= 375, (condition, wide)
    name, effect = (
        ask.locator(f".ask-forest tr.trial >> nth=0 >> {part}").bounding_box() for part in ("th", ".effect")
    )
    assert name and effect and name["width"] > 100 and name["x"] + name["width"] <= effect["x"]


def test_hostile_names_of_trials_are_text(site: Path, page: Page, awkward: Any) -> None:
    page.goto((site / "ask.html").as_uri() + "#condition=spinal_stenosis&comparator=sham&outcome=pain")
    cell = page.locator(".ask-forest th", has_text=awkward.hostile[:30])  # a long name is cut
    cell.first.wait_for()
    assert cell.locator("script, a").count() == 0 and page.title().endswith("Acupuncture evidence")


def test_the_front_page_leads_here(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator(".bd-article").get_by_role("link", name="Ask the evidence").press("Enter")
    page.locator("form.ask").wait_for()
