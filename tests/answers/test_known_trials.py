"""Every trial of a comparison is in one state, and the rule of each state is the written one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.context import Context
from evidence.answers.known_trials import MEASURED_BY_ALL, Account, KnownTrials, Told
from evidence.answers.wording.missing import in_short, sizes, which_way, without_number
from evidence.derive.comparisons import admissible


@pytest.fixture(scope="module")
def known(db: ev.EvidenceBase) -> KnownTrials:
    return Context.of(db).known


def states(account: Account) -> dict[str, str]:
    return {trial.study: trial.state for trial in account.trials}


def test_every_trial_of_a_comparison_is_in_one_state(db: ev.EvidenceBase, known: KnownTrials) -> None:
    pairs = admissible(db).merge(db.studies[["study_id", "condition"]], on="study_id")
    effects = db.effects("SMD")
    found = set()
    for (condition, comparator), made in pairs.groupby(["condition", "comparator"]):
        for outcome in ("pain", "disability", "cortisol", "responder"):
            there = effects.query("condition == @condition and comparator == @comparator and outcome == @outcome")
            account = known.of([condition], comparator, [outcome], given=set(there[there["time"] == "short"]["study"]))
            told = states(account)
            assert list(told) == sorted(set(made["study_id"]))
            assert len(account.trials) == len(told)
            numbers = account.numbers()
            pooled = sum(state == "pooled" for state in told.values())
            assert numbers["trials_compared"] == pooled + numbers["trials_elsewhere"] + numbers["trials_missing"]
            said = sum(numbers[f"said_{way}"] for way in ("better", "no_difference", "worse"))
            assert numbers["trials_missing"] == said + numbers["trials_unreadable"]
            found |= set(told.values())
    assert found == {"pooled", "other number", "direction", "unreadable", "other outcomes"}


def test_a_trial_is_missing_where_it_measured_it_or_is_expected_to_have(
    db: ev.EvidenceBase, known: KnownTrials
) -> None:
    effects = db.effects("SMD")
    numbers = effects.groupby(["study", "comparator"])["outcome"].agg(set)
    spoken = set(zip(db.results["study_id"], db.results["outcome"], strict=True))
    condition = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True))
    for outcome in ("pain", "cortisol"):
        account = known.of(set(condition.values()), "sham", [outcome])
        for trial in account.trials:
            own = numbers.get((trial.study, "sham"), set())
            if outcome in own:
                expected = {"other number"}
            elif (trial.study, outcome) in spoken or (outcome in MEASURED_BY_ALL and not own):
                expected = {"direction", "unreadable"}
            else:
                expected = {"other outcomes", "direction", "unreadable"}  # leg pain and responders may stand in
            assert trial.state in expected, (trial, outcome)
        assert {trial.study for trial in account.missing} & {study for study, named in spoken if named == outcome}


def test_a_trial_read_for_other_outcomes_only_is_not_missing_and_stays_counted(known: KnownTrials) -> None:
    # zhu-2024 gives a number for disability and says nothing of pain
    account = known.of(["spinal_stenosis"], "sham", ["pain"], given=["qin-2020"])
    assert states(account)["zhu-2024"] == "other outcomes"
    assert "zhu-2024" in {trial.study for trial in account.elsewhere}


def test_chronic_low_back_pain_against_sham_by_the_words_of_its_trials(db: ev.EvidenceBase, known: KnownTrials) -> None:
    account = known.of(["chronic_overuse"], "sham", ["pain"])
    ways = {trial.study: trial.direction for trial in account.missing if trial.state == "direction"}
    better = {
        *("itoh-2006", "martin-corrales-2020", "miyazaki-2009", "rajfur-2022", "sator-katzenschlager-2004"),
        *("topuz-2004", "ushinohama-2016", "yoo-2015", "yu-xiaojie-2017"),
    }
    same = {"kawase-2006", "kerr-2003", "lehmann-1986", "leite-2018"}
    assert {study for study in better | same if study in ways} == better | same
    assert {ways[study] for study in better} == {1.0} and {ways[study] for study in same} == {0.0}
    doubtful = {trial.study for trial in account.missing if trial.doubtful}
    assert {"itoh-2006", "topuz-2004", "lehmann-1986", "miyazaki-2009"} <= doubtful
    assert doubtful.isdisjoint({"kerr-2003", "rajfur-2022"})
    assert account.said == tuple(list(ways.values()).count(way) for way in (1.0, 0.0, -1.0))


def test_people_are_summed_where_they_are_stated_and_the_others_counted() -> None:
    account = Account((
        Told("a", 40.0, "direction", 1.0), Told("b", math.nan, "unreadable"), Told("c", 10.0, "other outcomes"),
        Told("d", 60.0, "direction", 0.0), Told("e", 20.0, "pooled"),
    ))  # fmt: skip
    numbers = account.numbers()
    assert (numbers["people_missing"], numbers["unsized_missing"], numbers["people_compared"]) == (100.0, 1, 130.0)
    assert account.said == (1, 1, 0) and numbers["missing"] == "a|b|d"


def counted(better: int, same: int, worse: int, unreadable: int = 0, n: float = 0.0, unsized: int = 0) -> dict:
    told = {"said_better": better, "said_no_difference": same, "said_worse": worse, "trials_unreadable": unreadable}
    missing = better + same + worse + unreadable
    return {**told, "trials_missing": missing, "people_missing": n, "unsized_missing": unsized}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (counted(9, 4, 0), "of 13 trials that say which way it went, 9 favoured acupuncture, 4 found no difference and "
         "none favoured sham"),
        (counted(0, 2, 1), "of 3 trials that say which way it went, none favoured acupuncture, 2 found no difference "
         "and 1 favoured sham"),
        (counted(2, 0, 0), "of 2 trials that say which way it went, 2 favoured acupuncture and none favoured sham"),
        (counted(0, 1, 0), "the one trial that says which way it went found no difference"),
        (counted(0, 0, 1), "the one trial that says which way it went favoured sham"),
        (counted(0, 0, 0, 3), ""),
    ],
)  # fmt: skip
def test_the_three_ways_are_said_as_counted(row: dict, says: str) -> None:
    assert which_way(row, "sham") == says


@pytest.mark.parametrize(
    ("better", "same", "worse", "says"),
    [
        (1, 0, 0, "the one trial that says which way it went went as claimed"),
        (0, 1, 0, "the one trial that says which way it went found no difference"),
        (0, 0, 1, "the one trial that says which way it went went the other way"),
        (2, 1, 0, "of 3 trials that say which way it went, 2 went as claimed, 1 found no difference and none went the "
         "other way"),
        (0, 0, 2, "of 2 trials that say which way it went, none went as claimed and 2 went the other way"),
    ],
)  # fmt: skip
def test_of_markers_it_is_said_whether_they_went_as_claimed(better: int, same: int, worse: int, says: str) -> None:
    assert which_way(counted(better, same, worse), "sham", marker=True) == says


def test_what_is_missing_is_said_with_its_people() -> None:
    row = counted(1, 1, 0, 1, 210.0, 1)
    assert without_number(row, "sham", more=True) == (
        "3 more trials, 210 people (not stated in one), give no number for this: of 2 trials that say which way it "
        "went, 1 favoured acupuncture, 1 found no difference and none favoured sham; of one nothing can be read"
    )
    assert (
        without_number(counted(0, 0, 0, 1, 40.0), "sham", more=False)
        == "one trial, 40 people, gives no number for this"
    )
    assert without_number(counted(0, 0, 0), "sham", more=True) == ""
    assert in_short(row) == "3 (1 better, 1 no difference, 1 not readable)" and in_short(counted(0, 0, 0, 2)) == "2"
    assert (sizes(1162, 0), sizes(1162, 2), sizes(0, 2)) == (
        "1,162 people",
        "1,162 people (not stated in 2)",
        "people not stated",
    )


def test_a_trial_without_people_counts_as_a_trial(db: ev.EvidenceBase) -> None:
    studies = db.studies.set_index("study_id")
    before = Context.of(db).known.of(["chronic_overuse"], "sham", ["pain"]).numbers()
    studies.loc["kerr-2003", "n_randomised"] = np.nan
    base = replace(db, studies=studies.reset_index()[list(db.studies.columns)])
    after = Context.of(base).known.of(["chronic_overuse"], "sham", ["pain"]).numbers()
    assert after["trials_missing"] == before["trials_missing"] and after["missing"] == before["missing"]
    assert before["people_missing"] - after["people_missing"] == 60
    assert after["unsized_missing"] == before["unsized_missing"] + 1


def with_row(db: ev.EvidenceBase, result: str, **changed: object) -> ev.EvidenceBase:
    """The base with one more row: a copy of a result, changed."""
    row = db.results[db.results["result_id"] == result].assign(result_id=f"{result}-more", **changed)
    return replace(db, results=pd.concat([db.results, row], ignore_index=True))


def way(db: ev.EvidenceBase, study: str) -> float:
    account = Context.of(db).known.of(["chronic_overuse"], "sham", ["pain"])
    return {trial.study: trial.direction for trial in account.trials}[study]


@pytest.mark.parametrize(
    ("result", "changed", "expected"),
    [
        ("kerr-2003-n01", {"week": 20.0, "when": "follow-up", "direction": "lower"}, 0.0),  # a later time
        ("kerr-2003-n01", {"week": 2.0, "when": "during treatment", "direction": "lower"}, 0.0),  # before the end
        ("kerr-2003-n01", {"direction": "lower", "confidence": "low"}, 0.0),  # a doubtful row after one without doubt
        ("rajfur-2022-07", {"direction": "higher"}, 0.0),  # the same place: neither side
        ("rajfur-2022-07", {"outcome": "leg_pain", "direction": "higher"}, 1.0),  # what stands in comes after
        ("leite-2018-w05", {"week": 0.0, "when": "end of treatment", "direction": "lower"}, 0.0),  # not a comparison
        ("rajfur-2022-07", {"direction": "higher", "higher_is_better": "yes"}, 1.0),  # a scale of relief
    ],
)  # fmt: skip
def test_one_vote_of_several_rows(db: ev.EvidenceBase, result: str, changed: dict, expected: float) -> None:
    assert way(with_row(db, result, **changed), result.rsplit("-", 1)[0]) == expected


def test_a_row_about_the_other_arm_is_turned(db: ev.EvidenceBase) -> None:
    turned = db.results.copy()
    here = turned["result_id"] == "rajfur-2022-07"
    turned.loc[here, ["arm", "versus"]] = turned.loc[here, ["versus", "arm"]].to_numpy()
    assert way(replace(db, results=turned), "rajfur-2022") == -1.0


def test_a_number_outranks_words(db: ev.EvidenceBase) -> None:
    # cherkin-2009 gives numbers: words do not change its state
    base = with_row(db, "kerr-2003-n01", study_id="cherkin-2009", arm="std", versus="sim", direction="lower")
    account = Context.of(base).known.of(["chronic_overuse"], "sham", ["pain"])
    assert states(account)["cherkin-2009"] == "other number"
    numbers = base.effects().query("study == 'cherkin-2009' and comparator == 'sham' and outcome == 'pain'")
    votes = Context.of(base).directions.of(["chronic_overuse"], "sham", ["pain"], ["short", "long"], numbers)
    assert votes is not None
    assert votes.frame.set_index("study").loc["cherkin-2009", "direction"] == -1
