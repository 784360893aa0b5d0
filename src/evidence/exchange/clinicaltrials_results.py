"""Read the results of a ClinicalTrials.gov record: outcome measures, their analyses, baselines, adverse events.

Modules read: ``participantFlow``, ``baselineCharacteristics``, ``outcomeMeasures`` and ``adverseEvents``.
"""

from __future__ import annotations

import re

from .draft import Draft, study_key
from .json_source import Node
from .words import Words

_INTERVAL = re.compile(r"(\d+(?:\.\d+)?) ?% confidence interval")
_P = re.compile(r"(<=|[<>=≤])? ?(0?\.\d+|[01](?:\.\d*)?)")
_MEANS = {"MEAN": "", "LEAST SQUARES MEAN": "least squares mean"}
_RATIOS = {"risk ratio (rr)": "RR", "odds ratio (or)": "OR", "hazard ratio (hr)": "HR", "risk difference (rd)": "RD"}
_DIFFERENCES = {"mean difference (final values)": "difference_in_final"}
_EVENTS = (("serious", "serious adverse events"), ("other", "adverse events that are not serious"))
_ORDER = "groups in the order of the record, which does not say which is subtracted from or divided by which"


class Groups:
    """Groups of a record's tables and the arms they are: each table numbers its own, titles tell them.

    Parameters
    ----------
    draft : Draft
        Gets a row for each arm.
    words : Words
        Our vocabularies.
    types : dict of str
        Title, in small letters, to what the protocol calls the arm.
    """

    def __init__(self, draft: Draft, words: Words, types: dict[str, str]) -> None:
        self._draft, self._words, self._types = draft, words, types
        self._arms: dict[str, str] = {}

    def knows(self, title: str) -> bool:
        """Whether a group of this title is an arm.

        Parameters
        ----------
        title : str
        """
        return title.casefold() in self._arms

    def add(self, node: Node, title: str = "title", **cells: str) -> str:
        """The arm of a group, made where there is none of its title yet.

        Parameters
        ----------
        node : Node
            The group.
        title : str
            The member that names it.
        **cells : str
            What else is known of the arm.
        """
        said = node.text(title)
        folded = said.casefold()
        if said and folded not in self._arms:
            key = study_key(said)[:40].strip("-") or "arm"
            taken = list(self._arms.values())
            self._arms[folded] = key if key not in taken else f"{key}-{len(taken) + 1}"
            role, style = self._words.key("role", said), self._words.key("style", said)
            if not role:
                kind = self._types.get(folded, "")
                self._draft.tell("arms", "role", f"{said} ({kind})" if kind else said)
            self._draft.add("arms", arm=self._arms[folded], role=role, style=style, label=said, **cells)
        return self._arms.get(folded, "")

    def of(self, table: Node) -> dict[str, str]:
        """Group to arm of one table; the total of all arms is "".

        Parameters
        ----------
        table : Node
            Has ``groups``.
        """
        return {
            node.text("id"): "" if node.text("title") == "Total" else self.of_later_table(node)
            for node in table.each("groups")
        }

    def of_later_table(self, node: Node) -> str:
        """The arm of a group in a table after the first, where a new title may be another name of a known arm.

        Parameters
        ----------
        node : Node
            The group.
        """
        said = node.text("title")
        if said and not self.knows(said):
            self._draft.tell("arms", "arm", f"{said} (no arm so far had this title: a new one, or one of them?)")
        return self.add(node)


