"""What the ranking says of trials without a number and of indirect ones, and its lists and numbers in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.known_trials import SUMMED
from evidence.answers.ranking import _note
from evidence.answers.wording.vocabulary import bundled
from evidence.answers.wording.words import listed, people, trials


@pytest.mark.parametrize(
    ("k", "missing", "unseen", "share", "note"),
    [
        (0, 0, 0, 0.0, "no such trial in the data"),
        (3, 0, 0, 0.0, ""),
        (0, 1, 275, 0.0, "one trial, 275 people, gives no number for this"),
        (3, 1, 0, 0.0, "one more trial, people not stated, gives no number for this"),
        (3, 2, 1500, 0.0, "2 more trials, 1,500 people, give no number for this"),
        (4, 0, 0, 0.5, "2 of 4 in a related condition"),
        (4, 0, 0, 1.0, "all in a related condition"),
        (1, 1, 30, 1.0, "in a related condition; one more trial, 30 people, gives no number for this"),
    ],
)
def test_the_note_counts_what_is_missing_and_what_is_indirect(
    k: int, missing: int, unseen: float, share: float, note: str
) -> None:
    account = dict.fromkeys(SUMMED, 0) | {
        "trials_missing": missing,
        "people_missing": unseen,
        "trials_unreadable": missing,
    }
    assert _note(k, account, share, "sham acupuncture") == note


def test_the_note_says_where_trials_tell_of_other_things() -> None:
    account = dict.fromkeys(SUMMED, 0) | {"trials_elsewhere": 2}
    assert _note(0, account, 0.0, "sham") == "2 trials tell of other times or outcomes only"
    assert _note(3, account, 0.0, "sham") == ""


def test_numbers_in_words() -> None:
    assert (people(1), people(1162), trials(1), trials(7)) == ("1 person", "1,162 people", "one trial", "7 trials")
    assert listed(["a"]) == "a" and listed(["a", "b"]) == "a and b" and listed(["a", "b", "c"], "or") == "a, b or c"


def test_three_conditions_are_listed_in_english() -> None:
    frame = pd.DataFrame({"label": list("abc"), "estimate": np.nan, "ci_low": np.nan, "ci_high": np.nan, "k": 0,
                          "share_indirect": 0.0, "measure": "SMD", "p_better": np.nan})  # fmt: skip
    text = ev.Ranking("sham", "pain", "short", "SMD", frame, bundled()).sentence()
    assert text.endswith("No trial gives a number for a, b and c.")
    shown = frame.loc[[0]].assign(
        estimate=0.4, ci_low=0.2, ci_high=0.6, k=3, points=8.2, points_low=3.6, points_high=12.8
    )
    text = ev.Ranking("sham", "pain", "short", "SMD", shown, bundled()).sentence()
    assert "in a (8 of 100 points, 4 to 13, 3 trials)." in text and "SD" not in text
