"""Walk through JSON that may hold anything: what is absent is empty, what has the wrong kind is a problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ..base.numbers import read_number
from ..errors import InvalidData, Problem

Kind = TypeVar("Kind")
#: What registries print for a number that is not there.
_NO_NUMBER = ("", "NA", "N/A", "-", "--")


@dataclass(frozen=True)
class Node:
    """A value of a JSON file.

    Attributes
    ----------
    value : object
        None where it is absent.
    path : str
        Where it stands, as in ``resultsSection.groups[0].id``.
    file : str
        Name of the file.
    problems : list of Problem
        Grows when a value has the wrong kind; shared by all nodes of a file.
    """

    value: object
    path: str
    file: str
    problems: list[Problem]

    def at(self, dotted: str) -> Node:
        """A member of a member of an object; absent members are empty.

        Parameters
        ----------
        dotted : str
            Names joined by points, "" for the value itself.
        """
        node = self
        for name in filter(None, dotted.split(".")):
            members = node.value if isinstance(node.value, dict) else node._wrong("an object", {})
            node = Node(members.get(name), f"{node.path}.{name}".lstrip("."), self.file, self.problems)
        return node

    def each(self, dotted: str) -> Iterator[Node]:
        """The items of a list below this value.

        Parameters
        ----------
        dotted : str
            Where the list is.
        """
        node = self.at(dotted)
        items = node.value if isinstance(node.value, list) else node._wrong("a list", [])
        for at, item in enumerate(items):
            yield Node(item, f"{node.path}[{at}]", self.file, self.problems)

    def text(self, dotted: str = "") -> str:
        """This value or one below it as text, "" where it is absent.

        Parameters
        ----------
        dotted : str
            Where it is.
        """
        node = self.at(dotted)
        text = node.value if isinstance(node.value, str) else node._wrong("text", "")
        return text.encode("utf-8", "replace").decode().strip()  # half a surrogate pair is JSON, but no text

    def number(self, dotted: str) -> str:
        """A number below this value with the digits it is printed in, "" where it is absent or "NA".

        Parameters
        ----------
        dotted : str
            Where it is.
        """
        text = self.text(dotted)
        if text.upper() in _NO_NUMBER:
            return ""
        rule = read_number(text)
        if isinstance(rule, str):
            self.problems.append(Problem(self.file, 0, self.at(dotted).path, text[:40], rule))
            return ""
        return text.replace("\u2212", "-")

    def _wrong(self, kind: str, instead: Kind) -> Kind:
        if self.value is not None:
            shown = json.dumps(self.value, ensure_ascii=False)[:40]
            self.problems.append(Problem(self.file, 0, self.path, shown, f"must be {kind}"))
        return instead


def read_json(path: Path) -> Node:
    """Read a JSON file; numbers stay the text they are printed as.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    InvalidData
        The file is no JSON, or none that a program can take in.
    """

    def unreadable(rule: str, line: int = 0) -> InvalidData:
        return InvalidData([Problem(path.name, line, "", "", rule)])

    try:
        text = path.read_bytes().decode("utf-8-sig")
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise unreadable(f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise unreadable(f"not a well-formed JSON file: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise unreadable("lists or objects are nested too deeply") from error
    return Node(value, "", path.name, [])
