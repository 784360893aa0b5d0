"""What the explorer says beside the number: how sure, of 100 people, where it was read, what would settle it."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence import files
from evidence.answers.absolute import NAMES
from evidence.charts.sources import linked
from evidence.report.explorer.analysis import Analysis
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.answer import answer_html, more_html
from evidence.report.explorer.choice import PARTS, Choice
from evidence.report.explorer.live_forest import forest_html
from evidence.report.explorer.saving import trials_of
from evidence.report.explorer.widget import Explorer

ARTHRITIS = Choice("osteoarthritis", "sham", "pain", "short", "SMD")


@pytest.fixture(scope="module")
def found_by_default(analyst: Analyst, results: ev.Results) -> list[Analysis]:
    """What is found of each of the tables' pools of standardised differences."""
    rows = results.pooled[results.pooled["measure"] == "SMD"].to_dict("records")
    return [analyst.analyse(Choice(*(row[part] for part in PARTS))) for row in rows]


def with_a_flag(analyst: Analyst, table: pd.DataFrame) -> Choice:
    """A question of the tables with trials to count, and one that stays out for its numbers."""
    rows = table[(table["serious"] != "") & (table["k"] > 1) & (table["measure"] == "SMD")]
    assert len(rows), "the data have a flagged trial beside others"
    return Choice(*(rows.iloc[0][part] for part in PARTS))


def test_the_certainty_is_that_of_the_tables(found_by_default: list[Analysis], results: ev.Results) -> None:
    grades = results.certainty.set_index(list(PARTS))["grade"]
    assert len(found_by_default) > 50
    for found in found_by_default:
        assert found.certainty is not None and found.certainty.grade == grades[found.choice.question]
        assert f"Certainty: {found.certainty.grade}" in found.plain


@pytest.mark.parametrize("comparator", ["sham", "drug"])
def test_people_of_100_are_those_of_the_findings(analyst: Analyst, results: ev.Results, comparator: str) -> None:
    told = 0
    for row in results.findings(comparator).to_dict("records"):
        choice = Choice(*(row[part] for part in PARTS[:-1]), "SMD")
        found = analyst.analyse(choice)
        known = {name: row[name] for name in NAMES if not np.isnan(row[name])}
        assert {name: found.per_100[name] for name in known} == pytest.approx(known)
        assert (found.people_of_100 != "") == bool(known)
        told += len(known) > 0
    assert told > 3


def test_a_certainty_is_shown_in_circles_words_and_reasons(analyst: Analyst) -> None:
    found = analyst.analyse(ARTHRITIS)
    assert found.certainty is not None
    html = unescape(answer_html(found))
    level = ("very low", "low", "moderate", "high").index(found.certainty.grade) + 1
    assert "●" * level + "○" * (4 - level) in html and f"{found.certainty.grade.capitalize()} certainty" in html
    assert all(f"<li>{reason}</li>" in html for reason in found.certainty.why)
    assert "pooled as in the tables" not in html
    other = analyst.analyse(replace(ARTHRITIS, method="DL"))
    assert "Graded for these trials pooled as in the tables." in answer_html(other)
    with ev.language("de"):
        german = unescape(answer_html(found))
        assert all(f"<li>{reason}</li>" in german for reason in found.certainty.why) and "Verzerrungsrisiko" in german
    ratio = analyst.analyse(replace(ARTHRITIS, measure="ROM"))
    assert ratio.certainty is None and "ev-certainty" not in answer_html(ratio)
    assert ratio.sentence in unescape(answer_html(ratio)), "a measure that is not graded has its one sentence on top"


def test_people_who_improve_are_reckoned_from_the_risk_ratio(analyst: Analyst) -> None:
    found = analyst.analyse(replace(ARTHRITIS, outcome="responder", measure="RR"))
    assert found.mean is not None
    before, after = found.per_100["risk_comparator"], found.per_100["risk_acupuncture"]
    assert after == pytest.approx(before * np.exp(found.mean.estimate)) and before < after < 100
    assert f"of 100 people, {before:.0f} improve with sham acupuncture and {after:.0f} (" in found.people_of_100.lower()
    assert found.people_of_100 in unescape(answer_html(found))
    odds = analyst.analyse(replace(ARTHRITIS, outcome="responder", measure="OR"))
    assert odds.people_of_100 == ""


