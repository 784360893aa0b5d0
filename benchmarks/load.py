"""How long reading, checking and deriving take: `python benchmarks/load.py` (the goal for loading is 150 ms)."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

FRESH = "import time, evidence as ev; ev.load; t = time.perf_counter(); ev.load(); print(time.perf_counter() - t)"
IMPORT = "import time; t = time.perf_counter(); import evidence as ev; ev.pool; print(time.perf_counter() - t)"


def fresh(code: str, times: int = 5) -> float:
    """Median seconds that a snippet prints, each time in a new process."""
    command = [sys.executable, "-c", code]
    return median(
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(times)
    )


def main() -> None:
    import evidence as ev

    print(f"import evidence and ev.pool, new process  {1000 * fresh(IMPORT):7.0f} ms")
    print(f"first ev.load() after import              {1000 * fresh(FRESH):7.0f} ms")
    for name, call in (
        ("ev.load() again", ev.load),
        ("effects('SMD') of a new base", lambda: ev.load().effects("SMD")),
    ):
        spent = []
        for _ in range(5):
            started = perf_counter()
            call()
            spent.append(perf_counter() - started)
        print(f"{name:40}  {1000 * median(spent):7.0f} ms")


if __name__ == "__main__":
    main()
