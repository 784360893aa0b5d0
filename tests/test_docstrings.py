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
from numpydoc.docscrape import ClassDoc, NumpyDocString
from numpydoc.validate import validate

import evidence as ev
from evidence.models.result import Result
from evidence.report.pages.docstring_html import docstring_html
from evidence.report.pages.docstrings import bases, described
from evidence.report.pages.reference import exported, reference_pages

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
    lines = {name: page.partition(":::{py:")[0].partition("```pycon\n")[2] for name, page in pages.items()}
    asked = {name: sum(line.startswith((">>>", "...")) for line in text.splitlines()) for name, text in lines.items()}
    assert asked and {name: n for name, n in asked.items() if not 2 <= n <= 6} == {}


def test_what_a_class_takes_from_its_bases_stands_in_the_reference() -> None:
    assert [base.__name__ for base in bases(ev.EvidenceBase)] == ["TrialTables"]
    assert bases(ev.InvalidInput) == [] and Result not in bases(ev.Pooled)
    base = described("evidence.EvidenceBase", ev.EvidenceBase, str)
    _, shown, load = base.partition(":::{py:method} EvidenceBase.load(root=None)\n")
    assert shown and ":classmethod:" in load.partition("{raw} html")[0]
    assert "Pooled.plot" not in described("evidence.Pooled", ev.Pooled, str)


def test_what_can_be_asked_of_a_class_stands_in_the_reference() -> None:
    pages, silent = "\n".join(reference_pages().values()), []
    assert all(f"`{verb}()`" in pages for verb in ("summary", "sentence", "to_frame", "plot"))
    for path in chain.from_iterable(exported().values()):
        found = attrgetter(path.partition(".")[2])(ev)
        if not inspect.isclass(found) or issubclass(found, ev.EvidenceError | Warning):
            continue
        for name in set(dir(found)) - set(dir(Result)):
            member = inspect.getattr_static(found, name)
            shown = re.search(rf"^:::{{py:\w+}} {found.__name__}\.{name}\b", pages, re.MULTILINE)
            told = re.search(rf"^    {name} :", str(found.__doc__), re.MULTILINE)
            if name[0] != "_" and (callable(member) or hasattr(member, "__func__")) and not shown and not told:
                silent.append(f"{path}.{name}")
    assert not silent


class Scale:
    """Weighs.

    Attributes
    ----------
    unit : str
        Of weight.
    empty : bool
    """

    def __init__(self, unit: str = "kg") -> None:
        self.unit = unit

    def weigh(self, thing: object, *, twice: bool = False) -> float:
        """Put ``thing`` on it.

        Parameters
        ----------
        thing : object
            What is weighed.
        twice : bool
            Again.
        """
        return 0.0

    @property
    def empty(self) -> bool:
        """Nothing is on it."""
        return True

    @classmethod
    def old(cls, *units: str) -> Scale:
        """One of former times."""
        return cls()

    def silent(self) -> None:
        self._hidden()

    def _hidden(self) -> None:
        """Nobody's business."""


def test_a_class_is_described_with_its_members_in_their_order() -> None:
    lines = described("evidence.Scale", Scale, str).splitlines()
    assert [line for line in lines if line.startswith(":::")] == [
        "::::{py:class} Scale(unit='kg')",
        *(":::{py:method} Scale.weigh(thing, *, twice=False)", ":::"),
        *(":::{py:property} Scale.empty", ":::"),
        *(":::{py:method} Scale.old(*units)", ":::"),
        "::::",
    ]
    assert f":canonical: {__name__}.Scale" in lines
    assert lines[lines.index(":::{py:method} Scale.old(*units)") + 3] == ":classmethod:"
    assert lines.count("<dd><p>Nothing is on it.</p>") == 1, "its property says what the attribute is"


def test_a_docstring_is_shown_with_its_marks_and_no_others() -> None:
    said = NumpyDocString(
        """Weighs "it" with ``a < b``, <b>not</b> `wholly`, \\|x\\|.

        Parameters
        ----------
        thing : str or `Scale`
            What is weighed.

            - one
              of two
            - or both
        *more
            Others.

        Returns
        -------
        float
            Its weight.

        See Also
        --------
        pool : for many.

        Notes
        -----
        **Old** (<https://example.org/a?b&c>).

        Examples
        --------
        >>> 1 < 2  # doctest: +SKIP
        True
        """
    )
    page = docstring_html(said, lambda name: f"<a>{name}</a>")
    pre = '<code class="docutils literal notranslate"><span class="pre">'
    assert page.startswith(
        f'<p>Weighs “it” with {pre}a</span> <span class="pre">&lt;</span> <span class="pre">b</span></code>, '
        f"&lt;b&gt;not&lt;/b&gt; {pre}wholly</span></code>, |x|."
        '</p>\n<dl class="field-list">\n<dt class="field-odd">Parameters<span class="colon">:</span></dt>'
    )
    assert (
        '<dt><strong>thing</strong>\n<span class="classifier">str or ' + pre + "Scale</span></code></span></dt>" in page
    )
    assert "<ul>\n<li>one\nof two</li>\n<li>or both</li>\n</ul>" in page
    assert "<dt><strong>*more</strong></dt>\n<dd><p>Others.</p>" in page
    assert '<dt class="field-even">Returns' in page and "<dt>float</dt>\n<dd><p>Its weight.</p>" in page
    assert "<dt><a>pool</a></dt>\n<dd><p>for many.</p>" in page
    assert '<strong>Old</strong> (<a href="https://example.org/a?b&amp;c">' in page
    assert page.endswith('<span class="go">True</span>\n</pre></div>\n</div>') and "SKIP" not in page


def test_a_table_in_a_docstring_is_one() -> None:
    page = docstring_html(
        NumpyDocString('Of two.\n\n=====  =====\nneeds  gives\n=====  =====\nn      "m"\n=====  ====='), str
    )
    assert '<table class="table">' in page and "<td><p>“m”</p></td>" in page


def test_no_docstring_has_marks_that_are_not_shown() -> None:
    """Roles, directives, blocks after two colons and emphasis would stand in the page as they are typed."""
    unknown = re.compile(r":\w+:`|^ *\.\. |[^:]::$|(?<![\w*(])\*\w[^*\n]*\w\*(?![\w*])", re.MULTILINE)
    pages = {name: unknown.findall(page) for name, page in reference_pages().items()}
    assert not {name: found for name, found in pages.items() if found}


def test_see_also_leads_to_what_it_names() -> None:
    pages = reference_pages()
    named = '<span class="pre">plots.forest</span></code></a>'
    assert 'href="plots.html#evidence.plots.forest" title="evidence.plots.forest">' in pages["reference/charts.md"]
    assert named in pages["reference/plots.md"] and 'href="#evidence.plots.forest"' in pages["reference/plots.md"]
    assert 'href="#evidence.charts.claims"' in pages["reference/charts.md"], "its own module comes first"


def test_every_public_name_is_described_once() -> None:
    page = "\n".join(reference_pages().values())
    named = re.findall(r"^:+{py:(?:class|function)} (\w+).*\n:module: ([\w.]+)$", page, re.MULTILINE)
    assert sorted(f"{module}.{name}" for name, module in named) == sorted(chain(*exported().values()))
