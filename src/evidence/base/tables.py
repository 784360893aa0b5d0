"""Load, validate and choose among the trial tables."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import pandas as pd

from ..errors import InvalidData, InvalidInput, Problem
from .package import bundled_root, resources
from .reading import RawTable, empty, read_text, typed
from .rules import cross_problems
from .schema import column_problems

Choice = str | Collection[str] | None

#: What enters unless `TrialTables.select` asks for something else.
HEADLINE: Mapping[str, tuple[str, ...]] = {
    "isolates": ("yes",),
    "needle": ("yes",),
    "excluded": ("no",),
    "randomised": ("yes", "quasi"),
}


@dataclass(frozen=True, repr=False)
class TrialTables:
    """The tables of a data folder, typed and checked.

    Attributes
    ----------
    studies, arms, results, comparisons, risk_of_bias, conditions, mechanisms, outcomes, styles, instruments,
    claims, published_reviews, definitions, follow_up_times, thresholds, certainty_overrides : DataFrame
        One frame a table, with the columns of the codebook; missing numbers are NaN, missing words are "".
    scope : mapping of str to tuple of str
        The choices made by `select` so far.
    root : Path
        The folder the tables came from.
    """

    studies: pd.DataFrame
    arms: pd.DataFrame
    results: pd.DataFrame
    comparisons: pd.DataFrame
    risk_of_bias: pd.DataFrame
    conditions: pd.DataFrame
    mechanisms: pd.DataFrame
    outcomes: pd.DataFrame
    styles: pd.DataFrame
    instruments: pd.DataFrame
    claims: pd.DataFrame
    published_reviews: pd.DataFrame
    definitions: pd.DataFrame
    follow_up_times: pd.DataFrame
    thresholds: pd.DataFrame
    certainty_overrides: pd.DataFrame
    root: Path
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: str | Path | None = None) -> Self:
        """Read and check a data folder.

        Parameters
        ----------
        root : path, optional
            Folder with the CSV files of the codebook. Default: the one that the environment variable
            ``EVIDENCE_DATA`` names, else the data that comes with the package.

        Raises
        ------
        InvalidData
            With every problem found, not only the first.

        Examples
        --------
        >>> import evidence as ev
        >>> db = ev.load()
        >>> db.studies["study_id"].is_unique
        True
        """
        folder = Path(root or os.environ.get("EVIDENCE_DATA") or bundled_root())
        tables, problems = _read(folder)
        if problems:
            raise InvalidData(problems)
        return cls(root=folder, **tables)  # type: ignore[arg-type]  # one frame a field

    def select(
        self,
        *,
        condition: Choice = None,
        mechanism: Choice = None,
        comparator: Choice = None,
        outcome: Choice = None,
        time: Choice = None,
        style: Choice = None,
        directness: Choice = None,
        min_confidence: str | None = None,
        isolates: Choice = None,
        needle: Choice = None,
        excluded: Choice = None,
        randomised: Choice = None,
    ) -> Self:
        """A smaller base: every argument is a value, several values, or None for no choice.

        Parameters
        ----------
        condition, directness, randomised : str or collection of str
            Choose trials.
        comparator, style, isolates, needle : str or collection of str
            Choose pairs of arms. Only ``isolates="yes"``, ``needle="yes"`` pairs enter `effects` unless asked here.
        excluded : str or collection of str
            "no" (the default of `effects`), "yes" or both: pairs with an ``exclude_reason`` in comparisons.csv.
        outcome, mechanism, time : str or collection of str
            Choose effects: what was measured and in which window (immediate, short, intermediate, long, unstated).
            ``results`` keeps every row of the trials, since one outcome may stand in for another.
        min_confidence : {"low", "high"}
            "high" leaves out every doubtful result row.

        Raises
        ------
        InvalidInput
            When a value is not in the vocabulary, with the values that are.
        """
        asked = {
            "condition": condition,
            "mechanism": mechanism,
            "comparator": comparator,
            "outcome": outcome,
            "time": time,
            "style": style,
            "directness": directness,
            "min_confidence": min_confidence,
            "isolates": isolates,
            "needle": needle,
            "excluded": excluded,
            "randomised": randomised,
        }
        vocabulary = self._vocabulary()
        scope = dict(self.scope)
        for name, choice in asked.items():
            if choice is not None:
                values = (choice,) if isinstance(choice, str) else tuple(choice)
                unknown = [value for value in values if value not in vocabulary[name]]
                if unknown or not values:
                    raise InvalidInput(f"{name}={choice!r}: choose among {', '.join(sorted(vocabulary[name]))}")
                scope[name] = values
        return replace(self, scope=scope)._narrowed()

    def _narrowed(self) -> Self:
        scope = self.scope
        studies = self.studies
        for name in ("condition", "directness", "randomised"):
            if name in scope:
                studies = studies[studies[name].isin(scope[name])]
        comparisons = self.comparisons[self.comparisons["study_id"].isin(studies["study_id"])]
        for name in ("comparator", "isolates", "needle"):
            if name in scope:
                comparisons = comparisons[comparisons[name].isin(scope[name])]
        if "excluded" in scope:
            words = comparisons["exclude_reason"].map(lambda reason: "yes" if reason else "no")
            comparisons = comparisons[words.isin(scope["excluded"])]
        if "style" in scope:
            styles = self.arms.set_index(["study_id", "arm"])["style"]
            pairs = pd.MultiIndex.from_frame(comparisons[["study_id", "arm"]])
            comparisons = comparisons[styles.reindex(pairs).isin(scope["style"]).to_numpy()]
        if {"comparator", "isolates", "needle", "excluded", "style"} & scope.keys():
            studies = studies[studies["study_id"].isin(comparisons["study_id"])]
        results = self.results
        if scope.get("min_confidence") == ("high",):
            results = results[results["confidence"] == "high"]
        arms, results, risk_of_bias = (
            frame[frame["study_id"].isin(studies["study_id"])] for frame in (self.arms, results, self.risk_of_bias)
        )
        return replace(
            self, studies=studies, comparisons=comparisons, arms=arms, results=results, risk_of_bias=risk_of_bias
        )

    def _vocabulary(self) -> dict[str, set[str]]:
        enums = {
            name: set(column["constraints"]["enum"])
            for table in ("studies", "comparisons")
            for column in resources()[table]["schema"]["fields"]
            if "enum" in column.get("constraints", {})
            for name in [column["name"]]
        }
        return {
            **enums,
            "mechanism": set(self.mechanisms["mechanism"]),
            "outcome": set(self.outcomes["outcome"]),
            "style": set(self.styles["style"]),
            "min_confidence": {"low", "high"},
            "excluded": {"yes", "no"},
            "time": {"immediate", "short", "intermediate", "long", "unstated"},
        }

    def __repr__(self) -> str:
        chosen = ", ".join(f"{name}={'|'.join(values)}" for name, values in self.scope.items())
        return (
            f"<{type(self).__name__}: {len(self.studies)} trials, {len(self.results)} result rows"
            f"{'; ' + chosen if chosen else ''}>"
        )


def validate(path: str | Path) -> list[Problem]:
    """Check a data folder without loading it.

    Parameters
    ----------
    path : path
        Folder with the CSV files of the codebook.

    Returns
    -------
    list of Problem
        Every problem, in the order of file and line: file, line, column, value, rule. Empty when all is well.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.validate(ev.load().root)
    []
    """
    return _read(Path(path))[1]


def _read(folder: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    if not folder.is_dir():
        return {}, [Problem(str(folder), 0, "", "", "is not a folder with the CSV files of the codebook")]
    tables: dict[str, pd.DataFrame] = {}
    files: dict[str, str] = {}
    lines: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for name, resource in resources().items():
        path = folder / resource["path"]
        if not path.is_file():
            if not resource["optional"]:
                problems.append(Problem(path.name, 0, "", "", "file is missing"))
                continue
            raw: RawTable | None = empty(name)
        else:
            raw, found = read_text(path, name)
            problems += found
        if raw is not None:
            frame, unreadable = typed(raw, name)
            problems += unreadable + column_problems(frame, name, raw.name, raw.lines)
            tables[name], files[name], lines[name] = frame, raw.name, raw.lines
    problems += cross_problems(tables, files, lines)
    order = {resource["path"]: at for at, resource in enumerate(resources().values())}
    return tables, sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.line))
