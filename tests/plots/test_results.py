"""Every result and every figure: what draws, and what says in words why it does not."""

import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Polygon

import evidence as ev
from evidence.plots import unreadable
from evidence.plots.parts.legibility import texts
from evidence.plots.parts.theme import EFFECT, PAPER, POOLED

#: All but those that are drawn from two numbers.
FIGURES = sorted(set(ev.plots.__all__) - {"fit_to", "save", "theme", "unreadable", "icon_array"})
YI = [0.62, 0.15, 0.41, -0.12, 0.33, 0.95, 0.27, 0.5]
VI = [0.05, 0.02, 0.09, 0.03, 0.015, 0.12, 0.04, 0.06]
TRIALS = pd.DataFrame(
    {"study": [f"Author {c}" for c in "ABCDEFGH"], "yi": YI, "vi": VI, "dose": [4.0, 6, 8, 10, 12, 14, 16, 20]}
).assign(style=list("xyxyxyxy"), trial=list("aabbccdd"), row=range(8))
COUNTS = pd.DataFrame({"ai": [12, 5, 8, 20], "bi": [18, 25, 30, 30], "ci": [8, 4, 5, 14], "di": [22, 26, 33, 36]})
PAIRS = [("A", "sham"), ("B", "sham"), ("A", "B"), ("C", "sham"), ("C", "A"), ("B", "C")] * 2
COMPARED = pd.DataFrame(PAIRS, columns=["treatment1", "treatment2"]).assign(
    study=[f"t{n}" for n in range(12)], yi=(YI + YI)[:12], vi=(VI + VI)[:12]
)
ARMS = pd.DataFrame(
    [(f"t{i}", arm, (3 * i + len(arm)) % 7 + 1, 40 + i) for i, pair in enumerate(PAIRS) for arm in pair],
    columns=["study", "treatment", "events", "n"],
)

#: What each result must be drawn by.
DRAWN = {
    "pool": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard pcurve radial",
    "frame": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard pcurve radial",
    "arrays": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard pcurve radial",
    "regress": "baujat bootstrap bubble forest funnel influence",
    "bayes": "drapery forest funnel orchard radial",
    "bayes, moderators": "forest funnel",
    "grouped": "forest",
    "subgroups": "forest",
    "network": "contributions forest league net_heat network rankogram",
    "contributions": "contributions",
    "net_heat": "net_heat",
    "adjusted_funnel": "funnel",
    "certainty of a network": "forest",
    "component_network": "forest",
    "network_events": "contributions forest league net_heat network rankogram",
    "baujat": "baujat",
    "bootstrap": "bootstrap",
    "gosh": "gosh",
    "influence": "influence",
    "cumulative": "cumulative forest",
    "leave_one_out": "cumulative forest",
    "trim_and_fill": "funnel",
    "limit_meta": "funnel",
    "p_curve": "funnel pcurve",
    "trial_sequential": "trial_sequential",
    "next_trial": "next_trial",
    "mantel_haenszel": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard radial",
    "peto": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard radial",
    "glmm": "baujat bootstrap cumulative drapery forest funnel gosh influence orchard radial",
    "multilevel": "drapery forest funnel influence orchard radial",
    "multilevel, moderators": "forest funnel influence",
    "mixed model": "drapery forest funnel influence orchard radial",
    "influence of clusters": "influence",
    "leave_one_out of clusters": "cumulative forest",
    "league": "cumulative forest league",
    "ranking": "rankogram",
    "all_models": "forest",
    "pet_peese": "funnel",
    "selection_model": "funnel",
    "bias_average": "",
    "robust": "",
    "egger": "",
    "permutation_test": "",
    "begg": "",
    "text": "",
    "nothing": "",
    "list": "",
}


