"""What these tests share: invented files shaped as the real ones, and a project to fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import evidence as ev
from evidence.exchange.draft import Draft
from evidence.exchange.readers import read_drafts
from evidence.exchange.words import Words
from evidence.report.new_trial import add_trial, write_forms
from evidence.report.project import Project

Fill = Mapping[str, Callable[[dict[str, str]], dict[str, str]]]
#: What no source says and a person must: cells of each table, given a row.
JUDGED: Fill = {
    "studies": lambda row: {
        "condition": "chronic_overuse",
        "population": row.get("population") or "people",
        "directness": "direct",
        "randomised": "yes",
        "source_url": row.get("source_url") or "https://example.org/invented",
        "source_kind": row.get("source_kind") or "review_table",
    },
    "arms": lambda row: {"role": row.get("role") or "other_active"},
    "comparisons": lambda row: {
        "comparator": row.get("comparator") or "no_treatment",
        "isolates": "yes",
        "needle": "yes",
    },
    "results": lambda row: {
        "confidence": "high",
        "outcome": row.get("outcome") or "pain",
        "statistic": row.get("statistic") or {"arm": "final", "contrast": "adjusted_difference"}.get(row["kind"], ""),
        "sign": row.get("sign") or ("as_is" if row["kind"] in ("arm", "contrast") else ""),
        "week": row.get("week") or ("" if row.get("when") == "baseline" else "8"),
        "source_url": row.get("source_url") or "https://example.org/invented",
        "source_kind": row.get("source_kind") or "review_table",
    },
}


@pytest.fixture(scope="session")
def words(db: ev.EvidenceBase) -> Words:
    return Words(db)


@pytest.fixture
def drafts(words: Words) -> Callable[[str], dict[str, Draft]]:
    """Drafts by key of a file that stands beside these tests."""
    return lambda name: {draft.study: draft for draft in read_drafts(Path(__file__).parent / name, words)}


@pytest.fixture
def added(few: Project) -> Callable[..., ev.EvidenceBase]:
    """A base of a few trials and the one of a draft, whose missing cells somebody filled."""

    def add(draft: Draft, **more: Callable[[dict[str, str]], dict[str, str]]) -> ev.EvidenceBase:
        forms = draft.forms()
        for table, rows in forms.items():
            for row in rows:
                row |= JUDGED[table](row)
                row |= more[table](row) if table in more else {}
        write_forms(few, draft.study, forms)
        add_trial(few, draft.study)
        return ev.load(few.raw)

    return add
