"""What published analyses of individual patients say about the questions of the claims."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..base.once import A_BASE
from ..derive.evidence_base import EvidenceBase
from ..effects.arguments import require_kind
from ..languages import _, pgettext
from .context import Context
from .wording.words import people, trials


def published_findings(db: EvidenceBase, claim_id: str = "") -> pd.DataFrame:
    """Analyses of individual patients' data about what the effect may depend on.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    claim_id : str
        One claim of claims.csv; "" for all.

    Returns
    -------
    DataFrame
        Rows of published_moderators.csv: ``claim_id, review, moderator, comparator, k, n, finding, p, quote,
        source_url``, and ``sentence``.

    See Also
    --------
    claims : says them beside its verdicts.
    early_start : the same question asked of whole trials.

    Notes
    -----
    These compare patients with patients; a slope between trials compares trials that differ in much else. They are
    quoted and not pooled with anything here.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.published_findings(ev.load(), "final-early-start")["moderator"].iloc[0]
    'pain duration'
    """
    require_kind("db", db, EvidenceBase, A_BASE)
    require_kind("claim_id", claim_id, str, 'the key of a claim, or "" for all')
    columns = ["claim_id", *(name for name in db.published_moderators.columns if name != "claim_id")]
    found = findings_of(Context.of(db), claim_id)
    return pd.DataFrame(found, columns=columns).assign(sentence=[_sentence(row) for row in found])


def findings_of(context: Context, claim_id: str = "") -> list[dict[str, Any]]:
    """The rows of published_moderators.csv about a claim of claims.csv; "" for all."""
    rows = context.published_moderators
    return [row for row in rows if not claim_id or claim_id in row["claim_id"].split("|")]


def said_of(found: Iterable[dict[str, Any]]) -> str:
    """What findings are in one sentence; "" where there are none."""
    said = [_sentence(row) for row in found]
    return _("Published analyses of patients' own data: {found}.", found=_("; ").join(said)) if said else ""


def _sentence(row: dict[str, Any]) -> str:
    moderator, finding, against = (
        pgettext(f"published_moderators.{name}", row[name]) for name in ("moderator", "finding", "comparator")
    )
    against = _("against {comparator}", comparator=against.replace(";", ",")) if against else ""
    return _(
        "{review} ({rests_on}), on {moderator}: {finding}",
        review=row["review"].split(" (")[0],
        rests_on=_("; ").join(filter(None, [_size(row), against])),
        moderator=moderator,
        finding=finding,
    )


def _size(row: dict[str, Any]) -> str:
    k = "" if math.isnan(row["k"]) else trials(int(row["k"]))
    n = people(row["n"]) if row["n"] > 0 else ""
    return _("{trials}, {people}", trials=k, people=n) if k and n else k or n
