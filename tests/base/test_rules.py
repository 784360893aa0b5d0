"""Rules between columns and tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.base.columns import _first_of_its_kind
from evidence.base.rules import _duplicate_results, _sizes_of_results
from evidence.report.project import Project


def rewrite(path: Path, row: str, **cells: str) -> None:
    """Change cells of the one row of a CSV that equals ``row`` in its first column."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    at = frame.index[frame.iloc[:, 0] == row]
    assert len(at) == 1
    for name, value in cells.items():
        frame.loc[at, name] = value
    frame.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("result", "cells", "column", "rule"),
    [
        ("anon-clbp-2024-01", {"events": "49"}, "events", "must not be above n"),
        ("anon-clbp-2024-01", {"percent": "95"}, "percent", "does not agree with events / n"),
        ("anon-clbp-2024-01", {"events": "", "percent": ""}, "events", "needs events or a percentage"),
        ("anon-clbp-2024-01", {"n": "480"}, "n", "must not be above the number randomised"),
        ("anon-clbp-2024-01", {"versus": "ctrl"}, "versus", "only a pair of arms has a versus"),
        ("brinkhaus-2006-04", {"versus": ""}, "versus", "needs the arm"),
        ("brinkhaus-2006-04", {"versus": "acu"}, "versus", "must differ from arm"),
        ("brinkhaus-2006-04", {"statistic": "final"}, "statistic", "when kind is contrast"),
        ("brinkhaus-2006-04", {"sign": ""}, "sign", "must say how the number is printed"),
        ("brinkhaus-2006-04", {"estimate": "51"}, "ci_low", "must hold its estimate"),
        ("brinkhaus-2006-04", {"p_relation": ""}, "p_relation", "a p value needs"),
        ("brinkhaus-2006-20", {"mean": "138.4"}, "mean", "must lie on the scale"),
        ("brinkhaus-2006-20", {"scale_min": ""}, "scale_min", "both ends"),
        ("brinkhaus-2006-20", {"week": "-1"}, "week", "must be at least 0"),
        ("tam-2007-08", {"q1": "14"}, "q1", "must not be above median"),
        ("brinkhaus-2006-20", {"result_id": "brinkhaus-2006-21"}, "result_id", "must not stand twice"),
    ],
)
def test_a_broken_rule_is_found_where_it_is_broken(
    raw: Path, result: str, cells: dict[str, str], column: str, rule: str
) -> None:
    rewrite(raw / "results.csv", result, **cells)
    found = [p for p in ev.validate(raw) if p.file == "results.csv" and p.column == column and rule in p.rule]
    assert len(found) == 1, ev.validate(raw)


@pytest.mark.parametrize(
    ("table", "cells", "column", "rule"),
    [
        ("blinding", {"comparator": "exercise", "participants_blinded": "yes"}, "participants_blinded", "people know"),
        (
            "blinding",
            {"participants_blinded": "", "assessors_blinded": ""},
            "participants_blinded",
            "not be empty where",
        ),
        ("symptom_duration", {"arm": "nobody"}, "arm", "must be an arm of this trial"),
        ("symptom_duration", {"value": "3", "unit": ""}, "unit", "a value needs its unit"),
        ("hierarchy", {"measured": "pain", "outcome": "pain", "stands_in": "yes"}, "stands_in", "stand in for itself"),
        ("instruments", {"scale_min": "10", "scale_max": "10"}, "scale_min", "must be below scale_max"),
        ("published_reviews", {"ci_low": "3", "ci_high": "2"}, "ci_low", "must be below ci_high"),
        ("comparisons", {"arm": "a", "versus": "a"}, "versus", "must differ from arm"),
    ],
)
def test_a_broken_rule_of_another_table_is_found_in_its_line(
    raw: Path, table: str, cells: dict[str, str], column: str, rule: str
) -> None:
    path = raw / f"{table}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert not [problem for problem in ev.validate(raw) if rule in problem.rule]
    for name, value in cells.items():
        rows.loc[0, name] = value
    rows.to_csv(path, index=False)
    found = [problem for problem in ev.validate(raw) if rule in problem.rule]
    assert [(one.file, one.line, one.column) for one in found] == [(path.name, 2, column)]


def test_a_rank_that_stands_twice_is_found(raw: Path) -> None:
    path = raw / "hierarchy.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    both = rows.index[(rows["rank"] != "") & rows.duplicated(["condition", "outcome"], keep=False)][:2]
    rows.loc[both[1], ["condition", "outcome", "rank"]] = rows.loc[both[0], ["condition", "outcome", "rank"]]
    rows.to_csv(path, index=False)
    (found,) = (problem for problem in ev.validate(raw) if "stands twice for this" in problem.rule)
    assert (found.file, found.column, found.line) == (path.name, "rank", both[1] + 2)


