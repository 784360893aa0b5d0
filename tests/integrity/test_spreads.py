"""DEBIT, bounds of standard deviations, standard errors in their place, and correlations they imply."""

import itertools
import math

import numpy as np
import pytest

import evidence as ev

#: scrutiny, reference page of debit_map: Heathers & Brown's table 1, n = 1683.
PIGS3 = (
    ["0.53", "0.44", "0.77", "0.19", "0.34", "0.93", "0.12"],
    ["0.50", "0.50", "0.42", "0.35", "0.47", "0.25", "0.33"],
    [True, True, True, False, True, True, True],
)
#: SDs of one instrument, in its points; the logarithms have median log 20.
SDS = [14.0, 16.0, 18.0, 20.0, 22.0, 25.0, 27.0]


def test_debit_on_the_papers_table():
    means, sds, passes = PIGS3
    assert ev.debit(mean=means, sd=sds, n=1683)["passes"].tolist() == passes
    assert ev.debit(mean="0.35", sd="0.18", n=20)["passes"].tolist() == [False]  # scrutiny, vignette on DEBIT


@pytest.mark.parametrize("n", [2, 3, 7, 20, 33])
def test_debit_passes_exactly_what_ones_and_zeros_give(n):
    possible = set()
    for ones in range(n + 1):
        mean, sd = ones / n, math.sqrt(ones * (n - ones) / (n * (n - 1)))
        printed = [{math.floor(100 * x + 0.5 + dust) for dust in (-1e-9, 1e-9)} for x in (mean, sd)]
        possible |= set(itertools.product(*printed))
    grid = list(itertools.product(range(101), range(72)))
    found = ev.debit(mean=[m / 100 for m, _ in grid], sd=[s / 100 for _, s in grid], n=n, decimals=2)
    assert found["passes"].tolist() == [each in possible for each in grid]


def test_debit_refuses_what_is_no_share():
    with pytest.raises(ev.InvalidInput, match="share of ones"):
        ev.debit(mean=34, sd=0.5, n=100)
    found = ev.debit(mean=[0.5, np.nan], sd=0.5, n=[1, 20])
    assert found["passes"].isna().all() and found["number"].isna().all()


def test_the_bounds_of_rsprite2():
    # its test of .sd_limits: five people with mean 4.2 on 1 to 7, SDs from 0.45 to 3.03
    found = ev.sd_plausible(mean="4.20", sd=["0.44", "0.45", "3.03", "3.04"], n=5, low=1, high=7, integers=True)
    assert found["passes"].tolist() == [False, True, True, False]
    assert found[["least", "most"]].round(2).iloc[0].tolist() == [0.45, 3.03]
    # and all at one end of the scale have no spread
    ends = ev.sd_plausible(mean="1.00", sd=["0.00", "1.00"], n=10, low=1, high=7, integers=True)
    assert ends["passes"].tolist() == [True, False]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_bounds_hold_and_are_reached_by_whole_numbers(n):
    by_mean: dict[str, list[float]] = {}
    for sample in itertools.combinations_with_replacement(range(6), n):
        by_mean.setdefault(f"{np.mean(sample):.3f}", []).append(np.std(sample, ddof=1))
    found = ev.sd_plausible(mean=list(by_mean), sd=1.0, n=n, low=0, high=5, integers=True)
    assert found["least"].to_list() == pytest.approx([min(sds) for sds in by_mean.values()], abs=1e-12)
    assert found["most"].to_list() == pytest.approx([max(sds) for sds in by_mean.values()])


def test_bounds_of_any_numbers_are_bhatia_and_davis_at_whole_shares():
    found = ev.sd_plausible(mean=[25.0, 50.0, 30.0], sd=10.0, n=[4, 4, 7], low=0, high=100, decimals=9, sd_decimals=1)
    assert found["most"][:2].to_list() == pytest.approx([math.sqrt(75 * 25 * 4 / 3), math.sqrt(50 * 50 * 4 / 3)])
    rng = np.random.default_rng(1)
    samples = rng.uniform(0, 100, (200_000, 7)) ** rng.choice([1, 8, 0.1], (200_000, 1))
    samples *= 100 / samples.max(axis=1, keepdims=True)
    sds = samples.std(axis=1, ddof=1)
    most = ev.sd_plausible(mean=samples.mean(axis=1), sd=sds, n=7, low=0, high=100)
    assert most["passes"].all() and most["number"].max() > 0.9
    reached = [100.0, 100.0, 10.0, 0, 0, 0, 0]  # 2.1 of 7 at the upper end: two there, one at a tenth
    assert found["most"][2] == pytest.approx(np.std(reached, ddof=1))


