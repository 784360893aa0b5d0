"""Made-up effects, shaped like those of `EvidenceBase.effects`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.grade.concerns import Concerns
from evidence.derive.blinding import blinding

Effects = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def made_up(db: ev.EvidenceBase) -> Effects:
    """Effects of trials that exist, blinded and with a readable source, with numbers of the test's own."""
    concerns, readable = Concerns(db), db.studies["source_kind"].isin(["abstract", "full_text"])
    told = db.studies["study_id"].map(lambda study: blinding(db).participants(study, "sham") == "yes")
    trials = [
        study for study in db.studies.loc[readable & told, "study_id"] if not concerns.known(study, "sham", "pain")
    ]

    def effects(yi: list[float], vi: float | list[float] = 0.02, **columns: object) -> pd.DataFrame:
        k = len(yi)
        frame = pd.DataFrame({"study": trials[:k], "yi": yi, "vi": vi}).assign(
            label=trials[:k],
            year=2020.0,
            condition="chronic_overuse",
            comparator="sham",
            outcome="pain",
            measured="pain",
            mechanism="",
            time="short",
            week=8.0,
            measure="SMD",
            n_acupuncture=100.0,
            n_comparator=100.0,
            style="manual",
            sessions=np.nan,
            sessions_per_week=np.nan,
            directness="direct",
            participants_blinded="yes",
            route="arm means",
            derivation="",
            confidence="high",
            result_ids="",
        )
        return frame.assign(**columns)

    return effects
