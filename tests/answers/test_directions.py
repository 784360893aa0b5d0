"""A trial's vote: the way of all its rows, and the largest p value among them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.question import WINDOW_ORDER
from evidence.answers.claims.verdict import COMPARATORS
from evidence.answers.directions import Directions, Votes


@pytest.fixture(scope="module")
def directions(db: ev.EvidenceBase) -> Directions:
    return Directions(db)


def votes_of(directions: Directions, db: ev.EvidenceBase, comparator: str, outcomes: list[str]) -> Votes | None:
    return directions.of(set(db.conditions["condition"]), comparator, outcomes, WINDOW_ORDER, db.effects().iloc[:0])


def test_a_vote_on_several_outcomes_is_that_of_each_and_the_weakest_p_value(
    directions: Directions, db: ev.EvidenceBase
) -> None:
    outcomes = db.outcomes["outcome"].tolist()
    differing = 0
    for comparator in COMPARATORS:
        alone = [votes_of(directions, db, comparator, [outcome]) for outcome in outcomes]
        together = votes_of(directions, db, comparator, outcomes)
        if together is None:
            assert not any(alone)
            continue
        single = pd.concat([votes.frame for votes in alone if votes is not None]).groupby("study")
        for vote in together.frame.to_dict("records"):
            rows = single.get_group(vote["study"])
            ways = set(rows["direction"])
            assert vote["direction"] == (ways.pop() if len(ways) == 1 else 0), vote["study"]
            if vote["direction"]:
                np.testing.assert_equal(vote["p_value"], rows["p_value"].max())
                differing += rows["p_value"].nunique() > 1
            else:
                assert np.isnan(vote["p_value"])
    assert differing, "no trial in the data shows the difference between its largest and its smallest p value"


def test_the_opposite_question_has_the_opposite_votes(directions: Directions, db: ev.EvidenceBase) -> None:
    where, markers = set(db.conditions["condition"]), db.outcomes.loc[db.outcomes["mechanism"] != "", "outcome"]
    numbers = db.effects().query("comparator == 'sham' and outcome in @markers")
    there, back = (directions.of(where, "sham", set(markers), WINDOW_ORDER, numbers, turn) for turn in (1, -1))
    assert there is not None and back is not None and there.count is not None and back.count is not None
    assert (there.frame["direction"] == -back.frame["direction"]).all() and (there.frame["direction"] != 0).any()
    assert back.count.favouring == (there.frame["direction"] < 0).sum()


def test_a_trial_with_a_number_votes_with_its_sign(directions: Directions, db: ev.EvidenceBase) -> None:
    effects = db.effects().query("comparator == 'sham' and outcome == 'pain'").drop_duplicates("study").head(3)
    effects = effects.assign(yi=[0.4, -0.3, 0.0])
    votes = directions.of(["no such condition"], "sham", ["pain"], WINDOW_ORDER, effects)
    assert votes is not None and votes.combined is None
    assert dict(zip(votes.frame["study"], votes.frame["direction"], strict=True)) == dict(
        zip(effects["study"], [1.0, -1.0, 0.0], strict=True)
    )
    assert "1 in the claimed direction, 1 in the other, 1 neither" in votes.clause()


@pytest.mark.parametrize(
    ("ways", "side"),
    [
        ([1] * 6, 1),
        ([1] * 5, 0),  # 5 of 5: the interval of the share still holds a half
        ([1] * 9 + [0] * 4, 0),  # 9 of 13 that say; without the four it would be 9 of 9
        ([1] * 9 + [0] * 1, 1),
        ([-1] * 9 + [0] * 1, -1),
        ([0] * 9, 0),
    ],
)
def test_no_difference_counts_against_the_side_that_is_asked_about(ways: list[int], side: int) -> None:
    assert Votes(pd.DataFrame({"direction": np.array(ways, dtype=float)})).side == side


def test_no_difference_needs_no_side_of_benefit_and_a_way_does(db: ev.EvidenceBase) -> None:
    rows = [row for found in db.reported.values() for row in found]
    raw = db.results.set_index("result_id")["direction"]
    blind = [row for row in rows if row.benefit == 0 and raw[row.id]]
    assert {row.favours for row in blind if raw[row.id] == "no_difference"} == {0}
    assert {row.favours for row in blind if raw[row.id] != "no_difference"} == {None}
    assert all(row.favours in (1, -1) for row in rows if row.benefit and raw[row.id] in ("higher", "lower"))
