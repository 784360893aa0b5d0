"""What trials of further sessions found: a number, a direction in words, or nothing, each said as what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.wording.further_sessions import often_words

BOOSTERS = "dunning-2025-boosters"
MAINTENANCE = ["phase-maintenance-spacing", "phase-maintenance-recurrence", "phase-maintenance-medication"]


@pytest.fixture(scope="module")
def found(db: ev.EvidenceBase) -> ev.Maintenance:
    return ev.maintenance(db)


def test_each_result_of_the_trial_is_there_once(db: ev.EvidenceBase, found: ev.Maintenance) -> None:
    own = found.only(study=BOOSTERS).found
    rows = own["result_ids"].str.split("|").explode()
    printed = db.results[db.results["study_id"] == BOOSTERS]
    assert sorted(rows[rows != ""]) == sorted(printed["result_id"])
    pain = own[own["outcome"] == "pain"].iloc[0]
    source = printed[(printed["outcome"] == "pain") & (printed["statistic"] == "smd")].iloc[0]
    assert pain["yi"] == source["estimate"] and (pain["arm"], pain["versus"]) == ("b4", "none")
    assert pain["ci_low"] == pytest.approx(source["ci_low"], abs=0.01)
    medication = own[own["outcome"] == "medication_use"].iloc[0]
    a, n1, b, n2 = 123, 195, 41, 194
    log_odds = np.log(a * (n2 - b) / (b * (n1 - a)))
    assert medication["yi"] == pytest.approx(log_odds * np.sqrt(3) / np.pi, abs=1e-6)
    spacing = own[own["comparator"] == "acupuncture"].iloc[0]
    assert (spacing["arm"], spacing["versus"], spacing["direction"]) == ("b4", "b8", 1) and np.isnan(spacing["yi"])


def test_the_sentence_says_what_was_compared_found_and_left_out(found: ev.Maintenance) -> None:
    text = found.only(study=BOOSTERS).sentence()
    assert "compared sessions every 4 weeks with none after the same first course: less pain (1.14 standard" in text
    assert "less medication (completely stopped taking pain medication: 123 of 195 people against 41 of 194)" in text
    assert "It prints nothing separate on sessions every 8 weeks against none." in text
    assert "The same trial compared sessions every 4 weeks with every 8 weeks" in text
    assert "less disability (in words only)" in text and text.count("partly in doubt") == 1
    assert text.count("related condition") == 1 and text in found.summary()


@pytest.mark.parametrize(
    ("direction", "said"),
    [(1.0, "less pain ("), (-1.0, "a worse result for pain ("), (0.0, "no clear difference in pain (")],
)
def test_a_null_result_is_said_as_clearly_as_a_good_one(found: ev.Maintenance, direction: float, said: str) -> None:
    one = found.only(study=BOOSTERS, outcome="pain").found.assign(direction=direction)
    assert f"first course: {said}" in replace(found, found=one).sentence()
    assert f"first course: {said[:-1]}(in words only)" in replace(found, found=one.assign(yi=np.nan)).sentence()


def test_without_such_trials_it_says_so(db: ev.EvidenceBase, found: ev.Maintenance) -> None:
    nowhere = ev.maintenance(db.select(condition="spinal_stenosis"))
    assert nowhere.found.empty and nowhere.sentence().startswith("No trial in the data compared further sessions")
    assert nowhere.to_frame().columns.tolist() == found.to_frame().columns.tolist()
    silent = replace(found, found=found.found[found.found["outcome"] == ""])
    assert silent.sentence().endswith("it prints no result of this comparison.")


@pytest.mark.parametrize(
    ("weekly", "totals", "words"),
    [([0.25], [(np.nan, np.nan)], "every 4 weeks"), ([1.0], [(8, 8)], "every week"),
     ([2.0], [(np.nan, 3)], "2 times a week"), ([0.25, 0.125], [(6, 24), (3, 24)], "every 4 weeks or every 8 weeks"),
     ([np.nan], [(15, 12)], "up to 15 times in 12 weeks"),
     ([np.nan], [(15, np.nan)], "at intervals that are not stated"),
     ([np.nan, np.nan], [(15, 12), (21, 24)], "at intervals that are not stated")],
)  # fmt: skip
def test_how_often(weekly: list[float], totals: list[tuple[float, float]], words: str) -> None:
    arms = [
        {"sessions_per_week": times, "sessions": sessions, "weeks": weeks}
        for times, (sessions, weeks) in zip(weekly, totals, strict=True)
    ]
    assert often_words(arms) == words


def test_durability_tells_them_beside_its_windows(db: ev.EvidenceBase) -> None:
    lasting = ev.durability(db, comparator="no_treatment")
    assert BOOSTERS in set(lasting.maintenance.found["study"]) and BOOSTERS not in set(lasting.effects["study"])
    assert lasting.sentence().endswith(lasting.maintenance.sentence())
    assert ev.durability(db).maintenance.found.empty and "first course" not in ev.durability(db).sentence()


def test_dose_tells_spacing_apart_from_doses_of_a_first_course(db: ev.EvidenceBase) -> None:
    found = ev.dose_response(db, dose="sessions_per_week", outcome="disability")
    row = found.randomised[found.randomised["study"] == BOOSTERS].iloc[0]
    assert (row["phase"], row["dose"], row["dose_versus"], row["direction"]) == ("maintenance", 0.25, 0.125, 1)
    assert np.isnan(row["yi"]) and "After the same first course in all arms, one trial was" in found.sentence()
    assert "In words only, the higher dose did better in one trial." in found.sentence()


def test_maintenance_claims_are_told_by_maintenance_trials_first(db: ev.EvidenceBase, results: ev.Results) -> None:
    parts, judged = results.claims.parts, results.claims.to_frame().set_index("claim_id")
    own = parts[parts["part"] == "maintenance"]
    assert set(own["claim_id"]) == set(MAINTENANCE)
    others = parts[parts["part"] != "maintenance"]
    assert not others["trials"].str.split("|").explode().isin([BOOSTERS]).any()
    medication = own.set_index("claim_id").loc["phase-maintenance-medication"]
    effects = db.select(phase="maintenance").effects("SMD").query("outcome == 'medication_use'")
    assert medication["estimate"] == pytest.approx(ev.pool(effects).estimate)
    for claim in MAINTENANCE:
        sentence = judged.loc[claim, "sentence"]
        assert sentence.startswith("One trial (") and "(Dunning 2025, osteoarthritis of knee or hip" in sentence
    for claim in MAINTENANCE[:2]:
        assert "(DeBar 2025, chronic low back pain) compared sessions up to 21 times" in judged.loc[claim, "sentence"]
    assert "with every 8 weeks" in judged.loc[MAINTENANCE[0], "sentence"]
    assert "with every 8 weeks" not in judged.loc[MAINTENANCE[2], "sentence"]


def test_the_phase_of_a_claim_says_whether_such_trials_are_asked_and_its_theme_does_not(db: ev.EvidenceBase) -> None:
    claim = db.claims[db.claims["claim_id"] == "phase-maintenance-medication"]
    for cells, asked in (({"theme": "summary"}, True), ({"phase": ""}, False)):
        parts = ev.claims(replace(db, claims=claim.assign(**cells))).judged[0].parts
        assert ("maintenance" in [part.group.name for part in parts]) is asked


def test_one_maintenance_trial_decides_nothing_and_two_decide(db: ev.EvidenceBase) -> None:
    claim = db.claims[db.claims["claim_id"] == "phase-maintenance-medication"]
    alone = ev.claims(replace(db, claims=claim)).judged[0]
    assert alone.parts[0].group.name == "maintenance" and alone.parts[0].verdict.reason == "a single trial"
    twin = {}
    for name in ("studies", "arms", "comparisons", "results"):
        rows = getattr(db, name)
        copy = rows[rows["study_id"] == BOOSTERS].assign(
            study_id="twin", condition="chronic_overuse", directness="direct"
        )
        if name == "results":
            copy["result_id"] = "twin-" + copy["result_id"]
        twin[name] = pd.concat([rows, copy[rows.columns]], ignore_index=True)
    two = ev.claims(replace(db, claims=claim, **twin)).judged[0]
    first = two.parts[0]
    assert first.best is not None and first.best.certainty.synthesis.k == 1, "trials in the low back come first"
    indirect = twin["studies"].assign(directness="indirect")
    both = ev.claims(replace(db, claims=claim, **{**twin, "studies": indirect}))
    pooled = both.judged[0].parts[0].best
    assert pooled is not None and pooled.certainty.synthesis.k == 2
    text = both.to_frame()["sentence"].iloc[0]
    assert text.count("123 of 195") == 2 and text.count("After the same first course in all arms, ") == 1
