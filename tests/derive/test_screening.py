"""Which trials a screening flags, what it weighs, and what a flag does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import evidence as ev
from evidence.answers.context import Context
from evidence.answers.wording.pool_sentence import pool_sentence
from evidence.answers.wording.vocabulary import bundled
from evidence.base.printed import printed_results
from evidence.derive.screening.concern import concerns, overridden
from evidence.derive.screening.spread import arm_scores
from evidence.report.figures.trust import integrity
from evidence.report.pages.integrity import integrity_page
from evidence.report.pages.markup import text
from evidence.report.project import Project

#: A trial whose two arms print a final mean and SD of pain, on a scale of 10.
STUDY = "wang-2005-lbpnma"
NO_OVERRIDES = pd.DataFrame(columns=["study_id", "check", "concern", "reason"])
Spoil = Callable[[pd.DataFrame], None]


def rows_of_arms(results: pd.DataFrame, study: str) -> pd.Series:
    arms = (results["study_id"] == study) & (results["kind"] == "arm") & results["mean"].notna()
    return arms & (results["statistic"] == "final")


@pytest.fixture(scope="module")
def screened(db: ev.EvidenceBase) -> ev.Screening:
    return ev.screen(db)


@pytest.fixture(scope="module")
def some(db: ev.EvidenceBase, keep: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> ev.EvidenceBase:
    """The trials whose numbers are changed below, and others to hold them against."""
    raw = Path(shutil.copytree(db.root, tmp_path_factory.mktemp("some") / "raw"))
    others = db.studies.loc[db.studies["condition"] == "chronic_overuse", "study_id"][:30]
    return ev.load(keep(raw, [STUDY, "jpr-2023-nonphm", "swiss-warm-needling-sciatica", *others]))


def test_the_effect_of_an_arm_is_the_standardised_difference_from_the_other(db: ev.EvidenceBase) -> None:
    scores = db.results.merge(arm_scores(db), on="result_id")
    arms = scores[(scores["study_id"] == STUDY) & (scores["statistic"] == "final") & scores["effect"].notna()]
    found = 0
    for _, pair in arms.groupby(["outcome", "week", "instrument_id"], dropna=False):
        if len(pair) == 2:
            (m1, m2), (sd1, sd2), (n1, n2) = (pair[name].tolist() for name in ("mean", "sd", "people"))
            g = abs(ev.effect_size("SMD", m1=m1, sd1=sd1, n1=n1, m2=m2, sd2=sd2, n2=n2).loc[0, "yi"])
            assert pair["effect"].tolist() == pytest.approx([g, g], rel=1e-9)
            found += 1
    assert found


def test_the_figure_says_what_each_light_means(some: ev.EvidenceBase) -> None:
    figure = ev.screen(some).plot().get_figure(root=True)
    assert figure is not None
    words = " ".join(text.get_text() for text in figure.findobj(Text))
    assert all(key in words for key in ("fits", "a number does not fit", "left out of headlines", "not checked"))


def concern_of(db: ev.EvidenceBase, study: str) -> str:
    return str(ev.screen(db).trials.set_index("study").loc[study, "concern"])


def spoilt(db: ev.EvidenceBase, study: str, **numbers: object) -> ev.EvidenceBase:
    """The base with other numbers in the final scores of pain of a trial, one arm after the other."""
    results = db.results.copy()
    where = results.index[rows_of_arms(results, study) & (results["instrument_id"] == "vas_pain")][:2]
    for name, values in numbers.items():
        results.loc[where, name] = values
    return replace(db, results=results)


def test_every_trial_stands_in_every_check(screened: ev.Screening, db: ev.EvidenceBase) -> None:
    frame = screened.to_frame()
    asked = frame.groupby("study")["check"].nunique()
    assert set(asked.index) == set(db.studies["study_id"]) and asked.nunique() == 1
    absent = frame[frame["passes"].isna()]
    assert absent["rule"].str.startswith("cannot be checked").all() and (absent["severity"] == "").all()
    assert frame.loc[frame["severity"] != "", "passes"].eq(False).all()
    assert (screened.flagged()["source_url"] != "").all(), "each flag leads to its source"


@pytest.mark.parametrize("study", ["wang-2005-lbpnma", "li-2016-lbpnma", "zgsyyy-2024-19-009"])
def test_pools_carry_no_trial_with_the_sd_of_a_standard_error(study: str, db: ev.EvidenceBase) -> None:
    assert concern_of(db, study) == "serious concern"
    assert study not in set(Context.of(db).effects("SMD")["study"]) and study in set(db.effects("SMD")["study"])
    assert study not in "|".join(ev.reference_sd(db)["trials"][["pain", "disability"]])


def test_page_and_figure_name_every_trial_left_out(results: ev.Results, tmp_path: Path) -> None:
    serious = results.integrity.trials.query("concern == 'serious concern'")
    page = integrity_page(results, Project(tmp_path))
    assert all(text(label) in page for label in serious["label"])
    assert "an SD larger than its scale allows with that mean (mean 9.3, SD 4.0, n 45" in unescape(page).replace(
        "An SD", "an SD"
    )
    assert ">debit</code></a>" in page, "the check that no trial here can be asked is named, too"
    assert "no other trial" in page, "a question that rests on such a trial alone is shown, too"
    drawn = integrity(results)
    shown = {words.get_text() for words in drawn.axes.texts}
    begin = {words.removesuffix("…") for words in shown if len(words) > 5}
    assert all(any(label.startswith(words) for words in begin) for label in serious["label"])
    assert all(label in drawn.alt for label in serious["label"])


def test_a_selection_keeps_the_flags_of_the_whole(db: ev.EvidenceBase, screened: ev.Screening) -> None:
    some = ev.screen(db.select(condition="disc_herniation")).trials
    whole = screened.trials.set_index("study").loc[some["study"]]
    assert some["concern"].tolist() == whole["concern"].tolist() and len(some) < len(screened.trials)


@pytest.mark.parametrize(
    ("numbers", "concern"),
    [
        ({"mean": [3.0, 4.2], "sd": [2.0, 2.1]}, "no concern"),
        ({"mean": [3.0, 4.2], "sd": [0.2, 0.3]}, "serious concern"),  # a standardised difference of 5
        ({"mean": [3.0, 3.1], "sd": [0.2, 0.3]}, "some concern"),  # as small, but the effect is an ordinary one
        ({"mean": [2.0, 8.0], "sd": [2.0, 2.0]}, "no concern"),  # a large effect alone is no misprint
        ({"mean": [9.5, 9.0], "sd": [4.0, 2.0]}, "serious concern"),  # beyond what a scale of 10 allows
    ],
)
def test_an_sd_is_serious_where_it_is_impossible_or_makes_the_effect(
    numbers: dict[str, object], concern: str, some: ev.EvidenceBase
) -> None:
    found = ev.screen(spoilt(some, STUDY, **numbers)).findings
    found = found[(found["study"] == STUDY) & found["check"].isin(["sd_plausible", "se_as_sd"])]
    worst = "serious" if "serious" in set(found["severity"]) else "some" if "some" in set(found["severity"]) else "no"
    assert f"{worst} concern" == concern


@pytest.mark.parametrize(
    ("p", "severity"),
    [(0.01, ""), (0.02, "slight"), (0.3, "serious")],  # fits; another test; another decision
)
def test_a_p_value_is_serious_where_it_decides_otherwise(p: float, severity: str, some: ev.EvidenceBase) -> None:
    results = some.results.copy()
    row = results.index[results["result_id"] == "jpr-2023-nonphm-02"]
    estimate = {"estimate": 8.01, "ci_low": 2.01, "ci_high": 14.01, "p_value": p, "p_relation": "="}
    results.loc[row, list(estimate)] = list(estimate.values())
    found = ev.screen(replace(some, results=results)).findings.set_index(["check", "item"])
    assert found.loc[("p_recomputed", "jpr-2023-nonphm-02"), "severity"] == severity


@pytest.mark.parametrize(("percent", "severity"), [(64.0, ""), (66.7, "some"), (64.3, "some"), (63, "slight")])
def test_a_percentage_of_nobody_is_some_concern(percent: float, severity: str, some: ev.EvidenceBase) -> None:
    row, results = "swiss-warm-needling-sciatica-04", some.results.copy()
    results.loc[results["result_id"] == row, ["percent", "n"]] = [percent, 25 if percent != 63 else 22]
    found = ev.screen(replace(some, results=results)).findings.set_index(["check", "item"])
    assert found.loc[("percent_of_n", row), "severity"] == severity, "63.6% of 22, cut off, is 63%"


def test_final_zeros_count(db: ev.EvidenceBase) -> None:
    text = printed_results(db).set_index("result_id")["mean"]
    numbers = db.results.set_index("result_id")["mean"].dropna()
    assert (text[numbers.index].astype(float) == numbers).all()
    assert text[numbers.index].str.endswith("0").any(), "5.0 is not 5"
    other = replace(db, results=db.results.assign(mean=db.results["mean"] + 0.125))
    assert set(printed_results(other)["mean"].str.partition(".")[2]) > {"125"}, "numbers that are not those of the file"


@pytest.mark.parametrize(
    ("check", "word"), [("any", "no concern"), ("any", "some concern"), ("sd_plausible", "serious concern")]
)
def test_an_override_sets_or_lifts_a_flag_with_its_reason(check: str, word: str, some: ev.EvidenceBase) -> None:
    row = pd.DataFrame({"study_id": [STUDY], "check": check, "concern": word, "reason": "paper read"})
    base = replace(some, integrity_overrides=row)
    trial = ev.screen(base).trials.set_index("study").loc[STUDY]
    assert trial["concern"] == word and "paper read" in trial["reasons"]
    inside = STUDY in set(Context.of(base).effects("SMD")["study"])
    assert inside == (word != "serious concern"), "lifted, it is back in the pool"


@pytest.mark.parametrize("check", ["", "any", "grim", "effect_outlier"])
def test_headlines_leave_out_what_every_check_together_calls_serious(check: str, some: ev.EvidenceBase) -> None:
    found = ev.screen(some).flagged()
    study = STUDY if check in ("", "any") else next(iter(found.loc[found["check"] == check, "study"]), STUDY)
    row = {"study_id": study, "check": check, "concern": "serious concern", "reason": "paper read"}
    base = replace(some, integrity_overrides=pd.DataFrame([row] if check else [], columns=list(row)))
    assert base.serious == {study for study, word in base.flags.items() if word == "serious"} >= base.too_tight
    assert base.serious, "an empty set would agree with anything"


def test_an_override_of_a_check_changes_only_misfits() -> None:
    found = pd.DataFrame(
        {"study": ["A", "A", "B"], "check": "grim", "severity": ["some", "", "some"], "printed": ["x", "y", "z"]}
    ).assign(number=1.0)
    row = pd.DataFrame({"study_id": ["A"], "check": ["grim"], "concern": ["serious concern"], "reason": ["why"]})
    changed = overridden(found, row)
    assert changed["severity"].tolist() == ["serious", "", "some"]
    words = concerns(pd.Series(["A", "B", "C"]), changed, NO_OVERRIDES)
    assert words["concern"].tolist() == ["serious concern", "some concern", "no concern"]
    assert "(x)" in words["reasons"][0] and words["reasons"][2] == ""


def test_an_unknown_trial_in_the_overrides_is_a_problem(raw) -> None:
    path = raw / "integrity_overrides.csv"
    path.write_text(path.read_text() + "nobody-1900,any,no concern,because\n")
    assert [(problem.file, problem.column) for problem in ev.validate(raw)] == [("integrity_overrides.csv", "study_id")]


def test_a_pool_shows_itself_with_the_trials_it_leaves_out(db: ev.EvidenceBase) -> None:
    table = ev.pooled_table(db.effects("SMD"), db)
    shown = table[table["serious"] != ""]
    assert len(shown) and (shown["sentence"].str.contains("far too little") == (shown["too_tight"] != "")).all()
    assert not table.loc[table["serious"] == "", "sentence"].str.contains("as printed|far too little").any()
    assert "wang-2005-lbpnma" in db.too_tight and "chen-2016-lbpnma" not in db.too_tight
    both = shown.iloc[0].to_dict() | {"serious": "A 2001|B 2002|C 2003", "too_tight": "B 2002|C 2003"}
    told = "one trial whose numbers cannot be right as printed (A 2001) and 2 trials whose scores spread far too little"
    assert f"{told} (B 2002, C 2003); with them: " in pool_sentence(both, bundled())
    wide = shown.query("condition == 'chronic_overuse' and outcome == 'disability'").iloc[0]
    assert wide["k"] == 1 and wide["estimate"] < 0.5 < 1 < wide["with_serious_estimate"]
    assert not shown["trials"].str.contains("wang-2005|li-2016|zgsyyy-2024").any()


def test_the_multiverse_takes_them_in_where_asked(db: ev.EvidenceBase) -> None:
    question = {"condition": "disc_herniation", "comparator": "physical_therapy", "outcome": "pain", "time": "short"}
    fixed = {"measure": ["SMD"], "leave_out": ["none"], "routes": ["all"], "method": ["REML"], "test": ["z"]}
    found = ev.multiverse(db, question, fixed).to_frame().query("confidence == 'all' and directness == 'all'")
    found = found[found["risk_of_bias"] == "all"].set_index("integrity")
    assert found.loc["all", "k"] == found.loc["no serious concern", "k"] + 1
    assert found.loc["all", "estimate"] > found.loc["no serious concern", "estimate"]


def trials_of_ones_own() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"label": [f"Trial {i}" for i in range(8)], "n1": 40, "n2": 41})
    frame["m1"], frame["m2"] = rng.normal(40, 3, 8).round(1), rng.normal(45, 3, 8).round(1)
    frame["sd1"], frame["sd2"] = rng.normal(20, 2, 8).round(1), rng.normal(20, 2, 8).round(1)
    frame.loc[3, ["m1", "m2", "sd1", "sd2"]] = [40.0, 52.0, 2.1, 1.9]
    return frame


def test_ones_own_trials_are_screened_by_the_same_rule() -> None:
    frame = trials_of_ones_own()
    found = ev.screen(
        frame.join(ev.effect_size("SMD", **{name: frame[name] for name in ["m1", "sd1", "n1", "m2", "sd2", "n2"]}))
    )
    words = found.trials.set_index("study")["concern"]
    assert words["Trial 3"] == "serious concern" and (words.drop("Trial 3") == "no concern").all()
    assert {"sd_plausible", "se_as_sd", "effect_outlier"} <= set(found.flagged()["check"])
    assert "Trial 3" in found.summary()


def test_ones_own_whole_numbers_and_intervals() -> None:
    frame = trials_of_ones_own().assign(items=1, low=0, high=100)
    found = ev.screen(frame.astype({"m1": str, "sd1": str})).to_frame()
    assert {"grim", "grimmer"} <= set(found["check"])
    given = pd.DataFrame({"study": list("AB"), "yi": 5.0, "vi": 4.0, "ci_low": 1.0, "ci_high": 9.0, "p": [0.012, 0.4]})
    assert ev.screen(given).trials["concern"].tolist() == ["no concern", "serious concern"]


@pytest.mark.parametrize("given", [pd.DataFrame({"label": ["A"], "n": [3]}), "trials.csv", None])
def test_what_cannot_be_screened_is_said(given: object) -> None:
    with pytest.raises(ev.InvalidInput, match="trials"):
        ev.screen(given)  # type: ignore[arg-type]


def test_a_base_without_results_has_no_concern(db: ev.EvidenceBase) -> None:
    bare = replace(db, results=db.results.head(0), integrity_overrides=db.integrity_overrides.head(0))
    assert not bare.serious and not bare.flags and set(ev.screen(bare).trials["concern"]) == {"no concern"}
    assert ev.rank_conditions(bare).to_frame()["k"].sum() == 0
