"""GRIMMER: the programs' examples, and every mean with every SD that samples of whole numbers can have."""

import math
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP
from fractions import Fraction

import numpy as np
import pytest

import evidence as ev

#: scrutiny 0.4, reference page of grimmer_map.
PIGS5 = (
    ["7.22", "4.74", "5.23", "2.57", "6.77", "2.68", "7.01", "7.38", "3.14", "6.89", "5.00", "0.24"],
    ["5.30", "6.55", "2.55", "2.57", "2.18", "2.59", "6.68", "3.65", "5.32", "4.18", "2.18", "6.43"],
    [38, 31, 35, 30, 33, 34, 35, 32, 33, 37, 31, 34],
    ["mean", "", "parity", "", "mean", "", "mean", "", "mean", "", "", ""],
)


def test_the_programs_table():
    means, sds, n, failed = PIGS5
    found = ev.grimmer(mean=means, sd=sds, n=n)
    assert found["failed"].tolist() == failed
    assert found["passes"].tolist() == [stage == "" for stage in failed]


@pytest.mark.parametrize(
    ("mean", "sd", "n", "items", "passes"),
    [
        ("7.3", "2.51", 12, 1, False),  # scrutiny, vignette on GRIMMER
        ("5.23", "2.55", 31, 1, True),  # scrutiny, help of grimmer()
        ("0.03", "0.18", 200, 1, True),  # scrutiny 1.0, news: seven ones and 193 zeros
        ("7.67", "0.00", 2, 3, True),  # the same: two people whose three answers add up to 23
        ("5.21", "1.6", 28, 1, True),  # rsprite2, tests
        ("3.44", "2.47", 18, 1, False),
        ("1.33", "0.00", 3, 3, True),
        ("1.1", "0", 10, 1, True),
        ("2.5", "0.00", 10, 1, False),
        ("1.44", "0.17", 9, 1, False),
        ("1.83", "0.2", 9, 2, True),
        ("1.5", "0.00", 8, 2, True),
        ("1.5", "0.00", 8, 1, False),
    ],
)
def test_documented_examples(mean, sd, n, items, passes):
    assert ev.grimmer(mean=mean, sd=sd, n=n, items=items)["passes"].tolist() == [passes]


def test_a_sample_that_the_one_total_of_the_original_misses():
    sample = [1] * 8 + [4, 7, 7, 7]  # mean 2.75, printed 2.8: Allard's program takes 34, not 33, for the total
    assert (np.mean(sample), round(np.std(sample, ddof=1), 2)) == (2.75, 2.70)
    assert ev.grimmer(mean="2.8", sd="2.70", n=12)["passes"].tolist() == [True]


def test_an_sd_that_three_tests_let_pass():
    # 13 among 9 people: 19 is odd and gives 0.17, but the most even split, five 1 and four 2, has 21
    found = ev.grimmer(mean="1.44", sd="0.17", n=9)
    assert found["failed"].tolist() == ["least SD"]
    assert found["number"][0] == pytest.approx(np.std([1] * 5 + [2] * 4, ddof=1))


def sums(n: int, low: int, high: int) -> set[tuple[int, int]]:
    """Total and sum of squares of every sample of n whole numbers from low to high."""
    found = {(0, 0)}
    for _ in range(n):
        found = {(s + x, q + x * x) for s, q in found for x in range(low, high + 1)}
    return found


def printed_mean(total: int, count: int, decimals: int, modes) -> set[int]:
    return {_round(Fraction(total * 10**decimals, count), mode) for mode in modes}


