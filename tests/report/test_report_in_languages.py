"""What readers take away in another language: handouts, posts and figures without an English word left."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.wording.pool_sentence import pool_sentence
from evidence.base.rows import rows_of
from evidence.languages import LANGUAGES
from evidence.report.figures.catalogue import (
    evidence_map,
    forest,
    funnel,
    integrity,
    mechanisms,
    outcome_map,
    people,
    ranking,
    rob,
)
from evidence.report.figures.figure import Figure, NothingToDraw
from evidence.report.figures.presets import BLOG
from evidence.report.handout import sheet as making
from evidence.report.handout.sheet import file_name, pictures, sheet
from evidence.report.handout.words import Handout, handout
from evidence.report.pages import language_links, other_languages
from evidence.report.post.content import post
from evidence.report.project import Project

pytest.importorskip("babel", reason='no babel here (pip install "acupuncture-evidence[languages]")')
PROJECT = Project.at(Path(__file__).parents[2])
OTHERS = [name for name in LANGUAGES if name != "en"]
#: Names of the project, of its licence, of people and trials, and marks of statistics are the same everywhere.
NAMES = r"acupuncture-evidence|CC BY 4\.0|\(REML\)|Hedges g|Bayes\w*|Forest-Plot|Odds Ratio|odds ratio|low back pain"
NAMES += r"|[Tt]rim and [Ff]ill|Intention-to-Treat"
ENGLISH = re.compile(
    r"\b(the|of|and|or|with|than|from|against|compared|to|in|is|are|trials?|people|pain|disability|certainty|very|low|"
    r"points|acupuncture|sham|usual|care|drugs|none|one|number|interval|better|worse|less|more|favours?|within|months?|"
    r"weeks?|no|for|by|that|which|how|what|source|side|effects?)\b"
)
#: Of these, words that other languages have, too.
SAME = {"de": {"in", "von", "an"}, "es": {"no", "a"}, "zh_Hans": set()}

#: No patient should meet these on a first screen (tests/site has the English ones, for every page).
TERMS = {
    "de": r"\bSD\b|SMD|Hedges|Heterogenität|[Ii]ntervall|Standardabweichung|benachbart",
    "es": r"\bDE\b|SMD|Hedges|heterogeneidad|intervalo|desviaci|comparador|vecin",
    "zh_Hans": r"SMD|Hedges|异质性|区间|标准差|相近",
}


def english(said: str, name: str) -> list[str]:
    """English words in what is said in another language."""
    found = ENGLISH.findall(re.sub(NAMES, "", said))
    return [word for word in found if word not in SAME[name]]


@pytest.fixture(scope="module")
def said(results: ev.Results) -> dict[tuple[str, str], Handout]:
    """Every handout in every language, all from the same results."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "image", lambda *_: b"")  # pictures are looked at below
        for name in LANGUAGES:
            with ev.language(name):
                found |= {(name, key): handout(results, PROJECT, key) for key in results.words.headline}
    return found


def test_no_handout_has_an_english_word(said: dict[tuple[str, str], Handout], results: ev.Results) -> None:
    assert english(" ".join(said["en", "arthritis"].sentences()), "zh_Hans"), "the measure tells English"
    for name, key in ((name, key) for name in OTHERS for key in results.words.headline):
        one = said[name, key]
        parts = [*one.answers, *one.people]
        spoken = [
            *one.sentences(),
            *one.headings.values(),
            *(part.about + " " + part.sure + part.alt for part in parts),
        ]
        assert not english(" ".join(spoken), name), (name, key)


def test_handouts_say_the_same_in_every_language(said: dict[tuple[str, str], Handout], results: ev.Results) -> None:
    for key in results.words.headline:
        first = said["en", key]
        for name in OTHERS:
            other = said[name, key]
            assert other.language == name.replace("_", "-")
            assert [part.circles for part in other.answers] == [part.circles for part in first.answers]
            for mine, theirs in zip(first.answers, other.answers, strict=True):
                mine_said, their_said = (re.sub(r"[,.](?=\d{3})", "", part.more) for part in (mine, theirs))
                assert set(re.findall(r"\d{2,}", mine_said)) == set(re.findall(r"\d{2,}", their_said)), (name, key)
            assert len(other.harms) == len(first.harms) and len(other.ask) == len(first.ask)


@pytest.mark.parametrize("name", OTHERS)
def test_a_handout_is_one_page_in_its_language_and_repeats(results: ev.Results, name: str) -> None:
    pytest.importorskip("typst", reason='no typst here (pip install "acupuncture-evidence[print]")')
    with ev.language(name):
        one = handout(results, PROJECT, "chronic_overuse")
        made = sheet(one)
        assert made == sheet(one) and len(pictures(one)) == 1
        assert file_name("chronic_overuse", "a4") == f"chronic-overuse-a4-{name.replace('_', '-')}.pdf"
    assert {"de": b"/Lang(de)", "es": b"/Lang(es)", "zh_Hans": b"/Lang(zh-CN)"}[name] in made
    assert (b"EvidenceSansSC" in made) == (name == "zh_Hans"), "the letters are inside"


