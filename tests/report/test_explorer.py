"""The explorer without a browser: what can be asked, what it answers, what it admits and what it keeps."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.engine.estimators import ESTIMATORS
from evidence.models.wording import number
from evidence.report.explorer.analysis import Analysis
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.choice import METHODS, PARTS, TESTS, Choice, usual_measure
from evidence.report.explorer.live_forest import forest_html
from evidence.report.explorer.numbers import numbers
from evidence.report.explorer.widget import Explorer

ARTHRITIS = Choice("osteoarthritis", "sham", "pain", "short", "SMD")
EVIL = "<script>window.hacked=1</script>"


@pytest.fixture(scope="module")
def everything(db: ev.EvidenceBase) -> pd.DataFrame:
    frames = [db.effects(measure) for measure in ("SMD", "MD100", "ROM", "RR", "OR", "RD")]
    return pd.concat([frame[frame["integrity"] != "serious"] for frame in frames])


def value_of(label: str) -> int:
    words = label.rsplit("(", 1)[1].removesuffix(")").split()[0]
    return 1 if words == "one" else int(words)


def test_choices_are_those_of_the_data_with_their_number_of_trials(analyst: Analyst, everything: pd.DataFrame) -> None:
    asked = 0
    for key, rows in everything.groupby(["condition", "comparator"]):
        choice = Choice(*map(str, key))
        outcomes = {value: value_of(label) for label, value in analyst.choices.options("outcome", choice)}
        assert outcomes == rows.groupby("outcome")["study"].nunique().to_dict()
        for outcome in outcomes:
            here = replace(choice, outcome=outcome)
            windows = {value: value_of(label) for label, value in analyst.choices.options("time", here)}
            there = rows[rows["outcome"] == outcome]
            assert windows == there.groupby("time")["study"].nunique().to_dict()
            asked += len(windows)
    assert asked > 100


def test_the_first_answer_is_the_librarys_own(analyst: Analyst, db: ev.EvidenceBase, results: ev.Results) -> None:
    table = results.pooled
    assert (table["serious"] != "").any(), "a pool leaves a trial out for its numbers, and says so"
    compared = 0
    for row in table.to_dict("records"):
        if row["measure"] == usual_measure(row["outcome"]):
            found = analyst.analyse(Choice(*(row[part] for part in PARTS)), settles=False)
            assert found.sentence == row["sentence"] and found.departure == "" and found.problem == ""
            html = forest_html(found)
            places = numbers_in(html)
            assert min(places) >= 0 and max(places) <= 100, "every forest is inside its zone"
            assert html.count('<tr class="trial"') == row["k"] + html.count('<tr class="trial out"')
            compared += 1
    assert compared > 100


@pytest.mark.parametrize("method", [name for name in METHODS if name in ESTIMATORS])
@pytest.mark.parametrize("test", TESTS)
def test_every_model_is_the_librarys(analyst: Analyst, everything: pd.DataFrame, method: Any, test: Any) -> None:
    found = analyst.analyse(replace(ARTHRITIS, method=method, test=test))
    own = everything.query("condition == 'osteoarthritis' and comparator == 'sham' and outcome == 'pain'")
    own = own[(own["time"] == "short") & (own["measure"] == "SMD")]
    fit = ev.pool(own, method=method, test=test)
    assert found.mean is not None
    np.testing.assert_allclose((found.mean.estimate, *found.mean.ci), (fit.estimate, *fit.ci), rtol=1e-9)
    assert (f"model: {METHODS[method]}" in found.departure) == (method != "REML")
    assert (f"interval: {TESTS[test]}." in found.departure) == (test != "hksj-adhoc")


def asked(everything: pd.DataFrame, k: Collection[int], measure: str = "SMD") -> list[Choice]:
    """Questions of the data that so many trials answer."""
    rows = everything[(everything["measure"] == measure) & (everything["time"] == "short")]
    counts = rows.groupby(list(PARTS)).size()
    found = [Choice(*map(str, key)) for key, n in counts.items() if n in k]
    assert found, f"no pool of {k} trials in {measure}"
    return found


def test_two_trials_are_pooled_as_in_the_tables(
    analyst: Analyst, db: ev.EvidenceBase, everything: pd.DataFrame
) -> None:
    choice = next(choice for choice in asked(everything, k=[2]) if choice.outcome == "pain")
    rows = analyst.choices.rows(choice)
    found, post = analyst.analyse(choice), ev.bayes(rows, tau_prior=ev.HalfNormal(0.5))
    assert isinstance(found.fit, ev.Posterior) and found.mean is not None and found.departure == ""
    np.testing.assert_allclose((found.mean.estimate, *found.mean.ci), post.mu[["median", "ci_low", "ci_high"]])
    told = dict(numbers(found))
    assert told["95% prediction interval"] == "–", "two trials do not say where a third would fall"
    assert told["τ²"] == number(post.tau["median"] ** 2) and told["I²"] == "–"
    html = forest_html(found)
    assert "Pooled (Bayes)" in html and all(f"{weight:.0f}%" in html for weight in post.weights)
    row = ev.pooled_table(rows, db).iloc[0]
    assert found.points["points"] == pytest.approx(row["points"]) and found.sentence == row["sentence"]


def test_another_model_of_two_trials_is_a_departure_and_says_what_the_tables_give(
    analyst: Analyst, everything: pd.DataFrame
) -> None:
    choice = asked(everything, k=[2])[0]
    default = analyst.analyse(choice)
    found = analyst.analyse(replace(choice, method="REML"))
    assert default.mean is not None and isinstance(found.fit, ev.Pooled)
    assert "model: random effects, REML; interval: Knapp-Hartung" in found.departure
    assert f"(both trials, Bayesian random effects) gives SMD {number(default.mean.estimate)}" in found.departure
    same = analyst.analyse(replace(choice, method="Bayes"))
    assert same.departure == "" and same.sentence == default.sentence
    many = analyst.analyse(replace(ARTHRITIS, method="Bayes"))
    assert isinstance(many.fit, ev.Posterior) and "model: Bayesian random effects. " in many.departure
    difference = analyst.analyse(replace(asked(everything, k=range(2, 99), measure="RD")[0], method="Bayes"))
    assert difference.fit is None
    assert "No prior of the spread between trials is written down for RD" in difference.sentence


def test_points_are_those_of_the_model_or_none(analyst: Analyst, everything: pd.DataFrame) -> None:
    whole, other = analyst.analyse(ARTHRITIS), analyst.analyse(replace(ARTHRITIS, method="EE"))
    assert whole.points["points_basis"].startswith("SD of ") and whole.mean is not None and other.mean is not None
    assert other.points["points"] == pytest.approx(other.mean.estimate * whole.points["points_sd"])
    few = map(analyst.analyse, asked(everything, k=range(2, 99)))
    printed = [found for found in few if found.points["points_basis"] == "as printed"]
    assert printed and all("of 100 points" in found.sentence for found in printed)
    others = [analyst.analyse(replace(found.choice, method="EE", test="z")) for found in printed]
    assert all(found.points.get("points_basis") != "as printed" for found in others)
    assert any("of 100 points" not in found.sentence for found in others)


def test_leaving_trials_out_is_said_with_what_the_default_gives(analyst: Analyst) -> None:
    whole = analyst.analyse(ARTHRITIS)
    assert whole.fit is not None
    out = whole.rows["study"].tolist()[:2]
    less = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(out)))
    assert less.fit is not None and less.fit.k == whole.fit.k - 2
    kept = whole.rows.iloc[2:]
    assert less.fit.estimate == pytest.approx(ev.pool(kept["yi"], kept["vi"]).estimate, rel=1e-12)
    assert less.sentence.startswith(f"With 2 of {whole.fit.k} trials left out by hand, in osteoarthritis")
    assert all(label in less.departure for label in whole.rows["label"][:2])
    default = f"gives SMD {whole.fit.estimate:.2f}, 95% interval {whole.fit.ci.low:.2f} to {whole.fit.ci.high:.2f}"
    assert default in less.departure
    assert dict(numbers(less))["Trials"] == f"{whole.fit.k - 2} of {whole.fit.k}"


def numbers_in(html: str) -> list[float]:
    shares = [element.get(name, "") for element in ElementTree.fromstring(html).iter() for name in ("x", "x1", "x2")]
    return [float(text.removesuffix("%")) for text in shares if text.endswith("%")]


def test_dropdowns_and_boxes_drive_the_answer(explorer: Explorer) -> None:
    assert explorer.analysis.choice.comparator == "sham" and explorer.analysis.departure == ""
    explorer.controls["condition"].value = "osteoarthritis"
    assert explorer.analysis.choice == ARTHRITIS
    before = explorer.analysis.fit
    explorer.boxes[2].value = False
    label = str(explorer.analysis.rows["label"].iloc[2])
    assert explorer.analysis.left_out == [label] and not explorer.restore.disabled
    assert before is not None and explorer.analysis.fit is not None
    assert explorer.analysis.fit.estimate != before.estimate
    explorer.controls["method"].value = "DL"
    assert explorer.analysis.left_out == [label], "another model keeps the trials left out"
    assert explorer.analysis.choice.method == "DL"
    explorer.restore.click()
    assert explorer.analysis.left_out == [] and all(box.value for box in explorer.boxes)
    explorer.boxes[0].value = False
    explorer.controls["comparator"].value = "drug"
    assert explorer.analysis.left_out == [] and len(explorer.boxes) == len(explorer.analysis.rows)


def test_the_interval_is_chosen_only_where_the_model_leaves_it(explorer: Explorer) -> None:
    control = explorer.controls["test"]
    assert explorer.controls["method"].value == "tables" and control.disabled
    assert [words for words, _ in control.options] == ["as the model has it"]
    explorer.controls["method"].value = "REML"
    assert not control.disabled and [value for _, value in control.options] == list(TESTS)
    control.value = "z"
    assert explorer.analysis.model == ("REML", "z") and "interval: normal" in explorer.analysis.departure
    explorer.controls["method"].value = "Bayes"
    assert control.disabled and explorer.analysis.model == ("Bayes", "")


def test_a_posterior_is_saved_with_its_model(explorer: Explorer, everything: pd.DataFrame, tmp_path: Path) -> None:
    choice = asked(everything, k=[2])[0]
    explorer.choose(**{part: getattr(choice, part) for part in PARTS})
    explorer.save.click()
    (drawn,) = (tmp_path / "explored").glob("*.svg")
    assert drawn.stem == "_".join(
        [
            "forest",
            *(
                getattr(choice, part).replace("_", "-")
                for part in ("outcome", "condition", "comparator", "time", "measure")
            ),
        ]
    )
    words = json.loads(drawn.with_suffix(".json").read_text())
    assert explorer.analysis.sentence in words["caption"] and "not the default" not in words["caption"]
    explorer.controls["method"].value = "Bayes"
    explorer.save.click()
    assert "_SMD_Bayes" in explorer.message.value


def test_an_outcome_comes_in_its_usual_measure_unless_another_was_asked(explorer: Explorer) -> None:
    explorer.choose(condition="osteoarthritis")
    assert explorer.choose(outcome="responder").choice.measure == "RR"
    assert explorer.analysis.departure == ""
    assert explorer.choose(outcome="pain").choice.measure == "SMD"
    explorer.choose(outcome="responder", measure="OR")
    assert "measure: OR instead of RR" in explorer.analysis.departure
    assert "odds ratio" in explorer.analysis.sentence


def test_a_choice_made_while_another_is_worked_on_is_not_lost(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JupyterLab may deliver the messages of two controls in two threads."""
    explorer.choose(condition="osteoarthritis")
    working, go_on = Event(), Event()
    analyse = explorer._analyst.analyse

    def slowly(choice: Choice) -> Analysis:
        working.set()
        assert go_on.wait(5)
        return analyse(choice)

    monkeypatch.setattr(explorer._analyst, "analyse", slowly)
    changes: list[tuple[Any, Any]] = [(explorer.boxes[0], False), (explorer.controls["method"], "DL")]
    changes.append((explorer.boxes[1], False))
    threads = [Thread(target=setattr, args=(control, "value", value)) for control, value in changes]
    threads[0].start()
    assert working.wait(5)
    for thread in threads[1:]:
        thread.start()
        thread.join(0.1)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert explorer.analysis.choice.method == "DL" and len(explorer.analysis.left_out) == 2
    assert explorer.controls["method"].value == "DL"
    assert [box.value for box in explorer.boxes[:3]] == [False, False, True]


def test_an_answer_comes_within_a_fifth_of_a_second(explorer: Explorer) -> None:
    explorer.choose(condition="osteoarthritis")
    times = []
    for study in explorer.analysis.rows["study"]:
        started = time.process_time()  # what else runs on the machine is not the explorer's
        explorer.choose(left_out=frozenset({study}))
        times.append(time.process_time() - started)
    assert median(times) < 0.1
