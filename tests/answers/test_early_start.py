"""Is early better? Few trials give no slope, enough give the line of the regression; published findings beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.early_start import by_course, by_years
from evidence.answers.claims.question import Group, Question
from evidence.answers.claims.sentences import part_sentence
from evidence.answers.context import Context
from evidence.answers.early_start import LEAST_TRIALS

from .conftest import Effects

CLAIM = "final-early-start"
QUESTION = Question({"kind": "dose", "outcome": "pain", "time": "any", "stands_in": ""}, ("pain",), ("sham", "drug"))
EVERYONE = Group("any", ("chronic_overuse", "lumbar_sprain"), ("short",))


def based(db: ev.EvidenceBase, effects: pd.DataFrame, years: list[float]) -> ev.EvidenceBase:
    """The base with these effects and these mean durations."""
    table = pd.DataFrame({
        "study_id": effects["study"], "arm": "all", "value": years, "unit": "years", "statistic": "mean",
        "source_url": "", "quote": "q", "note": "",
    })  # fmt: skip
    base = replace(db, symptom_duration=table)
    Context.of(base)._effects["SMD"] = effects
    return base


def test_few_trials_give_their_number_and_no_slope(db: ev.EvidenceBase) -> None:
    found = ev.early_start(db)
    told = ev.symptom_durations(db).dropna(subset="years")
    assert set(found.effects["study"]) <= set(told["study"]) and found.k == found.effects["study"].nunique()
    if found.k < LEAST_TRIALS:
        assert found.linear is None and np.isnan(found.to_frame()["estimate"].iloc[0])
        assert f"too few for a slope, which takes {LEAST_TRIALS}" in found.sentence()
        with pytest.raises(ev.NotEstimable, match="no figure"):
            found.plot()


@pytest.mark.parametrize(
    ("slope", "said"),
    [(-0.05, "the longer symptoms had lasted, the smaller the effect"),
     (0.05, "the longer symptoms had lasted, the larger the effect"),
     (0.0, "no clear link between how long symptoms had lasted and the effect")],
)  # fmt: skip
def test_ten_trials_give_the_line_of_the_regression(
    db: ev.EvidenceBase, made_up: Effects, slope: float, said: str
) -> None:
    years = list(np.linspace(1.0, 12.0, LEAST_TRIALS))
    wobble = np.where(np.arange(LEAST_TRIALS) % 2, 0.02, -0.02)
    effects = made_up(list(0.6 + slope * np.array(years) + wobble))
    base = based(db, effects, years)
    found = ev.early_start(base)
    line = ev.regress(effects.assign(years=years), formula="~ years").coefficients.loc["years"]
    assert found.linear is not None and found.linear["estimate"] == pytest.approx(line["estimate"])
    assert f"For pain against sham acupuncture, {said} (" in found.sentence()
    assert "not patients who came early or late" in found.sentence()
    part = by_years(Context.of(base), QUESTION, EVERYONE)
    assert part.results[0].certainty.synthesis.estimate == pytest.approx(-line["estimate"])
    assert "levels" in part.results[0].certainty.reasons
    fewer = ev.early_start(based(db, effects.iloc[:-1], years[:-1]))
    assert fewer.linear is None and f"{LEAST_TRIALS - 1} trials tell" in fewer.sentence()


def test_the_figure_shows_the_trials_by_their_years(db: ev.EvidenceBase, made_up: Effects) -> None:
    years = list(np.linspace(1.0, 12.0, LEAST_TRIALS))
    axes = ev.early_start(based(db, made_up([0.5] * LEAST_TRIALS), years)).plot()
    assert any("years of symptoms, mean" in text.get_text() for text in axes.texts)


def test_the_claim_says_how_many_trials_tell(db: ev.EvidenceBase, made_up: Effects) -> None:
    base = based(db, made_up([0.1, 0.2, 0.3]), [1.0, 2.0, 3.0])
    part = by_years(Context.of(base), QUESTION, EVERYONE)
    assert part.results == () and part.verdict.verdict == "unclear"
    text = part_sentence(QUESTION, part, Context.of(base).words, "public")
    assert text.startswith("At most 3 trials against any one comparator tell how long symptoms had lasted")
    assert text.endswith(f"a slope takes {LEAST_TRIALS}.")


def test_acute_against_chronic_goes_by_what_a_trial_says_of_its_patients(db: ev.EvidenceBase, made_up: Effects) -> None:
    condition = ["lumbar_sprain"] * 2 + ["chronic_overuse"] * 4
    effects = made_up([0.8, 0.9, 0.2, 0.3, 0.25, 0.9], condition=condition)
    table = pd.DataFrame({
        "study_id": [effects["study"].iloc[-1]], "arm": "all", "value": np.nan, "unit": "weeks",
        "statistic": "inclusion 4-52", "source_url": "", "quote": "q", "note": "",
    })  # fmt: skip
    base = replace(db, symptom_duration=table)
    Context.of(base)._effects["SMD"] = effects
    result = by_course(Context.of(base), QUESTION, EVERYONE).results[0]
    kept = effects.iloc[:-1].assign(acute=[1.0, 1.0, 0.0, 0.0, 0.0])
    line = ev.regress(kept, formula="~ acute").coefficients.loc["acute"]
    assert result.certainty.synthesis.k == 5 and result.certainty.synthesis.estimate == pytest.approx(line["estimate"])
    assert line["estimate"] == pytest.approx(0.6, abs=0.01)
    Context.of(base)._effects["SMD"] = effects.iloc[1:]
    one_sided = by_course(Context.of(base), QUESTION, EVERYONE)
    assert one_sided.results == () and "fewer than 2 trials of acute or of chronic pain" in one_sided.verdict.reason


def test_the_claim_about_starting_early_names_each_kind_of_evidence(db: ev.EvidenceBase, results: ev.Results) -> None:
    row = results.claims.to_frame().set_index("claim_id").loc[CLAIM]
    parts = ev.claim_evidence(db).query("claim_id == @CLAIM", local_dict={"CLAIM": CLAIM})
    assert set(parts["part"]) == {"duration", "acute_or_chronic"}
    assert "how long symptoms had lasted: " in row["reason"] and "acute against chronic back pain: " in row["reason"]
    findings = ev.published_findings(db, CLAIM)
    pd.testing.assert_frame_equal(ev.early_start(db).published, findings)
    assert len(findings) and row["sentence"].endswith(row["published"])
    for finding in findings["sentence"]:
        assert finding in row["published"]


def test_published_findings_go_to_the_claims_they_name(db: ev.EvidenceBase, results: ev.Results) -> None:
    every = ev.published_findings(db)
    assert len(every) == len(db.published_moderators) and every["source_url"].str.startswith("http").all()
    claims = results.claims.to_frame().set_index("claim_id")
    named = set(every["claim_id"].str.split("|").explode())
    assert set(claims.index[claims["published"] != ""]) == named
    spacing = ev.published_findings(db, "phase-maintenance-spacing")
    assert spacing["claim_id"].str.contains("phase-maintenance-spacing").all() and len(spacing)
    assert ev.published_findings(db, "overall-lbp").empty
    witt = every[every["review"].str.startswith("Witt 2019")]["sentence"].iloc[0]
    assert witt.startswith("Witt 2019 (39 trials, 20,827 people; against sham, non-acupuncture), on pain duration: no")
