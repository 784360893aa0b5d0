"""Which trials of a question count: kinds of trials, and what a choice of them is called."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...answers.wording.words import listed
from ...derive.routes.registry import route_names
from ...languages import _
from ..figures.words import running
from .choice import Choice


def counted(rows: pd.DataFrame, choice: Choice) -> np.ndarray:
    """True for effects that a choice counts.

    Parameters
    ----------
    rows : (k,) DataFrame
        Effects of one question.
    choice : Choice
        Its ``blinded``, ``scores``, ``style``, ``direct`` and ``flagged``.
    """
    kept = np.ones(len(rows), dtype=bool)
    if choice.blinded:
        kept &= (rows["participants_blinded"] == "yes").to_numpy()
    if choice.scores:  # neither p values nor people who improved
        kept &= rows["route"].isin(route_names()["scores"]).to_numpy()
    if choice.style:
        kept &= np.array([choice.style in words.split("|") for words in rows["style"]], dtype=bool)
    if choice.direct:
        kept &= (rows["directness"] == "direct").to_numpy()
    if not choice.flagged:
        kept &= (rows["integrity"] != "serious").to_numpy()
    return kept


def filter_words(choice: Choice, styles: Mapping[str, str]) -> str:
    """What trials did that a choice keeps: "blinded participants and used manual acupuncture"; "" for every trial.

    Parameters
    ----------
    choice : Choice
        Its ``blinded``, ``scores``, ``style`` and ``direct``.
    styles : mapping
        Styles of acupuncture to their names.
    """
    words = [_("blinded participants")] * choice.blinded + [_("printed scores")] * choice.scores
    if choice.style:
        words.append(_("used {style}", style=running(styles.get(choice.style, choice.style))))
    words += [_("studied this very condition")] * choice.direct
    return listed(words) if words else ""
