"""The reference is complete: what each public name takes, gives and resembles, with an example."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from numpydoc.validate import validate

import evidence as ev
from evidence.report.pages.reference import exported

#: numpydoc's codes: no docstring, a parameter missing, unknown, in other order or without words, no Returns or without
#: words, no See Also, no Examples.
CODES = {"GL08", "PR01", "PR02", "PR03", "PR07", "RT01", "RT03", "YD01", "SA01", "EX01"}
_TWO_ON_A_LINE = re.compile(r"^ *\w+, \w[\w, ]* :", re.MULTILINE)


def documented(path: str) -> Iterator[tuple[str, set[str]]]:
    """A public name and the public methods of a public class, with the codes that count there."""
    found = ev
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    place = f"{found.__module__}.{found.__qualname__}"
    if not inspect.isclass(found):
        yield place, CODES
        return
    yield place, CODES - {"PR01", "PR02", "PR03"}  # a result is made by its function, whose parameters count
    for name, member in vars(found).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield f"{place}.{name}", CODES - {"SA01", "EX01", "GL08"}


@pytest.mark.parametrize("room", sorted(exported()))
def test_every_public_name_is_documented(room: str) -> None:
    missing = []
    for path in exported()[room]:
        for place, codes in documented(path):
            told = validate(place)
            missing += [f"{place}: {code} {words}" for code, words in told["errors"] if code in codes]
            if _TWO_ON_A_LINE.search(told["docstring"]):
                missing.append(f"{place}: two parameters or attributes on one line")
    assert not missing, "\n" + "\n".join(missing)
