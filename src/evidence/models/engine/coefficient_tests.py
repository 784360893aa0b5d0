"""The tests of a coefficient that a fit can be asked for, each said once.

Lists of choices, error texts and the words that readers see follow from the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Test = Literal["z", "t", "hksj", "hksj-adhoc"]


@dataclass(frozen=True, slots=True)
class CoefficientTest:
    """A test of a coefficient, with the interval that belongs to it.

    Attributes
    ----------
    words : str
        Its name for readers.
    t : bool
        Whether it uses t with k - p degrees of freedom, not the normal distribution.
    scaled : bool
        Whether the variance is multiplied by Knapp & Hartung's factor.
    least : float
        What that factor does not fall below.
    """

    words: str
    t: bool = True
    scaled: bool = False
    least: float = 0.0


TESTS: Mapping[Test, CoefficientTest] = {
    "z": CoefficientTest("normal", t=False),
    "t": CoefficientTest("t"),
    "hksj": CoefficientTest("Knapp-Hartung", scaled=True),
    "hksj-adhoc": CoefficientTest("Knapp-Hartung, never narrower than the normal one", scaled=True, least=1.0),
}
