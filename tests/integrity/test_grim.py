"""GRIM: the papers' and programs' examples, and every mean that whole numbers can have."""

import itertools
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest

import evidence as ev

#: scrutiny 0.4, reference page of grim_map: means, n, whether consistent, probability of inconsistency.
PIGS1 = (
    ["7.22", "4.74", "5.23", "2.57", "6.77", "2.68", "7.01", "7.38", "3.14", "6.89", "5.00", "0.24"],
    [32, 25, 29, 24, 27, 28, 29, 26, 27, 31, 25, 28],
    [True, False, False, False, False, True, False, True, False, False, True, False],
    [0.68, 0.75, 0.71, 0.76, 0.73, 0.72, 0.71, 0.74, 0.73, 0.69, 0.75, 0.72],
)
MODES = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)


def roundings(value: Fraction, decimals: int, modes=MODES) -> set[str]:
    """How a number can be printed; exact, as its decimals end within the digits kept or are cut far behind them."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return {str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=mode)) for mode in modes}


@pytest.mark.parametrize(
    ("mean", "n", "items", "passes"),
    [
        ("5.19", 28, 1, False),  # Brown & Heathers 2017
        ("5.18", 28, 1, True),
        ("5.18", 14, 2, True),  # rsprite2's tests: two items of 14 people are 28 numbers
        ("5.93", 49, 1, False),  # The Economist, 18 June 2016
        ("3.48", 20, 1, False),  # Wikipedia: a die thrown 20 times
        ("-1.3", 3, 1, True),  # rsprite2
    ],
)
def test_published_examples(mean, n, items, passes):
    assert ev.grim(mean=mean, n=n, items=items)["passes"].tolist() == [passes]


def test_the_programs_table():
    means, n, passes, probability = PIGS1
    found = ev.grim(mean=means, n=n)
    assert found["passes"].tolist() == passes
    assert found["probability"].to_list() == pytest.approx(probability)
    as_numbers = ev.grim(mean=[float(mean) for mean in means], n=n, decimals=2)
    assert as_numbers["passes"].tolist() == passes


def test_percentages_of_150():
    means = ["67.4", "54.2", "54.0", "69.8", "68.1", "55.4"]  # scrutiny's pigs2; 81 of 150 is the only one that can be
    by_hand = [any(mean in roundings(Fraction(100 * x, 150), 1) for x in range(151)) for mean in means]
    assert ev.grim(mean=means, n=150, percent=True)["passes"].tolist() == by_hand == [False, False, True] + [False] * 3


@pytest.mark.parametrize("decimals", [1, 2])
@pytest.mark.parametrize("items", [1, 3])
def test_exactly_the_means_of_whole_numbers_pass(decimals, items):
    scale = 10**decimals
    grid = [f"{Decimal(m).scaleb(-decimals):.{decimals}f}" for m in range(-scale, 3 * scale)]
    for n in (2, 3, 4, 5, 7, 8, 16, 20, 25, 32, 40):
        if n * items >= scale:
            continue
        count = n * items
        possible = set().union(*(roundings(Fraction(s, count), decimals) for s in range(-2 * count, 4 * count)))
        possible |= {text.replace("-0.00", "0.00").replace("-0.0", "0.0") for text in possible if Decimal(text) == 0}
        assert ev.grim(mean=grid, n=n, items=items)["passes"].tolist() == [mean in possible for mean in grid], n


def test_ties_pass_rounded_up_and_to_even():
    ties = [(Fraction(1, 8), 8), (Fraction(3, 8), 8), (Fraction(9, 8), 8), (Fraction(-1, 8), 8)]
    for (mean, n), mode in itertools.product(ties, (ROUND_HALF_UP, ROUND_HALF_EVEN)):
        (printed,) = roundings(mean, 2, (mode,))
        assert ev.grim(mean=printed, n=n)["passes"].all(), (mean, mode)


def test_where_every_mean_is_possible_it_says_so():
    found = ev.grim(mean=["3.1", "3.10", None], n=[12, 12, 12])
    assert found["passes"].isna().tolist() == [True, False, True] and not found["passes"][1]
    assert "every mean is possible" in found["rule"][0] and "missing" in found["rule"][2]
    assert found["probability"][0] == 0


def test_a_lost_zero_makes_it_milder():
    assert ev.grim(mean=[5.1], n=28)["passes"].isna().all()
    assert ev.grim(mean=[5.1], n=28, decimals=2)["passes"].tolist() == [False]


def test_large_numbers_are_exact():
    assert ev.grim(mean=["1234567.333"], n=3)["passes"].tolist() == [True]
    assert ev.grim(mean=["1234567.334"], n=3)["passes"].tolist() == [False]
    assert ev.grim(mean=[1 / 3], n=3)["passes"].tolist() == [True]


def test_what_cannot_be_an_argument_is_named():
    for given, words in (
        ({"mean": "five", "n": 3}, "mean"),
        ({"mean": 5.25, "n": 4, "decimals": 1}, "decimals"),
        ({"mean": 5.25, "n": 4.5}, "n = 4.5"),
        ({"mean": 5.25, "n": 4, "items": 0}, "items = 0"),
        ({"mean": [1.0, 2.0], "n": [3, 4, 5]}, "broadcast"),
        ({"mean": [[1.0, 2.0]], "n": 3}, "shape"),
        ({"mean": "1e-3", "n": 3}, "scientific"),
        ({"mean": 1.5, "n": 3, "percent": "yes"}, "percent"),
        ({"mean": np.inf, "n": 3}, "finite"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.grim(**given)
