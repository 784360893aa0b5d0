"""Names in scripts that matplotlib's own font lacks."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import fontManager

import evidence as ev
from evidence.plots import unreadable
from evidence.plots.parts import fonts
from evidence.plots.parts.fonts import drawable, families
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.text import width

NAMES = ["王 2005", "김 2011", "शर्मा 2018", "Ada 🙂"]


@pytest.fixture
def noto(tmp_path):
    """A font called Noto Sans SC is installed, in which each of the letters of NAMES is a black box."""
    letters = sorted({c for name in NAMES for c in name if ord(c) > 0x2FF})
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (950, 700), (950, 0)):
        pen.lineTo(corner)
    pen.closePath()
    box, order = pen.glyph(), [".notdef", *(f"letter{i}" for i in range(len(letters)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(c): f"letter{i}" for i, c in enumerate(letters)})
    builder.setupGlyf(dict.fromkeys(order, box))
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Noto Sans SC", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "boxes.ttf")
    before = list(fontManager.ttflist)
    fontManager.addfont(tmp_path / "boxes.ttf")
    yield
    fontManager.ttflist[:] = before


@pytest.fixture
def unheard():
    """Scripts are named again, whatever other tests drew."""
    fonts._warn.cache_clear()
    yield
    fonts._warn.cache_clear()


def test_an_installed_font_draws_what_ours_lacks(noto):
    assert "Noto Sans SC" in families()
    assert [drawable(name) for name in NAMES] == NAMES
    assert width("王王王", 9) > 2 * width("王", 9) > 9
    ax = ev.plots.forest(ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=NAMES))
    assert set(NAMES) <= {t.get_text() for t in texts(ax.figure)}
    assert unreadable(ax.figure) == []
    (name,) = [t for t in texts(ax.figure) if t.get_text() == NAMES[0]]
    ax.figure.canvas.draw()
    box = name.get_window_extent()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[:, :, :3].mean(axis=2)
    top = pixels.shape[0] - int(box.y1)
    drawn = pixels[top : top + int(box.height), int(box.x0) : int(box.x0 + box.height)]
    assert (drawn < 128).mean() > 0.3  # the box of the made-up font, not the outline of a missing letter
    plt.close(ax.figure)


def test_what_no_font_holds_is_said_once(monkeypatch, unheard, caplog):
    monkeypatch.setattr(fonts, "_fallbacks", lambda known: ())
    with caplog.at_level(logging.WARNING):
        assert [drawable(name) for name in NAMES] == ["□ 2005", "□ 2011", "□□□□□ 2018", "Ada □"]
        drawable("王 again")
    said = [record.getMessage() for record in caplog.records]
    scripts = ("Chinese", "Korean", "Devanagari (Hindi)", "emoji or symbol")
    assert [sum(script in words for words in said) for script in scripts] == [1, 1, 1, 1]
    assert all("Noto" in words for words in said)


def test_fonts_are_in_memory_once_they_are_opened(monkeypatch):
    files, usual, opened = fonts.font_files(False), io.open, []
    monkeypatch.setattr(fonts, "get_font", lambda some: opened.append(io.open(some[0], "rb")))  # noqa: SIM115, UP020
    fonts._open(files)
    assert io.open is usual
    assert [file.read() for file in opened] == [Path(files[0]).read_bytes()] * len(opened)
    assert all(isinstance(file, io.BytesIO) and file.name == files[0] for file in opened)
    assert opened
