"""Rules between columns and between tables: keys resolve, intervals are in order, counts fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..errors import Problem
from .keys import Break, Tables, broken_keys, key_rows
from .limits import broken, broken_limits


def cross_problems(tables: Tables, files: dict[str, str], lines: dict[str, list[int]]) -> list[Problem]:
    """Every row that breaks a rule between columns or tables.

    Parameters
    ----------
    tables : dict of DataFrame
        Typed tables by name (see `evidence.base.reading.typed`); tables that could not be read are absent.
    files : dict of str
        File name of each table.
    lines : dict of list of int
        Line each row starts on.
    """
    problems = []
    for found in (*broken_keys(tables), *_broken_rules(tables), *broken_limits(tables)):
        frame = tables[found.table]
        for row in np.flatnonzero(found.rows):
            value = frame[found.column].tolist()[row]
            shown = value if isinstance(value, str) else "" if np.isnan(value) else f"{value:g}"
            problems.append(Problem(files[found.table], lines[found.table][row], found.column, shown, found.rule))
    return problems


def _broken_rules(tables: Tables) -> Iterator[Break]:
    if "results" in tables:
        yield from _result_rules(tables["results"])
        yield from _duplicate_results(tables["results"])
        if "arms" in tables:
            yield from _sizes_of_results(tables["results"], tables["arms"], tables.get("studies"))
    if "claims" in tables:
        yield from _claim_rules(tables["claims"])
    if "comparisons" in tables:
        yield from _comparison_rules(tables["comparisons"])
    if "blinding" in tables:
        yield from _blinding_rules(tables["blinding"])
    if "symptom_duration" in tables and "arms" in tables:
        yield from _duration_rules(tables["symptom_duration"], tables["arms"])
    if "hierarchy" in tables:
        yield from _hierarchy_rules(tables["hierarchy"])
    if "studies" in tables and "arms" in tables:
        yield from _sizes_of_trials(tables["studies"], tables["arms"])
    for name in {"instruments", "published_reviews"} & tables.keys():
        frame = tables[name]
        low, high = ("scale_min", "scale_max") if name == "instruments" else ("ci_low", "ci_high")
        yield Break(name, low, (frame[low] >= frame[high]).to_numpy(), f"must be below {high}")


def _result_rules(table: pd.DataFrame) -> Iterator[Break]:
    r = {str(name): table[name].to_numpy() for name in table}
    no = {name: np.isnan(numbers) for name, numbers in r.items() if numbers.dtype == float}
    kind, statistic, versus = r["kind"], r["statistic"], r["versus"]
    arm, events = kind == "arm", kind == "events"
    allowed = {
        "arm": ["final", "change", "baseline", "median_final", "median_change"],
        "contrast": ["difference_in_change", "difference_in_final", "adjusted_difference", "smd", "ratio_of_means"],
        "ratio": ["RR", "OR", "HR", "RD", ""],
        "events": [""],
        "direction": [""],
    }
    for word, statistics in allowed.items():
        rule = f"must be one of {', '.join(filter(None, statistics)) or 'nothing'} when kind is {word}"
        yield broken("statistic", (kind == word) & ~np.isin(statistic, statistics), rule)
    pair = (kind == "contrast") | (kind == "ratio")
    yield broken("versus", pair & (versus == ""), "a contrast or ratio needs the arm it is compared with")
    yield broken("versus", (arm | events) & (versus != ""), "only a pair of arms has a versus")
    yield broken("versus", (versus != "") & (versus == r["arm"]), "must differ from arm")
    signed = arm | (kind == "contrast")
    yield broken("sign", signed & (r["sign"] == ""), "must say how the number is printed")

    yield broken("ci_low", no["ci_low"] & ~no["ci_high"], "an interval needs both limits")
    yield broken("ci_high", no["ci_high"] & ~no["ci_low"], "an interval needs both limits")
    yield broken("ci_low", r["ci_low"] > r["ci_high"], "must not be above ci_high: limits swapped")
    yield broken("ci_level", ~no["ci_level"] & no["ci_low"], "a level without an interval")
    middle = np.where(arm, r["mean"], r["estimate"])
    outside = (r["ci_low"] <= r["ci_high"]) & ((middle < r["ci_low"]) | (middle > r["ci_high"]))
    rule = "the interval must hold its estimate (or confidence be low)"
    yield broken("ci_low", outside & (r["confidence"] == "high"), rule)
    yield broken("q1", (r["q1"] > r["median"]) | (r["q1"] > r["q3"]), "must not be above median or q3")
    yield broken("median", r["median"] > r["q3"], "must not be above q3")
    yield broken("scale_min", r["scale_min"] >= r["scale_max"], "must be below scale_max")
    yield broken("scale_min", no["scale_min"] & ~no["scale_max"], "a scale needs both ends")
    yield broken("scale_max", no["scale_max"] & ~no["scale_min"], "a scale needs both ends")
    yield broken("p_relation", ~no["p_value"] & (r["p_relation"] == ""), "a p value needs =, <, <= or >")

    yield broken("events", events & no["events"] & no["percent"], "needs events or a percentage")
    yield broken("events", r["events"] > r["n"], "must not be above n")
    step = 10.0 ** -_decimals(r["percent"])  # printed percentages are rounded or cut at their last digit
    with np.errstate(divide="ignore", invalid="ignore"):  # of nobody
        off = np.abs(100 * r["events"] / r["n"] - r["percent"]) > 1.01 * step
    yield broken("percent", off, "does not agree with events / n")


def _duplicate_results(r: pd.DataFrame) -> Iterator[Break]:
    said = [column for column in r.columns if column not in ("result_id", "source_url", "source_kind")]
    rule = "repeats an earlier row, only the key differs"
    yield broken("result_id", r.duplicated(said).to_numpy(), rule)


def _sizes_of_results(r: pd.DataFrame, arms: pd.DataFrame, studies: pd.DataFrame | None) -> Iterator[Break]:
    known = dict(zip(key_rows(arms, ["study_id", "arm"]), arms["n_randomised"].tolist(), strict=True))
    named = (key_rows(r, ["study_id", arm]) for arm in ("arm", "versus"))
    ours, theirs = (np.array([known.get(key, np.nan) for key in keys], dtype=float) for keys in named)
    limit = np.where(r["versus"] == "", ours, ours + theirs)
    if studies is not None:
        trial = dict(zip(studies["study_id"].tolist(), studies["n_randomised"].tolist(), strict=True))
        limit = np.where(np.isnan(limit), r["study_id"].map(trial), limit)
    yield Break("results", "n", (r["n"] > limit).to_numpy(), "must not be above the number randomised")


def _sizes_of_trials(studies: pd.DataFrame, arms: pd.DataFrame) -> Iterator[Break]:
    together = arms.groupby("study_id")["n_randomised"].sum()
    parallel = studies["design"] != "crossover"  # in a crossover everybody is in every arm
    more = parallel & (studies["study_id"].map(together) > studies["n_randomised"])
    yield Break("studies", "n_randomised", more.to_numpy(), "is below the sum of the arms in arms.csv")


def _comparison_rules(c: pd.DataFrame) -> Iterator[Break]:
    open_pair = (c["exclude_reason"] == "").to_numpy()
    for column in ("versus", "comparator", "isolates", "needle"):
        yield Break(
            "comparisons",
            column,
            open_pair & (c[column] == "").to_numpy(),
            "must not be empty unless exclude_reason says why",
        )
    yield Break("comparisons", "versus", (c["arm"] == c["versus"]).to_numpy(), "must differ from arm")


def _blinding_rules(b: pd.DataFrame) -> Iterator[Break]:
    everybody_knows = b["comparator"].isin(["any", "no_treatment", "usual_care", "exercise"])
    told = (b["participants_blinded"] == "yes") & everybody_knows
    rule = "people know whether they are needled, unless the comparator looks like it: name the sham comparison"
    yield Break("blinding", "participants_blinded", told.to_numpy(), rule)
    silent = (b["participants_blinded"] == "") & (b["assessors_blinded"] == "")
    yield Break("blinding", "participants_blinded", silent.to_numpy(), "must not be empty where assessors_blinded is")


def _duration_rules(d: pd.DataFrame, arms: pd.DataFrame) -> Iterator[Break]:
    known = set(key_rows(arms, ["study_id", "arm"]))
    lost = [row not in known and row[1] not in ("all", "acu", "control") for row in key_rows(d, ["study_id", "arm"])]
    rule = "must be an arm of this trial, acu or control where the source does not say which, or all"
    yield Break("symptom_duration", "arm", np.array(lost, dtype=bool), rule)
    bare = d["value"].notna() & (d["unit"] == "")
    yield Break("symptom_duration", "unit", bare.to_numpy(), "a value needs its unit")


def _hierarchy_rules(h: pd.DataFrame) -> Iterator[Break]:
    ranked = h["rank"].notna() & h.duplicated(["condition", "outcome", "rank"])
    yield Break("hierarchy", "rank", ranked.to_numpy(), "stands twice for this condition and outcome")
    lent = (h["measured"] == h["outcome"]) & (h["stands_in"] == "yes")
    yield Break("hierarchy", "stands_in", lent.to_numpy(), "an outcome does not stand in for itself")


#: By what an expectation compares trials; every other compares them by nothing.
_COMPARED_BY = {
    "more_is_better": "sessions_per_week",
    "benefit_when_spaced": "sessions_per_week",
    "earlier_is_better": "symptom_duration",
    "benefit_persists": "week",
    "larger_than_other_conditions": "condition",
}


def _claim_rules(c: pd.DataFrame) -> Iterator[Break]:
    nameless = (c["outcome"] == "any_marker") & (c["mechanism"] == "")
    yield Break("claims", "mechanism", nameless.to_numpy(), "any_marker needs the mechanism whose markers are meant")
    compares = c["expects"].isin(list(_COMPARED_BY))
    unmoved = (c["kind"] == "dose") & (c["moderator"] == "") & ~compares
    yield Break("claims", "moderator", unmoved.to_numpy(), "a claim about dose needs what it depends on")
    for expects, moderator in _COMPARED_BY.items():
        other = (c["expects"] == expects) & (c["moderator"] != moderator)
        yield Break("claims", "moderator", other.to_numpy(), f"must be {moderator} where expects is {expects}")
    idle = c["moderator"].isin(list(_COMPARED_BY.values())) & ~compares & (c["kind"] != "dose")
    yield Break("claims", "moderator", idle.to_numpy(), "must be empty where expects compares trials by nothing")
    still = (c["phase"] == "maintenance") & (c["kind"] == "mechanism")
    yield Break("claims", "phase", still.to_numpy(), "must be empty where the kind is mechanism")
    all_alike = (c["expects"] == "larger_than_other_conditions") & c["condition"].isin(["any", "each"])
    yield Break("claims", "condition", all_alike.to_numpy(), "must name the conditions that differ from the others")


def _decimals(numbers: np.ndarray) -> np.ndarray:
    texts = ["" if number != number else f"{number:.6f}".rstrip("0") for number in numbers.tolist()]
    return np.array([len(text.partition(".")[2]) for text in texts])
