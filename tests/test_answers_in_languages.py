"""Answers in each language: no English word, and the numbers of the English ones."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace

import pytest

import evidence as ev
from evidence.answers.glance import glance
from evidence.answers.grade.certainty import grade
from evidence.answers.headline_pools import GROUPS
from evidence.answers.wording.short_answer import finding, short_answer
from evidence.derive.screening.concern import MISFITS
from evidence.languages import LANGUAGES
from evidence.models.result import Result

pytest.importorskip("babel", reason='no babel here (pip install "acupuncture-evidence[languages]")')

OTHERS = [name for name in LANGUAGES if name != "en"]
YI, VI = [0.3, 0.4, 0.2], [0.09, 0.12, 0.1]
#: Small studies with large effects.
TILTED = [0.12, 0.05, 0.31, 0.22, 0.47, 0.30, 0.58, 0.41, 0.83, 0.79], [0.01 * at for at in range(1, 11)]
_ENGLISH = re.compile(
    r"\b(the|of|and|or|with|than|from|against|compared|is|are|trials?|people|pain|certainty|very|low|points|acupuncture|"
    r"sham|care|drugs|none|one|number|interval|better|worse|favour\w*|within|months?|for|by|which|how|measures?|claim\w*)\b"
)


@pytest.fixture(scope="module")
def graded(results: ev.Results) -> list[ev.Certainty]:
    """The certainty of every pool."""
    return [grade(results.context, rows) for _key, rows in results.context.effects("SMD").groupby(list(GROUPS))]


@pytest.fixture(scope="module")
def doubted() -> list[Result]:
    """What every method for small studies and selection finds, each way that it may go."""
    fit, few = ev.pool(*TILTED), ev.pool(YI, VI)
    selected = ev.selection_model(fit, steps=[0.025])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        return [
            *(
                ev.egger(fit),
                ev.egger(few),
                ev.egger(few, model="rma"),
                ev.thompson_sharp(fit),
                ev.begg(fit),
                ev.begg(few),
            ),
            *(ev.trim_and_fill(fit), ev.pet_peese(fit), ev.limit_meta(fit), ev.waap(fit), ev.bias_table(fit)),
            *(ev.excess_significance(fit), ev.p_curve(fit), ev.fail_safe_n(fit), ev.bias_average(fit)),
            *(ev.fail_safe_n(fit, kind="orwin", target=0.1), selected, replace(selected, lr_test=None)),
        ]


def answers(
    results: ev.Results, few: ev.EvidenceBase, graded: Sequence[ev.Certainty], doubted: Sequence[Result]
) -> dict[str, list[str]]:
    """What answers say in the language spoken, by family; what takes long, of few trials."""
    claims, seen = results.claims, glance(results)
    harms, reviews, grades = ev.safety(results.db), ev.against_reviews(results.db), ev.against_grades(results.db)
    narrow = ev.HalfNormal(0.05)
    told = claims.to_frame()[["sentence", "sentence_clinician", "reason", "settles", "basis"]]
    marks = [why for line in seen.lines for why in (line.harms, *(mark.silent for mark in line.marks))]
    return {
        "claims": [text for name in told for text in told[name]],
        "parts": [text for name in ("sentence", "reason", "settles") for text in claims.parts[name]],
        "short answer": [short_answer(seen), *(finding(line, seen.least) for line in seen.lines), *marks],
        "by comparator": [results.side_by_side.sentence()],
        "missing results": ev.missing_results(few)["sentence"].tolist(),
        "mechanisms": [*ev.mechanism_pools(few)["sentence"], ev.mechanism_link(results.db, marker="crp").sentence()],
        "over time": [results.durability("", outcome).sentence() for outcome in ("pain", "medication_use")],
        "dose": [ev.dose_response(results.db, comparator=name).sentence() for name in ("sham", "no_treatment")],
        "early start": [ev.early_start(results.db, comparator=name).sentence() for name in ("sham", "drug")],
        "maintenance": [results.context.maintenance.sentence()],
        "harms": [results.benefit_and_harm(key).sentence() for key in results.words.headline],
        "safety": [harms.sentence(), *harms.contrasts["sentence"]],
        "published": [*reviews["reading"], *reviews["why"], grades.sentence(), *grades.left_out["why"]],
        "next trial": [ev.next_trial(YI, VI, delta=0.36, tau_prior=prior).sentence() for prior in (None, narrow)],
        "multiverse": [results.multiverse("disc_herniation", "sham", "pain").sentence()],
        "screening": [results.integrity.sentence(), *MISFITS.values()],
        "certainty": [why for certainty in graded for why in certainty.why],
        "bias": [one.sentence() for one in doubted],
    }


def test_what_a_result_prints_is_english_as_a_whole(results: ev.Results) -> None:
    over_time = results.durability("")
    with ev.language("es"):
        ranking = ev.rank_conditions(results.db, comparator="sham")
    for told in (over_time.summary, over_time._repr_html_, results.claims.summary, ranking.summary):
        english = told()
        with ev.language("de"):
            assert told() == english


def test_answers_are_told_in_each_language_with_the_same_numbers(
    results: ev.Results, graded: list[ev.Certainty], doubted: list[Result]
) -> None:
    few = results.db.select(condition="lumbar_sprain")
    named = {*results.context.maintenance.found["label"], *ev.safety(results.db).contrasts["label"]}
    named |= {*results.db.published_reviews["population"], "Trim and Fill", "Trim and fill"} - {""}
    of_the_data = re.compile("|".join(map(re.escape, sorted(named, key=len, reverse=True))))
    english = answers(results, few, graded, doubted)
    kept = [step.reason for step in graded[0].steps]
    for name in OTHERS:
        with ev.language(name):
            spoken_here = answers(results, few, graded, doubted)
            assert [step.reason for step in graded[0].steps] == graded[0].reasons["reason"].tolist() == kept
        for family, said in english.items():
            for ours, theirs in zip(said, spoken_here[family], strict=True):
                assert not _ENGLISH.search(of_the_data.sub("", theirs)), (family, theirs)
                assert _numbers(ours) == _numbers(theirs), (family, theirs)


def _numbers(said: str) -> list[str]:
    """Numbers of two digits or more in their order of size: smaller ones may be words."""
    return sorted(re.findall(r"\d{2,}", re.sub(r"[.,](?=\d{3}(?!\d))", "", said)))
