import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Polygon

import evidence as ev
from evidence.plots import forest, save, unreadable
from evidence.plots.parts.fits import read_mean
from evidence.plots.parts.legibility import texts

LONG = (
    "A multicentre trial with a name that nobody would ever be able to set in one column of a page, 2004",
    "Müller & Øvergård 2011",
    "$x_1^2$ costs $5 per_session",
    "<script>alert('x')</script> 2009",
    "שלום עולם 2006",
    "محمد علي 2010",
    "李 2004 穴位",
    "line\nbreak\tand \u202eoverride",
)


def words(ax):
    return [text.get_text() for text in texts(ax.figure)]


def diamonds(ax):
    return [patch.get_xy() for patch in ax.patches if isinstance(patch, Polygon)]


@pytest.mark.parametrize(("k", "context"), [*((k, "blog") for k in (1, 2, 5, 30, 120)), (5, "paper"), (5, "slide")])
def test_everything_can_be_read_for_any_number_of_trials(k, context, made_up, columns):
    with ev.theme(context):
        ax = forest(
            made_up(k=k),
            columns=columns(k),
            worthwhile=0.5,
            favours=("no treatment or waiting list", "acupuncture"),
            title="Acupuncture against no treatment for chronic low back pain: pain at the end of treatment",
            source="Source: made up for this test, and a line long enough to need a second one " * 2,
        )
        assert unreadable(ax.figure, smallest=9 if context != "paper" else 8) == []


def test_plain_blog_forest_is_600_pixels_wide(made_up, columns):
    with ev.theme("blog"):
        ax = forest(made_up(k=5), columns=columns(5)[["n acu.", "n comp.", "week"]])
    assert round(ax.figure.get_figwidth() * 96) == 600


def test_long_and_strange_names_are_plain_text_that_fits(made_up, columns, tmp_path):
    with ev.theme("blog"):
        ax = forest(made_up(k=8, slab=list(LONG)), columns=columns(8), title="$a_b$ <script>", source="<script>$")
    assert unreadable(ax.figure) == []
    shown = words(ax)
    assert any(w.startswith("A multi") and w.endswith("…") for w in shown)
    assert any(w.startswith("<scrip") for w in shown)
    assert "שלום עולם 2006" in shown
    assert not any(text.get_parse_math() for text in texts(ax.figure) if "$" in text.get_text())
    assert "<script" not in save(ax, tmp_path / "x.svg").read_text(encoding="utf-8")


def test_the_diamond_spans_the_interval_and_the_bar_the_prediction(made_up):
    fit = made_up(k=6)
    ax = forest(fit)
    (corners,) = diamonds(ax)
    assert corners[:, 0].min() == pytest.approx(fit.ci[0])
    assert corners[:, 0].max() == pytest.approx(fit.ci[1])
    row = float(np.median(corners[:, 1]))
    bars = [line.get_xdata() for line in ax.lines if len(set(line.get_ydata())) == 1 and line.get_ydata()[0] == row]
    assert any(list(x) == pytest.approx(list(fit.prediction_interval)) for x in bars)


def test_squares_are_at_the_estimates_and_grow_with_weight(made_up):
    fit = made_up([0.1, 0.5], [0.01, 0.04])
    squares = [line for line in forest(fit).lines if line.get_marker() == "s"]
    assert [s.get_xdata()[0] for s in squares] == pytest.approx([0.1, 0.5])
    areas = [s.get_markersize() ** 2 for s in squares]
    assert areas[0] / areas[1] == pytest.approx(4)


def test_one_trial_is_said_in_words_and_has_no_diamond(made_up):
    ax = forest(made_up(k=1))
    assert diamonds(ax) == []
    assert any("One trial" in w for w in words(ax))
    assert not any("Pooled" in w for w in words(ax))


def test_ratios_are_shown_back_from_logs(made_up):
    fit = made_up(np.log([2.0, 0.5, 1.5]), [0.04, 0.04, 0.04])
    ax = forest(fit, measure="RR", worthwhile=1.25)
    shown = words(ax)
    assert "2.00" in shown and "0.50" in shown
    half = 1.959964 * 0.2
    assert f"[{2 * np.exp(-half):.2f}, {2 * np.exp(half):.2f}]" in shown
    ticks = {label.get_text(): tick for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)}
    assert ticks["1"] == pytest.approx(0) and all(t == pytest.approx(np.log(float(w))) for w, t in ticks.items())
    assert "worthwhile ≥ 1.25" in shown
    dashed = [line for line in ax.lines if line.get_xdata()[0] == pytest.approx(np.log(1.25))]
    assert dashed


