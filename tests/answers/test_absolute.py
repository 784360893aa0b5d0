"""People of 100 who improve, from the trials' own counts, and the summary of findings that tells them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

import evidence as ev
from evidence.answers.absolute import in_people
from evidence.answers.context import Context

#: Improved in the comparison arm, of how many: 44.2% of 387 in Haake 2007.
CHRONIC_SHAM = {"carlsson-2001": (2, 16), "haake-2007": (171, 387), "napstic-2025-bl23-microcirculation": (17, 29)}
DISC_DRUG = ("cglhub-1374102-sciatica", "liang-2020", "zgsyyy-2024-19-009")


def only(db: ev.EvidenceBase, studies: Collection[str]) -> ev.EvidenceBase:
    return replace(db, results=db.results[db.results["study_id"].isin(studies)])


def expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_the_comparators_risk_is_counted_in_its_own_arms(db: ev.EvidenceBase) -> None:
    risk = Context.of(only(db, CHRONIC_SHAM)).absolute.risk("chronic_overuse", "sham", "short")
    assert risk is not None and risk.own and (risk.k, risk.n) == (3, 16 + 387 + 29)
    assert (risk.least, risk.most) == pytest.approx((2 / 16, 17 / 29))
    yi = [logit(x / n) for x, n in CHRONIC_SHAM.values()]
    vi = [1 / x + 1 / (n - x) for x, n in CHRONIC_SHAM.values()]
    tau2 = ev.pool(yi, vi).tau2
    weights = [1 / (v + tau2) for v in vi]
    mean = sum(w * y for w, y in zip(weights, yi, strict=True)) / sum(weights)
    assert risk.proportion == pytest.approx(expit(mean))


def test_with_fewer_than_two_trials_those_of_all_conditions_are_taken(db: ev.EvidenceBase) -> None:
    absolute = Context.of(db).absolute
    sprain = absolute.risk("lumbar_sprain", "usual_care", "short")
    chronic = absolute.risk("chronic_overuse", "usual_care", "short")
    assert sprain is not None and chronic is not None and chronic.own and not sprain.own and sprain.k > chronic.k
    assert absolute.risk("chronic_overuse", "no_treatment", "short") is None


def test_an_arm_that_improves_more_raises_the_risk(db: ev.EvidenceBase) -> None:
    better = db.results.copy()
    haake = (better["study_id"] == "haake-2007") & (better["arm"] == "sham") & (better["outcome"] == "responder")
    better.loc[haake, "percent"] = 80.0
    before, after = (
        Context.of(base).absolute.risk("chronic_overuse", "sham", "short") for base in (db, replace(db, results=better))
    )
    assert before is not None and after is not None and after.proportion > before.proportion + 0.05
    assert after.most == pytest.approx(310 / 387)  # 80% of 387 = 309.6


def test_by_the_odds_that_a_standardised_difference_gives(db: ev.EvidenceBase) -> None:
    row = ev.summary_of_findings(db).set_index(["condition", "outcome"]).loc[("chronic_overuse", "pain")]
    risk = Context.of(db).absolute.risk("chronic_overuse", "sham", "short")
    assert risk is not None and row["per_100_basis"] == "SMD as odds ratio"
    assert row["risk_comparator"] == pytest.approx(100 * risk.proportion)
    for end, value in (("", row["estimate"]), ("_low", row["ci_low"]), ("_high", row["ci_high"])):
        reached = 100 * expit(logit(risk.proportion) + value * math.pi / math.sqrt(3))
        assert row[f"risk_acupuncture{end}"] == pytest.approx(reached)
        assert row[f"difference_per_100{end}"] == pytest.approx(reached - row["risk_comparator"])
    assert f"{risk.k} trials of this condition ({risk.n:.0f} people" in row["risk_source"]


def test_by_the_risk_ratio_where_trials_count_people(db: ev.EvidenceBase) -> None:
    few = only(db, DISC_DRUG)
    rows = ev.summary_of_findings(few, comparator="drug").set_index(["condition", "outcome"])
    row = rows.loc[("disc_herniation", "responder")]
    counts = few.select(condition="disc_herniation", comparator="drug", outcome="responder", time="short").effects("RR")
    fit = ev.bayes(counts, tau_prior=ev.HalfNormal(0.5))  # three trials: the prior of few trials
    assert len(counts) == 3 and row["per_100_basis"] == "risk ratio of 3 trials"
    low, high = fit.mu["ci_low"], fit.mu["ci_high"]
    for end, value in (("", fit.mu["median"]), ("_low", low), ("_high", high)):
        assert row[f"risk_acupuncture{end}"] == pytest.approx(min(100.0, row["risk_comparator"] * math.exp(value)))
    assert row["risk_acupuncture_high"] == 100, "never more people than there are"


def test_what_no_count_speaks_for_is_not_told_in_people(db: ev.EvidenceBase) -> None:
    waiting = ev.summary_of_findings(db, comparator="no_treatment")
    assert len(waiting) and waiting["risk_comparator"].isna().all() and (waiting["risk_source"] == "").all()
    sham = ev.summary_of_findings(db).set_index("outcome")
    assert sham.loc[["quality_of_life"], "difference_per_100"].isna().all()
    assert in_people(waiting.iloc[0], "no treatment") == ""
    pain = sham.loc[["pain"]].iloc[0]
    said = in_people(pain, "sham acupuncture")
    assert said.startswith(f"of 100 people, {pain['risk_comparator']:.0f} improve with sham acupuncture")


def test_no_half_is_assumed(db: ev.EvidenceBase) -> None:
    shares = ev.summary_of_findings(db)["risk_comparator"].dropna()
    assert len(shares) and not np.isclose(shares, 50).any() and shares.between(0, 100).all()


def test_the_summary_of_findings_is_the_pools_in_three_languages(db: ev.EvidenceBase) -> None:
    table = ev.summary_of_findings(db).set_index(["condition", "outcome"])
    row = table.loc[("chronic_overuse", "pain")]
    effects = db.select(condition="chronic_overuse", comparator="sham", outcome="pain", time="short").effects("SMD")
    fit = ev.pool(effects)
    assert row["estimate"] == pytest.approx(fit.estimate)
    own = ev.pooled_table(effects, db).iloc[0]
    assert row["points"] == pytest.approx(own["points"])
    graded = ev.certainty(effects, db)
    down = graded.reasons.query("levels < 0")
    assert row["certainty"] == graded.grade and len(down)
    assert all(
        f"{step.domain.replace('_', ' ')} ({step.levels:+d})" in row["footnotes"].replace("_", " ")
        for step in down.itertuples()
    )
    assert row["sentence"].startswith("In chronic low back pain, ")
    assert ev.summary_of_findings(db, comparator="other_active", time="long").empty


def test_what_the_summary_calls_the_effect_is_the_side_of_its_interval(db: ev.EvidenceBase) -> None:
    for row in ev.summary_of_findings(db).itertuples():
        assert (row.effect == "acupuncture better") == (row.ci_low > 0)
        assert (row.effect == "acupuncture worse") == (row.ci_high < 0)
        assert row.effect != "little or no difference" or row.worthwhile > max(row.ci_high, -row.ci_low)
        for limit in ("low", "high"):
            if row.points_basis.startswith("SD"):
                assert getattr(row, f"points_{limit}") == pytest.approx(getattr(row, f"ci_{limit}") * row.points_sd)
