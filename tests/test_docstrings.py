"""The reference is complete: what each public name takes, gives and resembles, with an example."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from pathlib import Path

import pytest
from numpydoc.docscrape import ClassDoc
from numpydoc.validate import validate

import evidence as ev
from evidence.report.pages.reference import bases, exported, reference_pages

#: numpydoc's codes: no docstring, a parameter missing, unknown, in other order or without words, no Returns or without
#: words, no See Also, no Examples.
CODES = {"GL08", "PR01", "PR02", "PR03", "PR07", "RT01", "RT03", "YD01", "SA01", "EX01"}
#: ``low, high : float`` and ``names : tuple; k : array``, as lines of a section.
TWO_ON_A_LINE = re.compile(r"^\*{0,2}\w+(, \*{0,2}\w+)+ :|^\*{0,2}\w+ : .*; \w+(, \w+)* :")
PACKAGE = Path(ev.__file__).parent


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
    members = {name: member for one in (*reversed(bases(found)), found) for name, member in vars(one).items()}
    for name, member in members.items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield f"{place}.{name}", CODES - {"SA01", "EX01", "GL08"}


@pytest.mark.parametrize("room", sorted(exported()))
def test_every_public_name_is_documented(room: str) -> None:
    missing = []
    for path in exported()[room]:
        for place, codes in documented(path):
            told = validate(place)
            missing += [f"{place}: {code} {words}" for code, words in told["errors"] if code in codes]
    assert not missing, "\n" + "\n".join(missing)


def test_every_attribute_is_described() -> None:
    bare = []
    for path in chain.from_iterable(exported().values()):
        found = attrgetter(path.partition(".")[2])(ev)
        if inspect.isclass(found):
            entries = ClassDoc(found, config={"show_class_members": False})
            told = [*entries["Attributes"], *entries["Parameters"]]
            bare += [f"{path}.{each.name}" for each in told if not "".join(each.desc).strip()]
    assert not bare


def crowded(source: str) -> list[str]:
    """Lines of docstrings, of whatever is defined in ``source``, that hold more than one entry of a section."""
    defined = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = (ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, defined))
    return [line for text in texts for line in text.splitlines() if TWO_ON_A_LINE.match(line)]


def test_a_line_names_one_parameter_or_attribute() -> None:
    found = {str(path.relative_to(PACKAGE)): crowded(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize("line", ["low, high : float", "names : tuple of str; k : (D,) array", "*a, **b : object"])
def test_two_entries_on_a_line_are_seen(line: str) -> None:
    source = f'def _inner():\n    """Title.\n\n    Parameters\n    ----------\n    {line}\n    """\n'
    assert crowded(source) == [line]
    assert not crowded(source.replace(line, "low : float\n        A bound, or two : never more."))


def test_every_page_of_the_reference_opens_with_a_short_example() -> None:
    pages = {name: page for name, page in reference_pages().items() if name != "reference/index.md"}
    lines = {name: page.partition("```{eval-rst}")[0].partition("```pycon\n")[2] for name, page in pages.items()}
    asked = {name: sum(line.startswith((">>>", "...")) for line in text.splitlines()) for name, text in lines.items()}
    assert asked and {name: n for name, n in asked.items() if not 2 <= n <= 6} == {}


def test_what_a_class_takes_from_its_bases_stands_in_the_reference() -> None:
    assert [base.__name__ for base in bases(ev.EvidenceBase)] == ["TrialTables"]
    assert bases(ev.Pooled) == [] == bases(ev.InvalidInput)
    page = "\n".join(reference_pages().values())
    assert ".. autoclass:: evidence.EvidenceBase\n   :inherited-members:" in page
    assert ".. autoclass:: evidence.Pooled\n```" in page
