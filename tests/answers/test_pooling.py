"""How a pool is summarised, by its number of trials; points of 100 as printed or by the spread of scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.context import Context
from evidence.answers.grade.synthesis import synthesise
from evidence.answers.points import Points
from evidence.answers.pooling import ENOUGH, Pooling, summary_of
from evidence.answers.sides import side_of
from evidence.answers.sound import sound
from evidence.derive.points import KEY, printed_points

from .conftest import Effects

BY = ["condition", "comparator", "outcome", "time"]


@pytest.fixture(scope="module")
def pools(db: ev.EvidenceBase) -> pd.DataFrame:
    return ev.pooled_table(db.effects("SMD"), db)


def test_one_trial_is_told_as_it_is_and_few_by_bayes(db: ev.EvidenceBase, made_up: Effects) -> None:
    pooling, yi = Pooling(db), [0.2, 0.5, 0.4, 0.1, 0.6, 0.3]
    for k in range(1, 7):
        rows = made_up(yi[:k], [0.02, 0.05, 0.03, 0.04, 0.02, 0.06][:k])
        found = summary_of(pooling.fit(rows))
        if 1 < k < ENOUGH:
            post = ev.bayes(rows, tau_prior=ev.HalfNormal(0.5))
            expected = (post.mu["median"], post.mu["sd"], post.mu["ci_low"], post.mu["ci_high"])
            assert found.p_better == pytest.approx(post.probability(lower=0))
        else:
            fit = ev.pool(rows)
            expected = (fit.estimate, fit.se, *fit.ci)
            assert found.p_better == pytest.approx(1 - fit.p_value / 2)
        assert found[1:5] == pytest.approx(expected)
        assert np.isnan(found.pi_low) == (k < 3)


def test_two_trials_that_agree_say_more_than_one_of_them(db: ev.EvidenceBase, made_up: Effects) -> None:
    pooling = Pooling(db)
    one, two = (summary_of(pooling.fit(made_up([0.8] * k, 0.04))) for k in (1, 2))
    with pytest.warns(ev.SmallSample):
        hk = ev.pool(made_up([0.8] * 2, 0.04)).ci
    assert one.ci_high - one.ci_low < two.ci_high - two.ci_low < (hk.high - hk.low) / 2
    assert two.ci_low > 0 > hk.low


def test_every_pool_of_the_table_is_the_fit_of_its_rows(db: ev.EvidenceBase, pools: pd.DataFrame) -> None:
    pooling, effects = Pooling(db), sound(db.effects("SMD"))
    groups = dict(list(effects.groupby(BY)))
    few = pools[pools["k"].between(2, ENOUGH - 1)]
    assert len(few) and few["p_value"].isna().all() and few["hk_ci_low"].notna().all()
    for row in pools.to_dict("records"):
        found = summary_of(pooling.fit(groups[tuple(row[name] for name in BY)]))
        for name, value in found._asdict().items():
            assert row[name] == pytest.approx(value, nan_ok=True), name
    alone = pools[pools["k"] == 1]
    assert (alone["model"] == "one trial").all() and alone["hk_ci_low"].isna().all()


def test_a_prior_in_points_is_one_of_standard_deviations(db: ev.EvidenceBase) -> None:
    pooling = Pooling(db)
    assert pooling.tau_scale("MD100", "pain") == pytest.approx(0.5 * ev.reference_sd(db).loc["pain", "sd"])
    assert np.isnan(pooling.tau_scale("RD", "pain")), "no prior is written down for a risk difference"


def test_trials_print_the_points_that_their_pool_is_told_in(pools: pd.DataFrame, db: ev.EvidenceBase) -> None:
    printed = db.effects("MD100").set_index(["study", "comparator", "outcome", "time"])["yi"]
    table = pools.set_index(BY)
    assert table.loc[("chronic_overuse", "drug", "disability", "short"), "points"] == pytest.approx(
        printed["jiang-2013-lbpnma", "drug", "disability", "short"]
    )
    assert table.loc[("spinal_stenosis", "sham", "pain", "short"), "points_basis"] == "as printed"
    assert round(printed["qin-2020", "sham", "pain", "short"]) == 23
    assert round(printed["tu-2024", "sham", "leg_pain", "short"]) == 16
    for row in pools[pools["points_basis"] == "as printed"].itertuples():
        rows = [printed.get((study, row.comparator, row.outcome, row.time)) for study in row.trials.split("|")]
        told = [points for points in rows if points is not None]
        assert len(told) >= max(min(row.k, 2), row.k / 2), "the interval of a few trials is not the pool's"
        assert min(told) - 1e-9 <= row.points <= max(told) + 1e-9
    chronic = table.loc[("chronic_overuse", "drug", "disability", "short")]
    assert abs(chronic["points"]) < 10 and chronic["points_high"] < 30, "not 32 (-392 to 457)"


def test_points_of_a_pool_never_contradict_it_on_no_difference(results: ev.Results) -> None:
    """The pool is graded and judged; two disc trials once read 0.07 to 1.35 SD, and −3 to 26 points."""
    pools = results.pools.query("k > 1 and points == points")
    cells = results.side_by_side.cells.query("k > 1 and points == points")
    for row in (*pools.itertuples(), *cells.itertuples()):
        assert side_of(row.points, row.points_low, row.points_high) == side_of(row.estimate, row.ci_low, row.ci_high)
    disc = pools.set_index(BY).loc[("disc_herniation", "sham", "pain", "short")]
    assert disc["points_basis"] == "SD of other trials" and disc["points_low"] > 0, "as printed it would include 0"
    assert {"as printed", "SD of other trials"} <= set(pools["points_basis"])


def test_points_without_printed_ones_are_the_smd_times_the_spread_it_says(pools: pd.DataFrame) -> None:
    by_sd = pools[pools["points_basis"].str.startswith("SD")]
    assert set(by_sd["points_basis"]) <= {"SD of the trial", "SD of its trials", "SD of other trials"} and len(by_sd)
    np.testing.assert_allclose(by_sd["points"], np.clip(by_sd["estimate"] * by_sd["points_sd"], -100, 100))
    several = by_sd[by_sd["points_basis"] != "SD of the trial"]
    assert (several["points_sd_low"] <= several["points_sd"]).all()
    assert (several["points_sd"] <= several["points_sd_high"]).all()


def test_no_point_lies_outside_the_scale(pools: pd.DataFrame) -> None:
    ends = pools[["points", "points_low", "points_high"]]
    assert ends.abs().max().max() <= 100
    at_end = (ends.abs() == 100).any(axis=1)
    assert (at_end == pools["points_cut"].astype(bool)).all()
    assert pools.loc[at_end, "sentence"].str.contains("cut at the end of the scale").all()


def test_a_trials_spread_is_what_its_means_and_its_smd_tell(db: ev.EvidenceBase) -> None:
    # one trial with means, SDs and n on a scale of 0-100: the pooled SD by hand
    trials = db.results.query("kind == 'arm' and statistic == 'final' and outcome == 'pain' and sd > 0 and n > 0")
    table = printed_points(db)["sd"].reset_index()
    pain = table[(table["outcome"] == "pain") & table["sd"].notna()]
    checked = 0
    for study in pain["study"].unique():
        rows = trials[(trials["study_id"] == study) & (trials["scale_max"] - trials["scale_min"] == 100)]
        if len(rows) != 2 or rows["arm"].nunique() != 2 or rows["week"].nunique() != 1:
            continue
        pooled = float(ev.pooled_sd(rows["n"].iloc[0], rows["sd"].iloc[0], rows["n"].iloc[1], rows["sd"].iloc[1]))
        own = pain.loc[pain["study"] == study, "sd"].to_numpy()
        checked += bool(np.isclose(own, pooled, rtol=1e-9).any())
    assert checked


def test_the_reference_sd_is_a_median_that_few_odd_trials_do_not_move(db: ev.EvidenceBase) -> None:
    usual = ev.reference_sd(db)
    own = printed_points(db)["sd"].dropna().groupby(["outcome", "study"]).median()["pain"]
    own = own[[db.flags.get(study) != "serious" for study in own.index]]
    assert usual.loc["pain", "sd"] == pytest.approx(own.median()) and usual.loc["pain", "k"] == len(own)
    assert usual.loc["pain", "trials"].split("|") == sorted(own.index)
    assert 18 < usual.loc["pain", "sd"] < 25, "a spread of pain scores that the field knows"


def test_one_smallest_worthwhile_effect_is_used_everywhere(db: ev.EvidenceBase) -> None:
    context = Context.of(db)
    least = 10 / ev.reference_sd(db).loc["pain", "sd"]
    ranking = ev.rank_conditions(db, comparator="sham").to_frame()
    assert ranking.loc[ranking["k"] > 0, "worthwhile"].to_numpy() == pytest.approx(least)
    assert context.worthwhile.for_precision(["pain"], "SMD") == pytest.approx(least)
    findings = ev.summary_of_findings(db).query("outcome == 'pain'")
    assert findings["worthwhile"].to_numpy() == pytest.approx(least)
    claims = ev.claims(db).to_frame()
    own = claims[(claims["outcome"] == "pain") & (claims["measure"] == "SMD")]
    assert own["worthwhile"].dropna().to_numpy() == pytest.approx(least)


def test_points_of_a_pool_that_prints_none_come_from_other_trials(db: ev.EvidenceBase, made_up: Effects) -> None:
    context = Context.of(db)
    rows = made_up([0.5, 0.7], time="long")
    found = Points(db, context.pooling).of(synthesise(context.pooling, rows))
    usual = ev.reference_sd(db).loc["pain"]
    assert found["points_basis"] == "SD of other trials" and found["points_sd"] == pytest.approx(usual["sd"])
    far = Points(db, context.pooling).of(synthesise(context.pooling, rows.assign(yi=[6.0, 7.0])))
    assert (found["points_cut"], far["points_cut"]) == (False, True) and far["points_high"] == 100


def test_three_trials_that_know_their_own_spread_turn_a_pool_into_points(db: ev.EvidenceBase, made_up: Effects) -> None:
    context = Context.of(db)
    rows = made_up([0.5] * 8, time="long")
    points, pool = Points(db, context.pooling), synthesise(context.pooling, rows)
    keys = list(zip(*(rows[name] for name in KEY), strict=True))[:3]  # too few to tell the pool as they print it

    def known(*sds: float) -> dict[str, object]:
        points._printed = {key: (8.0, 4.0, sd) for key, sd in zip(keys, sds, strict=True)}
        return points.of(pool)

    own = known(10.0, 20.0, 30.0)
    assert own["points_basis"] == "SD of its trials" and own["points"] == pytest.approx(pool.estimate * 20)
    assert (own["points_sd_low"], own["points_sd"], own["points_sd_high"]) == (15, 20, 25)
    assert known(10.0, np.nan, 20.0)["points_basis"] == "SD of other trials"


def test_a_base_without_priors_pools_as_before(db: ev.EvidenceBase, made_up: Effects) -> None:
    bare = Pooling(replace(db, priors=db.priors.head(0)))
    rows = made_up([0.2, 0.6, 0.4])
    assert summary_of(bare.fit(rows)).estimate == pytest.approx(ev.pool(rows).estimate)
