"""Forms of a new trial: written, filled in as people do, checked, and what the trial would change."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import evidence as ev
from evidence.base.package import fields, resources
from evidence.cli import app
from evidence.errors import Problem
from evidence.report.new_trial import FORMS, add_trial, check_trial, preview, write_forms
from evidence.report.new_trial.columns import columns
from evidence.report.new_trial.example import EXAMPLE
from evidence.report.new_trial.filled import read_forms
from evidence.report.project import Project

KEY = "example-2025"
Rows = dict[str, list[dict[str, str]]]


def lines_of(form: Path) -> list[list[str]]:
    with form.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def save(form: Path, lines: list[list[str]], separator: str = ",") -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(lines)
    form.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def filled_in(project: Project, change: Callable[[str, dict[str, str]], object] = lambda table, row: None) -> Path:
    """Fill the CSV forms with the worked example, each row changed as asked; gives their folder."""
    folder = write_forms(project, KEY)[0].parent
    for table, rows in EXAMPLE.items():
        header, *lines = lines_of(folder / f"{table}.csv")
        for row in map(dict, rows):
            change(table, row)
            lines.append([row.get(name, "") for name in header])
        save(folder / f"{table}.csv", [header, *lines])
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def said(rows: Rows) -> Rows:
    """Rows without their empty cells, tables without rows left out."""
    return {table: [{k: v for k, v in row.items() if v} for row in some] for table, some in rows.items() if some}


def test_the_forms_are_the_tables_that_refer_to_a_trial() -> None:
    refers = {
        name
        for name, resource in resources().items()
        for key in resource["schema"].get("foreignKeys", [])
        if key["reference"] == {"resource": "studies", "fields": ["study_id"]}
    }
    assert set(FORMS) == {"studies"} | refers and FORMS[: len(EXAMPLE)] == tuple(EXAMPLE)


def test_what_matters_comes_first_with_its_words_and_an_example(few: Project) -> None:
    forms = {path.stem: path for path in write_forms(few, KEY) if path.suffix == ".csv"}
    assert set(forms) == set(FORMS)
    for table, form in forms.items():
        header, *rest = lines_of(form)
        assert sorted(header) == sorted(field["name"] for field in fields(table))
        example = EXAMPLE.get(table, [])
        assert header[: len(example[0]) if example else 0] == (list(example[0]) if example else [])
        marks = [line[0] for line in rest]
        assert marks[:-1] == ["# meaning", "# allowed", *["# example"] * len(example)] and KEY in marks[-1]
        for line, row in zip(rest[2:-1], example, strict=True):
            assert line[1:] == [row.get(name, "") for name in header[1:]]
        assert not any(cell.startswith(("=", "+", "-", "@")) for line in rest for cell in line), "no formula"
    header, meaning, allowed, *_ = lines_of(forms["results"])
    outcome = dict(zip(header, allowed, strict=True))["outcome"]
    assert outcome.startswith("required") and all(word in outcome for word in ev.load(few.raw).outcomes["outcome"])
    assert dict(zip(header, meaning, strict=True))["sd"] == "Standard deviation."


def test_the_worked_example_is_the_walk_of_contributing() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for table, rows in EXAMPLE.items():
        block = text.split(f"`{table}.csv`: ", 1)[1].split("```csv\n", 1)[1].split("```", 1)[0]
        assert list(csv.DictReader(io.StringIO(block))) == rows


def test_an_untouched_form_is_empty(few: Project) -> None:
    write_forms(few, KEY)
    with pytest.raises(ev.InvalidInput, match="are empty"):
        check_trial(few, KEY)


def test_rows_known_already_stand_in_csv_and_workbook(few: Project) -> None:
    rows: Rows = {table: [dict(row) for row in some] for table, some in EXAMPLE.items()}
    for row in rows["results"]:
        del row["study_id"], row["result_id"]
    folder = write_forms(few, KEY, rows)[0].parent
    once = said(read_forms(few, KEY).rows)
    assert once == said(EXAMPLE)
    for form in folder.glob("*.csv"):
        form.unlink()
    assert said(read_forms(few, KEY).rows) == once, "the same from the workbook"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"armss": []}, "'armss' is no table; did you mean arms?"),
        ({"studies": [{"citaton": "Jones"}]}, "'citaton' is no column of studies; did you mean citation?"),
        ({"arms": [{"study_id": "witt-2006", "arm": "acu"}]}, "'witt-2006' is another trial than example-2025"),
        ({"studies": [{"notes": "a\x01b"}]}, "studies, notes: 'a\\x01b' is not text without control characters"),
        ({"studies": [{"year": 2025}]}, "studies, year: 2025 is not text"),
    ],
)
def test_rows_that_fit_no_form_are_refused(few: Project, rows: Rows, words: str) -> None:
    with pytest.raises(ev.InvalidInput) as refused:
        write_forms(few, KEY, rows)
    assert words in str(refused.value)
    assert not (few.root / "new-trials").exists()


def test_columns_may_stand_in_any_order(few: Project) -> None:
    folder = filled_in(few)
    for form in folder.glob("*.csv"):
        save(form, [line[::-1] for line in lines_of(form)])
    assert said(read_forms(few, KEY).rows) == said(EXAMPLE)


def test_a_spreadsheet_with_german_settings_may_save_it(few: Project) -> None:
    folder = filled_in(few, lambda table, row: row.update(mean=row["mean"] + ".5") if table == "results" else None)
    for form in folder.glob("*.csv"):
        lines = [[cell.replace(".5", ",5") if line[0][0] != "#" else cell for cell in line] for line in lines_of(form)]
        save(form, [*lines, [""] * len(lines[0])], ";")
    read = read_forms(few, KEY)
    assert not read.problems
    assert [row["mean"] for row in read.rows["results"]] == ["32.5", "44.5"]


def test_keys_left_empty_are_filled_in(few: Project) -> None:
    def keyless(table: str, row: dict[str, str]) -> None:
        row.update({"study_id": "", **({"result_id": ""} if table == "results" else {})})

    filled_in(few, keyless)
    assert said(read_forms(few, KEY).rows) == said(EXAMPLE)


def test_another_trial_is_refused(few: Project) -> None:
    folder = filled_in(few, lambda table, row: row.update(study_id="vas-2004") if table == "arms" else None)
    problems = read_forms(few, KEY).problems
    assert [(p.column, p.value, p.rule) for p in problems] == [
        ("study_id", "vas-2004", f"must be {KEY}, whose forms these are")
    ] * 2
    assert problems[0].file == f"new-trials/{KEY}/arms.csv"
    assert lines_of(folder / "arms.csv")[problems[0].line - 1][0] == "vas-2004"


def test_nothing_after_a_hash_is_lost_in_silence(few: Project) -> None:
    folder = filled_in(few, lambda table, row: row.update(note="# 3 of 4") if table == "results" else None)
    form = folder / "results.csv"
    form.write_text(form.read_text(encoding="utf-8-sig") + '# ask the author\n"# twice"\n', encoding="utf-8")
    read = read_forms(few, KEY)
    assert not read.problems, "a remark alone on its line"
    assert {row["note"] for row in read.rows["results"]} == {"# 3 of 4"}

    lines = lines_of(folder / "arms.csv")
    example = next(line for line in lines if line[0] == "# example")
    example[lines[0].index("label")] = "true acupuncture"
    save(folder / "arms.csv", lines)
    (problem,) = read_forms(few, KEY).problems
    assert problem.rule == "is not read, for it begins with #: remove that, or the other cells of the line"
    assert (problem.line, problem.value) == (lines.index(example) + 1, "# example")


def test_a_form_saved_as_something_else_is_named(few: Project) -> None:
    folder = filled_in(few)
    (folder / f"{KEY}.ods").write_bytes(b"")
    (folder / "the-paper.pdf").write_bytes(b"")
    (problem,) = read_forms(few, KEY).problems
    assert problem.file == f"new-trials/{KEY}/{KEY}.ods" and "is not read: the forms are arms.csv" in problem.rule


def test_check_names_every_problem_and_writes_nothing(few: Project) -> None:
    def wrong(table: str, row: dict[str, str]) -> None:
        if table == "results":
            row.update(outcome="pian", sd="-20")
        if table == "studies":
            row.update(condition="")

    folder = filled_in(few, wrong)
    before, forms = contents(few.raw), contents(folder)
    checked = check_trial(few, KEY)
    first = len(lines_of(folder / "results.csv")) - 1  # the row before the last
    place = f"new-trials/{KEY}/results.csv"
    assert Problem(place, first, "outcome", "pian", "is not in outcomes.csv; did you mean pain?") in checked.problems
    assert Problem(place, first, "sd", "-20.0", "must be above 0") in checked.problems
    assert [p.column for p in checked.problems if p.file.endswith("studies.csv")] == ["condition"]
    with pytest.raises(ev.InvalidData) as refused:
        add_trial(few, KEY)
    assert refused.value.problems == checked.problems
    assert contents(few.raw) == before and contents(folder) == forms


def test_what_is_still_empty_among_what_matters(few: Project) -> None:
    def thin(table: str, row: dict[str, str]) -> None:
        if table == "results" and row["arm"] == "acu":
            row.update(sd="", week="", when="")
        if table == "studies":
            row.update(first_author="")

    folder = filled_in(few, thin)
    (folder / "comparisons.csv").unlink()
    found = {(Path(gap.file).name, gap.column): gap.rule for gap in check_trial(few, KEY).gaps}
    assert found == {
        ("studies.csv", "first_author"): "still empty",
        ("comparisons.csv", ""): "no row yet",
        ("results.csv", "sd, se, ci_low, q1"): "no sd, se or ci: by itself this row gives no effect",
        ("results.csv", "week, when"): "no week and no moment: its time is not stated",
    }


def test_the_preview_is_what_the_grown_data_give(few: Project) -> None:
    def with_a_row_without_sd(table: str, row: dict[str, str]) -> None:
        if row.get("result_id") == f"{KEY}-02":
            row.update(p_value="0.02", p_relation="<")

    folder = filled_in(few, with_a_row_without_sd)
    header, *lines = lines_of(folder / "results.csv")
    silent = dict(zip(header, lines[-1], strict=True)) | {"result_id": "", "outcome": "disability", "sd": ""}
    save(folder / "results.csv", [header, *lines, [silent[name] for name in header]])
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
    assert g["points"] == pytest.approx(g["estimate"] * ev.typical_sd(grown.db).loc["pain", "sd"])

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
    k = int(seen.pools.set_index("measure").loc["SMD", "k_before"])
    assert f"(k = {k}, n = " in text and f"(k = {k + 1}, n = " in text


def test_a_trial_without_results_is_previewed_too(few: Project) -> None:
    filled_in(few)
    for table in ("arms", "comparisons", "results"):
        (few.root / "new-trials" / KEY / f"{table}.csv").unlink()
    seen = preview(few, check_trial(few, KEY))
    assert seen.effects.empty and seen.pools.empty
    assert list(seen.lines())[-1] == f"  {KEY} (all): no result could be read"


def test_rows_follow_the_columns_of_the_table_they_enter(few: Project) -> None:
    arms = pd.read_csv(few.raw / "arms.csv", dtype=str, keep_default_na=False)
    arms[arms.columns[::-1]].to_csv(few.raw / "arms.csv", sep=";", index=False)
    filled_in(few)
    add_trial(few, KEY)
    mine = ev.load(few.raw).arms.query("study_id == @KEY")
    assert mine["label"].tolist() == ["acupuncture", "sham needles"]


def test_a_table_that_is_not_there_yet_is_made(few: Project) -> None:
    (few.raw / "risk_of_bias.csv").unlink()
    folder = filled_in(few)
    header, *lines = lines_of(folder / "risk_of_bias.csv")
    judged = {"domain": "blinding", "judgement": "Low", "assessed_by": "Jones"}
    save(folder / "risk_of_bias.csv", [header, *lines[:-1], [judged.get(name, "") for name in header]])
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


def test_check_shows_and_add_adds(few: Project) -> None:
    filled_in(few)
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


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_asks_before_it_adds(few: Project, answer: str) -> None:
    pty = pytest.importorskip("pty", reason="no terminals to open on this system")
    filled_in(few)
    before = contents(few.raw)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    code = "from evidence.cli import main; main()"
    words = [sys.executable, "-c", code, "new-trial", KEY, "--add", "--project", str(few.root)]
    done = subprocess.run(words, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert "add it to data/raw? [y/N]" in shown and "g 0.57" in shown.split("add it")[0]
    assert (done.returncode == 0) == (contents(few.raw) != before) == ("added to data/raw" in shown) == (answer == "y")


def test_a_column_is_marked_by_what_the_codebook_says(few: Project) -> None:
    asked = {column.name: column for column in columns(few, "results")}
    assert asked["outcome"].required and asked["outcome"].matters and not asked["percent"].matters
    assert asked["arm"].of_arms and asked["versus"].of_arms and not asked["arm"].words
    assert asked["statistic"].words == tuple(
        next(field for field in fields("results") if field["name"] == "statistic")["constraints"]["enum"]
    )
