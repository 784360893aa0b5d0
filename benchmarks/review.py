"""Seconds of what a reader of the review waits for, against what it should take: ``python benchmarks/review.py``.

Each call is timed in a process of its own, on a base that has derived nothing yet, the best of three; it pays for the
garbage that it makes, not for going through what was imported and loaded before. With ``--report``
the whole report as well, in a copy of the project: cold, unchanged, and after one changed number. With ``--cpu``
processor seconds, of this and its processes together, instead of those on the clock: for a machine that is busy with
other things, and more than the clock shows where two work at once. Exits 1 when anything takes longer than it should.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
POOL = "db.select(condition='chronic_overuse', comparator='sham', outcome='pain', time='short').effects()"
#: What is timed: seconds it should stay under, what is done before, what is done.
CALLS = {
    "import evidence; ev.load()": (0.8, "", "import evidence as ev; ev.load()"),
    "first ev.load() after import": (0.1, "import evidence as ev; ev.load", "ev.load()"),
    "ev.claims(db)": (
        1.0,
        "import evidence as ev; ev.claims; ev.vote_count([1]); db = ev.load()",  # its packages come with the first vote
        "ev.claims(db)",
    ),
    "ev.rank_conditions(db)": (
        0.3,
        "import evidence as ev; ev.rank_conditions; db = ev.load()",
        "ev.rank_conditions(db)",
    ),
    "ev.rank_conditions(db), effects known": (
        0.3,
        "import evidence as ev; ev.rank_conditions; db = ev.load(); db.effects()",
        "ev.rank_conditions(db)",
    ),
    "ev.certainty(effects, db) of one pool": (
        0.05,
        f"import evidence as ev; db = ev.load(); rows = {POOL}; ev.certainty",
        "ev.certainty(rows, db)",
    ),
}
SHARED = """
import sys
from evidence.base.collector import fresh_garbage
with fresh_garbage():  # as in every command
    from pathlib import Path
    import evidence as ev
    from evidence.report.build import build
    from evidence.report.figures.files import write_figures
    from evidence.report.project import Project
    from evidence.report.site import write_site
    project = Project.at(Path(sys.argv[1]))
    results = ev.Results(ev.load(project.raw))
    build(project, results=results)
    write_figures(results, project.figures)
    write_site(project, results)
"""
#: The first was set for 37 figures and 48 pages of 487 trials; languages, handouts and share images came later.
TABLES_FIGURES_SITE, COLD, UNCHANGED, ONE_TRIAL = 20.0, 120.0, 2.0, 40.0


def main() -> int:
    clock = "process_time" if "--cpu" in sys.argv else "perf_counter"
    late = [over(name, best(before, call, clock), limit) for name, (limit, before, call) in CALLS.items()]
    if "--report" in sys.argv:
        late += report(cpu="--cpu" in sys.argv)
    return int(any(late))


def over(name: str, seconds: float, limit: float) -> bool:
    print(f"{name:42} {seconds:8.3f} s of {limit:g} {'' if seconds < limit else 'LATE'}", flush=True)
    return seconds >= limit


def best(before: str, call: str, clock: str, times: int = 3) -> float:
    """Least seconds of a call in new processes."""
    begun = f"import gc\nfrom time import {clock} as now\n{before}\ngc.collect()\ngc.freeze()\nstarted = now()"
    timed = f"{begun}\n{call}\nprint(now() - started)"
    return min(float(output([sys.executable, "-c", timed])) for _ in range(times))


def report(cpu: bool) -> list[bool]:
    """The steps that share one analysis, and the whole report three times, in a copy of the project."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in ("data", "docs", "notebooks"):
            shutil.copytree(ROOT / folder, root / folder)
        shutil.copy(ROOT / "CHANGELOG.md", root)
        whole = ["-c", "from evidence.cli import main; main()", "report", "--project", str(root)]
        late = [over("tables, figures and site", took(["-c", SHARED, str(root)], cpu), TABLES_FIGURES_SITE)]
        shutil.rmtree(root / "build")
        late.append(over("cold report", took(whole, cpu), COLD))
        late.append(over("unchanged report", took(whole, cpu), UNCHANGED))
        results = root / "data" / "raw" / "results.csv"
        text = results.read_text(encoding="utf-8")
        results.write_text(text.replace(",-28.7,30.3,", ",-29.7,30.3,", 1), encoding="utf-8")
        late.append(over("report with one trial changed", took(whole, cpu), ONE_TRIAL))
    return late


def took(arguments: list[str], cpu: bool) -> float:
    """Seconds of a new Python process."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime if cpu else perf_counter()

    started = spent()
    output([sys.executable, *arguments])
    return spent() - started


def output(command: list[str]) -> str:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
