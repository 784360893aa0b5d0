"""Result rows turned so that a higher number is always better, with sizes, spreads, scales and windows resolved."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..base.once import once
from ..base.rows import distinct
from ..base.tables import TrialTables
from ..effects.inputs import Floats
from .scales import scales
from .turning import (
    Columns,
    Objects,
    errors_of_pairs,
    favours,
    means_of_medians,
    spreads_of_arms,
    unusable,
    values_and_intervals,
)
from .windows import Moment, moment

NAN = math.nan
#: Outcomes that are counts of people who got better, or did not.
COUNTED = ("responder", "global_rating")


class Size(NamedTuple):
    """People in an arm, and where the number comes from ("" when printed with the result)."""

    n: float
    source: str


class Reported(NamedTuple):
    """One result row, turned: a higher ``value`` is better for the arm it is about.

    ``unusable`` says why no effect can come from it ("" when one may); ``faults`` do the same for single uses:
    "mean" (no mean), "sd" (no spread), "interval" (no usable interval), "scale" (no points). ``favours`` is what its
    words say: 1 better for ``arm`` than for ``versus``, -1 worse, 0 no difference; None where they do not say it, or
    where it is not known which way benefit lies. ``se_of_interval`` is the SE of a difference, or of the logarithm of
    a ratio, as its interval has it.
    """

    id: str
    kind: str
    arm: str
    versus: str
    outcome: str
    instrument: str
    rank: float
    definition: str
    statistic: str
    when: str
    at: Moment
    value: float
    mean: float
    sd: float
    sd_source: str
    se: float
    low: float
    high: float
    level: float
    n: float
    p: float
    favours: int | None
    events: float
    percent: float
    benefit: int
    scale: float
    doubtful: bool
    unusable: str
    faults: dict[str, str]
    se_of_interval: float = NAN
    imputed: bool = False

    @property
    def key(self) -> tuple[str, str, str, float, str, str]:
        """Rows with the same key measure the same thing at the same time in the same way."""
        week = -1.0 if math.isnan(self.at.week) else self.at.week
        return self.outcome, self.instrument, self.definition, week, self.when, self.statistic


@once
def arm_sizes(db: TrialTables) -> dict[tuple[str, str], Size]:
    """People in each arm, for results that do not print it.

    The number randomised to the arm; else what the other arms leave of the trial's total; else, where no arm's number
    is printed, the total divided equally (rounded down), which is said in the source.
    """
    totals = dict(zip(db.studies["study_id"], db.studies["n_randomised"], strict=True))
    trials: dict[str, dict[str, float]] = {}
    for study, arm, n in zip(db.arms["study_id"], db.arms["arm"], db.arms["n_randomised"], strict=True):
        trials.setdefault(study, {})[arm] = n
    sizes: dict[tuple[str, str], Size] = {}
    made: dict[Size, Size] = {}  # arms are alike: few sizes live on, however many arms there are
    for study, arms in trials.items():
        total = totals.get(study, NAN)
        printed = [n for n in arms.values() if not math.isnan(n)]
        left = total - sum(printed)
        for arm, n in arms.items():
            if not math.isnan(n):
                size = Size(n, "n randomised")
            elif len(arms) - len(printed) == 1 and printed and left > 1:
                size = Size(left, f"n of {arm} = {total:g} randomised less the other arms")
            elif not printed and total // len(arms) > 1:
                size = Size(total // len(arms), f"equal arms assumed: {total:g} in {len(arms)}")
            else:
                size = Size(NAN, "")
            sizes[study, arm] = made.setdefault(size, size)
    return sizes


def reported(db: TrialTables) -> dict[str, list[Reported]]:
    """Every result row but the baselines, turned, by trial."""
    after = ((db.results["statistic"] != "baseline") & (db.results["when"] != "baseline")).to_numpy()
    rows = db.results[after]
    size = people(db, rows)
    r = {str(name): rows[name].to_numpy() for name in rows} | {name: of[after] for name, of in scales(db).items()}
    r |= means_of_medians(r, size)
    r |= values_and_intervals(r)
    r |= spreads_of_arms(r, size) | errors_of_pairs(r)
    r |= {
        "id": r["result_id"],
        "instrument": _instruments(rows),
        "at": _moments(db, rows),
        "level": r["ci_level"],
        "p": np.where(r["p_relation"] == "=", r["p_value"], NAN),
        "favours": favours(r),
        "doubtful": r["confidence"] == "low",
        "unusable": unusable(r, rows["definition"].isin(_grades(db)).to_numpy()),
        "faults": _faults(r),
        "imputed": np.zeros(len(rows), dtype=bool),
    }
    by_trial: dict[str, list[Reported]] = {study: [] for study in r["study_id"]}
    columns = zip(*(r[name].tolist() for name in Reported._fields), strict=True)
    for study, row in zip(r["study_id"], map(Reported._make, columns), strict=True):
        by_trial[study].append(row)
    return by_trial


def people(db: TrialTables, rows: pd.DataFrame) -> Floats:
    """The size of the arm that each row is about, NaN where it is not known."""
    sizes = arm_sizes(db)
    return np.array([sizes[key].n for key in zip(rows["study_id"], rows["arm"], strict=True)], dtype=float)


@once
def baseline_sds(db: TrialTables) -> dict[tuple[str, str, str, str], float]:
    """Baseline SD by (study, arm, outcome, instrument)."""
    rows = db.results[_before(db)]
    keys = zip(rows["study_id"], rows["arm"], rows["outcome"], _instruments(rows).tolist(), strict=True)
    return dict(zip(keys, rows["sd"].tolist(), strict=True))


def spreads_before(db: TrialTables) -> pd.DataFrame:
    """SDs before treatment on a known scale: ``study``, ``outcome`` and ``sd`` in points of 100."""
    before = _before(db)
    rows, length = db.results[before], scales(db)["scale"][before]
    n = np.where(rows["n"].isna(), people(db, rows), rows["n"])
    sd = (100 * rows["sd"] / length).where(~np.isnan(n + length))
    return pd.DataFrame({"study": rows["study_id"], "outcome": rows["outcome"], "sd": sd}).dropna()


def _before(db: TrialTables) -> NDArray[np.bool_]:
    """Which results are SDs before treatment."""
    there: NDArray[np.bool_] = ((db.results["statistic"] == "baseline") & db.results["sd"].notna()).to_numpy()
    return there


def _grades(db: TrialTables) -> set[str]:
    return set(db.definitions.loc[db.definitions["stands_for"] == "grade", "definition"])


def _moments(db: TrialTables, rows: pd.DataFrame) -> Objects:
    """When each row was measured; a week that was read from its remark goes before the one of its column."""
    read = rows["result_id"].map(dict(zip(db.follow_up_times["result_id"], db.follow_up_times["week"], strict=True)))
    noted = rows["result_id"].isin(db.follow_up_times["result_id"])
    told = rows[["study_id", "arm", "when"]].assign(week=read.where(noted, rows["week"]), noted=noted)
    told = told.merge(db.arms[["study_id", "arm", "sessions", "weeks"]], how="left", on=["study_id", "arm"])
    each, which = distinct(told, ["week", "when", "sessions", "weeks", "noted"])
    found = np.empty(len(each), dtype=object)
    for at, one in enumerate(each):
        when = moment(one["week"], one["when"], one["sessions"], one["weeks"])
        found[at] = when._replace(remark="week read from a remark of the source") if one["noted"] else when
    each_row: Objects = found[which]
    return each_row


def _faults(r: Columns) -> Objects:
    """Use to what stands against it; rows with the same faults share one mapping."""
    told = pd.DataFrame({"scale": r["no_scale"], "mean": r["no_mean"], "interval": r["no_interval"], "sd": r["no_sd"]})
    each, which = distinct(told, told.columns.tolist())
    found = np.empty(len(each), dtype=object)
    found[:] = [{use: fault for use, fault in one.items() if fault} for one in each]
    each_row: Objects = found[which]
    return each_row


def _instruments(rows: pd.DataFrame) -> Objects:
    ids, names = rows["instrument_id"].tolist(), rows["instrument"].tolist()
    return np.array([f"{key}: {name}" if key else name for key, name in zip(ids, names, strict=True)], dtype=object)
