"""The one door to headlines: trials whose numbers cannot be right as printed stay out of pools, grades and verdicts."""

from __future__ import annotations

import pandas as pd

from ..base.collector import collector_paused
from ..derive.evidence_base import MEASURES, EvidenceBase
from ..effects.arguments import require_choice
from ..errors import InvalidInput


def sound(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects of trials without a serious concern (see `evidence.screen`).

    Parameters
    ----------
    effects : DataFrame
        Rows of `EvidenceBase.effects`.

    Returns
    -------
    DataFrame
        Those rows whose ``integrity`` is not "serious", with an index from 0.

    Raises
    ------
    InvalidInput
        Another frame.
    """
    if "integrity" not in effects:
        raise InvalidInput('effects has no column "integrity"; give rows of EvidenceBase.effects')
    return effects[effects["integrity"] != "serious"].reset_index(drop=True)


@collector_paused()
def sound_effects(db: EvidenceBase, measure: str = "SMD") -> pd.DataFrame:
    """The sound ones of `EvidenceBase.effects`, without ``integrity``: that takes every check, a serious concern few.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    measure : str
        As for `EvidenceBase.effects`.

    Returns
    -------
    DataFrame
        With an index from 0.

    Raises
    ------
    InvalidInput
        The measure is unknown.
    """
    require_choice("measure", measure, MEASURES)
    rows = db.derived(measure)
    return rows[~rows["study"].isin(db.serious)].reset_index(drop=True)
