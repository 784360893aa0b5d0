"""What a call may do: answer, or refuse in words; in time, and without a number that is none."""

from __future__ import annotations

import resource
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd

import evidence as ev
from evidence.models.result import Result

from .calls import Call

SECONDS, BYTES = 5.0, 1 << 30
#: Columns and fields that every answer has.
_CENTRAL = {"estimate", "yi", "vi", "intercept"}


class Broken(AssertionError):
    """A call that did what none may do."""


def judge(call: Call, again: bool = True) -> str:
    """ "answered" or "refused"; raises `Broken` with the call otherwise, a slow one after another try."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, time.process_time()
    outcome, found, told = "answered", None, []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = call.run()
            if isinstance(found, Result):
                found.summary(), found.to_frame()
        told = [one for one in caught if issubclass(one.category, ev.NotConverged | ev.SmallSample | ev.Incomplete)]
        for one in caught:
            if issubclass(one.category, RuntimeWarning):
                raise Broken(f"{one.message} in {call}")
    except ev.EvidenceError as refusal:
        outcome = "refused"
        if len(str(refusal).split()) < 4 or "\x1b" in str(refusal):
            raise Broken(f"{refusal!r} says too little of {call}") from refusal
    except TypeError as error:
        if not _of_the_signature(error, call):
            raise Broken(f"{type(error).__name__}: {error} in {call}") from error
        outcome = "refused"
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"{type(error).__name__}: {error} in {call}") from error
    took = time.process_time() - start
    if took > SECONDS and again:  # the first call of a kind loads and compiles what it needs
        return judge(call, again=False)
    if took > SECONDS:
        raise Broken(f"{took:.0f} s for {call}")
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before > BYTES:
        raise Broken(f"more than 1 GiB for {call}")
    if not told and (missing := _unexplained(found)):
        raise Broken(f"{missing} is NaN without a word in {call}")
    return outcome


def _of_the_signature(error: TypeError, call: Call) -> bool:
    """Whether Python itself refused the call: an argument that has to be given is absent."""
    return f"{call.name.split(chr(46))[-1]}()" in str(error) and (
        "missing" in str(error) or "unexpected keyword" in str(error)
    )


def _unexplained(found: Any) -> str:
    """A central number of an answer that is NaN, by name."""
    frame = found.to_frame() if isinstance(found, Result) else found
    if isinstance(frame, pd.DataFrame):
        said = next((name for name in ("note", "reason", "sentence") if name in frame), None)
        rows = frame if said is None else frame[frame[said].isin(["", None])]
        empty = [name for name in rows if name in _CENTRAL and rows[name].isna().any()]
        return str(empty[0]) if empty else ""
    values = found if isinstance(found, tuple) else (found,)
    numbers = [value for value in values if isinstance(value, float | np.floating | np.ndarray)]
    return "a number" if any(np.isnan(np.asarray(one, dtype=float)).any() for one in numbers) else ""
