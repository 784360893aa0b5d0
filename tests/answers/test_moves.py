"""How far one choice moves a result: pairs of analyses that differ in nothing else."""

from itertools import product

import numpy as np
import pytest

import evidence as ev
from evidence.answers.multiverse.moves import moves

QUESTION = {"condition": "chronic_overuse", "comparator": "sham", "outcome": "pain", "time": "short"}


def test_the_change_of_a_choice_is_the_mean_over_pairs_that_differ_in_nothing_else():
    """Two choices, of two and three options: six analyses, one of which cannot be estimated."""
    estimate = np.array([[0.1, 0.2, 0.6], [0.4, np.nan, 0.5]])
    excludes = np.array([[False, False, True], [True, False, True]])
    found = moves(["which", "how"], estimate, excludes, np.arange(6).reshape(2, 3)).set_index("choice")
    assert found.index.to_list() == ["how", "which"], "most moving first"
    assert found.loc["which", ["pairs", "change", "turned"]].to_list() == pytest.approx([2, (0.3 + 0.1) / 2, 1 / 2])
    apart = [0.1, 0.5, 0.4, 0.1]  # of the first row all three pairs, of the second the one without the missing
    assert found.loc["how", ["pairs", "change", "turned"]].to_list() == pytest.approx([4, np.mean(apart), 2 / 4])


def test_choices_that_move_alike_stand_in_the_order_given():
    """Two sums that differ in their last digit alone, which another processor rounds the other way."""
    estimate, more = np.array([[0.1, 0.3], [0.3, 0.5]]), 1e-15
    for some in (np.zeros((2, 2)), np.array([[0, more], [0, 0]]), np.array([[0, 0], [more, 0]])):
        found = moves(["first", "second"], estimate + some, np.zeros((2, 2), bool), np.arange(4).reshape(2, 2))
        assert found["choice"].to_list() == ["first", "second"]


def test_one_analysis_under_two_names_is_no_pair():
    estimate, cell = np.array([[0.1, 0.1], [0.3, 0.3]]), np.array([[0, 0], [1, 2]])
    found = moves(["method", "test"], estimate, np.array([[True, True], [True, False]]), cell).set_index("choice")
    assert found["pairs"].to_dict() == {"method": 2, "test": 1}
    assert found["change"].to_dict() == pytest.approx({"method": 0.2, "test": 0.0})
    assert found["turned"].to_dict() == {"method": 0.5, "test": 1.0}
    assert moves(["method"], np.array([0.1]), np.array([True]), np.array([0])).empty


def test_the_moves_are_those_of_specifications_flipped_by_hand(db):
    """Every combination asked for alone, so that nothing is left to the bookkeeping of sets."""
    asked = {"measure": ["SMD", "MD100"], "risk_of_bias": ["all", "not high"], "leave_out": ["none", "outliers"]}
    asked |= {"method": ["Bayes", "DL"], "test": ["hksj", "z"], "integrity": ["no serious concern", "all"]}
    fixed = {"routes": ["all"], "confidence": ["all"], "directness": ["all"]}
    found = ev.multiverse(db, QUESTION, fixed | asked)
    options, spread = list(asked.values()), ev.reference_sd(db).loc["pain", "sd"]
    one = {}
    for combination in product(*options):
        own = dict(zip(asked, ([option] for option in combination), strict=True))
        try:
            alone = ev.multiverse(db, QUESTION, fixed | own).to_frame().iloc[0]
        except ev.NotEstimable:
            one[combination] = (np.nan, False)
            continue
        unit = spread if combination[0] == "MD100" else 1.0  # alone, points stay points
        one[combination] = (alone["estimate"] / unit, bool(alone["ci_low"] > 0 or alone["ci_high"] < 0))
    for axis, choice in enumerate(asked):
        apart, turned = [], []
        for combination, (estimate, out) in one.items():
            other = (*combination[:axis], options[axis][1], *combination[axis + 1 :])
            bayes_twice = choice == "test" and combination[3] == "Bayes"
            if combination[axis] == options[axis][0] and not bayes_twice and not np.isnan(estimate + one[other][0]):
                apart.append(abs(estimate - one[other][0]))
                turned.append(out != one[other][1])
        row = found.moves.set_index("choice").loc[choice]
        assert row["pairs"] == len(apart) > 3, choice
        assert (row["change"], row["turned"]) == pytest.approx((np.mean(apart), np.mean(turned)))
    assert found.points == pytest.approx(ev.reference_sd(db).loc["pain", "sd"])
