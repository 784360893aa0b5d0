"""Seconds for GRIM and GRIMMER on a million random rows (the aim: below 2), against a plain loop on a part of them.

Run from the root of the repository:  python benchmarks/integrity.py [rows]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

import evidence as ev

PART = 20_000


def random_rows(rows: int) -> dict[str, np.ndarray]:
    """Means and SDs of scales as papers print them, with two decimals; half of the means with one."""
    rng = np.random.default_rng(0)
    decimals = rng.integers(1, 3, rows)
    mean = np.round(rng.uniform(0, 10, rows), 2)
    mean = np.where(decimals == 1, np.round(mean, 1), mean)
    return {
        "mean": mean,
        "sd": np.round(rng.uniform(0.5, 3, rows), 2),
        "n": rng.integers(5, 100, rows),
        "decimals": decimals,
    }


def totals(mean: float, n: int, decimals: int) -> range:
    """Totals of n whole numbers that give a printed mean, one row."""
    unit = 10**decimals
    digits = round(mean * unit)
    return range(-((n - 2 * digits * n) // (2 * unit)), (2 * digits * n + n) // (2 * unit) + 1)


def grim_loop(mean: float, sd: float, n: int, decimals: int) -> bool | None:
    return None if n >= 10**decimals else len(totals(mean, n, decimals)) > 0


def grimmer_loop(mean: float, sd: float, n: int, decimals: int) -> bool:
    digits, unit, within = round(sd * 100), 4 * 100**2, n * (n - 1)
    for total in totals(mean, n, decimals):
        least = n * (total // n) ** 2 + (total % n) * (2 * (total // n) + 1)
        low = -((-within * max(2 * digits - 1, 0) ** 2 - unit * total**2) // (n * unit))
        high = (within * (2 * digits + 1) ** 2 + unit * total**2) // (n * unit)
        low = max(low + (low - total) % 2, least)
        if low <= high:
            return True
    return False


def seconds(call: Callable[[], object]) -> tuple[float, object]:
    start = perf_counter()
    found = call()
    return perf_counter() - start, found


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    given = random_rows(rows)
    part = list(zip(*(values[:PART].tolist() for values in given.values()), strict=True))
    of_mean = {name: values for name, values in given.items() if name != "sd"}
    for name, check, loop in (
        ("grim", lambda: ev.grim(**of_mean), grim_loop),
        ("grimmer", lambda: ev.grimmer(**given, sd_decimals=2), grimmer_loop),
    ):
        frame = check()
        taken = min(seconds(check)[0] for _ in range(3))
        by_row, verdicts = seconds(lambda loop=loop: [loop(*row) for row in part])
        same = frame["passes"][:PART].to_numpy(dtype=object, na_value=None).tolist()
        assert same == verdicts, "the loop disagrees"
        ratio = by_row / len(part) / (taken / rows)
        print(f"{name:8s} {taken:6.3f} s for {rows:,} rows; a plain loop takes {ratio:.0f} times as long a row")


if __name__ == "__main__":
    main()
