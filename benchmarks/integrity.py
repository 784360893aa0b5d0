"""Seconds of the processor for every check on a million random rows (the aim for GRIM and GRIMMER: below 2).

GRIM and GRIMMER are held against a plain loop on a part of the rows. Two checks do not grow with rows alone and are
timed on fewer: `baseline_balance` integrates once a trial, `effect_outlier` leaves each trial of one pool out.

Run from the root of the repository:  python benchmarks/integrity.py [rows]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time

import numpy as np

import evidence as ev

PART = 20_000
TRIALS, POOLED = 1_000, 1_000


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
    start = process_time()
    found = call()
    return process_time() - start, found


def other_checks(rows: int) -> dict[str, Callable[[], object]]:
    """Every other check, on numbers as papers print them, four rows a trial."""
    rng = np.random.default_rng(1)
    n, study = rng.integers(5, 100, rows), np.arange(rows) // 4
    sd, estimate, p = (np.round(rng.uniform(*ends, rows), 2) for ends in ((0.5, 3), (-3, 3), (0, 1)))
    mean, se = np.round(rng.uniform(0, 10, rows), 2), np.round(rng.uniform(0.1, 1, rows), 2)
    ends = {"ci_low": np.round(estimate - 2 * se, 2), "ci_high": np.round(estimate + 2 * se, 2)}
    events, others = rng.integers(0, 5, rows), {"reference": [1.0, 1.5, 2.0, 3.0]}
    few = slice(0, 8 * TRIALS)
    arms = {"study": np.arange(rows)[few] // 8, "variable": np.arange(rows)[few] // 2 % 4}
    return {
        "debit": lambda: ev.debit(mean=np.round(mean / 10, 2), sd=np.round(sd / 6, 2), n=n),
        "sd_plausible": lambda: ev.sd_plausible(mean=mean, sd=sd, n=n, low=0, high=10, **others),
        "se_as_sd": lambda: ev.se_as_sd(sd=sd, n=n, **others),
        "p_recomputed": lambda: ev.p_recomputed(p=p, estimate=estimate, se=se, **ends, df=n),
        "interval_symmetric": lambda: ev.interval_symmetric(estimate=estimate, **ends),
        "percent_of_n": lambda: ev.percent_of_n(percent=np.round(100 * events / n, 1), n=n, events=events),
        "n_flow": lambda: ev.n_flow(randomised=n, analysed=n - 1, study=study),
        "correlation_implied": lambda: ev.correlation_implied(sd_pre=sd, sd_post=sd, sd_change=se),
        "same_numbers": lambda: ev.same_numbers(mean=mean, sd=sd, n=n, study=study),
        "same_numbers of p": lambda: ev.same_numbers(p=np.round(p / 2 + se / 7, 3), study=study),
        f"baseline_balance ({TRIALS:,} trials)": lambda: ev.baseline_balance(
            **arms, mean=mean[few], sd=sd[few], n=n[few]
        ),
        f"effect_outlier ({POOLED:,} trials)": lambda: ev.effect_outlier(estimate[:POOLED], se[:POOLED] ** 2),
    }


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
        print(f"{name:32s} {taken:6.3f} s for {rows:,} rows; a plain loop takes {ratio:.0f} times as long a row")
    for name, check in other_checks(rows).items():
        check()
        print(f"{name:32s} {min(seconds(check)[0] for _ in range(2)):6.3f} s")


if __name__ == "__main__":
    main()
