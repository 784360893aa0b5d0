"""Whether a marker and pain move together from trial to trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..effects.arguments import require_between, require_kind
from ..languages import _, joined, ngettext, pointed
from ..models.bivariate.bivariate import bivariate
from ..models.bivariate.result import Bivariate
from ..models.result import Result
from .claims.question import WINDOW_ORDER
from .context import Context
from .wording.vocabulary import Vocabulary
from .wording.words import number, trials

#: Correlation of a marker's sampling error with that of pain within a trial: hardly ever printed; 0 to 0.8 bounds it.
WITHIN = 0.3


LEAST_PAIRS = 3


@dataclass(frozen=True, repr=False, eq=False)
class MechanismLink(Result):
    """How the effect on a marker and the effect on an outcome go together across trials.

    Attributes
    ----------
    marker : str
        What is measured of the mechanism; several joined by "|".
    outcome : str
        What it is thought to explain.
    comparator : str
        What acupuncture is compared with.
    pairs : DataFrame
        Trials with both effects: ``study, label, condition, comparator, marker, time, yi_marker, vi_marker, yi, vi``.
    fit : Bivariate or None
        None with fewer than three trials.
    rho_within : float
        The correlation of the two sampling errors in a trial that was assumed.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    mechanism_link : makes it.
    mechanism_pools : the effect on each marker alone.

    Examples
    --------
    >>> import evidence as ev
    >>> link = ev.mechanism_link(ev.load(), marker="crp")
    >>> link.fit is None and "too few to tell" in link.sentence()
    True
    """

    marker: str
    outcome: str
    comparator: str
    pairs: pd.DataFrame
    fit: Bivariate | None
    rho_within: float
    words: Vocabulary

    def _rows(self) -> pd.DataFrame:
        return self.pairs.reset_index(drop=True)

    def _title(self) -> str:
        marker, outcome = self.words.does(self.marker)[1], self.words.does(self.outcome)[1]
        return (
            f"{marker} and {outcome} across {trials(len(self.pairs))} against {self.words.comparators[self.comparator]}"
        )

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame:
        return self.pairs

    def sentence(self) -> str:
        """What the association permits to say.

        Returns
        -------
        str
            A few plain sentences.
        """
        marker, outcome = self.words.does(self.marker)[1], self.words.does(self.outcome)[1]
        about = {"marker": marker, "outcome": outcome, "comparator": self.words.comparators[self.comparator]}
        if self.fit is None:
            return _too_few(len(self.pairs), about)
        caveat = _("This compares trials, not the people in them, and cannot show that one causes the other.")
        about["trials"] = trials(len(self.pairs))
        if self.fit.rho is None:
            said = _(
                "Across {trials} against {comparator}, one of the effects on {marker} and {outcome} does not vary, so "
                "how they go together cannot be said.",
                **about,
            )
            return joined(said, caveat)
        low, high = self.fit.rho_ci
        about["numbers"] = _(
            "correlation {rho}, {low} to {high}, if sampling errors in a trial correlate at {within}",
            rho=number(self.fit.rho),
            low=number(low),
            high=number(high),
            within=pointed(f"{self.rho_within:g}"),
        )
        if low > 0:
            said = _(
                "Across {trials} against {comparator}, where {marker} moves more in the claimed direction, {outcome} "
                "improves more ({numbers}).",
                **about,
            )
        elif high < 0:
            said = _(
                "Across {trials} against {comparator}, where {marker} moves more in the claimed direction, {outcome} "
                "improves less ({numbers}).",
                **about,
            )
        else:
            said = _(
                "Across {trials} against {comparator}, whether effects on {marker} and {outcome} go together is open "
                "({numbers}).",
                **about,
            )
        return joined(said, caveat)


def _too_few(k: int, about: dict[str, str]) -> str:
    if not k:
        return _(
            "Against {comparator}, no trial gives numbers for both {marker} and {outcome}: too few to tell whether "
            "they move together.",
            **about,
        )
    return ngettext(
        "Against {comparator}, one trial gives numbers for both {marker} and {outcome}: too few to tell whether they "
        "move together.",
        "Against {comparator}, {n} trials give numbers for both {marker} and {outcome}: too few to tell whether they "
        "move together.",
        k,
        **about,
    )


def mechanism_link(
    db: EvidenceBase, *, marker: str, outcome: str = "pain", comparator: str = "sham", rho_within: float = WITHIN
) -> MechanismLink:
    """Associate the effect on a marker with the effect on an outcome, across trials that report both.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    marker : str
        An outcome such as "tnf_alpha", or several joined by "|": a trial enters by the first of them that it has.
    outcome : str
        What the marker is thought to explain.
    comparator : str
        What acupuncture is compared with.
    rho_within : float
        Correlation of the two sampling errors of a trial, which papers do not print: vary it.

    Returns
    -------
    MechanismLink
        With fewer than three trials there is no fit, and the sentence says so.

    See Also
    --------
    mechanism_pools : the effect on each marker alone.

    Notes
    -----
    `bivariate` random effects (van Houwelingen, Arends & Stijnen 2002). Both effects are standardised differences,
    above 0 in favour of acupuncture; of several windows the first of short, intermediate, long, immediate, unstated in
    which a trial has both. An association between trials says nothing about the people in them.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.mechanism_link(ev.load(), marker="range_of_motion").comparator
    'sham'
    """
    context = Context.of(db)
    require_kind("marker", marker, str, 'an outcome, or several joined by "|"')
    for each in marker.split("|"):
        require_words(db, outcome=each)
    require_words(db, outcome=outcome, comparator=comparator)
    require_between("rho_within", rho_within, -1, 1)
    return link_effects(context.effects("SMD"), marker, outcome, comparator, context.words, rho_within)


def link_effects(
    effects: pd.DataFrame,
    marker: str,
    outcome: str,
    comparator: str,
    words: Vocabulary,
    rho_within: float = WITHIN,
) -> MechanismLink:
    """`mechanism_link` of an effects frame."""
    against = effects[effects["comparator"] == comparator]
    place = {name: at for at, name in enumerate(marker.split("|"))}
    moment = {name: at for at, name in enumerate(WINDOW_ORDER)}
    theirs = {(row["study"], row["time"]): row for row in rows_of(against[against["outcome"] == outcome])}
    found: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {}
    for row in rows_of(against[against["outcome"].isin(list(place))]):
        other = theirs.get((row["study"], row["time"]))
        if other is None:
            continue
        order = moment[row["time"]], place[row["outcome"]]
        if row["study"] not in found or order < found[row["study"]][0]:
            pair = {name: row[name] for name in ("study", "label", "condition", "comparator", "time")}
            pair |= {"marker": row["outcome"], "yi_marker": row["yi"], "vi_marker": row["vi"]}
            found[row["study"]] = order, pair | {"yi": other["yi"], "vi": other["vi"]}
    columns = ["study", "label", "condition", "comparator", "marker", "time", "yi_marker", "vi_marker", "yi", "vi"]
    pairs = pd.DataFrame([pair for _, pair in found.values()], columns=columns)
    fit = None
    if len(pairs) >= LEAST_PAIRS:
        fit = bivariate(pairs["yi_marker"], pairs["vi_marker"], pairs["yi"], pairs["vi"], rho_within)
    return MechanismLink(marker, outcome, comparator, pairs, fit, rho_within, words)
