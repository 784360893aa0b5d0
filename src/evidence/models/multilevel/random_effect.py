"""What a user says of a random effect: whose it is, what it varies within, and how its values go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from ...effects.arguments import is_number, require_choice, shown
from ...errors import InvalidInput

Structure = Literal["ID", "DIAG", "CS", "HCS", "UN", "AR", "HAR", "CAR"]

STRUCTURES: dict[Structure, str] = {
    "ID": "independent, one variance",
    "DIAG": "independent, a variance for each",
    "CS": "compound symmetry",
    "HCS": "compound symmetry, a variance for each",
    "UN": "unstructured",
    "AR": "autoregressive",
    "HAR": "autoregressive, a variance for each",
    "CAR": "continuous-time autoregressive",
}


@dataclass(frozen=True, eq=False)
class RandomEffect:
    """A random effect of a model of dependent rows.

    Attributes
    ----------
    effect : str
        Column whose values have an effect each: a trial, a species, an outcome, a week. "row" is each row by itself.
    within : str, optional
        Column of the groups in which the effects are drawn anew: outcomes within trials, schools within districts.
    structure : {"ID", "DIAG", "CS", "HCS", "UN", "AR", "HAR", "CAR"}
        Covariance of the effects of a group. "ID", the default: independent with one variance, so that a column within
        another is nested in it; "DIAG": independent, a variance for each value; "CS": one variance and one correlation;
        "HCS": a variance for each, one correlation; "UN": all variances and correlations; "AR", "HAR": correlation
        rho^\\|i - j\\| of the i-th and the j-th value, of one or several variances; "CAR": rho^\\|difference\\| of
        values that are numbers, such as weeks.
    R : DataFrame, optional
        Known correlations of the effects, with the values as index and columns, such as those of a phylogeny; without
        ``within``. A covariance matrix is scaled to correlations.
    tau2 : float or mapping, optional
        A known variance, or one for each value that has one: {"pain": 0.04}.
    rho : float or mapping, optional
        A known correlation, or those of pairs of values under "UN": {("pain", "function"): 0.7}.

    See Also
    --------
    multilevel : Takes them as ``random``.
    MixedModel : What it then returns.

    References
    ----------
    Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, ch. 5.3.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.RandomEffect("outcome", within="trial", structure="UN").name
    'outcome within trial'
    """

    effect: str
    within: str | None = None
    structure: Structure = "ID"
    R: pd.DataFrame | None = None
    tau2: float | Mapping[str, float] | None = None
    rho: float | Mapping[tuple[str, str], float] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.effect, str) or not (self.within is None or isinstance(self.within, str)):
            raise InvalidInput(
                f"a random effect of {shown(self.effect)} within {shown(self.within)}: give names of columns"
            )
        require_choice("structure", self.structure, get_args(Structure))
        if self.within is None and self.structure != "ID":
            raise InvalidInput(
                f"structure {self.structure!r} of {self.effect!r} needs within=: the groups it repeats in"
            )
        if self.R is not None and self.within is not None:
            raise InvalidInput(f"R of {self.effect!r} correlates all its values; leave out within={self.within!r}")
        if self.rho is not None and self.structure in ("ID", "DIAG"):
            raise InvalidInput(f"structure {self.structure!r} has no correlation; leave out rho={shown(self.rho)}")
        for name, value, low in (("tau2", self.tau2, 0.0), ("rho", self.rho, -1.0)):
            for each in value.values() if isinstance(value, Mapping) else [] if value is None else [value]:
                if not is_number(each) or each < low or (name == "rho" and each > 1):
                    what = "a variance is a number from 0 up" if name == "tau2" else "a correlation lies from -1 to 1"
                    raise InvalidInput(f"{name} of {self.effect!r} is {shown(each)}; {what}")

    @property
    def name(self) -> str:
        """The effect, and what it is within."""
        return self.effect if self.within is None else f"{self.effect} within {self.within}"