@pytest.mark.parametrize("name", OTHERS)
def test_no_post_has_an_english_word(results: ev.Results, name: str) -> None:
    with ev.language(name), BLOG.dress():
        told = post(results, PROJECT, "chronic_overuse")
    figure = [told.figure.caption, told.figure.alt, told.figure.title] if told.figure else []
    assert len(figure) == 3
    assert not english(" ".join([told.title, *told.paragraphs, *told.harms, *told.sure, *told.limits, *figure]), name)
    assert any("2006" in source.words for source in told.sources), "trials keep their names"


@pytest.mark.parametrize("name", OTHERS)
def test_no_pooled_sentence_has_an_english_word(results: ev.Results, name: str) -> None:
    with ev.language(name):
        said = [
            pool_sentence(row, results.words, brief=brief) for row in rows_of(results.pools) for brief in (True, False)
        ]
        clinician = [ev.sentence(row, "clinician", words=results.words) for row in rows_of(results.findings("sham"))]
    labels = sorted({label for labels in results.pools["labels"] for label in labels.split("|")}, key=len, reverse=True)
    whole = " ".join([*said, *clinician])
    for label in labels:
        whole = whole.replace(label, "")
    assert len(said) > 100 and not english(whole, name)


def unnamed(said: str, results: ev.Results) -> str:
    """What is said without the names of trials, which are the same in every language."""
    for trial in results.trials:
        said = said.replace(trial["label"], "")
    return said


def drawn_words(figure: Figure) -> str:
    """Every text of a figure but the names of its trials."""
    from matplotlib.text import Text

    found = figure.axes.get_figure().findobj(Text)  # type: ignore[union-attr]
    return " ".join(text.get_text() for text in found if not re.search(r"\b(19|20)\d\d\b|n\.d\.|…", text.get_text()))


@pytest.mark.parametrize("name", OTHERS)
def test_figures_have_no_english_word(results: ev.Results, name: str) -> None:
    makers: list[Callable[[], Figure]] = [
        lambda: forest(results, "disc_herniation"),
        lambda: forest(results, "chronic_overuse", "disability"),
        lambda: ranking(results),
        lambda: ranking(results, "drug"),
        lambda: people(results, "chronic_overuse"),
        lambda: evidence_map(results),
        lambda: outcome_map(results),
        lambda: mechanisms(results),
        lambda: funnel(results, "osteoarthritis", "pain", "sham", "short"),
        lambda: integrity(results),
        lambda: rob(results),
    ]
    with ev.language(name), BLOG.dress():
        for make in makers:
            try:
                figure = make()
            except NothingToDraw:
                continue
            words = unnamed(" ".join([*figure.words().values(), drawn_words(figure)]), results)
            assert not english(words, name), (name, figure.name, english(words, name))


def test_the_site_has_a_page_in_each_language_that_the_front_page_links(
    results: ev.Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "sheet", lambda *_: b"")  # names alone are looked at
    made = other_languages.language_pages(results, PROJECT)
    held = {*made, *(f"files/handouts/{name}" for name in making.handouts(results, PROJECT))}
    for name in OTHERS:
        short = name.replace("_", "-")
        assert f'href="{short}/index.html" hreflang="{short}" lang="{short}"' in language_links.links()
        page = made[f"{short}/index.md"].decode()
        said = (
            unescape(re.sub(r"<[^>]+>|\A---.*?---", " ", page, flags=re.DOTALL))
            .replace("English", "")
            .replace("español", "")
        )
        assert not english(said, name), english(said, name)
        first = said.split("::::", 1)[0]
        assert len(first) > 300 and not re.search(TERMS[name], first)
        anchors = {f'href="#{key.replace("_", "-")}"' for key in results.words.headline}
        assert page.count("<details id=") == len(results.words.headline) and page.count("<details>") == 1
        assert all(page.count(anchor) == 2 for anchor in anchors), "the figure and the table lead down the page"
        assert (page.count('<figure class="glance"'), page.count("::::{dropdown}")) == (1, 4)
        assert re.findall(r'class="languages">.*', page)[0].count("hreflang") == len(LANGUAGES) - 1
        assert made[f"files/cards/{short}-index.png"].startswith(b"\x89PNG")
        assert page.count('class="certainty') > 6
        assert page.count("<li><b>") == len(results.claims.verdicts)
        linked = {f"files/{way}" for way in re.findall(r'(?:href|src)="\.\./((?:handouts|figures)/[^"]+)"', page)}
        assert linked == {file for file in held if f"-{short}." in file}


