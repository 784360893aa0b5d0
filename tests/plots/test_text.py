import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.plots.parts.text import counted, interval, number, plain, shorten, width, wrap, write


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (-0.456, 2, "−0.46"),
        (-0.001, 2, "0.00"),
        (0.0, 1, "0.0"),
        (1234.5, 1, "1,234"),
        (123456.0, 2, "1.2e5"),
        (float("nan"), 2, "–"),
        (float("-inf"), 2, "−∞"),
    ],
)
def test_numbers_are_set_for_readers(value, digits, words):
    assert number(value, digits) == words


def test_intervals_and_counts():
    assert interval(-0.5, 1.25) == "[−0.50, 1.25]"
    assert counted(1, "trial") == "1 trial" and counted(2, "trial") == "2 trials"
    assert counted(1234, "person") == "1,234 people"


def test_plain_keeps_letters_and_drops_what_could_deceive():
    assert plain("$x_1$ <b>\n\tשלום\u202e 李") == "$x_1$ <b> שלום □"
    assert plain(" a\x00b ") == "ab"


@given(st.text(max_size=60), st.floats(20, 200))
def test_shortened_text_fits_and_begins_as_it_did(text, limit):
    text = plain(text)
    short = shorten(text, limit, 9)
    assert width(short, 9) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(st.text("ab cd", max_size=80), st.floats(40, 200))
def test_wrapped_lines_fit_and_lose_nothing(text, limit):
    lines = wrap(plain(text), limit, 9)
    assert all(width(line, 9) <= limit for line in lines)
    if not any("…" in line for line in lines):
        assert " ".join(lines) == plain(text)


@pytest.mark.parametrize("words", ["Brinkhaus 2006", "−0.45 [−0.20, 1.70]", "محمد علي", "WWWWWWiiiiii", "$x_1$"])
@pytest.mark.parametrize("dpi", [96, 128, 300])
def test_measured_width_is_what_is_drawn_or_a_little_more(words, dpi):
    figure, ax = plt.subplots(dpi=dpi)
    text = write(ax, 0, 0, words, fontsize=9)
    drawn = text.get_window_extent().width * 72 / dpi
    assert drawn <= width(words, 9) <= 1.1 * drawn
    plt.close(figure)
