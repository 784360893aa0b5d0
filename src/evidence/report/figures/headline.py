"""Which comparator's trials a page shows first, where a forest of all of them would fill several screens."""

from __future__ import annotations

from ...answers.results import Results
from .words import main_pool

#: Effects of a forest that fits a screen.
_MOST = 12


def headline_comparator(results: Results, condition: str, outcome: str = "pain", time: str = "short") -> str:
    """The comparator whose trials alone are shown first, where a forest of all would be too long; "" elsewhere.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Whose trials.
    outcome : str
        What is measured.
    time : str
        Window of the measurements.
    """
    question = {"condition": condition, "outcome": outcome, "time": time}
    pools = results.pools_on(**question)
    if len(pools) < 2 or len(results.effects_on(**question)) <= _MOST:
        return ""
    return str(main_pool(pools)["comparator"])
