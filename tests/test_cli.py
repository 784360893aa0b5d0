"""The command as a user meets it: what it says and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.report.project import Project

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_apart(*words: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from evidence.cli import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=at, check=False)


COMMANDS = (
    *("build", "report", "figures", "reproduce", "validate", "new-trial", "import", "export"),
    *("claims", "explore", "pool", "handout", "post"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout


def test_a_data_error_exits_1_with_the_list_of_problems(run: Run, few: Project) -> None:
    raw = few.raw
    path = raw / "results.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",-28.7,30.3,", ",-28.7,-30.3,", 1), encoding="utf-8")
    for words in (("validate", str(raw)), ("build", "--project", str(raw.parents[1]))):
        done = run(*words)
        assert done.returncode == 1
        assert "results.csv, line " in done.stderr and "column sd: '-30.3': must be above 0" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (raw.parent / "processed").exists()


def test_good_data_exit_0(run: Run, raw: Path) -> None:
    assert run("validate", str(raw)).returncode == 0


def test_reproduce_shows_what_moved(run: Run, few: Project) -> None:
    project = few.root
    assert run("build", "--project", str(project)).returncode == 0
    assert run("reproduce", "--check", "--project", str(project)).returncode == 0
    pooled = few.processed / "pooled.csv"
    header, first, *rest = pooled.read_text().split("\n")
    cells = first.split(",")
    cells[header.split(",").index("estimate")] = "9.876"
    pooled.write_text("\n".join([header, ",".join(cells), *rest]))
    done = run("reproduce", "--check", "--project", str(project))
    assert done.returncode == 1 and "9.876" in done.stdout and "pooled.csv" in done.stdout
    assert "9.876" in pooled.read_text(), "a check writes nothing"


def test_a_wrong_call_exits_2(run: Run, tmp_path: Path) -> None:
    assert run("no-such-command").returncode == 2
    done = run("build", "--project", str(tmp_path))
    assert done.returncode == 2 and "has no data/raw" in done.stderr and "Traceback" not in done.stderr


def test_explore_opens_jupyterlab_and_passes_its_options_on(run: Run, few: Project) -> None:
    project = few.root
    done = run("explore", "--project", str(project))
    assert done.returncode == 2 and "explore.ipynb is missing" in done.stderr
    (project / "notebooks").mkdir()
    (project / "notebooks" / "explore.ipynb").write_text("{}")
    done = run_apart("explore", "--project", str(project), "--version")
    assert done.returncode == 0 and done.stdout.strip().startswith("4.")


def test_pool_reads_ones_own_csv_and_draws(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("study;yi;sei\nA;0,5;0,1\nB;0,3;0,1\nC;n/a;0,1\n")
    done = run_apart("pool", "mine.csv", "--forest", "forest.svg", at=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "estimate 0.4000" in done.stdout and "(k = 2)" in done.stdout
    assert "line 4, column yi: missing" in done.stderr
    assert "<svg" in (tmp_path / "forest.svg").read_text()
    assert run("pool", str(tmp_path / "none.csv")).returncode == 2
    (tmp_path / "mine.csv").write_text("study;yi;sei\nA;0,5;-0,1\n")
    done = run("pool", "mine.csv", at=tmp_path)
    assert done.returncode == 1 and "line 2, column sei: '-0,1': must be above 0" in done.stderr


def test_pool_says_the_sentence_and_the_trials_before_the_model(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("study,ai,n1i,ci,n2i\nA,12,40,20,41\nB,8,38,9,39\nC,15,40,21,40\n")
    done = run("pool", "mine.csv", "--measure", "rr", at=tmp_path)
    assert done.returncode == 0 and "n1i as n1" in done.stderr
    said = done.stdout
    assert said.startswith("Across 3 trials the average risk ratio is 0.70 (95% confidence interval 0.33 to 1.49)")
    places = [said.index(words) for words in ("Across", "trial ", "A       0.61", "model, on the log scale", "tau²")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("rows", "measure", "words"),
    [
        ("xi,ni\n5,20\n3,30\n10,40\n", "PLO", "average proportion is 0.21"),
        ("xi,ni\n5,20\n3,30\n10,40\n", "PFT", "average proportion is 0.19"),
        ("ri,ni\n.5,20\n.3,30\n.4,40\n", "ZCOR", "average correlation is 0.39"),
        ("ai,bi,ci,di\n1,10000,2,10001\n3,12000,2,12010\n2,9000,1,9010\n", "RD", "risk difference is 0.00002"),
    ],
)
def test_pool_tells_effects_on_the_scale_on_which_they_are_read(
    run: Run, tmp_path: Path, rows: str, measure: str, words: str
) -> None:
    (tmp_path / "mine.csv").write_text(rows)
    done = run("pool", "mine.csv", "--measure", measure, at=tmp_path)
    assert words in done.stdout and "0.00 to 0.00" not in done.stdout
    assert ("model, on the" in done.stdout) == (measure != "RD")


def test_pool_reads_effects_back_as_it_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("study,yi,vi\nLi,-.2,.1\nWu,-.4,.1\nXu,-.6,.1\n")
    done = run("pool", "mine.csv", "--transform", "exp", at=tmp_path)
    assert done.stdout.startswith("Across 3 trials the average exp of the effect is 0.67")
    assert "model, on the log scale" in done.stdout
    wrong = run("pool", "mine.csv", "--transform", "log", at=tmp_path)
    assert wrong.returncode == 2 and "transform 'log' is unknown" in wrong.stderr


def test_pool_of_one_trial_is_that_trial_and_of_two_a_warning(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("study,yi,vi\nLi,.2,.1\n")
    one = run_apart("pool", "mine.csv", at=tmp_path)
    assert one.stdout.startswith("One trial, Li, found an effect of 0.20 (95% confidence interval −0.42 to 0.82)")
    assert "tau²" not in one.stdout and "mind" not in one.stderr
    (tmp_path / "mine.csv").write_text("study,yi,vi\nLi,.2,.1\nWu,.4,.1\n")
    assert "two studies say next to nothing" in run_apart("pool", "mine.csv", at=tmp_path).stderr


def test_pool_says_which_numbers_cannot_be_right(run: Run, tmp_path: Path) -> None:
    sds = {"A": 20.1, "B": 21.0, "C": 18.5, "D": 2.1, "E": 20.0}
    rows = [f"{name},40.0,{sd},40,{52.0 if sd < 3 else 45.0},{sd},40" for name, sd in sds.items()]
    (tmp_path / "mine.csv").write_text("\n".join(["study,m1,sd1,n1,m2,sd2,n2", *rows]))
    done = run("pool", "mine.csv", "--measure", "SMD", "--screen", at=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "D: serious concern" in done.stdout and "in 1 of 5 trials" in done.stdout
    assert "concern" not in run("pool", "mine.csv", "--measure", "SMD", at=tmp_path).stdout


def test_a_new_trial_goes_from_forms_to_the_tables(run: Run, raw: Path) -> None:
    project = raw.parents[1]
    assert run("new-trial", "jones-2024", "--project", str(project)).returncode == 0
    assert run("new-trial", "jones-2024", "--project", str(project)).returncode == 2, "never over filled forms"
    assert run("new-trial", "../up", "--project", str(project)).returncode == 2
    empty = run("new-trial", "jones-2024", "--add", "--project", str(project))
    assert empty.returncode == 2 and "empty" in empty.stderr
    before = {path.name: path.read_bytes() for path in raw.iterdir()}

    forms = project / "new-trials" / "jones-2024"
    trial = {
        "study_id": "jones-2024",
        "citation": "Jones 2024",
        "first_author": "Jones",
        "year": "2024",
        "condition": "arthritis",
        "population": "knee",
        "directness": "indirect",
        "design": "parallel",
        "randomised": "yes",
        "n_randomised": "-80",
        "has_results": "no",
        "source_kind": "abstract",
    }
    fill(forms / "studies.csv", trial)
    done = run("new-trial", "jones-2024", "--add", "--project", str(project))
    assert done.returncode == 1
    assert "new-trials/jones-2024/studies.csv, line 2, column n_randomised: '-80.0'" in done.stderr
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before

    fill(forms / "studies.csv", trial | {"n_randomised": "80,0", "source_url": "https://example.org/jones"})
    done = run("new-trial", "jones-2024", "--add", "--project", str(project))
    assert done.returncode == 0, done.stderr
    studies = (raw / "studies.csv").read_bytes()
    assert studies.startswith(before["studies.csv"]) and b"\njones-2024,Jones 2024,Jones,2024," in studies
    assert b",80.0," in studies
    assert {path.name: path.read_bytes() for path in raw.iterdir()} | {"studies.csv": b""} == before | {
        "studies.csv": b""
    }


def fill(form: Path, cells: dict[str, str]) -> None:
    """As a spreadsheet with German settings saves it."""
    names = form.read_text(encoding="utf-8-sig").splitlines()[0].replace(",", ";").split(";")
    row = ";".join(cells.get(name, "") for name in names)
    form.write_text(";".join(names) + "\n" + row + "\n", encoding="utf-8-sig")


def test_figures_of_a_condition_go_where_their_preset_says(run: Run, few: Project) -> None:
    project = few.root
    words = ("figures", "--project", str(project), "--preset", "social", "--condition", "spinal_stenosis")
    done = run(*words, "--only", "pain")
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (project / "figures" / "social").iterdir()}
    assert made == {f"forest_pain_spinal_stenosis{end}" for end in (".svg", ".png", "@2x.png", ".json", ".html")}
    for wrong, said in (
        (("--condition", "gout"), "spinal_stenosis, disc_herniation"),
        (("--preset", "poster"), "social"),
    ):
        done = run("figures", "--project", str(project), *wrong)
        assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_handout_and_a_post_of_a_small_project(run: Run, few: Project, tmp_path: Path) -> None:
    """They are written where they are asked for; what is not there is named with what is."""
    pytest.importorskip("typst", reason='no typst here (pip install "acupuncture-evidence[print]")')
    where = ("--project", str(few.root), "--condition", "spinal_stenosis")
    done = run("handout", *where, "--paper", "a4", "--out", str(tmp_path / "sheets"))
    assert done.returncode == 0 and done.stdout.strip().endswith("spinal-stenosis-a4.pdf"), done.stderr
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["spinal-stenosis-a4.pdf"]
    done = run("post", *where, "--format", "wordpress", "--out", str(tmp_path / "post"))
    assert done.returncode == 0 and "spinal-stenosis.html" in done.stdout, done.stderr
    assert "<!-- wp:paragraph -->" in (tmp_path / "post" / "spinal-stenosis.html").read_text(encoding="utf-8")
    for wrong, said in (
        (("handout", *where, "--paper", "a5"), "a4, letter"),
        (("handout", *where[:2], "--condition", "gout"), "disc_herniation"),
        (("post", *where, "--format", "pdf"), "markdown, html, wordpress"),
        (("post", *where, "--out", str(few.root)), "a folder of its own"),
    ):
        done = run(*wrong)
        assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_language_that_is_not_there_is_named_before_any_work(run: Run) -> None:
    done = run("post", "--condition", "lumbar_sprain", "--language", "fr")
    assert done.returncode == 2 and "language='fr': choose one of en, de, es, zh_Hans" in done.stderr


def test_claims_are_told_in_a_language(run: Run, few: Project) -> None:
    said = run("claims", "--language", "de", "--project", str(few.root)).stdout
    assert "Was es klären würde: " in said
    assert "unklar" in said.splitlines()[-1] and "What would settle it" not in said
