"""Which result stands for a trial: what it may speak for, and what is taken before what."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.align import Reported
from evidence.derive.hierarchy import Hierarchy
from evidence.derive.routes.candidate import Candidate
from evidence.derive.routes.numbers import Known
from evidence.derive.turning import GRADE

DEFINITIONS = pd.DataFrame(
    {
        "definition": ["half the pain", "moves better", "feels better"],
        "stands_for": ["pain", "disability", "nothing"],
        "reason": "made up",
    }
)
#: A trial of arthritis and one of a herniated disc, which measure no leg pain; one of a disc that does.
KNEE, DISC, LEG = "scharf-2006", "diao-2023", "goo-2022"


@pytest.fixture(scope="module")
def row(db: ev.EvidenceBase) -> Reported:
    """A score for pain at the end of treatment."""
    there = (row for rows in db.reported.values() for row in rows)
    score = next(r for r in there if r.kind == "arm" and r.outcome == "pain" and r.when == "end of treatment")
    return score._replace(doubtful=False, rank=3)


@pytest.fixture(scope="module")
def hierarchy(db: ev.EvidenceBase) -> Hierarchy:
    return Hierarchy(replace(db, definitions=DEFINITIONS))


@pytest.mark.parametrize(
    ("outcome", "kind", "definition", "measure", "expected"),
    [
        ("pain", "arm", "", "SMD", ["pain"]),
        ("leg_pain", "arm", "", "SMD", ["leg_pain", "pain"]),
        ("leg_pain", "arm", "", "MD100", ["leg_pain", "pain"]),
        ("responder", "events", "half the pain", "SMD", ["responder", "pain"]),
        ("responder", "ratio", "moves better", "SMD", ["responder", "disability"]),
        ("responder", "events", "half the pain", "RR", ["responder"]),
        ("responder", "events", "feels better", "SMD", ["responder"]),
        ("responder", "arm", "half the pain", "SMD", ["responder"]),
        ("global_rating", "events", "half the pain", "SMD", ["global_rating", "pain", "responder"]),
        ("global_rating", "events", "feels better", "SMD", ["global_rating"]),
        ("global_rating", "arm", "half the pain", "SMD", ["global_rating"]),
        ("function", "events", "half the pain", "SMD", ["function"]),
    ],
)
def test_what_a_result_may_speak_for(
    row: Reported, hierarchy: Hierarchy, outcome: str, kind: str, definition: str, measure: str, expected: list[str]
) -> None:
    asked = row._replace(outcome=outcome, kind=kind, definition=definition)
    for study in (KNEE, DISC):
        assert hierarchy.pools(study, asked, measure) == expected


def test_what_is_taken_before_what(row: Reported, hierarchy: Hierarchy) -> None:
    def candidate(taken: Reported, at: int = 0, **change: object) -> Candidate:
        return replace(Candidate(Known(0.5, 0.1), 20, 20, "x", at, (), (taken,)), **change)  # type: ignore[arg-type]

    later = row._replace(when="follow-up", at=row.at._replace(week=11.0, window="short"))
    best_first = [
        candidate(row),
        candidate(row, at=1),
        candidate(row._replace(rank=4)),
        candidate(row, doubtful=True),
        candidate(later),
        candidate(later._replace(at=later.at._replace(week=12.0))),
        candidate(row._replace(outcome="leg_pain")),
        candidate(row, at=20),
        candidate(row._replace(outcome="leg_pain"), at=29),
        candidate(row, at=30),
        candidate(row, imputed=True),
    ]

    def place(one: Candidate) -> tuple[float, ...]:
        return hierarchy.preference(KNEE, "pain", one, 8.0)

    keys = [place(one) for one in best_first]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    doubtful = candidate(row._replace(doubtful=True))
    assert place(doubtful) == place(candidate(row, doubtful=True))
    two = candidate(row, rows=(row, row._replace(doubtful=True)))
    assert place(two) == place(doubtful), "one doubtful row is enough"


def test_a_whole_response_before_those_who_did_not_fail_to_improve_before_one_grade(
    row: Reported, hierarchy: Hierarchy
) -> None:
    improved = row._replace(outcome="global_rating", kind="events", definition="half the pain")
    failed = improved._replace(definition="feels better", benefit=-1)
    cured = failed._replace(benefit=1)
    ranked = [
        hierarchy.preference(KNEE, "global_rating", Candidate(Known(0.5, 0.1), 20, 20, "x", 30, (), (one,)), 8.0)
        for one in (improved, failed, cured)
    ]
    assert ranked == sorted(ranked) and len(set(ranked)) == 3


def test_four_grades_of_one_rating_are_cut_at_those_who_improved_at_all(db: ev.EvidenceBase) -> None:
    effects = db.effects("RR").set_index(["study", "outcome", "time"])
    row = effects.loc["zhang-x-2017", "global_rating", "short"]
    assert row["yi"] == pytest.approx(math.log((41 / 47) / (33 / 40)))  # 6 of 47 and 7 of 40 did not improve
    left_out = db.excluded().set_index("item")["reason"]
    assert set(left_out[[f"zhang-x-2017-{at}" for at in (30, 31, 34, 35)]]) == {GRADE}


def test_leg_pain_is_the_pain_of_a_herniated_disc_and_back_pain_stands_beside_it(
    db: ev.EvidenceBase, row: Reported, hierarchy: Hierarchy
) -> None:
    trials = db.studies.set_index("study_id")["condition"]
    assert trials[[KNEE, DISC, LEG, "qin-2020"]].tolist() == [
        "osteoarthritis",
        *2 * ["disc_herniation"],
        "spinal_stenosis",
    ]
    leg = Candidate(Known(0.5, 0.1), 20, 20, "x", 0, (), (row._replace(outcome="leg_pain"),))
    back = replace(leg, rows=(row,))

    def first(study: str) -> Candidate:
        return min((back, leg), key=lambda one: hierarchy.preference(study, "pain", one, 8.0))

    assert first(LEG) is leg and first("qin-2020") is first(KNEE) is back
    assert not hierarchy.stands_in("disc_herniation", "pain", "leg_pain")
    assert hierarchy.stands_in("spinal_stenosis", "pain", "leg_pain")
    assert hierarchy.pools(LEG, row, "SMD") == ["pain", "back_pain"]
    assert hierarchy.pools(DISC, row, "SMD") == hierarchy.pools("qin-2020", row, "SMD") == ["pain"]


def test_effects_of_leg_pain_say_whether_it_stands_in(db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD")
    disc = effects[(effects["condition"] == "disc_herniation") & (effects["measured"] == "leg_pain")]
    tu = disc[(disc["study"] == "tu-2024") & (disc["outcome"] == "pain")]
    assert len(tu) and not disc["derivation"].str.contains("stands in").any()
    responders = effects[(effects["condition"] == "disc_herniation") & (effects["measured"] == "responder")]
    lent = responders["derivation"].str.contains("responder stands in for")
    assert lent.any() and lent.tolist() == (responders["outcome"] != "responder").tolist()
    elsewhere = replace(db, studies=db.studies.assign(condition="chronic_overuse")).effects("SMD")
    rows = elsewhere[(elsewhere["measured"] == "leg_pain") & (elsewhere["outcome"] == "pain")]
    assert len(rows) and rows["derivation"].str.contains("leg pain stands in for pain").all()


def test_a_trial_with_both_pains_is_in_one_pool_of_pain(db: ev.EvidenceBase) -> None:
    reported = db.results.groupby("study_id")["outcome"].agg(set)
    effects = db.effects("SMD")
    back = effects[effects["outcome"] == "back_pain"]
    assert len(back) and set(back["measured"]) == {"pain"} and set(back["condition"]) == {"disc_herniation"}
    assert all({"pain", "leg_pain"} <= reported[study] for study in back["study"])
    slot = ["study", "comparator", "time"]
    both = back.merge(effects[effects["outcome"] == "leg_pain"], on=slot, suffixes=("", "_leg"))
    pain = both.merge(effects[effects["outcome"] == "pain"], on=slot, suffixes=("", "_pain"))
    assert len(pain) == len(both) > 0 and (pain["result_ids_pain"] == pain["result_ids_leg"]).all()


def test_certainty_of_disc_pools_is_not_charged_for_leg_pain(db: ev.EvidenceBase) -> None:
    pools = db.select(condition="disc_herniation", outcome="pain").effects("SMD").groupby(["comparator", "time"])
    seen = 0
    for _, pool in pools:
        if set(pool["measured"]) <= {"pain", "leg_pain"} and "leg_pain" in set(pool["measured"]):
            step = ev.certainty(pool, db).reasons.set_index("domain").loc["indirectness"]
            assert "0% is another outcome that stands in" in step["reason"]
            seen += 1
    assert seen
    moved = pool.assign(condition="chronic_overuse", outcome="pain", measured="leg_pain")
    assert (
        "100% is another outcome" in ev.certainty(moved, db).reasons.set_index("domain").loc["indirectness", "reason"]
    )


def test_without_the_table_every_outcome_speaks_for_itself_only(db: ev.EvidenceBase, raw: Path) -> None:
    (raw / "hierarchy.csv").unlink()
    bare = ev.load(raw)
    effects = bare.effects("SMD")
    assert len(effects) and (effects["measured"] == effects["outcome"]).all()
    assert (db.effects("SMD")["measured"] != db.effects("SMD")["outcome"]).any()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("disc_herniation,pain,pain,2,no", "disc_herniation,pain,pain,1,no", "stands twice"),
        ("any,pain,pain,1,no", "any,pain,pain,1,yes", "does not stand in for itself"),
        ("any,pain,leg_pain", "any,pain,lag_pain", "did you mean leg_pain?"),
        ("any,pain,leg_pain,2,yes", "any,pain,leg_pain,0,yes", "must be at least 1"),
        ("any,pain,leg_pain,2,yes", "knee,pain,leg_pain,2,yes", "not in conditions.csv"),
    ],
)
def test_a_wrong_row_of_the_table_is_told(raw: Path, old: str, new: str, rule: str) -> None:
    path = raw / "hierarchy.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = ev.validate(raw)
    assert len(found) == 1 and found[0].file == "hierarchy.csv" and rule in found[0].rule
