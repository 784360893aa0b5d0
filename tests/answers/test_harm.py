"""Harms: counts, kinds, sums and contrasts; benefit and harm side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm

import evidence as ev


def exact(events: float, n: float) -> tuple[float, float]:
    """Clopper and Pearson 1934 by the beta distribution, in percent."""
    low = 0.0 if events == 0 else float(beta.ppf(0.025, events, n - events + 1))
    high = 1.0 if events == n else float(beta.ppf(0.975, events + 1, n - events))
    return 100 * low, 100 * high


def test_a_printed_percentage_is_a_count_and_says_so(db: ev.EvidenceBase) -> None:
    arms = ev.safety(db).arms.set_index(["study", "arm", "definition"])
    bruise = "local contusion around the knee"
    for key, events, n in (
        (("sangdee-2002", "ea", bruise), 22, 48),  # 45% of 48 = 21.6
        (("sangdee-2002", "combined", bruise), 22, 49),  # 45% of 49 = 22.05
        (("anon-buccal-2024", "conv", "any adverse reaction"), 4, 55),  # 7.27% of 55 = 4.0
        (("anon-buccal-2024", "drug", "any adverse reaction"), 2, 58),  # 3.45% of 58 = 2.0
        (("huang-2019", "acu", "acupuncture-related adverse event"), 1, 23),  # 4.3% of 23 = 0.99
    ):
        row = arms.loc[key]
        assert (row["events"], row["n"]) == (events, n) and "n randomised" in row["counted"]
        assert row["percent"] == pytest.approx(100 * events / n)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(exact(events, n))
    printed = arms.loc[("zhu-2024", "acu", "treatment-related adverse events (cases)")]
    assert printed["counted"] == "" and (printed["events"], printed["n"]) == (3, 98)
    none = arms.loc[("johnston-2021", "bfa", "any adverse event")]
    assert none["ci_low"] == 0 and none["ci_high"] == pytest.approx(100 * (1 - 0.025 ** (1 / 26)))


def test_only_conditions_with_a_line_of_their_own_count(db: ev.EvidenceBase) -> None:
    arms = ev.safety(db).arms
    told = db.results.loc[db.results["outcome"] == "adverse_event", "study_id"]
    of = db.studies.set_index("study_id")["condition"]
    other = set(db.conditions.loc[db.conditions["headline"] == "no", "condition"])
    assert {"anon-gout-nd", "ed-morphine-2016"} <= set(told) - set(arms["study"])
    assert set(arms["study"]) == {study for study in told if of[study] not in other}
    within = replace(db, conditions=db.conditions.assign(headline="yes"))
    assert "anon-gout-nd" in set(ev.safety(within).arms["study"])


def test_every_definition_has_a_kind_and_unknown_ones_are_ungraded(db: ev.EvidenceBase) -> None:
    told = db.results.loc[db.results["outcome"] == "adverse_event", "definition"]
    assert set(told) <= set(db.harms["definition"])
    kinds = ev.safety(db).arms.set_index("definition")["kind"]
    assert kinds["local contusion around the knee"].eq("minor").all()
    assert kinds["serious adverse effects"].eq("serious").all()
    unknown = replace(db, harms=db.harms[db.harms["kind"] != "serious"])
    assert not ev.safety(unknown).arms["serious"].any()
    assert ev.safety(unknown).arms.set_index("definition").loc["serious adverse effects", "kind"].eq("ungraded").all()


def test_an_arm_counts_once_and_sums_are_exact(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    known = found.arms.dropna(subset=["events", "n"])
    light = known[known["kind"].isin(["minor", "ungraded"])]
    assert light.duplicated(["study", "arm"]).any(), "an arm that counts two kinds of event"
    groups = [(str(name), group) for name, group in light.groupby("condition")]
    for role, condition, group in [
        ("acupuncture", "", light),
        ("drug", "", light),
        *(("acupuncture", *group) for group in groups),
    ]:
        own = group[group["role"] == role].groupby(["study", "arm"]).agg({"events": "max", "n": "first"})
        row = found.total("minor", condition, role)
        assert row is not None and (row["arms"], row["trials"]) == (len(own), own.reset_index()["study"].nunique())
        assert (row["events"], row["n"]) == (own["events"].sum(), own["n"].sum())
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(exact(row["events"], row["n"]))
        shares = 100 * own["events"] / own["n"]
        assert (row["least"], row["most"]) == pytest.approx((shares.min(), shares.max()))


def test_serious_events_are_those_called_so_and_none_where_there_was_no_event(db: ev.EvidenceBase) -> None:
    """Thomas 0 of 160, Sangdee 1 of 48 say so; nobody had any event in Fox (15) and one arm of anon-buccal (57)."""
    few = ["thomas-2006", "sangdee-2002", "fox-2018", "anon-buccal-2024"]
    results = db.results[db.results["study_id"].isin(few)].copy()
    found = ev.safety(replace(db, results=results))
    row = found.total("serious")
    assert row is not None and (row["events"], row["n"]) == (1, 160 + 48 + 15 + 57)
    results.loc[(results["study_id"] == "fox-2018") & (results["outcome"] == "adverse_event"), "events"] = 1.0
    sick = ev.safety(replace(db, results=results)).total("serious")
    assert sick is not None and (sick["events"], sick["n"]) == (1, 160 + 48 + 57)
    drug = found.arms[found.arms["kind"] == "drug"]
    assert len(drug) and not found.contrasts["definition"].isin(drug["definition"]).any()
    assert found.total("serious", "disc_herniation") is None


def test_trials_that_say_nothing_are_counted(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    treated = set(db.arms.loc[db.arms["role"] == "acupuncture", "study_id"]) & set(db.results["study_id"])
    rows = found.reporting.set_index("condition")
    for condition in ("chronic_overuse", "lumbar_sprain"):
        own = set(db.studies.loc[db.studies["condition"] == condition, "study_id"]) & treated
        assert rows.loc[condition, "trials"] == len(own)
        assert rows.loc[condition, "silent"] == len(own - set(found.arms["study"]))
    assert rows.loc["", "silent"] == found.silent == rows.drop("")["silent"].sum()


def test_the_sentence_holds_its_numbers(db: ev.EvidenceBase) -> None:
    found = ev.safety(db)
    text = found.sentence()
    for kind in ("minor", "serious"):
        row = found.total(kind)
        assert row is not None
        assert (
            f"{row['events']:.0f} of {row['n']:.0f} people had a {kind}" in text and f"({row['percent']:.1f}%" in text
        )
    assert "absence of reports is not absence of harm" in text and "3.8 to 10.7% of patients" in text
    assert found.surveys.set_index("review_id").loc["qshc-13-349-patient-survey", "percent"] == pytest.approx(10.7)


def test_contrasts_handle_no_events(db: ev.EvidenceBase) -> None:
    contrasts = ev.safety(db).contrasts.set_index("study")
    kittang = contrasts.loc["kittang-2001"]  # 0 of 28 against 15 of 29
    assert kittang["odds_ratio_high"] < 1 and "fewer with acupuncture" in kittang["sentence"]
    assert kittang["risk_ratio"] == pytest.approx((0.5 / 29) / (15.5 / 30))
    assert np.isnan(contrasts.loc["johnston-2021", "risk_ratio"])
    assert "nothing can be compared" in contrasts.loc["johnston-2021", "sentence"]


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


def test_rates_in_surveys_and_their_limits_are_in_percent(db: ev.EvidenceBase) -> None:
    rows = db.published_reviews.query("measure == 'proportion'")
    rows = rows[rows["outcome"].str.startswith("adverse_event")].reset_index(drop=True)
    surveys = ev.safety(db).surveys
    thousands = rows["scale"].str.contains("per 1000")
    assert thousands.any() and len(surveys) == len(rows)
    for ours, theirs in (("percent", "estimate"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
        np.testing.assert_allclose(surveys[ours], rows[theirs].where(~thousands, rows[theirs] / 10))


def test_benefit_and_harm_are_those_of_their_tables(db: ev.EvidenceBase) -> None:
    both = ev.benefit_and_harm(db, "chronic_overuse")
    for comparator in ("sham", "usual_care", "no_treatment"):
        table = ev.summary_of_findings(db, comparator=comparator)
        table = table[(table["condition"] == "chronic_overuse") & table["outcome"].isin(["pain", "disability"])]
        own = both.benefit[both.benefit["comparator"] == comparator]
        pd.testing.assert_frame_equal(own.reset_index(drop=True), table.reset_index(drop=True), check_dtype=False)
    usual = next(line for line in both.benefits() if line.startswith("Pain, against usual care"))
    row = both.benefit.query("comparator == 'usual_care' and outcome == 'pain'").iloc[0]
    people = f"of 100 people, {row.risk_comparator:.0f} improve with usual care and {row.risk_acupuncture:.0f} ("
    assert f"{row.points:.0f} of 100 points (" in usual and people in usual
    assert f"Certainty: {row.certainty} ({row.k} trials)" in usual
    assert row.risk_source in " ".join(both.sources())
    total = ev.safety(db).total("minor", "chronic_overuse")
    assert total is not None and f"{total['events']:.0f} of {total['n']:.0f} people" in both.harms()[0]
    assert both.harms()[-1].startswith(f"{both.trials - both.silent} of {both.trials} trials")
    assert both.sentence() == " ".join([*both.benefits(), *both.sources(), *both.harms()])


def test_what_is_not_known_is_said(db: ev.EvidenceBase) -> None:
    disc = ev.benefit_and_harm(db, "disc_herniation")
    assert disc.harms()[1] == "No trial counts how many people had a serious adverse event with acupuncture."
    assert disc.benefits()[-1] == "No trial gives a number against usual care or no treatment or a waiting list."
    with pytest.raises(ev.InvalidInput, match="chronic_overuse"):
        ev.benefit_and_harm(db, "gout")


def test_a_condition_without_any_trial_has_a_box_all_the_same(db: ev.EvidenceBase) -> None:
    empty = ev.benefit_and_harm(db.select(condition="lumbar_sprain"), "spinal_stenosis")
    assert empty.benefit.empty and empty.sources() == [] and len(empty.benefits()) == 1
    assert empty.harms()[0].startswith("No trial counts") and (empty.trials, empty.silent) == (0, 0)
