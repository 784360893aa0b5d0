"""The summary of findings as a table to print: one row a pool, reasons as footnotes."""

from __future__ import annotations

from ..answers.results import Results
from ..answers.wording.words import people, whole
from ..base.rows import rows_of
from ..effects.arguments import require_kind
from ..errors import NotEstimable, require_extra
from .story.table import Table, styled


def findings_table(results: Results) -> Table:
    """Summary of findings with the certainty of each and what lowers it.

    Parameters
    ----------
    results : Results
        Of the whole base.

    Returns
    -------
    Table
        Outcome and comparator by condition, trials and people, effect in points of 100 and in words, how many of
        100 people improve with either, certainty; the reasons of a grade are the footnotes of its cell.

    See Also
    --------
    summary_of_findings : the same as a frame.
    table : a table of any result.

    Examples
    --------
    >>> import evidence as ev
    >>> list(ev.findings_table(ev.Results(ev.load())).cells)[:3]
    ['Condition', 'Outcome', 'Against']
    """
    require_kind("results", results, Results, "what ev.Results makes of a base")
    great = require_extra("great_tables", "lab")
    findings = results.findings()
    if findings.empty:
        raise NotEstimable("no trial against sham gives a number up to 3 months: there is no finding to show")
    shown = findings.assign(
        outcome=findings["outcome_label"] + " " + findings["time_label"],
        against=findings["comparator_label"],
        rests_on=[f"{row['k']:.0f} / {people(row['n'])}" for row in rows_of(findings)],
        points=[_range(row, "points") for row in rows_of(findings)],
        improve=[_people(row) for row in rows_of(findings)],
    )[["condition_label", "outcome", "against", "rests_on", "points", "improve", "effect", "certainty"]]
    table = (
        great.GT(shown, id="findings", groupname_col="condition_label")
        .tab_header("Summary of findings", "Above 0 favours acupuncture")
        .cols_label(**_HEADS)
    )
    for at, row in enumerate(rows_of(findings)):
        for note in filter(None, str(row["footnotes"]).split(" | ")):
            table = table.tab_footnote(note, great.loc.body(columns="certainty", rows=[at]))
    heads = {"condition_label": "Condition", **_HEADS}
    return Table(shown.rename(columns=heads), styled(table, "findings", shown))


_HEADS = {
    "outcome": "Outcome",
    "against": "Against",
    "rests_on": "Trials / people",
    "points": "Points of 100",
    "improve": "Of 100 people improve",
    "effect": "In words",
    "certainty": "Certainty",
}


def _range(row: dict[str, float], name: str) -> str:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    return "" if value != value else f"{whole(value)} ({whole(low)} to {whole(high)})"


def _people(row: dict[str, float]) -> str:
    if row["risk_comparator"] != row["risk_comparator"]:
        return ""
    return f"{whole(row['risk_comparator'])} without, {_range(row, 'risk_acupuncture')} with"
