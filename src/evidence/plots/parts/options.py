"""Options of a figure, read in one way before anything is drawn: each is of the kind that the signature says."""

from __future__ import annotations

import inspect
from ast import literal_eval
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...effects.arguments import (
    is_number,
    require_choice,
    require_count,
    require_finite,
    require_flag,
    require_level,
    shown,
)
from ...errors import InvalidInput

_P = ParamSpec("_P")
_Drawn = TypeVar("_Drawn")
#: Characters of a text, as of a cell of a data file; measuring a million would take minutes, and no figure shows them.
LONGEST = 5_000
#: Gives back the value of an option, by its name, or refuses it.
_Reader = Callable[[str, object], object]


def reads_options(function: Callable[_P, _Drawn]) -> Callable[_P, _Drawn]:
    """A figure whose options are read against their annotations when it is called.

    What it draws (a fit, a table) is no option: the figure reads that itself. Sequences come to it as tuples.
    """
    readers = {name: found for name, of in inspect.signature(function).parameters.items() if (found := _reader(of))}

    def read(name: str, value: object) -> object:
        try:
            return readers[name](name, value) if name in readers else value
        except InvalidInput as error:
            raise InvalidInput(f"{function.__name__}: {error}") from None

    @wraps(function)
    def drawn(*args: _P.args, **options: _P.kwargs) -> _Drawn:
        names = list(inspect.signature(function).parameters)[: len(args)]
        first = [read(name, value) for name, value in zip(names, args, strict=False)]
        rest = {name: read(name, value) for name, value in options.items()}
        return function(*first, *args[len(first) :], **rest)  # type: ignore[arg-type]

    return drawn


def _reader(option: inspect.Parameter) -> _Reader | None:
    kind = str(option.annotation)
    if kind.startswith("Literal"):
        choices = literal_eval(kind.removeprefix("Literal"))
        return _checked(lambda name, value: require_choice(name, value, choices))
    reader = _BY_NAME.get(option.name) or _KINDS.get(kind.removesuffix(" | None"))
    return _or_none(reader) if reader and kind.endswith(" | None") else reader


def _or_none(reader: _Reader) -> _Reader:
    return lambda name, value: None if value is None else reader(name, value)


def _checked(require: Callable[[str, object], None]) -> _Reader:
    """Of what only refuses."""

    def read(name: str, value: object) -> object:
        require(name, value)
        return value

    return read


def _of_kind(kind: type | tuple[type, ...], words: str) -> _Reader:
    def require(name: str, value: object) -> None:
        if not isinstance(value, kind):
            raise InvalidInput(f"{name} is {shown(value)}; give {words}")

    return _checked(require)


def _each(holds: Callable[[object], bool], words: str, count: int | None = None) -> _Reader:
    """A sequence, as a tuple: of so many members that all hold."""

    def read(name: str, value: object) -> object:
        ordered = isinstance(value, Sequence | pd.Series | pd.Index) and not isinstance(value, str | bytes)
        if ordered or (isinstance(value, np.ndarray) and value.ndim == 1):
            members: tuple[object, ...] = tuple(value)  # type: ignore[arg-type]
            if count in (None, len(members)) and all(map(holds, members)):
                return members
        raise InvalidInput(f"{name} is {shown(value)}; give {words}")

    return read


def _mapping(holds: Callable[[object], bool], words: str) -> _Reader:
    def require(name: str, value: object) -> None:
        if not isinstance(value, Mapping) or not all(map(holds, value.values())):
            raise InvalidInput(f"{name} is {shown(value)}; give {words}")

    return _checked(require)


def _text(name: str, value: object) -> object:
    if not isinstance(value, str) or len(value) > LONGEST:
        much = f" of {len(value)} characters" if isinstance(value, str) else ""
        raise InvalidInput(f"{name} is {shown(value)}{much}; give a text of at most {LONGEST}")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


#: By its name, where its annotation says less than must hold.
_BY_NAME: Mapping[str, _Reader] = {"level": _checked(lambda name, value: require_level(value))}
#: By its annotation; behind " | None" the option may also be absent.
_KINDS: Mapping[str, _Reader] = {
    "str": _text,
    "bool": _checked(require_flag),
    "bool | str": lambda name, value: _text(name, value) if not isinstance(value, bool | np.bool_) else value,
    "float": _checked(require_finite),
    "int": _checked(lambda name, value: require_count(name, value, 0)),
    "tuple[str, str]": _each(_is_text, "two texts", 2),
    "tuple[float, float]": _each(is_number, "two finite numbers, the smaller end first", 2),
    "tuple[float, ...]": _each(is_number, "finite numbers, in a tuple"),
    "Sequence[str]": _each(_is_text, "texts, in a list"),
    "Sequence[bool] | pd.Series": _each(lambda flag: isinstance(flag, bool | np.bool_), "True or False for each row"),
    "Sequence[object]": _each(lambda label: isinstance(label, Hashable), "labels, in a list"),
    "Mapping[str, str]": _mapping(_is_text, "a mapping of names to texts"),
    "Mapping[str, object]": _mapping(lambda _: True, "a mapping of labels to what is drawn under each"),
    "Mapping[str, float] | pd.Series": _of_kind((Mapping, pd.Series), "a mapping of names to numbers"),
    "pd.DataFrame": _of_kind(pd.DataFrame, "a frame"),
    "Axes": _of_kind(Axes, "matplotlib axes, or None for new ones"),
    "Figure": _of_kind(Figure, "a matplotlib figure"),
    "Figure | Axes": _of_kind((Figure, Axes), "a matplotlib figure or axes"),
}
