"""Real trials worked out by hand from what their reports print."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.special import gammaln
from scipy.stats import norm, t

import evidence as ev


@pytest.fixture(scope="module")
def frames(db: ev.EvidenceBase) -> dict[str, Any]:
    return {measure: db.effects(measure) for measure in ("MD100", "SMD", "RR")}


def row_of(frame: Any, study: str, comparator: str, outcome: str, time: str = "short") -> Any:
    wanted = (
        (frame["study"] == study)
        & (frame["comparator"] == comparator)
        & (frame["outcome"] == outcome)
        & (frame["time"] == time)
    )
    assert wanted.sum() == 1
    return frame[wanted].iloc[0]


def hedges(m1: float, sd1: float, n1: float, m2: float, sd2: float, n2: float) -> tuple[float, float]:
    df = n1 + n2 - 2
    sd = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    j = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    g = j * (m1 - m2) / sd
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


Z = norm.ppf(0.975)


def test_brinkhaus_2006_against_sham(frames: dict[str, Any]) -> None:
    # VAS 0-100 at week 8. Decreases: acupuncture 28.7 (SD 30.3, n 140), minimal acupuncture 23.6 (SD 31.0, n 70).
    # Printed difference of the decreases: 5.1, 95% interval -3.7 to 13.9, positive for acupuncture.
    points = row_of(frames["MD100"], "brinkhaus-2006", "sham", "pain")
    assert points["yi"] == pytest.approx(5.1)
    assert points["vi"] == pytest.approx(((13.9 + 3.7) / (2 * Z)) ** 2)
    g, v = hedges(28.7, 30.3, 140, 23.6, 31.0, 70)
    standard = row_of(frames["SMD"], "brinkhaus-2006", "sham", "pain")
    assert (standard["yi"], standard["vi"]) == pytest.approx((g, v))
    assert standard["result_ids"] == "brinkhaus-2006-01|brinkhaus-2006-02"


def test_brinkhaus_2006_against_the_waiting_list(frames: dict[str, Any]) -> None:
    # Difference 21.7 (13.9 to 30.0). The waiting list's size is what 140 and 70 leave of 298 randomised: 88.
    points = row_of(frames["MD100"], "brinkhaus-2006", "no_treatment", "pain")
    assert (points["yi"], points["vi"]) == pytest.approx((21.7, ((30.0 - 13.9) / (2 * Z)) ** 2))
    standard = row_of(frames["SMD"], "brinkhaus-2006", "no_treatment", "pain")
    assert standard["n_comparator"] == 88
    assert (standard["yi"], standard["vi"]) == pytest.approx(hedges(28.7, 30.3, 140, 6.9, 22.0, 88))


def test_haake_2007_against_sham(frames: dict[str, Any]) -> None:
    # Responders at 6 months: 47.6% of 387 against 44.2% of 387. 171 of 387 are 44.2%; no whole number of 387 gives
    # 47.6% (184 are 47.5%, 185 are 47.8%), so that one is taken as printed: 184.212.
    ai, ci, n = 0.476 * 387, 171, 387
    risk = row_of(frames["RR"], "haake-2007", "sham", "responder", "intermediate")
    assert risk["yi"] == pytest.approx(math.log(ai / ci))
    assert risk["vi"] == pytest.approx(1 / ai - 1 / n + 1 / ci - 1 / n)
    # As a standardised difference: log odds ratio times sqrt(3) / pi. It stands in for pain.
    log_or = math.log(ai / (n - ai) * (n - ci) / ci)
    variance = 1 / ai + 1 / (n - ai) + 1 / ci + 1 / (n - ci)
    standard = row_of(frames["SMD"], "haake-2007", "sham", "pain", "intermediate")
    assert standard["yi"] == pytest.approx(log_or * math.sqrt(3) / math.pi)
    assert standard["vi"] == pytest.approx(variance * 3 / math.pi**2)
    assert (standard["measured"], standard["route"], standard["confidence"]) == ("responder", "counts", "low")


def test_zhu_2024_by_arms_and_by_adjusted_difference(frames: dict[str, Any]) -> None:
    # Modified RMDQ 0-24, lower is better. Adjusted difference -1.3 (-2.6 to -0.03): 100/24 points a point.
    points = row_of(frames["MD100"], "zhu-2024", "sham", "disability")
    assert points["yi"] == pytest.approx(1.3 / 24 * 100)
    assert points["vi"] == pytest.approx(((2.6 - 0.03) / (2 * Z) / 24 * 100) ** 2)
    # Final scores 8.1 (7.1 to 9.1) and 9.5 (8.6 to 10.4), 98 each: SD = sqrt(n) width / (2 t).
    quantile = t.ppf(0.975, 97)
    sd1, sd2 = (math.sqrt(98) * width / (2 * quantile) for width in (9.1 - 7.1, 10.4 - 8.6))
    standard = row_of(frames["SMD"], "zhu-2024", "sham", "disability")
    assert (standard["yi"], standard["vi"]) == pytest.approx(hedges(9.5, sd1, 98, 8.1, sd2, 98))


def test_qin_2020(frames: dict[str, Any]) -> None:
    # RMDQ 0-24 at week 8: difference in change -2.6 (-3.7 to -1.4); changes -4.1 (-4.9 to -3.3) and
    # -1.5 (-2.3 to -0.7), 40 randomised to each arm.
    points = row_of(frames["MD100"], "qin-2020", "sham", "disability")
    assert points["yi"] == pytest.approx(2.6 / 24 * 100)
    assert points["vi"] == pytest.approx(((3.7 - 1.4) / (2 * Z) / 24 * 100) ** 2)
    sd = math.sqrt(40) * 1.6 / (2 * t.ppf(0.975, 39))
    standard = row_of(frames["SMD"], "qin-2020", "sham", "disability")
    assert (standard["yi"], standard["vi"]) == pytest.approx(hedges(4.1, sd, 40, 1.5, sd, 40))
    assert standard["directness"] == "direct" and standard["sessions_per_week"] == pytest.approx(3)


def test_tu_2024_prints_reductions_as_positive_numbers(db: ev.EvidenceBase, frames: dict[str, Any]) -> None:
    # Leg pain fell by 30.8 and 14.9 mm: both are improvements. The contrast is printed as -16.0 (-21.3 to -10.6).
    turned = {row.id: row for rows in db.select(condition="disc_herniation").reported.values() for row in rows}
    assert (turned["tu-2024-01"].value, turned["tu-2024-02"].value) == (30.8, 14.9)
    assert turned["tu-2024-03"].value == 16.0
    assert (turned["tu-2024-03"].low, turned["tu-2024-03"].high) == (10.6, 21.3)
    points = row_of(frames["MD100"], "tu-2024", "sham", "leg_pain")
    assert (points["yi"], points["vi"]) == pytest.approx((16.0, ((21.3 - 10.6) / (2 * Z)) ** 2))
    # No arm prints an SD: g = J t sqrt(1/110 + 1/110) with t = 16.0 / SE.
    df, root = 218, math.sqrt(2 / 110)
    j = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    g = j * 16.0 / ((21.3 - 10.6) / (2 * Z)) * root
    standard = row_of(frames["SMD"], "tu-2024", "sham", "pain")
    assert (standard["yi"], standard["measured"]) == (pytest.approx(g), "leg_pain")


def test_zaringhalam_2010_joins_two_acupuncture_arms(frames: dict[str, Any]) -> None:
    # VAS at week 5: acupuncture 47 (SD 19.1, n 20), acupuncture + baclofen 40.1 (SD 13.3, n 20), baclofen 61.9
    # (SD 22.3, n 20). Joint mean 43.55; sum of squares 19 x 19.1^2 + 19 x 13.3^2 + 2 x 20 x 3.45^2, 39 df.
    squares = 19 * 19.1**2 + 19 * 13.3**2 + 2 * 20 * 3.45**2
    g, v = hedges(61.9, math.sqrt(squares / 39), 40, 43.55, 22.3, 20)
    standard = row_of(frames["SMD"], "zaringhalam-2010", "drug", "pain")
    assert (standard["yi"], standard["vi"]) == pytest.approx((g, v))
    assert standard["n_acupuncture"] == 40 and "acu + acubac against baclofen" in standard["derivation"]


def test_cherkin_2009_takes_sham_by_way_of_usual_care(frames: dict[str, Any]) -> None:
    # RMDQ 0-23 at week 8, adjusted coefficients (SE) against usual care (n 161): individualised -2.38 (0.56, n 157),
    # standardised -2.44 (0.55, n 158), simulated -2.86 (0.55, n 162).
    one, two, sham = 2.38 - 2.86, 2.44 - 2.86, 162
    residual = {
        name: se**2 / (1 / n + 1 / 161) for name, se, n in (("a", 0.56, 157), ("b", 0.55, 158), ("s", 0.55, 162))
    }
    # each difference of contrasts has the mean residual variance of its two contrasts
    s2 = ((residual["a"] + residual["s"]) / 2 + (residual["b"] + residual["s"]) / 2) / 2
    points = row_of(frames["MD100"], "cherkin-2009", "sham", "disability")
    assert points["yi"] == pytest.approx((157 * one + 158 * two) / 315 / 23 * 100)
    assert points["vi"] == pytest.approx(s2 * (1 / 315 + 1 / sham) * (100 / 23) ** 2)
    usual = row_of(frames["MD100"], "cherkin-2009", "usual_care", "disability")
    assert usual["yi"] == pytest.approx((157 * 2.38 + 158 * 2.44) / 315 / 23 * 100)


def test_dynamic_qi_als_adds_event_counts(frames: dict[str, Any]) -> None:
    # Effective: 34/36, 36/38 and 35/36 in three acupuncture arms, 27/34 with a drug.
    risk = row_of(frames["RR"], "dynamic-qi-als", "drug", "responder")
    assert risk["yi"] == pytest.approx(math.log((105 / 110) / (27 / 34)))
    assert risk["vi"] == pytest.approx(1 / 105 - 1 / 110 + 1 / 27 - 1 / 34)


def test_witt_2006b_prints_standard_errors(frames: dict[str, Any]) -> None:
    # HFAQ change 12.1 (SE 0.4, n 1549) and 2.7 (SE 0.4, n 1544); higher is better; SD = SE sqrt(n).
    g, v = hedges(12.1, 0.4 * math.sqrt(1549), 1549, 2.7, 0.4 * math.sqrt(1544), 1544)
    standard = row_of(frames["SMD"], "witt-2006b", "usual_care", "disability")
    assert (standard["yi"], standard["vi"]) == pytest.approx((g, v))


def test_cherkin_2001_where_the_other_arm_did_better(frames: dict[str, Any]) -> None:
    # RMDQ 0-23 at week 10: acupuncture 8.25, massage 5.89, exact p = 0.01, 94 and 78 people: the sign is negative.
    points = row_of(frames["MD100"], "cherkin-2001", "physical_therapy", "disability")
    difference = (5.89 - 8.25) / 23 * 100
    assert points["yi"] == pytest.approx(difference)
    assert points["vi"] == pytest.approx((difference / t.isf(0.005, 170)) ** 2)
    standard = row_of(frames["SMD"], "cherkin-2001", "physical_therapy", "disability")
    assert standard["yi"] < 0 and standard["route"] == "exact p"


def test_an_exact_p_without_direction_enters_as_zero_with_a_wider_variance(frames: dict[str, Any]) -> None:
    # Griswold 2019: ODI, p = 0.57, "no difference", 30 and 35 people. |g| = J t sqrt(1/30 + 1/35).
    df = 63
    j = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    g = j * t.isf(0.57 / 2, df) * math.sqrt(1 / 30 + 1 / 35)
    standard = row_of(frames["SMD"], "griswold-2019", "physical_therapy", "disability")
    assert standard["yi"] == 0
    assert standard["vi"] == pytest.approx(1 / 30 + 1 / 35 + g**2 / (2 * 65) + g**2)
    assert standard["confidence"] == "low"
