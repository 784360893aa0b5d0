import matplotlib.pyplot as plt
import pandas as pd

from evidence.plots import forest, theme, unreadable


def test_a_clean_figure_has_no_problem():
    figure, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    ax.text(0.5, 0.2, "clear")
    assert unreadable(figure) == []


def test_overlap_small_text_and_lost_text_are_found():
    figure, ax = plt.subplots()
    ax.axis("off")
    ax.text(0.5, 0.5, "first")
    ax.text(0.5, 0.51, "second")
    ax.text(0.9, 0.9, "a text that runs off the page to the right")
    ax.text(0.1, 0.1, "tiny", fontsize=6)
    found = sorted(unreadable(figure))
    assert found == [
        "'a text that runs off the page to the right' leaves the canvas",
        "'first' overlaps 'second'",
        "'tiny' is 6.0 pt",
    ]


def test_own_words_cut_short_are_found_and_names_of_trials_are_not(made_up):
    figure, ax = plt.subplots()
    ax.text(0.5, 0.5, "worthwhile ≥…")
    assert unreadable(figure) == ["'worthwhile ≥…' is cut short"]
    long = made_up(k=3, slab=["A name that no column could ever hold, of a trial with many centres"] * 3)
    with theme("blog"):
        ax = forest(long, worthwhile=0.5, columns=pd.DataFrame({"a long word": ["x" * 30] * 3}))
    assert any(text.get_text().endswith("…") for text in ax.texts)
    assert unreadable(ax.figure) == []


def test_text_that_is_not_drawn_is_not_judged():
    figure, ax = plt.subplots()
    ax.set(xlim=(0, 0.001), ylim=(0, 1))
    ax.axis("off")
    ax.text(0, 0.5, "gone", fontsize=2, visible=False)
    assert unreadable(figure) == []
