"""Means without a spread and the p value of their comparison, on rows of the test's own."""

from __future__ import annotations

import math

import pytest
from scipy import stats

import evidence as ev
from evidence.derive.align import Reported, Size
from evidence.derive.routes.comparison import Comparison
from evidence.derive.routes.means import from_means_and_p
from evidence.derive.routes.route import Reports

NAN = math.nan


@pytest.fixture(scope="module")
def rows(db: ev.EvidenceBase) -> dict[str, Reported]:
    """Means of 60, 50 and 40 of 200 points in arms a, b and c; a against b with p = 0.04."""
    there = (row for rows in db.reported.values() for row in rows)
    like = next(row for row in there if row.kind == "arm" and row.outcome == "pain" and row.at.week > 0)
    arm = like._replace(versus="", mean=NAN, sd=NAN, n=NAN, p=NAN, scale=200.0, favours=None, faults={})
    made = {
        name: arm._replace(id=name, arm=name, value=value) for name, value in (("a", 60.0), ("b", 50.0), ("c", 40.0))
    }
    return made | {"test": arm._replace(id="test", kind="contrast", arm="a", versus="b", value=NAN, p=0.04)}


def read(rows: dict[str, Reported], **change: object) -> tuple[object, list[str]]:
    sizes = {name: Size(n, "") for name, n in (("a", 30.0), ("b", 40.0), ("c", 50.0))}
    test = rows["test"]._replace(**change)  # type: ignore[arg-type]
    faults: list[str] = []
    comparison = Comparison(("a",), ("b",), sizes, False, {})
    trial = [rows["a"], rows["b"], rows["c"], test]
    found = from_means_and_p(Reports(comparison, [test], trial, "MD100", lambda _, why: faults.append(why)))
    return found, faults


def test_the_error_is_that_of_the_p_value(rows: dict[str, Reported]) -> None:
    found, faults = read(rows)
    assert found is not None and not faults
    se = 10 / stats.t.isf(0.02, 30 + 40 - 2)
    assert (found.yi, found.vi) == pytest.approx((10 / 2, (se / 2) ** 2))  # type: ignore[attr-defined]
    assert (found.n1, found.n2) == (30, 40)  # type: ignore[attr-defined]


@pytest.mark.parametrize("pair", [("a", "c"), ("c", "b"), ("b", "a")])
def test_the_p_value_of_another_pair_is_not_taken(rows: dict[str, Reported], pair: tuple[str, str]) -> None:
    assert read(rows, arm=pair[0], versus=pair[1]) == (None, [])


def test_words_that_contradict_the_means_are_a_fault(rows: dict[str, Reported]) -> None:
    assert read(rows, favours=1)[0] is not None and read(rows, favours=0)[0] is not None
    assert read(rows, favours=-1) == (None, ["the direction in words contradicts the means"])


def test_without_an_exact_p_or_a_difference_there_is_nothing(rows: dict[str, Reported]) -> None:
    assert read(rows, p=NAN)[0] is None and read(rows, p=1.0)[0] is None
    assert read(rows | {"b": rows["b"]._replace(value=60.0)})[0] is None
    assert read(rows | {"a": rows["a"]._replace(scale=NAN)})[0] is None


def test_without_a_week_no_time_is_known_to_be_the_same(rows: dict[str, Reported]) -> None:
    at = rows["a"].at._replace(week=NAN)
    unknown = {name: row._replace(at=at) for name, row in rows.items()}
    assert read(unknown) == (None, [])
