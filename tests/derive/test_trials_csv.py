"""One's own trials from a CSV, as people save them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import evidence as ev


@pytest.fixture
def csv(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(text.encode())
        return path

    return write


def test_means_become_hedges_g(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("study,m1,sd1,n1,m2,sd2,n2,country\nA,3.1,2,40,2,2.5,42,KR\n"), "SMD")
    wanted = ev.effect_size("SMD", m1=3.1, sd1=2, n1=40, m2=2, sd2=2.5, n2=42)
    assert read.loc[0, ["label", "country"]].tolist() == ["A", "KR"]
    assert read[["yi", "vi"]].to_numpy().tolist() == wanted.to_numpy().tolist()


def test_a_spreadsheet_from_a_country_of_commas(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("\ufefftrial;yi;sei\r\n Ärzte 2001 ;−0,5;0,2\r\nB;0,1;n/a\r\n"))
    assert read["label"].tolist() == ["Ärzte 2001"]
    assert read["yi"][0] == -0.5 and read["vi"][0] == pytest.approx(0.04)
    (problem,) = read.attrs["incomplete"]
    assert (problem.line, problem.column) == (3, "sei")


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("study,yi,vi\nA,0.1,-2\n", "", "mine.csv, line 2, column vi: '-2': must be above 0"),
        ('study,yi,vi\nA,"0,1",2\n', "", "line 2, column yi: '0,1': decimal comma"),
        ("study,yi,vi\nA,12%,2\n", "", "line 2, column yi: '12%': must be a number without a percent sign"),
        ("study,yi,vi\nA,1,2\nB,2,2\nA,1,2\n", "", "line 4: is the same as line 2"),
        ("study,ai,n1,ci,n2\nA,1,20,3,20\nB,45,40,2,40\n", "OR", "line 3: ai = 45.0: must not exceed n1"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,-2,9\n", "SMD", "line 2, column sd2: '-2': must be above 0"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,-1,2,9\n", "ROM", "line 2: ROM needs"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(csv, text: str, measure: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ev.InvalidData) as error:
        ev.read_trials(csv(text), measure)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,2,9\n", "", "choose a measure among MD, SMD"),
        ("study,m1,sd1,n1,m2,sd2,n2\nA,3,2,9,1,2,9\n", "OR", "OR needs ai, bi, ci, di"),
        ("study,effect\nA,3\n", "", "needs yi with vi or sei"),
        ("study,yi,vi\nA,,2\n", "", "no row has all of yi, vi"),
    ],
)
def test_columns_that_give_no_effect(csv, text: str, measure: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ev.InvalidInput, match=words):
        ev.read_trials(csv(text), measure)


def test_totals_stand_for_those_without_an_event(csv) -> None:  # type: ignore[no-untyped-def]
    read = ev.read_trials(csv("study,ai,n1,ci,n2\nA,5,20,9,20\n"), "RR")
    assert read["yi"][0] == pytest.approx(np.log(5 / 9))
