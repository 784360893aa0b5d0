"""What notebooks show: prose, tables and figures, all of it as text."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import evidence as ev

HOSTILE = "<img src=x onerror=alert(1)> **bold** [a](javascript:alert(1))"


def test_prose_is_text_whatever_it_holds(results: ev.Results) -> None:
    said = ev.say(HOSTILE, {HOSTILE: HOSTILE}, [HOSTILE, "second"])
    page = said._repr_html_()
    assert "<img" not in page and page.count("&lt;img src=x") == 4
    assert page.count("<ul>") == 1 and page.count("<li>") == 2
    assert ev.say(ev.safety(results.db)).paragraphs == (("", ev.safety(results.db).sentence()),)


def test_what_has_no_sentence_is_refused() -> None:
    with pytest.raises(ev.InvalidInput, match="a float has no sentence"):
        ev.say(0.3)  # type: ignore[arg-type]


def test_a_table_is_text_whatever_it_holds() -> None:
    rows = pd.DataFrame({"a": [HOSTILE, "x"], "b": [HOSTILE, "y"], "to": ["javascript:alert(1)", "https://a.org/?a&b"]})
    shown = ev.table(rows, {"b": HOSTILE}, title=HOSTILE, note=HOSTILE, group="a", links={"b": "to"})
    page = shown._repr_html_()
    assert "<img" not in page and "javascript:alert(1)</a>" not in page and 'href="javascript' not in page
    assert page.count("&lt;img src=x") >= 5
    assert '<a href="https://a.org/?a&amp;b">y</a>' in page


def test_numbers_are_written_for_reading_and_keys_by_their_names() -> None:
    rows = pd.DataFrame({
        "condition": ["chronic_overuse", "spinal_stenosis"], "comparator": ["no_treatment", "sham"],
        "outcome": ["pain", "beta_endorphin"], "time": ["short", "long"], "year": [1998.0, 2001.0],
        "n": [1776.0, 20.0], "estimate": [-0.4, float("nan")], "ci_low": [-0.9, 0.0], "ci_high": [0.1, 0.0],
        "blinded": [True, False], "note": ["", None],
    })  # fmt: skip
    columns = {**dict(zip(rows, rows, strict=True)), ("estimate", "ci_low", "ci_high"): "effect"}
    cells = ev.table(rows, columns).cells
    assert cells["condition"].tolist() == ["chronic low back pain", "lumbar spinal stenosis"]
    assert cells["comparator"].tolist() == ["no treatment or a waiting list", "sham acupuncture"]
    assert cells["time"].tolist() == ["up to 3 months", "at 12 months or later"]
    assert cells["outcome"].tolist() == ["Pain", "Beta-endorphin"]
    assert cells["year"].tolist() == ["1998", "2001"] and cells["n"].tolist() == ["1,776", "20"]
    assert cells["blinded"].tolist() == ["yes", "no"] and cells["note"].tolist() == ["", ""]
    assert cells["effect"].tolist() == ["−0.40 (−0.90 to 0.10)", "–"]
    assert ev.table(rows, columns, digits=0).cells["effect"].iloc[0] == "0 (−1 to 0)"


def test_the_heads_of_groups_are_cells_too() -> None:
    rows = pd.DataFrame({"condition": ["chronic_overuse"], "k": [2]})
    shown = ev.table(rows, {"k": "Trials"}, group="condition")
    assert shown.cells.iloc[0].tolist() == ["chronic low back pain", "2"]
    assert repr(shown).splitlines()[1].startswith("chronic low back pain")
    assert "chronic low back pain" in shown._repr_html_()


def test_on_a_phone_words_keep_their_room_and_numbers_take_little() -> None:
    def least(rows: pd.DataFrame) -> int:
        return int(ev.table(rows)._repr_html_().split("min-width: ")[1].split("px")[0])

    words, numbers = pd.DataFrame({"a": ["x" * 200]}), pd.DataFrame({"a": [1], "b": [2]})
    assert least(numbers) < 40 < 100 < least(words) < 343


def test_the_same_table_twice_is_the_same_bytes(results: ev.Results) -> None:
    rows = results.pools_on(comparator="sham", outcome="pain")
    assert ev.table(rows)._repr_html_() == ev.table(rows)._repr_html_()


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ev.InvalidInput, match="there is no column 'points'; there are k"):
        ev.table(pd.DataFrame({"k": [1]}), {("points", "k", "k"): "Points"})
    with pytest.raises(ev.InvalidInput, match="a list has no rows"):
        ev.table([1])  # type: ignore[arg-type]


def test_what_columns_and_links_cannot_be_is_said() -> None:
    rows = pd.DataFrame({"k": [1], "text": ["a"], "wave": [1j]})
    for options, words in (
        ({"columns": {"k": ["Trials"]}}, "no text"),
        ({"columns": {"k": "Trials"}, "links": {"k": ["text"]}}, "no text"),
        ({"columns": {("k", "k"): "Trials"}}, "three in one"),
        ({"columns": {("k", "k", "text"): "Trials"}}, "not a number"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.table(rows, **options)  # type: ignore[arg-type]
    assert ev.table(rows).cells["Wave"].tolist() == ["1j"]


def test_a_caption_is_text_and_says_the_title_first() -> None:
    drawn = ev.captioned(plt.figure().subplots(), HOSTILE, title="Three <b>trials")
    page = drawn._repr_html_()
    assert "<img src=x" not in page and "<b>" not in page
    assert page.count("Three &lt;b&gt;trials. &lt;img src=x") == 2  # caption, and words for who cannot see it


def test_a_figure_is_asked_for_by_name(results: ev.Results) -> None:
    assert ev.figure(results, "claims").name == "claims"
    with pytest.raises(ev.InvalidInput, match="did you mean forest_pain_disc_herniation"):
        ev.figure(results, "forest_pain_disc_herniations")
