"""The effects frame: one row per trial, comparator, outcome and window, with the way back to the raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..base.tables import TrialTables
from ..errors import InvalidInput
from .align import Reported, arm_sizes, baseline_sds, reported
from .derivation import Derivation
from .excluded import excluded_rows
from .impute import WAYS, imputed

MEASURES = ("MD100", "SMD", "ROM", "RR", "OR", "RD")


class EvidenceBase(TrialTables):
    """The trial tables, and the effects that can be had from them."""

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
            participants_blinded, risk_of_bias, route, derivation, confidence, imputed, result_ids``. ``outcome`` is
            the pool the row enters, ``measured`` what the trial measured; ``route`` and ``derivation`` say how the
            numbers came to be, ``result_ids`` (joined by "|") lead back to results.csv.

        Notes
        -----
        Without other choices by `select`, only pairs of arms enter that isolate the needling (``isolates`` and
        ``needle`` yes, no ``exclude_reason``), against something that is not acupuncture, in trials that were
        randomised. How one result is chosen for a trial is written in `evidence.derive.hierarchy`.

        Examples
        --------
        >>> import evidence as ev
        >>> effects = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability").effects()
        >>> effects["study"].tolist()
        ['qin-2020', 'zhu-2024']
        """
        if measure not in MEASURES:
            raise InvalidInput(f"measure={measure!r}: choose among {', '.join(MEASURES)}")
        ways = (impute,) if isinstance(impute, str) else tuple(impute)
        unknown = [way for way in ways if way not in WAYS]
        if unknown:
            raise InvalidInput(f"impute={unknown[0]!r}: choose among {', '.join(WAYS)}")
        if ways:
            rows = imputed(self.reported, ways, arm_sizes(self), baseline_sds(self))
            return Derivation(self, measure, rows).effects
        return self._derivations[measure].effects.copy()

    def excluded(self) -> pd.DataFrame:
        """Everything that enters no effect, with the reason.

        Returns
        -------
        DataFrame
            ``study, item, measure, reason``: ``item`` is a result row, a pair of arms (``arm : versus``) or the trial.
        """
        return excluded_rows(self, self._derivations)

    @cached_property
    def reported(self) -> dict[str, list[Reported]]:
        """Result rows by trial, turned so that a higher number is better (see `evidence.derive.align.Reported`)."""
        rows: dict[str, list[Reported]] = defaultdict(list)
        for study, row in reported(self):
            rows[study].append(row)
        return rows

    @cached_property
    def _derivations(self) -> dict[str, Derivation]:
        return {measure: Derivation(self, measure, self.reported) for measure in MEASURES}


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

    Raises
    ------
    InvalidData
        With every problem of the folder: file, line, column, value and rule.
    """
    return EvidenceBase.load(root)
