"""What the effects of a fit are: the measure that it, or the frame it came from, tells."""

from __future__ import annotations

import pandas as pd


def measure_of(fit: object) -> str:
    """The measure of the trials of a fit, "" where nothing tells.

    It stands in ``fit.measure``, in the column ``measure`` of its frame where all rows say the same, or in the frame's
    ``attrs``, where `effect_size` and `read_trials` put it.
    """
    own = getattr(fit, "measure", None)
    return own if isinstance(own, str) and own else measure_in(getattr(fit, "frame", None))


def measure_in(frame: object) -> str:
    """The same of a frame."""
    if not isinstance(frame, pd.DataFrame):
        return ""
    told = set(frame["measure"]) if "measure" in frame else {frame.attrs.get("measure", "")}
    one = told.pop() if len(told) == 1 else ""
    return one if isinstance(one, str) else ""