@pytest.fixture(scope="module")
def results() -> dict[str, object]:
    fit = ev.pool(TRIALS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        nested = ev.multilevel(TRIALS, levels=("trial", "row"))
        net = ev.network(COMPARED, reference="sham")
        return {
            "pool": fit,
            "frame": TRIALS,
            "arrays": (np.array(YI), np.array(VI)),
            "regress": ev.regress(TRIALS, formula="~ dose"),
            "bayes": ev.bayes(YI, VI),
            "bayes, moderators": ev.bayes(TRIALS, moderators="~ dose"),
            "grouped": ev.pool(TRIALS, by="style"),
            "subgroups": ev.subgroups(TRIALS, "style"),
            "network": net,
            "baujat": ev.baujat(fit),
            "bootstrap": ev.bootstrap(fit, iterations=200),
            "gosh": ev.gosh(fit),
            "influence": ev.influence(fit),
            "cumulative": ev.cumulative(fit),
            "leave_one_out": ev.leave_one_out(fit),
            "trim_and_fill": ev.trim_and_fill(fit),
            "limit_meta": ev.limit_meta(fit),
            "p_curve": ev.p_curve(fit),
            "trial_sequential": ev.trial_sequential(fit, order="row", delta=0.3),
            "next_trial": ev.next_trial(fit, delta=0.3),
            "mantel_haenszel": ev.mantel_haenszel(COUNTS, measure="OR"),
            "peto": ev.peto(COUNTS),
            "glmm": ev.glmm(COUNTS),
            "multilevel": nested,
            "multilevel, moderators": ev.multilevel(TRIALS, levels=("trial", "row"), formula="~ dose"),
            "mixed model": ev.multilevel(TRIALS, random=[ev.RandomEffect("trial")]),
            "influence of clusters": ev.influence(nested),
            "leave_one_out of clusters": ev.leave_one_out(nested),
            "contributions": net.contributions(),
            "net_heat": net.net_heat(),
            "adjusted_funnel": net.adjusted_funnel(net.treatments),
            "certainty of a network": net.certainty(0.3),
            "component_network": ev.component_network(COMPARED, inactive="sham"),
            "network_events": ev.network_events(ARMS, reference="sham"),
            "league": net.league(),
            "ranking": net.ranking(),
            "all_models": ev.all_models(TRIALS),
            "pet_peese": ev.pet_peese(fit),
            "selection_model": ev.selection_model(fit, kind="beta"),
            "bias_average": ev.bias_average(fit),
            "robust": fit.robust(cluster="trial"),
            "egger": ev.egger(fit),
            "permutation_test": ev.permutation_test(fit),
            "begg": ev.begg(fit),
            "text": "trials",
            "nothing": None,
            "list": YI,
        }


def drawn_by(name: str, result: object) -> set[str]:
    """The figures that must draw a result: as the table says, and a forest of whatever has trials and a summary."""
    trials = all(hasattr(result, part) for part in ("yi", "vi", "slab"))
    return {*DRAWN[name].split(), *(["forest"] if trials else [])}


def test_the_table_knows_every_result(results):
    assert set(results) == set(DRAWN)
    assert set(" ".join(DRAWN.values()).split()) <= set(FIGURES)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_draws_a_result_or_says_why_not(name, figure, results):
    draw = getattr(ev.plots, figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        try:
            ax = draw(results[name])
        except ev.EvidenceError as reason:
            assert figure not in drawn_by(name, results[name]), reason
            assert len(str(reason).split()) > 4
            return
    assert ax.lines or ax.patches or ax.collections
    assert unreadable(ax.figure) == []


@pytest.mark.parametrize(
    ("figure", "name", "words"),
    [
        ("orchard", "regress", "moderators"),
        ("radial", "regress", "no one effect of all trials"),
        ("forest", "begg", "not a RankTest"),
        ("forest", "limit_meta", "which plots.funnel draws"),
        ("drapery", "list", r"\(yi, vi\); not a list"),
        ("network", "pool", "ev.network"),
        ("gosh", "multilevel", "leave_one_out"),
        ("gosh", "regress", "one estimate a coefficient"),
        ("baujat", "multilevel", "by cluster"),
        ("cumulative", "regress", "not a regression"),
        ("rankogram", "pool", "no column 'p_score' in a Pooled, which plots.forest draws"),
        ("league", "multilevel", "in a Multilevel, which plots.forest draws"),
        ("gosh", "network", "ev.gosh"),
        ("gosh", "grouped", "not a frame with columns style, k, estimate"),
        ("cumulative", "network", "ev.cumulative"),
        ("bubble", "arrays", "ev.regress"),
        ("claims", "text", "to_frame"),
        ("baujat", "nothing", "not a NoneType"),
    ],
)
def test_what_cannot_be_drawn_says_what_would_be_right(figure, name, words, results):
    with pytest.raises((ev.InvalidInput, ev.NotEstimable), match=words):
        getattr(ev.plots, figure)(results[name])


@pytest.mark.parametrize("name", ["pool", "frame", "arrays", "baujat"])
def test_trials_and_their_result_make_the_same_figure(name, results):
    (dots,) = [line for line in ev.plots.baujat(results[name]).lines if line.get_color() == EFFECT]
    assert dots.get_xdata() == pytest.approx(ev.baujat(results["pool"])["contribution"].to_numpy())


def test_gosh_marks_the_effect_of_all_trials(results):
    (line,) = [line for line in ev.plots.gosh(results["gosh"]).lines if line.get_color() == POOLED]
    assert line.get_xdata()[0] == pytest.approx(results["pool"].estimate)


def test_bootstrap_draws_the_replicates_and_the_interval_of_the_result(results):
    found = results["bootstrap"]
    ax = ev.plots.bootstrap(found, kind="percentile")
    (bar,) = [one.get_xdata() for one in ax.lines if one.get_linewidth() > 4]
    assert list(bar) == pytest.approx(found.ci("percentile").loc["estimate", ["ci_low", "ci_high"]].tolist())
    area = sum(patch.get_width() * patch.get_height() for patch in ax.patches)
    assert area == pytest.approx(1)
    assert any("Coefficient: tau2" in t.get_text() for t in texts(ev.plots.bootstrap(found, coefficient="tau2").figure))
    with pytest.raises(ev.InvalidInput, match="choose one of estimate, tau2"):
        ev.plots.bootstrap(found, coefficient="slope")


def test_leave_one_out_says_what_was_done_with_the_trial(results):
    heads = {}
    for name in ("cumulative", "leave_one_out"):
        heads[name] = {text.get_text() for text in texts(ev.plots.cumulative(results[name]).figure)}
    assert "Trial added" in heads["cumulative"] and "Trial left out" in heads["leave_one_out"]


def test_a_regression_shows_what_it_expects_of_each_trial(results):
    fit = results["regress"]
    ax = ev.plots.forest(fit)
    diamonds = [patch.get_xy() for patch in ax.patches if isinstance(patch, Polygon)]
    assert len(diamonds) == fit.k
    assert [corners[1][0] for corners in diamonds] == pytest.approx(fit.predict()["estimate"].tolist())
    assert any("Moderators: F(1, 6)" in text.get_text() for text in texts(ax.figure))


def test_a_funnel_of_trim_and_fill_stands_around_what_it_comes_to(results):
    found = results["trim_and_fill"]
    ax = ev.plots.funnel(found)
    (line,) = [one for one in ax.lines if one.get_color() == POOLED and one.get_linestyle() == "-"]
    assert line.get_xdata()[0] == pytest.approx(found.estimate)
    hollow = [one for one in ax.lines if one.get_marker() == "o" and one.get_color() == PAPER]
    assert sum(len(one.get_xdata()) for one in hollow) == found.k0 > 0
    beside = ev.plots.funnel(results["pool"], filled=found)
    (line,) = [one for one in beside.lines if one.get_color() == POOLED and one.get_linestyle() == "-"]
    assert line.get_xdata()[0] == pytest.approx(results["pool"].estimate)


def test_a_funnel_of_a_regression_shows_residuals(results):
    fit = results["regress"]
    ax = ev.plots.funnel(fit)
    (dots,) = [one for one in ax.lines if one.get_marker() == "o" and one.get_color() == EFFECT]
    assert dots.get_xdata() == pytest.approx(fit.yi - fit.predict()["estimate"].to_numpy())
    assert any(text.get_text().startswith("Residual: ") for text in texts(ax.figure))


@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_intervals_are_labelled_by_the_level_they_were_drawn_at(level, results):
    head = f"{level * 100:g}% interval"
    fit = ev.pool(TRIALS, level=level)
    net = ev.network(COMPARED, reference="sham", level=level)
    drawn = [
        ev.plots.forest(fit),
        ev.plots.cumulative(ev.cumulative(fit)),
        ev.plots.cumulative(fit),
        ev.plots.forest(ev.pool(TRIALS, by="style", level=level)),
        ev.plots.forest(net),
        ev.plots.league(net),
        ev.plots.league(net.league()),
    ]
    for ax in drawn:
        said = " ".join(text.get_text() for text in texts(ax.figure))
        assert head in said and "95%" not in said


def test_groups_of_several_levels_say_theirs(results):
    ax = ev.plots.forest({"Wide": ev.pool(TRIALS, level=0.99), "Narrow": ev.pool(TRIALS, level=0.8)})
    said = {text.get_text() for text in texts(ax.figure)}
    assert {"Interval", "Wide (99% intervals)", "Narrow (80% intervals)"} <= said
    ax = ev.plots.forest(ev.pool(TRIALS, level=0.9), groups={"All": ev.pool(TRIALS)})
    assert "All trials (90% interval)" in {text.get_text() for text in texts(ax.figure)}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ax": "a"}, "ax is 'a'"),
        ({"title": 3}, "title is 3"),
        ({"source": object()}, "source is"),
        ({"measure": 1.0}, "measure is 1.0"),
        ({"favours": ("one",)}, "favours is"),
    ],
)
def test_options_of_other_kinds_are_refused(given: dict[str, object], words: str) -> None:
    for draw in (ev.plots.forest, ev.plots.orchard):
        with pytest.raises(ev.InvalidInput, match=words):
            draw(ev.pool([0.1, 0.5, 0.3], [0.1, 0.2, 0.1]), **given)
