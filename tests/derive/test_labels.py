"""What trials are called: one rule, no name twice, the same name wherever the trial stands."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.labels import LONGEST, family_name, labels, short_population

TRIAL = {
    "study_id": "anon-koa-2014", "first_author": "", "year": 2014.0, "country": "CN", "registration": "",
    "citation": "Zhongguo Zhen Jiu 2014", "journal": "", "condition": "arthritis", "population": "knee osteoarthritis",
}  # fmt: skip


def named(db: ev.EvidenceBase, *trials: dict[str, object]) -> list[str]:
    """Names in a base of these trials, in their order."""
    made = replace(db, studies=pd.DataFrame(trials))
    return [labels(made)[str(trial["study_id"])] for trial in trials]


def test_every_trial_has_a_name_of_its_own_that_is_no_key(db: ev.EvidenceBase) -> None:
    names = labels(db)
    assert set(names) == set(db.studies["study_id"]) and len(set(names.values())) == len(names)
    for key, name in names.items():
        assert "-" not in key or key.lower() not in name.lower(), name
        assert len(name) <= LONGEST and name[0].isupper() | name[0].isdigit() | name.startswith("da "), name
        assert all(unicodedata.name(letter).startswith("LATIN") for letter in name if letter.isalpha()), name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"first_author": "Witt CM", "year": 2006.0}, "Witt 2006"),
        ({"first_author": "Wang", "year": math.nan}, "Wang n.d."),
        ({"first_author": "郭春生", "study_id": "guo-2021", "year": 2021.0}, "Guo 2021"),
        ({}, "China 2014, knee osteoarthritis (anonymous)"),
        ({"country": ""}, "2014, knee osteoarthritis (anonymous)"),
        ({"country": "IS"}, "IS 2014, knee osteoarthritis (anonymous)"),
        ({"country": "", "year": math.nan, "citation": "x, thesis (globethesis 1)"}, "Thesis, knee osteoarthritis"),
        ({"country": "", "year": math.nan}, "Anonymous, knee osteoarthritis"),
        ({"year": math.nan}, "China n.d., knee osteoarthritis (anonymous)"),
        ({"citation": "x (globethesis 1)"}, "China 2014, knee osteoarthritis (anonymous)"),
        ({"registration": "NCT04236908"}, "2014, knee osteoarthritis (NCT04236908)"),
        ({"population": "膝骨关节炎"}, "China 2014, arthritis (anonymous)"),
    ],
)
def test_a_name_by_hand(db: ev.EvidenceBase, change: dict[str, object], name: str) -> None:
    assert named(db, TRIAL | change) == [name]


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Witt", "Witt"), ("Ng MML", "Ng"), ("Al Rashoud AS", "Al Rashoud"),
        ("Guerreiro da Silva", "Guerreiro da Silva"), ("崔文穎", ""), ("Doe, Jane", "Doe"),
        ("Svahn Ekdahl", "Svahn Ekdahl"), ("Sánchez-Romero EA", "Sánchez-Romero"), ("Kużdżał", "Kużdżał"),
        ("Cui Wenying", "Cui"), ("Zhang Bi-meng", "Zhang"), ("崔文穎 (Cui Wenying)", "Cui"),
    ],
)  # fmt: skip
def test_an_author_is_called_by_the_family_name(author: str, family: str) -> None:
    assert family_name(author) == family


@pytest.mark.parametrize(
    ("population", "short"),
    [
        ("Elderly patients with symptomatic knee osteoarthritis", "symptomatic knee osteoarthritis"),
        ("knee osteoarthritis, January 2018 to February 2019", "knee osteoarthritis"),
        ("chronic lower back pain (a parallel neck-pain trial of 40 is not recorded)", "chronic lower back pain"),
        ("lumbar and buttock myofascial pain syndrome", "myofascial pain syndrome"),
        ("Prolapse of lumbar intervertebral disc", "lumbar disc prolapse"),
        ("LDH with radiculopathy", "lumbar disc herniation"),
        ("sub-type in the sheet: NS non-specific; mean age 30.4", "non-specific low back pain"),
        ("45 or older with severe knee pain from osteoarthritis", "severe knee pain"),
    ],
)
def test_a_population_in_a_few_words(population: str, short: str) -> None:
    assert short_population(population, 32) == short
    assert short_population(population, len(short) - 1) in short and short_population(population, 3) == ""


def test_letters_tell_the_trials_of_one_name_apart_in_the_order_of_their_keys(db: ev.EvidenceBase) -> None:
    itoh = {"first_author": "Itoh", "year": 2006.0}
    one, two, other = TRIAL | itoh | {"study_id": "i-2"}, TRIAL | itoh | {"study_id": "i-1"}, TRIAL | {"year": math.nan}
    assert named(db, one, two) == ["Itoh 2006b", "Itoh 2006a"] and named(db, one) == ["Itoh 2006"]
    many = [other | {"study_id": f"t-{at:03}"} for at in range(28)]
    gout = TRIAL | itoh | {"first_author": "", "population": "gout", "study_id": "gout-1"}
    assert named(db, gout, TRIAL | {"year": 2006.0}) == [
        "China 2006b, gout (anonymous)",
        "China 2006a, knee osteoarthritis (anonymous)",
    ]
    assert named(db, *many)[::27] == [f"China n.d. {at}, knee osteoarthritis (anonymous)" for at in ("a", "ab")]


def test_names_do_not_depend_on_the_order_of_rows_or_on_what_is_selected(db: ev.EvidenceBase) -> None:
    shuffled = replace(db, studies=db.studies.sample(frac=1, random_state=1))
    assert labels(shuffled) == labels(db) == labels(db.select(condition="osteoarthritis", comparator="sham"))
    effects = db.effects("SMD")
    assert effects["label"].tolist() == effects["study"].map(labels(db)).tolist()
    assert effects.groupby("label")["study"].nunique().eq(1).all()


def test_lists_name_their_trials(db: ev.EvidenceBase) -> None:
    names = labels(db)
    listed, doses = db.excluded(), ev.dose_response(db).randomised
    safety = ev.safety(db)
    for frame in (listed, doses, safety.arms, safety.contrasts):
        assert len(frame) and frame["label"].tolist() == frame["study"].map(names).tolist()


def test_a_fit_of_effects_calls_trials_by_their_names(db: ev.EvidenceBase) -> None:
    pool = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects()
    assert ev.pool(pool).slab == tuple(pool["label"]) != tuple(pool["study"])
    assert ev.leave_one_out(pd.concat([pool, pool.head(1).assign(label="again")])).index[-1] == "again"


def test_names_differ_at_their_beginnings(db: ev.EvidenceBase) -> None:
    """A forest plot may have no room for more."""
    beginnings = [name.partition(",")[0] for name in labels(db).values()]
    assert len(set(beginnings)) == len(beginnings)
