"""A public name as Sphinx reads it: its signature, its docstring, and for a class those of its members."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from textwrap import indent
from typing import Any

from jinja2 import Template
from numpydoc import docscrape, docscrape_sphinx

from ...models.result import Result


def described(path: str, found: Any) -> str:
    """ReStructuredText that describes a function, or a class with its members.

    Parameters
    ----------
    path : str
        Where it is imported from, dots between.
    found : function or class
    """
    module, _, name = path.rpartition(".")
    if not inspect.isclass(found):
        return _directive("function", module, f"{name}{_signature(found)}", found)
    members = "\n\n".join(_member(module, name, *member) for member in _members(found))
    place = f":canonical: {found.__module__}.{found.__qualname__}"
    return _directive("class", module, f"{name}{_signature(found)}", found, place) + f"\n\n{indent(members, '   ')}"


def bases(found: type) -> list[type]:
    """Classes that a public class is made of, itself and `Result` apart: their members are documented as its own."""
    made_of = [base for base in _ours(found) if not inspect.isabstract(base)]
    return [base for base in made_of if not issubclass(base, Result | BaseException)]


def _ours(found: type) -> list[type]:
    return [base for base in found.__mro__[1:] if base.__module__.startswith("evidence.")]


def _members(found: type) -> Iterator[tuple[str, Any, Any]]:
    """Name, what stands in the class, and what a reader gets of it: of each documented member."""
    inherited = sorted({name for base in _ours(found) for name in vars(base)}) if bases(found) else []
    for name in dict.fromkeys([*vars(found), *inherited]):
        member = inspect.getattr_static(found, name)
        shown = inspect.isroutine(member) or isinstance(member, property | cached_property)
        if shown and not name.startswith("_") and inspect.getdoc(member):
            yield name, member, getattr(found, name)


def _member(module: str, owner: str, name: str, member: Any, seen: Any) -> str:
    if isinstance(member, property | cached_property):
        return _directive("property", module, f"{owner}.{name}", member)
    option = ":classmethod:" if isinstance(member, classmethod) else ""
    own = not isinstance(member, classmethod | staticmethod)
    return _directive("method", module, f"{owner}.{name}{_signature(seen, without_first=own)}", seen, option)


def _directive(kind: str, module: str, named: str, found: Any, option: str = "") -> str:
    head = "\n   ".join(filter(None, [f".. py:{kind}:: {named}", f":module: {module}", option]))
    return f"{head}\n\n{indent(_docstring(kind, found), '   ')}"


def _signature(found: Any, *, without_first: bool = False) -> str:
    """Names and defaults; kinds stand in the docstring."""
    try:
        ways = inspect.signature(found)
    except ValueError:  # an exception that is made as Python makes them
        return ""
    named = [way.replace(annotation=way.empty) for way in ways.parameters.values()]
    return str(ways.replace(parameters=named[1:] if without_first else named, return_annotation=ways.empty))


def _docstring(kind: str, found: Any) -> str:
    made = docscrape.get_doc_object(
        found,
        kind,
        inspect.getdoc(found),
        {"template": _template(), "show_class_members": False},
        docscrape_sphinx.SphinxClassDoc,
        docscrape_sphinx.SphinxFunctionDoc,
        docscrape_sphinx.SphinxObjDoc,
    )
    return str(made)


@cache
def _template() -> Template:
    """Numpydoc's own, which it would make anew for every docstring."""
    file = Path(docscrape_sphinx.__file__).parent / "templates" / "numpydoc_docstring.rst"
    template: Template = Template(file.read_text(encoding="utf-8"))
    return template
