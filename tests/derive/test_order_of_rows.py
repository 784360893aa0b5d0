"""No answer hangs on where a row stands in its file."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import evidence as ev
from evidence.report.build import processed_tables


def test_every_table_shuffled_gives_the_same_bytes(db: ev.EvidenceBase, results: ev.Results, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(db.root, tmp_path / "raw"))
    moved = random.Random(1)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        moved.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    shuffled = processed_tables(ev.Results(ev.load(folder)))
    for name, table in processed_tables(results).items():
        assert shuffled[name].to_csv() == table.to_csv(), name
