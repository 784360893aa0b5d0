"""Posts: the same in each format, true to the results, nothing of the data run anywhere, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import evidence as ev
from evidence.answers.for_patients import headlines
from evidence.answers.wording.plain import MEANING, plain_effect, plain_harms
from evidence.charts.sources import trial_address
from evidence.report.figures.figure import LICENCE_LINK
from evidence.report.figures.people import counted_benefit
from evidence.report.figures.presets import BLOG
from evidence.report.pages.markup import address, html_text, markdown_text
from evidence.report.post.content import Post, post
from evidence.report.post.folder import post_files, write_post
from evidence.report.post.formats import FORMATS, written
from evidence.report.post.sources import Source
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
MARKDOWN = MarkdownIt("commonmark", {"html": True})
HOSTILE = (
    '1. <script>alert(1)</script> [gallery ids="1"] ![x](http://evil.example/x.png) [y](javascript:alert(1)) '
    "`c` *b* _i_ # h {{ site.secret }} {% include x %} --> <!-- wp:html --> \" onload='x' www.evil.example "
    "&lt;b\n\n# new"
)


class Page(HTMLParser):
    """Tags, links, text and comments of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.comments: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.names |= found.keys()
        self.links += [str(found["href"])] if "href" in found else []
        self.images += [found] if tag == "img" else []

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_data(self, data: str) -> None:
        self.text += data


def as_html(text: str, format: str) -> Page:
    return Page(MARKDOWN.render(text) if format == "markdown" else text)


@pytest.fixture(scope="module")
def posts(results: ev.Results) -> dict[str, Post]:
    with BLOG.dress():
        return {key: post(results, Project.at(ROOT), key) for key in results.words.headline}


@pytest.fixture(scope="module")
def read(posts: dict[str, Post]) -> Callable[[str, str], Page]:
    def page(key: str, format: str) -> Page:
        return as_html(written(posts[key], FORMATS[format], f"x.{FORMATS[format].picture}", (600, 400)), format)

    return page


def test_the_paragraphs_are_true(results: ev.Results, posts: dict[str, Post]) -> None:
    for key, one in posts.items():
        assert len(one.paragraphs) == 3
        own = [trial for trial in results.trials if trial["condition"] == key]
        counts = [len(own), sum(bool(t["comparators"]) for t in own), sum(bool(t["outcomes"]) for t in own)]
        told = re.search(r"In the data: (\d+) trials; (\d+) makes? .*?, and (\d+) of", one.paragraphs[0])
        assert told and list(map(int, told.groups())) == counts
        for row, said in zip(headlines(results, key), one.paragraphs[1:], strict=True):
            if row is None:
                assert "no trial gives a number for pain" in said and not re.search(r"\d+ of 100", said)
                continue
            assert plain_effect(row, results.words) in said
            assert ("no trial gives a number for pain" in said) == (row["outcome"] != "pain")
            people = counted_benefit(results, key, row["comparator"])
            assert ("of 100 people" in said) == (people is not None)
            if people:
                assert f"and {people['risk_acupuncture']:.0f} (" in said
                low, high = people["risk_acupuncture_low"], people["risk_acupuncture_high"]
                assert ("includes no difference" in said) == (low <= people["risk_comparator"] <= high)
        assert one.harms[0] == plain_harms(results.benefit_and_harm(key))


def test_certainty_and_limits_are_those_of_the_results(results: ev.Results, posts: dict[str, Post]) -> None:
    for key, one in posts.items():
        for row, sure in zip(headlines(results, key), one.sure, strict=False):
            if row is None:
                assert "no result" in sure
                continue
            where = {name: row[name] for name in ("condition", "comparator", "outcome", "time", "measure")}
            grades = results.certainty
            for name, value in where.items():
                grades = grades[grades[name] == value]
            (grade,) = grades.to_dict("records")
            assert f": {grade['grade']} certainty" in sure and grade["doubts"] in sure
            assert MEANING[grade["grade"]][1:] in sure
            lost = grade["trials_missing"] > 0
            against = f"Against {results.words.comparators[row['comparator']]}, "
            assert any(line.startswith(against) and "no number for this" in line for line in one.limits) == lost
        assert "nothing later" in one.limits[0] and one.limits[-1].startswith("What would settle")


def test_sources_are_the_trials_behind_the_numbers(results: ev.Results, posts: dict[str, Post]) -> None:
    studies = {row["study_id"]: row for row in results.db.studies.to_dict("records")}
    for key, one in posts.items():
        given = {(source.words.split(": ", 1)[1], source.address) for source in one.sources}
        for row in filter(None, headlines(results, key)):
            question = {name: row[name] for name in ("condition", "outcome", "time", "comparator")}
            behind = set(results.effects_on(**question)["study"])
            assert len(behind) == row["k"]
            assert {(studies[name]["citation"], trial_address(studies[name])) for name in behind} <= given
    assert any(s.address == "https://doi.org/10.1001/jamainternmed.2024.5463" for s in posts["disc_herniation"].sources)


