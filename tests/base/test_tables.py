"""Loading, choosing, and what is remembered of a base."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from weakref import ref

import numpy as np
import pytest

import evidence as ev
from evidence.base.package import resources
from evidence.base.scope import require_words
from evidence.derive.align import arm_sizes
from evidence.derive.comparisons import admissible


def test_optional_tables_may_be_absent_and_keep_their_types(raw: Path) -> None:
    for resource in resources().values():
        if resource["optional"]:
            (raw / resource["path"]).unlink()
    db = ev.load(raw)
    assert db.claims.empty and db.follow_up_times["week"].dtype == float
    assert len(db.effects("MD100"))


def test_missing_numbers_are_nan_and_missing_words_are_empty(db: ev.EvidenceBase) -> None:
    assert db.results["mean"].dtype == float and np.isnan(db.results["mean"]).any()
    assert (db.results["mechanism"] == "").any()


def test_select_narrows_every_table_to_the_same_trials(db: ev.EvidenceBase) -> None:
    small = db.select(condition=["disc_herniation", "lumbar_sprain"], comparator="drug")
    ids = set(small.studies["study_id"])
    assert set(small.studies["condition"]) == {"disc_herniation", "lumbar_sprain"}
    assert set(small.comparisons["comparator"]) == {"drug"}
    for frame in (small.arms, small.results, small.comparisons):
        assert set(frame["study_id"]) <= ids
    assert ids < set(db.studies["study_id"]) and not db.scope, "the base itself stays as it was"


def test_choices_add_up(db: ev.EvidenceBase) -> None:
    one = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects()
    two = db.select(condition="osteoarthritis").select(comparator="sham").select(outcome="pain", time="short").effects()
    everything = db.effects()
    wanted = everything.query(
        "condition == 'osteoarthritis' and comparator == 'sham' and outcome == 'pain' and time == 'short'"
    )
    assert one.equals(two) and one.equals(wanted.reset_index(drop=True)) and len(one) > 5


def test_style_and_confidence(db: ev.EvidenceBase) -> None:
    electro = db.select(style="electro").effects()
    assert set(electro["style"]) == {"electro"}
    sure = db.select(min_confidence="high")
    assert set(sure.results["confidence"]) == {"high"}
    assert len(sure.effects()) < len(db.effects())
    assert db.select(min_confidence="low").results.equals(db.results), "every row is at least doubtful"


def test_a_style_leaves_the_trials_that_used_it(db: ev.EvidenceBase) -> None:
    small = db.select(style="electro")
    used = small.comparisons.merge(db.arms, on=["study_id", "arm"])
    assert set(used["style"]) == {"electro"}
    ids = set(small.studies["study_id"])
    assert ids == set(used["study_id"]) == set(small.arms["study_id"]) < set(db.studies["study_id"])


def test_what_headlines_leave_out_is_reachable(db: ev.EvidenceBase) -> None:
    usual = set(db.effects()["study"])
    for choice in ({"isolates": "no"}, {"needle": "no"}, {"excluded": "yes"}, {"comparator": "acupuncture"}):
        assert set(db.select(**choice).effects()["study"]) - usual, choice


def test_an_unknown_word_is_refused_with_the_known_ones(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match=r"condition='backache'.*disc_herniation"):
        db.select(condition="backache")
    with pytest.raises(ev.InvalidInput, match="MD100"):
        db.effects("MD")


def test_a_base_is_itself_and_says_what_it_holds(db: ev.EvidenceBase) -> None:
    assert len({db, db.select(condition="osteoarthritis"), db}) == 2
    assert db == db and db != ev.load()
    small = db.select(condition="osteoarthritis", time=["short", "long"])
    first, conditions, chosen = repr(small).split("\n")
    assert first == (
        f"EvidenceBase: {len(small.studies)} trials, {len(small.comparisons)} pairs of arms, "
        f"{len(small.results)} results"
    )
    assert conditions == f"  conditions: osteoarthritis {len(small.studies)}"
    assert chosen == "  chosen: condition=osteoarthritis, time=short|long"


def test_what_follows_from_a_base_is_computed_once_and_handed_out_as_a_copy(db: ev.EvidenceBase) -> None:
    for ask in (
        lambda base: base.effects("SMD"),
        lambda base: base.effects("SMD", impute="r"),
        lambda base: base.excluded(),
        admissible,
        ev.reference_sd,
    ):
        small = db.select(condition="spinal_stenosis")
        first = ask(small)
        first.iloc[0, 0] = first.iloc[-1, 0]
        first["mine"] = 1
        assert "mine" not in ask(small).columns
    assert arm_sizes(small) is arm_sizes(small)


def test_a_base_is_forgotten_when_nobody_holds_it(db: ev.EvidenceBase) -> None:
    small = db.select(condition="spinal_stenosis")
    ev.reference_sd(small), admissible(small)
    gone = ref(small)
    del small
    gc.collect()
    assert gone() is None


def test_loading_imports_neither_scipy_nor_pandera() -> None:
    code = "import sys, evidence as ev; ev.load(); print({'scipy', 'pandera', 'matplotlib'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_one_word_of_a_question_may_be_left_out_where_the_question_says_which(db: ev.EvidenceBase) -> None:
    require_words(db, "comparator", comparator="", outcome="pain")
    for empty, asked in (("comparator", {"outcome": ""}), ("", {"comparator": ""}), ("outcome", {"outcome": "pian"})):
        with pytest.raises(ev.InvalidInput, match="choose among"):
            require_words(db, empty, **asked)
