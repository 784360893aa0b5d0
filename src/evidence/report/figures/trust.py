"""Figures of how far the trials can be trusted: their numbers, and the published judgements of bias."""

from __future__ import annotations

from ... import plots
from ...answers.results import Results
from ...derive.labels import labels
from ...languages import _, decimal, joined, pgettext
from .figure import Figure, NothingToDraw
from .presets import BLOG, Preset


def integrity(results: Results, preset: Preset = BLOG) -> Figure:
    """Trials with numbers that do not fit, check by check."""
    screened = results.integrity
    if screened.flagged().empty:
        raise NothingToDraw("every number that can be checked fits")
    concerned = screened.trials[screened.trials["concern"] != "no concern"]
    title = _("Can the numbers be right as printed?")
    axes = screened.plot(title=title, source=preset.source)
    serious = concerned.loc[concerned["concern"] == "serious concern", "label"]
    caption = joined(
        screened.sentence(),
        _("Trials of the first kind stay out of headline pools; what each pool says with them stands beside it."),
    )
    alt = joined(
        _("Table of lights, {n} trials by the checks that found something.", n=len(concerned)),
        _("Left out of headlines: {trials}.", trials=_("; ").join(serious)) if len(serious) else "",
        caption,
    )
    counted = {"n": len(serious), "k": decimal(len(screened.trials))}
    found = _("{n} of {k} trials stay out of headlines for their numbers", **counted)
    return Figure("integrity", title, caption, alt, axes, found=found)


def rob(results: Results, preset: Preset = BLOG) -> Figure:
    """Published judgements of risk of bias, trial by trial."""
    db = results.db
    judged = db.risk_of_bias
    if judged.empty:
        raise NothingToDraw("no published judgement of risk of bias is in the data")
    title = _("Risk of bias, as published reviews judged it")
    axes = plots.rob(
        judged.assign(
            label=judged["study_id"].map(labels(db)),
            domain=[pgettext("risk_of_bias.domain", domain) for domain in judged["domain"]],
        ),
        study="label",
        title=title,
        source=preset.source,
    )
    high = judged[judged["judgement"].str.lower() == "high"].groupby("domain")["study_id"].nunique()
    k = judged["study_id"].nunique()
    worst = _("none has a high risk")
    if len(high):
        domain = pgettext("risk_of_bias.domain", str(high.idxmax()))
        worst = _("{n} of {k} have a high risk in {domain}", n=high.max(), k=k, domain=domain)
    low = judged.groupby("study_id")["judgement"].agg(lambda words: set(words.str.lower()) == {"low"}).sum()
    free = _("none is free of doubt in every domain")
    if low:
        free = _("{n} are free of doubt in every domain", n=low)
    counted = {"k": k, "all": decimal(len(db.studies)), "free": free}
    caption = joined(
        _("A published review judged {k} of the {all} trials in the data: {worst}; {free}.", worst=worst, **counted),
        _("The other trials have no published judgement here, which is not a low risk."),
    )
    domains = judged["domain"].nunique()
    alt = joined(_("Table of lights, {k} trials by {n} domains of risk of bias.", k=k, n=domains), caption)
    found = _("Published reviews judged {k} of {all} trials; {free}", **counted)
    return Figure("risk_of_bias", title, caption, alt, axes, found=found)
