"""What a fit can be asked for, each said once: the estimators of tau2 and the tests of a coefficient.

An estimator is a record here and a branch of `tau2.estimate_tau2`. Lists of choices, error texts, standard errors and
the words that readers see follow from the records; the `Literal` types repeat their names for type checkers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from . import standard_errors as se
from .standard_errors import StandardError

Method = Literal["EE", "DL", "HE", "HS", "HSk", "SJ", "SJIT", "ML", "REML", "EB", "PM", "PMM", "DLIT", "GENQ"]
Test = Literal["z", "t", "hksj", "hksj-adhoc"]


@dataclass(frozen=True, slots=True)
class Estimator:
    """An estimator of the between-study variance.

    Attributes
    ----------
    words : str
        Its name for readers.
    standard_error : callable or None
        Its large-sample standard error; None where nothing is estimated.
    likelihood : bool
        Whether it maximises a likelihood, so that likelihood ratios and profile intervals exist.
    needs_weights : bool
        Whether it is defined by weights of the user's.
    """

    words: str
    standard_error: Callable[[StandardError], float] | None
    likelihood: bool = False
    needs_weights: bool = False

    @property
    def random(self) -> bool:
        """Whether there is a between-study variance at all."""
        return self.standard_error is not None


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


#: Their order is that of the codes in `tau2`.
ESTIMATORS: Mapping[Method, Estimator] = {
    "EE": Estimator("common effect", None),
    "DL": Estimator("DerSimonian-Laird", se.of_dl),
    "HE": Estimator("Hedges", se.of_he),
    "HS": Estimator("Hunter-Schmidt", se.of_hs),
    "HSk": Estimator("Hunter-Schmidt, corrected for k", se.of_hsk),
    "SJ": Estimator("Sidik-Jonkman", se.of_sj),
    "SJIT": Estimator("Sidik-Jonkman, iterated", se.of_root),
    "ML": Estimator("maximum likelihood", se.of_ml, likelihood=True),
    "REML": Estimator("REML", se.of_reml, likelihood=True),
    "EB": Estimator("empirical Bayes", se.of_root),
    "PM": Estimator("Paule-Mandel", se.of_root),
    "PMM": Estimator("Paule-Mandel, median-unbiased", se.of_root),
    "DLIT": Estimator("DerSimonian-Laird, iterated", se.of_root),
    "GENQ": Estimator("generalised Q", se.of_genq, needs_weights=True),
}
TESTS: Mapping[Test, CoefficientTest] = {
    "z": CoefficientTest("normal", t=False),
    "t": CoefficientTest("t"),
    "hksj": CoefficientTest("Knapp-Hartung", scaled=True),
    "hksj-adhoc": CoefficientTest("Knapp-Hartung, never narrower than the normal one", scaled=True, least=1.0),
}
METHODS: tuple[Method, ...] = tuple(ESTIMATORS)
