import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import evidence as ev
from evidence.plots.theme import (
    CYCLE,
    EFFECT,
    INK,
    MUTED,
    PAPER,
    POOLED,
    RULE,
    WORTHWHILE,
    WORTHWHILE_INK,
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


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


def test_scale_multiplies_the_pixels(tmp_path, made_up):
    with ev.theme("blog"):
        ax = ev.plots.forest(made_up(k=4))
    sizes = [plt.imread(ev.plots.save(ax, tmp_path / f"{s}.png", scale=s)).shape[1] for s in (1, 2)]
    assert sizes == [600, 1200]
