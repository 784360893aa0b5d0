"""What is printed beside a claim: without a result, with missing trials, with sham beside another comparator."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.comparison import Part, judge_part
from evidence.answers.claims.question import WINDOW_ORDER, Group, Question
from evidence.answers.claims.sentences import part_sentence, result_sentence
from evidence.answers.claims.verdict import Verdict
from evidence.answers.context import Context
from evidence.answers.known_trials import Account, Told
from evidence.answers.wording.words import capital

from .conftest import Effects

ABOUT = {"kind": "efficacy", "outcome": "pain", "time": "any", "stands_in": ""}
PAIN = Question(ABOUT, ("pain",))
ANY = Group("any", ("chronic_overuse",), WINDOW_ORDER)


def said(db: ev.EvidenceBase, part: Part, question: Question = PAIN) -> str:
    return part_sentence(question, part, Context.of(db).words, "public")


@pytest.mark.parametrize(
    ("group", "measured", "verdict", "text"),
    [
        ("any", 0, "untested", "No trial in the data measures pain."),
        ("long", 0, "untested", "No trial in the data measures pain at 12 months or later."),
        ("arthritis", 0, "untested", "In arthritis of the spine, no trial in the data measures pain."),
        ("any", 1, "unclear", "In the data, one trial measures pain, but none gives a result that answers the claim."),
        ("arthritis", 3, "unclear",
         "In arthritis of the spine, 3 trials measure pain, but none gives a result that answers the claim."),
    ],
)  # fmt: skip
def test_without_a_result_it_is_said_what_was_measured(
    db: ev.EvidenceBase, group: str, measured: int, verdict: str, text: str
) -> None:
    part = Part(Group(group, ("arthritis",), WINDOW_ORDER), (), measured, Verdict(verdict, None, lambda: "because"))
    there = said(db, part)
    assert there == text
    assert said(db, replace(part, reason_only=True)).lower().endswith("because.")


def test_trials_without_a_number_are_told_with_their_people(db: ev.EvidenceBase, made_up: Effects) -> None:
    context = Context.of(db)
    part = judge_part(context, replace(PAIN, comparators=("sham",)), ANY, made_up([0.5, 0.6, 0.4]))
    (result,) = part.results
    silent, better = Told("one", 30.0, "unreadable"), Told("two", 30.0, "direction", 1.0)
    went = "the one trial that says which way it went favoured acupuncture"
    for missing, text in (
        ((), "."),
        ((silent,), " One more trial, 30 people, gives no number for this."),
        ((silent, better), f" 2 more trials, 60 people, give no number for this: {went}; of one nothing can be read."),
        ((replace(silent, people=float("nan")),), " One more trial, people not stated, gives no number for this."),
    ):
        graded = replace(result.certainty, account=Account(missing))
        there = said(db, replace(part, results=(replace(result, certainty=graded),)))
        assert there.endswith(text) and ("no number for this" in there) == bool(missing)


def test_only_a_clinical_claim_is_told_of_related_conditions(db: ev.EvidenceBase, made_up: Effects) -> None:
    context = Context.of(db)
    for kind, told in (("efficacy", True), ("mechanism", False)):
        question = Question(ABOUT | {"kind": kind, "outcome": "cortisol"}, ("cortisol",), ("sham",))
        rows = made_up([0.5, 0.6, 0.4], outcome="cortisol", measured="cortisol", directness="indirect")
        text = said(db, judge_part(context, question, ANY, rows), question)
        assert ("related conditions" in text) == told


def test_sham_is_told_beside_what_the_verdict_rests_on(db: ev.EvidenceBase, made_up: Effects) -> None:
    sham, usual = made_up([0.5, -0.6, 0.1]), made_up([0.5, 0.6, 0.4], comparator="usual_care")
    part = judge_part(Context.of(db), PAIN, ANY, pd.concat([usual, sham], ignore_index=True))
    assert part.best is not None and part.best.comparator == "usual_care" and len(part.results) == 2
    words = Context.of(db).words
    by_name = {result.comparator: result_sentence(PAIN, part, result, words) for result in part.results}
    assert said(db, part) == f"{by_name['usual_care']} {by_name['sham']}"
    alone = judge_part(Context.of(db), PAIN, ANY, sham)
    assert said(db, alone) == by_name["sham"], "sham is told once where the verdict rests on it"
    whom = said(db, replace(alone, whom="In trials that asked"))
    assert whom.startswith("In trials that asked, ")
    assert by_name["sham"].lower().startswith(whom.removeprefix("In trials that asked, ").lower())


def test_one_window_is_told_and_several_are_not(db: ev.EvidenceBase, made_up: Effects) -> None:
    context, question = Context.of(db), replace(PAIN, comparators=("sham",))
    for time, told in ((["short"] * 3, True), (["short", "long", "intermediate"], False)):
        part = judge_part(context, question, ANY, made_up([0.5, 0.6, 0.4], time=time))
        assert ("up to 3 months" in said(db, part)) == told
        assert part.results[0].certainty.synthesis.k == 3


def test_any_marker_is_told_by_the_markers_it_stands_for(db: ev.EvidenceBase) -> None:
    words = Context.of(db).words
    markers = ("tnf_alpha", "il_6")
    any_marker = Question(ABOUT | {"kind": "mechanism", "outcome": "any_marker"}, markers)
    named = Question(ABOUT | {"kind": "mechanism", "outcome": "tnf_alpha|il_6|posture_or_alignment"}, markers)
    assert any_marker.thing(words) == "TNF-alpha or interleukin 6"
    assert named.thing(words) == "TNF-alpha, interleukin 6 or posture or alignment", "what is asked, not what is there"


def test_directions_in_one_population_are_told_with_it(db: ev.EvidenceBase, made_up: Effects) -> None:
    marker = "beta_endorphin"
    question = Question(ABOUT | {"kind": "mechanism", "outcome": marker}, (marker,), ("sham",))
    part = judge_part(
        Context.of(db),
        question,
        Group("any", tuple(db.conditions["condition"]), WINDOW_ORDER),
        made_up([0.4], outcome=marker, measured=marker),
    )
    votes = part.results[0].votes
    assert votes is not None
    whole = said(db, part, question)
    assert whole.startswith(capital(votes.clause())) and ", against sham acupuncture). Certainty: " in whole
    there = said(db, replace(part, group=replace(part.group, name="arthritis")), question)
    assert there == f"In arthritis of the spine, {whole[0].lower()}{whole[1:]}"
