"""Where a click leads: the page of a trial on the web."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import pandas as pd

from ..base.once import A_BASE
from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..effects.arguments import require_kind
from ..errors import InvalidInput
from ..plots.parts.options import reads_options


@reads_options
def linked(db: EvidenceBase, frame: pd.DataFrame, *, study: str = "study") -> pd.DataFrame:
    """Add the web address of each row's trial.

    Parameters
    ----------
    db : EvidenceBase
        Its ``studies`` hold the addresses.
    frame : DataFrame
        One row a trial or result, such as ``db.effects("SMD")``.
    study : str
        Column with the trial's identifier.

    Returns
    -------
    DataFrame
        ``frame`` with ``href``: the DOI, the PubMed record or the page the numbers were read from, in this order;
        "" where there is none.

    See Also
    --------
    charts.forest : takes such a frame as ``trials=``.
    plots.forest : the figure.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> rows = ev.charts.linked(db, db.effects("SMD").head(3))
    >>> bool(rows["href"].str.startswith("https://").all())
    True
    """
    require_kind("db", db, EvidenceBase, A_BASE)
    require_kind("frame", frame, pd.DataFrame, "a frame with a column of trials")
    if study not in frame:
        raise InvalidInput(f"frame has no column {study!r}; its columns: {list(frame.columns)}")
    asked = db.studies[db.studies["study_id"].isin(frame[study])]
    known = {row["study_id"]: trial_address(row) for row in rows_of(asked)}
    return frame.assign(href=[known.get(name, "") for name in frame[study]])


def web_address(value: object) -> str:
    """``value`` if a browser may follow it from a chart, that is http or https with a host; "" for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    if any(c.isspace() or not c.isprintable() for c in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def trial_address(study: Mapping[str, object]) -> str:
    """Where a trial (a row of ``db.studies``) can be read: DOI, PubMed, or the page its numbers come from."""
    doi, pmid = str(study["doi"]), str(study["pmid"])
    if doi:
        return f"https://doi.org/{quote(doi, safe='/()')}"
    if pmid.isdigit():
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return web_address(study["source_url"])
