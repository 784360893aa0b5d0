"""A table of one's own trials, one a row, as an effects frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..base.numbers import read_number
from ..base.package import descriptor
from ..base.reading import RawTable, read_cells
from ..base.sheets import SHEETS, read_sheet
from ..effects.arguments import require_path
from ..effects.inputs import FINITE, POSITIVE, Rule
from ..effects.measures.effect_size import effect_size
from ..effects.measures.measures import MEASURES
from ..effects.measures.names import measure_name
from ..errors import EvidenceError, InvalidData, InvalidInput, Problem
from .interval_columns import effects_of_intervals
from .trial_columns import INTERVAL, KNOWN, LABELS, measure_in, understood

#: What a row is called that sums up the trials.
_TOTAL = re.compile(
    r"((sub|grand|sub-|grand )?total|overall|pooled|summary|combined|random|fixed|all (trials|studies))"
    r"( \([^)]*\)| effects?| model| estimate| effects? model)*:?",
    re.IGNORECASE,
)
_ERROR = Rule(lambda x: (x > 1e-25) & (x < 1e30), "be above 0, a standard error from 1e-25 to 1e30")
_READY: Mapping[str, Mapping[str, Rule]] = {
    "vi": {"yi": FINITE, "vi": POSITIVE},
    "sei": {"yi": FINITE, "sei": _ERROR},
    "lower and upper": {"yi": FINITE, **dict.fromkeys(INTERVAL, FINITE)},
}


def read_trials(path: str | Path, measure: str = "") -> pd.DataFrame:
    """Read trials from a CSV or a workbook and compute their effect sizes.

    Parameters
    ----------
    path : path
        A CSV, or the first sheet of an .xlsx, .xls or .ods, with a header and a row a trial: a column ``label``,
        ``study``, ``trial`` or ``author``, and either ``yi`` with ``vi``, ``sei`` (its standard error) or ``lower`` and
        ``upper`` (its 95% interval), or the statistics of `measure` under the names of `effect_size` (``m1 sd1 n1 m2
        sd2 n2``, ``ai n1 ci n2``). Other names of these are understood in any case: metafor's (``m1i sd1i n1i``),
        meta's (``TE seTE``, ``event.e n.e``), RevMan's (``Experimental mean``), ``estimate``. A byte-order mark,
        semicolons, tabs, decimal commas in semicolon files, ``n/a`` and ``NA`` are understood, and Excel's line
        ``sep=;``. Counts are whole; a number with two readings, such as ``3.200`` people in a semicolon file, is
        refused.
    measure : str, optional
        Effect size to compute; where the file has ``yi``, only what these are: ``RR`` for log risk ratios.

    Returns
    -------
    DataFrame
        ``label, yi, vi``, then the other columns of the file: numbers where all their cells are, else text, missing
        cells NaN; positive is what the file counts as positive. A trial with a cell missing is left out, and so is a
        row that sums the trials up ("Total"); ``attrs["incomplete"]`` has a `Problem` for each. ``attrs["printed"]``
        keeps the text of the numbers, from which `screen` knows their decimals; ``attrs["understood"]`` says what was
        read as what, ``attrs["measure"]`` what the effects are, "" where nothing tells.

    Raises
    ------
    InvalidData
        With every cell that is wrong: file, line, column, value and rule. Nothing is pooled from such a file.
    InvalidInput
        The file has no columns that give an effect, or `measure` does not fit them: the message names those that do.

    See Also
    --------
    evidence.pool : Pool what was read.
    evidence.effect_size : Effect sizes from arrays or columns.
    evidence.screen : Whether its numbers can be right as printed.

    Examples
    --------
    >>> import evidence as ev, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("study;ai;n1;ci;n2\\nFirst;12;40;20;41\\nSecond;8;n/a;9;30\\n")
    >>> trials = ev.read_trials(path, "RR")
    >>> trials.round(3)
       label     yi     vi  ai  n1  ci  n2
    0  First -0.486  0.084  12  40  20  41
    >>> print(trials.attrs["incomplete"][0])
    mine.csv, line 3, column n1: missing, so the trial gives no effect
    """
    if measure:
        measure = measure_name(measure)
    path = require_path("path", path)
    if not path.is_file():
        raise InvalidInput(f"{path}: there is no such file")
    names = {name for one in (*_READY.values(), *(m.inputs for m in MEASURES.values())) for name in one}
    read = read_sheet(path) if path.suffix.lower() in SHEETS else read_cells(path, {*LABELS, *names, *KNOWN})
    raw, problems = read
    if raw is None:
        raise InvalidData(problems)
    raw, heard = understood(raw)
    rules = _needed(raw, measure)
    label = next((column for column in LABELS if column in raw.cells), "")
    raw, left_out = _without_totals(raw, label)
    values = {}
    for column in rules:
        values[column], wrong = _numbers(raw, column, rules[column])
        problems += wrong
    problems += _duplicates(raw) + _contradictions(raw, rules)
    if problems:
        raise InvalidData(problems)
    numbers = pd.DataFrame(values, dtype=float)
    complete = numbers.notna().all(axis=1)
    frame = pd.DataFrame({"label": raw.cells[label] if label else [f"line {line}" for line in raw.lines]})
    lines = np.array(raw.lines)[complete]
    names_heard = [f"{column} as {name}" for column, name in heard.items() if column.lower() != name]
    told = [", ".join(names_heard)] if names_heard else []
    if "yi" in rules:
        named = measure_in(heard)
        measure = measure or named
    if "lower" in rules:
        effects, words = effects_of_intervals(numbers[complete], measure, raw.name, lines)
        told.append(words)
    else:
        if "yi" in rules and measure and MEASURES[measure].ratio:
            _refuse_bare_ratio(raw.name, named)
            told.append(f"yi as the log of {measure}")
        effects = _effects(numbers[complete], measure, raw.name, lines)
    frame = pd.concat([frame, effects], axis=1)
    frame = frame[complete].reset_index(drop=True)
    if frame.empty:
        raise InvalidInput(f"{path.name}: no row has all of {', '.join(rules)}")
    kept = {
        name: list(compress(cells, complete)) for name, cells in raw.cells.items() if name not in {label, "yi", "vi"}
    }
    others = {column: _column(cells, raw.decimal) for column, cells in kept.items()}
    frame = pd.concat([frame, pd.DataFrame(others)], axis=1)
    numeric = frame.select_dtypes("number").columns
    frame.attrs["printed"] = {
        column: [cell.replace(",", ".").replace("\u2212", "-") for cell in cells]
        for column, cells in kept.items()
        if column in numeric
    }
    frame.attrs |= {"understood": told, "measure": measure}
    frame.attrs["incomplete"] = left_out + [
        Problem(
            raw.name,
            raw.lines[at],
            ", ".join(numbers.columns[numbers.iloc[at].isna()]),
            "",
            "missing, so the trial gives no effect",
        )
        for at in np.flatnonzero(~complete)
    ]
    return frame


def _refuse_bare_ratio(file: str, named: str) -> None:
    """A column named after a ratio, with an error beside it, could be the ratio or its log."""
    if named and MEASURES[named].ratio:
        raise InvalidInput(
            f"{file}: the column {named} could be the ratio or its log; call the log yi, or give lower and upper"
        )


def _without_totals(raw: RawTable, label: str) -> tuple[RawTable, list[Problem]]:
    """The trials, and a problem for each row that sums them up."""
    total = [bool(_TOTAL.fullmatch(cell)) for cell in raw.cells.get(label, [])]
    if not any(total):
        return raw, []
    keep = [not one for one in total]
    rule = "sums trials up and is none itself, so it is left out"
    found = [
        Problem(raw.name, line, label, raw.cells[label][at], rule) for at, line in enumerate(raw.lines) if total[at]
    ]
    cells = {name: list(compress(column, keep)) for name, column in raw.cells.items()}
    return replace(raw, cells=cells, lines=list(compress(raw.lines, keep))), found


def _column(cells: list[str], decimal: str) -> pd.Series:
    """Numbers where all cells that say something are, else text; NaN where they say nothing."""
    missing = set(descriptor()["missingValues"])
    told = pd.Series([np.nan if cell.lower() in missing else cell for cell in cells], dtype=object)
    numbers = [read_number(cell, decimal) if isinstance(cell, str) else np.nan for cell in told]
    if any(isinstance(number, str) for number in numbers) or told.isna().all():
        return told
    found = pd.Series(numbers, dtype=float)
    whole = not found.isna().any() and not (found % 1).any() and found.abs().max() < 2**53
    return found.astype("int64") if whole else found


def _needed(raw: RawTable, measure: str) -> Mapping[str, Rule]:
    """Columns to read as numbers, each with its rule."""
    ready = next((rules for rules in _READY.values() if set(rules) <= set(raw.cells)), None)
    if ready and not measure:
        return ready
    possible = {name: rules for name in MEASURES if (rules := _columns_of(name, raw))}
    if measure in possible:
        return possible[measure]
    if ready:
        return ready
    found = f"has the columns {', '.join(raw.cells)}"
    if possible and not measure:
        raise InvalidInput(f"{raw.name} {found}: choose a measure among {', '.join(possible)}")
    wanted = (
        ", ".join(MEASURES[measure].inputs)
        if measure
        else "yi with vi, sei, or lower and upper, or the statistics of a measure"
    )
    raise InvalidInput(f"{raw.name} {found}; {measure or 'an effect'} needs {wanted}")


def _columns_of(measure: str, raw: RawTable) -> Mapping[str, Rule]:
    """The inputs of a measure as the file has them, with totals in place of those who had no event; empty if not."""
    rules = dict(MEASURES[measure].inputs)
    counts = MEASURES[measure].counts
    for total, (events, others) in (counts.totals if counts else {}).items():
        if others not in raw.cells and total in raw.cells and events in raw.cells:
            rules[total] = rules.pop(others)
    return rules if set(rules) <= set(raw.cells) else {}


def _numbers(raw: RawTable, column: str, rule: Rule) -> tuple[list[float], list[Problem]]:
    missing = set(descriptor()["missingValues"])
    values: list[float] = []
    problems = []
    for line, cell in zip(raw.lines, raw.cells[column], strict=True):
        read = read_number("" if cell.lower() in missing else cell, raw.decimal, whole=rule.counted)
        if not isinstance(read, str) and not np.isnan(read) and not rule.holds(np.array(read)):
            read = f"must {rule.words}"
        if isinstance(read, str):
            problems.append(Problem(raw.name, line, column, cell, read))
        values.append(np.nan if isinstance(read, str) else read)
    return values, problems


def _duplicates(raw: RawTable) -> list[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for line, row in zip(raw.lines, zip(*raw.cells.values(), strict=True), strict=True):
        if row in seen:
            problems.append(Problem(raw.name, line, "", "", f"is the same as line {seen[row]}"))
        seen.setdefault(row, line)
    return problems


def _contradictions(raw: RawTable, rules: Mapping[str, Rule]) -> list[Problem]:
    """Lines where ``vi`` is not the square of ``sei``, as far as their decimals go."""
    if "vi" not in rules or "sei" not in raw.cells:
        return []
    problems = []
    for line, vi, sei in zip(raw.lines, raw.cells["vi"], raw.cells["sei"], strict=True):
        variance, error = (read_number(cell, raw.decimal) for cell in (vi, sei))
        if isinstance(variance, str) or isinstance(error, str):
            continue
        (low, high), (least, most) = _rounded(vi, variance), _rounded(sei, error)
        if low > most**2 or high < least**2:
            problems.append(Problem(raw.name, line, "vi, sei", f"{vi}, {sei}", "vi must be the square of sei"))
    return problems


def _rounded(cell: str, value: float) -> tuple[float, float]:
    """From where to where what is printed so may lie."""
    digits, _, power = cell.lower().replace(",", ".").partition("e")
    half = 0.5 * 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
    return max(0.0, value - half) * (1 - 1e-9), (value + half) * (1 + 1e-9)


def _effects(numbers: pd.DataFrame, measure: str, file: str, lines: np.ndarray) -> pd.DataFrame:
    if "yi" in numbers:
        return pd.DataFrame({"yi": numbers["yi"], "vi": numbers["vi"] if "vi" in numbers else numbers["sei"] ** 2})
    statistics: dict[str, Any] = {str(column): numbers[column] for column in numbers}
    try:
        return effect_size(measure, **statistics) if len(numbers) else pd.DataFrame(columns=["yi", "vi"])
    except EvidenceError as error:
        problems = []
        for at, line in enumerate(lines):  # only now, to name every line that gives no effect
            try:
                effect_size(measure, **{column: cells.iloc[at] for column, cells in statistics.items()})
            except EvidenceError as why:
                problems.append(Problem(file, int(line), "", "", str(why)))
        raise InvalidData(problems) from error
