"""The verdict on every claim of the article, as a figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import capital
from ...base.rows import rows_of
from ...languages import _, joined, pgettext
from .figure import Figure
from .presets import BLOG, Preset


def claims(results: Results, preset: Preset = BLOG) -> Figure:
    """The verdict on every claim of the article."""
    judged = results.claims.to_frame()
    judged["claim"] = [pgettext("claims.claim", claim) for claim in judged["claim"]]
    title, topic = _borne_out(judged), _("A practitioner's article, claim by claim")
    heading = f"{title}\n{topic}" if preset.card else topic
    axes = plots.claims(judged, listed=not preset.card, title=heading, source=preset.source)
    caption = joined(
        results.claims.sentence(),
        _("A verdict says how far the trials in the data bear a claim out, not whether it is true."),
    )
    firm = judged[~judged["verdict"].isin(["unclear", "untested"])]
    shown = _("List of {n} claims under their verdicts, with the estimate and the trials behind each.", n=len(judged))
    if preset.card:
        shown = _("The verdicts on {n} claims, the best of them with their claims.", n=len(judged))
    named = (_("{verdict}: {claim}.", verdict=capital(_(row["verdict"])), claim=row["claim"]) for row in rows_of(firm))
    alt = joined(shown, caption, *named)
    details = joined(*(_line(row) for row in rows_of(judged)))
    return Figure("claims", title if preset.card else topic, caption, alt, preset.finish(axes), details, topic)


def _borne_out(judged: pd.DataFrame) -> str:
    """How many claims trials bear out."""
    counts = judged["verdict"].value_counts()
    supported, partly = (int(counts.get(name, 0)) for name in ("supported", "partly"))
    none = pgettext("claims", "none")
    return _(
        "Of {n} claims trials support {supported} in full, {partly} in part",
        n=len(judged),
        supported=supported or none,
        partly=partly or none,
    )


def _line(row: dict[str, Any]) -> str:
    settled = _("What would settle it: {what}.", what=row["settles"]) if row["settles"] else ""
    return joined(_("{claim}: {verdict}.", claim=row["claim"], verdict=_(row["verdict"])), settled)
