"""How well does the model of all trials foretell a field it has not seen?

Run by hand from the project's folder: ``python benchmarks/left_out_cells.py``. Each field (condition by kind of
comparator) with five trials or more is left out in turn; the model of `rank_conditions` without a comparator, fitted to
the other trials, says what the field's mean effect should be, and its own pool says what it is. The table on the method
page is its output. The error in z is the difference over both standard errors together: of many fields, 95% should lie
between -2 and 2.
"""

from __future__ import annotations

import math
import warnings

import pandas as pd

import evidence as ev
from evidence.answers.comparator_families import fitted, one_row_each, place_of
from evidence.answers.context import Context
from evidence.answers.grade.synthesis import synthesise

LEAST_TRIALS = 5


def left_out(outcome: str = "pain", time: str = "short", measure: str = "SMD") -> pd.DataFrame:
    """A row for each well-studied field: its own pool, and what the others foretell."""
    context = Context.of(ev.load())
    effects = one_row_each(context.effects(measure), context.words.headline, outcome, time)
    scale = context.pooling.tau_scale(measure, outcome)
    rows = []
    for (condition, family), own in effects.groupby(["condition", "family"]):
        if len(own) < LEAST_TRIALS:
            continue
        model = fitted(effects.drop(index=own.index), scale, math.nan)
        if model is None:
            continue
        told = model.predict(*place_of(str(condition), str(family), model))
        pool = synthesise(context.pooling, own)
        z = (pool.estimate - told["mean"]) / math.hypot(pool.se, told["sd"])
        rows.append(
            {
                "condition": context.words.conditions[condition],
                "against": family.replace("|", " or "),
                "k": len(own),
                "own": pool.estimate,
                "own_low": pool.ci_low,
                "own_high": pool.ci_high,
                "foretold": told["median"],
                "foretold_low": told["ci_low"],
                "foretold_high": told["ci_high"],
                "inside": bool(told["ci_low"] <= pool.estimate <= told["ci_high"]),
                "z": z,
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    warnings.simplefilter("ignore", ev.SmallSample)
    table = left_out()
    print(table.round(2).to_string(index=False))
    error, inside = table["own"] - table["foretold"], table["inside"].sum()
    size, z = (math.sqrt((values**2).mean()) for values in (error, table["z"]))
    print(f"\n{inside} of {len(table)} own estimates inside the foretold interval; mean error {error.mean():.2f}")
    print(f"root mean square of the error {size:.2f}, of z {z:.2f}")
