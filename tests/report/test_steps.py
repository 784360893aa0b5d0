"""A step of the report runs again when what it is made from or what it left has changed, and only then."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import evidence as ev
from evidence.report.figures.files import write_figures
from evidence.report.figures.social import write_cards
from evidence.report.inputs import SOURCE, Code, code_of, notebook_code, versions
from evidence.report.project import Project
from evidence.report.stamps import Stamp
from evidence.report.steps import Step, make, stages

NOTHING = Code(frozenset(), frozenset())


def names(code: Code) -> set[str]:
    return {path.relative_to(SOURCE / "evidence").as_posix() for path in code.files}


def made(steps: Iterable[Step], project: Project) -> dict[str, str]:
    """What is said of each step."""
    said: list[str] = []
    make(steps, project, said.append, lambda *_: None)
    return {name: words for name, _, words in (line.partition(": ") for line in said)}


def test_no_module_that_python_imports_is_overlooked() -> None:
    modules = "evidence.answers.ranking", "evidence.report.site"  # the second imports what the first does
    show = "print(*(module.__file__ for name, module in sys.modules.items() if name.startswith('evidence')))"
    program = "\n".join(["import sys", *(f"import {module}\n{show}" for module in modules)])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    for module, said in zip(modules, done.stdout.splitlines(), strict=True):
        loaded = {Path(name).relative_to(SOURCE / "evidence").as_posix() for name in said.split()}
        assert loaded and loaded <= names(code_of(module))


def test_a_step_is_not_made_from_code_that_it_cannot_reach() -> None:
    tables, figures, site = (names(code_of(f"evidence.report.{name}")) for name in ("build", "figures.files", "site"))
    assert "answers/claims/claims.py" in tables and "models/univariate/pool.py" in tables
    assert not any(name.startswith(("plots/", "charts/")) for name in tables)
    assert "plots/forest.py" in figures and not any(name.startswith("charts/") for name in figures)
    assert "charts/forest.py" in site and "bias/p_curve.py" in site, "the reference shows every public name"
    assert {"__init__.pyi", "report/explorer/explorer.css"} <= site and "__init__.pyi" not in tables | figures
    assert (SOURCE / "evidence" / "cli").is_dir()
    assert not any(name.startswith("cli/") for name in tables | figures | site)


def test_a_notebook_is_made_from_what_it_takes() -> None:
    took = notebook_code("import evidence as ev\n%matplotlib inline\nfit = ev.pool([0.1], [0.2])\nfit.summary()")
    assert "models/univariate/pool.py" in names(took) and "numpy" in took.packages
    assert not any(name.startswith(("answers/", "charts/", "report/", "plots/")) for name in names(took))
    assert "plots/forest.py" in names(notebook_code("import evidence\nevidence.plots.forest"))
    assert "charts/forest.py" in names(notebook_code("import evidence as ev\nprint(dir(ev))")), "handed on whole"
    assert names(notebook_code("from evidence.answers.wording import words")) >= {"answers/wording/words.py"}


def test_imports_for_type_checkers_do_not_count() -> None:
    only = "from typing import *\nif TYPE_CHECKING:\n    import evidence.charts\nelse:\n    import evidence.errors"
    assert "errors.py" in names(notebook_code(only)) and "charts/forest.py" not in names(notebook_code(only))


def test_versions_of_what_is_installed_are_known() -> None:
    found = versions(["numpy", "no_such_package"])
    assert set(found) == {"python", "numpy"} and found["numpy"] == __import__("numpy").__version__


def copied(project: Project, source: Path, times: list[float], code: Code = NOTHING, apart: bool = False) -> Step:
    """A step that copies a file to ``copy.txt``."""

    def copy(progress: Callable[[str], None]) -> None:
        progress("copying")
        times.append(time.monotonic())
        (project.root / "copy.txt").write_text(source.read_text())

    data = {"source": source.read_text()}
    return Step("copy", lambda: code, data, lambda: [project.root / "copy.txt"], copy, apart)


@pytest.mark.parametrize("apart", [False, True])
def test_a_step_runs_again_when_an_input_or_a_leaf_changes(few: Project, apart: bool) -> None:
    source, times = few.root / "source.txt", list[float]()
    source.write_text("one")

    def again() -> str:
        return made([copied(few, source, times, apart=apart)], few)["copy"]

    assert again() == "made in 0 s (never made here)" and again() == "unchanged"
    source.write_text("two")
    assert again() == "made in 0 s (source)" and again() == "unchanged"
    for spoil in (Path.unlink, lambda path: path.write_text("spoilt")):
        spoil(few.root / "copy.txt")
        assert again() == "made in 0 s (copy.txt)" and (few.root / "copy.txt").read_text() == "two"
    (few.stamps / "copy.json").write_text("no stamp")
    assert again() == "made in 0 s (never made here)" and len(times) == 5


def test_a_step_runs_again_when_its_code_or_a_package_changes(few: Project) -> None:
    source, times = few.root / "source.txt", list[float]()
    source.write_text("one")
    step = copied(few, source, times, code_of("evidence.effects.inputs"))
    made([step], few)
    stamp = Stamp.read(few, "copy")
    assert stamp is not None and "evidence/errors.py" in stamp.code and "numpy" in stamp.versions
    for part in (stamp.code, stamp.versions):
        name = next(iter(part))
        kept, part[name] = part[name], "another"
        assert stamp.changed(few, step.data) == [name]
        part[name] = kept
    assert stamp.changed(few, step.data) == []


def test_a_step_that_fails_is_not_done_and_those_beside_it_are(few: Project) -> None:
    source, times = few.root / "source.txt", list[float]()
    source.write_text("one")

    def fail(_: Callable[[str], None]) -> None:
        raise ValueError("broken")

    broken = Step("broken", lambda: NOTHING, {}, lambda: [], fail)
    with pytest.raises(ValueError, match="broken"):
        made([broken, copied(few, source, times, apart=True)], few)
    assert made([copied(few, source, times)], few) == {"copy": "unchanged"}
    assert broken.changed(few) == ["never made here"]


def test_steps_that_work_apart_run_beside_the_others(few: Project) -> None:
    meeting = threading.Barrier(2, timeout=20)  # passed only when both are there
    both = [
        Step(name, lambda: NOTHING, {}, lambda: [], lambda _: meeting.wait(), apart=name == "apart")
        for name in ("apart", "here")
    ]
    assert {*made(both, few).values()} == {"made in 0 s (never made here)"}


def test_a_lost_figure_or_table_is_made_again_and_nothing_else(few: Project, keep: Any) -> None:
    keep(few.raw, ["qin-2020"])

    def again() -> dict[str, str]:
        return made(next(stages(few)), few)

    assert all("never made here" in words for words in again().values())
    assert again() == {"tables": "unchanged", "figures": "unchanged", "answers": "unchanged"}
    picture, twice = (few.figures / f"forest_pain_spinal_stenosis{end}" for end in (".png", "@2x.png"))
    before = {path: (path.read_bytes(), path.stat().st_ino) for path in few.figures.iterdir()}
    picture.unlink()
    twice.write_bytes(twice.read_bytes()[:-1])
    said = again()
    assert said["tables"] == "unchanged" and "figures/forest_pain_spinal_stenosis.png and 1 more" in said["figures"]
    after = {path: (path.read_bytes(), path.stat().st_ino) for path in few.figures.iterdir()}
    assert {path: content for path, (content, _) in after.items()} == {p: content for p, (content, _) in before.items()}
    assert {path for path in after if after[path] != before[path]} <= {picture, twice}, "others are left alone"
    with (few.processed / "pooled.csv").open("a") as table:
        table.write("spoilt\n")
    assert "data/processed/pooled.csv" in again()["tables"]
    assert "spoilt" not in (few.processed / "pooled.csv").read_text()


def test_a_card_is_drawn_again_when_its_figure_or_a_vocabulary_changes_and_no_other(few: Project, keep: Any) -> None:
    keep(few.raw, ["brinkhaus-2006", "qin-2020"])

    def drawn() -> set[str]:
        steps, told = stages(few), list[str]()
        next(steps)
        make(next(steps), few, lambda _: None, lambda _, words: told.append(words))
        return {*told} - {"running", ""}

    def look() -> dict[str, list[bytes]]:
        write_figures(
            ev.Results(ev.load(few.raw)),
            few.figures,
            only="forest_pain",
            conditions=("spinal_stenosis", "chronic_overuse"),
        )
        return {
            path.stem: [path.read_bytes(), path.with_suffix(".svg").read_bytes()]
            for path in few.figures.glob("*.png")
            if "@" not in path.name
        }

    def change(table: str, old: str, new: str) -> None:
        text = (few.raw / table).read_text()
        assert old in text
        (few.raw / table).write_text(text.replace(old, new))

    before = look()
    assert drawn() == before.keys() and drawn() == set()
    change("results.csv", ",-28.7,30.3,", ",-20.7,30.3,")
    after = look()
    moved = {name for name in after if after[name] != before[name]}
    assert drawn() == moved and set() < moved < after.keys()
    cards = {path.name: path.read_bytes() for path in few.social.iterdir()}
    assert cards == write_cards(few, ev.Results(ev.load(few.raw))), "what was kept is as it would be drawn"
    lost = few.social / f"{min(after)}.png"
    lost.unlink()
    assert drawn() == {lost.stem} and lost.read_bytes() == cards[lost.name]
    change("conditions.csv", "spinal stenosis", "narrow canal")
    assert drawn() == after.keys()
