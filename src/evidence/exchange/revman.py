"""Read RevMan Web's CSV exports as drafts: analysis data, or study results.

**Analysis data** (``...-data-rows.csv`` of a review's data package): a row is a study in an analysis. Columns read:
``Analysis group``, ``Analysis number``, ``Analysis name``, ``Subgroup``, ``Study``, ``Study year``, ``Experimental
mean``, ``Experimental SD``, ``Experimental cases``, ``Experimental N``, the same of ``Control``, ``GIV Mean``, ``GIV
SE``, ``Footnotes``. ``Comparison number``, ``Outcome number``, ``Outcome``, ``Experimental total`` and ``Control
total`` are other names of ``Analysis group``, ``Analysis number``, ``Analysis name`` and the two ``N``. The file does
not name the arms, and RevMan's own effects and weights have no place.

**Study results** (``...-study-results.csv``): a row is an arm, or a contrast with a reference arm. Columns read:
``Study``, ``Outcome``, ``Data type``, ``Effect measure``, ``Arm``, ``Reference arm``, ``Sample size``, ``Cases``,
``Mean``, ``SD``, ``SE``, ``CI level``, ``CI start``, ``CI end``, ``Exp mean``, ``Exp CI start``, ``Exp CI end``,
``P value``, ``Footnotes``.
"""

from __future__ import annotations

from .draft import Draft, study_key
from .pairs import add_pairs
from .table_source import Line, Table
from .tables_by_study import drafted
from .words import Words

_SIDES = ("Experimental", "Control")
_NUMBERS = ("mean", "SD", "cases", "N")
ANALYSIS = (
    *("Analysis group", "Analysis number", "Analysis name", "Subgroup", "Study", "Study year"),
    *(f"{side} {name}" for side in _SIDES for name in _NUMBERS),
    *("GIV Mean", "GIV SE", "Footnotes"),
)
#: Other names of columns of the analysis data.
ALIASES = {
    "Comparison number": "Analysis group",
    "Outcome number": "Analysis number",
    "Outcome": "Analysis name",
    "Experimental total": "Experimental N",
    "Control total": "Control N",
}
RESULTS = (
    *("Study", "Outcome", "Data type", "Effect measure", "Arm", "Reference arm", "Sample size", "Cases", "Mean", "SD"),
    *("SE", "CI level", "CI start", "CI end", "Exp mean", "Exp CI start", "Exp CI end", "P value", "Footnotes"),
)
_RATIOS = ("RR", "OR", "HR")
_STATISTICS = {"SMD": "smd", "ROM": "ratio_of_means", "RR": "RR", "OR": "OR", "HR": "HR", "RD": "RD"}


def read_analysis(table: Table, words: Words) -> list[Draft]:
    """Drafts of a file of analysis data.

    Parameters
    ----------
    table : Table
        The file.
    words : Words
        Our vocabularies.
    """
    return drafted(table, words, ANALYSIS, _add_analysis, year="Study year")


def read_results(table: Table, words: Words) -> list[Draft]:
    """Drafts of a file of study results.

    Parameters
    ----------
    table : Table
        The file.
    words : Words
        Our vocabularies.
    """
    drafts = drafted(table, words, RESULTS, _add_result)
    for draft in drafts:
        add_pairs(draft, words)
    return drafts


def _add_analysis(draft: Draft, line: Line, words: Words) -> None:
    """One row of analysis data: two arms with means or counts, or their difference."""
    group = line.text("Analysis group")
    arms = [side.lower() + (f"-{study_key(group)}" if study_key(group) else "") for side in _SIDES]
    for side, arm in zip(_SIDES, arms, strict=True):
        label = f"{side} (comparison {group})" if group else side
        draft.tell("arms", "role", label)
        draft.add("arms", arm=arm, label=label)
    draft.add("comparisons", arm=arms[0], versus=arms[1])
    draft.tell("comparisons", "comparator", "Control")
    subgroup, footnotes = line.text("Subgroup"), line.text("Footnotes")
    shared = _measured(draft, line.text("Analysis name"), words)
    shared["note"] = "; ".join(filter(None, (f"subgroup {subgroup}" if subgroup else "", footnotes)))
    found = {side: {name: line.number(f"{side} {name}") for name in _NUMBERS} for side in _SIDES}
    if all(found[side]["cases"] for side in _SIDES):
        for side, arm in zip(_SIDES, arms, strict=True):
            cells = {"n": found[side]["N"], "events": found[side]["cases"]}
            draft.add("results", kind="events", arm=arm, definition=shared["instrument"], **shared | cells)
    elif all(found[side]["mean"] for side in _SIDES):
        draft.tell("results", "statistic", "mean")
        for side, arm in zip(_SIDES, arms, strict=True):
            cells = {"n": found[side]["N"], "mean": found[side]["mean"], "sd": found[side]["SD"]}
            draft.add("results", kind="arm", arm=arm, **shared | cells)
    elif line.text("GIV Mean"):
        draft.tell("results", "statistic", "generic inverse variance, on the scale of the analysis")
        cells = {"estimate": line.number("GIV Mean"), "se": line.number("GIV SE")}
        draft.add("results", kind="contrast", arm=arms[0], versus=arms[1], **shared | cells)
    else:
        draft.drop(f"line {line.line}: no means, cases or generic inverse variance")