def printed_sd(square: Fraction, decimals: int, modes) -> set[int]:
    """Last digits of the root of a fraction, exactly: a tie is the root of the square of a half."""
    scaled = square * 100**decimals
    floor = math.isqrt(scaled.numerator // scaled.denominator)
    half = Fraction(2 * floor + 1, 2)
    if scaled == half**2:
        return {_round(half, mode) for mode in modes}
    return {floor + (scaled > half**2)}


def _round(value: Fraction, mode: str) -> int:
    floor = math.floor(value)
    rest = value - floor
    if rest == Fraction(1, 2):
        up = {ROUND_HALF_UP: True, ROUND_HALF_DOWN: False, ROUND_HALF_EVEN: floor % 2 == 1}[mode]
        return floor + up
    return floor + (rest > Fraction(1, 2))


PAPER = (ROUND_HALF_UP, ROUND_HALF_EVEN)
ALL = (*PAPER, ROUND_HALF_DOWN)


@pytest.mark.parametrize(("decimals", "sd_decimals", "items"), [(2, 2, 1), (1, 2, 1), (2, 1, 1), (0, 1, 1), (2, 2, 2)])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8])
def test_exactly_the_means_and_sds_of_samples_pass(n, decimals, sd_decimals, items):
    """Means from 0 to 1 and SDs below 1.5: values further off than 4.2 SDs of 8 people are in no such sample."""
    reach = math.ceil(1.55 * items * (n - 1) / math.sqrt(n)) + 1
    expected, of_paper = set(), set()
    for total, squares in sums(n, -reach, items + reach):
        square = Fraction(n * squares - total**2, n * (n - 1) * items**2)
        if square > Fraction(5, 2):
            continue
        for modes, found in ((ALL, expected), (PAPER, of_paper)):
            means = printed_mean(total, n * items, decimals, modes)
            sds = printed_sd(square, sd_decimals, modes)
            found |= {(mean, sd) for mean in means for sd in sds}
    grid = [(m, s) for m in range(10**decimals + 1) for s in range(int(1.5 * 10**sd_decimals))]
    mean, sd = np.array(grid).T
    found = ev.grimmer(
        mean=mean / 10**decimals,
        sd=sd / 10**sd_decimals,
        n=n,
        items=items,
        decimals=decimals,
        sd_decimals=sd_decimals,
    )["passes"].to_numpy(bool)
    wanted = np.array([each in expected for each in grid])
    assert found[[each in of_paper for each in grid]].all()
    assert found[wanted].all()  # a sample that exists is never refused
    if n >= 5:
        assert not found[~wanted].any()  # and nothing else passes


def test_the_nearest_possible_sd_rounds_to_the_printed_one_where_it_passes():
    rng = np.random.default_rng(3)
    mean, sd = rng.integers(100, 500, 4000) / 100, rng.integers(0, 300, 4000) / 100
    found = ev.grimmer(mean=mean, sd=sd, n=rng.integers(5, 80, 4000), decimals=2)
    near = np.abs(found["number"] - sd)
    assert (near[found["passes"]] <= 0.005 + 1e-12).all()
    assert (near[~found["passes"] & found["number"].notna()] > 0.005 - 1e-12).all()


def test_shifting_all_answers_changes_nothing():
    rng = np.random.default_rng(4)
    mean, sd, n = rng.integers(100, 500, 2000), rng.integers(20, 300, 2000) / 100, rng.integers(5, 60, 2000)
    verdicts = [
        ev.grimmer(mean=(mean + 100 * c) / 100, sd=sd, n=n, decimals=2)["passes"].tolist() for c in (0, 7, -9000)
    ]
    assert verdicts[0] == verdicts[1] == verdicts[2] and 100 < sum(verdicts[0]) < 1900


def test_what_cannot_be_checked_says_why():
    found = ev.grimmer(mean=[3.0, 3.0, None, 3.0], sd=["1.20", "1.20", "1.20", "1.2"], n=[1, 10, 10, 10**12])
    assert found["passes"].isna().tolist() == [True, False, True, True]
    assert found["failed"].tolist() == ["", found["failed"][1], "", ""]
    for words, rule in zip(("one person", "sum of squares", "missing", "digits"), found["rule"], strict=True):
        assert words in rule
    with pytest.raises(ev.InvalidInput, match=r"sd\[0\] = -1.0.*standard deviation"):
        ev.grimmer(mean=3, sd=[-1.0], n=10)
