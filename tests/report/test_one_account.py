"""Front page, condition pages, tables, claims, figures and explorer count the same trials as missing."""

from __future__ import annotations

import pytest

import evidence as ev
from evidence.answers.known_trials import COLUMNS
from evidence.answers.wording.missing import in_short, which_way, without_number
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.choice import Choice
from evidence.report.explorer.numbers import numbers
from evidence.report.figures import catalogue as figures
from evidence.report.pages.front import lost_trials


@pytest.fixture(scope="module")
def known(results: ev.Results) -> dict[tuple[str, str], dict]:
    """What is missing for pain up to 3 months, by condition and comparator."""
    return {(row["condition"], row["comparator"]): row for row in results.missing.to_dict("records")}


def test_tables_agree(results: ev.Results, known: dict) -> None:
    agreed = 0
    tables = [results.ranking(name).to_frame() for name in ("sham", "usual_care", "drug")]
    findings = [results.findings(name) for name in ("sham", "usual_care", "drug")]
    tables += [found[found["outcome"] == "pain"] for found in findings]
    graded = results.certainty
    tables.append(graded[(graded["measure"] == "SMD") & (graded["outcome"] == "pain") & (graded["time"] == "short")])
    for table in tables:
        for row in table.to_dict("records"):
            here = known.get((row["condition"], row["comparator"]))
            if here is None:
                assert row["trials_compared"] == 0
                continue
            assert [row[name] for name in COLUMNS] == [here[name] for name in COLUMNS]
            assert row["k"] == here["k"]
            agreed += 1
    assert agreed > 30


def test_claims_agree(results: ev.Results, known: dict) -> None:
    parts = results.claims.parts
    about = results.db.claims.set_index("claim_id")
    agreed = 0
    for row in parts.to_dict("records"):
        here, claim = known.get((row["part"], row["comparator"])), about.loc[row["claim_id"]]
        same_question = claim["outcome"] == "pain" and claim["expects"] == "benefit"
        alone = not results.words.neighbours_of(row["part"])  # else neighbours stand in
        if here and alone and same_question and (row["time"] == "short" or row["method"] == "vote count"):
            assert [row[name] for name in COLUMNS] == [here[name] for name in COLUMNS], row["claim_id"]
            agreed += 1
    assert agreed > 3


def test_figures_agree(results: ev.Results, known: dict) -> None:
    cells = figures.map_cells(results)
    assert len(cells)
    for row in cells.to_dict("records"):
        here = known[row["condition"], row["comparator"]]
        assert (row["k"], row["n"]) == (here["trials_compared"], here["people_compared"])
    for row in figures.outcome_cells(results).query("measured == 'pain'").to_dict("records"):
        account = results.context.known.of([row["condition"]], "sham", ["pain"])
        others = sum(trial.state == "other outcomes" for trial in account.trials)
        assert row["k"] + others == known[row["condition"], "sham"]["trials_compared"]
    for condition in results.words.headline:
        drawn = figures.forest(results, condition, "pain")
        for comparator, short in results.words.short_comparators.items():
            here = known.get((condition, comparator))
            if here and here["trials_missing"]:
                assert f"{here['trials_missing']} against {short}" in drawn.alt
                assert f"against {results.words.comparators[comparator]} {in_short(here)}" in drawn.details
    written = " ".join(text.get_text().replace("\n", " ") for text in figures.ranking(results).axes.texts)
    for row in results.ranking().to_frame().query("k > 0 and trials_missing > 0").to_dict("records"):
        assert f"{known[row['condition'], 'sham']['trials_missing']} more" in written


def test_pages_agree(results: ev.Results, pages: dict[str, str], known: dict) -> None:
    front = pages["answer.txt"]
    ranking = results.ranking().to_frame()
    assert lost_trials(ranking) in front
    together = {name: ranking[name].sum() for name in COLUMNS if name != "missing"}
    assert without_number(together, "sham acupuncture", more=True)[3:] in front
    for condition in results.words.headline:
        if (condition, "sham") in known:
            assert in_short(known[condition, "sham"]) in front
        page = pages[f"conditions/{condition.replace('_', '-')}.md"]
        for (where, comparator), here in known.items():
            if where == condition:
                assert here["sentence"] in page
                went = which_way(here, results.words.comparators[comparator])
                assert went[3:] in page and in_short(here) in pages["data.md"]
        own = [trial for trial in results.trials if trial["condition"] == condition]
        compared = sum(bool(trial["comparators"]) for trial in own)
        asked = [trial for name in results.words.comparators for trial in _trials(results, condition, name)]
        assert compared == len(set(asked)) and f"{compared} make a comparison that counts" in page.replace(
            "makes a", "make a"
        )


def _trials(results: ev.Results, condition: str, comparator: str) -> list[str]:
    return [trial.study for trial in results.context.known.of([condition], comparator, ["pain"]).trials]


def test_the_explorer_agrees(results: ev.Results, known: dict) -> None:
    analyst = Analyst(results.db)
    for condition in ("osteoarthritis", "chronic_overuse"):
        found = analyst.analyse(Choice(condition, "sham", "pain", "short", "SMD"))
        here = known[condition, "sham"]
        assert [found.account.numbers()[name] for name in COLUMNS] == [here[name] for name in COLUMNS]
        assert dict(numbers(found))["Trials without a number"] == in_short(here)
        labels = dict((value, label) for label, value in analyst.choices.options("comparator", found.choice))
        assert f"({here['trials_compared']} trials)" in labels["sham"]


def test_mechanisms_count_the_same_trials_on_their_page_in_the_index_and_in_the_figure(
    results: ev.Results, pages: dict[str, str]
) -> None:
    pools = results.mechanisms
    drawn = figures.mechanisms(results)
    for row in results.db.mechanisms.to_dict("records"):
        own = pools[(pools["mechanism"] == row["mechanism"]) & (pools["outcome"] == "all")]
        (measured,) = own["measured"].unique()
        page = pages[f"mechanisms/{row['mechanism'].replace('_', '-')}.md"]
        assert f"{measured} trials in the data measured something of it" in page
        assert f"{row['label'].lower()} ({measured})" in drawn.caption
