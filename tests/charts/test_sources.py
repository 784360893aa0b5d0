from __future__ import annotations

import pandas as pd
import pytest

import evidence as ev
from evidence.charts.sources import web_address

NO_LINK = (
    *("javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "file:///etc/passwd"),
    *("//example.org/a", "https:", "https://a.org/\n<script>", "http://[bad", "", float("nan"), None),
)


@pytest.mark.parametrize("text", NO_LINK)
def test_what_is_no_web_address_is_no_link(text: object) -> None:
    assert web_address(text) == ""


def test_web_addresses_stay_as_they_are() -> None:
    assert web_address(" https://example.org/a?b=c&d=(1) ") == "https://example.org/a?b=c&d=(1)"


def test_doi_then_pubmed_then_the_page_read(db: ev.EvidenceBase) -> None:
    studies = db.studies.iloc[:4].assign(
        study_id=["doi", "pubmed", "page", "nothing"],
        doi=["10.1000/a<b>#1", "", "", ""],
        pmid=["1", "23", "", ""],
        source_url=["https://x.org", "https://x.org", "https://x.org/p", "javascript:1"],
    )
    other = ev.EvidenceBase.__new__(ev.EvidenceBase)
    object.__setattr__(other, "studies", studies)
    frame = pd.DataFrame({"study": ["nothing", "page", "pubmed", "doi", "unknown"]})
    links = ["", "https://x.org/p", "https://pubmed.ncbi.nlm.nih.gov/23/", "https://doi.org/10.1000/a%3Cb%3E%231", ""]
    assert ev.charts.linked(other, frame)["href"].tolist() == links