def _add_result(draft: Draft, line: Line, words: Words) -> None:
    """One row of study results: an arm, or a contrast with a reference arm."""
    arms = [_arm(draft, line.text(name), words) for name in ("Arm", "Reference arm")]
    shared = _measured(draft, line.text("Outcome"), words) | {"arm": arms[0], "note": line.text("Footnotes")}
    n = line.number("Sample size")
    if not arms[0]:
        draft.drop(f"line {line.line}: names no arm")
    elif arms[1]:
        draft.add(
            "comparisons", arm=arms[0], versus=arms[1], comparator=words.key("comparator", line.text("Reference arm"))
        )
        draft.add("results", **shared, versus=arms[1], n=n, **_contrast(draft, line))
    elif line.text("Cases"):
        definition = shared["instrument"]
        draft.add("results", kind="events", definition=definition, n=n, events=line.number("Cases"), **shared)
    elif line.text("Mean"):
        draft.tell("results", "statistic", "mean")
        spread = {"mean": line.number("Mean"), "sd": line.number("SD"), "se": line.number("SE")}
        draft.add("results", kind="arm", n=n, **spread, **_interval(line, "CI start", "CI end"), **shared)
    else:
        draft.drop(f"line {line.line}: no mean and no cases")


def _contrast(draft: Draft, line: Line) -> dict[str, str]:
    measure, p = line.text("Effect measure"), line.number("P value")
    statistic = _STATISTICS.get(measure, "")
    if not statistic:
        draft.tell("results", "statistic", measure)
    cells = {"kind": "contrast", "statistic": statistic, "p_value": p, "p_relation": "=" if p else ""}
    if measure in (*_RATIOS, "RD"):
        cells["kind"] = "ratio"
    if measure in _RATIOS or measure == "ROM":
        if not line.text("Exp mean"):
            draft.drop(f"line {line.line}: logarithm of {measure} {line.text('Mean')}, SE {line.text('SE')}")
        return cells | {"estimate": line.number("Exp mean")} | _interval(line, "Exp CI start", "Exp CI end")
    numbers = {"estimate": line.number("Mean"), "se": line.number("SE")}
    sign = "as_is" if cells["kind"] == "contrast" else ""  # by RevMan's definition: arm less reference arm
    return cells | numbers | {"sign": sign} | _interval(line, "CI start", "CI end")


def _interval(line: Line, start: str, end: str) -> dict[str, str]:
    low, high, level = line.number(start), line.number(end), line.number("CI level")
    if not low or not high:
        return {}
    return {"ci_low": low, "ci_high": high, "ci_level": f"{float(level) / 100:g}" if level else ""}


def _arm(draft: Draft, label: str, words: Words) -> str:
    key = study_key(label) or ("arm" if label else "")
    if key:
        role, style = words.key("role", label), words.key("style", label)
        if not role:
            draft.tell("arms", "role", label)
        draft.add("arms", arm=key, role=role, style=style, label=label)
    return key


def _measured(draft: Draft, name: str, words: Words) -> dict[str, str]:
    outcome, instrument = words.key("outcome", name), words.key("instrument", name)
    if not outcome:
        draft.tell("results", "outcome", name)
    if not instrument:
        draft.tell("results", "instrument_id", name)
    return {"outcome": outcome, "instrument": name, "instrument_id": instrument}