def test_intervals_that_leave_the_axis_end_in_arrows(made_up):
    fit = made_up([0.3, 0.4, 0.2, 0.35], [0.01, 0.01, 0.01, 90.0])
    ax = forest(fit)
    low, high = ax.spines["bottom"].get_bounds()
    assert high - low < 5
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() in (4, 5)] == [low, high]
    assert unreadable(ax.figure) == []


@pytest.mark.parametrize("yi", [[1e6, -1e6, 0.1], [1e-9, 2e-9, -1e-9], [0, 0, 0], [700, 3, -650]])
@pytest.mark.parametrize("measure", ["SMD", "RR", "MD100"])
def test_extreme_numbers_stay_on_the_page(yi, measure, made_up):
    ax = forest(made_up(yi, [0.01, 1e8, 1e-12]), measure=measure, worthwhile=2)
    assert unreadable(ax.figure) == []


def test_limits_given_are_kept_and_cut_with_arrows(made_up):
    ax = forest(made_up([0.0, 0.9], [0.01, 0.01]), xlim=(-0.5, 0.5))
    assert ax.spines["bottom"].get_bounds() == (-0.5, 0.5)
    assert sum(line.get_marker() in (4, 5) for line in ax.lines) >= 1


def test_subgroups_have_headings_and_diamonds_of_their_own(made_up, columns):
    parts = {"Sham": made_up(k=3), "Waiting list": made_up(k=1, seed=2)}
    parts["Usual care, a name long enough to wrap"] = made_up(k=2)
    with ev.theme("blog"):
        ax = forest(parts, columns=columns(6))
        assert len(diamonds(ax)) == 2
        assert "Sham" in words(ax) and "Waiting list" in words(ax)
        assert unreadable(ax.figure) == []
        whole = forest(made_up(k=6), groups=parts, columns=columns(6))
    assert len(diamonds(whole)) == 3
    assert "All trials" in words(whole)
    assert unreadable(whole.figure) == []


def test_people_are_summed_beside_the_diamond(made_up):
    frame = pd.DataFrame({"n acu.": [10, 20], "n": [1.0, np.nan], "sessions": [8, 8], "dose": ["low", None]})
    shown = words(forest(made_up(k=2), columns=frame))
    assert "30" in shown and "1" in shown and "16" not in shown and "–" in shown
    shown = words(forest(made_up(k=2), columns=frame, totals=["sessions"]))
    assert "16" in shown and "30" not in shown


def test_counts_and_heterogeneity_are_said(made_up):
    shown = " ".join(words(forest(made_up(k=5)))).replace("\xa0", " ")
    assert re.search(r"5 trials \(REML\), τ² = 0\.02, I² = 40%", shown)
    shown = " ".join(words(forest(made_up(k=5, method="EE"))))
    assert "Pooled" in shown and "5 trials (common effect)" in shown
    assert "Our own words" in words(forest(made_up(k=5), summary="Our own words"))
    assert diamonds(forest(made_up(k=5), summary=False)) == []


def test_the_worthwhile_zone_is_named_in_full_however_narrow_it_is(made_up, columns):
    with ev.theme("blog"):
        ax = forest(made_up(k=4), columns=columns(4).assign(by="responders"), worthwhile=0.7, xlim=(-1.5, 3))
    shown = words(ax)
    assert "worthwhile" in shown and "≥ 0.70" in shown and unreadable(ax.figure) == []


def test_marks_stay_when_names_are_shortened(made_up, columns):
    with ev.theme("blog"):
        ax = forest(made_up(k=8, slab=list(LONG)), columns=columns(8), marks=["*", "†", *[""] * 6])
    shown = words(ax)
    assert any(w.startswith("A multi") and w.endswith("…*") for w in shown)
    assert any(re.fullmatch(r"Müller.*(gård|…) 2011†", w) for w in shown), "the year stays as well"
    assert unreadable(ax.figure) == []
    with pytest.raises(ev.InvalidInput, match="2 signs for 5 trials"):
        forest(made_up(k=5), marks=["*", ""])


