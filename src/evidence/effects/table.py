"""The effects frame: one row per trial, comparator, outcome and window, with the way back to the raw rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..base.rows import rows_of
from ..base.tables import HEADLINE, TrialTables
from ..errors import InvalidInput
from .align import Reported, Size, arm_sizes, baseline_sds, reported
from .hierarchy import pools, preference
from .impute import WAYS, imputed
from .routes import (
    Comparison,
    Piece,
    across,
    from_contrasts,
    from_counts,
    from_exact_p,
    from_means,
    from_means_and_p,
    from_printed_smd,
    from_ratios,
)

MEASURES = ("MD100", "SMD", "ROM", "RR", "OR", "RD")
COLUMNS = (
    "study",
    "label",
    "year",
    "condition",
    "comparator",
    "outcome",
    "measured",
    "mechanism",
    "time",
    "week",
    "measure",
    "yi",
    "vi",
    "n_acupuncture",
    "n_comparator",
    "style",
    "sessions",
    "sessions_per_week",
    "directness",
    "participants_blinded",
    "route",
    "derivation",
    "confidence",
    "imputed",
    "result_ids",
)
_SPREAD_FREE = ("RR", "OR", "RD")


class EvidenceBase(TrialTables):
    """The trial tables, and the effects that can be had from them."""

    def effects(self, measure: str = "SMD", impute: str | Iterable[str] = ()) -> pd.DataFrame:
        """One effect per trial, comparator, outcome and time window; positive favours acupuncture.

        Parameters
        ----------
        measure : {"MD100", "SMD", "ROM", "RR", "OR", "RD"}
            MD100: difference of means in points of a 0-100 scale. SMD: Hedges g. ROM: log ratio of means.
            RR, OR: log risk or odds ratio. RD: risk difference.
        impute : "borrow_sd", "r" or both, optional
            Fill in standard deviations that were not printed (see `evidence.effects.impute`). Rows that rest on one
            have ``imputed`` True, say so in ``derivation``, and are chosen after those that rest on printed numbers.

        Returns
        -------
        DataFrame
            Columns ``study, label, year, condition, comparator, outcome, measured, mechanism, time, week, measure,
            yi, vi, n_acupuncture, n_comparator, style, sessions, sessions_per_week, directness,
            participants_blinded, route, derivation, confidence, imputed, result_ids``. ``outcome`` is the pool the row
            enters, ``measured`` what the trial measured; ``route`` and ``derivation`` say how the numbers came to be,
            ``result_ids`` (joined by "|") lead back to results.csv.

        Notes
        -----
        Without other choices by `select`, only pairs of arms enter that isolate the needling (``isolates`` and
        ``needle`` yes, no ``exclude_reason``), against something that is not acupuncture, in trials that were
        randomised. How one result is chosen for a trial is written in `evidence.effects.hierarchy`.

        Examples
        --------
        >>> import evidence as ev
        >>> effects = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability").effects()
        >>> effects["study"].tolist()
        ['qin-2020', 'zhu-2024']
        """
        if measure not in MEASURES:
            raise InvalidInput(f"measure={measure!r}: choose among {', '.join(MEASURES)}")
        ways = (impute,) if isinstance(impute, str) else tuple(impute)
        unknown = [way for way in ways if way not in WAYS]
        if unknown:
            raise InvalidInput(f"impute={unknown[0]!r}: choose among {', '.join(WAYS)}")
        if ways:
            rows = imputed(self.reported, ways, arm_sizes(self), baseline_sds(self))
            return _Derivation(self, measure, rows).effects
        return self._derivations[measure].effects.copy()

    def excluded(self) -> pd.DataFrame:
        """Everything that enters no effect, with the reason.

        Returns
        -------
        DataFrame
            ``study, item, measure, reason``: ``item`` is a result row, a pair of arms (``arm : versus``) or the trial.
        """
        return _excluded(self, self._derivations)

    @cached_property
    def reported(self) -> dict[str, list[Reported]]:
        """Result rows by trial, turned so that a higher number is better (see `evidence.effects.align.Reported`)."""
        rows: dict[str, list[Reported]] = defaultdict(list)
        for study, row in reported(self):
            rows[study].append(row)
        return rows

    @cached_property
    def _derivations(self) -> dict[str, _Derivation]:
        return {measure: _Derivation(self, measure, self.reported) for measure in MEASURES}


def load(root: str | Path | None = None) -> EvidenceBase:
    """Load the evidence base: `EvidenceBase.load`.

    Parameters
    ----------
    root : path, optional
        Folder with the CSV files of the codebook. Default: the data that comes with the package.

    Returns
    -------
    EvidenceBase

    Raises
    ------
    InvalidData
        With every problem of the folder: file, line, column, value and rule.
    """
    return EvidenceBase.load(root)


@dataclass(frozen=True)
class _Candidate:
    outcome: str
    piece: Piece
    order: tuple[float, ...]


class _Derivation:
    """All candidates of one measure, the chosen ones, and why the other rows gave nothing."""

    def __init__(self, db: EvidenceBase, measure: str, rows: Mapping[str, list[Reported]]) -> None:
        self.db, self.measure, self.rows = db, measure, rows
        self.faults: dict[str, str] = {}
        self.used: dict[str, set[str]] = defaultdict(set)  # result row -> rows of the effects it is part of
        self.passed_over: dict[str, str] = {}

    @cached_property
    def effects(self) -> pd.DataFrame:
        rows = []
        for study, comparator, parts in _comparisons(self.db):
            best: dict[tuple[str, str], _Candidate] = {}
            for candidate in self._candidates(study, parts):
                slot = candidate.outcome, candidate.piece.rows[0].at.window
                held = best.setdefault(slot, candidate)
                winner, loser = (candidate, held) if candidate.order < held.order else (held, candidate)
                best[slot] = winner
                if winner is not loser:
                    self._pass_over(loser, winner)
            for (outcome, window), candidate in best.items():
                for row in candidate.piece.rows:
                    self.used[row.id].add(outcome)
                rows.append(self._row(study, comparator, outcome, window, candidate.piece, parts))
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        for name in ("outcome", "time", "mechanism"):
            if name in self.db.scope:
                frame = frame[frame[name].isin(self.db.scope[name])]
        return frame.sort_values(["condition", "comparator", "outcome", "time", "study"], ignore_index=True)

    def _candidates(self, study: str, parts: Sequence[Comparison]) -> Iterator[_Candidate]:
        arms = {arm for part in parts for arm in (*part.ours, *part.theirs)}
        weeks = self._treatment_weeks(study, parts)
        keyed: dict[tuple[Any, ...], list[Reported]] = defaultdict(list)
        about = self.rows.get(study, [])
        for row in about:
            if row.arm in arms or row.versus in arms:
                if row.unusable:
                    self.faults.setdefault(row.id, row.unusable)
                else:
                    keyed[row.key].append(row)
        for order, rows in enumerate(keyed.values()):
            found: dict[str, list[Piece]] = defaultdict(list)
            for part in parts:
                for piece in self._pieces(part, rows, [row for row in about if not row.unusable]):
                    found[piece.route].append(piece)
            for pieces in found.values():
                piece = across(pieces)
                for outcome in pools(piece.rows[0], self.measure, self._stands_for):
                    yield _Candidate(outcome, piece, preference(outcome, piece, order, weeks))

    def _pieces(self, part: Comparison, rows: list[Reported], about: list[Reported]) -> Iterator[Piece]:
        measure, fail = self.measure, self._fail
        arm_rows = [
            row
            for row in about
            if (row.outcome, row.instrument, row.at, row.when)
            == (rows[0].outcome, rows[0].instrument, rows[0].at, rows[0].when)
        ]
        found: list[Piece | None] = []
        if measure in _SPREAD_FREE:
            found = [from_counts(part, rows, measure, fail), from_ratios(part, rows, measure, fail)]
        else:
            found = [from_means(part, rows, measure, fail)]
            if measure in ("MD100", "SMD"):
                found.append(from_contrasts(part, rows, about, measure, fail))
            if measure == "MD100":
                found.append(from_means_and_p(part, rows, arm_rows, fail))
            if measure == "SMD":
                found += [
                    from_printed_smd(part, rows, fail),
                    from_exact_p(part, rows, arm_rows, fail),
                    from_counts(part, rows, measure, fail),
                    from_ratios(part, rows, measure, fail),
                ]
        return (piece for piece in found if piece is not None)

    def _fail(self, row: Reported, reason: str) -> None:
        self.faults.setdefault(row.id, reason)

    def _pass_over(self, loser: _Candidate, winner: _Candidate) -> None:
        taken = "|".join(row.id for row in winner.piece.rows)
        for row in loser.piece.rows:
            self.passed_over[row.id] = f"another result stands for this trial, outcome and window: {taken}"

    @cached_property
    def _stands_for(self) -> Mapping[str, str]:
        return dict(zip(self.db.definitions["definition"], self.db.definitions["stands_for"], strict=True))

    @cached_property
    def _arms(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["study_id"], row["arm"]): row for row in rows_of(self.db.arms)}

    @cached_property
    def _studies(self) -> dict[str, dict[str, Any]]:
        return {row["study_id"]: row for row in rows_of(self.db.studies)}

    @cached_property
    def _mechanisms(self) -> dict[str, str]:
        return dict(zip(self.db.outcomes["outcome"], self.db.outcomes["mechanism"], strict=True))

    def _treatment_weeks(self, study: str, parts: Sequence[Comparison]) -> float:
        known = [self._arms[study, arm]["weeks"] for part in parts for arm in part.ours]
        return max((weeks for weeks in known if not math.isnan(weeks)), default=math.nan)

    def _row(
        self, study: str, comparator: str, outcome: str, window: str, piece: Piece, parts: Sequence[Comparison]
    ) -> dict[str, Any]:
        trial, first = self._studies[study], piece.rows[0]
        involved = {arm for row in piece.rows for arm in (row.arm, row.versus)}
        arms = [self._arms[study, arm] for part in parts for arm in part.ours if arm in involved]
        sessions = _mean([arm["sessions"] for arm in arms])
        weekly = [
            arm["sessions_per_week"] if not math.isnan(arm["sessions_per_week"]) else arm["sessions"] / arm["weeks"]
            for arm in arms
            if arm["weeks"] != 0
        ]
        notes = [
            first.at.remark,
            "crossover read as parallel groups" if parts[0].crossover else "",
            f"{first.outcome.replace('_', ' ')} stands in for {outcome}" if first.outcome != outcome else "",
        ]
        doubtful = piece.doubtful or any(row.doubtful for row in piece.rows)
        return {
            "study": study,
            "label": _label(trial),
            "year": trial["year"],
            "condition": trial["condition"],
            "comparator": comparator,
            "outcome": outcome,
            "measured": first.outcome,
            "mechanism": self._mechanisms.get(outcome, ""),
            "time": window,
            "week": first.at.week,
            "measure": self.measure,
            "yi": piece.yi,
            "vi": piece.vi,
            "n_acupuncture": piece.n1,
            "n_comparator": piece.n2,
            "style": "|".join(sorted({arm["style"] for arm in arms} - {""})),
            "sessions": sessions,
            "sessions_per_week": _mean(weekly),
            "directness": trial["directness"],
            "participants_blinded": trial["participants_blinded"],
            "route": piece.route,
            "derivation": "; ".join(dict.fromkeys(note for note in (*piece.notes, *notes) if note)),
            "confidence": "low" if doubtful else "high",
            "imputed": piece.imputed,
            "result_ids": "|".join(dict.fromkeys(row.id for row in piece.rows)),
        }


def _comparisons(db: TrialTables) -> Iterator[tuple[str, str, list[Comparison]]]:
    """(study, comparator, parts that share no arm) of every admissible pair of arms."""
    crossover = set(db.studies.loc[db.studies["design"] == "crossover", "study_id"])
    sizes: dict[str, dict[str, Size]] = defaultdict(dict)
    for (study, arm), size in arm_sizes(db).items():
        sizes[study][arm] = size
    sds: dict[str, dict[tuple[str, str, str], float]] = defaultdict(dict)
    for (study, arm, outcome, instrument), sd in baseline_sds(db).items():
        sds[study][arm, outcome, instrument] = sd
    for key, group in admissible(db).groupby(["study_id", "comparator"], sort=True):
        trial, comparator = (str(word) for word in key)
        yield (
            trial,
            comparator,
            [Comparison(ours, theirs, sizes[trial], trial in crossover, sds[trial]) for ours, theirs in _parts(group)],
        )


def admissible(db: TrialTables) -> pd.DataFrame:
    """Pairs of arms that enter effects: the headline rule, or what `TrialTables.select` asked for instead."""
    scope = {**HEADLINE, **db.scope}
    c = db.comparisons
    words = c["exclude_reason"].map(lambda reason: "yes" if reason else "no")
    keep = c["isolates"].isin(scope["isolates"]) & c["needle"].isin(scope["needle"]) & words.isin(scope["excluded"])
    randomised = db.studies.loc[db.studies["randomised"].isin(scope["randomised"]), "study_id"]
    keep &= c["study_id"].isin(randomised) & (c["comparator"] != "")
    return c[keep if "comparator" in db.scope else keep & (c["comparator"] != "acupuncture")]


def _parts(pairs: pd.DataFrame) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Sets of arms compared each with each; where a pair is missing the first comparator arm alone is kept."""
    left = list(zip(pairs["arm"], pairs["versus"], strict=True))
    parts = []
    while left:
        ours, theirs = [left[0][0]], [left[0][1]]
        while True:
            more_theirs = [v for a, v in left if a in ours and v not in theirs]
            more_ours = [a for a, v in left if v in theirs and a not in ours]
            if not more_theirs and not more_ours:
                break
            theirs += dict.fromkeys(more_theirs)
            ours += dict.fromkeys(more_ours)
        if not all((a, v) in left for a in ours for v in theirs):
            kept = theirs[:1]
            parts.append((tuple(a for a in ours if (a, kept[0]) in left), tuple(kept)))
        else:
            parts.append((tuple(ours), tuple(theirs)))
        left = [(a, v) for a, v in left if a not in ours and v not in theirs]
    return parts


