"""Made-up effects, shaped like those of `EvidenceBase.effects`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import evidence as ev

Effects = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def made_up(db: ev.EvidenceBase) -> Effects:
    """Effects of trials that exist, blinded and with a readable source, with numbers of the test's own."""
    s = db.studies
    blinded = s[(s["participants_blinded"] == "yes") & (s["assessors_blinded"] != "no") & (s["randomised"] == "yes")]
    trials = blinded.loc[blinded["source_kind"].isin(["abstract", "full_text"]), "study_id"].tolist()

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
