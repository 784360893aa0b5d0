"""Our certainty beside that of published reviews of the same questions."""

from __future__ import annotations

import evidence as ev


def test_certainty_is_near_that_of_published_reviews(db: ev.EvidenceBase) -> None:
    beside = ev.against_grades(db)
    assert len(beside.grades) > 20
    assert abs(beside.mean_difference) < 0.5 and beside.share_within_one > 0.7


def test_most_pools_are_not_very_low_for_want_of_knowledge(db: ev.EvidenceBase) -> None:
    grades = ev.certainty_table(db)["grade"]
    assert (grades != "very low").mean() > 0.2 and set(grades) >= {"very low", "low", "moderate"}
