"""Tables of trials hold plain text: validate names every cell with a tag."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import evidence as ev
from evidence.base.folder import validate
from evidence.cli.app import app


def poison(raw: Path, table: str, column: str, cell: str) -> None:
    """Put a cell into the second row of a table, which is line 3 of its file."""
    rows = pd.read_csv(raw / f"{table}.csv", dtype=str, keep_default_na=False)
    rows.loc[1, column] = cell
    rows.to_csv(raw / f"{table}.csv", index=False, lineterminator="\n")


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("claims", "claim", "Needles help <img src=x onerror=alert(1)>"),
        ("studies", "population", "adults</td><script>alert(1)</script>"),
        ("studies", "citation", "Doe 2020 <!-- hidden"),
        ("conditions", "label", "<svg/onload=alert(1)>"),
    ],
)
def test_a_tag_is_named_with_its_place_and_the_rule(raw: Path, table: str, column: str, cell: str) -> None:
    poison(raw, table, column, cell)
    found = [problem for problem in validate(raw) if "HTML" in problem.rule]
    assert [(p.file, p.line, p.column, p.value) for p in found] == [(f"{table}.csv", 3, column, cell)]


@pytest.mark.parametrize("cell", ["p<0.05 in men", "pain < 3 of 10", "scores 3 <= 4, > 2", "a -> b"])
def test_a_comparison_is_no_tag(raw: Path, cell: str) -> None:
    poison(raw, "studies", "population", cell)
    assert validate(raw) == []


def test_a_long_cell_is_shown_by_its_beginning(raw: Path) -> None:
    poison(raw, "claims", "claim", f"{'x' * 1000}<b>")
    (found,) = (problem for problem in validate(raw) if "HTML" in problem.rule)
    assert len(found.value) == 81 and found.value.endswith("…")


def test_the_command_refuses_it(raw: Path) -> None:
    poison(raw, "claims", "claim", "Needles <b>help</b>")
    result = CliRunner().invoke(app, ["validate", str(raw)])
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert "claims.csv" in told and "claim" in told and "no HTML tag" in told


def test_it_is_still_shown_as_text_where_it_is_loaded(raw: Path) -> None:
    poison(raw, "claims", "claim", "Needles <b>help</b>")
    assert "Needles <b>help</b>" in ev.load(raw).claims["claim"].tolist()


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+SUM(A1)", "-cmd|' /C calc'!A0", "=HYPERLINK(1)", "-2+3+A1!B2"])
def test_a_formula_is_named_with_its_place_and_the_rule(raw: Path, cell: str) -> None:
    poison(raw, "studies", "population", cell)
    (found,) = validate(raw)
    assert (found.file, found.line, found.column, found.value) == ("studies.csv", 3, "population", cell)
    assert "formula" in found.rule


@pytest.mark.parametrize("cell", ["-2.80 to -0.95 (as printed)", "+3 of 10", "a = b", "mail@example.org", "- none"])
def test_numbers_and_sentences_are_no_formula(raw: Path, cell: str) -> None:
    poison(raw, "studies", "population", cell)
    assert validate(raw) == []