def _label(trial: dict[str, Any]) -> str:
    """Author and year; the trial's key where there is no author in letters that every font has."""
    author = str(trial["first_author"])
    year = "" if math.isnan(trial["year"]) else f" {trial['year']:.0f}"
    return f"{author}{year}" if author and all(letter < "\u0250" for letter in author) else str(trial["study_id"])


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def _excluded(db: EvidenceBase, every: Mapping[str, _Derivation]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str]] = []
    pairs = admissible(db)
    in_pairs = set(zip(pairs["study_id"], pairs["arm"], strict=True)) | set(
        zip(pairs["study_id"], pairs["versus"], strict=True)
    )
    derivations = {measure: every[measure] for measure in ("SMD", "MD100", "RR")}
    contributing = {study for d in derivations.values() for study in d.effects["study"]}
    own = {
        "SMD": ("arm", "contrast", "events", "ratio", "direction"),
        "MD100": ("arm", "contrast"),
        "RR": ("events", "ratio"),
    }
    for row in rows_of(db.results):
        study, item = row["study_id"], row["result_id"]
        if row["when"] == "baseline" or row["statistic"] == "baseline":
            rows.append((study, item, "all", "value before treatment"))
        elif (study, row["arm"]) not in in_pairs and (study, row["versus"]) not in in_pairs:
            rows.append((study, item, "all", "arm is in no admissible comparison"))
        else:
            for measure, derivation in derivations.items():
                if row["kind"] in own[measure] and item not in derivation.used:
                    rows.append((study, item, measure, _why(row, derivation)))
    paired = set(zip(pairs["study_id"], pairs["arm"], pairs["versus"], strict=True))
    for pair in rows_of(db.comparisons):
        if (pair["study_id"], pair["arm"], pair["versus"]) not in paired:
            rows.append((pair["study_id"], f"{pair['arm']} : {pair['versus']}", "all", _why_not_admissible(pair, db)))
    with_results = set(db.results["study_id"])
    for study in db.studies["study_id"]:
        if study not in contributing:
            has_pair = study in set(pairs["study_id"])
            reason = (
                "no result could be read"
                if study not in with_results
                else "no result of an admissible comparison gives an effect, see its rows"
                if has_pair
                else "no admissible comparison"
            )
            rows.append((study, study, "all", reason))
    frame = pd.DataFrame(rows, columns=["study", "item", "measure", "reason"])
    return frame.drop_duplicates(ignore_index=True).sort_values(["study", "item", "measure"], ignore_index=True)


def _why(row: dict[str, Any], derivation: _Derivation) -> str:
    item = row["result_id"]
    if item in derivation.faults:
        return derivation.faults[item]
    if item in derivation.passed_over:
        return derivation.passed_over[item]
    if row["kind"] == "contrast" and math.isnan(row["estimate"]) and row["p_relation"] != "=":
        return "no estimate and no exact p value: words or a threshold"
    if row["kind"] == "ratio" and row["statistic"] != "RR":
        return f"{row['statistic'] or 'a p value alone'} does not give this measure"
    if derivation.measure == "MD100":
        return "gives no difference in points"
    return "the arm it is set against is in no admissible comparison, or has no such result"


def _why_not_admissible(pair: dict[str, Any], db: TrialTables) -> str:
    if pair["exclude_reason"]:
        return str(pair["exclude_reason"])
    if pair["comparator"] == "acupuncture":
        return "acupuncture against acupuncture"
    if pair["needle"] != "yes":
        return f"needle through the skin: {pair['needle'] or 'not said'}"
    if pair["isolates"] != "yes":
        return f"isolates the needling: {pair['isolates'] or 'not said'}"
    return "the trial is not known to be randomised"
