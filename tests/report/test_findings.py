"""The printed summary of findings holds the numbers of the frame behind it."""

from __future__ import annotations

from html import unescape

import pytest

import evidence as ev
from evidence.answers.wording.words import whole
from evidence.report.findings_table import findings_table


def test_the_table_holds_every_pool_with_its_grade_and_reasons(results: ev.Results) -> None:
    page = unescape(findings_table(results).gt.as_raw_html())
    findings = ev.summary_of_findings(results.db)
    assert len(findings) > 5
    for row in findings.itertuples():
        assert row.outcome_label in page and row.certainty in page
        if row.points == row.points:
            assert f"{whole(row.points)} ({whole(row.points_low)} to {whole(row.points_high)})" in page
        for note in filter(None, row.footnotes.split(" | ")):
            assert note in page


def test_the_same_table_twice_is_the_same_page(results: ev.Results) -> None:
    assert findings_table(results).gt.as_raw_html() == findings_table(results).gt.as_raw_html()


def test_untrusted_words_are_escaped(results: ev.Results, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = results.findings().head(1).assign(footnotes="<script>alert(1)</script>")
    monkeypatch.setattr(results, "findings", lambda: hostile)
    page = findings_table(results).gt.as_raw_html()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
