"""The explorer as a reader meets it: a real JupyterLab, a real browser, mouse and keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.long
#: Milliseconds from a click on a trial to the repainted page, for every trial that is shown.
CLICKS = """async () => {
  const times = [], plot = document.querySelector('.ev-plot');
  for (const box of document.querySelectorAll('.ev-trials input')) {
    times.push(await new Promise((done, fail) => {
      setTimeout(() => fail(new Error("no answer to a click")), 20000);
      const started = performance.now();
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
      });
      watch.observe(plot, {childList: true, subtree: true});
      box.click();
    }));
  }
  return times;
}"""

#: What passes the right edge of the explorer or scrolls inside it.
CUT_OFF = """whole => [...whole.querySelectorAll('*')].filter(part => {
  if (part.closest('.ev-hidden, style')) return false;
  const inner = /auto|scroll/.test(getComputedStyle(part).overflowY) && part.scrollHeight > part.clientHeight + 1;
  return inner || part.getBoundingClientRect().right > whole.getBoundingClientRect().right + 1;
})"""


def expect(locator: Locator) -> Any:
    """Playwright's assertions, which wait; imported where a browser is, so that the file can be read without it."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)  # other tests run beside these
    return expect(locator)


@pytest.fixture(scope="module")
def opened(lab: Any, tab: tuple[Page, list[str]]) -> tuple[float, float]:
    """Seconds until JupyterLab showed the notebook and until the explorer answered, of the first time it was opened."""
    return lab.open(tab[0])


@pytest.fixture
def shown(opened: object, tab: tuple[Page, list[str]]) -> Iterator[tuple[Locator, Page]]:
    """The explorer and its page, in which nothing may go wrong; afterwards the question is as it was."""
    page, errors = tab
    explorer = page.locator(".ev-explorer")
    chosen, sentence = explorer.get_by_label("Condition"), explorer.locator(".ev-sentence").first
    asked, said = chosen.input_value(), sentence.inner_text()
    yield explorer, page
    back = explorer.get_by_role("button", name="Bring all trials back").first
    if back.is_enabled():
        back.click()
    if chosen.input_value() != asked:
        chosen.select_option(asked)
    expect(sentence).to_have_text(said)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=30_000)
    assert errors == []


def test_it_opens_ready_without_a_cell_being_run(lab: Any, opened: tuple[float, float], page: Page) -> None:
    tries = [opened]
    # Three seconds; on a machine where JupyterLab alone needs more than one, three times what it needs.
    while not (in_time := tries[-1][1] < max(3, 3 * tries[-1][0])) and len(tries) < 3:
        tries.append(lab.open(page))
    assert in_time, tries