def add_results(draft: Draft, results: Node, groups: Groups, words: Words, source: dict[str, str]) -> None:
    """Add what the record reports.

    Parameters
    ----------
    draft : Draft
        Gets the rows.
    results : Node
        The record's ``resultsSection``.
    groups : Groups
        Its arms.
    words : Words
        Our vocabularies.
    source : dict of str
        ``source_url`` and ``source_kind`` of each row.
    """
    measures = list(results.each("outcomeMeasuresModule.outcomeMeasures"))
    titles = {node.text("title").casefold() for node in measures}
    baseline = results.at("baselineCharacteristicsModule")
    arms = groups.of(baseline)
    for node in baseline.each("measures"):
        title = node.text("title")
        if title.casefold() in titles or words.key("instrument", title) or words.key("outcome", title):
            shared = _measured(draft, node, words) | {"when": "baseline", "statistic": "baseline", "sign": "as_is"}
            _measurements(draft, node, arms, _sizes(baseline), words, shared | source)
        else:
            draft.drop(f"baseline: {title}")
    for node in measures:
        arms = groups.of(node)
        shared = _measured(draft, node, words) | source
        draft.tell("results", "week", node.text("timeFrame"))
        draft.tell("results", "statistic", node.text("title"))
        _measurements(draft, node, arms, _sizes(node), words, shared)
        for analysis in node.each("analyses"):
            _analysis(draft, analysis, arms, shared)
    _adverse_events(draft, results.at("adverseEventsModule"), groups, words, source)
    for node in results.each("participantFlowModule.periods"):
        draft.drop(f"flow of participants through {node.text('title')!r} after its start")


def _measured(draft: Draft, node: Node, words: Words) -> dict[str, str]:
    title = node.text("title")
    outcome, instrument = words.key("outcome", title), words.key("instrument", title)
    if not outcome:
        draft.tell("results", "outcome", title)
    if not instrument:
        draft.tell("results", "instrument_id", title)
    unit = node.text("unitOfMeasure")
    return {"outcome": outcome, "instrument": title, "instrument_id": instrument, "unit": unit}


def _sizes(node: Node) -> dict[str, str]:
    """Group to people analysed."""
    found: dict[str, str] = {}
    for counts in node.each("denoms"):
        if counts.text("units").casefold() == "participants":
            found |= {one.text("groupId"): one.number("value") for one in counts.each("counts")}
    return found


def _measurements(
    draft: Draft, node: Node, arms: dict[str, str], sizes: dict[str, str], words: Words, shared: dict[str, str]
) -> None:
    kind = node.text("paramType").upper().replace("_", " ")
    spread = node.text("dispersionType").lower().replace("_", " ")
    for level in node.each("classes"):
        own = sizes | _sizes(level)
        for category in level.each("categories"):
            titles = [text for text in (level.text("title"), category.text("title")) if text]
            when = words.key("when", *titles)
            for one in category.each("measurements"):
                arm, group = arms.get(one.text("groupId"), ""), one.text("groupId")
                value = one.number("value")
                if not arm or not value:
                    if arm or group not in arms:
                        draft.drop(f"{shared['instrument']}, {group}: {one.text('value') or 'no value'}")
                    continue
                row = {"arm": arm, "n": own.get(group, "")} | shared | ({"when": when} if when else {})
                cells = _cells(kind, spread, shared["unit"].casefold(), value, one)
                if not cells:
                    draft.drop(f"{shared['instrument']}: {kind.lower() or 'no kind of number'} {value}")
                    continue
                if cells["kind"] == "events":
                    row |= {"definition": "; ".join([shared["instrument"], *titles]), "statistic": "", "sign": ""}
                notes = [cells.pop("note", ""), *(title for title in titles if not words.key("when", title))]
                draft.add("results", **row, **cells, note="; ".join(filter(None, notes)))


def _cells(kind: str, spread: str, unit: str, value: str, one: Node) -> dict[str, str]:
    """Value and spread in the columns for what the record says they are; empty where there is none."""
    if kind == "COUNT OF PARTICIPANTS" or (kind == "NUMBER" and unit == "participants"):
        return {"kind": "events", "events": value}
    if kind == "NUMBER" and unit in ("percentage of participants", "percent of participants"):
        return {"kind": "events", "percent": value}
    low, high, width = one.number("lowerLimit"), one.number("upperLimit"), one.number("spread")
    if kind == "MEDIAN":
        if spread in ("inter-quartile range", "inter quartile range"):
            return {"kind": "arm", "median": value, "q1": low, "q3": high}
        return {"kind": "arm", "median": value, "note": _rest(spread, low, high, width)}
    if kind not in _MEANS:
        return {}
    cells = {"kind": "arm", "mean": value}
    interval = _INTERVAL.fullmatch(spread)
    if spread == "standard deviation":
        cells["sd"] = width
    elif spread in ("standard error", "standard error of the mean"):
        cells["se"] = width
    elif interval and low and high:
        cells |= {"ci_low": low, "ci_high": high, "ci_level": _level(interval[1])}
    else:
        return cells | {"note": "; ".join(filter(None, (_MEANS[kind], _rest(spread, low, high, width))))}
    return cells | {"note": _MEANS[kind]}


