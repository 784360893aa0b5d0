"""Pairs of arms, where a source calls an arm acupuncture in just this word."""

from __future__ import annotations

from .draft import Draft
from .words import Words


def add_pairs(draft: Draft, words: Words) -> None:
    """Add each acupuncture arm against each other arm to the comparisons.

    Parameters
    ----------
    draft : Draft
        Has its arms.
    words : Words
        Our vocabularies: they say what the other arm is, if its label is one of their words.
    """
    arms = draft.tables["arms"]
    ours = [row for row in arms if row.get("role") == "acupuncture"]
    if not ours:
        draft.tell("comparisons", "arm", *(row["label"] for row in arms))
    for one in ours:
        for two in arms:
            if two not in ours:
                comparator = words.key("comparator", two["label"])
                if not comparator:
                    draft.tell("comparisons", "comparator", two["label"])
                draft.add("comparisons", arm=one["arm"], versus=two["arm"], comparator=comparator)
