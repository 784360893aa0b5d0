"""Imputed standard deviations: asked for, marked, and computed as said."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev

KEYS = ["study", "comparator", "outcome", "time"]


def only(db: ev.EvidenceBase, *trials: str) -> ev.EvidenceBase:
    """A base with the results of some trials alone: what is imputed depends on all that are there."""
    return replace(db, results=db.results[db.results["study_id"].isin(trials)])


def test_headlines_impute_nothing(db: ev.EvidenceBase) -> None:
    for measure in ("SMD", "MD100", "ROM"):
        assert not db.effects(measure)["imputed"].any()


@pytest.mark.parametrize("measure", ["SMD", "MD100"])
def test_imputation_adds_marked_rows_and_leaves_the_others_alone(db: ev.EvidenceBase, measure: str) -> None:
    before, after = db.effects(measure), db.effects(measure, impute=["r", "borrow_sd"])
    added = after[after["imputed"]]
    assert len(added) >= 5
    assert added["derivation"].str.contains("SD imputed").all()
    assert not after.loc[~after["imputed"], "derivation"].str.contains("SD imputed").any()
    same = after[~after["imputed"]].merge(before, on=KEYS, suffixes=("", "_before"))
    pd.testing.assert_series_equal(same["yi"], same["yi_before"], check_names=False)
    assert len(after) > len(before)


def test_r_gives_the_sd_of_a_change(db: ev.EvidenceBase) -> None:
    # Kong 2020, RMDQ: the sham arm prints a mean change of -0.67 and an SD at baseline only; r is the median of those
    # that baseline, final and change SDs give in lee-2012 (two arms, two outcomes).
    both = only(db, "kong-2020", "lee-2012")
    base = both.results
    row = both.effects("MD100", impute="r").query("study == 'kong-2020' and outcome == 'disability'").iloc[0]
    assert row["imputed"] and "r = 0.67, the median of 4 arms" in row["derivation"]
    before = base.query(
        "study_id == 'kong-2020' and arm == 'sham' and statistic == 'baseline' and instrument_id == 'rmdq'"
    )
    lee = base.query("study_id == 'lee-2012' and sd > 0")
    sds = lee.pivot_table(index=["arm", "outcome"], columns="statistic", values="sd", aggfunc="first")
    r = (
        (sds["baseline"] ** 2 + sds["final"] ** 2 - sds["change"] ** 2) / (2 * sds["baseline"] * sds["final"])
    ).median()
    sham = math.sqrt(2 * (1 - r)) * before["sd"].item()
    # needling: 2.77 (4.11 to 1.43) in 59 people, from its t interval
    needle = ev.sd_from_ci(-4.11, -1.43, 59)
    assert row["vi"] == pytest.approx((needle**2 / 59 + sham**2 / 62) * (100 / 24) ** 2)
    assert row["yi"] == pytest.approx((2.77 - 0.67) / 24 * 100)


def test_a_borrowed_sd_is_that_of_the_same_instrument_in_other_trials(db: ev.EvidenceBase) -> None:
    lone, two = "guerreiro-da-silva-2004", "zhang-x-2017"
    row = only(db, lone, two).effects("MD100", impute="borrow_sd").query("study == @lone and outcome == 'pain'")
    assert row["imputed"].item() and "SD imputed: that of the same instrument in 1 trial" in row["derivation"].item()
    assert row["yi"].item() == pytest.approx(51.0)  # 4.8 + 0.3 of 10 points


def test_an_unknown_way_is_refused(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match="borrow_sd"):
        db.effects("SMD", impute="guess")
