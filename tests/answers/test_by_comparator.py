"""Conditions by kinds of comparator: the pools of the trials, the model's fields, and what is borrowed."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.comparator_families import FAMILIES, one_row_each
from evidence.answers.context import Context
from evidence.answers.ranked import in_order


@pytest.fixture(scope="module")
def view(db: ev.EvidenceBase) -> ev.ByComparator:
    return ev.rank_conditions(db)


def own(db: ev.EvidenceBase, condition: str, family: tuple[str, ...]) -> pd.DataFrame:
    frame = Context.of(db).effects("SMD").query("outcome == 'pain' and time == 'short' and condition == @condition")
    return frame[frame["comparator"].isin(family)]


def test_every_condition_stands_against_every_kind_of_comparator(view: ev.ByComparator) -> None:
    cells = view.to_frame()
    populations = cells["condition"].nunique()
    assert (
        populations > 5
        and len(cells) == populations * len(FAMILIES)
        and not cells.duplicated(["condition", "comparator"]).any()
    )
    for _, block in cells.groupby("comparator"):
        pd.testing.assert_frame_equal(block.reset_index(drop=True), in_order(block.reset_index(drop=True)))
        assert block["k"].iloc[0] > 1, "never first: a single trial, or none"
    assert view.lines.shape == (populations, len(FAMILIES))


def test_fields_are_the_pools_of_their_trials(db: ev.EvidenceBase, view: ev.ByComparator) -> None:
    cells = view.cells.set_index(["condition", "comparator"])
    sham = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition")
    same = ["estimate", "ci_low", "ci_high", "k", "n", "certainty", "points"]
    field = cells.xs("sham", level="comparator")[same].reindex(sham.index)
    pd.testing.assert_frame_equal(field, sham[same], check_names=False)
    joined = own(db, "chronic_overuse", ("exercise", "physical_therapy")).sort_values("comparator")
    row = cells.loc[("chronic_overuse", "exercise|physical_therapy")]
    fit = ev.pool(joined.drop_duplicates("study"))
    assert (row["estimate"], row["ci_low"], row["k"]) == pytest.approx((fit.estimate, fit.ci.low, fit.k))
    assert set(row["trials"].split("|")) == set(joined["study"])


def test_the_model_is_that_of_all_trials_together(db: ev.EvidenceBase, view: ev.ByComparator) -> None:
    conditions = tuple(db.conditions.query("headline != 'no'")["condition"])
    effects = one_row_each(Context.of(db).effects("SMD"), conditions, "pain", "short")
    assert not effects.duplicated(["study", "family"]).any()
    post = ev.bayes_crossed(effects, rows="condition", columns="family")
    cells = view.cells.set_index(["condition", "comparator"])
    there = post.cells.reindex(cells.index)
    for name, source in {"shrunken": "median", "shrunken_low": "ci_low"}.items():
        np.testing.assert_allclose(cells[name], there[source])
    assert (cells["borrowed"] == (cells["k"] == 0)).all() and cells["borrowed"].any()
    assert cells.loc[cells["borrowed"], ["estimate", "p_better", "p_worthwhile"]].isna().all(axis=None)


def test_thin_fields_borrow_more_than_full_ones(view: ev.ByComparator) -> None:
    assert view.together is not None
    cells = view.together.cells
    full, thin = cells["k"] >= 9, cells["k"].between(1, 2)
    assert cells.loc[full, "shrinkage"].max() < cells.loc[thin, "shrinkage"].min()
    widths = cells["ci_high"] - cells["ci_low"]
    assert widths[cells["borrowed"]].min() > widths[full].max()


def test_a_joined_pool_has_the_lower_grade_of_its_comparators(db: ev.EvidenceBase, view: ev.ByComparator) -> None:
    effects = own(db, "chronic_overuse", ("usual_care", "no_treatment")).drop_duplicates("study")
    grades = {ev.certainty(effects.assign(comparator=name), db).grade for name in ("usual_care", "no_treatment")}
    row = view.cells.set_index(["condition", "comparator"]).loc[("chronic_overuse", "usual_care|no_treatment")]
    assert row["certainty"] == min(grades, key=["very low", "low", "moderate", "high"].index)


def test_left_out_fields_are_foretold_within_what_the_model_admits() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "left_out_cells.py"
    spec = spec_from_file_location("left_out_cells", path)
    assert spec is not None and spec.loader is not None
    benchmark = module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    table = benchmark.left_out()
    assert (table["k"] >= 5).all() and len(table) >= 5
    assert table["inside"].mean() > 0.8 and table["z"].abs().max() < 3
    width, own = table["foretold_high"] - table["foretold_low"], table["own_high"] - table["own_low"]
    assert (width > own)[table["k"] >= 12].all(), "what is foretold is less sure than many trials"


def test_what_it_says(view: ev.ByComparator) -> None:
    text = view.sentence()
    assert text.startswith("Pain up to 3 months, above 0 favouring acupuncture. In ")
    assert "no trial against sham or usual care or nothing" in text and "a guess, no finding" in text
    assert "at least 10 of 100 points better" in text and "best" not in text
    for words in view.lines.loc[view.words.conditions["osteoarthritis"]]:
        assert words in text or words == "no trial"
    notes = view.cells.set_index("k")["note"]
    assert notes.loc[0].str.startswith("no trial; borrowed").all() and notes.loc[[1]].str.contains("one trial").all()


def test_a_single_trial_moves_no_range_of_probabilities(view: ev.ByComparator) -> None:
    cells = view.cells.copy()
    cells.loc[cells["k"] == 1, ["p_better", "p_worthwhile"]] = 0.011
    alone = replace(view, cells=cells).sentence()
    assert alone == view.sentence()


def test_worthwhile_is_told_where_it_is_known_of_every_pool(view: ev.ByComparator) -> None:
    cells = view.cells.copy()
    cells.loc[cells.index[cells["k"] > 1][0], "p_worthwhile"] = np.nan
    for less in (replace(view, cells=cells), replace(view, least=np.nan)):
        text = less.sentence()
        assert "of 100 points better" not in text and "where there are two trials or more." in text


def test_it_draws_a_block_for_each_kind_of_comparator(view: ev.ByComparator) -> None:
    axes = view.plot()
    words = " ".join(text.get_text() for text in axes.texts)
    assert "exercise or physical therapy" in words and "borrowed" in words


def test_without_a_prior_or_trials_there_is_no_model(db: ev.EvidenceBase) -> None:
    none = ev.rank_conditions(db, measure="RD")
    assert set(none.cells.query("k == 0")["note"]) == {"no trial with numbers"}
    assert none.together is None and none.cells["shrunken"].isna().all() and not none.cells["borrowed"].any()
    one = ev.rank_conditions(db.select(condition="osteoarthritis", comparator="sham"))
    assert one.together is None and (one.cells["k"] > 0).sum() == 1
    assert "borrowed" not in one.sentence() and one.cells["p_better"].notna().sum() == 1


def test_a_condition_that_the_model_never_saw_is_like_a_new_one(db: ev.EvidenceBase) -> None:
    some = ev.rank_conditions(db.select(condition="osteoarthritis"))
    assert some.together is not None
    cells = some.cells.set_index(["condition", "comparator"])
    new = some.together.predict(None, "drug")
    assert cells.loc[("lumbar_sprain", "drug"), "shrunken"] == pytest.approx(new["median"])
    assert cells.loc[("lumbar_sprain", "drug"), "borrowed"]


def test_a_choice_that_does_not_exist_is_named(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match="time='soon'"):
        ev.rank_conditions(db, time="soon")
