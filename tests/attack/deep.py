"""The deep attack: a million calls, in chunks that survive a stop, with a table of what came of them.

``make attack`` runs it; ``make attack CALLS=2000`` is a taste, ``SEED=1`` another million. What is done stands in
``build/attack.json``: run it again and it goes on from there, unless the attack itself has changed since.

The calls are made by one process that lives over all of them. It is replaced when a call takes it down: what was asked
last stands in memory that both share. Call n of a seed is always the same: ``call_of(seed, n)`` makes it again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import signal
import time
import warnings
from collections import Counter
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .calls import Call, call
from .judge import Broken, judge
from .subjects import dear, targets

STATE = Path("build") / "attack.json"
#: A stop loses no more calls than this.
CHUNK = 1000
#: Seconds of one call, by its own alarm, and by whoever waits for a process that hears no alarm.
_ENDLESS, _DEAF = 120, 300
_MEMORY = 6 << 30
_OUTCOMES = ("answered", "refused", "broken")


def call_of(seed: int, n: int) -> Call:
    """Call n of the attack with this seed."""
    rng = Random(f"{seed}:{n}")
    names = tuple(targets())
    while True:
        name = rng.choice(names)
        if rng.random() * dear(name) < 1:
            return call(rng, (name,))


def attack(seed: int, calls: range, at: Any, known: set[int]) -> dict[str, Any]:
    """Some calls: outcomes and slowest call of each function, and each way to break with its first call."""
    counts: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    kinds: Counter[str] = Counter()
    first: dict[str, str] = {}
    for n in calls:
        if n in known:
            continue
        at.value, start = n, time.process_time()
        made = call_of(seed, n)
        signal.alarm(_ENDLESS)
        try:
            outcome = judge(made)
        except Broken as error:
            outcome, kind = "broken", f"{made.name}: {str(error).split(':')[0][:40]}"
            kinds[kind] += 1
            first.setdefault(kind, f"call {n}: {str(error)[:700]}")
        finally:
            signal.alarm(0)
        counts[f"{made.name} {outcome}"] += 1
        slowest[made.name] = max(slowest.get(made.name, 0), round(time.process_time() - start, 2))
    return {"counts": counts, "slowest": slowest, "kinds": kinds, "first": first}


def _work(pipe: Connection, seed: int, at: Any, known: set[int]) -> None:
    """Answer every range of calls that comes through the pipe."""
    signal.signal(signal.SIGALRM, _endless)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    warnings.simplefilter("ignore")
    while calls := pipe.recv():
        pipe.send(attack(seed, calls, at, known))


def _endless(*_: object) -> None:
    raise Broken(f"no answer after {_ENDLESS} s")


class Attacker:
    """A process that makes the calls, and the next one when it is taken down."""

    def __init__(self, seed: int) -> None:
        self.seed, self.fatal = seed, set[int]()
        self._context = multiprocessing.get_context("fork")
        self._at = self._context.Value("q", 0)
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        given = (theirs, self.seed, self._at, self.fatal)
        self._process = self._context.Process(target=_work, args=given, daemon=True)
        self._process.start()
        theirs.close()

    def attack(self, calls: range) -> dict[str, Any]:
        """What these calls gave; those that took a process down are broken."""
        fatal: dict[str, str] = {}
        while True:
            try:
                self._pipe.send(calls)
                last, since = -1, time.monotonic()
                while not self._pipe.poll(1):
                    if self._at.value != last:
                        last, since = self._at.value, time.monotonic()
                    if time.monotonic() - since > _DEAF:
                        raise TimeoutError
                found: dict[str, Any] = self._pipe.recv()
                break
            except (EOFError, BrokenPipeError, ConnectionResetError, TimeoutError):
                self._process.kill()
                self._process.join()
                name, n = call_of(self.seed, self._at.value).name, self._at.value
                fatal[f"{name}: took its process down"] = f"call {n}: {self._process.exitcode} {name}"
                self.fatal.add(n)
                self._start()
        for kind, first in fatal.items():
            found["kinds"][kind] += 1
            found["counts"][f"{kind.split(':')[0]} broken"] += 1
            found["first"][kind] = first
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000, help="how many in all, those of earlier runs included")
    parser.add_argument("--seed", type=int, default=0, help="which calls")
    given = parser.parse_args()
    chunks, state = -(-given.calls // CHUNK), _begun(given.seed)
    columns = (TextColumn("attack"), BarColumn(), MofNCompleteColumn(), TextColumn("calls"), TimeRemainingColumn())
    attacker = Attacker(given.seed)
    with Progress(*columns) as progress:
        task = progress.add_task("attack", total=chunks * CHUNK, completed=state["done"] * CHUNK)
        for chunk in range(state["done"], chunks):
            found = attacker.attack(range(chunk * CHUNK, (chunk + 1) * CHUNK))
            for part in ("counts", "kinds"):
                state[part] = dict(Counter(state[part]) + Counter(found[part]))
            for name, seconds in found["slowest"].items():
                state["slowest"][name] = max(seconds, state["slowest"].get(name, 0))
            state["first"] = found["first"] | state["first"]
            state["done"] = chunk + 1
            _keep(state)
            progress.advance(task, CHUNK)
    return _told(state)


def _begun(seed: int) -> dict[str, Any]:
    """What earlier runs of the same attack found."""
    here = Path(__file__).parent
    files = sorted(here / f"{name}.py" for name in ("calls", "judge", "subjects", "values", "deep"))
    key = sha256(b"".join(path.read_bytes() for path in files) + str(seed).encode()).hexdigest()
    state = json.loads(STATE.read_text()) if STATE.exists() else {}
    new = {"key": key, "done": 0, "counts": {}, "slowest": {}, "kinds": {}, "first": {}}
    return state if state.get("key") == key else new


def _keep(state: dict[str, Any]) -> None:
    STATE.parent.mkdir(exist_ok=True)
    part = STATE.with_suffix(".part")
    part.write_text(json.dumps(state, indent=1))
    part.replace(STATE)


def _told(state: dict[str, Any]) -> int:
    table = Table("function", *_OUTCOMES, "slowest, s", title=f"{sum(state['counts'].values()):,} calls")
    total: Counter[str] = Counter()
    for name in targets():
        of = {outcome: state["counts"].get(f"{name} {outcome}", 0) for outcome in _OUTCOMES}
        total.update(of)
        table.add_row(name, *(f"{of[outcome]}" for outcome in _OUTCOMES), f"{state['slowest'].get(name, 0):.2f}")
    table.add_section()
    table.add_row("all", *(f"{total[outcome]}" for outcome in _OUTCOMES), f"{max(state['slowest'].values()):.2f}")
    console = Console(width=100)
    console.print(table)
    for kind, times in sorted(state["kinds"].items()):
        console.print(f"{times} x {kind}\n  {state['first'][kind]}", markup=False, highlight=False, soft_wrap=True)
    return int(total["broken"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
