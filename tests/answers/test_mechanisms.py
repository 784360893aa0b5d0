"""Mechanisms marker by marker, and markers against outcomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.mechanism_link import link_effects
from evidence.answers.wording.vocabulary import bundled

from .conftest import Effects

WORDS = bundled()


@pytest.fixture(scope="module")
def pools(db: ev.EvidenceBase) -> pd.DataFrame:
    return ev.mechanism_pools(db)


def test_every_marker_stands_in_the_table(db: ev.EvidenceBase, pools: pd.DataFrame) -> None:
    markers = db.outcomes[db.outcomes["mechanism"] != ""]
    assert set(pools["outcome"]) == {*markers["outcome"], "all"}
    assert (pools.groupby("mechanism")["outcome"].apply(lambda names: "all" in set(names))).all()
    spoken = db.results.groupby("outcome")["study_id"].nunique()
    single = pools[pools["outcome"] != "all"]
    assert (single["measured"] == single["outcome"].map(spoken).fillna(0)).all()
    assert not pools["sentence"].str.contains("signific|nan", regex=True).any()


def test_numbers_where_two_trials_give_them_else_directions(db: ev.EvidenceBase, pools: pd.DataFrame) -> None:
    row = pools.query("outcome == 'pressure_pain_threshold' and comparator == 'sham'").iloc[0]
    effects = db.effects("SMD").query("outcome == 'pressure_pain_threshold' and comparator == 'sham'")
    assert (
        row["estimate"] == pytest.approx(ev.bayes(effects, tau_prior=ev.HalfNormal(0.5)).mu["median"]) and row["k"] == 3
    )
    cortisol = pools.query("outcome == 'cortisol' and comparator == 'sham'").iloc[0]
    # anon-cortisol-1997: higher; anon-scc-2020, asadi-2015, fleckenstein-2018: no difference (results.csv)
    assert cortisol[["favouring", "against", "neither"]].tolist() == [0, 1, 3]
    assert np.isnan(cortisol["estimate"]) and np.isnan(cortisol["p_combined"])


def pairs(made_up: Effects, k: int) -> pd.DataFrame:
    move = np.linspace(0, 1.2, k)
    marker = made_up(list(move), vi=0.01, outcome="tnf_alpha", measured="tnf_alpha")
    return pd.concat([marker, made_up(list(0.5 * move + 0.1), vi=0.01)], ignore_index=True)


def test_the_link_is_the_bivariate_model_of_trials_with_both(made_up: Effects) -> None:
    effects = pairs(made_up, 6)
    link = link_effects(
        pd.concat([effects, made_up([2.0], comparator="drug")]), "tnf_alpha", "pain", "sham", WORDS, 0.3
    )
    assert len(link.pairs) == 6 and link.fit is not None and link.fit.rho is not None
    assert link.fit.slope == pytest.approx(0.5, abs=0.02)
    text = link.sentence()
    assert "TNF-alpha" in text and "cannot show that one causes the other" in text and "correlate at 0.3" in text


def test_too_few_trials_with_both_is_said(db: ev.EvidenceBase, made_up: Effects) -> None:
    link = link_effects(pairs(made_up, 2), "tnf_alpha", "pain", "sham", WORDS)
    assert link.fit is None and "2 trials give numbers for both" in link.sentence()
    real = ev.mechanism_link(db, marker="crp")
    assert real.fit is None and "too few to tell" in real.sentence()


def test_a_trial_enters_once_by_the_marker_named_first(made_up: Effects) -> None:
    effects = pairs(made_up, 4)
    other = effects[effects["outcome"] == "tnf_alpha"].assign(outcome="il_6", yi=9.0)
    link = link_effects(pd.concat([effects, other], ignore_index=True), "tnf_alpha|il_6", "pain", "sham", WORDS)
    assert link.pairs["study"].is_unique and set(link.pairs["marker"]) == {"tnf_alpha"}


@pytest.mark.parametrize("condition", ["spinal_stenosis", "disc_herniation", "lumbar_sprain"])
def test_one_condition_alone_can_be_asked(db: ev.EvidenceBase, condition: str) -> None:
    pools = ev.mechanism_pools(db.select(condition=condition))
    assert set(pools["mechanism"]) == set(db.mechanisms["mechanism"])
    together = pools[pools["outcome"] == "all"].groupby("mechanism")["measured"].max()
    whole = ev.mechanism_pools(db)
    assert (together <= whole[whole["outcome"] == "all"].groupby("mechanism")["measured"].max()).all()


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.1, 0.9, "where TNF-alpha moves more in the claimed direction, pain improves more (correlation 0.50, 0.10"),
        (-0.9, -0.1, "where TNF-alpha moves more in the claimed direction, pain improves less (correlation −0.50"),
        (-0.2, 0.2, "whether effects on TNF-alpha and pain go together is open (correlation 0.00, −0.20 to 0.20"),
    ],
)
def test_the_association_is_told_with_its_own_sign(made_up: Effects, low: float, high: float, says: str) -> None:
    link = link_effects(pairs(made_up, 6), "tnf_alpha", "pain", "sham", WORDS)
    assert link.fit is not None
    fit = replace(link.fit, rho=(low + high) / 2, rho_ci=type(link.fit.rho_ci)(low, high))
    assert says in replace(link, fit=fit).sentence()


def test_p_values_are_combined_from_two_trials_on(pools: pd.DataFrame) -> None:
    votes = pools[pools["p_values"].notna() & pools["favouring"].notna()]
    assert (votes["p_combined"].notna() == (votes["p_values"] > 1)).all() and votes["p_combined"].notna().any()
