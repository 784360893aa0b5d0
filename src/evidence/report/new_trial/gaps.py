"""What is still empty among what matters: nothing is wrong with it, but effects hang on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import Problem
from .example import EXAMPLE
from .filled import Filled
from .rows import Cells

#: Columns of which a result of a kind needs one, and what it means that all are empty.
_NEEDS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "arm": (
        (("mean", "median"), "no mean or median: this row gives no effect"),
        (("sd", "se", "ci_low", "q1"), "no sd, se or ci: by itself this row gives no effect"),
        (("n",), "no n: that of the arm stands in"),
        (("statistic",), "no statistic: whether it is a final score or a change is not known"),
        (("instrument_id", "scale_max"), "no known instrument and no ends of the scale: no effect in points of 100"),
    ),
    "contrast": (
        (("estimate", "ci_low", "p_value", "direction"), "no estimate, ci, p value or direction"),
        (("se", "ci_low", "p_value"), "no se, ci or p value: this row gives no effect"),
    ),
    "events": (
        (("n",), "no n: that of the arm stands in"),
        (("definition",), "no definition: what counts as an event is not known"),
    ),
    "ratio": ((("ci_low", "se"), "no ci or se: this row gives no effect"),),
    "direction": ((("direction",), "no direction: this row says nothing"),),
}
_TIME = (("week", "when"), "no week and no moment: its time is not stated")


def gaps(filled: Filled) -> list[Problem]:
    """What is still empty among what matters.

    Parameters
    ----------
    filled : Filled
        The forms as read.

    Returns
    -------
    list of Problem
        Form, line, columns, no value, and what follows from it.
    """
    found = []
    for table in EXAMPLE:
        place, rows = filled.places[table], filled.rows.get(table, [])
        if not rows:
            found.append(Problem(place, 0, "", "", "no row yet"))
        for line, row in zip(filled.lines.get(table, []), rows, strict=True):
            empty = _empty_results(row) if table == "results" else _empty(row, EXAMPLE[table])
            found += [Problem(place, line, ", ".join(columns), "", rule) for columns, rule in empty]
    return found


def _empty(row: Cells, example: Sequence[Cells]) -> Iterator[tuple[Sequence[str], str]]:
    """Columns that the worked example fills in wherever it can, and this row does not."""
    names = [name for name in example[0] if all(one[name] for one in example) and not row[name]]
    if names:
        yield names, "still empty"


def _empty_results(row: Cells) -> Iterator[tuple[Sequence[str], str]]:
    if "baseline" in (row["when"], row["statistic"]):
        return
    for columns, rule in (*_NEEDS.get(row["kind"], ()), _TIME):
        if not any(row[name] for name in columns):
            yield columns, rule