def _rest(spread: str, low: str, high: str, width: str) -> str:
    return f"{spread} {width or ' to '.join(filter(None, (low, high)))}" if width or low or high else ""


def _level(percent: str) -> str:
    return f"{float(percent) / 100:g}"


def _analysis(draft: Draft, node: Node, arms: dict[str, str], shared: dict[str, str]) -> None:
    """A comparison of two groups; of more than two there is no row."""
    compared = [arms.get(one.text(), "") for one in node.each("groupIds")]
    method, parameter = node.text("statisticalMethod"), node.text("paramType")
    told = f"analysis of {shared['instrument']}: {method or 'no method named'}, {parameter} {node.text('paramValue')}"
    if len(compared) != 2 or not all(compared) or compared[0] == compared[1]:
        draft.drop(f"{told} p {node.text('pValue')} ({len(compared)} groups)")
        return
    ratio = _RATIOS.get(parameter.casefold(), "")
    estimate, low, high = (node.number(name) for name in ("paramValue", "ciLowerLimit", "ciUpperLimit"))
    both = bool(low and high)
    level = node.number("ciPctValue") if both else ""
    error = "standard error" in node.text("dispersionType").lower().replace("_", " ")
    relation, p = _p_value(draft, node.text("pValue"), told)
    statistic = ratio or _DIFFERENCES.get(parameter.casefold(), "")
    if not statistic:
        draft.tell("results", "statistic", parameter)
    draft.tell("results", "sign", _ORDER)
    if (low or high) and not both:
        draft.drop(f"{told}: one-sided interval from {low or 'no lower'} to {high or 'no upper'} limit")
    draft.add(
        "results",
        **shared | {"unit": "" if ratio else shared["unit"]},
        kind="ratio" if ratio else "contrast",
        arm=compared[0],
        versus=compared[1],
        statistic=statistic,
        sign="unclear" if ratio else "",  # a ratio may stand without a sign, and would then be used as it is
        estimate=estimate,
        se=node.number("dispersionValue") if error else "",
        ci_low=low if both else "",
        ci_high=high if both else "",
        ci_level=_level(level) if level else "",
        p_value=p,
        p_relation=relation,
        note="; ".join(filter(None, (method, parameter, _ORDER))),
    )


def _p_value(draft: Draft, text: str, told: str) -> tuple[str, str]:
    found = _P.fullmatch(text)
    if not found or not float(found[2]):
        if text:
            draft.drop(f"{told}: p value {text!r}")
        return "", ""
    return {None: "=", "≤": "<="}.get(found[1], found[1]), found[2]


def _adverse_events(draft: Draft, module: Node, groups: Groups, words: Words, source: dict[str, str]) -> None:
    outcome = words.key("outcome", "adverse events")
    for node in module.each("eventGroups"):
        arm = groups.of_later_table(node)
        for word, definition in _EVENTS:
            events, n = node.number(f"{word}NumAffected"), node.number(f"{word}NumAtRisk")
            if arm and events:
                shared = {"kind": "events", "outcome": outcome, "definition": definition} | source
                draft.add("results", arm=arm, events=events, n=n, **shared)
    terms = sum(1 for name in ("seriousEvents", "otherEvents") for _ in module.each(name))
    if terms:
        draft.drop(f"{terms} single terms of adverse events")
