"""The forms of a new trial held against the rules, what the trial would change, and its way into the data."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import evidence as ev
from evidence.cli import app, main
from evidence.errors import Problem
from evidence.report.new_trial import FORMS, add_trial, check_trial, preview, write_forms
from evidence.report.new_trial.filled import read_forms
from evidence.report.project import Project

KEY = "example-2025"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_check_names_every_problem_and_writes_nothing(few: Project, forms: Any) -> None:
    def wrong(table: str, row: dict[str, str]) -> None:
        if table == "results":
            row.update(outcome="pian", sd="-20")
        if table == "studies":
            row.update(condition="")

    folder = forms.fill_in(wrong)
    before, filled = contents(few.raw), contents(folder)
    checked = check_trial(few, KEY)
    first = len(forms.lines("results")) - 1  # the row before the last
    place = f"new-trials/{KEY}/results.csv"
    assert Problem(place, first, "outcome", "pian", "is not in outcomes.csv; did you mean pain?") in checked.problems
    assert Problem(place, first, "sd", "-20.0", "must be above 0") in checked.problems
    assert [p.column for p in checked.problems if p.file.endswith("studies.csv")] == ["condition"]
    with pytest.raises(ev.InvalidData) as refused:
        add_trial(few, KEY)
    assert refused.value.problems == checked.problems
    assert contents(few.raw) == before and contents(folder) == filled


def test_what_is_still_empty_among_what_matters(few: Project, forms: Any) -> None:
    def thin(table: str, row: dict[str, str]) -> None:
        if table == "results" and row["arm"] == "acu":
            row.update(sd="", week="", when="")
        if table == "studies":
            row.update(first_author="")

    folder = forms.fill_in(thin)
    (folder / "comparisons.csv").unlink()
    found = {(Path(gap.file).name, gap.column): gap.rule for gap in check_trial(few, KEY).gaps}
    assert found == {
        ("studies.csv", "first_author"): "still empty",
        ("comparisons.csv", ""): "no row yet",
        ("results.csv", "sd, se, ci_low, q1"): "no sd, se or ci: by itself this row gives no effect",
        ("results.csv", "week, when"): "no week and no moment: its time is not stated",
    }


def test_the_preview_is_what_the_grown_data_give(few: Project, forms: Any) -> None:
    forms.fill_in()
    header, *lines = forms.lines("results")
    silent = dict(zip(header, lines[-1], strict=True)) | {"result_id": "", "outcome": "disability", "sd": ""}
    forms.save("results", [header, *lines, [silent[name] for name in header]])
    before = contents(few.raw)
    old = ev.Results(ev.load(few.raw))
    seen = preview(few, check_trial(few, KEY))
    assert contents(few.raw) == before

    add_trial(few, KEY)
    grown = ev.Results(ev.load(few.raw))
    mine = grown.effects[grown.effects["study"] == KEY]
    keys = ["measure", "condition", "comparator", "outcome", "time"]
    together = seen.effects.merge(mine, on=keys, validate="one_to_one")
    assert len(together) == len(mine) == len(seen.effects) > 0
    assert together["estimate"].tolist() == pytest.approx(together["yi"].tolist())
    assert together["n"].tolist() == (together["n_acupuncture"] + together["n_comparator"]).tolist()
    half = 1.959963985 * together["vi"] ** 0.5
    assert together["ci_high"].tolist() == pytest.approx((together["yi"] + half).tolist())
    g = seen.effects.set_index("measure").loc["SMD"]
    printed = seen.effects.set_index("measure").loc["MD100"]
    assert g["points"] == pytest.approx(printed["estimate"]), "in the points that the trial prints"

    for when, results in {"_before": old, "_after": grown}.items():
        pools = seen.pools.merge(results.pooled, on=keys, validate="one_to_one")
        known = seen.pools[f"k{when}"] > 0
        assert len(pools) == known.sum() > 0
        for name in ("estimate", "ci_low", "ci_high", "k", "n"):
            assert seen.pools.loc[known, name + when].tolist() == pytest.approx(pools[name].tolist())
    assert (seen.pools["k_after"] == seen.pools["k_before"] + 1).all()

    mute = grown.excluded.query("study == @KEY")
    assert set(seen.silent["item"]) == set(mute["item"]) == {f"{KEY}-03"}
    text = "\n".join(seen.lines())
    assert f"{KEY}-03 (MD100, SMD): no SD, SE or interval" in text
    assert "pain, against sham, short: g 0.57 [0.12, 1.02]" in text and "arm means" in text
    assert "pain, against sham, short: 12.0 points of 100 [2.7, 21.3]; 79 people" in text
    k = int(seen.pools.set_index("measure").loc["SMD", "k_before"])
    assert f"(k = {k}, n = " in text and f"(k = {k + 1}, n = " in text


def test_a_trial_without_results_is_previewed_too(few: Project, forms: Any) -> None:
    forms.fill_in()
    for table in ("arms", "comparisons", "results"):
        (few.root / "new-trials" / KEY / f"{table}.csv").unlink()
    seen = preview(few, check_trial(few, KEY))
    assert seen.effects.empty and seen.pools.empty
    assert list(seen.lines())[-1] == f"  {KEY} (all): no result could be read"


def test_rows_follow_the_columns_of_the_table_they_enter(few: Project, forms: Any) -> None:
    arms = pd.read_csv(few.raw / "arms.csv", dtype=str, keep_default_na=False)
    arms[arms.columns[::-1]].to_csv(few.raw / "arms.csv", sep=";", index=False)
    forms.fill_in()
    add_trial(few, KEY)
    mine = ev.load(few.raw).arms.query("study_id == @KEY")
    assert mine["label"].tolist() == ["acupuncture", "sham needles"]


def test_a_table_that_is_not_there_yet_is_made(few: Project, forms: Any) -> None:
    (few.raw / "risk_of_bias.csv").unlink()
    forms.fill_in()
    header, *lines = forms.lines("risk_of_bias")
    judged = {"domain": "blinding", "judgement": "Low", "assessed_by": "Jones"}
    forms.save("risk_of_bias", [header, *lines[:-1], [judged.get(name, "") for name in header]])
    assert add_trial(few, KEY)["risk_of_bias"] == 1
    assert ev.load(few.raw).risk_of_bias["study_id"].tolist() == [KEY]


def command(project: Project, *words: str) -> tuple[int, str]:
    """The command in this process; its error, if it ends in one, becomes its last words."""
    done = CliRunner().invoke(app, ["new-trial", KEY, *words, "--project", str(project.root)])
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def test_without_openpyxl_there_are_csv_files_alone(few: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    write_forms(few, KEY)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ev.MissingExtra, match=r"acupuncture-evidence\[excel\]"):
        read_forms(few, KEY)
    shutil.rmtree(few.root / "new-trials")
    code, output = command(few)
    assert code == 0 and 'pip install "acupuncture-evidence[excel]"' in output
    assert {path.name for path in (few.root / "new-trials" / KEY).iterdir()} == {f"{table}.csv" for table in FORMS}


def test_check_shows_and_add_adds(few: Project, forms: Any) -> None:
    forms.fill_in()
    before = contents(few.raw)
    code, checked = command(few, "--check")
    assert code == 0 and "nothing was written" in checked and "g 0.57 [0.12, 1.02]" in checked
    code, both = command(few, "--check", "--add", "--yes")
    assert both == checked and contents(few.raw) == before, "--check never writes"
    code, added = command(few, "--add")
    assert code == 0 and "g 0.57 [0.12, 1.02]" in added and "added to data/raw: studies 1, arms 2" in added
    assert contents(few.raw) != before
    code, again = command(few, "--add")
    assert code == 1 and "must not stand twice" in again


def said(terminal: int) -> str:
    """All that is written to a terminal until nobody holds it any more, which Linux calls an error."""
    parts = []
    with suppress(OSError):
        while part := os.read(terminal, 100_000):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_asks_before_it_adds(few: Project, forms: Any, answer: str) -> None:
    pty = pytest.importorskip("pty", reason="no terminals to open on this system")
    forms.fill_in()
    before = contents(few.raw)
    child, ours = pty.fork()
    if child == 0:  # a copy of this process, which has imported everything already
        try:
            sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
            sys.argv = ["evidence", "new-trial", KEY, "--add", "--project", str(few.root)]
            main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(end.code)
        finally:
            os._exit(70)
    os.write(ours, f"{answer}\n".encode())
    shown = said(ours)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(ours)
    assert "add it to data/raw? [y/N]" in shown and "g 0.57" in shown.split("add it")[0]
    assert (code == 0) == (contents(few.raw) != before) == ("added to data/raw" in shown) == (answer == "y")
