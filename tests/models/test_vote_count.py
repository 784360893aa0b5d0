"""Votes by direction: R's binom.test, the Cochrane example, what a user reads."""

import numpy as np
import pytest

import evidence as ev


def test_agrees_with_binom_test(recovery):
    r = recovery["votes"]
    for i, (favouring, against) in enumerate(zip(r["favouring"], r["against"], strict=True)):
        votes = ev.vote_count([1] * int(favouring) + [-1] * int(against), level=0.9)
        found = (votes.p_value, votes.ci_low, votes.ci_high)
        np.testing.assert_allclose(found, (r["p_value"][i], r["ci_low"][i], r["ci_high"][i]), rtol=1e-9, atol=1e-14)


def test_sign_test_by_hand():
    votes = ev.vote_count([1] * 11 + [-1])
    assert votes.p_value == pytest.approx(2 * (1 + 12) / 2**12)
    assert votes.ci_low == pytest.approx(0.615, abs=5e-4)


def test_turning_the_sides_round_mirrors_the_result():
    there, back = ev.vote_count([1, 1, 1, -1, 0]), ev.vote_count([-1, -1, -1, 1, 0])
    assert (there.favouring, there.against, there.neither) == (back.against, back.favouring, back.neither) == (3, 1, 1)
    assert there.p_value == pytest.approx(back.p_value)
    assert there.ci_low == pytest.approx(1 - back.ci_high)


def test_what_a_user_reads():
    votes = ev.vote_count([1, 1, 1, -1, 0])
    assert votes.sentence().startswith(
        "3 of 4 trials that pointed either way pointed in favour (1 more pointed neither way): 75%"
    )
    assert "sign test p = 0.625" in votes.summary()
    assert votes.to_frame().loc[0, "proportion"] == 0.75
    assert "<table" in votes._repr_html_()


def test_errors():
    with pytest.raises(ev.NotEstimable, match="no trial points either way"):
        ev.vote_count([0, 0])
    with pytest.raises(ev.NotEstimable, match="no trial points either way"):
        ev.vote_count([])
    with pytest.raises(ev.InvalidInput, match=r"direction\[1\] = 2\.0: must be 1, -1 or 0"):
        ev.vote_count([1, 2])
    with pytest.raises(ev.InvalidInput, match="level 1 is not between 0 and 1"):
        ev.vote_count([1, -1], level=1)
