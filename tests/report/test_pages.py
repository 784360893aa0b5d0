"""The written pages hold the numbers of the results behind them, and say so where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.ranked import chance
from evidence.answers.results import Results
from evidence.answers.wording.words import OF_PARTS, SETTLING, VERDICTS, whole
from evidence.models.wording import number
from evidence.report.pages.markup import link, table, words_of
from evidence.report.project import Project, page_name
from evidence.report.site import written_pages

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, raw_of_few: Path, tables_of_few: Path) -> dict[str, str]:
    """Pages of a few trials, before any figure is drawn."""
    return {
        name: unescape(page)
        for name, page in written_pages(Results(ev.load(raw_of_few)), Project.at(raw_of_few.parents[1])).items()
    }


def effects(rows: pd.DataFrame) -> list[str]:
    return [f"{number(row.estimate)} ({number(row.ci_low)} to {number(row.ci_high)})" for row in rows.itertuples()]


def points(rows: pd.DataFrame) -> list[str]:
    return [f"{whole(r.points)} ({whole(r.points_low)} to {whole(r.points_high)})" for r in rows.itertuples()]


def missing(words: Iterable[str], page: str) -> list[str]:
    return [said for said in words if said not in page]


def test_a_condition_has_every_pool_sentence_claim_and_trial(results: Results, pages: dict[str, str]) -> None:
    for key in results.ranking().to_frame()["condition"]:
        page = pages[f"conditions/{key.replace('_', '-')}.md"]
        pools = results.pools[results.pools["condition"] == key]
        assert missing(effects(pools), page) == [] and missing(pools["doubts"], page) == []
        for comparator in results.words.comparators:
            short = results.findings(comparator)
            if len(short):
                short = short[(short["condition"] == key) & (short["outcome"] == "pain")]
                assert missing(short["sentence"], page) == []
        trials = [trial for trial in results.trials if trial["condition"] == key]
        assert page.count('<th scope="row"><bdi>') + page.count('<th scope="row"><a href="http') >= len(trials) > 0
        assert missing((trial["label"] for trial in trials), page) == []
        said = results.claims.parts[results.claims.parts["part"] == key]
        assert missing((f'claims.html#{name}"' for name in said["claim_id"]), page) == []
    known = results.ranking().to_frame().query("k > 0")
    assert len(known) and missing(points(known), pages["conditions/index.md"]) == []


def test_the_front_page_has_the_ranking(results: Results, pages: dict[str, str]) -> None:
    known = results.ranking().to_frame()[results.ranking().to_frame()["k"] > 0]
    assert missing(points(known), pages["answer.txt"]) == []
    chances = known.loc[known["k"] > 1, "p_worthwhile"].dropna()
    assert len(chances) and missing(map(chance, chances), pages["answer.txt"]) == []
    assert missing(known["label"].str.lower(), pages["answer.txt"].lower()) == []


def test_each_claim_is_a_card_with_its_verdict(results: Results, pages: dict[str, str]) -> None:
    page = pages["claims.md"]
    cards = [f'id="{row.claim_id}" data-verdict="{row.verdict}"' for row in results.claims.to_frame().itertuples()]
    assert missing(cards, page) == [] and page.count('<article class="claim"') == len(cards)
    assert (
        missing(results.claims.to_frame()["sentence"], page) == []
        and missing(results.claims.to_frame()["reason"], page) == []
    )


def test_claims_page_tells_the_rules_the_parts_and_what_would_settle(results: Results, pages: dict[str, str]) -> None:
    page, judged = pages["claims.md"], results.claims.to_frame()
    assert missing([*VERDICTS.values(), OF_PARTS, SETTLING], page) == []
    assert missing(judged.loc[judged["settles"] != "", "settles"], page) == []
    several = [claim for claim in results.claims.judged if len(claim.parts) > 1]
    badges = sum(len(claim.parts) for claim in several) + len(judged) + len(VERDICTS)
    assert several and page.count('<span class="verdict ') == badges


def test_a_claim_has_the_same_verdict_on_every_page(results: Results, pages: dict[str, str]) -> None:
    line = re.compile(r'claims\.html#([^"]+)">[^<]*</a> <span class="verdict [^"]*">([^<]*)</span>(.*)')
    verdicts = {row["claim_id"]: row for row in results.claims.to_frame().to_dict("records")}
    found = [(address, *told) for address, page in pages.items() for told in line.findall(page)]
    assert {address.split("/")[0] for address, *_ in found} >= {"conditions", "mechanisms"}
    for address, claim, verdict, rest in found:
        assert verdict == verdicts[claim]["verdict"], (address, claim)
        assert verdicts[claim]["settles"] in rest
    there = [one for one in found if one[0] != "answer.txt"]  # the front page tells claims whole
    alone = {address: rest for address, claim, _, rest in there if claim == "overall-conditions-all"}
    own = results.claims.parts.query("claim_id == 'overall-conditions-all'").drop_duplicates("part")
    assert len(alone) == len(own)
    for part, verdict in zip(own["part"], own["verdict"], strict=True):
        assert f" alone: {verdict})" in alone[f"conditions/{page_name(part)}.md"]


def test_a_mechanism_has_its_markers_and_directions(results: Results, pages: dict[str, str]) -> None:
    for key, own in results.mechanisms.groupby("mechanism"):
        page = pages[f"mechanisms/{str(key).replace('_', '-')}.md"]
        assert missing(own.loc[own["outcome"] == "all", "sentence"], page) == []
        single = own[own["outcome"] != "all"]
        assert missing(effects(single[single["estimate"].notna()]), page) == []
        voted = single[single["method"] == "vote count"]
        counts = [f"{row.favouring:.0f} as claimed, {row.against:.0f} the other way" for row in voted.itertuples()]
        assert missing(counts, page) == []


def test_the_data_page_counts_and_hashes_what_it_offers(results: Results, pages: dict[str, str]) -> None:
    page, raw = pages["data.md"], ROOT / "data" / "raw"
    for path in raw.glob("*.csv"):
        assert f"<code>{sha256(path.read_bytes()).hexdigest()[:12]}</code>" in page, path.name
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert missing((f"<code>{column}</code>" for column in columns), page) == []
    assert f'class="number">{len(results.db.results):,}</td>' in page
    assert missing((path.name for path in (ROOT / "data" / "processed").iterdir()), page) == []
    assert f"{results.silent.size} enter no effect" in page


def test_the_gallery_has_every_figure_with_its_files(pages: dict[str, str]) -> None:
    drawn = [path.stem for path in (ROOT / "figures").glob("*.json")]
    assert drawn and missing((f'<a href="figures/{name}.html">' for name in drawn), pages["figures.md"]) == []
    for name in drawn:
        page, said = pages[f"figures/{name}.md"], words_of(ROOT / "figures", name)
        assert (
            f'<a href="{name}.svg" download>' in page and said["title"] in page and said["title"] in pages["figures.md"]
        )
        assert page.count(said["caption"]) >= 3 and page.count(said["alt"]) >= 3, "shown, to embed, and to copy"


def test_an_interactive_figure_has_the_words_of_its_twin(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        if name.startswith("interactive/") and "index" not in name:
            key = name.removeprefix("interactive/").removesuffix(".md").replace("-", "_")
            said = words_of(ROOT / "figures", f"forest_pain_{key}")
            assert said["caption"] in page and 'type="application/json"' in page


def test_the_reference_has_every_public_name(pages: dict[str, str]) -> None:
    reference = "".join(page for name, page in pages.items() if name.startswith("reference/"))
    plain = [name for name in ev.__all__ if name not in ("plots", "charts")]
    named = re.findall(r"^:+{py:\w+} (\w+).*\n:module: ([\w.]+)$", reference, re.MULTILINE)
    assert {(name, "evidence") for name in plain} <= {*named}
    assert ("forest", "evidence.plots") in named and ("forest", "evidence.charts") in named


def test_without_trials_or_figures_a_page_says_so(bare: dict[str, str]) -> None:
    assert not any("<figure><img" in page for page in bare.values()) and "gallery" not in bare["figures.md"]
    assert "No trial against" in bare["conditions/arthritis.md"]
    assert "no number" in bare["conditions/index.md"] and "none" in bare["conditions/index.md"]
    assert "No marker has numbers to set against pain." in bare["mechanisms/neurotransmitter.md"]
    assert "No trial gives a number for disability up to 3 months." in bare["interactive/lumbar-sprain.md"]
    assert "no number yet" in bare["answer.txt"] and "No trial gives a number for" in bare["answer.txt"]
    assert "No trial behind it" in bare["claims.md"]


def test_only_a_web_address_becomes_a_link() -> None:
    assert link("here", "https://example.org/?a=1&b=2") == '<a href="https://example.org/?a=1&amp;b=2">here</a>'
    assert link("here", "javascript:alert(1)") == link("here", "") == "here"


def test_cells_of_a_table_are_words_apart_without_their_tags() -> None:
    words = re.sub(r"<[^<]+?>", "", table("Trials", ["Trial", "Against", "People"], [["Qin", "sham", "80"]])).split()
    assert words == ["Trials", "Trial", "Against", "People", "Qin", "sham", "80"], "as search sees them"
