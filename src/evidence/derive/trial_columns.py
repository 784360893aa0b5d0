"""What people call the columns of their trials, and what each is read as.

metafor's and meta's names, RevMan's, ``estimate lower upper``, and our own in capital letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..base.reading import RawTable
from ..effects.measures.measures import MEASURES
from ..effects.measures.names import METAFOR
from ..errors import InvalidInput

#: Columns that may name a trial, the first that is there.
LABELS = ("label", "study", "trial", "author")
#: Column names of an interval of 95% beside ``yi``.
INTERVAL = ("lower", "upper")
_BETWEEN = re.compile(r"[\s._\-/%()]+")
_ENDS = {
    "lower": ("ci low", "ci lower", "lower ci", "lower 95", "lower 95 ci", "95 ci lower", "ci lb", "lcl", "ll", "lci"),
    "upper": ("ci high", "ci upper", "upper ci", "upper 95", "upper 95 ci", "95 ci upper", "ci ub", "ucl", "ul", "uci"),
}
_ARMS = {"1": ("e", "experimental", "intervention", "treatment", "1"), "2": ("c", "control", "comparator", "2")}
_OF_AN_ARM = {"m": ("mean",), "sd": ("sd",), "n": ("n", "total"), "event": ("event", "events", "cases")}
_EVENTS = {"1": "ai", "2": "ci"}


def _aliases() -> dict[str, str]:
    """A name as `_key` writes it, to ours."""
    ours = {name for measure in MEASURES.values() for name in measure.inputs}
    ours |= {total for measure in MEASURES.values() if measure.counts for total in measure.counts.totals}
    found = {name: name for name in (*LABELS, *INTERVAL, "yi", "vi", "sei", *ours)} | dict(METAFOR)
    found |= dict.fromkeys(("te", "estimate", "effect", "effect size", "es", "giv mean", "hedges g", "g"), "yi")
    found |= dict.fromkeys(("sete", "se", "se te", "giv se", "standard error", "std error", "stderr"), "sei")
    found |= dict.fromkeys(("var", "variance", "sampling variance"), "vi")
    found |= dict.fromkeys(("studlab", "study id", "study name", "studyid", "slab"), "study")
    found |= {alias: end for end, others in _ENDS.items() for alias in others}
    found |= {measure.lower(): "yi" for measure in ("SMD", "MD", "OR", "RR", "ROM", "IRR", "RD")}
    for arm, groups in _ARMS.items():
        for statistic, words in _OF_AN_ARM.items():
            name = _EVENTS[arm] if statistic == "event" else statistic + arm
            found |= {f"{word} {group}": name for word in words for group in groups}
            found |= {f"{group} {word}": name for word in words for group in groups}
    return found


_ALIASES: Mapping[str, str] = _aliases()
#: Every name that is understood.
KNOWN = frozenset(_ALIASES) | {"te", "sete", "experimental mean", "experimental cases", "giv mean"}


def understood(raw: RawTable) -> tuple[RawTable, dict[str, str]]:
    """The table under our names, and what was read as what.

    Parameters
    ----------
    raw : RawTable
        A file's cells under its own names.

    Returns
    -------
    (RawTable, dict)
        Column of the file to the name it was read as, of those that differ.

    Raises
    ------
    InvalidInput
        Two columns are names of the same thing.
    """
    heard: dict[str, str] = {}
    for column in raw.cells:
        name = _ALIASES.get(_key(column), column)
        if name != column and name not in raw.cells:
            twin = next((other for other, as_name in heard.items() if as_name == name), "")
            if twin:
                raise InvalidInput(f"{raw.name}: {twin} and {column} both mean {name}; call the one to be used {name}")
            heard[column] = name
    return replace(raw, cells={heard.get(column, column): cells for column, cells in raw.cells.items()}), heard


def measure_in(heard: Mapping[str, str]) -> str:
    """The measure that the name of the effect's column tells; "" where it tells none."""
    told = [_key(column).upper() for column, name in heard.items() if name == "yi"]
    return next((name for name in told if name in MEASURES), "SMD" if set(told) & {"G", "HEDGES G"} else "")


def _key(column: str) -> str:
    return _BETWEEN.sub(" ", column).strip().lower()
