"""P values of a set of tests, corrected for how many there are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..effects.arguments import require_choice

#: Corrections of p values for how many there are, and what statsmodels calls them.
ADJUSTMENTS: Mapping[str, str] = {
    "bonferroni": "bonferroni",
    "holm": "holm",
    "sidak": "sidak",
    "holm-sidak": "holm-sidak",
    "hochberg": "simes-hochberg",
    "hommel": "hommel",
    "fdr": "fdr_bh",
    "fdr-by": "fdr_by",
}


def adjusted(table: pd.DataFrame, how: str | None) -> pd.DataFrame:
    """A table of combinations with a column ``p_adjusted`` beside ``p_value``; as it is for None.

    Raises
    ------
    InvalidInput
        No such adjustment.
    """
    if how is None:
        return table
    require_choice("adjust", how, ADJUSTMENTS)
    from statsmodels.stats.multitest import multipletests

    p = multipletests(table["p_value"].to_numpy(), method=ADJUSTMENTS[how])[1]
    found = table.copy()
    found.insert(list(found).index("p_value") + 1, "p_adjusted", p)
    return found
