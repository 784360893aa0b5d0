"""A public name as Sphinx reads it: its signature, its docstring, and for a class those of its members."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from numpydoc.docscrape import NumpyDocString, get_doc_object

from ...models.result import Result
from .docstring_html import Link, docstring_html


def described(path: str, found: Any, link: Link) -> str:
    """Markdown that describes a function, or a class with its members.

    Parameters
    ----------
    path : str
        Where it is imported from, dots between.
    found : function or class
    link : callable
        Makes a name that a docstring speaks of a link.
    """
    module, _, name = path.rpartition(".")
    every = [f":module: {module}", ":no-index-entry:"]
    if not inspect.isclass(found):
        return _directive("function", f"{name}{_signature(found)}", every, _shown("function", found, link))
    parts = [_shown("class", found, link)]
    for member, kept in members(found).items():
        kind, options = _kind(kept)
        ways = "" if kind == "property" else _signature(getattr(found, member), without_first=not options)
        parts.append(_directive(kind, f"{name}.{member}{ways}", [*every, *options], _shown(kind, kept, link)))
    place = f":canonical: {found.__module__}.{found.__qualname__}"
    return _directive("class", f"{name}{_signature(found)}", [*every, place], *parts)


def members(found: type) -> dict[str, Any]:
    """What a class has to describe: name to what stands in the class."""
    inherited = sorted({name for base in bases(found) for name in vars(base)})
    public = [name for name in dict.fromkeys([*vars(found), *inherited]) if not name.startswith("_")]
    kept = {name: inspect.getattr_static(found, name) for name in public}
    return {name: one for name, one in kept.items() if _kind(one)[0] and inspect.getdoc(one)}


def bases(found: type) -> list[type]:
    """Classes that a public class is made of, itself and errors apart: their members are documented as its own.

    The verbs of `Result` are the same for all; the index of the reference names them.
    """
    ours = [base for base in found.__mro__[1:] if base.__module__.startswith("evidence.") and base is not Result]
    return [base for base in ours if not issubclass(base, BaseException)]


def _kind(member: Any) -> tuple[str, list[str]]:
    """What Sphinx calls a member, "" where it is nothing to describe; and what else it is to know."""
    if isinstance(member, property | cached_property):
        return "property", []
    if isinstance(member, classmethod | staticmethod):
        return "method", [f":{type(member).__name__}:"]
    return "method" if inspect.isroutine(member) else "", []


def _directive(kind: str, named: str, options: Sequence[str], *parts: str) -> str:
    fence = ":" * (4 if kind == "class" else 3)  # the members of a class stand within
    head = "\n".join([f"{fence}{{py:{kind}}} {named}", *options])
    return "\n\n".join([head, *parts, fence])


def _shown(kind: str, found: Any, link: Link) -> str:
    return f"``````{{raw}} html\n{docstring_html(_docstring(kind, found), link)}\n``````"


def _docstring(kind: str, found: Any) -> NumpyDocString:
    """As numpydoc reads it; an attribute that is only named there has the first words of its property."""
    said = get_doc_object(found, kind, inspect.getdoc(found), {"show_class_members": False})
    kept = [inspect.getattr_static(found, one.name, None) for one in said["Attributes"]]
    words = [(inspect.getdoc(one) or "").partition("\n\n")[0] if _kind(one)[0] == "property" else "" for one in kept]
    said["Attributes"] = [
        one if one.desc else one._replace(desc=first.splitlines())
        for one, first in zip(said["Attributes"], words, strict=True)
    ]
    return said


def _signature(found: Any, *, without_first: bool = False) -> str:
    """Names and defaults; kinds stand in the docstring."""
    try:
        ways = inspect.signature(found)
    except ValueError:  # an exception that is made as Python makes them
        return ""
    named = [way.replace(annotation=way.empty) for way in ways.parameters.values()]
    return str(ways.replace(parameters=named[1:] if without_first else named, return_annotation=ways.empty))
