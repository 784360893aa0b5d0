"""What would settle a claim: the people by their formula, and what else where people are enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

import evidence as ev
from evidence.answers.claims.comparison import Part, judge_part
from evidence.answers.claims.question import WINDOW_ORDER, Group, Question
from evidence.answers.claims.settle import diversity, people_needed, settles
from evidence.answers.claims.verdict import Verdict
from evidence.answers.context import Context
from evidence.answers.grade.rules import LEAST_PEOPLE

from .conftest import Effects

ABOUT = {"kind": "efficacy", "condition": "any", "outcome": "pain", "time": "any", "stands_in": ""}
PAIN = Question(ABOUT, ("pain",))
GROUP = Group("any", ("chronic_overuse",), WINDOW_ORDER)


def part_of(db: ev.EvidenceBase, effects: pd.DataFrame, question: Question = PAIN) -> Part:
    return judge_part(Context.of(db), question, GROUP, effects)


def line(db: ev.EvidenceBase, part: Part, question: Question = PAIN) -> str:
    return settles(question, part, Context.of(db).words)


@pytest.mark.parametrize(("worthwhile", "d2"), [(0.2, 0.0), (0.5, 0.0), (0.5, 0.8)])
def test_people_needed_give_the_power_that_is_asked(worthwhile: float, d2: float) -> None:
    def power(n: float) -> float:
        return float(norm.cdf(worthwhile * np.sqrt(n * (1 - d2) / 4) - norm.ppf(0.975)))

    enough = np.ceil(brentq(lambda n: power(n) - 0.8, 1, 1e6))
    assert people_needed(worthwhile, d2) == max(enough, LEAST_PEOPLE), "the certainty takes a level below that"


def test_diversity_is_the_share_of_variance_between_trials(db: ev.EvidenceBase, made_up: Effects) -> None:
    effects = made_up([0.1, 0.9, 0.3, 1.2, 0.6], vi=[0.02, 0.05, 0.03, 0.04, 0.02])
    pool = part_of(db, effects).results[0].certainty.synthesis
    fixed, random = ev.pool(effects, method="EE", test="z"), ev.pool(effects, test="z")
    assert diversity(pool) == pytest.approx(1 - (fixed.se / random.se) ** 2, rel=1e-6) and diversity(pool) > 0.5
    assert diversity(part_of(db, effects[:4]).results[0].certainty.synthesis) == 0, "four trials cannot tell"


def test_people_that_are_missing_are_told(db: ev.EvidenceBase, made_up: Effects) -> None:
    few = made_up([0.5, 0.6, 0.4], vi=0.2, n_acupuncture=10.0, n_comparator=10.0)
    part = part_of(db, few)
    needed = people_needed(Context.of(db).worthwhile.of(["pain"], "SMD"))
    said = line(db, part)
    assert said.startswith("about ") and " more people in sham-controlled trials" in said
    told = float(said.split()[1].replace(",", ""))
    assert needed - 60 <= told <= (needed - 60) * 1.1


def test_where_people_are_enough_it_is_said_what_else(db: ev.EvidenceBase, made_up: Effects) -> None:
    two = part_of(db, made_up([0.1, 0.4]))
    assert "2 are too few to say how much results vary" in line(db, two)
    many = part_of(db, made_up([0.1, 0.4, 0.2, 0.5, 0.3, 0.4]))
    (result,) = many.results
    steps = tuple(replace(step, levels=-1 if step.domain == "risk_of_bias" else 0) for step in result.certainty.steps)
    only = replace(result, certainty=replace(result.certainty, steps=steps))
    partly = replace(many, results=(only,), verdict=Verdict("partly", 0, str))
    assert line(db, partly).startswith("not more people (1,200, where about ")
    assert line(db, partly).endswith("but trials that keep patients and assessors blind")


def test_each_verdict_below_supported_has_its_line(db: ev.EvidenceBase, made_up: Effects) -> None:
    sham, drug = part_of(db, made_up([0.5] * 6)), part_of(db, made_up([0.5] * 6, comparator="drug"))
    assert line(db, replace(sham, verdict=Verdict("supported", 0, str))) == ""
    assert line(db, drug).startswith("sham-controlled trials of pain with about ")
    for verdict, finding in (("contradicted", "the opposite"), ("no worthwhile effect", "an effect worth having")):
        said = line(db, replace(sham, verdict=Verdict(verdict, 0, str)))
        assert said.startswith("nothing is open: 6 trials, 1,200 people against sham acupuncture") and finding in said
    nothing = Part(GROUP, (), 0, Verdict("untested", None, str))
    assert line(db, nothing) == "a randomised trial that measures pain"
    stand_in = replace(PAIN, row=ABOUT | {"stands_in": "no trial counts recurrences: pain stands in"})
    sham = replace(sham, verdict=Verdict("partly", 0, str))
    assert line(db, sham, stand_in) == "a randomised trial that counts recurrences"
    doses = replace(sham, settled_by="a trial of doses")
    assert (
        line(db, doses) == "a trial of doses" and line(db, doses, stand_in) == "a trial of doses and counts recurrences"
    )


def test_every_claim_that_is_not_supported_says_what_would_settle_it(db: ev.EvidenceBase) -> None:
    judged = ev.claims(db)
    for frame in (judged.to_frame(), judged.parts):
        assert ((frame["settles"] == "") == (frame["verdict"] == "supported")).all()
        assert not frame["settles"].str.contains("nan|_|  ").any()