def test_a_page_says_which_language_it_is_in_and_where_the_others_are(tmp_path: Path) -> None:
    frame = (
        '<!DOCTYPE html><html lang="en" data-x><head></head><a class="nav-internal" href="claims.html">\n Claims\n</a>'
    )
    frame += '<button title="Search" aria-label="Search">Back to top</button><p lang="en">In the Claims of studies</p>'
    for name in ("", "de", "zh-Hans"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "index.html").write_text(frame)
    other_languages.in_their_language(tmp_path)
    english_page, german, chinese = (
        (tmp_path / name / "index.html").read_text(encoding="utf-8") for name in ("", "de", "zh-Hans")
    )
    links = '<link rel="alternate" hreflang="x-default" href="index.html"/>\n'
    links += '<link rel="alternate" hreflang="en" href="index.html"/>\n'
    links += '<link rel="alternate" hreflang="de" href="de/index.html"/>\n'
    links += '<link rel="alternate" hreflang="zh-Hans" href="zh-Hans/index.html"/>\n'
    assert english_page == frame.replace("</head>", f"{links}</head>")
    assert links.replace('href="', 'href="../') in german and german.startswith(
        '<!DOCTYPE html><html lang="de" data-x>'
    )
    assert '<a class="nav-internal" hreflang="en" href="claims.html">\n Behauptungen\n</a>' in german
    assert '<button title="Suche" aria-label="Suche">Nach oben</button><p lang="en">In the Claims of studies' in german
    assert '<html lang="zh-Hans" data-x>' in chinese and "返回顶部" in chinese
    other_languages.in_their_language(tmp_path, "https://example.org/evidence/")
    assert 'hreflang="de" href="https://example.org/evidence/de/index.html"' in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("name", OTHERS)
def test_the_explorer_keeps_its_language_when_somebody_clicks(db: ev.EvidenceBase, name: str) -> None:
    pytest.importorskip("ipywidgets", reason="no ipywidgets here")
    from evidence.report.explorer.widget import Explorer

    with ev.language(name):
        explorer = Explorer(db.select(condition="lumbar_sprain"))
    before = explorer._answer.value
    explorer.choose(method="DL", scores=True, flagged=True)  # as a click does: no language is spoken here
    shown = " ".join([before, *(part.value for part in (explorer._answer, explorer._forest, explorer._more))])
    said = unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", shown, flags=re.DOTALL))
    for label in explorer.analysis.everything["label"]:
        said = said.replace(label, "")
    controls = [*explorer.controls.values(), *explorer.ticks.values(), explorer.restore, explorer.save]
    offered = [label for one in explorer.controls.values() for label, _value in one.options]
    words = " ".join([said, *offered, *(f"{one.description} {one.tooltip or ''}" for one in controls)])
    assert len(said) > 500 and not english(words, name), english(words, name)


@pytest.mark.parametrize("name", OTHERS)
def test_charts_have_no_english_word(name: str) -> None:
    rows = pd.DataFrame({"condition": ["lumbar_sprain"] * 2, "comparator": ["sham", "drug"], "week": [4, 26]})
    rows = rows.assign(estimate=[0.4, 0.2], ci_low=0.1, ci_high=0.7, k=[3, 9], n=[90, 2310], certainty="low")
    told = rows.assign(claim="–", verdict=["supported", "untested"], style="dry_needling|manual", route="arm means")
    with ev.language(name):
        charts = [
            ev.charts.forest(([0.3, 0.5, 0.4], [0.02, 0.05, 0.03]), worthwhile=0.5),
            ev.charts.evidence_map(rows.assign(comparator=["–", "+"], condition="–")),
            ev.charts.timecourse(told, worthwhile=0.5),
            ev.charts.claims(told),
        ]
        for chart in charts:
            spec = chart.to_dict()
            named = [layer["encoding"]["tooltip"] for layer in spec["layer"] if "name" in layer]
            titles = [one["title"] for tooltip in named for one in tooltip]
            values = [row.get(title, "") for rows_ in spec["datasets"].values() for row in rows_ for title in titles]
            words = [spec["description"], *titles, *values, *spec["title"].get("subtitle", []), *_axis_titles(spec)]
            assert len(words) > 10 and not english(" ".join(map(str, words)), name), (name, words)
            page = ev.charts.fragment(chart, "chart")
            assert not english(" ".join(re.findall(r"<(?:summary|caption)>([^<]+)", page)), name)


def _axis_titles(spec: dict[str, Any]) -> list[str]:
    channels = [channel for layer in spec["layer"] for channel in layer["encoding"].values()]
    axes = [channel.get("axis") for channel in channels if isinstance(channel, dict)]
    titles = [axis["title"] for axis in axes if isinstance(axis, dict) and axis.get("title")]
    return [line for title in titles for line in (title if isinstance(title, list) else [title])]
