import matplotlib.pyplot as plt

from evidence.plots import unreadable


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


def test_text_that_is_not_drawn_is_not_judged():
    figure, ax = plt.subplots()
    ax.set(xlim=(0, 0.001), ylim=(0, 1))
    ax.axis("off")
    ax.text(0, 0.5, "gone", fontsize=2, visible=False)
    assert unreadable(figure) == []
