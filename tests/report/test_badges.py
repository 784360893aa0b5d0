"""A badge says how sure a result is in words, and its circles agree with them."""

from __future__ import annotations

import re

import pytest

from evidence.answers.wording.words import GRADES
from evidence.errors import InvalidInput
from evidence.report.pages.badges import certainty_badge


@pytest.mark.parametrize("grade", GRADES)
def test_the_circles_agree_with_the_words(grade: str) -> None:
    badge = certainty_badge(grade)
    assert badge.count("<circle") == len(GRADES)
    assert badge.count('fill="currentColor"') == GRADES.index(grade) + 1
    assert re.sub("<.*?>", "", badge) == f" {grade.capitalize()} certainty"
    assert 'aria-hidden="true"' in badge


def test_what_has_no_result_has_no_badge_and_no_other_word_is_a_grade() -> None:
    assert certainty_badge("") == ""
    with pytest.raises(InvalidInput, match="'sure'"):
        certainty_badge("sure")
