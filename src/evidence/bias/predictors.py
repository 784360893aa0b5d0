"""What effects are regressed on to see whether they change with the size of a study: one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..effects.arguments import require_choice
from ..errors import InvalidInput
from ..models.engine.engine import Floats
from ..models.studies import Column
from .source import Source

PredictorName = Literal["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"]


@dataclass(frozen=True, slots=True)
class Predictor:
    """A measure of a study's size.

    Attributes
    ----------
    measure : callable
        From sampling variances, or from sample sizes, to the measure, (k,) to (k,).
    by_n : bool
        Whether it takes sample sizes.
    vanishes : bool
        Whether it goes to zero as studies grow, so that the line has a limit there.
    """

    measure: Callable[[Floats], Floats]
    by_n: bool
    vanishes: bool


PREDICTORS: dict[PredictorName, Predictor] = {
    "sei": Predictor(np.sqrt, by_n=False, vanishes=True),
    "vi": Predictor(np.asarray, by_n=False, vanishes=True),
    "ni": Predictor(np.asarray, by_n=True, vanishes=False),
    "ninv": Predictor(np.reciprocal, by_n=True, vanishes=True),
    "sqrtni": Predictor(np.sqrt, by_n=True, vanishes=False),
    "sqrtninv": Predictor(lambda n: 1 / np.sqrt(n), by_n=True, vanishes=True),
}


def predictor_values(source: Source, name: PredictorName, ni: Column | None) -> Floats:
    """The predictor of each study, (k,).

    Raises
    ------
    InvalidInput
        No such predictor, or sample sizes that are missing or not positive.
    """
    require_choice("predictor", name, PREDICTORS)
    predictor = PREDICTORS[name]
    if not predictor.by_n:
        return predictor.measure(source.fit.vi)
    n = source.studies.floats(ni, "ni")
    if not ((n >= 1e-6) & (n <= 1e15)).all():
        raise InvalidInput("ni has to be positive for every study, and no number beyond 1e15 or below a millionth")
    return predictor.measure(n)
