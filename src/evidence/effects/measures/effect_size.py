"""Effect sizes and their sampling variances from group statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable
from ..arguments import require_choice, require_flag, require_number
from ..inputs import Floats, Rule, label_index, read, require, require_rows
from .measure import Counts, Measure
from .measures import MEASURES
from .names import measure_name, of_frame, renamed
from .zero_cells import TO, add_to_cells, double_zero


def effect_size(
    measure: str,
    data: pd.DataFrame | None = None,
    *,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
    vtype: str = "LS",
    correct: bool | None = None,
    append: bool = False,
    **statistics: ArrayLike,
) -> pd.DataFrame:
    """Compute an effect size and its sampling variance for each row of group statistics.

    Parameters
    ----------
    measure : str
        ==========================  =================================================================================
        needs                       measures
        ==========================  =================================================================================
        m1 sd1 n1 m2 sd2 n2         MD mean difference; SMD standardized (Hedges g, exact J), SMDH by the average
                                    variance, SMD1 and SMD1H (unequal variances) by sd2; ROM log ratio of means; CVR log
                                    ratio of coefficients of variation; D2OR (D2ORL, D2ORN) log odds ratio; RPB
                                    point-biserial and RBIS biserial correlation
        sd1 n1 sd2 n2               VR log ratio of standard deviations
        ai bi ci di                 RR log risk ratio; OR log odds ratio; RD risk difference; AS arcsine difference;
        (or ai n1 ci n2)            PETO log odds ratio by Peto's method; PHI, YUQ, YUY, RTET (tetrachoric) correlation;
                                    OR2D (OR2DL, OR2DN) and PBIT standardized difference
        ai bi ci di of pairs        MPRD MPRR MPOR marginal, MPORC and MPPETO conditional: ai pairs have the event both
                                    times, bi the first time only, ci the second only, di never
        x1 t1 x2 t2                 IRR log incidence rate ratio; IRD rate difference; IRSD of the roots
        m1 m2 sd1 sd2 ni ri         MC mean change; SMCC standardized by the SD of the change, SMCR by sd1 (sd2 not
                                    needed), SMCRH the same with unequal variances; ROMC log ratio of means; CVRC, VRC
        mi sdi ni                   MN mean, MNLN its log, SMN standardized; CVLN log coefficient of variation; SDLN log
                                    standard deviation (mi not needed)
        xi ni (or xi mi)            PR proportion; PLN log; PLO logit; PRZ probit; PAS arcsine; PFT Freeman-Tukey double
                                    arcsine
        xi ti                       IR incidence rate; IRLN log; IRS root; IRFT Freeman-Tukey double root
        ri ni                       COR correlation; UCOR without bias; ZCOR Fisher's z
        ti mi ni                    PCOR partial correlation from the test ti of one of mi predictors; ZPCOR its z
        ti mi ni r2i                SPCOR semi-partial correlation; ZSPCOR its z
        ai n1 n2                    CLES probability of superiority (area under the curve)
        ai mi ni                    ARAW Cronbach's alpha of mi items; AHW, ABT transformed
        ==========================  =================================================================================

        Group (or occasion) 1 minus, or over, 2. Small letters will do.
    data : DataFrame, optional
        One row a trial: the statistics that are not given by name are its columns of these names; others are ignored.
    add : float, optional
        Added to the counts of rows chosen by `to`. Default 1/2, but 0 for AS, PHI, RTET, PAS, PFT, IRSD, IRS
        and IRFT.
    to : {"only0", "all", "if0all", "none"}
        Add to rows with a zero count, to all rows, to all rows if any has a zero count, or to none.
    drop00 : bool
        Give missing `yi` and `vi` to rows without events, or with nothing but events, in both groups.
    vtype : str
        Kind of sampling variance. "LS", by large-sample theory, is the default everywhere; MD also has "HO" (equal
        variances); SMD "LS2", "UB" (unbiased) and "AV" (at the mean effect of all rows); ROM "HO", "AV" and "AVHO";
        SMCC and SMCR "LS2"; RD and PR "UB" and "AV"; PLN, PLO, COR, PCOR and SPCOR "AV", UCOR "UB" (unbiased), too;
        PHI "ST" (groups of given size), RPB "CS" (people drawn at random); SMDH and SMCRH "LS5", metafor's since 4.6;
        SMD1 as SMD.
    correct : bool, optional
        Whether to correct for small-sample bias: by default the standardized ones, VR, CVR, SDLN and CVLN are, and ROM
        is not.
    append : bool
        Return `data` with ``yi`` and ``vi`` as further columns (in place of such columns, if it has any), which keeps
        the measure known to a fit of it.
    **statistics : scalars, (k,) arrays or Series
        The statistics in the table, by name or by metafor's name for it (``m1i sd1i n1i``). Scalars broadcast. Series
        are paired by their labels, which the result keeps.

    Returns
    -------
    DataFrame
        ``yi`` in the units of the measure (ratios as natural logarithms) and ``vi`` in squared units, k rows;
        ``attrs["measure"]`` says what they are, so that a fit can read them back. ``join`` and ``merge`` of pandas
        drop it; a column ``measure`` stays.

    Raises
    ------
    InvalidInput
        An unknown measure, missing or unknown statistics, or a value that breaks its rule: the message names the
        argument, the index and the value.
    NotEstimable
        A row from which the measure cannot be computed, such as a ratio of means of opposite signs.

    See Also
    --------
    pool : a mean of effect sizes
    mean_sd_from_quantiles : means and standard deviations that a paper leaves out
    smd_from_t : a standardized difference from a test

    Notes
    -----
    Definitions and defaults are those of metafor 3.8's ``escalc``, checked against it to 1e-8 relative, but for PCOR,
    ZPCOR, ZSPCOR and SMD1H (later versions'), RTET (solved exactly) and CLES (Hanley and McNeil's variance). Formulas
    and papers stand at the function of each measure in this package. Unlike ``escalc``, nothing becomes missing unless
    `drop00` asks for it.

    References
    ----------
    Viechtbauer (2010), Journal of Statistical Software 36(3), doi:10.18637/jss.v036.i03.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.effect_size("SMD", m1=[3.1, 2.8], sd1=2, n1=[40, 25], m2=[2.0, 2.9], sd2=2.5, n2=[42, 24]).round(3)
          yi     vi
    0  0.480  0.050
    1 -0.044  0.082
    """
    measure = measure_name(measure)
    chosen = MEASURES[measure]
    statistics = renamed(statistics)
    if data is not None:
        statistics = of_frame(chosen, data) | statistics
    require_choice("vtype", vtype, chosen.vtypes)
    if correct is not None:
        require_flag("correct", correct)
        if chosen.correct is None:
            raise InvalidInput(f"correct is {correct}, and {measure} has no correction for bias to choose")
    require_flag("append", append)
    require_choice("to", to, TO)
    amount = chosen.add if add is None else add
    require_number("add", amount, 0, math.inf, "cannot be added to cells; give a number of at least 0")
    require_flag("drop00", drop00)
    arrays = _read_statistics(measure, chosen, statistics)
    kept = np.ones(next(iter(arrays.values())).shape, dtype=bool)
    if chosen.counts:
        if drop00 and chosen.counts.double_zero:
            kept = ~double_zero(tuple((arrays[one], arrays[two]) for one, two in chosen.counts.double_zero))
            arrays = {name: values[kept] for name, values in arrays.items()}
        arrays |= add_to_cells({cell: arrays[cell] for cell in chosen.counts.cells}, amount, to)
    effects = np.full((2, kept.size), np.nan)
    if kept.any():
        choice: dict[str, Any] = {"vtype": vtype} if len(chosen.vtypes) > 1 else {}
        if chosen.correct is not None:
            choice["correct"] = chosen.correct if correct is None else correct
        with np.errstate(all="ignore"):
            yi, vi = chosen.compute(**arrays, **choice)
        _require_estimable(measure, chosen, arrays, yi, vi, np.flatnonzero(kept))
        effects[:, kept] = yi, vi
    labels = label_index(*statistics.values())
    index = labels if labels is not None and len(labels) == kept.size else None
    frame = pd.DataFrame({"yi": effects[0], "vi": effects[1]}, index)
    if append:
        frame = _appended(data, frame)
    frame.attrs["measure"] = measure
    return frame


def _appended(data: pd.DataFrame | None, effects: pd.DataFrame) -> pd.DataFrame:
    if data is None or len(data) != len(effects):
        raise InvalidInput("append=True adds the effects to data: give a frame with a row for each of them")
    return data.assign(yi=effects["yi"].to_numpy(), vi=effects["vi"].to_numpy())


def _read_statistics(measure: str, chosen: Measure, statistics: dict[str, ArrayLike]) -> dict[str, Floats]:
    """Match names, turn totals into counts, check values, broadcast to (k,)."""
    totals = chosen.counts.totals if chosen.counts else {}
    by_total = {total: pair for total, pair in totals.items() if total in statistics and pair[1] not in statistics}
    replaced = {others: total for total, (_, others) in by_total.items()}
    wanted: dict[str, Rule] = {replaced.get(name, name): rule for name, rule in chosen.inputs.items()}
    missing = [name for name in wanted if name not in statistics]
    unknown = [name for name in statistics if name not in wanted and name not in chosen.unused]
    if missing or unknown:
        raise InvalidInput(
            f"{measure} needs {', '.join(wanted)}"
            + (f"; missing: {', '.join(missing)}" if missing else "")
            + (f"; not used: {', '.join(unknown)}" if unknown else "")
        )
    values = read(**{name: (statistics[name], rule) for name, rule in wanted.items()})
    require_rows(values[0])
    arrays = dict(zip(wanted, values, strict=True))
    for total, (events, others) in by_total.items():
        require(arrays[events] <= arrays[total], events, arrays[events], f"not exceed {total}")
        arrays[others] = arrays.pop(total) - arrays[events]
    if chosen.counts:
        _require_people(chosen.counts, arrays)
    return {name: np.atleast_1d(array) for name, array in arrays.items()}


def _require_people(counts: Counts, arrays: dict[str, Floats]) -> None:
    for total, (events, others) in counts.totals.items():
        size = arrays[events] + arrays[others]
        require(size >= 1, f"{total} ({events} + {others})", size, "be 1 or more: the group is empty")


def _require_estimable(
    measure: str, chosen: Measure, arrays: dict[str, Floats], yi: Floats, vi: Floats, rows: np.ndarray
) -> None:
    vanished = (vi == 0) & (chosen.counts is None)  # spreads above 0 leave no variance: it is below all floats
    failed = np.flatnonzero(~(np.isfinite(yi) & np.isfinite(vi)) | vanished)
    if failed.size:
        at = failed[0]
        values = ", ".join(f"{name} = {float(array[at])!r}" for name, array in arrays.items())
        more = f" ({failed.size} such rows)" if failed.size > 1 else ""
        raise NotEstimable(f"{measure} needs {chosen.needs}; row {rows[at]} has {values}{more}")
