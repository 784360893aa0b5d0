"""The answer for a patient, word by word, of results that are given."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from evidence.answers.glance import CARE, SHAM, Glance, Line, Mark
from evidence.answers.wording.short_answer import MOST_WORDS, best_supported, finding, short_answer

#: Trials that found nothing, in any number of points and with any certainty.
NOTHING = Mark(SHAM, "", 0, 0.0, math.nan, math.nan, math.nan, None, "", "no trial yet")
LEAST = 10.0


def mark(points: float, certainty: str = "moderate", k: int = 3, better: bool | None = True) -> Mark:
    """An interval so wide that only the estimate may be what is told."""
    return Mark(SHAM, "", k, 200.0, points, points - 90, points + 90, better, certainty, "")


def line(name: str, sham: Mark = NOTHING, care: Mark = NOTHING, elsewhere: bool = False) -> Line:
    return Line(name, name, f"the {name}", "", elsewhere, (sham, replace(care, comparator=CARE)), "")


def answer(*lines: Line, least: float = LEAST) -> str:
    return short_answer(Glance(lines, least))


SMALL, LARGE = mark(5.0, "low"), mark(15.0, "low")


def test_the_best_comes_first_then_the_others_by_what_is_said_of_them() -> None:
    said = answer(
        line("knee", mark(30.0, "high"), mark(30.0, "high"), elsewhere=True),
        line("neck", mark(30.0, "very low")),
        line("disc", mark(12.0), care=mark(-3.0, "high", better=False)),
        line("hip", LARGE),
        line("back", SMALL, care=LARGE),
        line("arm", LARGE),
        line("leg", care=LARGE),
    )
    assert said == (
        "Best supported: disc; against sham (pretend) acupuncture probably less pain. "
        "Neck: too uncertain to say. Hip and arm: perhaps less pain. Back: perhaps slightly less pain. "
        "Leg: no number yet. "
        "Against usual care or nothing: slightly more pain in the disc; perhaps less pain in the back and the leg."
    )


def test_without_a_best_one_the_comparator_is_named_first() -> None:
    said = answer(line("disc", SMALL, elsewhere=True), line("hip", mark(5.0, better=None)), line("back", care=SMALL))
    assert said == (
        "Compared with sham (pretend) acupuncture: Hip: the trials leave it open. Back: no number yet. "
        "Against usual care or nothing: perhaps slightly less pain in the back."
    )


@pytest.mark.parametrize(("more", "told"), [(0, True), (1, False)])
def test_usual_care_is_told_while_there_is_room(more: int, told: bool) -> None:
    without = answer(line("a"), line("b", care=SMALL)).split()
    names = " ".join(["long"] * (MOST_WORDS - len(without) + more))
    assert ("usual care" in answer(line(f"{names} a"), line("b", care=SMALL))) is told


@pytest.mark.parametrize(
    ("sham", "care", "said"),
    [
        (SMALL, LARGE, "perhaps slightly less pain, compared with sham (pretend) acupuncture"),
        (SMALL, NOTHING, "perhaps slightly less pain, compared with sham (pretend) acupuncture"),
        (NOTHING, LARGE, "perhaps less pain, compared with usual care or nothing"),
        (NOTHING, NOTHING, "no number yet"),
    ],
)
def test_sham_is_told_before_usual_care(sham: Mark, care: Mark, said: str) -> None:
    assert finding(line("a", sham, care), LEAST) == said


@pytest.mark.parametrize(
    ("points", "least", "said"),
    [
        *((10.0, LEAST, "less pain"), (9.9, LEAST, "slightly less pain"), (1.0, LEAST, "slightly less pain")),
        *((0.9, LEAST, "about as much pain"), (-0.9, LEAST, "about as much pain")),
        *((-1.0, LEAST, "slightly more pain"), (-9.9, LEAST, "slightly more pain"), (-10.0, LEAST, "more pain")),
        *((1.0, math.nan, "less pain"), (-1.0, math.nan, "more pain")),
    ],
)
def test_the_size_is_told_in_steps(points: float, least: float, said: str) -> None:
    other = line("b", mark(points, "high", better=points > 0))
    best = line("a", mark(50.0, "high"))
    assert finding(other, least).startswith(f"{said}, compared with")
    assert answer(best, other, least=least).endswith(f"B: {said}.")
    if points >= 1:
        assert answer(other, least=least) == f"Best supported: b; against sham (pretend) acupuncture {said}."


@pytest.mark.parametrize(
    ("better", "said"),
    [
        (True, "one trial found less pain"),
        (False, "one trial found more pain"),
        (None, "one trial found no clear difference"),
    ],
)
@pytest.mark.parametrize("certainty", ["very low", "low"])
def test_one_trial_is_told_as_one_whatever_its_certainty(better: bool | None, certainty: str, said: str) -> None:
    assert finding(line("a", mark(5.0, certainty, 1, better)), LEAST).startswith(f"{said}, compared with")


@pytest.mark.parametrize("better", [True, None])
def test_very_low_certainty_comes_before_an_open_result(better: bool | None) -> None:
    assert finding(line("a", mark(5.0, "very low", 2, better)), LEAST).startswith("too uncertain to say, ")


def test_the_best_is_the_first_that_two_trials_show() -> None:
    shown = line("shown", mark(1.0, "low", k=2))
    lines = (
        line("one", mark(30.0, k=1)),
        line("open", mark(30.0, better=None)),
        line("worse", mark(30.0, better=False)),
        line("uncertain", mark(30.0, "very low")),
        line("nothing to speak of", mark(0.9)),
        line("care", care=mark(30.0)),
        line("knee", mark(30.0), elsewhere=True),
    )
    assert best_supported(Glance((*lines, shown, line("later", mark(30.0, "low"))), LEAST)) is shown
    assert best_supported(Glance(lines, LEAST)) is None
