"""Benefit and harm in one box, published results and grades beside ours: what the pages show."""

from __future__ import annotations

import math
from dataclasses import replace
from html import unescape

import pytest

import evidence as ev
from evidence.report.pages.balance import benefit_box
from evidence.report.pages.beside import beside_reviews, grades_table, short_citation
from evidence.report.project import Project


def test_the_box_holds_every_line_in_one_section(results: ev.Results, few: Project) -> None:
    for key in results.words.headline:
        box, both = unescape(benefit_box(results, few, key)), ev.benefit_and_harm(results.db, key)
        assert box.startswith('<section class="balance"') and box.endswith("</section>") and box.count("<section") == 1
        assert all(f"<li>{line}</li>" in box for line in [*both.benefits(), *both.harms()])
        assert all(source in box for source in both.sources())


def test_each_published_result_stands_beside_ours_with_what_it_means(results: ev.Results) -> None:
    table = results.reviews
    for key in results.words.headline:
        page, own = unescape(beside_reviews(results, key)), table[table["condition"] == key]
        for row in own.itertuples():
            assert row.source_url in page
            words = row.reading if row.overlap else row.why
            assert words[1:] in page, row.review_id
    chronic = unescape(beside_reviews(results, "chronic_overuse"))
    assert "Mu 2020</bdi></a> 10 points (3 to 17; 5 trials); ours" in chronic
    assert "Vickers 2012</bdi></a> 0.23 SD (0.13 to 0.33); ours" in chronic


def test_ratios_are_told_as_ratios(results: ev.Results) -> None:
    row = results.reviews.query("review_id == 'ji-2015-sciatica' and measure == 'RR'").iloc[0]
    page = unescape(beside_reviews(results, row["condition"]))
    assert "1.21 times as many (" in page and f"ours {math.exp(row['ours']):.2f} times as many (" in page


def test_hostile_words_of_a_review_stay_text(db: ev.EvidenceBase) -> None:
    bad = db.published_reviews.assign(citation="<script>alert(1)</script>", source_url="javascript:alert(1)")
    page = beside_reviews(ev.Results(replace(db, published_reviews=bad)), "chronic_overuse")
    assert "<script" not in page and "javascript:" not in page


def test_the_table_of_grades_has_each_grade_and_the_shares(results: ev.Results) -> None:
    page, found = unescape(grades_table(results)), results.grades
    assert found.sentence() in page and page.count("<tr><th") == len(found.grades)
    for row in found.shares().itertuples():
        assert f"{row.match}: {row.grades} grades" in page and f"{row.within_one:.0%} within one level" in page


@pytest.mark.parametrize(
    ("citation", "year", "said"),
    [
        ("Mu J, Furlan AD, Lam WY. Acupuncture for pain. Cochrane 2020", 2020.0, "Mu 2020"),
        (
            "Acupuncture for disc herniation: a systematic review (30 RCTs)",
            math.nan,
            "“Acupuncture for disc herniation”",
        ),
    ],
)
def test_a_review_is_called_by_its_author_else_by_its_title(citation: str, year: float, said: str) -> None:
    assert short_citation({"citation": citation, "year": year}) == said
