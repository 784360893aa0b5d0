"""Remarks as readers see them: what they say of a trial stays, how it was transcribed goes."""

from __future__ import annotations

import pytest

import evidence as ev
from evidence.derive.labels import labels
from evidence.derive.notes import readable

TALK = ("in the sheet", "sheet codes", "not re-read", "text read", "text kept", "the quote", "result_id", "lift once")


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("chronic neck pain, 18-85 years", "chronic neck pain, 18-85 years"),
        ("sub-type in the sheet: RD pain or sciatica; mean age 39", "pain or sciatica; mean age 39"),
        ("sub-type in the sheet: NS not-stated (e.g. 'back pain'); mean age 40", "low back pain; mean age 40"),
        ("healthy subjects (a second stratum is not recorded here)", "healthy subjects"),
        ("random order not stated in the text read; 5 per arm", "random order not stated; 5 per arm"),
        ("SDs impossible for ten; not usable until the paper's tables are seen", "SDs impossible for ten"),
        ("Completers only. No rows for this pair.", "Completers only"),
        ("both arms acupuncture as the sheet codes it", "both arms acupuncture"),
        ("no turning", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_remark_by_hand(note: str, left: str) -> None:
    assert readable(note) == left and readable(left) == left


def test_a_key_becomes_a_name_where_the_names_are_given() -> None:
    note = "may be the same people as lin-2017, pre-post"
    assert readable(note, {"lin-2017": "Lin 2017"}) == "may be the same people as Lin 2017, pre-post"
    assert readable(note) == note


def test_remarks_of_the_data_lose_their_talk_and_keep_the_rest(db: ev.EvidenceBase) -> None:
    notes = [*db.studies["population"], *db.comparisons["exclude_reason"], *db.comparisons["note"], *db.results["note"]]
    told = [readable(note, labels(db)) for note in notes]
    assert any(word in note for note in notes for word in TALK)
    assert not any(word in note for note in told for word in TALK)
    assert all(readable(words) for words in db.studies["population"]), "somebody was treated"
    plain = [note for note in db.studies["population"] if "sheet" not in note and "(" not in note]
    assert sum(readable(note) == note for note in plain) == len(plain)
    assert (db.excluded()["reason"] != "").all()
