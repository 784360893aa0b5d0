"""Every step of the certainty is its rule's: made-up pools on both sides of each cut, overrides, the whole table."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import evidence as ev
from evidence.answers.context import Context
from evidence.answers.grade.certainty import grade_directions
from evidence.answers.grade.synthesis import Synthesis
from evidence.answers.grade.synthesis import synthesise as synthesise_by
from evidence.answers.known_trials import Account
from evidence.answers.pooling import Pooling

from .conftest import Effects


@cache
def pooling() -> Pooling:
    return Pooling(ev.load())


def synthesise(frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> Synthesis:
    return synthesise_by(pooling(), frame, outcomes)


def levels(effects: pd.DataFrame, db: ev.EvidenceBase) -> dict[str, int]:
    graded = ev.certainty(effects, db)
    return dict(zip(graded.reasons["domain"], graded.reasons["levels"], strict=True))


def test_blinded_direct_large_consistent_trials_are_of_high_certainty(db: ev.EvidenceBase, made_up: Effects) -> None:
    graded = ev.certainty(made_up([0.5, 0.6, 0.55, 0.5], condition="spinal_stenosis"), db)  # no result is missing there
    assert graded.grade == "high" and not graded.doubts and (graded.reasons["levels"] == 0).all()
    assert graded.sentence() == "Certainty of the evidence: high."


def test_a_fit_of_effects_is_graded_as_they_are(db: ev.EvidenceBase, made_up: Effects) -> None:
    effects = made_up([0.5, 0.6, 0.1, 0.5], condition="spinal_stenosis")
    for fit in (ev.pool(effects), ev.multilevel(effects, levels=("study",), robust=None)):
        assert ev.certainty(fit, db).summary() == ev.certainty(effects, db).summary()
    with pytest.raises(ev.InvalidInput, match="or a fit of them"):
        ev.certainty(ev.pool(effects["yi"], effects["vi"]), db)


@pytest.mark.parametrize(
    ("domain", "yi", "columns", "expected"),
    [
        ("risk_of_bias", [0.5] * 4, {"comparator": "usual_care"}, -1),  # a sham blinds nobody here
        ("inconsistency", [0.0, 0.2, 0.4, 0.6], {"vi": 0.02}, -1),  # I2 70%, the interval for a new trial is narrow
        ("inconsistency", [-0.6, 0.2, 0.9, 1.6], {"vi": 0.01}, -2),
        ("inconsistency", [0.0, 0.2, 0.4, 0.6], {"vi": 0.2}, 0),  # differences that chance makes
        ("inconsistency", [0.5], {}, 0),
        ("indirectness", [0.5] * 4, {"directness": ["indirect", "indirect", "direct", "direct"]}, 0),
        ("indirectness", [0.5] * 4, {"directness": ["indirect"] * 3 + ["direct"]}, -1),
        ("indirectness", [0.5] * 4, {"directness": "indirect", "measured": "responder"}, -2),
        ("imprecision", [0.5] * 4, {"n_acupuncture": 49.0, "n_comparator": 49.0}, -1),  # 392 of 400
        ("imprecision", [0.5] * 4, {"n_acupuncture": 50.0, "n_comparator": 50.0}, 0),
        ("imprecision", [0.5] * 4, {"n_acupuncture": 14.0, "n_comparator": 15.0}, -2),  # 116 of 400
        ("imprecision", [0.0, 0.1, 0.2, -0.3], {"vi": 0.001}, 0),  # no effect, and no worthwhile one
        ("imprecision", [-0.2, 0.2, 0.4, 0.8], {"vi": 0.2}, -1),
        ("imprecision", [-2.0, -0.5, 0.5, 2.0], {"vi": 3.0}, -2),
        ("publication_bias", [0.5] * 4, {"n_acupuncture": 49.0, "n_comparator": 60.0}, -1),  # small ones that shine
        ("publication_bias", [-0.5] * 4, {"n_acupuncture": 49.0, "n_comparator": 60.0}, 0),
        ("large_effect", [1.2] * 4, {}, 1),
        ("large_effect", [1.2] * 4, {"n_acupuncture": 30.0, "n_comparator": 30.0}, 0),  # other doubts
        ("dose_response", list(np.linspace(0.3, 0.9, 12)), {"sessions": np.arange(1.0, 13.0), "vi": 0.05}, 1),
        ("dose_response", list(np.linspace(0.9, 0.3, 12)), {"sessions": np.arange(1.0, 13.0), "vi": 0.05}, 0),
        ("dose_response", [0.3, 0.6, 0.9], {"sessions": [1.0, 5.0, 9.0]}, 0),  # three trials draw no line
    ],
)
def test_a_step_is_taken_where_its_rule_says(
    db: ev.EvidenceBase, made_up: Effects, domain: str, yi: list[float], columns: dict[str, object], expected: int
) -> None:
    effects = made_up(yi, **{"condition": "spinal_stenosis", **columns})  # where no trial's pain result is missing
    assert levels(effects, db)[domain] == expected


def test_knowing_the_treatment_is_a_concern_unless_a_laboratory_measures(db: ev.EvidenceBase, made_up: Effects) -> None:
    told_nothing = db.studies.loc[db.studies["participants_blinded"] == "", "study_id"].tolist()[:4]
    effects = made_up([0.5] * 4, comparator="usual_care").assign(study=told_nothing)
    assert levels(effects, db)["risk_of_bias"] < 0
    reasons = ev.certainty(effects, db).reasons.set_index("domain")
    assert "participants knew their treatment" in reasons.loc["risk_of_bias", "reason"]
    blood = effects.assign(outcome="tnf_alpha", measured="tnf_alpha")
    assert "participants knew" not in ev.certainty(blood, db).summary()


def test_a_sham_whose_blinding_is_not_stated_is_unclear_not_bad(db: ev.EvidenceBase, made_up: Effects) -> None:
    s = db.studies[~db.studies["study_id"].isin(db.risk_of_bias["study_id"])]
    silent = s.query("participants_blinded == '' and assessors_blinded == '' and randomised == 'yes'")
    silent = silent.loc[silent["source_kind"] == "abstract", "study_id"]
    effects = made_up([0.5] * 4)
    effects.loc[:2, "study"] = silent.tolist()[:3]
    reason = ev.certainty(effects, db).reasons.set_index("domain").loc["risk_of_bias"]
    assert reason["levels"] == -1 and reason["number"] == pytest.approx(75)
    assert "0% of the weight has a known concern" in reason["reason"] and "75% more it is not known" in reason["reason"]


def test_judgements_of_published_reviews_count(db: ev.EvidenceBase, made_up: Effects) -> None:
    effects = made_up([0.5] * 2, outcome="tnf_alpha").assign(study=["chen-2016-lbpnma", "jang-2015-lbpnma"])
    reason = ev.certainty(effects, db).reasons.set_index("domain").loc["risk_of_bias"]
    assert reason["levels"] == -1 and "judged the risk of bias in 2 of 2" in reason["reason"]


def test_people_without_numbers_weigh_against_those_with(db: ev.EvidenceBase) -> None:
    alone = db.effects("SMD").query("condition == 'spinal_stenosis' and comparator == 'sham' and outcome == 'pain'")
    known = Context.of(db).known.of(["lumbar_sprain"], "sham", ["pain"])
    assert {"hasegawa-2014", "lin-2016"} <= {trial.study for trial in known.missing}
    for people, level in ((known.people_missing - 2, -1), (known.people_missing, 0)):
        each = {"n_acupuncture": people / 2, "n_comparator": people / 2}
        graded = ev.certainty(alone.head(1).assign(condition="lumbar_sprain", **each), db)
        assert graded.account.missing == known.missing
        assert graded.reasons.set_index("domain").loc["publication_bias", "levels"] == level


def test_the_size_needed_is_that_of_a_trial_with_80_percent_power(db: ev.EvidenceBase, made_up: Effects) -> None:
    # function has no threshold: a small effect of 0.2 SD
    reason = (
        ev.certainty(made_up([0.5], outcome="function"), db).reasons.set_index("domain").loc["imprecision", "reason"]
    )
    needed = 4 * (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 / 0.2**2
    assert f"200 people of {needed:.0f} needed" in reason


def test_an_override_replaces_one_step_of_one_pool(raw: Path, db: ev.EvidenceBase) -> None:
    (raw / "certainty_overrides.csv").write_text(
        "condition,comparator,outcome,time,domain,levels,reason\n"
        "osteoarthritis,sham,pain,short,inconsistency,0,the size differs but not the side\n"
    )
    judged = ev.certainty_table(ev.load(raw)).set_index(["condition", "comparator", "outcome", "time"])
    computed = ev.certainty_table(db).set_index(["condition", "comparator", "outcome", "time"])
    pool = ("osteoarthritis", "sham", "pain", "short")
    assert computed.loc[pool, "inconsistency"] < 0 and judged.loc[pool, "inconsistency"] == 0
    assert judged.loc[pool, "overridden"] == "inconsistency"
    assert judged.loc[pool, "inconsistency_why"] == "the size differs but not the side"
    assert judged.loc[pool, "computed"] == computed.loc[pool, "grade"]
    domains = ["risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias"]
    levels = 3 + judged.loc[pool, domains].sum()
    assert judged.loc[pool, "grade"] == ("very low", "low", "moderate", "high")[max(0, levels)]
    pd.testing.assert_frame_equal(judged.drop(index=pool), computed.drop(index=pool))


def test_an_override_of_a_step_that_does_not_exist_is_refused(raw: Path) -> None:
    (raw / "certainty_overrides.csv").write_text(
        "condition,comparator,outcome,time,domain,levels,reason\narthritis,sham,pain,short,luck,3,\n"
    )
    with pytest.raises(ev.InvalidData) as raised:
        ev.load(raw)
    assert {problem.column for problem in raised.value.problems} == {"domain", "levels", "reason"}


def test_the_table_grades_every_pool_by_the_sum_of_its_steps(db: ev.EvidenceBase) -> None:
    table = ev.certainty_table(db)
    pools = ev.pooled_table(db.effects("SMD"), db)
    keys = ["condition", "comparator", "outcome", "time", "k"]
    pd.testing.assert_frame_equal(table[keys], pools[keys], check_dtype=False)
    np.testing.assert_allclose(table["n"], pools["n"])
    steps = table[list(ev.certainty(db.effects("SMD").head(1), db).reasons["domain"])]
    grades = np.array(["very low", "low", "moderate", "high"])
    assert (table["grade"] == grades[(3 + steps.sum(axis=1)).clip(0, 3)]).all()
    assert {"very low", "low"} <= set(table["grade"])


def test_nothing_to_grade_is_said(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.NotEstimable, match="no row"):
        ev.certainty(db.effects("SMD").iloc[:0], db)


def test_several_outcomes_of_a_trial_are_pooled_without_counting_its_people_twice(made_up: Effects) -> None:
    one = made_up([0.5, 0.6, 0.4, 0.55, 0.2])
    two = pd.concat([one, one.assign(outcome="leg_pain", yi=one["yi"] + 0.1)], ignore_index=True)
    found = synthesise(two, ("pain", "leg_pain"))
    assert (found.k, found.rows, found.n) == (5, 10, 1000) and "several outcomes" in found.model
    fit = ev.multilevel(two)
    assert (found.estimate, found.ci_low) == pytest.approx((fit.estimate, fit.ci.low))
    few = synthesise(two[two["study"].isin(one["study"][:3])], ("leg_pain", "pain"))
    assert few.rows == 3 and set(few.frame["outcome"]) == {"leg_pain"}


def test_a_trial_does_not_weigh_more_for_more_rows(made_up: Effects) -> None:
    one = made_up([0.2, 0.6, 0.4, 0.55, 0.2], directness=["indirect", *["direct"] * 4])
    more = [one.head(1).assign(outcome=name, yi=yi) for name, yi in (("leg_pain", 0.3), ("function", 0.1))]
    found = synthesise(pd.concat([one, *more], ignore_index=True))
    assert found.rows == 7 and found.frame.groupby("study")["weight"].sum().tolist() == pytest.approx([20.0] * 5)
    assert found.share_indirect == pytest.approx(0.2)


def test_a_row_weighs_by_its_variance_and_that_between_trials(made_up: Effects) -> None:
    one = made_up([0.2, 0.6, 0.4, 0.55, 0.2, 0.7, 0.1], [0.01, 0.02, 0.04, 0.08, 0.16, 0.01, 0.02])
    found = synthesise(pd.concat([one, one.assign(outcome="leg_pain")], ignore_index=True))
    weights = found.frame["weight"]
    assert weights.sum() == pytest.approx(100) and found.weight([True] * 14) == pytest.approx(100)
    ratios = (weights * (found.frame["vi"] + found.tau2)).to_numpy()
    np.testing.assert_allclose(ratios, ratios[0])


def test_a_trial_counts_the_people_of_its_largest_row(made_up: Effects) -> None:
    one = made_up([0.2, 0.6, 0.4, 0.55, 0.5], n_acupuncture=[40.0, 50.0, 60.0, 70.0, 20.0], n_comparator=30.0)
    fewer = one.assign(outcome="leg_pain", n_acupuncture=[10.0, 90.0, 20.0, 70.0, 20.0])
    for both in ([one, fewer], [fewer, one]):
        assert synthesise(pd.concat(both, ignore_index=True)).n == (40 + 90 + 60 + 70 + 20) + 5 * 30


def test_small_trials_that_find_more_are_suspect_and_small_trials_that_find_less_are_not(
    db: ev.EvidenceBase, made_up: Effects
) -> None:
    n = np.linspace(50.0, 600.0, 12)
    noise = np.tile([0.01, -0.01], 6)
    leaning = set()
    for yi, expected in ((0.2 + 4 / n**0.5 + noise, -1), (1.2 - 4 / n**0.5 - noise, 0)):
        effects = made_up(list(yi), list(2 / n), n_acupuncture=n, n_comparator=n)
        step = ev.certainty(effects, db).reasons.set_index("domain").loc["publication_bias"]
        assert step["levels"] == expected and ("smaller trials higher" in step["reason"]) == (expected < 0)
        leaning.add(step["reason"].replace(", smaller trials higher", "").split(";")[0])
    assert len(leaning) == 1, "both funnels lean alike"


def test_the_numbers_of_a_synthesis_are_those_of_its_model(made_up: Effects) -> None:
    one = made_up([0.2, 0.6, 0.4, 0.55, 0.2, 0.7, -0.1], [0.01, 0.02, 0.04, 0.08, 0.02, 0.01, 0.02])
    more = pd.concat([one, one.assign(outcome="leg_pain", yi=one["yi"] + 0.1)], ignore_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        several, single = ev.multilevel(more), ev.pool(one, prediction=ev.HalfNormal(0.5))
    assert single.prediction_interval is not None
    for found, fit, pi, i2 in (
        (synthesise(more), several, several.prediction_interval, several.i2_levels["total"]),
        (synthesise(one), single, single.prediction_interval, single.i2),
    ):
        expected = {
            "estimate": fit.estimate,
            "ci_low": fit.ci.low,
            "ci_high": fit.ci.high,
            "pi_low": pi.low,
            "pi_high": pi.high,
            "tau2": fit.tau2,
            "i2": i2,
            "p_better": 1 - fit.p_value / 2,
        }
        assert {name: found.numbers[name] for name in expected} == pytest.approx(expected)
        assert found.q_p == pytest.approx(fit.q_p)
    alone = synthesise(one.head(1))
    assert alone.model == "one trial" and np.isnan([alone.tau2, alone.i2, alone.q_p, alone.pi_low]).all()
    assert alone.ci_low < alone.estimate < alone.ci_high


def test_directions_alone_begin_two_levels_down(db: ev.EvidenceBase, made_up: Effects) -> None:
    votes = made_up([0.5] * 4)[["study", "condition", "comparator", "outcome", "measured", "directness", "confidence"]]
    graded = grade_directions(Context.of(db), votes, Account(()))
    levels = dict(zip(graded.reasons["domain"], graded.reasons["levels"], strict=True))
    assert levels == {"risk_of_bias": 0, "indirectness": 0, "imprecision": -2} and graded.grade == "low"
    assert graded.synthesis.k == 4 and graded.synthesis.frame["weight"].sum() == pytest.approx(100)
    aside = grade_directions(Context.of(db), votes.assign(directness="indirect"), Account(()))
    assert aside.grade == "very low"
