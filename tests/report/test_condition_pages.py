"""Pages of conditions and mechanisms: short until something is opened, in plain words, true to the results."""

from __future__ import annotations

import math
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import evidence as ev
from evidence.answers.for_patients import headlines
from evidence.answers.harm.benefit_and_harm import AGAINST
from evidence.answers.wording.plain import MEANING, plain_effect, plain_harms
from evidence.errors import InvalidInput
from evidence.plots.parts.legibility import unreadable
from evidence.report.figures.people import counted_benefit, people, why_uncounted
from evidence.report.pages.badges import certainty_badge
from evidence.report.pages.balance import benefit_box
from evidence.report.pages.conditions import condition_pages
from evidence.report.pages.in_short import in_short
from evidence.report.pages.mechanisms import mechanism_in_short, mechanism_pages, plain_marker
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
#: Words that no patient should meet on the first screen.
TERMS = re.compile(
    r"\bSDs?\b|\bSMDs?\b|Hedges|comparator|heterogeneity|prediction interval|neighbouring populations", re.I
)
MOST_WORDS, MOST_COLUMNS = 1200, 5
FOLDS = [
    "What would settle it",
    "Every pooled result",
    "Every trial",
    "More sessions, and for longer",
    "Results that are missing",
    "What the article claims",
    "What published reviews found",
]


@pytest.fixture(scope="module")
def conditions(results: ev.Results) -> dict[str, str]:
    return condition_pages(results, Project.at(ROOT))


@pytest.fixture(scope="module")
def mechanisms(results: ev.Results) -> dict[str, str]:
    return mechanism_pages(results, Project.at(ROOT))


class Unfolded(HTMLParser):
    """Text outside what is folded, and the names of the folds at the page's own level."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth, self.said, self.folds, self._summary = 0, "", [], False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag == "details"
        self._summary = tag == "summary" and self.depth == 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "details"
        self._summary = False

    def handle_data(self, data: str) -> None:
        if self._summary:
            self.folds.append(data)
        if self.depth == 0 or self._summary:
            self.said += f" {data}"


def own(pages: dict[str, str]) -> dict[str, str]:
    return {name: page for name, page in pages.items() if not name.endswith("index.md")}


def test_a_page_is_short_until_something_is_opened(conditions: dict[str, str], mechanisms: dict[str, str]) -> None:
    for name, page in (conditions | mechanisms).items():
        seen = Unfolded(page)
        assert seen.depth == 0, f"{name}: a fold that is not closed"
        assert len(seen.said.split()) <= MOST_WORDS, name
        for head in re.findall(r"<thead>(.*?)</thead>", page, re.DOTALL):
            assert head.count("<th ") <= MOST_COLUMNS, name
    for name, page in own(conditions).items():
        assert Unfolded(page).folds[1:] == FOLDS, name
        assert page.index("in-short") < page.index("balance") < page.index("## The trials behind it")
        assert "\n#" not in page[page.index("<details>") :].split("## Look closer")[1], "no heading inside a fold"


def test_the_first_screen_has_no_terms_of_statistics(conditions: dict[str, str], mechanisms: dict[str, str]) -> None:
    heads = {name: page.split("## The trials behind it")[0] for name, page in own(conditions).items()}
    heads |= {name: page.split("## What was measured")[0] for name, page in own(mechanisms).items()}
    heads |= {name: page for name, page in (conditions | mechanisms).items() if name.endswith("index.md")}
    for name, head in heads.items():
        assert TERMS.findall(Unfolded(unescape(head)).said) == [], name


def test_the_three_lines_say_what_the_results_say(results: ev.Results) -> None:
    for key in results.words.headline:
        lines = unescape(in_short(results, key))
        assert lines.count("<li>") == 3 and plain_harms(results.benefit_and_harm(key)) in lines
        sham, other = headlines(results, key)
        for row, asked in ((sham, ("sham",)), (other, ())):
            if row is None:
                assert "No trial gives a number for pain" in lines
                continue
            assert row["condition"] == key and (row["comparator"] in asked if asked else row["comparator"] != "sham")
            assert plain_effect(row, results.words) in lines and MEANING[row["certainty"]][1:] in lines
            assert unescape(certainty_badge(row["certainty"])) in lines
            pool = results.pools_on(condition=key, outcome=row["outcome"], time="short", comparator=row["comparator"])
            assert pool["certainty"].tolist() == [row["certainty"]] and pool["k"].tolist() == [row["k"]]
    assert headlines(results, "chronic_overuse")[1]["comparator"] == "usual_care"  # type: ignore[index]
    assert headlines(results, "arthritis")[0] is None


def test_people_are_drawn_only_where_they_can_be_counted(results: ev.Results) -> None:
    drawn = 0
    for key in results.words.headline:
        box, benefit = unescape(benefit_box(results, Project.at(ROOT), key)), results.benefit_and_harm(key).benefit
        for comparator in AGAINST:
            row, why = counted_benefit(results, key, comparator), why_uncounted(results, key, comparator)
            assert (row is None) == bool(why)
            if row is None:
                assert why in box and f"people_{key}_{comparator}" not in box
                with pytest.raises(InvalidInput, match=re.escape(results.words.comparators[comparator])):
                    people(results, key, comparator)
                there = benefit[benefit["comparator"] == comparator]
                assert there.empty or not there.eval("k > 1 and certainty != 'very low' and risk_comparator > 0").any()
                continue
            drawn += 1
            assert row["k"] >= 2 and row["certainty"] != "very low" and not math.isnan(row["risk_comparator"])
            with ev.plots.theme("blog"):
                figure = people(results, key, comparator)
                assert not unreadable(figure.axes.get_figure(root=True), smallest=9)
            filled = [len(group.get_offsets()) for group in figure.axes.collections]
            ours, theirs = round(row["risk_acupuncture"]), round(row["risk_comparator"])
            assert filled[:4] == [ours, 100 - ours, theirs, 100 - theirs]
            assert f"{ours} are filled with acupuncture, {theirs} with" in figure.alt
            low, high = row["risk_acupuncture_low"], row["risk_acupuncture_high"]
            assert ("includes no difference" in figure.caption) == (low <= row["risk_comparator"] <= high)
    assert drawn > 2


def test_a_mechanism_begins_with_what_trials_found(results: ev.Results) -> None:
    for _, pools in results.mechanisms.groupby("mechanism"):
        together = pools[(pools["outcome"] == "all") & (pools["k"] > 0)]
        lines = unescape(mechanism_in_short(together, results.words))
        assert lines.count("<li>") == 3 and "does not show that pain moves because of it" in lines
        sham = together[together["comparator"] == "sham"].to_dict("records")
        for row in sham:
            assert plain_marker(row, results.words) in lines and unescape(certainty_badge(row["certainty"])) in lines
            if math.isnan(row["estimate"]):
                assert sum(map(int, re.findall(r"\d+(?= (?:as|the|no))", plain_marker(row, results.words)))) == row["k"]
            else:
                assert ("leave open" in plain_marker(row, results.words)) == (row["ci_low"] <= 0 <= row["ci_high"])


def test_a_mechanism_links_its_claims_with_their_verdicts(results: ev.Results, mechanisms: dict[str, str]) -> None:
    claims = results.claims.to_frame()
    for key, said in claims[claims["mechanism"] != ""].groupby("mechanism"):
        page = unescape(mechanisms[f"mechanisms/{str(key).replace('_', '-')}.md"])
        for row in said.itertuples():
            assert f'{row.verdict}</span> <a href="../claims.html#{row.claim_id}">{row.claim}</a>' in page
