"""Checks of estimates, intervals and p values, of counts and people, and of whole effects."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ...integrity.effect_outlier import effect_outlier
from ...integrity.interval_symmetric import interval_symmetric
from ...integrity.n_flow import n_flow
from ...integrity.p_recomputed import p_recomputed
from ...integrity.percent_of_n import percent_of_n
from .finding import SERIOUS, SLIGHT, Columns, findings, weighed
from .material import Material

#: From here on, in shares of its width, an estimate stands outside the middle of its interval.
OFF_MIDDLE = 0.05
#: A studentised residual beyond this stands apart.
APART = 3.0
_SCALES = {False: "identity", True: "log"}


def p_values(material: Material) -> Iterator[Columns]:
    """`p_recomputed`, not of medians; serious where p and interval lead to different decisions.

    Where they lead to the same, another test than that behind the interval explains it.
    """
    for _, rows in _with_level(_no_medians(material.contrasts)).groupby(["log", "level"]):
        found = p_recomputed(
            p=rows["p_value"],
            estimate=rows["estimate"],
            se=rows["se"].where(~rows["log"], ""),
            ci_low=rows["ci_low"],
            ci_high=rows["ci_high"],
            df=rows["df"],
            relation=rows["p_relation"].where(rows["p_relation"] != "", "="),
            level=float(rows["level"].iloc[0]),
            scale=_SCALES[bool(rows["log"].iloc[0])],
        )
        decides = found["severity"] == "decision"
        yield findings(rows, found, weighed((decides, SERIOUS), (~decides, SLIGHT)))


def intervals(material: Material) -> Iterator[Columns]:
    """`interval_symmetric` of differences and ratios, not of medians.

    Near the middle another kind of interval (bootstrap, profile likelihood) explains it.
    """
    rows = _no_medians(material.contrasts[material.contrasts["ci_low"] != ""])
    for log, part in rows.groupby("log"):
        found = interval_symmetric(
            estimate=part["estimate"], ci_low=part["ci_low"], ci_high=part["ci_high"], scale=_SCALES[bool(log)]
        )
        yield findings(part, found, weighed(((found["number"] - 0.5).abs() < OFF_MIDDLE, SLIGHT)))


def percentages(material: Material) -> Iterator[Columns]:
    """`percent_of_n` of people with an event, where both are printed; cut off or rounded up, it is a slight misfit."""
    rows = material.counts[(material.counts["percent"] != "") & (material.counts["n"] != "")]
    found = percent_of_n(percent=rows["percent"], n=rows["n"], events=rows["events"])
    unit = [10.0 ** -len(text.partition(".")[2]) for text in rows["percent"]]
    near = (found["number"] - rows["percent"].astype(float)).abs() < unit
    yield findings(rows, found, weighed((near, SLIGHT)))


def people(material: Material) -> Iterator[Columns]:
    """`n_flow` of the arms: the most people that a result of the arm has against those randomised to it.

    The total is not asked: papers print the arms of those who completed, and their sum is then too small.
    """
    db = material.db
    of_arms = db.results["kind"].isin(["arm", "events"])
    analysed = db.results.loc[of_arms, ["study_id", "arm", "n"]].groupby(["study_id", "arm"])["n"].max()
    rows = db.arms[["study_id", "arm", "n_randomised"]].join(analysed.rename("analysed"), on=["study_id", "arm"])
    found = n_flow(randomised=rows["n_randomised"], analysed=rows["analysed"], study=rows["study_id"])
    text = [f"{n:g} randomised, {m:g} analysed" for n, m in zip(rows["n_randomised"], rows["analysed"], strict=True)]
    yield findings(rows.assign(result_id=rows["arm"], text=text), found)


def outliers(material: Material) -> Iterator[Columns]:
    """`effect_outlier` among all trials with the same outcome, whatever was treated and compared.

    Slight where chance alone puts so small a trial there: its residual is no outlier.
    """
    named = material.effects.rename(columns={"study": "study_id", "result_ids": "result_id"})
    for _, rows in named[["study_id", "result_id", "outcome", "yi", "vi"]].groupby("outcome"):
        found = effect_outlier(rows, slab="study_id")
        numbers = zip(rows["yi"], found["residual"], strict=True)
        text = [f"g {g:.2f}, {abs(z):.1f} standard errors from the others" for g, z in numbers]
        yield findings(rows.assign(text=text), found, weighed((~(found["residual"].abs() > APART), SLIGHT)))


def _no_medians(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["note"].str.contains("median", case=False)]


def _with_level(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the level of their interval; an interval without one says nothing."""
    stated = rows["ci_level"] != ""
    level = pd.to_numeric(rows["ci_level"]).where(stated, 0.95)
    ends = {name: rows[name].where(stated, "") for name in ("ci_low", "ci_high")}
    return rows.assign(level=level, **ends)
