"""What is asked: a question, a model, and which of its trials count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...languages import N_, Spoken
from ...models.engine import coefficient_tests
from ...models.engine.coefficient_tests import Test
from ...models.engine.estimators import ESTIMATORS, Method

#: Parts of a question, in the order in which they narrow the trials.
PARTS = ("condition", "comparator", "outcome", "time", "measure")
Model = Method | Literal["tables", "Bayes"]
#: "tables" is what `evidence.answers.pooling` decides; its interval and that of "Bayes" follow from the model.
METHODS: Mapping[str, str] = Spoken(
    {
        "tables": N_("as in the tables (Bayes for two to four trials)"),
        "Bayes": N_("Bayesian random effects"),
        **{
            name: f"random effects, {each.words}" if each.random else each.words
            for name, each in ESTIMATORS.items()
            if not each.needs_weights
        },
    }
)
TESTS: Mapping[str, str] = Spoken({name: test.words for name, test in coefficient_tests.TESTS.items()})
#: Of these, what is not a name: it has a translation.
TRANSLATED = (
    *(N_("random effects, DerSimonian-Laird"), N_("random effects, DerSimonian-Laird, iterated")),
    *(N_("random effects, Hedges"), N_("random effects, Hunter-Schmidt")),
    *(N_("random effects, Hunter-Schmidt, corrected for k"), N_("random effects, Sidik-Jonkman")),
    *(N_("random effects, Sidik-Jonkman, iterated"), N_("random effects, maximum likelihood")),
    *(N_("random effects, REML"), N_("random effects, empirical Bayes"), N_("random effects, Paule-Mandel")),
    *(N_("random effects, Paule-Mandel, median-unbiased"), N_("normal")),
    N_("Knapp-Hartung, never narrower than the normal one"),
)
#: Events are compared by risk ratio (docs/method.md), all else by standardised difference.
_EVENTS = ("responder", "adverse_event")


@dataclass(frozen=True)
class Choice:
    """A question, a model, and which of its trials count.

    ``outcome``, ``time`` and ``measure`` are empty where the trials of a comparison give no number at all; ``test``
    is of the models that leave one to choose. ``left_out`` are trials left out by hand; ``blinded``, ``scores``,
    ``direct`` and ``style`` keep trials of one kind only (see `filters`); ``flagged`` counts those, too, whose numbers
    cannot be right as printed.
    """

    condition: str
    comparator: str
    outcome: str = ""
    time: str = ""
    measure: str = ""
    method: Model = "tables"
    test: Test = "hksj-adhoc"
    left_out: frozenset[str] = frozenset()
    blinded: bool = False
    scores: bool = False
    direct: bool = False
    style: str = ""
    flagged: bool = False

    @property
    def tested(self) -> bool:
        """Whether the model leaves the interval to choose."""
        return self.method in ESTIMATORS

    @property
    def question(self) -> tuple[str, ...]:
        """The values of `PARTS`."""
        return (self.condition, self.comparator, self.outcome, self.time, self.measure)

    def by_default(self) -> Choice:
        """The same question as the project answers it: its measure and model, every trial."""
        return Choice(self.condition, self.comparator, self.outcome, self.time, usual_measure(self.outcome))


def usual_measure(outcome: str) -> str:
    """Measure in which the project reports an outcome."""
    return "RR" if outcome in _EVENTS else "SMD"
