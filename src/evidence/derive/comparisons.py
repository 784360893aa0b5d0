"""Which arms are compared with which: the pairs that enter effects, and arms that form one comparison."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from ..base.once import once
from ..base.pairs import kinds_of_pairs
from ..base.tables import HEADLINE, TrialTables
from .align import Size, arm_sizes, baseline_sds
from .routes.comparison import Comparison


@once
def admissible(db: TrialTables) -> pd.DataFrame:
    """Pairs of arms that enter effects: the headline rule, or what `TrialTables.select` asked for instead."""
    scope = {**HEADLINE, **db.scope}
    c = db.comparisons
    kinds = kinds_of_pairs(c)
    keep = kinds["comparator"] != ""
    for name in ("isolates", "needle", "excluded", "phase"):
        keep &= kinds[name].isin(scope[name])
    randomised = db.studies.loc[db.studies["randomised"].isin(scope["randomised"]), "study_id"]
    keep &= c["study_id"].isin(randomised)
    return c[keep if "comparator" in db.scope else keep & (c["comparator"] != "acupuncture")]


@once
def comparisons(db: TrialTables) -> list[tuple[str, str, list[Comparison]]]:
    """(study, comparator, parts that share no arm) of every admissible pair of arms."""
    crossover = set(db.studies.loc[db.studies["design"] == "crossover", "study_id"])
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    named = admissible(db)[["study_id", "comparator", "arm", "versus"]]
    for trial, comparator, arm, versus in named.itertuples(index=False, name=None):
        pairs[trial, comparator].append((arm, versus))
    sizes: dict[str, dict[str, Size]] = {trial: {} for trial, _ in pairs}
    for (trial, arm), size in arm_sizes(db).items():
        if trial in sizes:
            sizes[trial][arm] = size
    sds: dict[str, dict[tuple[str, str, str], float]] = {trial: {} for trial, _ in pairs}
    for (trial, arm, outcome, instrument), sd in baseline_sds(db).items():
        if trial in sds:
            sds[trial][arm, outcome, instrument] = sd
    every = []
    for trial, comparator in sorted(pairs):
        shared = sizes[trial], trial in crossover, sds[trial]
        parts = [Comparison(ours, theirs, *shared) for ours, theirs in _parts(pairs[trial, comparator])]
        every.append((trial, comparator, parts))
    return every


def _parts(left: list[tuple[str, str]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Sets of arms compared each with each; where a pair is missing the first comparator arm alone is kept."""
    parts = []
    while left:
        ours, theirs = [left[0][0]], [left[0][1]]
        while True:
            more_theirs = [v for a, v in left if a in ours and v not in theirs]
            more_ours = [a for a, v in left if v in theirs and a not in ours]
            if not more_theirs and not more_ours:
                break
            theirs += dict.fromkeys(more_theirs)
            ours += dict.fromkeys(more_ours)
        if not all((a, v) in left for a in ours for v in theirs):
            kept = theirs[:1]
            parts.append((tuple(a for a in ours if (a, kept[0]) in left), tuple(kept)))
        else:
            parts.append((tuple(ours), tuple(theirs)))
        left = [(a, v) for a, v in left if a not in ours and v not in theirs]
    return parts
