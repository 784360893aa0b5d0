"""The fonts of figures: matplotlib's own, a bundled one for Chinese words, installed ones for the scripts they lack."""

from __future__ import annotations

import io
import logging
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from ...languages import spoken

#: Simplified Chinese letters, those that our own words need (tools/chinese_font.py).
CHINESE, CHINESE_FILES = "Evidence Sans SC", Path(__file__).with_name("chinese")
_OPENING = Lock()
_LOG = logging.getLogger(__name__)
#: Fonts that hold a script DejaVu Sans lacks, the free and common ones first; those that are installed are used.
_OF_SCRIPTS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK TC", "Noto Sans SC", "Noto Sans JP"),
    *("Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "PingFang SC"),
    *("Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic", "Heiti TC", "Arial Unicode MS"),
    *("Noto Sans KR", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo", "Baekmuk Gulim"),
    *("Noto Sans Devanagari", "Lohit Devanagari", "Nirmala UI", "Mangal", "Kohinoor Devanagari"),
    *("Noto Sans Thai", "Noto Sans Tamil", "Noto Sans Bengali", "FreeSans", "Noto Emoji", "Segoe UI Emoji", "Symbola"),
    *("Segoe UI Symbol", "Noto Sans Symbols2", "Unifont"),
)
#: First word of the Unicode name of a letter to what readers call its script.
_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "DEVANAGARI": "Devanagari (Hindi)",
}


def families() -> list[str]:
    """Names of the fonts of a text, in the order in which a letter is looked for."""
    return [*mpl.rcParams["font.family"], *bundled(), *_fallbacks(len(fontManager.ttflist))]


def font_files(bold: bool) -> tuple[str, ...]:
    """Their files, which a text is measured with."""
    own, others = mpl.rcParams["font.family"], (*bundled(), *_fallbacks(len(fontManager.ttflist)))
    return _files(tuple(own), others, "bold" if bold else "normal")


def bundled() -> tuple[str, ...]:
    """Names of the fonts that come with the package for the language that is spoken."""
    if not spoken().startswith("zh"):
        return ()
    _know_chinese()
    return (CHINESE,)


def drawable(text: str) -> str:
    """``text`` with a hollow square for every letter that no font here holds; the log names each such script once."""
    glyphs = _glyphs(font_files(False))
    lacking = [c for c in text if ord(c) not in glyphs]
    for script in dict.fromkeys(map(_script, lacking)):
        _warn(script)
    return "".join(c if ord(c) in glyphs else "□" for c in text) if lacking else text


@lru_cache(maxsize=256)
def _warn(script: str) -> None:
    _LOG.warning(
        "figures: no installed font has %s letters, which are drawn as □; install one, such as Noto Sans CJK, "
        "Noto Sans or Noto Emoji, and remove matplotlib's font cache",
        script,
    )


def _script(letter: str) -> str:
    if unicodedata.category(letter) in ("So", "Sk", "Sm"):
        return "emoji or symbol"
    first = unicodedata.name(letter, "unnamed").split()[0].split("-")[0]
    return _SCRIPTS.get(first, first.capitalize())


@cache
def _know_chinese() -> None:
    for file in sorted(CHINESE_FILES.glob("*.otf")):
        fontManager.addfont(file)


@lru_cache(maxsize=4)
def _fallbacks(known: int) -> tuple[str, ...]:
    """Those of matplotlib's ``known`` fonts that hold more scripts: the number changes when a font is added."""
    installed = {entry.name for entry in fontManager.ttflist}
    return tuple(name for name in _OF_SCRIPTS if name in installed)


@lru_cache(maxsize=16)
def _files(family: tuple[str, ...], others: tuple[str, ...], weight: str) -> tuple[str, ...]:
    first = findfont(FontProperties(family=list(family), weight=weight))
    more = (findfont(FontProperties(family=name, weight=weight)) for name in others)
    files = tuple(dict.fromkeys((first, *more)))
    _open(files)
    return files


def _open(files: tuple[str, ...]) -> None:
    """Open the fonts of texts in memory; matplotlib keeps them open for all who draw.

    From a file it reads each letter again wherever the letter stands, which is most of the time of a text.
    """
    with _OPENING:
        usual = io.open

        def in_memory(file: Any, *how: Any, **more: Any) -> Any:
            if file not in files:
                return usual(file, *how, **more)
            whole = io.BytesIO(Path(file).read_bytes())
            whole.name = file  # PDF files ask for it
            return whole

        io.open = in_memory  # matplotlib asks for it by this name
        try:
            for some in dict.fromkeys((files[:1], files)):
                get_font(list(some))
        finally:
            io.open = usual


@lru_cache(maxsize=16)
def _glyphs(files: tuple[str, ...]) -> frozenset[int]:
    return frozenset(code for file in files for code in get_font(file).get_charmap())
