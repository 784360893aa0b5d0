import io
import itertools
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

import evidence as ev
from evidence.plots.claims import VERDICTS
from evidence.plots.parts.colours import DIVERGING
from evidence.plots.parts.lights import _FILLS
from evidence.plots.parts.theme import (
    CYCLE,
    EFFECT,
    INK,
    MUTED,
    PAPER,
    POOLED,
    RULE,
    WORTHWHILE,
    WORTHWHILE_INK,
    dots,
    png,
)

_theme = sys.modules["evidence.plots.parts.theme"]  # the name in the package is the function


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def simulated(colour: str, kind: str) -> np.ndarray:
    """Colour as seen without one kind of cone, in linear RGB (Machado 2009, IEEE TVCG 15:1291, severity 1)."""
    matrix = {
        "normal": np.eye(3),
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    }[kind]
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.clip(np.asarray(matrix) @ linear, 0, 1)


def apart(one: str, other: str, kind: str) -> float:
    """Distance in CIE L*a*b* as seen with one kind of colour vision."""

    def lab(colour: str) -> np.ndarray:
        to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
        xyz = np.asarray(to_xyz) @ simulated(colour, kind) / [0.9505, 1.0, 1.089]
        f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    return float(np.linalg.norm(lab(one) - lab(other)))


@pytest.mark.parametrize("kind", ["normal", "protan", "deutan", "tritan"])
def test_colours_that_mean_different_things_are_told_apart_by_every_colour_vision(kind):
    fills = {sign: fill for sign, (fill, _) in _FILLS.items()}
    pairs = [(EFFECT, POOLED), (DIVERGING(0.0), DIVERGING(1.0)), *itertools.combinations(fills.values(), 2)]
    for one, other in pairs:
        assert apart(to_hex(one), to_hex(other), kind) > 20, (one, other)
    blue, brown, red = (VERDICTS[v][1] for v in ("supported", "unclear", "contradicted"))
    assert min(apart(blue, red, kind), apart(blue, brown, kind)) > 20
    assert len({sign for sign, _, _ in VERDICTS.values()}) == len(VERDICTS)  # close colours differ in their sign


def test_distance_knows_black_from_white_and_what_a_deuteranope_confuses():
    assert apart("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    assert apart("#d62728", "#2ca02c", "deutan") < apart("#d62728", "#2ca02c", "normal") / 2


@pytest.mark.parametrize("name", [n for n in dir(_theme) if n.isupper() and isinstance(getattr(_theme, n), str)])
def test_every_colour_of_the_theme_has_the_contrast_its_use_needs(name):
    needed = {"PAPER": 1, "FAINT": 1, "WORTHWHILE": 1, "RULE": 3, "FADED": 3}.get(
        name, 4.5
    )  # paper, decoration, marks, text
    assert contrast(getattr(_theme, name), PAPER) >= needed


def test_signs_on_lights_and_colours_of_verdicts_meet_wcag_aa():
    assert all(contrast(fill, ink) >= 4.5 for fill, ink in _FILLS.values())
    assert all(contrast(colour, PAPER) >= 4.5 for _, colour, _ in VERDICTS.values())


@pytest.mark.parametrize("colour", [INK, MUTED, WORTHWHILE_INK, *CYCLE])
def test_text_colours_meet_wcag_aa(colour):
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", [EFFECT, POOLED, RULE, WORTHWHILE_INK])
def test_lines_meet_wcag_aa_for_graphics_on_paper_and_on_the_band(colour):
    assert contrast(colour, PAPER) >= 3
    if colour != RULE:
        assert contrast(colour, WORTHWHILE) >= 3


def test_contrast_knows_black_on_white_and_grey():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known near miss


@pytest.mark.parametrize(("context", "pixels"), [("blog", 600), ("slide", 1280), ("paper", 2127)])
def test_a_context_has_its_width_in_pixels(context, pixels, tmp_path):
    with ev.theme(context):
        figure = plt.figure()
        assert round(figure.get_figwidth() * mpl.rcParams["savefig.dpi"]) == pixels
        assert mpl.rcParams["font.size"] * 0.9 >= (9 if context != "paper" else 8)


def test_importing_changes_nothing_and_leaving_restores():
    before = dict(mpl.rcParams)
    with ev.theme("slide"):
        assert mpl.rcParams["font.size"] == 16
    assert dict(mpl.rcParams) == before


def test_the_theme_holds_without_a_with_block():
    ev.theme("slide")
    assert mpl.rcParams["font.size"] == 16


def test_unknown_words_are_named(tmp_path):
    with pytest.raises(ev.InvalidInput, match="poster"):
        ev.theme("poster")
    with pytest.raises(ev.InvalidInput, match=r"\.bmp"):
        ev.plots.save(plt.figure(), tmp_path / "x.bmp")


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_the_same_figure_has_the_same_bytes(suffix, tmp_path, made_up):
    files = [tmp_path / f"{i}.{suffix}" for i in range(2)]
    for file in files:
        ev.plots.save(ev.plots.forest(made_up(k=4)), file)
        plt.close("all")
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_printed_page_has_its_resolution(tmp_path, made_up):
    with ev.theme("paper"):
        ax = ev.plots.forest(made_up(k=4))
        assert plt.imread(ev.plots.save(ax, tmp_path / "page.png")).shape[1] == 2127  # 180 mm at 300 dpi


def test_a_fixed_size_is_kept_and_everything_can_be_read(tmp_path, made_up):
    with ev.theme("slide"), mpl.rc_context({"figure.figsize": (1200 / 128, 630 / 128)}):
        ax = ev.plots.fit_to(ev.plots.forest(made_up(k=2), weights=False), 1200 / 128, 630 / 128)
        assert plt.imread(ev.plots.save(ax, tmp_path / "card.png")).shape[:2] == (630, 1200)
        assert ev.plots.unreadable(ax.figure) == []
        with pytest.raises(ev.InvalidInput, match="no room"):
            ev.plots.fit_to(ax, 9, 1)


def test_scale_multiplies_the_pixels(tmp_path, made_up):
    with ev.theme("blog"):
        ax = ev.plots.forest(made_up(k=4))
    sizes = [plt.imread(ev.plots.save(ax, tmp_path / f"{s}.png", scale=s)).shape[1] for s in (1, 2)]
    assert sizes == [600, 1200]


@pytest.mark.parametrize(("paper", "mode"), [("white", "RGB"), ("none", "RGBA")])
def test_a_file_holds_the_dots_that_were_drawn_and_how_many_make_an_inch(paper, mode):
    figure = plt.figure(figsize=(1.01, 0.57), facecolor=paper)  # an odd number of dots a row
    figure.text(0.1, 0.4, "dots", color=EFFECT)
    with ev.theme("blog"), mpl.rc_context({"savefig.facecolor": paper}):
        drawn = dots(figure, 2)
    with Image.open(io.BytesIO(png(drawn))) as read:
        assert read.mode == drawn.mode == mode and read.size == drawn.size
        assert read.tobytes() == drawn.tobytes() and len(read.getcolors(9999)) > 10
        assert read.info["dpi"] == pytest.approx((192, 192), abs=0.01)
