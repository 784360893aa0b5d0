"""Checks of means and SDs of arms."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ...integrity.baseline_balance import baseline_balance
from ...integrity.correlation_implied import correlation_implied
from ...integrity.grim import grim
from ...integrity.grimmer import grimmer
from ...integrity.reference import LIMIT
from ...integrity.same_numbers import same_numbers
from ...integrity.sd_plausible import sd_plausible
from ...integrity.se_as_sd import se_as_sd
from .finding import SERIOUS, Columns, findings, weighed
from .material import Material

#: A standardised difference beyond which an extraordinarily small SD is what makes it (see `effect_outlier`).
LARGEST = 2.0
_MEASURED = ["study_id", "arm", "outcome", "instrument_id", "instrument"]


def whole_means(material: Material) -> Iterator[Columns]:
    """`grim` of the means of scales that have whole numbers only, where their people are printed."""
    rows = _whole(material)
    yield findings(rows, grim(mean=rows["mean"], n=rows["n"]))


def whole_spreads(material: Material) -> Iterator[Columns]:
    """`grimmer` of the same rows where an SD is printed, too."""
    rows = _whole(material)
    rows = rows[rows["sd"] != ""]
    yield findings(rows, grimmer(mean=rows["mean"], sd=rows["sd"], n=rows["n"]))


def spreads(material: Material) -> Iterator[Columns]:
    """`sd_plausible`: the bounds that scale, mean and n set, and scores of pain and disability among all others.

    Serious: an SD beyond its bounds; one extraordinarily small *and* a standardised difference beyond `LARGEST` made
    from it.
    """
    for rows, unit, reference in material.by_scale:
        found = sd_plausible(
            mean=rows["mean"],
            sd=rows["sd"],
            n=rows["people"],
            low=rows["low"],
            high=rows["high"],
            reference=None if reference is None else reference * unit,
        )
        beyond = rows["spread"] > found["most"]
        tiny = (found["z"] < -LIMIT) & (rows["effect"] > LARGEST)
        yield findings(rows, found, weighed((beyond | tiny, SERIOUS)))


def standard_errors(material: Material) -> Iterator[Columns]:
    """`se_as_sd` of scores of pain and disability; serious where the standardised difference is beyond `LARGEST`."""
    for rows, unit, reference in material.by_scale:
        if reference is not None:
            found = se_as_sd(sd=rows["sd"], n=rows["people"], reference=reference * unit)
            yield findings(rows, found, weighed((rows["effect"] > LARGEST, SERIOUS)))


def correlations(material: Material) -> Iterator[Columns]:
    """`correlation_implied` of arms that print the SDs of baseline, final score and change of one instrument."""
    rows = material.scores[material.scores["sd"] != ""]
    by = {name: rows[rows["statistic"] == name] for name in ("baseline", "final", "change")}
    joined = by["baseline"].merge(by["final"], on=_MEASURED, suffixes=("_pre", "_post"))
    joined = joined.merge(by["change"], on=_MEASURED)
    joined = joined[(joined["week_post"] == joined["week"]) & (joined["when_post"] == joined["when"])]
    found = correlation_implied(sd_pre=joined["sd_pre"], sd_post=joined["sd_post"], sd_change=joined["sd"])
    text = "SDs " + joined["sd_pre"] + ", " + joined["sd_post"] + ", of the change " + joined["sd"]
    yield findings(joined.assign(text=text), found)


def shared_numbers(material: Material) -> Iterator[Columns]:
    """`same_numbers`: a mean with its SD and people in several trials, or in several arms of one."""
    rows = material.scores[(material.scores["sd"] != "") & (material.scores["n"] != "")]
    arms = rows["arm"] + " " + rows["statistic"]
    found = same_numbers(mean=rows["mean"], sd=rows["sd"], n=rows["n"], study=rows["study_id"], arm=arms)
    where = found["elsewhere"].where(found["elsewhere"] == "", ", also in " + found["elsewhere"])
    yield findings(rows.assign(text=rows["text"] + where), found)


def balance(material: Material) -> Iterator[Columns]:
    """`baseline_balance` of the trials with at least three measures before treatment."""
    rows = material.scores[(material.scores["statistic"] == "baseline") & (material.scores["sd"] != "")]
    rows = rows.assign(variable=rows["outcome"] + " " + rows["instrument"])
    rows = rows[(rows["people"] > 1) & (rows["sd"].astype(float) > 0)]
    rows = rows.drop_duplicates(["study_id", "arm", "variable"])
    found = baseline_balance(
        study=rows["study_id"], variable=rows["variable"], mean=rows["mean"], sd=rows["sd"], n=rows["people"]
    )
    text = found["variables"].astype(str) + " measures before treatment"
    yield findings(pd.DataFrame({"study_id": found["study"], "result_id": "baseline", "text": text}), found)


def _whole(material: Material) -> pd.DataFrame:
    rows = material.scores
    return rows[rows["whole"] & (rows["n"] != "")]
