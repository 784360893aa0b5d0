"""Another language: every message translated, with its places and plural forms; numbers and dates; English unharmed."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import evidence as ev
from evidence import languages
from evidence.answers.wording.words import number
from evidence.languages import LANGUAGES, _, day_words, decimal, joined, ngettext, pgettext, spoken, tag
from evidence.plots.parts import text
from evidence.plots.parts.fonts import font_files

pytest.importorskip("babel", reason='no babel here (pip install "acupuncture-evidence[languages]")')
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
OTHERS = [name for name in LANGUAGES if name != "en"]
FORMS = {"de": 2, "es": 2, "zh_Hans": 1}
RESULT = {
    "outcome": "pain",
    "comparator": "sham",
    "k": 8,
    "n": 1200,
    "estimate": 0.4,
    "ci_low": 0.2,
    "ci_high": 0.6,
    "certainty": "moderate",
}
_PLACE = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/messages.py, which `make messages` runs."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def catalogue(name: str) -> Catalog:
    with (languages.CATALOGUES / name / "LC_MESSAGES" / "evidence.po").open("rb") as file:
        return read_po(file, locale=name)


@pytest.fixture(scope="module")
def said(tool: ModuleType) -> set[tuple[Any, Any]]:
    """Context and words of all messages that the code and the data say."""
    return {(message.context, message.id) for message in tool.template() if message.id}


def messages(name: str) -> Iterator[Message]:
    return (message for message in catalogue(name) if message.id)


def test_every_catalogue_is_a_language_and_the_other_way_round() -> None:
    assert sorted(path.name for path in languages.CATALOGUES.iterdir() if path.is_dir()) == sorted(OTHERS)


@pytest.mark.parametrize("name", OTHERS)
def test_the_catalogue_has_what_is_said_and_nothing_else(said: set[tuple[Any, Any]], name: str) -> None:
    known = {(message.context, message.id) for message in messages(name)}
    assert len(said) > 400
    assert not said - known, f"{name} lacks {sorted(map(str, said - known))}: run make messages, then translate them"
    assert not known - said, f"nobody says {sorted(map(str, known - said))} any more: run make messages"


@pytest.mark.parametrize("name", OTHERS)
def test_every_message_is_translated_with_its_places_and_forms(name: str) -> None:
    for message in messages(name):
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        whole = message.id if isinstance(message.id, str) else message.id[-1]
        assert all(forms) and not message.fuzzy, f"{name}: {message.id!r} has no translation"
        assert len(forms) == (FORMS[name] if isinstance(message.id, tuple) else 1), message.id
        for form in forms:
            assert set(_PLACE.findall(form)) - {"{n}"} == set(_PLACE.findall(whole)) - {"{n}"}, (message.id, form)
        assert ("{n}" in whole) == ("{n}" in forms[-1]), message.id
        assert whole[:1].isspace() == forms[-1][:1].isspace(), f"{message.id!r}: the space at its start"


@pytest.mark.parametrize("name", OTHERS)
def test_certainty_and_hedges_have_fixed_words(name: str) -> None:
    """GRADE's words for levels, and one word each for *probably* and *may*, wherever they stand in a sentence."""
    grades = {
        "de": "hoch moderat niedrig sehr~niedrig",
        "es": "alta moderada baja muy~baja",
        "zh_Hans": "高 中 低 极低",
    }
    hedges = {
        "de": ("wahrscheinlich", "möglicherweise"),
        "es": ("probablemente", "podría"),
        "zh_Hans": ("很可能", "可能"),
    }
    with ev.language(name):
        levels = [_(level) for level in ("high", "moderate", "low", "very low")]
    assert levels == [word.replace("~", " ") for word in grades[name].split()]
    probably, may = hedges[name]
    told = [
        m for m in messages(name) if isinstance(m.id, str) and re.match(r"(acupuncture|people) (probably|may)\b", m.id)
    ]
    assert len(told) > 8
    for message in told:
        hedge = probably if "probably" in message.id else may
        assert hedge in message.string, message.id
        assert probably == hedge or probably not in message.string, message.id


