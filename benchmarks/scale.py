"""A base of many times today's size: ``python benchmarks/scale.py [TIMES]`` (100 without it).

Every trial is there TIMES times under keys of its own. `validate`, `load` and `effects` take a time that grows as the
rows do; at 100 times each should stay under 10 s of one core and 2 GiB. Modules are imported before.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import evidence as ev

#: Columns that name a trial or a row of its results, and what else no two trials may share.
OWN, SINGLE = ("study_id", "result_id", "citation"), ("doi", "pmid", "pmcid", "registration")
LIMITS = {"seconds": 10.0, "GiB": 2.0}


def enlarged(root: Path, times: int, folder: Path) -> None:
    """Write a data folder with every trial ``times`` times."""
    for path in sorted(root.glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        keyed = [name for name in OWN if name in table]
        if "study_id" in table or "result_id" in table:
            copies = [table]
            for at in range(1, times):
                copy = table.copy()
                for name in keyed:
                    copy[name] = copy[name].where(copy[name] == "", copy[name] + f"-{at}")
                for name in set(SINGLE) & set(copy):
                    copy[name] = ""
                copies.append(copy)
            table = pd.concat(copies)
        table.to_csv(folder / path.name, index=False, lineterminator="\n")


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    over = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        today = ev.load()
        today.effects("SMD")
        enlarged(today.root, times, folder)
        base = None
        for job in ("validate", "load", "effects"):
            start = time.process_time()
            if job == "validate":
                problems = ev.validate(folder)
                print(f"{len(problems)} problems", *problems[:3], sep="\n  ")
            elif job == "load":
                base = ev.load(folder)
                print(base)
            elif base is not None:
                print(f"{len(base.effects('SMD')):,} effects")
            seconds = time.process_time() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"{job:10} {seconds:8.1f} s of one core, {peak:.2f} GiB at most so far", flush=True)
            over += seconds > LIMITS["seconds"] or peak > LIMITS["GiB"]
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
