"""Words of one table that must stand in another: foreign keys, and the lists of keys in claims.csv."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.base.columns import column_rules
from evidence.base.keys import did_you_mean
from evidence.base.package import fields, resources
from evidence.base.reading import read_text, typed
from evidence.base.schema import column_problems
from evidence.report.project import Project

CLAIM = "mech-proinflammatory"


@pytest.fixture
def raw(few: Project) -> Path:
    """Every vocabulary and claim, and the rows of a few trials."""
    return few.raw


def change(path: Path, row: str, **cells: str) -> int:
    """Change cells of the row whose first cell is ``row``; the line it stands on."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    (at,) = frame.index[frame.iloc[:, 0] == row]
    frame.loc[at, list(cells)] = list(cells.values())
    frame.to_csv(path, index=False)
    return int(at) + 2


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"outcome": "pian"}, "outcome", "is not in outcomes.csv; did you mean pain?"),
        ({"outcome": "tnf_alpha|il_6|crpp"}, "outcome", "'crpp' is not in outcomes.csv; did you mean crp?"),
        ({"outcome": "il_6|il_6"}, "outcome", "'il_6' stands twice"),
        ({"outcome": "il_6|any_marker"}, "outcome", "any_marker stands alone"),
        ({"outcome": "il_6|"}, "outcome", "'' is not in outcomes.csv"),
        ({"outcome": ""}, "outcome", "must not be empty"),
        ({"outcome": "any_marker", "mechanism": ""}, "mechanism", "any_marker needs the mechanism"),
        ({"condition": "artritis"}, "condition", "is not in conditions.csv; did you mean arthritis?"),
        ({"condition": "each|arthritis"}, "condition", "each stands alone"),
        ({"comparator": "shame"}, "comparator", "did you mean sham?"),
        ({"time": "short|now"}, "time", "'now' is not one of immediate, short, intermediate, long, unstated"),
        ({"mechanism": "inflamation"}, "mechanism", "did you mean inflammation?"),
        ({"theme": "maintenance"}, "theme", "must be one of: overall, initial phase, maintenance phase"),
        ({"kind": "effficacy"}, "kind", "did you mean efficacy?"),
        ({"expects": "better"}, "expects", "must be one of: benefit, "),
        ({"moderator": "weeks"}, "moderator", "did you mean week?"),
        ({"kind": "dose"}, "moderator", "a claim about dose needs what it depends on"),
        ({"expects": "more_is_better"}, "moderator", "must be sessions_per_week where expects is more_is_better"),
        ({"expects": "benefit_persists"}, "moderator", "must be week where"),
        ({"moderator": "week"}, "moderator", "must be empty where expects compares trials by nothing"),
        (
            {"expects": "larger_than_other_conditions", "moderator": "condition", "condition": "any"},
            "condition",
            "must name the conditions that differ",
        ),
        ({"phase": "maintenence"}, "phase", "must be one of: maintenance"),
        ({"phase": "maintenance", "kind": "mechanism"}, "phase", "must be empty where the kind is mechanism"),
        ({"claim_id": "mech-gate"}, "claim_id", "must not stand twice"),
    ],
)
def test_a_claim_that_asks_for_nothing_known_is_refused(
    raw: Path, cells: dict[str, str], column: str, rule: str
) -> None:
    line = change(raw / "claims.csv", CLAIM, **cells)
    found = [problem for problem in ev.validate(raw) if problem.column == column]
    assert len(found) == 1 and found[0].file == "claims.csv" and rule in found[0].rule, ev.validate(raw)
    assert found[0].line == line or column == "claim_id"  # of two equal keys the later one is named
    assert found[0].value == cells.get(column, "")
    with pytest.raises(ev.InvalidData):
        ev.load(raw)


@pytest.mark.parametrize(
    "cells",
    [
        {"outcome": "il_6|pain"},
        {"outcome": "any_marker"},
        {"condition": "arthritis|other"},
        {"condition": "each"},
        {"comparator": "sham|drug"},
        {"time": "short|long"},
    ],
)
def test_lists_of_known_keys_pass(raw: Path, cells: dict[str, str]) -> None:
    change(raw / "claims.csv", CLAIM, **cells)
    assert ev.validate(raw) == []


def test_a_new_word_of_a_vocabulary_may_be_claimed_at_once(raw: Path) -> None:
    with (raw / "outcomes.csv").open("a", encoding="utf-8") as file:
        width = len(fields("outcomes"))
        file.write(",".join(["sleep", "Sleep", "clinical"] + [""] * (width - 3)) + "\n")
    change(raw / "claims.csv", CLAIM, outcome="sleep")
    assert not [problem for problem in ev.validate(raw) if problem.file == "claims.csv"]


def test_a_certainty_judged_anew_must_be_of_something_known(raw: Path) -> None:
    cells = {
        "condition": "artritis",
        "comparator": "sham",
        "outcome": "any",
        "time": "short",
        "domain": "imprecision",
        "levels": "-1",
        "reason": "judged by hand",
    }
    pd.DataFrame([cells]).to_csv(raw / "certainty_overrides.csv", index=False)
    (problem,) = ev.validate(raw)
    assert (problem.column, problem.value) == ("condition", "artritis")
    assert problem.rule == "is not in conditions.csv; did you mean arthritis?"


def test_a_foreign_key_names_the_nearest(raw: Path, db_of_few: ev.EvidenceBase) -> None:
    row = db_of_few.results[db_of_few.results["arm"] != ""].iloc[0]
    change(raw / "results.csv", row["result_id"], arm=row["arm"] + "x")
    (problem,) = ev.validate(raw)
    assert problem.rule == f"is not in arms.csv for this trial; did you mean {row['arm']}?"


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert did_you_mean("qqq", ["pain", "disability"]) == ""


def test_every_list_of_keys_in_the_codebook_names_a_column_that_is_there() -> None:
    lists = {(table, field["name"]): field for table in resources() for field in fields(table) if "items" in field}
    assert {("claims", "outcome"), ("certainty_overrides", "outcome")} <= lists.keys()
    assert all("items" in field for table in resources() for field in fields(table) if field["type"] == "list")
    for (table, name), field in lists.items():
        items = field["items"]
        assert field["type"] == "string" or field["delimiter"], (table, name)
        assert items.get("enum") or items["resource"] in resources(), (table, name)
        if "resource" in items:
            assert items["field"] in {one["name"] for one in fields(items["resource"])}


def test_what_pandera_lists_is_what_the_rules_find(raw: Path) -> None:
    frame = pd.read_csv(raw / "arms.csv", dtype=str, keep_default_na=False)
    frame.loc[:4, "role"] = "needles"
    frame.loc[2:3, "sessions"] = "-1"
    frame.loc[5, "label"] = ""
    frame.to_csv(raw / "arms.csv", index=False)
    text, _ = read_text(raw / "arms.csv", "arms")
    assert text is not None
    found, _ = typed(text, "arms")
    broken = sorted(
        (text.lines[row], name)
        for name, rules in column_rules("arms").items()
        for rule in rules
        for row in np.flatnonzero(~rule.holds(found[name].to_numpy()))
    )
    assert len(broken) == 5 + 2 + 1
    listed = column_problems(found, "arms", "arms.csv", text.lines)
    assert sorted((problem.line, problem.column) for problem in listed) == broken