def test_people_of_100_follow_the_trials_that_are_left_out(analyst: Analyst) -> None:
    whole = analyst.analyse(ARTHRITIS)
    out = frozenset(whole.rows["study"].iloc[:4])
    less = analyst.analyse(replace(ARTHRITIS, left_out=out))
    assert less.per_100["risk_comparator"] == whole.per_100["risk_comparator"]
    assert less.per_100["risk_acupuncture"] != whole.per_100["risk_acupuncture"]


def test_what_would_settle_it_follows_the_choice(found_by_default: list[Analysis], analyst: Analyst) -> None:
    sentences = set()
    for found in found_by_default:
        assert found.settles and unescape(more_html(found)).count(" ".join(found.settles)) == 1
        assert not re.search(r"probability of (only )?0\.00|nan|None", " ".join(found.settles))
        sentences.add(found.settles)
    assert len(sentences) > 50
    few = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(analyst.choices.rows(ARTHRITIS)["study"][3:])))
    assert "are too few to say how much results vary" in few.settles[0]
    none = analyst.analyse(replace(ARTHRITIS, left_out=frozenset(analyst.choices.rows(ARTHRITIS)["study"])))
    assert none.settles == () and "settle" not in more_html(none)


def test_the_next_trial_is_the_librarys(analyst: Analyst) -> None:
    choice = replace(ARTHRITIS, outcome="responder", measure="RR", method="Bayes")
    found = analyst.analyse(choice)
    assert isinstance(found.fit, ev.Posterior)
    people = found.rows["n_acupuncture"] + found.rows["n_comparator"]
    assert found.settles == (ev.next_trial(found.fit, ni=people.to_numpy(float)).sentence(),)
    with ev.language("de"):
        told = ev.next_trial(found.fit, ni=people.to_numpy(float)).sentence()
        assert "weitere Studie" in told and analyst.analyse(choice).settles == (told,)


def test_every_trial_links_to_its_source(found_by_default: list[Analysis], db: ev.EvidenceBase) -> None:
    known = linked(db, db.studies, study="study_id").set_index("study_id")["href"]
    for found in found_by_default[:40]:
        table = ElementTree.fromstring(forest_html(found))
        links = [link.get("href") for link in table.iter("a")]
        assert links == [href for href in (known[study] for study in found.rows["study"]) if href]
        assert all(link.get("rel") == "noopener noreferrer" and link.get("aria-label") for link in table.iter("a"))
    assert links


def test_an_address_that_no_browser_should_follow_is_not_a_link(analyst: Analyst) -> None:
    found = analyst.analyse(ARTHRITIS)
    rows = found.rows.assign(href=["javascript:alert(1)", *found.rows["href"][1:]])
    html = forest_html(replace(found, rows=rows))
    assert "javascript" not in html and html.count("<a ") == (found.rows["href"][1:] != "").sum()


@pytest.mark.parametrize(
    ("asked", "name", "value"),
    [
        ({"blinded": True}, "participants_blinded", "yes"),
        ({"style": "electro"}, "style", "electro"),
    ],
)
def test_a_filter_counts_its_trials_and_names_the_others(
    analyst: Analyst, asked: dict[str, Any], name: str, value: str
) -> None:
    whole, found = analyst.analyse(ARTHRITIS), analyst.analyse(replace(ARTHRITIS, **asked))
    kept = whole.rows[[value in words.split("|") for words in whole.rows[name]]]
    assert 0 < len(kept) < len(whole.rows) and list(found.rows["study"]) == list(kept["study"])
    assert found.mean is not None
    own = ev.pool(kept) if len(kept) > 4 else ev.bayes(kept, tau_prior=ev.HalfNormal(0.5))
    estimate = own.mu["median"] if isinstance(own, ev.Posterior) else own.estimate
    assert found.mean.estimate == pytest.approx(estimate, rel=1e-6)
    others = whole.rows["label"][~whole.rows["study"].isin(kept["study"])]
    assert found.filtered == tuple(others)
    named = next(words for words in found.remarks if words.startswith("Left out, as not known to have"))
    assert all(label in named for label in others[:8])
    assert f"only trials that {found.filters}." in found.departure and "The default analysis (all" in found.departure
    assert found.sentence.startswith(f"Counting only trials that {found.filters}, in osteoarthritis")
    assert found.filters in found.plain and named in found.copied and found.departure in found.copied


