"""Seconds that the multiverse of each headline takes (the aim: below 1), its trials read before.

Run from the root of the repository:  python benchmarks/multiverse.py
"""

from __future__ import annotations

from time import perf_counter, process_time

import evidence as ev
from evidence.report.figures.multiverse import TIME, headline_multiverse


def main() -> None:
    results = ev.Results(ev.load())
    print("condition, outcome and comparator; specifications; seconds (of the processor)")
    for condition in results.words.headline:
        for outcome in results.words.critical:
            try:
                comparator, found = headline_multiverse(results, condition, outcome)
            except ev.NotEstimable:
                continue
            question = {"condition": condition, "comparator": comparator, "outcome": outcome, "time": TIME}
            taken = []
            for _ in range(3):
                start = perf_counter(), process_time()
                ev.multiverse(results.db, question, progress=False)
                taken.append((perf_counter() - start[0], process_time() - start[1]))
            wall, own = map(min, zip(*taken, strict=True))
            name = f"{condition}, {outcome}, {comparator}"
            print(f"{name:44s} {len(found.specifications):4d}  {wall:5.2f} ({own:.2f})")


if __name__ == "__main__":
    main()