def test_weights_may_be_left_to_the_squares(made_up):
    fit = made_up(k=4)
    printed, left = words(forest(fit)), words(forest(fit, weights=False))
    percents = [w for w in printed if w.endswith("%") and "I²" not in w]
    assert "Weight" in printed and len(percents) == 5
    assert "Weight" not in left and not set(percents) & set(left)
    sizes = [line.get_markersize() for line in forest(fit, weights=False).lines if line.get_marker() == "s"]
    assert len(set(sizes)) == 4


def test_wrong_input_is_named(made_up, columns):
    with pytest.raises(ev.InvalidInput, match=r"4 rows.*5 trials"):
        forest(made_up(k=5), columns=columns(4))
    with pytest.raises(ev.InvalidInput, match="'people'"):
        forest(made_up(k=5), columns=columns(5), totals=["people"])
    with pytest.raises(ev.InvalidInput, match="no subgroup"):
        forest({})
    with pytest.raises(ev.InvalidInput, match="above zero"):
        forest(made_up(k=5), measure="RR", worthwhile=0)
    _, ax = plt.subplots(figsize=(2, 2))
    with pytest.raises(ev.InvalidInput, match="points more"):
        forest(made_up(k=5), columns=columns(5), ax=ax)


def test_columns_that_leave_the_plot_less_than_its_share_are_refused(made_up, columns):
    with ev.theme("blog"):
        few, many = columns(5)[["n acu."]], columns(5)
        ax = forest(made_up(k=5), columns=few, plot_share=0.33)
        (low, high), (left, right) = ax.spines["bottom"].get_bounds(), ax.get_xlim()
        assert ax.get_position().width * (high - low) / (right - left) >= 0.33
        forest(made_up(k=5), columns=many)
        with pytest.raises(ev.InvalidInput, match=r"leave the plot \d+% of the width, and it must have 33%"):
            forest(made_up(k=5), columns=many, plot_share=0.33)


def test_it_draws_on_the_axes_it_is_given(made_up):
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 4))
    assert forest(made_up(k=5), ax=right) is right
    assert not left.texts and len(plt.get_fignums()) == 1
    left.axis("off")
    figure.subplots_adjust(bottom=0.25)
    assert unreadable(figure) == []


def test_risk_of_bias_stands_beside_the_trials(made_up, columns):
    judged = pd.DataFrame({"1": ["Low", "High", None], "2": ["unclear", "low", "some concerns"]})
    with ev.theme("blog"):
        ax = forest(made_up(k=3), columns=columns(3)[["n acu."]], risk_of_bias=judged, worthwhile=0.5)
        assert unreadable(ax.figure) == []
    shown = words(ax)
    assert [shown.count(sign) for sign in "+?−"] == [2, 2, 1]
    rows = {
        t.get_text(): round(t.get_position()[1], 3) for t in texts(ax.figure) if t.get_text() in ("−", "Author 2 1991")
    }
    assert rows["−"] == rows["Author 2 1991"]
    with pytest.raises(ev.InvalidInput, match="2 rows for 3 trials"):
        forest(made_up(k=3), risk_of_bias=judged.head(2))
    with pytest.raises(ev.InvalidInput, match="'fair'"):
        forest(made_up(k=3), risk_of_bias=judged.replace("High", "fair"))


def test_a_posterior_says_its_prior_in_words_and_predicts_from_three_trials():
    for k, prior, words in (
        (2, ev.HalfNormal(0.5), "half-normal(0.5)"),
        (3, ev.HalfNormal(10.16783), "half-normal(10.2)"),
        (3, ev.HalfT(df=3, scale=0.5), "half-t(df=3, scale=0.5)"),
    ):
        post = ev.bayes([0.6, 0.8, 0.1][:k], [0.04, 0.02, 0.03][:k], tau_prior=prior)
        mean = read_mean("forest", post)
        assert mean.words.startswith(f"{k} trials, Bayesian random effects, τ\xa0~\xa0{words}, τ²")
        assert (mean.prediction_interval is None) == (k == 2)
        assert mean.weights == pytest.approx(post.weights) and sum(mean.weights) == pytest.approx(100)