@pytest.mark.parametrize("format", FORMATS)
def test_every_part_stands_in_every_format(
    posts: dict[str, Post], read: Callable[[str, str], Page], format: str
) -> None:
    for key, one in posts.items():
        page = read(key, format)
        told = " ".join(page.text.split())
        assert one.figure is not None
        for words in (*one.paragraphs, *one.harms, *one.sure, *one.limits, one.figure.caption, one.licence.words):
            assert " ".join(words.split()) in told, words
        assert all(" ".join(source.words.split()) in told for source in one.sources)
        assert page.links == [address(s.address) for s in (*one.sources, one.licence) if s.address]
        assert page.links[-1] == LICENCE_LINK
        (image,) = page.images
        assert image["src"] == f"x.{FORMATS[format].picture}"
        assert image["alt"] == one.figure.alt
        assert (one.title in told) == (format != "wordpress"), "WordPress shows the title itself"


def test_the_blocks_of_wordpress_open_and_close(read: Callable[[str, str], Page]) -> None:
    open_, inside = [], set()
    for comment in read("disc_herniation", "wordpress").comments:
        name = comment.removeprefix("/")
        inside.add(name)
        if comment.startswith("/"):
            assert open_.pop() == name
        else:
            open_.append(name)
    assert not open_ and inside == {f"wp:{kind}" for kind in ("paragraph", "heading", "list", "list-item", "image")}


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_words_stay_text(posts: dict[str, Post], format: str) -> None:
    one = posts["spinal_stenosis"]
    assert one.figure is not None
    evil = Source(HOSTILE, "javascript:alert(1)")
    odd = Source("x", 'https://x.org/"><script>[gallery]{{x}}')
    spoilt = replace(
        one,
        title=HOSTILE,
        paragraphs=(HOSTILE,) * 3,
        figure=replace(one.figure, alt=HOSTILE, caption=HOSTILE),
        harms=(HOSTILE,),
        sources=(evil, odd),
    )
    text = written(spoilt, FORMATS[format], "x.png", (600, 400))
    clean, page = (as_html(written(post, FORMATS[format], "x.png", (600, 400)), format) for post in (one, spoilt))
    assert set(page.tags) <= {"h1", "h2", "p", "ul", "li", "a", "img", "figure", "figcaption"}
    assert page.names <= {"href", "src", "alt", "width", "height", "style", "class"}
    assert page.links == [address(odd.address), LICENCE_LINK] and len(page.images) == 1
    assert set(page.comments) == set(clean.comments), "no block of its own"
    assert page.text.count("<script>alert(1)</script>") >= 5 and page.images[0]["alt"] == " ".join(HOSTILE.split())
    assert "{{" not in text and "{%" not in text, "nothing that Jekyll fills in"
    if format == "markdown":
        assert "www.evil" not in text and "http://evil" not in text, "no link where bare addresses are made one"
    else:
        assert "[" not in text and "http://evil" not in text, "no short code and nothing to embed of WordPress"


@pytest.mark.parametrize("said", ["+ a", "- a", "= a", "12) a", "a\n\n---\n\nb", "https://x.org", "me@x.org", "a | b"])
def test_a_line_of_text_is_a_paragraph_in_markdown(said: str) -> None:
    page = Page(MARKDOWN.render(markdown_text(said)))
    assert page.tags == ["p"] and page.text.strip() == " ".join(said.split())
    assert not re.search(r"https?://|www\.\w|\w@", markdown_text(said)), "nor a link where bare addresses are made one"
    assert Page(html_text(said)).text == " ".join(said.split())


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_holds_text_figure_title_and_alt_text(results: ev.Results, tmp_path: Path, format: str) -> None:
    folder, project = tmp_path / "post", Project.at(ROOT)
    names = write_post(results, project, "arthritis", format, folder)
    ending = FORMATS[format].ending
    assert names == sorted(path.name for path in folder.iterdir())
    assert set(names) == {f"arthritis{end}" for end in (f".{ending}", ".svg", ".png", "-alt.txt", "-title.txt")}
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert before == post_files(results, project, "arthritis", format), "the same bytes each time"
    assert before["arthritis.png"].startswith(b"\x89PNG") and b"<svg" in before["arthritis.svg"]
    page = as_html(before[f"arthritis.{ending}"].decode(), format)
    assert page.images[0]["src"] in before and page.images[0]["alt"] == before["arthritis-alt.txt"].decode().strip()
    write_post(results, project, "arthritis", "markdown", folder)
    assert {path.suffix for path in folder.iterdir()} == {".md", ".svg", ".png", ".txt"}, "the older post is replaced"


@pytest.mark.parametrize("format", FORMATS)
def test_without_a_number_there_is_no_figure_and_no_claim(few: Project, format: str) -> None:
    files = post_files(ev.Results(ev.load(few.raw)), few, "lumbar_sprain", format)
    assert {Path(name).suffix for name in files} == {f".{FORMATS[format].ending}", ".txt"}
    page = as_html(files[f"lumbar-sprain.{FORMATS[format].ending}"].decode(), format)
    assert not page.images and page.text.count("no trial gives a number for pain") == 2
    assert "of 100 people" not in page.text and page.links == [LICENCE_LINK]


def test_a_folder_with_something_else_is_left_alone(results: ev.Results, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(ev.InvalidInput, match=r"thesis\.docx"):
        write_post(results, Project.at(ROOT), "arthritis", "html", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    for wrong, known in ((("gout", "html"), "arthritis"), (("arthritis", "pdf"), "wordpress")):
        with pytest.raises(ev.InvalidInput, match=known):
            write_post(results, Project.at(ROOT), *wrong, tmp_path / "new")
