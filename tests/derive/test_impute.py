"""Imputed standard deviations: asked for, marked, and computed as said."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.align import arm_sizes, baseline_sds
from evidence.derive.impute import imputed

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
    assert len(added)
    assert added["derivation"].str.contains("SD imputed").all()
    assert not after.loc[~after["imputed"], "derivation"].str.contains("SD imputed").any()
    same = after[~after["imputed"]].merge(before, on=KEYS, suffixes=("", "_before"))
    pd.testing.assert_series_equal(same["yi"], same["yi_before"], check_names=False)
    assert len(after) > len(before)


def test_r_gives_the_sd_of_a_change(db: ev.EvidenceBase) -> None:
    # Kong 2020, RMDQ: the sham arm prints a mean change of -0.67 and an SD at baseline only; r is the median of those
    # that baseline, final and change SDs give in lee-2012 (two arms, each outcome and instrument).
    both = only(db, "kong-2020", "lee-2012")
    base = both.results
    row = both.effects("MD100", impute="r").query("study == 'kong-2020' and outcome == 'disability'").iloc[0]
    before = base.query(
        "study_id == 'kong-2020' and arm == 'sham' and statistic == 'baseline' and instrument_id == 'rmdq'"
    )
    lee = base.query("study_id == 'lee-2012' and sd > 0")
    sds = lee.pivot_table(index=["arm", "outcome", "instrument_id"], columns="statistic", values="sd", aggfunc="first")
    r = (
        (sds["baseline"] ** 2 + sds["final"] ** 2 - sds["change"] ** 2) / (2 * sds["baseline"] * sds["final"])
    ).median()
    assert row["imputed"] and f"r = {r:.2f}, the median of {len(sds)} arms" in row["derivation"]
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


def test_a_borrowed_sd_is_pooled_by_people_over_the_other_trials(db: ev.EvidenceBase) -> None:
    sizes, baselines = arm_sizes(db), baseline_sds(db)
    rows = imputed(db.reported, ["borrow_sd"], sizes, baselines)
    by_kind: dict[tuple[str, ...], list[tuple[str, float, float]]] = {}
    for trial, those in db.reported.items():
        for row in those:
            n = sizes[trial, row.arm].n if math.isnan(row.n) else row.n
            if row.kind == "arm" and not row.doubtful and not math.isnan(row.sd + row.scale + n):
                kind = (row.instrument.split(":")[0], row.statistic, row.at.window)
                by_kind.setdefault(kind, []).append((trial, n, (row.sd / row.scale) ** 2))
    numbers = set()
    for trial, those in rows.items():
        for row in (row for row in those if row.imputed):
            kind = (row.instrument.split(":")[0], row.statistic, row.at.window)
            lent = [(other, n, square) for other, n, square in by_kind[kind] if other != trial]
            share = sum(n * square for _, n, square in lent) / sum(n for _, n, _ in lent)
            assert row.sd == pytest.approx(row.scale * math.sqrt(share)), row.id
            k = len({other for other, _, _ in lent})
            assert row.sd_source.endswith("in 1 trial" if k == 1 else f"in {k} trials")
            numbers.add(k > 1)
    assert numbers == {True, False}, "sizes borrowed from one trial, and from several"


def test_nothing_is_imputed_where_a_spread_or_no_value_is_printed(db: ev.EvidenceBase) -> None:
    sizes, baselines = arm_sizes(db), baseline_sds(db)
    rows = imputed(db.reported, ["r", "borrow_sd"], sizes, baselines)
    for trial, those in db.reported.items():
        for before, after in zip(those, rows[trial], strict=True):
            if not math.isnan(before.sd) or math.isnan(before.value) or before.kind != "arm":
                assert after == before
            elif not after.imputed:
                assert math.isnan(after.sd)