def test_direct_evidence_only_leaves_out_related_conditions(analyst: Analyst, db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD")
    mixed = effects[effects["integrity"] != "serious"].groupby(list(PARTS))["directness"].nunique()
    choice = Choice(*mixed.index[mixed > 1][0])
    whole, found = analyst.analyse(choice), analyst.analyse(replace(choice, direct=True))
    assert any("related condition" in words for words in whole.remarks)
    assert not any("related condition" in words for words in found.remarks)
    assert set(found.rows["directness"]) == {"direct"} and len(found.rows) < len(whole.rows)
    assert "studied this very condition" in found.departure


def test_a_filter_that_leaves_nothing_says_which_and_why(found_by_default: list[Analysis], analyst: Analyst) -> None:
    choice, found = next(
        (usual.choice, found)
        for usual in found_by_default
        if not len((found := analyst.analyse(replace(usual.choice, blinded=True))).rows)
    )
    assert found.fit is None and "known to have blinded participants. Take a filter off" in found.sentence
    assert found.filtered == tuple(analyst.choices.rows(choice)["label"])
    assert found.sentence in unescape(answer_html(found)) and forest_html(found) == ""


def test_a_filter_that_keeps_every_trial_is_no_departure(analyst: Analyst) -> None:
    found = analyst.analyse(replace(ARTHRITIS, direct=True))
    assert found.departure == "" and "The filter keeps every trial of this question." in found.remarks
    assert found.sentence == analyst.analyse(ARTHRITIS).sentence


def test_flagged_trials_stay_out_are_named_and_come_in_with_a_tick(
    explorer: Explorer, analyst: Analyst, results: ev.Results
) -> None:
    choice = with_a_flag(analyst, results.pooled)
    without = explorer.choose(**{part: getattr(choice, part) for part in PARTS})
    assert without.flagged and not set(without.flagged) & set(without.rows["label"])
    said = next(words for words in without.remarks if "cannot be right as printed" in words)
    assert all(label in said for label in without.flagged) and said in without.copied
    explorer.ticks["flagged"].value = True
    within = explorer.analysis
    assert len(within.rows) == len(without.rows) + len(without.flagged)
    assert set(within.flagged) <= set(within.rows["label"]) and within.filtered == ()
    assert f"flagged trials count ({', '.join(within.flagged[:1])}" in within.departure
    assert within.sentence.startswith("Counting also") and within.people_of_100 == ""
    explorer.ticks["flagged"].value = False
    assert explorer.analysis.sentence == without.sentence


def test_ticks_and_styles_drive_the_answer(explorer: Explorer) -> None:
    explorer.choose(condition="osteoarthritis")
    whole = len(explorer.boxes)
    explorer.ticks["blinded"].value = True
    blinded = len(explorer.boxes)
    assert 0 < blinded < whole and explorer.analysis.choice.blinded
    explorer.controls["style"].value = "electro"
    assert len(explorer.boxes) < blinded and explorer.analysis.filters.endswith("used electroacupuncture")
    explorer.boxes[0].value = False
    assert len(explorer.analysis.left_out) == 1
    explorer.controls["style"].value = ""
    explorer.ticks["blinded"].value = False
    assert len(explorer.boxes) == whole and len(explorer.analysis.left_out) == 1, "filters leave what was unticked"


def test_two_conditions_stand_side_by_side_on_one_axis(explorer: Explorer) -> None:
    explorer.choose(condition="osteoarthritis")
    alone = explorer._forest.value
    offered = [value for _, value in explorer.controls["beside"].options]
    assert "chronic_overuse" in offered and "osteoarthritis" not in offered
    explorer.controls["beside"].value = "chronic_overuse"
    first, second = explorer.analysis, explorer.beside
    assert second is not None and second.choice == replace(first.choice, condition="chronic_overuse")
    assert second.plain in unescape(explorer._second.value) and second.title in unescape(explorer._second.value)
    assert first.title in unescape(explorer._answer.value) and explorer._second.layout.display is None
    shown = explorer._forest.value, explorer._second.value
    drawn = [re.findall(r"<text[^>]*>([−\d.]+)</text>", html) for html in shown]
    assert drawn[0] and drawn[0] == drawn[1], "both have the same axis"
    explorer.ticks["blinded"].value = True
    assert explorer.beside is not None and set(explorer.beside.rows["participants_blinded"]) == {"yes"}
    explorer.ticks["blinded"].value = False
    explorer.controls["beside"].value = ""
    assert explorer.beside is None and explorer._second.value == "" and explorer._forest.value == alone
    explorer.controls["beside"].value = "chronic_overuse"
    explorer.controls["condition"].value = "chronic_overuse"
    assert explorer.beside is None and explorer.controls["beside"].value == "", "no condition stands beside itself"


def test_the_sentence_to_copy_says_what_departs_and_what_is_left_out(explorer: Explorer) -> None:
    explorer.choose(condition="osteoarthritis")
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", explorer._answer.value)
    assert copied and unescape(copied[1]) == explorer.analysis.copied == explorer.analysis.plain
    explorer.boxes[0].value = False
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", explorer._answer.value)
    assert copied and "left out by hand" in copied[1] and explorer.analysis.left_out[0] in unescape(copied[1])
    assert "The default analysis (all" in copied[1]


def test_the_download_is_what_was_saved(explorer: Explorer, tmp_path: Path) -> None:
    explorer.choose(condition="osteoarthritis")
    explorer.save.click()
    links = re.findall(r'<a download="([^"]+)" href="data:([^;]+)[^,]*;base64,([^"]+)"', explorer.message.value)
    kinds = {".svg": "image/svg+xml", ".png": "image/png", ".csv": "text/csv"}
    assert {Path(name).suffix: kind for name, kind, _ in links} == kinds
    for name, _, content in links:
        assert b64decode(content) == (tmp_path / "explored" / name).read_bytes()


def test_the_table_has_every_trial_its_source_and_why_it_does_not_count(analyst: Analyst, results: ev.Results) -> None:
    choice = with_a_flag(analyst, results.pooled)
    rows = analyst.choices.rows(choice)
    found = analyst.analyse(replace(choice, left_out=frozenset(rows["study"][:1])))
    table = trials_of(found).set_index("trial")
    assert list(table["yi"]) == list(found.everything["yi"]) and list(table["source"]) == list(found.everything["href"])
    assert set(table.index[table["counted"] == "yes"]) == set(rows["label"][1:])
    assert set(table.index[table["counted"] == "no: left out by hand"]) == set(rows["label"][:1])
    flagged = table.index[table["counted"] == "no: its numbers cannot be right as printed or spread far too little"]
    assert set(flagged) == set(found.flagged) != set()
    blinded = trials_of(analyst.analyse(replace(ARTHRITIS, blinded=True)))
    known, others = (blinded["counted"] == said for said in ("yes", "no: not known to have blinded participants"))
    assert others.any() and set(blinded["participants_blinded"][others]) <= {"no", ""}
    assert set(blinded["participants_blinded"][known]) == {"yes"}


def test_a_cell_of_the_table_computes_nothing_in_a_spreadsheet(analyst: Analyst) -> None:
    found = analyst.analyse(ARTHRITIS)
    labels = ["=HYPERLINK(1)", "+A1", "-1+cmd|A1", "@x", *found.everything["label"][4:]]
    shown = trials_of(replace(found, everything=found.everything.assign(label=labels)))
    written = csv.DictReader(io.StringIO(files.csv(shown).decode()))
    assert [row["trial"] for row in written] == [f"'{label}" for label in labels[:4]] + labels[4:]
