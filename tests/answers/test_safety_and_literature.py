"""Harms, published reviews and the summary of findings."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm

import evidence as ev


def test_counts_of_harms_are_those_of_the_sources(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    arms = found.arms.set_index(["study", "arm"])
    assert arms.loc[("ed-morphine-2016", "drug"), ["events", "n"]].tolist() == [85, 150]
    gout = arms.loc[("anon-gout-nd", "drug")]  # 23.91% of 46 printed
    assert gout["events"] == 11 and gout["percent"] == pytest.approx(100 * 11 / 46)
    bruised = found.arms.query("study == 'sangdee-2002' and percent == 45")
    assert len(bruised) and bruised["ci_low"].isna().all(), "45% of an unstated number of people is no count"
    none = arms.loc[("johnston-2021", "bfa")]
    assert none["ci_low"] == 0 and none["ci_high"] == pytest.approx(100 * (1 - 0.025 ** (1 / 26)))


def test_contrasts_handle_no_events(db: ev.EvidenceBase) -> None:
    contrasts = ev.safety(db).contrasts.set_index("study")
    kittang = contrasts.loc["kittang-2001"]  # 0 of 28 against 15 of 29
    assert kittang["odds_ratio_high"] < 1 and "fewer with acupuncture" in kittang["sentence"]
    assert kittang["risk_ratio"] == pytest.approx((0.5 / 29) / (15.5 / 30))
    assert np.isnan(contrasts.loc["johnston-2021", "risk_ratio"])
    assert "nothing can be compared" in contrasts.loc["johnston-2021", "sentence"]


def test_totals_add_up_and_surveys_are_in_percent(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    ours = found.totals.set_index("role").loc["acupuncture"]
    counted = found.arms.query("role == 'acupuncture' and not serious").dropna(subset=["events", "n"])
    assert counted.duplicated(["study", "arm"]).any(), "an arm that counts two kinds of event"
    counted = counted.groupby(["study", "arm"]).agg({"events": "max", "n": "first"})
    assert (ours["events"], ours["n"]) == (counted["events"].sum(), counted["n"].sum())
    assert found.surveys.set_index("review_id").loc["qshc-13-349-patient-survey", "percent"] == pytest.approx(10.7)
    text = found.sentence()
    assert "absence of reports is not absence of harm" in text and "3.8 to 10.7% of patients" in text


def test_every_published_row_is_set_beside_ours_or_says_why_not(db: ev.EvidenceBase) -> None:
    table = ev.against_reviews(db)
    assert len(table) == len(db.published_reviews)
    without = table[table["overlap"] == ""]
    assert (without["why"] != "").all() and without["ours"].isna().all()
    matched = table[table["overlap"] != ""]
    assert len(matched) >= 10 and matched[["ours", "theirs", "theirs_low", "theirs_high"]].notna().all().all()
    assert ((matched["theirs_low"] <= matched["theirs"]) & (matched["theirs"] <= matched["theirs_high"])).all()
    meet = (matched["ours_low"] <= matched["theirs_high"]) & (matched["theirs_low"] <= matched["ours_high"])
    assert (meet == (matched["overlap"] == "yes")).all()


def test_published_signs_are_turned_as_their_notes_say(db: ev.EvidenceBase) -> None:
    table = ev.against_reviews(db)
    knee = table.query("review_id == 'manheimer-2010-cochrane' and outcome == 'pain'").iloc[0]
    assert (knee["theirs"], knee["theirs_low"], knee["theirs_high"]) == pytest.approx((0.28, 0.11, 0.45))
    vickers = table.query("review_id == 'vickers-2012-ipd' and condition == 'chronic_overuse'").iloc[0]
    assert vickers["theirs"] == pytest.approx(0.23) and vickers["comparator"] == "sham"
    ratio = table.query("review_id == 'ji-2015-sciatica' and measure == 'RR'").iloc[0]
    assert ratio["theirs"] == pytest.approx(math.log(1.21)) and ratio["comparator"] == "drug"
    points = table.query("review_id == 'mu-2020-cochrane' and outcome == 'pain'").iloc[0]
    assert points["measure"] == "MD100" and points["theirs"] == pytest.approx(10.26)


def test_mixed_and_foreign_comparators_are_not_set_beside_a_pool_of_one(db: ev.EvidenceBase) -> None:
    table = ev.against_reviews(db)
    one_drug = table[table["comparison"].str.endswith("ibuprofen")].iloc[0]
    assert one_drug["comparator"] == "drug" and "against one such treatment" in one_drug["why"]
    for review in ("lin-2016-koa", "ahrq-2020-skelly", "su-2021-acute"):
        rows = table[table["review_id"] == review]
        assert (rows["overlap"] == "").all() and rows["why"].str.startswith("a mixture of comparators").all()
    foreign = table[table["review_id"].isin(["zhao-2023-moxa-cytokines", "yang-2017-auricular", "shim-2016-ea-koa"])]
    assert (foreign["overlap"] == "").all()


def test_our_side_is_our_pool(db: ev.EvidenceBase) -> None:
    row = ev.against_reviews(db).query("review_id == 'manheimer-2010-cochrane' and outcome == 'pain'").iloc[0]
    effects = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects("SMD")
    fit = ev.pool(effects)
    assert (row["ours"], row["ours_k"]) == pytest.approx((fit.estimate, fit.k))


def test_the_summary_of_findings_is_the_pools_in_three_languages(db: ev.EvidenceBase) -> None:
    table = ev.summary_of_findings(db).set_index(["condition", "outcome"])
    row = table.loc[("osteoarthritis", "pain")]
    effects = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects("SMD")
    fit = ev.pool(effects)
    assert row["estimate"] == pytest.approx(fit.estimate)
    assert row["points"] == pytest.approx(fit.estimate * row["points_sd"])
    assert row["difference_per_100"] == pytest.approx(100 * (norm.cdf(fit.estimate) - 0.5))
    graded = ev.certainty(effects, db)
    down = graded.reasons.query("levels < 0")
    assert row["certainty"] == graded.grade and len(down)
    assert all(
        f"{step.domain.replace('_', ' ')} ({step.levels:+d})" in row["footnotes"].replace("_", " ")
        for step in down.itertuples()
    )
    assert row["sentence"].startswith("In osteoarthritis of the knee or hip (neighbouring evidence, not the back), ")
    assert ev.summary_of_findings(db, comparator="other_active", time="long").empty


def test_a_contrast_is_told_on_the_side_of_its_exact_interval(db: ev.EvidenceBase) -> None:
    frame = ev.safety(db).contrasts
    harmed = db.results.copy()
    kittang = (harmed["study_id"] == "kittang-2001") & (harmed["outcome"] == "adverse_event")  # 0 of 28, 15 of 29
    harmed.loc[kittang, "arm"] = harmed.loc[kittang, "arm"].tolist()[::-1]
    turned = ev.safety(replace(db, results=harmed)).contrasts.query("study == 'kittang-2001'")
    frame = pd.concat([frame[frame["ai"] + frame["ci"] > 0], turned])
    for words, where in (
        ("fewer with acupuncture.", frame["odds_ratio_high"] < 1),
        ("more with acupuncture.", frame["odds_ratio_low"] > 1),
        ("the difference may be chance.", (frame["odds_ratio_low"] <= 1) & (frame["odds_ratio_high"] >= 1)),
    ):
        assert (frame["sentence"].str.endswith(words) == where).all() and where.any(), words
    z = norm.ppf(0.975)
    full = frame[(frame["ai"] > 0) & (frame["ci"] > 0)]
    se = np.sqrt(1 / full["ai"] - 1 / full["n1"] + 1 / full["ci"] - 1 / full["n2"])
    ratio = full["ai"] / full["n1"] / (full["ci"] / full["n2"])
    np.testing.assert_allclose(full["risk_ratio"], ratio)
    np.testing.assert_allclose(full["risk_ratio_low"], ratio * np.exp(-z * se))
    np.testing.assert_allclose(full["risk_ratio_high"], ratio * np.exp(z * se))


def test_totals_are_percent_with_an_exact_interval(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    for row in found.totals.itertuples():
        assert row.percent == pytest.approx(100 * row.events / row.n)
        # Clopper and Pearson 1934, by the beta distribution
        limits = beta.ppf([0.025, 0.975], [row.events, row.events + 1], [row.n - row.events + 1, row.n - row.events])
        assert (row.ci_low, row.ci_high) == pytest.approx(tuple(100 * limits))
    ours = found.totals.set_index("role").loc["acupuncture"]
    readable = set(db.results["study_id"]) & set(db.arms.loc[db.arms["role"] == "acupuncture", "study_id"])
    assert found.silent == len(readable - set(found.arms["study"]))
    assert f"{ours['events']:.0f} of {ours['n']:,.0f} people had one ({ours['percent']:.1f}%" in found.sentence()
    serious = found.arms.query("serious and role == 'acupuncture'")
    assert f"Serious events are mentioned for {serious['study'].nunique()} trials" in found.sentence()


def test_limits_of_a_published_result_turn_with_its_sign(db: ev.EvidenceBase) -> None:
    table = ev.against_reviews(db).dropna(subset=["theirs"])
    rows = db.published_reviews.reset_index(drop=True).loc[table.index]
    turned = rows["direction_note"].str.startswith("negative") & (rows["measure"] == "SMD")
    assert turned.any()
    np.testing.assert_allclose(table.loc[turned, "theirs_low"], -rows.loc[turned, "ci_high"])
    np.testing.assert_allclose(table.loc[turned, "theirs_high"], -rows.loc[turned, "ci_low"])
    single = table[table["ours_k"] == 1]
    assert single["why"].str.startswith("ours is a single trial").all() and len(single)
    more = table[(table["theirs_k"] > table["ours_k"]) & (table["overlap"] != "")]
    assert more["why"].str.contains("theirs has").all() and len(more)
    assert not table.loc[table["theirs_k"] <= table["ours_k"], "why"].str.contains("theirs has").any()


def test_rates_in_surveys_and_their_limits_are_in_percent(db: ev.EvidenceBase) -> None:
    rows = db.published_reviews.query("measure == 'proportion'")
    rows = rows[rows["outcome"].str.startswith("adverse_event")].reset_index(drop=True)
    surveys = ev.safety(db).surveys
    thousands = rows["scale"].str.contains("per 1000")
    assert thousands.any() and len(surveys) == len(rows)
    for ours, theirs in (("percent", "estimate"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
        np.testing.assert_allclose(surveys[ours], rows[theirs].where(~thousands, rows[theirs] / 10))


@pytest.mark.parametrize("move", [9.0, -9.0])
def test_intervals_that_do_not_meet_are_said_not_to(db: ev.EvidenceBase, move: float) -> None:
    mine = db.published_reviews.query("review_id == 'manheimer-2010-cochrane' and outcome == 'pain'")
    far = mine.assign(**{name: mine[name] + move for name in ("estimate", "ci_low", "ci_high")})
    (near,) = ev.against_reviews(replace(db, published_reviews=mine)).to_dict("records")
    (row,) = ev.against_reviews(replace(db, published_reviews=far)).to_dict("records")
    assert (near["overlap"], row["overlap"]) == ("yes", "no") and row["ours"] == near["ours"]


def test_what_the_summary_calls_the_effect_is_the_side_of_its_interval(db: ev.EvidenceBase) -> None:
    for row in ev.summary_of_findings(db).itertuples():
        assert (row.effect == "acupuncture better") == (row.ci_low > 0)
        assert (row.effect == "acupuncture worse") == (row.ci_high < 0)
        assert row.effect != "little or no difference" or row.worthwhile > max(row.ci_high, -row.ci_low)
        for limit in ("low", "high"):
            reaching = norm.cdf(getattr(row, f"ci_{limit}"))
            assert getattr(row, f"difference_per_100_{limit}") == pytest.approx(100 * (reaching - 0.5))
            if row.points_basis.startswith("SD"):
                assert getattr(row, f"points_{limit}") == pytest.approx(getattr(row, f"ci_{limit}") * row.points_sd)
