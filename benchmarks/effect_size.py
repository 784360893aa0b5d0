"""Rows per second of every effect measure, on a million random rows (the aim for SMD: above 1,000,000).

Run from the root of the repository:  python benchmarks/effect_size.py [rows]
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

import evidence as ev
from evidence.effects.measures.measures import MEASURES


def random_rows(rows: int) -> dict[str, np.ndarray]:
    """Plausible values for every input any measure asks for."""
    rng = np.random.default_rng(0)
    inputs = {name: rng.uniform(20, 80, rows) for name in ("m1", "m2", "mi")}
    inputs |= {name: rng.uniform(5, 30, rows) for name in ("sd1", "sd2", "sdi")}
    inputs |= {name: rng.integers(4, 300, rows) for name in ("n1", "n2", "ni", "t1", "t2")}
    inputs |= {name: rng.integers(0, 60, rows) for name in ("ai", "ci", "xi", "x1", "x2")}
    inputs |= {name: rng.integers(1, 60, rows) for name in ("bi", "di", "mi_count")}
    return inputs | {"ri": rng.uniform(-0.9, 0.9, rows)}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    inputs = random_rows(rows)
    for name, measure in MEASURES.items():
        counts_mi = {"mi": inputs["mi_count"]} if "xi" in measure.inputs else {}
        given = {wanted: inputs[wanted] for wanted in measure.inputs} | counts_mi
        start = perf_counter()
        ev.effect_size(name, **given)
        seconds = perf_counter() - start
        print(f"{name:6s} {seconds:6.3f} s {rows / seconds:14,.0f} rows/s")


if __name__ == "__main__":
    main()
