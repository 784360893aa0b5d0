"""A slope between trials: drawn where four trials differ in the moderator, and told with its own sign."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.between_trials import LEAST_TRIALS, slope_part
from evidence.answers.claims.comparison import Part, Slope
from evidence.answers.claims.question import Group, Question
from evidence.answers.claims.sentences import part_sentence
from evidence.answers.context import Context

from .conftest import Effects

QUESTION = Question({"kind": "efficacy", "outcome": "pain", "time": "short", "stands_in": ""}, ("pain",), ("sham",))
GROUP = Group("any", ("chronic_overuse",), ("short",))
SAYS = "more sessions go with a larger effect"


def drawn(db: ev.EvidenceBase, effects: pd.DataFrame) -> Part:
    slope = Slope(SAYS, "{amount} for each session")
    return slope_part(
        Context.of(db),
        QUESTION,
        GROUP,
        effects,
        "sessions",
        "SMD per session",
        slope,
        lambda: "too few",
        "a trial of doses",
    )


def told(db: ev.EvidenceBase, part: Part) -> str:
    return part_sentence(QUESTION, part, Context.of(db).words, "public")


@pytest.mark.parametrize(
    ("yi", "side", "begins"),
    [
        ([0.1, 0.31, 0.48, 0.71, 0.9], "better", f"Between trials, {SAYS} (0.20 standard deviations, "),
        ([0.9, 0.71, 0.48, 0.31, 0.1], "worse", f"Between trials, it is the other way round: not so that {SAYS} (−0.2"),
        ([0.5, 0.1, 0.9, 0.1, 0.5], "open", f"Trials leave open whether {SAYS} ("),
    ],
)
def test_a_slope_is_told_with_its_own_sign(
    db: ev.EvidenceBase, made_up: Effects, yi: list[float], side: str, begins: str
) -> None:
    effects = made_up(yi, sessions=[1.0, 2.0, 3.0, 4.0, 5.0])
    part = drawn(db, effects)
    (result,) = part.results
    line = ev.regress(effects, formula="~ sessions").coefficients.loc["sessions"]
    pool = result.certainty.synthesis
    assert (pool.estimate, pool.ci_low, pool.ci_high) == pytest.approx(
        (line["estimate"], line["ci_low"], line["ci_high"])
    )
    assert np.isnan(pool.pi_low) and np.isnan(pool.pi_high) and pool.measure == "SMD per session"
    assert pool.p_better == pytest.approx(line["p_value"] / 2 if line["estimate"] < 0 else 1 - line["p_value"] / 2)
    assert result.reading.side == side
    text = told(db, part)
    assert text.startswith(begins)
    assert text.endswith(
        "for each session; against sham acupuncture, 5 trials). This compares trials with each other, "
        "not people in one trial."
    )
    levels = result.certainty.reasons.set_index("domain")["levels"]
    assert levels["indirectness"] < 0, "no trial was randomised to its number of sessions"


def test_no_line_is_drawn_through_few_trials_or_trials_that_are_alike(db: ev.EvidenceBase, made_up: Effects) -> None:
    yi = list(np.linspace(0.1, 0.9, LEAST_TRIALS))
    sessions = np.arange(1.0, LEAST_TRIALS + 1)
    assert drawn(db, made_up(yi, sessions=sessions)).results
    assert drawn(db, made_up(yi, sessions=[4.0, 4.0, 8.0, 8.0])).results, "two doses make a line"
    for effects in (made_up(yi[:-1], sessions=sessions[:-1]), made_up(yi, sessions=6.0)):
        part = drawn(db, effects)
        assert part.results == () and (part.verdict.verdict, part.verdict.reason) == ("unclear", "too few")
        assert part.measured > 0


def test_a_trial_is_one_point_of_the_line(db: ev.EvidenceBase, made_up: Effects) -> None:
    once = made_up([0.1, 0.3, 0.6, 0.7], sessions=[1.0, 2.0, 3.0, 4.0])
    twice = pd.concat([once, once.assign(yi=2.0)], ignore_index=True)
    (one,), (two,) = drawn(db, once).results, drawn(db, twice).results
    assert two.certainty.synthesis.k == 4
    assert two.certainty.synthesis.estimate == pytest.approx(one.certainty.synthesis.estimate)
