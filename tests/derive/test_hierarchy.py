"""Which result stands for a trial: what it may speak for, and what is taken before what."""

from __future__ import annotations

from dataclasses import replace

import pytest

import evidence as ev
from evidence.derive.align import Reported
from evidence.derive.hierarchy import pools, preference
from evidence.derive.routes.candidate import Candidate

MEANINGS = {"half the pain": "pain", "moves better": "disability", "feels better": "nothing"}


@pytest.fixture(scope="module")
def row(db: ev.EvidenceBase) -> Reported:
    """A score for pain at the end of treatment."""
    there = (row for rows in db.reported.values() for row in rows)
    score = next(r for r in there if r.kind == "arm" and r.outcome == "pain" and r.when == "end of treatment")
    return replace(score, doubtful=False, rank=3)


@pytest.mark.parametrize(
    ("outcome", "kind", "definition", "measure", "expected"),
    [
        ("pain", "arm", "", "SMD", ["pain"]),
        ("leg_pain", "arm", "", "SMD", ["leg_pain", "pain"]),
        ("leg_pain", "arm", "", "MD100", ["leg_pain", "pain"]),
        ("responder", "events", "half the pain", "SMD", ["responder", "pain"]),
        ("responder", "ratio", "moves better", "SMD", ["responder", "disability"]),
        ("responder", "events", "half the pain", "RR", ["responder"]),
        ("responder", "events", "feels better", "SMD", ["responder"]),
        ("responder", "arm", "half the pain", "SMD", ["responder"]),
        ("global_rating", "events", "half the pain", "SMD", ["global_rating", "responder", "pain"]),
        ("global_rating", "events", "feels better", "SMD", ["global_rating"]),
        ("global_rating", "arm", "half the pain", "SMD", ["global_rating"]),
        ("function", "events", "half the pain", "SMD", ["function"]),
    ],
)
def test_what_a_result_may_speak_for(
    row: Reported, outcome: str, kind: str, definition: str, measure: str, expected: list[str]
) -> None:
    asked = replace(row, outcome=outcome, kind=kind, definition=definition)
    assert pools(asked, measure, MEANINGS) == expected


def test_what_is_taken_before_what(row: Reported) -> None:
    def candidate(taken: Reported, at: int = 0, **change: object) -> Candidate:
        return replace(Candidate(0.5, 0.1, 20, 20, "x", at, (), (taken,)), **change)  # type: ignore[arg-type]

    later = replace(row, when="follow-up", at=row.at._replace(week=11.0, window="short"))
    best_first = [
        candidate(row),
        candidate(row, at=1),
        candidate(replace(row, rank=4)),
        candidate(row, doubtful=True),
        candidate(later),
        candidate(replace(later, at=later.at._replace(week=12.0))),
        candidate(replace(row, outcome="leg_pain")),
        candidate(row, at=20),
        candidate(replace(row, outcome="leg_pain"), at=29),
        candidate(row, at=30),
        candidate(row, imputed=True),
    ]
    keys = [preference("pain", one, 0, 8.0) for one in best_first]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    doubtful = candidate(replace(row, doubtful=True))
    assert preference("pain", doubtful, 0, 8.0) == preference("pain", candidate(row, doubtful=True), 0, 8.0)
    two = candidate(row, rows=(row, replace(row, doubtful=True)))
    assert preference("pain", two, 0, 8.0) == preference("pain", doubtful, 0, 8.0), "one doubtful row is enough"
    assert preference("pain", candidate(row), 0, 8.0) < preference("pain", candidate(row), 1, 8.0)
