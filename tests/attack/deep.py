"""The deep attack: a million calls, in chunks that survive a stop, with a table of what came of them.

``make attack`` runs it; ``make attack CALLS=2000`` is a taste. What is done stands in ``build/attack.json``: run it
again and it goes on from there, unless the attack itself has changed since.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .calls import Call, calls, functions
from .judge import Broken, judge

STATE = Path("build") / "attack.json"
#: A stop loses no more calls than this.
CHUNK = 200
_ENDLESS = 120
_KEPT = 200
_OUTCOMES = ("answered", "refused", "broken")


def attack(chunk: int) -> dict[str, Any]:
    """One chunk of calls: outcomes and slowest call of each function, and the calls that broke."""
    counts: Counter[str] = Counter()
    slowest: dict[str, float] = {}
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
        start = time.process_time()
        signal.alarm(_ENDLESS)
        try:
            outcome = judge(call)
        except Broken as error:
            outcome = "broken"
            broken.append(str(error)[:1000])
        finally:
            signal.alarm(0)
        counts[f"{call.name} {outcome}"] += 1
        slowest[call.name] = max(slowest.get(call.name, 0), round(time.process_time() - start, 2))

    each()
    return {"counts": counts, "slowest": slowest, "broken": broken}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000, help="how many in all, those of earlier runs included")
    chunks = -(-parser.parse_args().calls // CHUNK)
    signal.signal(signal.SIGALRM, _endless)
    state = _begun()
    columns = (TextColumn("attack"), BarColumn(), MofNCompleteColumn(), TextColumn("calls"), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("attack", total=chunks * CHUNK, completed=state["done"] * CHUNK)
        for chunk in range(state["done"], chunks):
            found = attack(chunk)
            state["counts"] = dict(Counter(state["counts"]) + found["counts"])
            for name, seconds in found["slowest"].items():
                state["slowest"][name] = max(seconds, state["slowest"].get(name, 0))
            state["broken"] = (state["broken"] + found["broken"])[:_KEPT]
            state["done"] = chunk + 1
            _keep(state)
            progress.advance(task, CHUNK)
    return _told(state)


def _endless(*_: object) -> None:
    raise Broken(f"no answer after {_ENDLESS} s")


def _begun() -> dict[str, Any]:
    """What earlier runs of the same attack found."""
    here = Path(__file__).parent
    key = sha256(b"".join((here / name).read_bytes() for name in ("calls.py", "judge.py"))).hexdigest()
    state = json.loads(STATE.read_text()) if STATE.exists() else {}
    return state if state.get("key") == key else {"key": key, "done": 0, "counts": {}, "slowest": {}, "broken": []}


def _keep(state: dict[str, Any]) -> None:
    STATE.parent.mkdir(exist_ok=True)
    part = STATE.with_suffix(".part")
    part.write_text(json.dumps(state, indent=1))
    part.replace(STATE)


def _told(state: dict[str, Any]) -> int:
    table = Table("function", *_OUTCOMES, "slowest, s", title=f"{sum(state['counts'].values()):,} calls")
    total: Counter[str] = Counter()
    for name in functions():
        of = {outcome: state["counts"].get(f"{name} {outcome}", 0) for outcome in _OUTCOMES}
        total.update(of)
        table.add_row(name, *(f"{of[outcome]}" for outcome in _OUTCOMES), f"{state['slowest'].get(name, 0):.2f}")
    table.add_section()
    table.add_row("all", *(f"{total[outcome]}" for outcome in _OUTCOMES), f"{max(state['slowest'].values()):.2f}")
    console = Console(width=100)
    console.print(table)
    for call in state["broken"]:
        console.print(call, markup=False, highlight=False, soft_wrap=True)
    return int(total["broken"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
