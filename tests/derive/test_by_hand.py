"""Effects and their neighbours' columns computed again from the rows as they are printed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.base.tables import HEADLINE
from evidence.derive.align import COUNTED, Reported, arm_sizes
from evidence.derive.comparisons import _parts, admissible, comparisons
from evidence.derive.routes.candidate import Candidate, across
from evidence.derive.routes.differences import Difference, average, wanted
from evidence.derive.routes.numbers import Known


@pytest.fixture(scope="module")
def printed(db: ev.EvidenceBase) -> pd.DataFrame:
    return db.results.set_index("result_id")


def pairs(frame: pd.DataFrame, printed: pd.DataFrame) -> list[tuple[pd.Series, pd.Series, pd.Series]]:
    """(effect, row of the acupuncture arm, row of the other) where two rows alone make an effect."""
    two = frame[frame["result_ids"].str.count(r"\|") == 1]
    return [(row, *(printed.loc[id] for id in row["result_ids"].split("|"))) for _, row in two.iterrows()]


def test_means_and_sds_give_hedges_g(db: ev.EvidenceBase, printed: pd.DataFrame) -> None:
    frame = db.effects("SMD")
    checked = 0
    for row, one, two in pairs(frame[frame["route"] == "arm means"], printed):
        if one["statistic"] != "final" or np.isnan([*one[["mean", "sd", "n"]], *two[["mean", "sd", "n"]]]).any():
            continue
        n1, n2 = one["n"], two["n"]
        pooled = math.sqrt(((n1 - 1) * one["sd"] ** 2 + (n2 - 1) * two["sd"] ** 2) / (n1 + n2 - 2))
        df = n1 + n2 - 2
        exact = math.exp(math.lgamma(df / 2) - math.log(math.sqrt(df / 2)) - math.lgamma((df - 1) / 2))
        g = exact * (one["mean"] - two["mean"]) / pooled
        assert abs(row["yi"]) == pytest.approx(abs(g)), row["study"]
        if one["higher_is_better"]:
            assert row["yi"] == pytest.approx(g if one["higher_is_better"] == "yes" else -g), row["study"]
        assert row["vi"] == pytest.approx(1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))), row["study"]
        assert (row["n_acupuncture"], row["n_comparator"]) == (n1, n2)
        checked += 1
    assert checked


def test_counts_give_the_log_risk_ratio_and_by_the_odds_ratio_an_smd(
    db: ev.EvidenceBase, printed: pd.DataFrame
) -> None:
    checked = 0
    for measure in ("RR", "SMD"):
        frame = db.effects(measure)
        for row, one, two in pairs(frame[frame["route"] == "counts"], printed):
            cells = [*one[["events", "n"]], *two[["events", "n"]]]
            if np.isnan(cells).any() or 0 in (cells[0], cells[2], cells[1] - cells[0], cells[3] - cells[2]):
                continue
            a, n1, c, n2 = cells
            if row["measured"] in COUNTED and one["higher_is_better"] == "no":  # the others improved
                a, c = n1 - a, n2 - c
            if measure == "RR":
                yi, vi = math.log((a / n1) / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2
            else:
                factor = math.sqrt(3) / math.pi
                yi = factor * math.log(a * (n2 - c) / (c * (n1 - a)))
                vi = factor**2 * (1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c))
            assert (abs(row["yi"]), row["vi"]) == pytest.approx((abs(yi), vi)), row["study"]
            checked += 1
    assert checked


def test_sds_from_errors_take_the_people_of_the_row(db: ev.EvidenceBase, printed: pd.DataFrame) -> None:
    sizes = arm_sizes(db)
    seen = set()
    for study, rows in db.reported.items():
        for row in rows:
            n = sizes[study, row.arm].n if np.isnan(row.n) else row.n
            if row.sd_source == "SD from SE":
                assert row.sd == pytest.approx(printed.loc[row.id, "se"] * math.sqrt(n)), row.id
                seen.add(n == sizes[study, row.arm].n)
    assert seen == {True, False}, "a row with the people of its arm, and one that lost some"


def test_an_estimate_that_is_not_printed_is_the_middle_of_its_interval(
    db: ev.EvidenceBase, printed: pd.DataFrame
) -> None:
    seen = 0
    for row in (row for rows in db.reported.values() for row in rows):
        there = printed.loc[row.id]
        value = there["mean"] if row.kind == "arm" else there["estimate"]
        if math.isnan(value) and not math.isnan(row.low) and not there["statistic"].startswith("median"):
            assert row.value == pytest.approx((row.low + row.high) / 2), row.id
            seen += 1
        elif not math.isnan(value) and row.benefit:
            assert abs(row.value) == pytest.approx(abs(value)), row.id
    assert seen


def test_the_dose_is_that_of_the_acupuncture_arm(db: ev.EvidenceBase) -> None:
    arms = db.arms[db.arms["role"] == "acupuncture"]
    alone = arms[~arms["study_id"].duplicated(keep=False)].set_index("study_id")
    frame = db.effects("SMD")
    frame = frame[frame["study"].isin(alone.index)]
    own = alone.loc[frame["study"]]
    np.testing.assert_allclose(frame["sessions"], own["sessions"])
    weekly = own["sessions_per_week"].where(own["sessions_per_week"].notna(), own["sessions"] / own["weeks"])
    weekly = weekly.where(own["weeks"] != 0)
    np.testing.assert_allclose(frame["sessions_per_week"], weekly)
    assert own["sessions_per_week"].isna().any() and frame["sessions_per_week"].notna().any()


def test_risk_of_bias_is_low_only_where_every_domain_is(db: ev.EvidenceBase) -> None:
    found = db.effects().drop_duplicates("study").set_index("study")["risk_of_bias"]
    judged = db.risk_of_bias.groupby("study_id")["judgement"].agg(set)
    for trial in found.index.intersection(judged.index):
        assert (found[trial] == "low") == (judged[trial] == {"Low"}), trial
    # a trial of two domains, once with both low and once with one unclear
    trial = found.index[0]
    for words, expected in ((["Low", "Low"], "low"), (["Low", "Some concerns"], "unclear"), (["Low", "High"], "high")):
        domains = db.risk_of_bias.head(2).assign(study_id=trial, judgement=words)
        base = replace(db, results=db.results[db.results["study_id"] == trial], risk_of_bias=domains)
        assert set(base.effects()["risk_of_bias"]) == {expected}


def test_the_result_at_the_end_of_treatment_stands_for_the_short_window(db: ev.EvidenceBase) -> None:
    by_id = {row.id: row for rows in db.reported.values() for row in rows}
    choices = 0
    frame = db.effects("SMD")
    for row in frame[(frame["route"] == "arm means") & (frame["time"] == "short")].itertuples():
        taken = [by_id[id] for id in row.result_ids.split("|")]
        first, arms = taken[0], {one.arm for one in taken}

        def alike(other: Reported, first: Reported = first) -> bool:
            names = ("kind", "outcome", "instrument", "definition", "statistic")
            return all(getattr(other, name) == getattr(first, name) for name in names) and other.at.window == "short"

        complete = [one for one in db.reported[row.study] if alike(one) and not math.isnan(one.value + one.sd)]
        ends = {one.arm for one in complete if one.when == "end of treatment" and not one.doubtful}
        later = any(one.when != "end of treatment" for one in complete)
        if arms <= ends and later:
            assert first.when == "end of treatment", row.study
            choices += 1
    assert choices, "no trial of the data leaves a choice"


def difference(value: float, se: float, one: str, two: str, n1: float = 50, n2: float = 60) -> Difference:
    class Row:
        arm, versus = one, two

    return Difference(value, se, n1, n2, (), (Row(),), False)  # type: ignore[arg-type]


class Asked:
    def __init__(self, ours: list[str], theirs: list[str]) -> None:
        self.ours, self.theirs = ours, theirs


def test_a_difference_the_other_way_round_is_turned() -> None:
    (found,) = wanted(Asked(["a"], ["b"]), {("b", "a"): difference(0.4, 0.1, "b", "a", 30, 70)})  # type: ignore[arg-type]
    assert (found.value, found.se, found.n1, found.n2) == (-0.4, 0.1, 70, 30)


def test_two_contrasts_with_a_third_arm_give_their_difference() -> None:
    there = {("a", "c"): difference(0.9, 0.2, "a", "c", 40, 60), ("b", "c"): difference(0.5, 0.3, "b", "c", 80, 60)}
    (found,) = wanted(Asked(["a"], ["b"]), there)  # type: ignore[arg-type]
    residual = np.mean([0.2**2 / (1 / 40 + 1 / 60), 0.3**2 / (1 / 80 + 1 / 60)])
    assert (found.value, found.n1, found.n2) == (pytest.approx(0.4), 40, 80)
    assert found.se == pytest.approx(math.sqrt(residual * (1 / 40 + 1 / 80)))


def test_several_arms_are_joined_by_size_and_the_shared_one_counts_once() -> None:
    found = average([difference(0.2, 0.2, "a", "c", 40, 60), difference(0.8, 0.3, "b", "c", 80, 60)])
    assert found.value == pytest.approx((40 * 0.2 + 80 * 0.8) / 120) and (found.n1, found.n2) == (120, 60)
    residual = np.mean([0.2**2 / (1 / 40 + 1 / 60), 0.3**2 / (1 / 80 + 1 / 60)])
    assert found.se == pytest.approx(math.sqrt(residual * (1 / 120 + 1 / 60)))
    unknown = average([difference(0.2, 0.3, "a", "c", math.nan), difference(0.8, 0.2, "b", "c", 80, 60)])
    assert (unknown.value, unknown.se) == (0.8, 0.2), "the more precise of the two where sizes are not known"


def test_parts_that_share_nobody_are_averaged_by_precision() -> None:
    parts = [
        Candidate(Known(0.2, 0.04), 10, 20, "x", 1, ("a",), ()),
        Candidate(Known(0.8, 0.01), 30, 40, "x", 2, ("b",), (), True),
    ]
    found = across(parts)
    assert (found.yi, found.vi) == pytest.approx(((0.2 * 25 + 0.8 * 100) / 125, 1 / 125))
    assert (found.n1, found.n2, found.preference, found.doubtful, found.imputed) == (40, 60, 2, True, False)
    assert across(parts[:1]) is parts[0]


def test_the_headline_takes_randomised_pairs_that_differ_by_a_needle_alone(db: ev.EvidenceBase) -> None:
    randomised = dict(zip(db.studies["study_id"], db.studies["randomised"], strict=True))
    expected, dropped = set(), set()
    for pair in db.comparisons.to_dict("records"):
        reasons = {
            "isolates": pair["isolates"] not in HEADLINE["isolates"],
            "needle": pair["needle"] not in HEADLINE["needle"],
            "excluded or maintenance": pair["exclude_reason"] != "",
            "randomised": randomised[pair["study_id"]] not in HEADLINE["randomised"],
            "comparator": pair["comparator"] in ("", "acupuncture"),
        }
        if not any(reasons.values()):
            expected.add((pair["study_id"], pair["arm"], pair["versus"]))
        elif sum(reasons.values()) == 1:
            dropped |= {name for name, wrong in reasons.items() if wrong}
    found = admissible(db)
    assert set(zip(found["study_id"], found["arm"], found["versus"], strict=True)) == expected
    assert len(dropped) > 2, "conditions that alone keep a pair out"


def test_arms_of_a_comparison_are_all_compared_and_nobody_counts_twice(db: ev.EvidenceBase) -> None:
    made = admissible(db)
    made = set(zip(made["study_id"], made["comparator"], made["arm"], made["versus"], strict=True))
    several = 0
    for study, comparator, parts in comparisons(db):
        arms = [arm for part in parts for arm in (*part.ours, *part.theirs)]
        assert len(arms) == len(set(arms)), study
        assert all((study, comparator, a, v) in made for part in parts for a in part.ours for v in part.theirs)
        several += len(arms) > 2
    assert several and {(study, comparator) for study, comparator, _ in comparisons(db)} == {key[:2] for key in made}


def test_people_of_an_arm_are_printed_left_over_or_an_equal_share(db: ev.EvidenceBase) -> None:
    def sizes(total: float, *printed: float) -> list[tuple[float, bool]]:
        studies = db.studies.head(1).assign(study_id="own", n_randomised=total)
        arms = db.arms.head(len(printed)).assign(
            study_id="own", arm=[f"arm {at}" for at in range(len(printed))], n_randomised=list(printed)
        )
        found = arm_sizes(replace(db, studies=studies, arms=arms))
        return [(found["own", arm].n, found["own", arm].source.startswith("equal")) for arm in arms["arm"]]

    assert sizes(100, 40, 60) == [(40, False), (60, False)]
    assert sizes(100, 40, math.nan) == [(40, False), (60, False)]
    assert sizes(101, math.nan, math.nan) == [(50, True), (50, True)]
    lone = sizes(100, 40, math.nan, math.nan)
    assert lone[0] == (40, False) and all(math.isnan(n) for n, _ in lone[1:])
    assert all(math.isnan(n) for n, _ in sizes(math.nan, math.nan, math.nan))
    assert math.isnan(sizes(41, 40, math.nan)[1][0]), "nobody is an arm alone"


@pytest.mark.parametrize(
    ("pairs", "parts"),
    [
        (["ac"], ["a:c"]),
        (["ac", "ad", "bc", "bd"], ["ab:cd"]),
        (["ac", "bc", "ad"], ["ab:c"]),  # b was not compared with d
        (["ac", "bd"], ["a:c", "b:d"]),
        (["ac", "bc"], ["ab:c"]),
        (["ac", "ad"], ["a:cd"]),
    ],
)
def test_arms_are_joined_where_each_is_compared_with_each(pairs: list[str], parts: list[str]) -> None:
    found = _parts([(arm, versus) for arm, versus in pairs])
    assert [f"{''.join(ours)}:{''.join(theirs)}" for ours, theirs in found] == parts


def test_a_printed_smd_has_the_variance_of_its_sizes(db: ev.EvidenceBase, printed: pd.DataFrame) -> None:
    frame = db.effects("SMD")
    frame = frame[(frame["route"] == "printed SMD") & ~frame["result_ids"].str.contains("|", regex=False)]
    n1, n2 = frame["n_acupuncture"], frame["n_comparator"]
    np.testing.assert_allclose(frame["vi"], 1 / n1 + 1 / n2 + frame["yi"] ** 2 / (2 * (n1 + n2)))
    np.testing.assert_allclose(frame["yi"].abs(), printed.loc[frame["result_ids"], "estimate"].abs())
    assert len(frame)


def test_joined_arms_are_named_in_the_derivation(db: ev.EvidenceBase) -> None:
    frame = db.effects("SMD")
    frame = frame[frame["route"].isin(["arm means", "counts"]) & ~frame["derivation"].str.contains("separate pairs")]
    several = frame["result_ids"].str.count(r"\|") > 1
    assert (frame["derivation"].str.contains("arms combined: ") == several).all() and several.any()
