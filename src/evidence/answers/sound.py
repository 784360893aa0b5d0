"""The one door to headlines: trials whose numbers cannot be right as printed stay out of pools, grades and verdicts."""

from __future__ import annotations

import pandas as pd

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
