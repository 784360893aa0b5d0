"""Every option of every figure and chart goes through one door, which refuses a wrong kind in words."""

import inspect

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.plots.parts.options import _reader

FIGURES = [
    pytest.param(getattr(room, name), id=f"{room.__name__.split('.')[1]}.{name}")
    for room in (ev.plots, ev.charts)
    for name in room.__all__
    if inspect.isfunction(getattr(room, name))
]
#: What is drawn, written or looked up: the figure reads it itself, by what is in it.
DRAWN = {"Any", "object", "object | None", "Table", "Table | object", "Compared | object", "EvidenceBase"}
DRAWN |= {"OfflineChart", "str | Path"}
#: Of which none is ever right, so that nothing is drawn.
WRONG = (object(), 1j, pd.NaT, np.zeros((2, 2)))


@pytest.mark.parametrize("figure", FIGURES)
def test_an_option_of_a_wrong_kind_is_refused_by_name(figure):
    taken = inspect.signature(figure).parameters.values()
    drawn = {each.name: None for each in taken if each.default is each.empty}
    for option in taken:
        if _reader(option) is None:
            assert option.annotation in DRAWN | {"Literal['blog', 'paper', 'slide']"}, f"nobody reads {option}"
            continue
        for wrong in WRONG:
            with pytest.raises(ev.InvalidInput, match=rf"{figure.__name__}: {option.name} .* .* .*"):
                figure(**{option.name: wrong, **{name: v for name, v in drawn.items() if name != option.name}})


def test_options_of_the_right_kind_are_taken_in_any_sequence():
    trials = ([0.3, 0.5, 0.4], [0.02, 0.05, 0.03])
    ax = ev.plots.forest(trials, favours=["sham", "acu"], xlim=np.array([-1, 2]), marks=pd.Series(["*", "", "†"]))
    assert [round(end) for end in ax.get_xlim()] and "*" in " ".join(text.get_text() for text in ax.texts)
    assert ev.plots.funnel(trials, contours=[0.05]).get_ylim()[1] == 0


def test_what_only_the_figure_can_judge_is_refused_in_words():
    weeks = pd.DataFrame({"estimate": [0.1], "ci_low": [0.0], "ci_high": [0.2], "k": 3, "week": [4.0], "v": "sham"})
    counts = pd.DataFrame({"ai": [3], "bi": [-3], "ci": [1], "di": [1]})
    for call, words in (
        (lambda: ev.plots.timecourse(weeks, by="v", colours={"sham": "grreen"}), "no colour"),
        (lambda: ev.plots.timecourse(weeks.assign(week=1e300)), "week 1e"),
        (lambda: ev.plots.timecourse(weeks.assign(v=None), by="v"), "no label"),
        (lambda: ev.plots.specification_curve(weeks, ["v"], headline=9), "headline is 9"),
        (lambda: ev.plots.labbe(counts), "people in both groups"),
        (lambda: ev.plots.cumulative(weeks, level=7), "level 7"),
        (lambda: ev.plots.ranking(weeks.assign(condition="a", k="many")), "column 'k' holds 'many'"),
        (lambda: ev.plots.ranking(pd.concat([weeks.assign(condition="a"), weeks[["k"]]], axis=1)), "two columns 'k'"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            call()


def test_a_pooled_row_is_named_by_the_words_that_it_has():
    rows = pd.DataFrame({"who": ["sham", np.nan], "what": ["pain", "sleep"], "estimate": 0.2, "ci_low": 0.1, "k": 3})
    ax = ev.plots.forest(rows.assign(ci_high=0.3))
    assert {"sham, pain", "sleep"} <= {text.get_text() for text in ax.texts}


@pytest.mark.parametrize("figure", [each for each in FIGURES if "save" not in each.id])
def test_what_cannot_be_drawn_is_refused_in_words(figure):
    what, *others = inspect.signature(figure).parameters.values()
    if what.annotation in DRAWN:
        wanted = {each.name: None for each in others if each.default is each.empty}
        for wrong in (None, "a", b"a", [], {}, object(), 10**400, float("nan"), pd.Series([0.1]), pd.DataFrame(), len):
            with pytest.raises((ev.InvalidInput, ev.NotEstimable), match=r"give|holds|say|no |nothing"):
                figure(wrong, **wanted)


def test_what_only_looks_like_a_fit_is_refused():
    records = pd.DataFrame({"yi": [0.1, 0.2], "vi": [0.1, 0.1]}).to_records()
    for figure in (ev.plots.drapery, ev.plots.forest, ev.plots.funnel):
        with pytest.raises(ev.InvalidInput, match="give trials: a fit such as"):
            figure(records)
