"""Files that are not what they should be: an error that names the place, or drafts; never anything else."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidence as ev
from evidence.exchange.readers import read_drafts
from evidence.exchange.words import Words

HERE = Path(__file__).parent
RECORD = json.loads((HERE / "invented-NCT00000000.json").read_text())
WRONG: tuple[Any, ...] = (None, True, 7, -1.5, "text", "", "NaN", [], [[]], [None], {}, {"id": []}, "\ud800", "9" * 400)


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(below, *path, key)


def outcome(text: str, path: Path, words: Words) -> str:
    """What reading gives: "drafts", or the error's message; every draft can be written and listed."""
    path.write_text(text)
    try:
        drafts = read_drafts(path, words)
    except ev.EvidenceError as error:
        assert path.name in str(error)
        return str(error)
    for draft in drafts:
        assert draft.study
        for rows in draft.forms().values():
            assert all(isinstance(cell, str) and cell.encode() for row in rows for cell in row.values())
        "\n".join([*draft.missing(), *draft.unplaced]).encode()
    return "drafts"


def test_no_place_of_a_record_breaks_the_reader(words: Words, tmp_path: Path) -> None:
    found = set()
    chance = random.Random(1)
    for place in places(RECORD):
        for wrong in (..., *chance.sample(WRONG, 4)):
            spoilt = copy.deepcopy(RECORD)
            inner = spoilt
            for step in place[:-1]:
                inner = inner[step]
            if wrong is ...:
                del inner[place[-1]]
            else:
                inner[place[-1]] = wrong
            found.add(outcome(json.dumps(spoilt), tmp_path / "a.json", words))
    assert "drafts" in found and len(found) > 100


def test_a_problem_names_the_path(words: Words, tmp_path: Path) -> None:
    spoilt = copy.deepcopy(RECORD)
    measures = spoilt["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    measures[0]["classes"][0]["categories"][0]["measurements"][0]["value"] = "seven"
    measures[1]["groups"] = "two"
    del spoilt["protocolSection"]["identificationModule"]["nctId"]
    (tmp_path / "a.json").write_text(json.dumps({"studies": [spoilt]}))
    with pytest.raises(ev.InvalidData) as caught:
        read_drafts(tmp_path / "a.json", words)
    told = {problem.column: (problem.value, problem.rule) for problem in caught.value.problems}
    at = "studies[0].resultsSection.outcomeMeasuresModule.outcomeMeasures"
    assert told[f"{at}[0].classes[0].categories[0].measurements[0].value"][0] == "seven"
    assert told[f"{at}[1].groups"] == ('"two"', "must be a list")
    assert told["studies[0].protocolSection.identificationModule.nctId"] == ("", "must not be empty")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a well-formed JSON file"),
        ("{", "a.json, line 1"),
        ("[]", "is no record of ClinicalTrials.gov"),
        ('{"a": 1}', "protocolSection is missing"),
        ('{"studies": []}', "holds no trial"),
        ('{"studies": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_what_is_no_record_is_refused(words: Words, tmp_path: Path, text: str, message: str) -> None:
    assert message in outcome(text, tmp_path / "a.json", words)


@pytest.mark.parametrize("name", ["invented-data-rows.csv", "invented-study-results.csv", "invented-metapsy.csv"])
def test_no_cell_of_a_table_breaks_the_reader(name: str, words: Words, tmp_path: Path) -> None:
    text = (HERE / name).read_text()
    mark = ";" if "metapsy" in name else ","
    lines = [line.split(mark) for line in text.splitlines()]
    found = set()
    for row, cells in enumerate(lines):
        for column in range(len(cells)):
            for wrong in ("", "x", "1e999", "-3", "NA", '"', "=1+1", "针", "a" * 6000):
                spoilt = copy.deepcopy(lines)
                spoilt[row][column] = wrong
                found.add(outcome("\n".join(map(mark.join, spoilt)), tmp_path / name, words))
    assert "drafts" in found and len(found) > 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Study,Analysis name,Experimental mean\nA 2001,Pain,five\n", "line 2, column Experimental mean: 'five'"),
        ("Study,Analysis name\nA 2001,Pain\nA-2001,Pain\n", "line 3, column Study: 'A-2001': makes the same key"),
        ("Study,Analysis name\n针灸,Pain\n", "has no letter or digit that makes a key"),
        ("Study,Analysis name\n", "holds no trial"),
        ("a,b\n1,2\n", "it needs those of one format"),
        ("Study,Analysis name,Study\nA,b,c\n", "column stands twice"),
    ],
)
def test_a_problem_names_the_line(words: Words, tmp_path: Path, text: str, message: str) -> None:
    assert message in outcome(text, tmp_path / "a.csv", words)


def test_a_file_too_large_is_refused(words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.exchange.readers._LARGEST", 10)
    assert "has more than" in outcome("{" + " " * 20 + "}", tmp_path / "a.json", words)
