"""The smallest effect worth having: of thresholds.csv where it is written there, else what is usual for the measure."""

from __future__ import annotations

import math

import pytest

import evidence as ev
from evidence.answers.grade.worthwhile import Worthwhile


@pytest.fixture(scope="module")
def worthwhile(db: ev.EvidenceBase) -> Worthwhile:
    return Worthwhile(db)


def test_points_are_those_of_the_table_and_standard_deviations_follow(
    db: ev.EvidenceBase, worthwhile: Worthwhile
) -> None:
    points = db.thresholds.set_index("outcome")["points"]
    sd = ev.reference_sd(db)["sd"]
    for outcome in set(points.index) & set(sd.index):
        assert worthwhile.of([outcome], "MD100") == points[outcome]
        assert worthwhile.of([outcome], "SMD") == pytest.approx(points[outcome] / sd[outcome])
    assert worthwhile.of(points.index, "MD100") == points.min()


def test_one_outcome_without_a_threshold_leaves_none_to_several(worthwhile: Worthwhile) -> None:
    assert math.isnan(worthwhile.of(["pain", "tnf_alpha"], "MD100"))
    assert math.isnan(worthwhile.of(["pain"], "RR")) and math.isnan(worthwhile.of([], "SMD"))


@pytest.mark.parametrize(
    ("measure", "usual"), [("SMD", 0.2), ("MD100", 10), ("RR", math.log(1.25)), ("OR", math.log(1.25))]
)
def test_precision_is_judged_by_what_is_usual_where_nothing_is_written(
    worthwhile: Worthwhile, measure: str, usual: float
) -> None:
    assert worthwhile.for_precision(["tnf_alpha"], measure) == usual
    assert math.isnan(worthwhile.for_precision(["tnf_alpha"], "ROM"))
    assert worthwhile.for_precision(["pain"], "MD100") == worthwhile.of(["pain"], "MD100")
