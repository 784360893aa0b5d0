"""Everything that can go wrong, by name.

Examples
--------
>>> import evidence as ev
>>> try:
...     ev.pool([0.2, 0.4], [0.04, -1])
... except ev.EvidenceError as error:
...     print(error)
study 'Study 2' has a negative vi (yi = 0.4, vi = -1.0)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib import import_module
from types import ModuleType


class EvidenceError(Exception):
    """Root of every error this package raises on purpose.

    See Also
    --------
    InvalidInput : An argument cannot be used.
    InvalidData : A data folder breaks its rules.
    NotEstimable : The numbers do not determine what is asked.

    Examples
    --------
    >>> import evidence as ev
    >>> try:
    ...     ev.pool([0.1, 0.4], [0.02, -0.03])
    ... except ev.EvidenceError as error:
    ...     print(type(error).__name__)
    InvalidInput
    """


class InvalidInput(EvidenceError, ValueError):
    """An argument cannot be used: wrong shape, negative variance, unknown method.

    See Also
    --------
    NotEstimable : The arguments are right, but do not determine the quantity.
    InvalidData : The same for a table, with every problem at once.

    Examples
    --------
    >>> import evidence as ev
    >>> try:
    ...     ev.load().effects("points")
    ... except ev.InvalidInput as error:
    ...     print(error)
    measure 'points' is unknown; choose one of MD100, SMD, ROM, RR, OR, RD
    """


class NotEstimable(EvidenceError):
    """The numbers do not determine the quantity asked for; the message says what is missing.

    See Also
    --------
    InvalidInput : An argument is wrong in itself.

    Examples
    --------
    >>> import evidence as ev
    >>> try:
    ...     ev.effect_size("ROM", m1=-2, sd1=1, n1=20, m2=3, sd2=1, n2=20)
    ... except ev.NotEstimable as error:
    ...     print(str(error).split(";")[0])
    ROM needs two means of the same sign, neither of them 0
    """


class MissingExtra(EvidenceError, ImportError):
    """A part of the package that is installed on request is not there; the message holds the command.

    See Also
    --------
    EvidenceError : The root of all errors.

    Examples
    --------
    >>> import evidence as ev
    >>> issubclass(ev.MissingExtra, ImportError)
    True
    """


class NotWritten(EvidenceError, OSError):
    """A file or folder could not be written, and is as it was; the message holds the reason.

    See Also
    --------
    EvidenceError : The root of all errors.

    Examples
    --------
    >>> from pathlib import Path
    >>> import evidence as ev
    >>> from evidence.files import write
    >>> try:
    ...     _ = write(Path("/dev/null/results.csv"), b"")
    ... except ev.NotWritten as error:
    ...     print(str(error).split(":")[0])
    /dev/null/results.csv was not written, and is as it was
    """


class NotConverged(UserWarning):
    """An iteration stopped before it met its tolerance; the message gives the iterate.

    See Also
    --------
    SmallSample : Another warning.

    Examples
    --------
    >>> import warnings
    >>> import evidence as ev
    >>> warnings.simplefilter("error", ev.NotConverged)  # as an error, where nobody reads warnings
    """


class SmallSample(UserWarning):
    """The result rests on too few studies to be taken at face value.

    See Also
    --------
    NotConverged : Another warning.

    Examples
    --------
    >>> import warnings
    >>> import evidence as ev
    >>> warnings.simplefilter("ignore", ev.SmallSample)  # where the caution is said elsewhere
    """


class Incomplete(UserWarning):
    """Rows were left out of a table of results, or some of its numbers cannot be had; the message counts them.

    See Also
    --------
    NotEstimable : The same where there is one result, and none can be given.
    SmallSample : Another warning.

    Examples
    --------
    >>> import warnings
    >>> import evidence as ev
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     table = ev.pool_many(["a", "a", None], [0.2, 0.4, 0.1], [0.04, 0.02, 0.05])
    >>> print(told[0].message)
    1 of 3 rows has no group and is left out
    """


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

    See Also
    --------
    evidence.validate : The problems of a folder.
    InvalidData : The error that carries them.

    Examples
    --------
    >>> import evidence as ev
    >>> print(ev.Problem("claims.csv", 2, "outcome", "pian", "is not in outcomes.csv; did you mean pain?"))
    claims.csv, line 2, column outcome: 'pian': is not in outcomes.csv; did you mean pain?
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
        """The same as a dictionary, for a frame or JSON.

        Returns
        -------
        dict
            ``file``, ``line``, ``column``, ``value`` and ``rule``.
        """
        return asdict(self)


class InvalidData(EvidenceError):
    """A data folder breaks its rules; ``problems`` lists every break found.

    Parameters
    ----------
    problems : iterable of Problem
        All problems found, not only the first.

    See Also
    --------
    evidence.validate : The same problems as a list.
    Problem : One of them.

    Examples
    --------
    >>> import evidence as ev
    >>> try:
    ...     ev.load("no/such/folder")
    ... except ev.InvalidData as error:
    ...     print(error.problems[0].rule)
    is not a folder with the CSV files of the codebook
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        shown = "\n".join(f"  {problem}" for problem in self.problems[:20])
        more = len(self.problems) - 20
        rest = f"\n  ... and {more} more" if more > 0 else ""
        plural = "problem" if len(self.problems) == 1 else "problems"
        super().__init__(f"{len(self.problems)} {plural} in the data:\n{shown}{rest}")


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
