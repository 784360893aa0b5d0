"""What published analyses of individual patients say about the questions of the claims."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import pandas as pd

from ..base.once import A_BASE, once
from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..effects.arguments import require_kind
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
    table = db.published_moderators
    asked = [not claim_id or claim_id in claims.split("|") for claims in table["claim_id"]]
    found = table[asked].reset_index(drop=True)
    first = ["claim_id", *(name for name in found.columns if name != "claim_id")]
    return found[first].assign(sentence=[_sentence(row) for row in rows_of(found)])


def said_of(db: EvidenceBase, claim_id: str) -> str:
    """The findings about a claim in one sentence; "" where there are none."""
    found = _by_claim(db)[claim_id]
    return f"Published analyses of patients' own data: {'; '.join(found)}." if found else ""


@once
def _by_claim(db: EvidenceBase) -> defaultdict[str, list[str]]:
    found = defaultdict(list)
    for row in rows_of(published_findings(db)):
        for claim in row["claim_id"].split("|"):
            found[claim].append(row["sentence"])
    return found


def _sentence(row: dict[str, Any]) -> str:
    name = row["review"].split(" (")[0]
    sizes = [trials(int(row["k"])) if not math.isnan(row["k"]) else "", people(row["n"]) if row["n"] > 0 else ""]
    against = row["comparator"].replace(";", ",")
    rests_on = "; ".join(filter(None, [", ".join(filter(None, sizes)), f"against {against}" if against else ""]))
    return f"{name} ({rests_on}), on {row['moderator']}: {row['finding']}"
