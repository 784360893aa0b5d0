"""Each route on rows of its own: which it takes, what it gives of them, and what it prefers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

import evidence as ev
from evidence.derive.align import Reported, Size
from evidence.derive.routes.candidate import Candidate
from evidence.derive.routes.comparison import Comparison
from evidence.derive.routes.contrasts import from_contrasts
from evidence.derive.routes.counts import from_counts, from_ratios
from evidence.derive.routes.means import from_means
from evidence.derive.routes.route import Reports, Route
from evidence.derive.turning import errors_of_pairs
from evidence.derive.windows import Moment

NAN = math.nan
NUMBERS = ("value", "mean", "sd", "se", "low", "high", "n", "p", "events", "percent")
ARMS = Comparison(("acu",), ("sham",), {"acu": Size(30.0, "randomised"), "sham": Size(20.0, "randomised")}, False, {})


def row(kind: str, arm: str = "acu", **told: Any) -> Reported:
    """A row about pain at week 8 that prints what is told of it."""
    words = {"id": "", "versus": "sham", "outcome": "pain", "instrument": "vas", "definition": "", "when": ""}
    words |= {"sd_source": "", "unusable": "", "statistic": ""}
    faults = {} if "low" in told else {"interval": "no interval"}
    rest = {"rank": 1, "at": Moment("short", 8.0, ""), "level": 0.95, "favours": None, "benefit": 1, "scale": 10.0}
    flags = {"doubtful": False, "faults": faults}
    all_told = words | dict.fromkeys(NUMBERS, NAN) | rest | flags | {"kind": kind, "arm": arm} | told
    columns = {name: np.array([all_told[name]]) for name in ("kind", "statistic", "low", "high")}
    fault = all_told["faults"].get("interval", "")
    columns |= {"ci_level": np.array([all_told["level"]]), "no_interval": np.array([fault])}
    return Reported(**all_told, se_of_interval=float(errors_of_pairs(columns)["se_of_interval"][0]))


@pytest.fixture
def reasons() -> list[str]:
    """Why rows gave nothing."""
    return []


@pytest.fixture
def ask(reasons: list[str]) -> Callable[..., Candidate | None]:
    def read(one: Route, measure: str, *rows: Reported) -> Candidate | None:
        return one(Reports(ARMS, rows, rows, measure, lambda _, why: reasons.append(why)))

    return read


@pytest.mark.parametrize(
    ("measure", "statistic", "by_se", "by_p"),
    [
        ("SMD", "difference", 3, 5),
        ("SMD", "adjusted_difference", 4, 6),
        ("MD100", "adjusted_difference", 0, 5),
        ("MD100", "difference_in_change", 1, 6),
        ("MD100", "difference", 3, 8),
    ],
)
def test_a_printed_error_is_preferred_to_one_from_p(
    ask: Callable[..., Candidate | None], measure: str, statistic: str, by_se: int, by_p: int
) -> None:
    se = ask(from_contrasts, measure, row("contrast", statistic=statistic, value=1.0, se=0.4))
    p = ask(from_contrasts, measure, row("contrast", statistic=statistic, value=1.0, p=0.02))
    assert se is not None and p is not None
    assert (se.preference, p.preference) == (by_se, by_p)


@pytest.mark.parametrize(("level", "z"), [(0.95, 1.959963984540054), (0.9, 1.6448536269514722)])
def test_an_interval_is_read_at_its_own_level(ask: Callable[..., Candidate | None], level: float, z: float) -> None:
    found = ask(from_contrasts, "MD100", row("contrast", value=1.0, low=0.2, high=1.8, level=level))
    assert found is not None and found.vi == pytest.approx((10 * 0.8 / z) ** 2)
    assert f"SE from {100 * level:g}% interval" in found.notes


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"value": 0.0, "p": 0.5}, "no SE can be had from p when the difference is zero or p is 1"),
        ({"value": 1.0, "p": 1.0}, "no SE can be had from p when the difference is zero or p is 1"),
        ({"value": 1.0}, "a difference without interval, SE or exact p"),
        ({"value": 1.0, "p": 0.5, "low": 1.0, "high": 1.0, "faults": {"interval": "no width"}}, "no width"),
    ],
)
def test_a_difference_without_an_error_gives_nothing(
    ask: Callable[..., Candidate | None], reasons: list[str], told: dict[str, Any], why: str
) -> None:
    assert ask(from_contrasts, "MD100", row("contrast", **told)) is None
    assert reasons == [why]


@pytest.mark.parametrize(
    ("printed", "there", "sizes"),
    [(NAN, "randomised", (30, 20)), (50, "randomised", (30, 20)), (40, "40 analysed, divided", (24, 16))],
)
def test_fewer_people_than_were_randomised_are_divided_as_these(
    ask: Callable[..., Candidate | None], printed: float, there: str, sizes: tuple[float, float]
) -> None:
    found = ask(from_contrasts, "MD100", row("contrast", value=1.0, se=0.4, n=printed))
    assert found is not None and (found.n1, found.n2) == sizes
    assert any(note.startswith(there) for note in found.notes)


@pytest.mark.parametrize("benefit", [1, -1])
@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
def test_counts_are_set_against_those_without_the_event(
    ask: Callable[..., Candidate | None], measure: str, benefit: int
) -> None:
    rows = (row("events", arm, events=events, benefit=benefit) for arm, events in (("acu", 18.0), ("sham", 7.0)))
    found = ask(from_counts, measure, *rows)
    own = ev.effect_size(measure, ai=18, bi=12, ci=7, di=13).iloc[0]
    assert found is not None and (found.yi, found.vi) == pytest.approx((benefit * own["yi"], own["vi"]), rel=1e-12)
    assert (found.n1, found.n2, found.doubtful, found.imputed) == (30, 20, False, False)


@pytest.mark.parametrize(
    ("percent", "count", "whole"),
    [(33.3, 10, True), (33.0, 10, True), (45.0, 13.5, False), (31.0, 9.3, False), (33.37, 10.011, False)],
)
def test_a_percentage_is_a_whole_count_where_one_rounds_to_it(
    ask: Callable[..., Candidate | None], percent: float, count: float, whole: bool
) -> None:
    found = ask(from_counts, "RD", row("events", percent=percent), row("events", "sham", events=5.0))
    assert found is not None and found.yi == pytest.approx(count / 30 - 0.25, rel=1e-12)
    assert found.doubtful is not whole and any("no whole count" in note for note in found.notes) is not whole


def test_a_percentage_on_the_edge_of_rounding_is_a_whole_count(ask: Callable[..., Candidate | None]) -> None:
    found = ask(from_counts, "RD", row("events", percent=12.0, n=8.0), row("events", "sham", events=5.0))
    assert found is not None and found.yi == pytest.approx(1 / 8 - 0.25, rel=1e-12), "1 of 8 is 12.5%"


@pytest.mark.parametrize("told", [(0.0, 0.5, 2.0), (1.0, 0.0, 2.0), (1.0, -0.5, 2.0), (1.0, 0.5, 0.0)])
def test_a_ratio_is_above_zero(
    ask: Callable[..., Candidate | None], reasons: list[str], told: tuple[float, float, float]
) -> None:
    numbers = dict(zip(("value", "low", "high"), told, strict=True))
    assert ask(from_ratios, "RR", row("ratio", statistic="RR", **numbers)) is None
    assert reasons == ["a ratio must be above zero"]


def test_an_error_from_p_is_that_of_t(ask: Callable[..., Candidate | None]) -> None:
    found = ask(from_contrasts, "MD100", row("contrast", value=1.0, p=0.02))
    assert found is not None and found.vi == pytest.approx((10 / t(30 + 20 - 2).ppf(0.99)) ** 2)


def test_a_ratio_of_harms_is_turned(ask: Callable[..., Candidate | None]) -> None:
    found = ask(from_ratios, "RR", row("ratio", statistic="RR", value=0.5, low=0.25, high=1.0, benefit=-1))
    assert found is not None and found.yi == pytest.approx(math.log(2))


def test_ratios_below_one_and_differences_in_percent_are_read(ask: Callable[..., Candidate | None]) -> None:
    ratio = ask(from_ratios, "RR", row("ratio", statistic="RR", value=0.5, low=0.25, high=1.0))
    assert ratio is not None and ratio.yi == pytest.approx(math.log(0.5))
    assert ratio.vi == pytest.approx((math.log(4) / 2 / 1.959963984540054) ** 2)
    for unit in (1.0, 100.0):
        told = {"value": 0.2 * unit, "low": -0.1 * unit, "high": 0.5 * unit}
        found = ask(from_ratios, "RD", row("ratio", statistic="RD", **told))
        assert found is not None and found.yi == pytest.approx(0.2)


def test_a_ratio_of_means_needs_printed_means(ask: Callable[..., Candidate | None], reasons: list[str]) -> None:
    arms = [row("arm", arm, versus="", statistic="final", value=5.0, sd=2.0) for arm in ("acu", "sham")]
    assert ask(from_means, "ROM", *arms) is None, "only their intervals are printed"
    assert reasons == ["a ratio of means needs final means above zero"] * 2
    assert ask(from_means, "ROM", *(arm._replace(mean=arm.value) for arm in arms)) is not None