def test_a_row_that_repeats_another_is_found(raw: Path) -> None:
    path = raw / "results.csv"
    text = path.read_text(encoding="utf-8")
    row = next(line for line in text.split("\n") if line.startswith("brinkhaus-2006-01,"))
    path.write_text(text + row.replace("brinkhaus-2006-01", "brinkhaus-2006-99") + "\n", encoding="utf-8")
    (problem,) = ev.validate(raw)
    assert problem.value == "brinkhaus-2006-99" and "repeats an earlier row" in problem.rule


def test_a_key_with_a_number_that_stands_twice_is_shown(raw: Path) -> None:
    path = raw / "published_grades.csv"
    grades = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.concat([grades, grades[:1]]).to_csv(path, index=False)
    found = next(problem for problem in ev.validate(raw) if problem.rule == "key stands twice")
    words = [str(grades[name][0]) for name in ("review", "condition", "comparator", "outcome", "window")]
    estimate = grades["estimate"][0]
    assert found.value == " / ".join([*words, estimate and f"{float(estimate):g}"])


def test_arms_larger_than_their_trial_are_found_but_not_in_a_crossover(raw: Path, db: ev.EvidenceBase) -> None:
    rewrite(raw / "studies.csv", "haake-2007", n_randomised="1161")  # 387 + 387 + 388 = 1162
    (problem,) = ev.validate(raw)
    assert problem.column == "n_randomised" and "sum of the arms" in problem.rule
    crossover = db.studies[db.studies["design"] == "crossover"].set_index("study_id")["n_randomised"]
    sums = db.arms.groupby("study_id")["n_randomised"].sum().reindex(crossover.index)
    assert (sums > crossover).any()


def test_a_pair_without_comparator_needs_a_reason(raw: Path) -> None:
    path = raw / "comparisons.csv"
    text = path.read_text(encoding="utf-8")
    old = "brinkhaus-2006,acu,sham,sham,yes,yes"
    path.write_text(text.replace(old, "brinkhaus-2006,acu,sham,,yes,yes", 1), encoding="utf-8")
    (problem,) = ev.validate(raw)
    assert problem.column == "comparator"


def test_the_bundled_data_keep_every_rule(db: ev.EvidenceBase) -> None:
    assert ev.validate(db.root) == []
    for name in ("studies", "results"):  # and every row of the files is there
        text = (db.root / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(getattr(db, name)) == len(text) - 1 > 100


def test_people_of_a_contrast_are_no_more_than_both_arms_have() -> None:
    arms = pd.DataFrame({"study_id": "a", "arm": ["acu", "sham"], "n_randomised": [30.0, 20.0]})
    told = [("acu", "", 30.0), ("acu", "", 31.0), ("acu", "sham", 50.0), ("acu", "sham", 51.0), ("acu", "other", 99.0)]
    results = pd.DataFrame(told, columns=["arm", "versus", "n"]).assign(study_id="a")
    studies = pd.DataFrame({"study_id": ["a"], "n_randomised": [98.0]})
    for known, beyond in ((None, [False, True, False, True, False]), (studies, [False, True, False, True, True])):
        (found,) = _sizes_of_results(results, arms, known)
        assert found.rows.tolist() == beyond


def test_a_row_told_by_two_sources_is_one_row() -> None:
    first = {"result_id": "1", "arm": "acu", "mean": 2.0, "sd": float("nan"), "source_url": "x", "source_kind": "paper"}
    other = {"result_id": "2", "source_url": "y", "source_kind": "registry"}
    (found,) = _duplicate_results(pd.DataFrame([first, first | other, first | other | {"mean": 3.0}]))
    assert found.rows.tolist() == [False, True, False]


def test_only_empty_cells_stand_twice_where_each_is_unique() -> None:
    assert _first_of_its_kind(np.array(["", "", "a", "a"], object)).tolist() == [True, True, True, False]


@pytest.mark.parametrize("table", ["studies", "arms", "results", "symptom_duration", "outcomes"])
def test_a_table_that_cannot_be_read_is_named_and_rules_across_it_wait(few: Project, table: str) -> None:
    (few.raw / f"{table}.csv").write_text("nonsense\n1\n", encoding="utf-8")
    problems = ev.validate(few.raw)
    assert {problem.file for problem in problems} == {f"{table}.csv"}
    assert {problem.rule for problem in problems} >= {"column is missing"}