def test_a_sentence_in_each_language() -> None:
    english = ev.sentence(RESULT)
    said = {}
    for name in OTHERS:
        with ev.language(name):
            said[name] = ev.sentence(RESULT)
    assert said["de"] == (
        "Akupunktur verringert wahrscheinlich Schmerzen verglichen mit Scheinakupunktur "
        "(0,40 Standardabweichungen, 0,20 bis 0,60; 8 Studien, 1.200 Personen). Vertrauenswürdigkeit: moderat."
    )
    assert said["es"] == (
        "La acupuntura probablemente reduce el dolor en comparación con acupuntura simulada "
        "(0,40 desviaciones estándar, 0,20 a 0,60; 8 estudios, 1.200 personas). Certeza: moderada."
    )
    assert said["zh_Hans"] == (
        "与假针灸相比，针灸很可能减少疼痛（0.40个标准差，0.20至0.60；8项研究，1,200人）。证据可信度：中。"
    )
    assert ev.sentence(RESULT) == english and english.startswith("Acupuncture probably reduces pain")


@pytest.mark.parametrize(
    ("name", "minus", "thousands", "day", "one", "many"),
    [
        ("en", "−0.71", "1,162.5", "28 November 2026", "1 trial", "2 trials"),
        ("de", "−0,71", "1.162,5", "28. November 2026", "1 Studie", "2 Studien"),
        ("es", "−0,71", "1.162,5", "28 de noviembre de 2026", "1 estudio", "2 estudios"),
        ("zh_Hans", "−0.71", "1,162.5", "2026年11月28日", "1项研究", "2项研究"),
    ],
)
def test_numbers_dates_and_plurals(name: str, minus: str, thousands: str, day: str, one: str, many: str) -> None:
    with ev.language(name):
        assert number(-0.7145) == text.number(-0.7145) == minus
        assert decimal(1162.46, 1) == thousands
        assert day_words(date(2026, 11, 28)) == day
        assert [ngettext("{n} trial", "{n} trials", n) for n in (1, 2)] == [one, many]
        assert tag() == name.replace("_", "-")
        assert text.interval(0.2, 1.3) == ("[0,20; 1,30]" if name in ("de", "es") else "[0.20, 1.30]")


def test_a_language_ends_with_its_block_and_stays_in_its_thread() -> None:
    with pytest.raises(ZeroDivisionError), ev.language("de"):
        1 / 0  # noqa: B018
    with ev.language("de"):
        with ev.language("es"):
            assert spoken() == "es"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(spoken).result() == "en"
        assert spoken() == "de"
    assert spoken() == "en"


def test_what_is_kept_is_english_whoever_asks_first() -> None:
    db = ev.load().select(condition="spinal_stenosis")
    with ev.language("zh_Hans"):
        first = ev.certainty_table(db)
        pools = ev.Results(db).pools
    assert "risk of bias" in " ".join(first["doubts"])
    assert all(words.isascii() or "−" in words for words in pools["doubts"])


def test_a_language_that_is_not_there_and_one_without_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ev.InvalidInput, match="language='fr': choose one of en, de, es, zh_Hans"), ev.language("fr"):
        pass
    languages._catalogue.cache_clear()
    monkeypatch.setitem(sys.modules, "babel.messages.pofile", None)
    with pytest.raises(ev.MissingExtra, match=r"acupuncture-evidence\[languages\]"), ev.language("de"):
        pass
    assert spoken() == "en"


def test_english_needs_no_catalogue() -> None:
    code = f"import sys, evidence as ev; ev.sentence({RESULT!r}); assert 'babel' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_words_of_the_data_are_never_read_as_places() -> None:
    with ev.language("de"):
        assert pgettext("conditions.in_text", "{0.__class__} {x}") == "{0.__class__} {x}"
        assert _("against {comparator}", comparator="{x}") == "gegenüber {x}"
        assert pgettext("conditions.in_text", "") == _("") == ""


def test_chinese_is_drawn_whole_and_broken_where_a_line_may_end() -> None:
    said = "".join(
        form
        for message in messages("zh_Hans")
        for form in ([message.string] if isinstance(message.string, str) else message.string)
    )
    with ev.language("zh_Hans"):
        for bold in (False, True):
            glyphs = {code for file in font_files(bold)[:2] for code in text.get_font(file).get_charmap()}
            lacking = sorted({letter for letter in said if ord(letter) not in glyphs})
            assert not lacking, f"the bundled font lacks {''.join(lacking)}: run python tools/chinese_font.py"
        lines = text.wrap("与假针灸相比，针灸很可能使人疼痛更轻（满分100分）。", 80, 9)
        assert len(lines) > 2 and all(text.width(line, 9) <= 80 for line in lines)
        assert not any(line[0] in "，。）" for line in lines)
        assert joined("疼痛更轻。", "9 项") == "疼痛更轻。9 项"
    assert not any("EvidenceSansSC" in file for file in font_files(False))
