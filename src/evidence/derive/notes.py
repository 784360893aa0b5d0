"""Remarks of the tables as readers see them: what they say of the trial, without the talk of its transcription.

The tables stay as they are; `readable` is applied where a remark is shown. Its rules:

1. The code of the sheet that a population was copied from goes ("sub-type in the sheet: NS non-specific").
2. A clause or bracket about the transcription goes: about sheets, quotes, rows, pages read, what is recorded elsewhere,
   what is to be done once a paper is read. Clauses end at a semicolon, or at a full stop before a new sentence.
3. A key of a trial becomes its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SUBTYPE = re.compile(r"^sub-type in the sheet: [A-Z]{2} (?P<words>[^;]*)")
#: Words for the sub-types of the sheet that say too little without their heading.
_SUBTYPES = {"non-specific": "non-specific low back pain", "not-stated": "low back pain"}
_TALK = re.compile(
    r"\b(sheet|quotes?|quoted|rows?|result[ _]ids?|transcri\w+|re-?read|read off|as above|merged\.jsonl|"
    r"not recorded here|recorded here|text read|text kept|the page|page read|pages? holds?|not on the page|"
    r"headings|lift once|not usable until|until the paper|paper not seen|cell of a|coded so|"
    r"is coded|are coded|filed role|role field|turning|map|the task|duration of pain value|duplicate record|the text's|"
    r"from Table)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" as the sheet (codes|labels|words) (it|them)| in the text (read|kept)")  # without them it holds
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_CLAUSES = re.compile(r";\s+|(?<=[a-z)])\.\s+(?=[A-Z])|(?:: )(?=not usable until)")


def readable(note: str, names: Mapping[str, str] | None = None) -> str:
    """A remark without talk of its transcription.

    Parameters
    ----------
    note : str
        As it stands in a table.
    names : mapping of str to str, optional
        Keys of trials to their names (`evidence.derive.labels.labels`).

    Returns
    -------
    str
        "" where nothing is left.

    Examples
    --------
    >>> readable("sub-type in the sheet: NS non-specific; mean age 39.5; the sheet gives a duration of 25.9")
    'non-specific low back pain; mean age 39.5'
    >>> readable("both arms acupuncture as the sheet codes it, and the co-treatments differ")
    'both arms acupuncture, and the co-treatments differ'
    """
    text = _SUBTYPE.sub(_subtype, note)
    text = _ASIDE.sub("", text)
    text = _BRACKET.sub(lambda found: "" if _TALK.search(found[1]) else found[0], text)
    text = "; ".join(clause for clause in _CLAUSES.split(text) if clause and not _TALK.search(clause))
    for key in re.findall(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b", text) if names else ():
        if names and key in names:
            text = text.replace(key, names[key])
    return text.strip()


def _subtype(found: re.Match[str]) -> str:
    words = found["words"]
    return _SUBTYPES.get(words.partition(" ")[0], words)
