"""The effects frame: one row per trial, comparator, outcome and window, with the way back to the raw rows.

The formulas bring scipy with them, so they are imported where effects are asked for: loading takes a fraction of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..base.collector import collector_paused
from ..base.once import once
from ..base.tables import TrialTables
from ..effects.arguments import each_of, require_choice

if TYPE_CHECKING:
    from .align import Reported
    from .derivation import Derivation

MEASURES = ("MD100", "SMD", "ROM", "RR", "OR", "RD")
#: Choices of `TrialTables.select` that leave every effect as it is: each is a column of the effects frame.
_AMONG_EFFECTS = {"condition", "directness", "comparator", "outcome", "time", "mechanism"}
#: Ways to fill in a standard deviation (see `evidence.derive.impute`).
WAYS = ("borrow_sd", "r")


class EvidenceBase(TrialTables):
    """The trial tables, and the effects that can be had from them.

    Its tables (``studies``, ``arms``, ``results``, ``comparisons``, ``claims``, ...) are frames with the columns of the
    codebook. What is computed from them is computed once for each base.

    See Also
    --------
    evidence.load : Make one from a folder.
    evidence.pool : Pool its effects.
    evidence.claims : What it says about each claim.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load().select(condition="spinal_stenosis", comparator="sham")
    >>> db.scope
    {'condition': ('spinal_stenosis',), 'comparator': ('sham',)}
    >>> set(db.effects("SMD")["comparator"])
    {'sham'}
    """

    whole: EvidenceBase | None

    def effects(self, measure: str = "SMD", impute: str | Iterable[str] = ()) -> pd.DataFrame:
        """One effect per trial, comparator, outcome and time window; positive favours acupuncture.

        Parameters
        ----------
        measure : {"MD100", "SMD", "ROM", "RR", "OR", "RD"}
            MD100: difference of means in points of a 0-100 scale. SMD: Hedges g. ROM: log ratio of means.
            RR, OR: log risk or odds ratio. RD: risk difference.
        impute : "borrow_sd", "r" or both, optional
            Fill in standard deviations that were not printed (see `evidence.derive.impute`). Rows that rest on one
            have ``imputed`` True, say so in ``derivation``, and are chosen after those that rest on printed numbers.

        Returns
        -------
        DataFrame
            Columns ``study, label, year, condition, comparator, outcome, measured, mechanism, time, week, measure,
            yi, vi, n_acupuncture, n_comparator, style, sessions, sessions_per_week, directness,
            participants_blinded, risk_of_bias, route, derivation, confidence, imputed, result_ids, integrity``.
            ``outcome`` is the pool the row enters, ``measured`` what the trial measured; ``route`` and ``derivation``
            say how the numbers came to be, ``result_ids`` (joined by "|") lead back to results.csv. ``integrity`` is
            what `screen` says of the trial: "", "some" or "serious". Headlines leave the serious ones out;
            here they stand.

        Notes
        -----
        Without other choices by `select`, only pairs of arms enter that isolate the needling (``isolates`` and
        ``needle`` yes, no ``exclude_reason``), against something that is not acupuncture, in trials that were
        randomised. Pairs whose arms all had the same first course enter by ``select(phase="maintenance")`` alone. How
        one result is chosen for a trial is written in `evidence.derive.hierarchy`.

        Examples
        --------
        >>> import evidence as ev
        >>> effects = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability").effects()
        >>> qin = effects.set_index("study").loc["qin-2020"]
        >>> qin["measure"], qin["route"], qin["confidence"]
        ('SMD', 'arm means', 'high')
        """
        require_choice("measure", measure, MEASURES)
        for way in each_of(impute):
            require_choice("impute", way, WAYS)
        ways = tuple(map(str, each_of(impute)))
        with collector_paused():
            frame = self._imputed(measure, ways) if ways else self.derived(measure)
            return frame.assign(integrity=[self.flags.get(study, "") for study in frame["study"]])

    @once
    def excluded(self) -> pd.DataFrame:
        """Everything that enters no effect, with the reason.

        Returns
        -------
        DataFrame
            ``study, label, item, measure, reason``: ``item`` is a result row, a pair of arms (``arm : versus``) or the
            trial.
        """
        from .excluded import excluded_rows

        return excluded_rows(self, self._derivations)

    @cached_property
    def reported(self) -> dict[str, list[Reported]]:
        """Result rows by trial, turned so that a higher number is better (see `evidence.derive.align.Reported`)."""
        from .align import reported

        return reported(self)

    @cached_property
    def flags(self) -> dict[str, str]:
        """Trial to "some" or "serious", what `evidence.screen` says of it; no key where there is no concern."""
        from .screening.screen import integrity

        return integrity(self if self.whole is None else self.whole)

    @cached_property
    def serious(self) -> frozenset[str]:
        """Trials with a serious concern: what headlines leave out."""
        from .screening.screen import serious

        return serious(self if self.whole is None else self.whole)

    @cached_property
    def too_tight(self) -> frozenset[str]:
        """Trials with a serious concern for nothing but how little their scores spread."""
        from .screening.screen import too_tight

        return too_tight(self if self.whole is None else self.whole)

    @cached_property
    def _derivations(self) -> dict[str, Derivation]:
        from .derivation import Derivation

        return {measure: Derivation(self, measure, self.reported) for measure in MEASURES}

    @once
    def derived(self, measure: str) -> pd.DataFrame:
        """Effects from the rows before screening; a choice among effects takes its rows from those without that choice.

        Parameters
        ----------
        measure : str
            As for `effects`.

        Returns
        -------
        DataFrame
            `effects` without ``integrity``.

        Raises
        ------
        InvalidInput
            An unknown measure.
        """
        require_choice("measure", measure, MEASURES)
        among = {name: words for name, words in self.scope.items() if name in _AMONG_EFFECTS}
        if self.whole is None or not among or "acupuncture" in among.get("comparator", ()):
            return self._derivations[measure].effects
        others = {name: words for name, words in self.scope.items() if name not in _AMONG_EFFECTS}
        wider = _selected(self.whole, tuple(sorted(others.items()))) if others else self.whole
        frame: pd.DataFrame = wider.derived(measure)
        kept = np.logical_and.reduce([frame[name].isin(words) for name, words in among.items()])
        return frame[kept].reset_index(drop=True)

    @once
    def _imputed(self, measure: str, ways: tuple[str, ...]) -> pd.DataFrame:
        from .align import arm_sizes, baseline_sds
        from .derivation import Derivation
        from .impute import imputed

        return Derivation(self, measure, imputed(self.reported, ways, arm_sizes(self), baseline_sds(self))).effects


@once
def _selected(db: EvidenceBase, choices: tuple[tuple[str, tuple[str, ...]], ...]) -> EvidenceBase:
    return db.select(**dict(choices))  # type: ignore[arg-type]


def load(root: str | Path | None = None) -> EvidenceBase:
    """Load the evidence base: `EvidenceBase.load`.

    Parameters
    ----------
    root : path, optional
        Folder with the CSV files of the codebook. Default: the one that the environment variable ``EVIDENCE_DATA``
        names, else the data that comes with the package.

    Returns
    -------
    EvidenceBase
        The tables, typed and checked.

    Raises
    ------
    InvalidData
        With every problem of the folder: file, line, column, value and rule.

    See Also
    --------
    evidence.validate : The problems of a folder as a list.
    evidence.read_trials : Trials of one's own, one a row, from a CSV.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> db.conditions["condition"].tolist()[:2]
    ['spinal_stenosis', 'disc_herniation']
    """
    return EvidenceBase.load(root)
