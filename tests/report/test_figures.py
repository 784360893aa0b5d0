"""Figures of the real data: same bytes each time, words from the same numbers, hostile text harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import evidence as ev
from evidence import plots
from evidence.answers.wording.pool_sentence import pool_sentence
from evidence.answers.wording.vocabulary import bundled
from evidence.answers.wording.words import whole
from evidence.models.wording import number
from evidence.plots.parts.legibility import texts
from evidence.report.figures import catalogue as figures
from evidence.report.figures import files
from evidence.report.figures.axis import effect_axis
from evidence.report.figures.files import write_figures
from evidence.report.figures.presets import BLOG, PRESETS, PRINT, SOCIAL, preset_named
from evidence.report.figures.timecourse import points_in_time
from evidence.report.figures.words import amount, signs_key


@pytest.fixture(autouse=True)
def blog() -> object:
    with plots.theme("blog"):
        yield


ENDINGS = (".svg", ".png", "@2x.png", ".json", ".html")
Drawn = Callable[..., dict[str, figures.Figure]]


@pytest.fixture(scope="module")
def drawn(results: ev.Results) -> Drawn:
    """``drawn(only, preset="blog")``: the figures of that name, drawn once for all tests that only look at them."""

    @cache
    def made(only: str, preset: str = "blog") -> dict[str, figures.Figure]:
        look = preset_named(preset)
        with look.dress():
            return {figure.name: figure for figure in figures.figures(results, only, preset=look)}

    return made


def test_two_drawings_give_the_same_bytes(results: ev.Results, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_figures(results, tmp_path / folder, only="forest_pain_spinal_stenosis")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two and len(one) == len(ENDINGS)
    assert not any(b"<dc:date>" in content for content in one.values())


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_real_figure_is_legible_and_shortens_only_names_of_trials(drawn: Drawn, preset: str) -> None:
    look = preset_named(preset)
    shown: dict[str, figures.Figure] = {}
    with look.dress():
        for only in ("forest_pain", "ranking_pain_sham", "timecourse_pain", "funnel", "_map", "risk"):
            if not (look.card and only in ("_map", "risk")):
                shown |= drawn(only, preset)
        for name, figure in shown.items():
            sheet = figure.axes.get_figure(root=True)
            assert plots.unreadable(sheet, smallest=8 if preset == "print" else 9) == [], name
            assert not any("…" in text.get_text() for text in texts(sheet)) or name.startswith("forest"), name
            if look.card:
                assert tuple(round(side * 128) for side in figure.inches) == (1200, 630)
    assert len(shown) >= 8


def test_a_forest_has_the_columns_of_its_preset(drawn: Drawn) -> None:
    shown = {}
    for name in PRESETS:
        figure = drawn("forest_pain", name)["forest_pain_chronic_overuse"]
        shown[name] = {text.get_text() for text in texts(figure.axes.get_figure(root=True))}
        if name == "blog":
            assert round(figure.inches[0] * 96) == 600
    assert {"Trial", "n", "bias", "SMD", "95% interval"} <= shown["blog"]
    assert {"Weight", "visits", "week"} <= shown["print"] - shown["blog"]  # 600 px leave no room beside the plot
    assert {"Sham", "trials", "certainty", "Points"} <= shown["social"] and "Trial" not in shown["social"]


def test_the_plot_of_a_forest_has_a_third_of_600_pixels(drawn: Drawn) -> None:
    columns = set()
    for name, figure in (drawn("forest_pain") | drawn("forest_disability")).items():
        axes = figure.axes
        (low, high), (left, right) = axes.spines["bottom"].get_bounds(), axes.get_xlim()
        assert axes.get_position().width * (high - low) / (right - left) > 0.33, name
        shown = {text.get_text() for text in texts(axes.get_figure(root=True))}
        columns.add(frozenset({"points", "bias"} & shown))
    assert {"points", "bias"} in columns and {"bias"} in columns, "points of trials where there is room"


def test_captions_and_alt_texts_tell_points_and_details_standard_deviations(results: ev.Results, drawn: Drawn) -> None:
    figure = drawn("forest_pain")["forest_pain_osteoarthritis"]
    row = ev.rank_conditions(results.db, comparator="sham").to_frame().set_index("condition").loc["osteoarthritis"]
    for text in (figure.caption, figure.alt, figure.details):
        assert f"about {row['points']:.0f} of 100 points, 95% interval {whole(row['points_low'])} to" in text
    assert "standard deviations" not in figure.caption + figure.alt
    assert f"({number(row['estimate'])} standard deviations" in figure.details
    assert f"{number(row['ci_low'])} to {number(row['ci_high'])}" in figure.details
    drugs = ev.rank_conditions(results.db, comparator="drug").to_frame().set_index("condition").loc["osteoarthritis"]
    told = f"{whole(drugs['points'])} points ({whole(drugs['points_low'])} to {whole(drugs['points_high'])}, "
    assert f"against drugs {told}" in figure.alt and told not in figure.caption
    assert len(figure.caption) < 700


def test_points_that_say_less_than_the_pool_stand_beside_it() -> None:
    row = {"measure": "SMD", "condition": "arthritis", "comparator": "sham", "outcome": "pain", "time": "short"}
    row |= {"k": 2, "n": 90.0, "estimate": 0.7, "ci_low": 0.1, "ci_high": 1.3}
    agree = row | {"points": 12.0, "points_low": 2.0, "points_high": 22.0}
    assert "standard deviations" not in pool_sentence(agree, bundled(), brief=True)
    assert "standard deviations" in pool_sentence(agree, bundled())
    words = pool_sentence(agree | {"points_low": -3.0}, bundled(), brief=True)
    assert "0.70 standard deviations" in words and "95% interval −3 to 22, which includes no difference" in words
    assert "0.70 standard deviations" in pool_sentence(row, bundled(), brief=True), "no points, so no words of them"
    assert amount(row).startswith("0.70 standard deviations (0.10 to 1.30, 2 trials)")


def test_the_words_tell_only_the_marks_that_are_drawn(results: ev.Results, drawn: Drawn) -> None:
    seen = set()
    for condition in results.words.headline:
        for outcome in results.words.critical:
            pools = results.pools_on(condition=condition, outcome=outcome, time="short")
            if pools.empty:
                continue
            caption = drawn(f"forest_{outcome}")[f"forest_{outcome}_{condition}"].caption
            diamond, thin = (pools["k"] > 1).any(), pools["pi_low"].notna().any()
            assert ("diamond" in caption, "thin bar" in caption) == (diamond, thin)
            assert ("Thin bar" in signs_key(pools), "Hollow" in signs_key(pools)) == (thin, (pools["k"] == 1).any())
            seen.add((diamond, thin))
    assert len(seen) > 1


def test_the_axis_is_one_for_an_outcome_and_holds_what_is_pooled(results: ev.Results) -> None:
    pools = results.pools[(results.pools["outcome"] == "pain") & (results.pools["time"] == "short")]
    short = effect_axis(results, "pain", "short", pools.iloc[:0])
    assert short[0] <= -1 and short[1] >= 1
    for condition in results.words.headline:
        own = pools[pools["condition"] == condition]
        low, high = effect_axis(results, "pain", "short", own)
        several = own[own["k"] > 1]
        assert (several["ci_low"] >= low).all()
        assert (several["ci_high"] <= high).all() and low <= short[0] and high >= short[1]
        if (several["ci_high"] <= short[1]).all() and (several["ci_low"] >= short[0]).all():
            assert (low, high) == short, "figures of an outcome compare"


def test_a_pool_of_two_says_its_model_and_has_weights(results: ev.Results, drawn: Drawn) -> None:
    pools = results.pools_on(outcome="pain", time="short").query("k == 2")
    two = pools[pools["condition"].isin(results.words.headline)].iloc[0]
    figure = drawn("forest_pain", "print")[f"forest_pain_{two['condition']}"]
    shown = " ".join(text.get_text().replace("\n", " ") for text in texts(figure.axes.get_figure(root=True)))
    rows = results.effects_on(condition=two["condition"], outcome="pain", time="short")
    post = results.context.pooling.fit(rows[rows["comparator"] == two["comparator"]])
    assert "Weight" in shown and "2 trials, Bayesian random effects, τ\xa0~\xa0half-normal(0.5)" in shown
    assert all(f"{weight:.1f}%" in shown for weight in post.weights)


def test_claims_are_counted_in_words_as_in_the_table(results: ev.Results) -> None:
    figure = figures.claims(results)
    counts = ev.claims(results.db).verdicts
    assert all(f"{k} {verdict}" in figure.caption and f"{k} {verdict}" in figure.alt for verdict, k in counts.items())


def test_the_map_of_outcomes_has_the_effect_and_certainty_of_the_pools(results: ev.Results) -> None:
    cells = figures.outcome_cells(results).set_index(["condition", "measured"])
    found = ev.certainty_table(results.db).query("measure == 'SMD' and comparator == 'sham' and time == 'short'")
    found = found.set_index(["condition", "outcome"])
    ranked = ev.rank_conditions(results.db, comparator="sham").to_frame().set_index("condition")
    cell = cells.loc[("osteoarthritis", "pain")]
    assert cell["estimate"] == pytest.approx(ranked["estimate"]["osteoarthritis"])
    assert cell["certainty"] == found["grade"][("osteoarthritis", "pain")]
    assert cell["k"] >= ranked["k"]["osteoarthritis"]
    sprain = cells.loc[("lumbar_sprain", "pain")]  # words only
    assert sprain["k"] >= 2 and pd.isna(sprain["estimate"])


def test_a_condition_without_numbers_has_no_forest(db: ev.EvidenceBase) -> None:
    without = ev.Results(db.select(condition="arthritis"))
    with pytest.raises(figures.NothingToDraw, match="acute lumbar sprain"):
        figures.forest(without, "lumbar_sprain", "disability")
    with pytest.raises(figures.NothingToDraw, match="lumbar spinal stenosis"):
        figures.timecourse(without, "spinal_stenosis")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_untrusted_names_stay_text(db_of_few: ev.EvidenceBase, tmp_path: Path) -> None:
    hostile = "\"><script>alert(1)</script> $x_1$ & 'q' שלום"
    db = db_of_few
    studies = db.studies.assign(
        first_author=db.studies["first_author"].where(db.studies["study_id"] != "qin-2020", hostile)
    )
    bad = replace(db, studies=studies)
    page = figures.forest(ev.Results(bad), "spinal_stenosis", "pain")._repr_html_()
    assert "<script>" not in page
    words = {"first_author": studies["first_author"].where(studies["study_id"] != "qin-2020", hostile[:-5])}
    write_figures(
        ev.Results(replace(db, studies=studies.assign(**words))), tmp_path, only="forest_pain_spinal_stenosis"
    )
    snippet = (tmp_path / "forest_pain_spinal_stenosis.html").read_text(encoding="utf-8")
    assert "alert(1)" in snippet and "<script>" not in snippet
    parsed = _Page()
    parsed.feed(snippet)
    assert [tag for tag, _ in parsed.tags] == ["figure", "img", "figcaption", "a"]
    assert "<script>" not in (tmp_path / "forest_pain_spinal_stenosis.svg").read_text(encoding="utf-8")


def test_each_figure_comes_as_pictures_words_and_a_snippet_to_paste(results: ev.Results, tmp_path: Path) -> None:
    assert write_figures(results, tmp_path, only="ranking_pain_sham") == ["ranking_pain_sham"]
    assert {path.name for path in tmp_path.iterdir()} == {f"ranking_pain_sham{end}" for end in ENDINGS}
    words = json.loads((tmp_path / "ranking_pain_sham.json").read_text(encoding="utf-8"))
    assert all(words[key] for key in ("title", "caption", "alt", "source", "licence"))
    assert len(words["data_hash"]) == 64 and words["preset"] == "blog"
    one, two = (plt.imread(tmp_path / f"ranking_pain_sham{end}") for end in (".png", "@2x.png"))
    assert one.shape[:2] == (words["height"], words["width"]) and words["width"] == 600
    assert two.shape[1] == 1200
    parsed = _Page()
    parsed.feed((tmp_path / "ranking_pain_sham.html").read_text(encoding="utf-8"))
    image = dict(parsed.tags)["img"]
    assert image["alt"] == words["alt"] and image["src"] == "ranking_pain_sham.png"
    assert image["srcset"] == "ranking_pain_sham.png 1x, ranking_pain_sham@2x.png 2x"
    assert (image["width"], image["height"]) == ("600", str(words["height"]))
    with pytest.raises(ev.InvalidInput, match="nothing of this name"):
        write_figures(results, tmp_path, only="nothing of this name")


@pytest.mark.parametrize(("preset", "pixels"), [(SOCIAL, (630, 1200)), (PRINT, (None, 2127))])
def test_a_preset_has_its_size_in_both_resolutions(results: ev.Results, tmp_path: Path, preset, pixels) -> None:
    write_figures(results, tmp_path, only="forest_pain_spinal_stenosis", preset=preset)
    one, two = (plt.imread(tmp_path / f"forest_pain_spinal_stenosis{end}").shape for end in (".png", "@2x.png"))
    assert one[1] == pixels[1] and two[1] == 2 * pixels[1] and pixels[0] in (None, one[0])
    if preset is SOCIAL:
        assert two[:2] == (1260, 2400)
    words = json.loads((tmp_path / "forest_pain_spinal_stenosis.json").read_text(encoding="utf-8"))
    assert (words["height"], words["width"], words["preset"]) == (*one[:2], preset.name)


def test_the_small_picture_is_the_large_one_halved_and_both_are_kept(tmp_path: Path, monkeypatch) -> None:
    axes = plt.figure(figsize=(1, 1.349)).add_subplot()  # 129 dots high, and 259
    axes.plot([0, 1], [0, 1])
    figure = figures.Figure("line", "A line", "It rises.", "A rising line.", axes)
    with BLOG.dress():
        made = files.figure_files(figure, "", BLOG, tmp_path)
        for name, content in made.items():
            (tmp_path / name).write_bytes(content)
        small, large = (plt.imread(tmp_path / f"line{end}") for end in (".png", "@2x.png"))
        assert small.shape == (129, 96, 3) and large.shape == (259, 192, 3)
        mean = large[:258].reshape(129, 2, 96, 2, 3).mean(axis=(1, 3))
        assert abs(mean - small).max() < 1 / 255 < large.std()
        monkeypatch.setattr(files, "dots", None)  # nothing is drawn in dots a second time
        assert files.figure_files(figure, "", BLOG, tmp_path) == made


def test_a_condition_chooses_its_figures_and_leaves_the_others(results: ev.Results, tmp_path: Path) -> None:
    (tmp_path / "other.svg").write_text("kept")
    names = write_figures(results, tmp_path, conditions=["spinal_stenosis"])
    assert names[:2] == ["forest_pain_spinal_stenosis", "forest_disability_spinal_stenosis"]
    assert all("spinal_stenosis" in name for name in names)
    assert (tmp_path / "other.svg").read_text() == "kept"
    with pytest.raises(ev.InvalidInput, match=r"'gout'.*spinal_stenosis, disc_herniation"):
        write_figures(results, tmp_path, conditions=["gout"])
    with pytest.raises(ev.InvalidInput, match="evidence_map"):
        write_figures(results, tmp_path, only="evidence_map", preset=SOCIAL)
    with pytest.raises(ev.InvalidInput, match="poster"):
        preset_named("poster")


def test_points_in_time_stand_at_the_median_week_of_their_trials(results: ev.Results) -> None:
    effects = results.db.select(condition="chronic_overuse", outcome="pain").effects("SMD")
    points = points_in_time(results, "chronic_overuse", "pain").set_index(["comparator", "time"])
    own = effects[(effects["comparator"] == "sham") & (effects["time"] == "short")]
    assert points["week"][("sham", "short")] == own["week"].median()
    assert points["k"][("sham", "short")] == len(own)
    assert points["estimate"][("sham", "short")] == pytest.approx(ev.pool(own).estimate)
    assert points.groupby("comparator")["week"].apply(lambda weeks: weeks.is_monotonic_increasing).all()
    assert "drug" not in points.index.get_level_values("comparator")  # measured in one window only