def test_a_mean_outside_the_scale_cannot_be_right():
    found = ev.sd_plausible(mean=["10.4", "10.6", "10.4"], sd="0.5", n=20, low=0, high=[10, 10, 11])
    assert found["passes"].tolist() == [False, False, True]
    flat = ev.sd_plausible(mean=["10.6", "-0.6", "10.4", "-0.4"], sd="0", n=20, low=0, high=10)
    assert flat["passes"].tolist() == [False] * 4 and flat["most"].isna().all()
    with pytest.raises(ev.InvalidInput, match="must lie above low"):
        ev.sd_plausible(mean=5, sd=1, n=10, low=10, high=0)


def test_among_the_sds_of_others():
    logs = np.log(SDS)
    z = 0.6745 * (np.log([2.8, 19.0, 90.0]) - np.log(20)) / np.median(np.abs(logs - np.log(20)))
    found = ev.sd_plausible(mean="30.0", sd=["2.8", "19.0", "90.0"], n=30, reference=SDS)
    assert found["z"].to_list() == pytest.approx(z.tolist())
    assert found["passes"].tolist() == [False, True, False]
    assert found["most"].isna().all()
    scaled = ev.sd_plausible(mean="3.00", sd=["0.28", "1.90", "9.00"], n=30, reference=np.array(SDS) / 10)
    assert scaled["z"].to_list() == pytest.approx(z.tolist())  # units drop out
    few = ev.sd_plausible(mean="30.0", sd="2.8", n=30, reference=SDS[:4])
    assert few["passes"].isna().all() and "cannot be checked" in few["rule"][0]


def test_a_standard_error_in_the_place_of_an_sd():
    found = ev.se_as_sd(sd=[2.5, 19.0, 0.01, 2.5], n=[64, 64, 64, 4], reference=SDS)
    # extraordinary and ordinary as an SE; ordinary; extraordinary either way; sqrt(4) makes it 5, not ordinary
    assert found["passes"].tolist() == [False, True, True, True]
    assert found["number"].to_list() == pytest.approx([20, 152, 0.08, 5])
    assert found["z_as_se"][0] == pytest.approx(0, abs=1e-12) and found["z"][0] < -3.5
    limit = 20 * np.exp(-3.5 * np.median(np.abs(np.log(np.array(SDS) / 20))) / 0.6745)
    assert 6.05 < limit < 6.5  # printed "6" may be more than that, "6.0" may not
    assert ev.se_as_sd(sd=["6", "6.0", "7"], n=6, reference=SDS)["passes"].tolist() == [True, False, True]
    assert ev.se_as_sd(sd=2.5, n=64, reference=[20.0] * 9)["passes"].isna().all()
    with pytest.raises(ev.InvalidInput, match="reference"):
        ev.se_as_sd(sd=2.5, n=64, reference=[20.0, -1.0])


def test_correlations_that_sds_imply():
    found = ev.correlation_implied(sd_pre="20.0", sd_post="22.0", sd_change=["21.0713", "44.0", "42.2", "1.8", "1.9"])
    assert found["number"][0] == pytest.approx(ev.correlation_from_change(20, 22, 21.0713))
    # rounding brings the ends from 42.0 to 42.15 and from 2.0 to 1.85
    assert found["passes"].tolist() == [True, False, False, False, True]
    wide = ev.correlation_implied(sd_pre=20.0, sd_post=22.0, sd_change=["42.9", "1.2", "0.4"])
    assert wide["passes"].tolist() == [True, True, False]  # floats show no decimals: ends at 43 and 1


@pytest.mark.parametrize("seed", range(3))
def test_a_real_sample_never_fails(seed):
    rng = np.random.default_rng(seed)
    before, after = rng.integers(0, 11, (2, 500, 12))
    sds = [np.round(x.std(axis=1, ddof=1), 1) for x in (before, after, after - before)]
    assert ev.correlation_implied(sd_pre=sds[0], sd_post=sds[1], sd_change=sds[2], decimals=1)["passes"].all()
    mean = np.round(before.mean(axis=1), 1)
    found = ev.sd_plausible(mean=mean, sd=sds[0], n=12, low=0, high=10, decimals=1, integers=True)
    assert found["passes"].all()