def test_the_sentence_is_copied_and_files_are_downloaded(lab: Any, shown: tuple[Locator, Page]) -> None:
    explorer, page = shown
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer.locator(".ev-trials").get_by_role("checkbox").first.click()
    plain = explorer.locator(".ev-plain")
    expect(plain).to_contain_text("left out by hand")
    explorer.get_by_role("button", name="Copy sentence").click()
    expect(explorer.locator(".ev-copy")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(plain.inner_text()) and explorer.locator(".ev-departure").inner_text() in copied

    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    explorer.get_by_role("button", name="Copy sentence").click()
    expect(explorer.locator(".ev-copy textarea")).to_be_visible()
    assert page.evaluate("document.activeElement.value") == copied, "where the clipboard is shut the text is selected"

    explorer.get_by_role("button", name="Save figure and caption").click()
    links = explorer.locator(".ev-downloads a")
    expect(links).to_have_count(3, timeout=60_000)
    for link in links.all():
        with page.expect_download() as got:
            link.click()
        name = got.value.suggested_filename
        assert Path(got.value.path()).read_bytes() == (lab.folder / "explored" / name).read_bytes()


def test_choosing_leaving_out_and_saving(lab: Any, shown: tuple[Locator, Page]) -> None:
    explorer, page = shown
    sentence, plain = explorer.locator(".ev-sentence"), explorer.locator(".ev-plain")
    expect(sentence).to_contain_text("In chronic low back pain, against sham acupuncture")
    expect(plain).to_contain_text("In chronic low back pain, ")

    chosen = explorer.get_by_label("Condition")
    chosen.select_option(
        label=next(text for text in chosen.locator("option").all_inner_texts() if "osteoarthritis" in text)
    )
    expect(sentence).to_contain_text("In osteoarthritis of knee or hip (related condition), against sham")
    explorer.get_by_label("Acupuncture against").select_option(index=1)
    expect(sentence).not_to_contain_text("against sham acupuncture")
    explorer.get_by_label("Acupuncture against").select_option(index=0)
    expect(sentence).to_contain_text("against sham acupuncture")
    expect(explorer.locator(".ev-departure")).to_have_count(0)

    boxes = explorer.locator(".ev-trials").get_by_role("checkbox")
    whole = sentence.inner_text()
    numbers, plot = explorer.locator(".ev-numbers"), explorer.locator(".ev-plot svg").first
    seen = numbers.inner_text(), plot.inner_html()
    k = boxes.count()
    assert k >= 8
    boxes.nth(2).click()
    expect(sentence).to_contain_text(f"With 1 of {k} trials left out by hand")
    expect(plain).to_contain_text(f"With 1 of {k} trials left out by hand")
    expect(explorer.locator(".ev-departure")).to_contain_text("The default analysis")
    expect(explorer.locator("tr.out")).to_have_count(1)
    assert numbers.inner_text() != seen[0] and plot.inner_html() != seen[1]

    explorer.get_by_role("button", name="Save figure and caption").click()
    expect(explorer.locator(".ev-buttons")).to_contain_text("Saved explored/forest_pain_osteoarthritis", timeout=15_000)
    saved = {path.suffix: path for path in (lab.folder / "explored").glob("forest_pain_osteoarthritis*")}
    assert set(saved) == {".svg", ".png", ".json", ".csv"}
    said = sentence.inner_text().removeprefix("In the words of a paper: ")
    assert said in json.loads(saved[".json"].read_text())["caption"]

    explorer.get_by_role("button", name="Bring all trials back").click()
    expect(sentence).to_have_text(whole)
    expect(explorer.locator("tr.out")).to_have_count(0)

    boxes.nth(0).focus()
    page.keyboard.press("Space")
    expect(sentence).to_contain_text(f"With 1 of {k} trials left out by hand")
    page.keyboard.press("Tab")
    assert boxes.nth(1).evaluate("box => box === document.activeElement"), "one Tab leads to the next trial"


def test_a_click_is_answered_at_once_and_nothing_is_cut_off(lab: Any, shown: tuple[Locator, Page]) -> None:
    explorer, page = shown
    expect(explorer.locator("tr.trial")).not_to_have_count(0)
    times = page.evaluate(CLICKS)
    assert len(times) >= 5 and min(times) < 200, times  # what else runs on the machine only adds to a time
    expect(explorer.locator(".ev-plain")).to_contain_text("every trial is left out")
    explorer.get_by_role("button", name="Bring all trials back").click()
    expect(explorer.locator("tr.pooled")).to_have_count(1)
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 900})
        expect(explorer.locator(".ev-forest")).to_be_visible()
        page.wait_for_function(f"() => ({CUT_OFF})(document.querySelector('.ev-explorer')).length === 0", timeout=5_000)


def test_filters_conditions_side_by_side_and_sources(lab: Any, shown: tuple[Locator, Page]) -> None:
    explorer, page = shown
    plain, trials = explorer.locator(".ev-first .ev-plain"), explorer.locator(".ev-first tr.trial")
    expect(explorer.locator(".ev-certainty summary").first).to_contain_text("certainty")
    expect(explorer.locator(".ev-people").first).to_contain_text("Of 100 people")
    expect(explorer.locator(".ev-settles").first).to_contain_text("What would settle it.")
    whole = trials.count()

    explorer.get_by_label("blinded only").check()
    expect(plain).to_contain_text("Counting only trials that blinded participants")
    expect(explorer.locator(".ev-remark").first).to_contain_text("Left out, as not known to have blinded")
    assert 0 < trials.count() < whole
    explorer.get_by_label("blinded only").uncheck()
    expect(trials).to_have_count(whole)

    beside = explorer.get_by_label("Beside it")
    beside.select_option(
        label=next(text for text in beside.locator("option").all_inner_texts() if "osteoarthritis" in text)
    )
    second = explorer.locator(".ev-second")
    expect(second.locator(".ev-plain")).to_contain_text("In osteoarthritis of knee or hip")
    assert second.locator("tr.trial").count() > 4
    page.set_viewport_size({"width": 1700, "height": 900})
    page.wait_for_function(
        "() => document.querySelector('.ev-second').getBoundingClientRect().left"
        " > document.querySelector('.ev-first').getBoundingClientRect().right"
    )
    beside.select_option(index=0)
    expect(second).to_be_hidden()

    page.context.route("**/*", lambda route: route.continue_() if lab.url in route.request.url else route.abort())
    link = trials.first.get_by_role("link")
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.evaluate("opener") is None, "a source cannot reach back"
    assert str(link.get_attribute("href")).startswith("https://")
    opened.value.close()


def test_a_hostile_trial_name_is_text(lab: Any, shown: tuple[Locator, Page]) -> None:
    explorer, page = shown
    chosen = explorer.get_by_label("Condition")
    chosen.select_option(
        label=next(text for text in chosen.locator("option").all_inner_texts() if "osteoarthritis" in text)
    )
    box = explorer.get_by_role("checkbox", name=lab.hostile)
    expect(box).to_be_visible()
    box.click()
    expect(explorer.locator(".ev-departure")).to_contain_text(lab.hostile)
    assert page.evaluate("window.hacked") is None and explorer.locator("img").count() == 0
