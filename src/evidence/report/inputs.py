"""What code is made from: the modules that a module or a notebook reaches by its imports, and the packages they use."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

#: Folder of the package.
SOURCE = Path(__file__).parents[2]
_PACKAGE = "evidence"


@dataclass(frozen=True)
class Code:
    """What some code is made from.

    Attributes
    ----------
    files : frozenset of Path
        Modules of this package, and the files of data that stand beside them.
    packages : frozenset of str
        Other installed packages that those modules import.
    """

    files: frozenset[Path]
    packages: frozenset[str]


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Version of Python and of each package that is installed under the name it is imported by.

    Parameters
    ----------
    packages : iterable of str
        Their names.
    """
    found = {"python": python_version()}
    for name in sorted({*packages} - {"python"}):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def code_of(*modules: str) -> Code:
    """The named modules and everything that they import, directly or not.

    Parameters
    ----------
    *modules : str
        Dotted names, as in ``"evidence.report.build"``.

    Notes
    -----
    Imports inside functions count, those for type checkers only do not, nor what is imported by a name made at run
    time. ``import evidence as ev`` counts for the names taken from it (``ev.pool``), and for all public names where
    it is handed on whole.
    """
    return _closure(modules)


def notebook_code(source: str) -> Code:
    """The modules that the code of a notebook reaches, as `code_of` finds them.

    Parameters
    ----------
    source : str
        Its code cells, one after the other.
    """
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    return _closure(_references(ast.parse("\n".join(lines)), ""))


def _closure(names: Iterable[str]) -> Code:
    waiting, seen, files, packages = list(names), set(), set(), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.split(".")[0] != _PACKAGE:
            packages.add(name.split(".")[0])
            continue
        module, rest = _split(name)
        stub = _stub(module)
        if stub and rest:
            targets = [target for public, target in _public(module).items() if rest in (public, "*")]
            waiting += targets or [f"{module}.__init__"]
            files |= {stub} if rest == "*" else set()
        elif module != name:
            waiting.append(module)
        elif stub:  # taken whole
            waiting += [f"{name}.__init__", f"{name}.*"]
        elif path := _file(name):
            files |= {path, *_data_beside(path.parent)}
            waiting += [*_imports(path, name)]
            waiting += [f"{package}.__init__" for package in _packages_above(name)]
    return Code(frozenset(files), frozenset(packages - sys.stdlib_module_names))


def _split(name: str) -> tuple[str, str]:
    """The module that a dotted name leads to, and the first name taken from it."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        if _file(module):
            return module, ".".join(parts[end : end + 1])
    return _PACKAGE, ""


@cache
def _file(module: str) -> Path | None:
    path = SOURCE.joinpath(*module.split("."))
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


@cache
def _data_beside(folder: Path) -> list[Path]:
    """Style sheets and the like, which stand beside the modules that read them."""
    code = (".py", ".pyi", ".typed")
    return [path for path in folder.iterdir() if path.is_file() and path.suffix not in code]


@cache
def _stub(module: str) -> Path | None:
    """The list of names of a package that loads them when first used, None where it does not."""
    path = SOURCE.joinpath(*module.split("."), "__init__.pyi")
    return path if path.is_file() else None


@cache
def _public(package: str) -> dict[str, str]:
    """Public name of such a package to the module it comes from."""
    stub = _stub(package)
    imports = [line for line in ast.parse(stub.read_bytes()).body if isinstance(line, ast.ImportFrom)] if stub else []
    return {alias.name: f"{package}.{line.module or alias.name}" for line in imports for alias in line.names}


def _packages_above(module: str) -> list[str]:
    """Packages that Python loads before a module: ``a`` and ``a.b`` for ``a.b.c``."""
    parts = module.removesuffix(".__init__").split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


@cache
def _imports(path: Path, module: str) -> tuple[str, ...]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(_references(ast.parse(path.read_bytes()), package.removesuffix(".__init__")))


def _references(tree: ast.AST, package: str) -> Iterator[str]:
    """Dotted names that code imports or takes from an imported module."""
    whole: dict[str, str] = {}  # local name -> what `import` bound to it
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name if alias.name != _PACKAGE else f"{_PACKAGE}.__init__"
                whole[alias.asname or alias.name.split(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)
    used = {local for local, name in whole.items() if name == _PACKAGE}
    attributes = [node for node in _nodes(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    yield from (f"{_PACKAGE}.{node.attr}" for node in attributes if getattr(node.value, "id", "") in used)
    taken = {id(node.value) for node in attributes}
    if any(isinstance(node, ast.Name) and node.id in used and id(node) not in taken for node in _nodes(tree)):
        yield f"{_PACKAGE}.*"


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes, without what stands under ``if TYPE_CHECKING``."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
