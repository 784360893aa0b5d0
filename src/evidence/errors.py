"""Everything that can go wrong, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib import import_module
from types import ModuleType


class EvidenceError(Exception):
    """Root of every error this package raises on purpose."""


class InvalidInput(EvidenceError, ValueError):
    """An argument cannot be used: wrong shape, negative variance, unknown method."""


class NotEstimable(EvidenceError):
    """The numbers do not determine the quantity asked for; the message says what is missing."""


class NotConverged(UserWarning):
    """An iteration stopped before it met its tolerance; the message gives the iterate."""


class SmallSample(UserWarning):
    """The result rests on too few studies to be taken at face value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell (or row, or file) of a data table.

    Attributes
    ----------
    file : str
        Name of the table's file, without its folder.
    line : int
        Line in the file as a text editor counts it; the header is line 1, 0 means the whole file.
    column : str
        Column name, empty when the whole row or file is meant.
    value : str
        The value as the file has it.
    rule : str
        What would be right.
    """

    file: str
    line: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        column = f", column {self.column}" if self.column else ""
        value = f": {self.value!r}" if self.value else ""
        return f"{place}{column}{value}: {self.rule}"

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


class InvalidData(EvidenceError):
    """A data folder breaks its rules; ``problems`` lists every break found.

    Parameters
    ----------
    problems : iterable of Problem
        All problems found, not only the first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        shown = "\n".join(f"  {problem}" for problem in self.problems[:20])
        more = len(self.problems) - 20
        rest = f"\n  ... and {more} more" if more > 0 else ""
        plural = "problem" if len(self.problems) == 1 else "problems"
        super().__init__(f"{len(self.problems)} {plural} in the data:\n{shown}{rest}")


class MissingExtra(EvidenceError, ImportError):
    """Something needs a package that comes with an extra; the message says how to install it.

    See Also
    --------
    EvidenceError : what every error of this package is.

    Examples
    --------
    >>> import evidence as ev
    >>> issubclass(ev.MissingExtra, ImportError)
    True
    """


def require_extra(module: str, extra: str) -> ModuleType:
    """Import a package that not every installation has.

    Parameters
    ----------
    module : str
        Name of the package to import.
    extra : str
        The extra of this distribution that brings it.

    Returns
    -------
    module
        The package.

    Raises
    ------
    MissingExtra
        It is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as absent:
        if absent.name is None or not module.startswith(absent.name):  # it is there, but broken
            raise
        raise MissingExtra(
            f'{module} is not installed; it comes with: pip install "acupuncture-evidence[{extra}]"', name=module
        ) from absent
