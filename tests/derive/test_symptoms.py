"""How long symptoms had lasted: means in years, limits as limits, and nothing made of what is no mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev


def told(db: ev.EvidenceBase, *rows: dict[str, object], study: str = "qin-2020") -> pd.Series:
    """The one trial of these rows of symptom_duration.csv."""
    usual = {"study_id": study, "arm": "all", "value": np.nan, "unit": "", "statistic": "", "source_url": "",
             "quote": "q", "note": ""}  # fmt: skip
    found = ev.symptom_durations(replace(db, symptom_duration=pd.DataFrame([usual | row for row in rows])))
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("value", "unit", "years", "course"),
    [(3.0, "years", 3, "chronic"), (18.0, "months", 1.5, "chronic"), (52.1786, "weeks", 1, "chronic"),
     (10.0, "days", 0.02738, ""), (8.0, "weeks", 0.15332, "")],
)  # fmt: skip
def test_units_become_years(db: ev.EvidenceBase, value: float, unit: str, years: float, course: str) -> None:
    row = told(db, {"value": value, "unit": unit, "statistic": "mean (SD 1.0)"})
    assert row["years"] == pytest.approx(years, abs=1e-5) and row["course"] == course


def test_arms_are_weighted_by_their_people_where_all_are_known(db: ev.EvidenceBase) -> None:
    arms = db.arms[db.arms["study_id"] == "brinkhaus-2006"].set_index("arm")["n_randomised"]
    one, two = arms.index[:2]
    rows = [{"arm": arm, "value": value, "unit": "years", "statistic": "mean"} for arm, value in ((one, 2), (two, 8))]
    row = told(db, *rows, study="brinkhaus-2006")
    assert row["years"] == pytest.approx((2 * arms[one] + 8 * arms[two]) / (arms[one] + arms[two]))
    assert arms[one] != arms[two] and "weighted by size" in row["basis"]
    rows[0]["arm"] = "acu"
    rows[1]["arm"] = "nobody"
    equal = told(db, *rows, study="brinkhaus-2006")
    assert equal["years"] == 5 and "weighted equally" in equal["basis"]
    whole = told(db, *rows, {"value": 7, "unit": "years", "statistic": "mean"}, study="brinkhaus-2006")
    assert whole["years"] == 7


@pytest.mark.parametrize(
    ("row", "low", "high", "course"),
    [
        ({"unit": "weeks", "statistic": "inclusion 4-52"}, 4, 52, ""),
        ({"statistic": "inclusion", "note": "upper limit 1 week"}, np.nan, 1, "acute"),
        ({"statistic": "inclusion", "note": "upper limit 9 weeks"}, np.nan, 9, ""),
        ({"statistic": "NR", "note": "inclusion >= 3 months; more"}, 13.045, np.nan, "chronic"),
        ({"statistic": "inclusion", "note": "acute by diagnosis"}, np.nan, np.nan, "acute"),
        ({"statistic": "NR"}, np.nan, np.nan, ""),
    ],
)
def test_limits_of_inclusion_are_limits_and_give_no_mean(
    db: ev.EvidenceBase, row: dict[str, object], low: float, high: float, course: str
) -> None:
    found = told(db, row)
    assert np.isnan(found["years"])
    weeks = np.array([found["low"], found["high"]], dtype=float) * 365.25 / 7
    np.testing.assert_allclose(weeks, [low, high], atol=0.001)
    assert found["course"] == course


@pytest.mark.parametrize(("share", "course"), [(70.0, "chronic"), (40.0, "")])
def test_a_share_over_a_year_is_no_mean(db: ev.EvidenceBase, share: float, course: str) -> None:
    row = told(db, {"value": share, "unit": "% with pain for at least 1 year", "statistic": "percent"})
    assert np.isnan(row["years"]) and row["share"] == share and row["course"] == course


def test_the_table_of_the_data_is_read_to_the_last_row(db: ev.EvidenceBase) -> None:
    found = ev.symptom_durations(db).set_index("study")
    assert set(found.index) == set(db.symptom_duration["study_id"])
    table = db.symptom_duration
    means = table[table["statistic"].str.startswith("mean") & table["value"].notna()]
    assert found["years"].notna().sum() == means["study_id"].nunique()
    for study, rows in means.groupby("study_id"):
        years = rows["value"] / rows["unit"].map({"years": 1, "months": 12, "weeks": 365.25 / 7})
        assert years.min() - 1e-9 <= found.loc[study, "years"] <= years.max() + 1e-9
    acute = db.studies.set_index("study_id")["condition"].reindex(found.index[found["course"] == "acute"])
    assert (acute == "lumbar_sprain").all()
    assert (found.loc[["haake-2007", "pach-2013"], "course"] == "chronic").all()
    small = ev.symptom_durations(db.select(condition="spinal_stenosis"))
    assert 0 < len(small) < len(found)
