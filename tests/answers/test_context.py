"""What a base says is made once for it, goes with it, and comes from its own tables."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

import evidence as ev
from evidence.answers import results as results_module
from evidence.answers.context import Context
from evidence.answers.wording.vocabulary import Vocabulary, bundled
from evidence.answers.wording.words import FAVOURS
from evidence.report.build import processed_tables
from evidence.report.figures.catalogue import figures


def test_a_base_has_one_context_and_another_base_has_its_own(db: ev.EvidenceBase) -> None:
    assert Context.of(db) is Context.of(db)
    part = db.select(condition="spinal_stenosis")
    assert Context.of(part) is not Context.of(db) and len(Context.of(part).effects()) < len(Context.of(db).effects())


def test_a_context_goes_with_its_base(db: ev.EvidenceBase) -> None:
    part = db.select(condition="spinal_stenosis")
    kept = weakref.ref(Context.of(part))
    del part
    gc.collect()
    assert kept() is None


def test_words_are_those_of_the_folder_that_was_loaded(raw: Path, db: ev.EvidenceBase) -> None:
    conditions = pd.read_csv(raw / "conditions.csv", keep_default_na=False)
    conditions.loc[conditions["condition"] == "osteoarthritis", "in_text"] = "worn joints"
    conditions.loc[conditions["condition"] == "lumbar_sprain", "headline"] = "no"
    conditions.to_csv(raw / "conditions.csv", index=False)
    comparators = pd.read_csv(raw / "comparators.csv").assign(in_text=lambda c: c["in_text"].replace("drugs", "pills"))
    comparators.to_csv(raw / "comparators.csv", index=False)
    outcomes = pd.read_csv(raw / "outcomes.csv", keep_default_na=False)
    outcomes.loc[outcomes["outcome"] == "pain", ["verb", "object"]] = "ease", "aches"
    outcomes.to_csv(raw / "outcomes.csv", index=False)
    ranked = ev.rank_conditions(ev.load(raw), comparator="drug")
    frame = ranked.to_frame().set_index("condition")
    assert (
        len(frame) == (conditions["headline"] != "no").sum() and frame.loc["osteoarthritis", "label"] == "worn joints"
    )
    assert "better than pills" in ranked.sentence() and "worn joints (" in ranked.sentence()
    assert ev.durability(ev.load(raw)).sentence().startswith("For aches against sham acupuncture: ")
    assert "worn joints" not in ev.rank_conditions(db, comparator="sham").sentence()


def test_conditions_stand_in_their_order_whatever_the_order_of_the_rows(db: ev.EvidenceBase) -> None:
    shuffled = Vocabulary(db.conditions[::-1], db.comparators[::-1], db.outcomes[::-1])
    assert shuffled.headline == Vocabulary.of(db).headline and next(iter(shuffled.comparators)) == "sham"


def test_the_words_of_the_package_are_those_of_its_data(db: ev.EvidenceBase) -> None:
    here, there = bundled(), Vocabulary.of(db)
    assert here.conditions == there.conditions and here.comparators == there.comparators
    for outcome in [*db.outcomes["outcome"], "something_new", "pain|leg_pain"]:
        assert here.does(outcome) == there.does(outcome) and here.better(outcome) == there.better(outcome)
    assert here.does("something_new") == ("improve", "something new")
    assert here.does("tnf_alpha|il_10")[0] == "improve" and here.does("pain|leg_pain") == (
        "reduce",
        "pain and leg pain",
    )


def test_tables_and_figures_judge_and_rank_once(db_of_few: ev.EvidenceBase, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def counted(module: object, name: str) -> None:
        original = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *args, **given: asked.append((name, *given.values())) or original(*args, **given)
        )

    counted(results_module, "claims")
    counted(results_module, "rank_conditions")
    counted(results_module, "mechanism_pools")
    results = ev.Results(db_of_few)
    tables = processed_tables(results)
    drawn = [figure.name for only in ("ranking_pain_sham", "claims") for figure in figures(results, only)]
    assert drawn == ["ranking_pain_sham", "claims"] and len(asked) == len(set(asked))
    assert sum(name == "claims" for name, *_ in asked) == 1
    assert tables["claims"]["verdict"].value_counts().to_dict() == results.claims.verdicts


@pytest.mark.parametrize("bad", [{"comparator": "shame"}, {"outcome": "pian"}, {"time": "soon"}])
def test_a_question_that_does_not_exist_is_refused(db: ev.EvidenceBase, bad: dict[str, str]) -> None:
    with pytest.raises(ev.InvalidInput, match="choose among"):
        ev.rank_conditions(db, **bad)


def test_results_print_themselves(db: ev.EvidenceBase) -> None:
    ranked, judged = ev.rank_conditions(db, comparator="sham"), ev.claims(db)
    for result in (ranked, judged, ev.dose_response(db), ev.durability(db), ev.safety(db)):
        frame = result.to_frame()
        assert isinstance(frame.index, pd.RangeIndex) and len(frame) and result.sentence().endswith(".")
        assert repr(result) == result.summary() and "object at 0x" not in repr(result) and "<" in result._repr_html_()
    assert ranked.to_frame().columns[:5].tolist() == ["condition", "label", "estimate", "ci_low", "ci_high"]
    assert judged.to_frame().columns[:3].tolist() == ["claim_id", "claim", "verdict"]
    frame = ranked.to_frame()
    frame["estimate"] = 0.0
    assert (ranked.to_frame()["estimate"] != 0).any(), "a changed frame changes no result"


@pytest.mark.parametrize("figure", ["ranking", "claims", "timecourse"])
def test_results_are_drawn_by_the_figure_of_their_name(
    db: ev.EvidenceBase, monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    made = {"ranking": ev.rank_conditions, "claims": ev.claims, "timecourse": ev.durability}[figure](db)
    drawn: list[object] = []
    monkeypatch.setattr(ev.plots, figure, lambda result, **options: drawn.append((result, options)))
    made.plot(title="Of its own")
    ((result, options),) = drawn
    assert result is made and options["title"] == "Of its own"
    assert figure == "claims" or options["favours"] == FAVOURS, "the library's words are neutral"
    assert figure != "ranking" or options["label"] == "label"


def test_the_doses_are_drawn_with_their_line(db: ev.EvidenceBase) -> None:
    axes = ev.dose_response(db).plot(title="More and more")
    assert any("More and more" in text.get_text() for text in axes.figure.findobj(Text))


def test_what_is_ranked_and_summarised_is_marked_in_the_table_of_outcomes(raw: Path, db: ev.EvidenceBase) -> None:
    words = Context.of(db).words
    assert words.critical == ("pain", "disability") and set(words.critical) < set(words.important)
    assert set(ev.summary_of_findings(db)["outcome"]) <= set(words.important)
    outcomes = pd.read_csv(raw / "outcomes.csv", keep_default_na=False)
    outcomes.loc[outcomes["outcome"] == "disability", "importance"] = ""
    outcomes.to_csv(raw / "outcomes.csv", index=False)
    fewer = ev.load(raw)
    assert "disability" in set(ev.summary_of_findings(db)["outcome"]) - set(ev.summary_of_findings(fewer)["outcome"])
    assert Context.of(fewer).words.critical == ("pain",)
