"""What the registry knows of a measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..inputs import Floats, Rule


@dataclass(frozen=True, slots=True)
class Counts:
    """How the counts of a measure hang together.

    Attributes
    ----------
    cells : tuple of str
        The counts that zero-cell rules add to together.
    totals : mapping
        ``{total: (events, others)}``: a caller may give the total instead of the others.
    double_zero : tuple of pairs of str
        A row says nothing about the contrast if both counts of a pair are 0.
    """

    cells: tuple[str, ...]
    totals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    double_zero: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table.

    Attributes
    ----------
    label : str
        What it is called in a sentence.
    compute : function
        From checked (k,) arrays, named as in `inputs`, to ``(yi, vi)``.
    inputs : mapping
        Names of what must be given, each with the rule for its values.
    needs : str
        What a row must have to be computable, beyond every value obeying its rule.
    vtypes : tuple of str
        Kinds of sampling variance on offer, the default first.
    counts : Counts or None
        For measures of counts, how they hang together.
    add : float
        For measures of counts, what is added to zero cells unless the caller says otherwise.
    unused : tuple of str
        Inputs of the family that this measure accepts and does not need.
    ratio : bool
        Whether ``yi`` is the logarithm of the ratio that the label names.
    correct : bool or None
        Whether a correction for bias is applied unless the caller says otherwise; None where there is none to choose.
    back : (str, str) or None
        For others that are read on another scale: the scale of ``yi``, and what is read.
    """

    label: str
    compute: Callable[..., tuple[Floats, Floats]]
    inputs: Mapping[str, Rule]
    needs: str = "numbers neither too small nor too large to compute with"
    vtypes: tuple[str, ...] = ("LS",)
    counts: Counts | None = None
    add: float = 0.5
    unused: tuple[str, ...] = ()
    ratio: bool = False
    correct: bool | None = None
    back: tuple[str, str] | None = None

    @property
    def scale(self) -> str:
        """The scale of ``yi`` where it is read on another; "" else."""
        return "log" if self.ratio else self.back[0] if self.back else ""

    @property
    def what(self) -> str:
        """What is read."""
        return self.back[1] if self.back else self.label
