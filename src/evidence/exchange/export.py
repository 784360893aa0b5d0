"""Effects of a base in the shape another tool reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..derive.evidence_base import MEASURES, EvidenceBase
from ..effects.arguments import require_choice
from ..errors import InvalidInput
from .contrasts import Contrast, contrasts
from .to_metafor import to_metafor, write_metafor
from .to_metapsy import to_metapsy, write_metapsy
from .to_revman import to_revman, write_revman


@dataclass(frozen=True)
class Target:
    """A format to export to.

    Attributes
    ----------
    frame : function
        Contrasts to a frame in the format's columns.
    write : function
        That frame and a path to a file with the format's separators.
    measures : tuple of str
        Measures that the format has a place for.
    """

    frame: Callable[[Sequence[Contrast]], pd.DataFrame]
    write: Callable[[pd.DataFrame, Path], None]
    measures: tuple[str, ...] = MEASURES


TARGETS: Mapping[str, Target] = {
    "revman": Target(to_revman, write_revman),
    "metapsy": Target(to_metapsy, write_metapsy, ("SMD", "RR")),
    "metafor": Target(to_metafor, write_metafor),
}


def export(db: EvidenceBase, format: str, path: str | Path | None = None, *, measure: str = "SMD") -> pd.DataFrame:
    """Effects of a base, with the statistics behind them, as RevMan, metapsy or metafor read them.

    Parameters
    ----------
    db : EvidenceBase
        The base, or a part of it chosen with ``select``: its effects are exported.
    format : {"revman", "metapsy", "metafor"}
        The tool to export to.
    path : path, optional
        Write the table into this CSV as well, with the separators that the format asks for.
    measure : {"SMD", "MD100", "ROM", "RR", "OR", "RD"}
        Measure of the effects; metapsy has columns for SMD and RR.

    Returns
    -------
    DataFrame
        One row an effect (revman: an arm, or a contrast). Columns that the format has but the base does not fill are
        there and empty. In revman and metapsy the outcome is the one that was measured, once, even where it stands
        in for others.

    Raises
    ------
    InvalidInput
        The format, measure or folder is not known, or the format has no place for the measure.

    See Also
    --------
    evidence.EvidenceBase.effects : The effects that are exported.
    evidence.read_trials : Trials of one's own from a CSV.

    Notes
    -----
    Means, SDs and sizes (or counts) of the two sides are given where they give the effect exactly; several arms of a
    side are joined to one group. Where they do not, because the effect was had from a printed difference, an interval
    or a p value, the effect stands with its standard error.

    Statistics stand on the scale of their instrument: acupuncture minus comparator, and changes as final minus
    baseline. So does a pre-calculated effect of revman and metapsy (``precalc_g``, ``Mean``): on a pain scale less
    pain is negative. In metafor's frame ``yi`` and ``vi`` are those of `EvidenceBase.effects`, positive favours
    acupuncture; ``escalc(measure = escalc, m1i, sd1i, ...)`` multiplied by ``factor`` gives ``yi``, and its variance
    multiplied by ``factor`` squared ``vi``.

    - **metafor**: ``study, slab, year, condition, comparator, outcome, time, week, measure, yi, vi, m1i, sd1i, n1i,
      m2i, sd2i, n2i, ai, bi, ci, di, escalc, factor, result_ids``.
    - **metapsy**: the columns of the Metapsy data standard, arm 1 being acupuncture, then ``year, condition, outcome,
      higher_is_better, result_ids``. The file has semicolons and decimal commas, as the standard asks.
    - **revman**: the columns of RevMan's template "Study results". ``Mean`` of a contrast of ratios is its logarithm.

    References
    ----------
    Metapsy data standard, <https://docs.metapsy.org/data-preparation/format/>. RevMan Knowledge Base, "Data extraction
    templates". Viechtbauer (2010), Conducting meta-analyses in R with the metafor package, Journal of Statistical
    Software 36(3), doi:10.18637/jss.v036.i03.

    Examples
    --------
    >>> import evidence as ev
    >>> stenosis = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability")
    >>> frame = ev.export(stenosis, "metapsy").set_index("study")
    >>> frame.loc["Qin, 2020", ["mean_change_arm1", "mean_change_arm2"]].astype(float).tolist()
    [-4.1, -1.5]
    """
    if not isinstance(db, EvidenceBase):
        raise InvalidInput(f"db={db!r}: must be an evidence base, as ev.load() gives it")
    require_choice("format", format, tuple(TARGETS))
    target = TARGETS[format]
    require_choice("measure", measure, MEASURES)
    if measure not in target.measures:
        raise InvalidInput(f"measure={measure!r}: {format} has columns for {' and '.join(target.measures)}")
    if path is not None and not Path(path).parent.is_dir():
        raise InvalidInput(f"{Path(path).parent}: there is no such folder")
    frame = target.frame(contrasts(db, measure))
    if path is not None:
        target.write(frame, Path(path))
    return frame
