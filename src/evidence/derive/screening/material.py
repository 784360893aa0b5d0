"""What the checks read: every table of a base, with numbers as printed, prepared once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from ...base.printed import printed_results
from ...effects.inputs import Floats
from ..align import arm_sizes
from ..evidence_base import EvidenceBase
from .spread import SCORES, arm_scores, usual_spread

_WHERE = ["study_id", "result_id", "arm", "outcome", "instrument_id", "instrument", "statistic", "week", "when"]
_OF_ARMS = [*_WHERE, "mean", "sd", "se", "n"]
_OF_PAIRS = ["study_id", "result_id", "arm", "versus", "statistic", "note"]
_OF_PAIRS += ["estimate", "se", "ci_low", "ci_high", "ci_level", "p_value", "p_relation"]
_OF_COUNTS = ["study_id", "result_id", "events", "percent", "n"]
_AVERAGED = r"\bmean\b|average|composite|sum of"  # of several days or scales: no whole number


class Material:
    """A base as the checks read it; each part is made when a check asks for it.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.db, self._text = db, printed_results(db)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Means of arms as text, with their scale, people and effect (see `arm_scores`), ``text`` and ``whole``:
        whether the scale has whole numbers only."""
        rows = self._text[_OF_ARMS].merge(arm_scores(self.db), on="result_id")
        return rows.assign(text=_means(rows), whole=_whole(rows, self.db))

    @cached_property
    def by_scale(self) -> list[tuple[pd.DataFrame, float, Floats | None]]:
        """Scores with an SD (as a number: ``spread``) by the length of their scale: the rows, one point of 100 in
        their units, and the usual SDs of such scores, None where they are of another kind."""
        rows = self.scores[(self.scores["sd"] != "") & (self.scores["people"] >= 1)]
        rows = rows.assign(spread=rows["sd"].astype(float))
        parts = rows.groupby([rows["length"], rows["outcome"].isin(SCORES)])
        return [(part, part["length"].iloc[0] / 100, self.spread if score else None) for (_, score), part in parts]

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """Differences and ratios between arms as text, with ``df`` of their t test, ``log`` and ``text``."""
        return _contrasts(self._text, self.db)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """People with an event as text, with ``text``."""
        return _counts(self._text)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Standardised differences, before screening."""
        return self.db.derived("SMD")

    @cached_property
    def spread(self) -> Floats:
        """What scores usually spread, in points of 100, (k,)."""
        return usual_spread(self.db)


def _means(rows: pd.DataFrame) -> pd.Series:
    spread = ("SD " + rows["sd"]).where(rows["sd"] != "", ("SE " + rows["se"]).where(rows["se"] != "", ""))
    n = [f"n {people:.0f}" if people == people else "" for people in rows["people"]]
    return _joined("mean " + rows["mean"], spread, pd.Series(n, rows.index, dtype=object))


def _whole(rows: pd.DataFrame, db: EvidenceBase) -> pd.Series:
    """Whether the scores of one person are whole numbers: a scale of `whole_number_scales`, not averaged."""
    scales = db.whole_number_scales
    known = set(zip(scales["instrument_id"], scales["scale_max"], strict=True))
    length = rows["length"].round(6)
    named = [key in known for key in zip(rows["instrument_id"], length, strict=True)]
    return pd.Series(named, rows.index, dtype=bool) & ~rows["instrument"].str.contains(_AVERAGED, case=False)


def _contrasts(text: pd.DataFrame, db: EvidenceBase) -> pd.DataFrame:
    between = text["kind"].isin(["contrast", "ratio"]) & (text["statistic"] != "")
    rows = text.loc[between, _OF_PAIRS].reset_index(drop=True)
    sizes = arm_sizes(db)
    both = [
        [sizes[study, arm].n if arm else np.nan for arm in arms]
        for study, *arms in zip(rows["study_id"], rows["arm"], rows["versus"], strict=True)
    ]
    df = np.array(both, dtype=float).reshape(-1, 2).sum(axis=1) - 2
    log = rows["statistic"].isin(["RR", "OR", "HR", "ratio_of_means"])
    interval = rows["ci_low"] + " to " + rows["ci_high"]
    words = _joined(
        "estimate " + rows["estimate"],
        ("SE " + rows["se"]).where(rows["se"] != "", ""),
        interval.where(rows["ci_low"] != "", ""),
        ("p " + rows["p_relation"] + " " + rows["p_value"]).where(rows["p_value"] != "", ""),
    )
    return rows.assign(df=np.where((df > 0) & ~log, df, np.nan), log=log, text=words)


def _counts(text: pd.DataFrame) -> pd.DataFrame:
    rows = text.loc[text["kind"] == "events", _OF_COUNTS].reset_index(drop=True)
    events = (rows["events"] + " people").where(rows["events"] != "", "")
    percent = (rows["percent"] + "%").where(rows["percent"] != "", "")
    return rows.assign(text=_joined(events, percent, ("of " + rows["n"]).where(rows["n"] != "", "")))


def _joined(*parts: pd.Series) -> pd.Series:
    cells = zip(*(part.tolist() for part in parts), strict=True)
    return pd.Series([", ".join(part for part in row if part) for row in cells], parts[0].index, dtype=object)
