"""A network fitted to counts of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import NotEstimable
from .adjusted_funnel import AdjustedFunnel
from .result import Network

_WORDS = {"MH": "Mantel-Haenszel", "NCH": "non-central hypergeometric"}


@dataclass(frozen=True, repr=False, eq=False)
class EventNetwork(Network):
    """Treatments compared through counts of events, in log odds ratios.

    All that a `Network` gives, with equal effects. Trials are pooled by design (the set of treatments they compare)
    first, so ``contributions()``, ``certainty()`` and ``node_split()`` speak of designs where those of a `Network`
    speak of trials.

    Attributes
    ----------
    model : {"MH", "NCH"}
        Mantel-Haenszel or non-central hypergeometric.
    left_out : tuple of str
        Trials, and arms of designs, that say nothing of an odds ratio.
    people : int
        In the arms used.
    events : int
        In the arms used.

    See Also
    --------
    network_events : Makes it.
    Network : What it shares with a network of effects.

    Examples
    --------
    >>> import evidence as ev
    >>> arms = dict(n=[50, 52, 40, 41], treatment=["needle", "sham"] * 2, study=["t1", "t1", "t2", "t2"])
    >>> net = ev.network_events([4, 9, 0, 0], **arms)
    >>> net.k, net.left_out
    (1, ('t2 (no event, or nothing but events)',))
    """

    _differs = "difference in log odds"

    model: str
    left_out: tuple[str, ...]
    people: int
    events: int

    def adjusted_funnel(self, order: Sequence[str]) -> AdjustedFunnel:
        """Not to be had: trials are pooled by design before the network is fitted.

        Parameters
        ----------
        order : sequence of str
            As for `Network`.

        Returns
        -------
        AdjustedFunnel
            Never.

        Raises
        ------
        NotEstimable
            Always; a `network` of the trials' own odds ratios has one.
        """
        raise NotEstimable("counts are pooled by design, so trials have no effects of their own here; see ev.network")

    def _title(self) -> str:
        left = f"; {self.dropped} left out" if self.dropped else ""
        counts = f"k = {self.k} trials, {len(self.treatments)} treatments, {self.events} events in {self.people} people"
        return f"Network meta-analysis of counts, {_WORDS[self.model]} ({counts}{left})"

    def _lines(self) -> list[str]:
        lines = ["log odds ratios, equal effects", *super()._lines()]
        return lines + [f"left out: {words}" for words in self.left_out]
