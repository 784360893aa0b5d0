"""Numbers that cannot be are refused, with their place; numbers that are only large are not."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidence as ev
from evidence.base.limits import _MOST

from .test_rules import rewrite

SCORE = "brinkhaus-2006-20"  # a mean at the end of treatment on a scale from 0 to 100


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"sd": "99999"}, "sd", "no trial has that"),
        ({"sd": "80"}, "sd", "both ends of the scale"),
        ({"sd": "101", "statistic": "change"}, "sd", "both ends of the scale"),
        ({"n": "99999"}, "n", "no trial has that"),
        ({"n": "999"}, "n", "number randomised"),
        ({"week": "99999"}, "week", "no trial has that"),
        ({"mean": "-5000"}, "mean", "must lie on the scale"),
        ({"mean": "-5000", "statistic": "change"}, "mean", "larger change than the scale allows"),
        ({"mean": "-5000", "scale_min": "", "scale_max": ""}, "mean", "the scale of its instrument"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(raw: Path, cells: dict[str, str], column: str, rule: str) -> None:
    results = (raw / "results.csv").read_text(encoding="utf-8").split("\n")
    line = next(at for at, row in enumerate(results, 1) if row.startswith(f"{SCORE},"))
    given = {"instrument_id": "vas_pain"} if "instrument" in rule else {}
    rewrite(raw / "results.csv", SCORE, **cells, **given)
    found = [problem for problem in ev.validate(raw) if rule in problem.rule]
    value = f"{float(cells[column]):g}"
    assert [(p.file, p.line, p.column, f"{float(p.value):g}") for p in found] == [("results.csv", line, column, value)]


def test_changes_have_twice_the_room_of_scores(raw: Path) -> None:
    rewrite(raw / "results.csv", SCORE, statistic="change", sd="99")
    assert not [problem for problem in ev.validate(raw) if problem.column == "sd"]


@pytest.mark.parametrize(("table", "column"), [("arms", "sessions"), ("arms", "weeks"), ("studies", "n_centres")])
def test_no_trial_has_99999(raw: Path, table: str, column: str) -> None:
    import pandas as pd

    rows = pd.read_csv(raw / f"{table}.csv", dtype=str, keep_default_na=False)
    rows.loc[0, column] = "99999"
    rows.to_csv(raw / f"{table}.csv", index=False)
    (found,) = (problem for problem in ev.validate(raw) if "no trial has that" in problem.rule)
    assert (found.file, found.line, found.column, found.value) == (f"{table}.csv", 2, column, "99999")


def test_limits_leave_room_above_the_data() -> None:
    """The next trial is larger than all before it, and still a trial."""
    db = ev.load()
    for table, limits in _MOST.items():
        for column, most in limits.items():
            largest = getattr(db, table)[column].abs().max()
            assert 4 * largest < most < 1e3 * largest, (table, column, largest)
