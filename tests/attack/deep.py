"""The deep attack: a million calls, in chunks that survive a stop, with a table of what came of them.

``make attack`` runs it; ``PYTHONPATH=tests python -m attack.deep --calls 1000`` is a taste. What is done stands in
``build/attack.json``: run it again and it goes on from there.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .calls import Call, calls
from .judge import Broken, judge

STATE = Path("build") / "attack.json"
CHUNK = 1000
_EXAMPLES = 20


def attack(chunk: int) -> dict[str, Any]:
    """One chunk of calls: how many of each function answered, refused or broke, and the first calls that broke."""
    counts: Counter[str] = Counter()
    broken: list[str] = []

    @seeded(chunk)
    @settings(
        max_examples=CHUNK,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(call=calls())
    def each(call: Call) -> None:
        try:
            outcome = judge(call)
        except Broken as error:
            outcome = "broken"
            broken.append(str(error)[:600])
        counts[f"{call.name} {outcome}"] += 1

    each()
    return {"counts": counts, "broken": broken[:_EXAMPLES]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    chunks = -(-parser.parse_args().calls // CHUNK)
    state: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {"done": 0, "counts": {}, "broken": []}
    columns = (TextColumn("attack"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("attack", total=chunks, completed=state["done"])
        for chunk in range(state["done"], chunks):
            found = attack(chunk)
            state["counts"] = dict(Counter(state["counts"]) + found["counts"])
            state["broken"] = (state["broken"] + found["broken"])[:1000]
            state["done"] = chunk + 1
            STATE.parent.mkdir(exist_ok=True)
            part = STATE.with_suffix(".part")
            part.write_text(json.dumps(state, indent=1))
            part.replace(STATE)
            progress.advance(task)
    table = Counter[str]()
    for name, count in sorted(state["counts"].items()):
        print(f"{count:9d}  {name}")
        table[name.rpartition(" ")[2]] += count
    print(", ".join(f"{outcome} {count}" for outcome, count in table.items()))
    print("\n".join(state["broken"][:_EXAMPLES]))
    return int(table["broken"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
