"""How the review and its pages are cited."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

import evidence as ev
from evidence.errors import InvalidInput
from evidence.report.changes import releases
from evidence.report.citation import Citation, read_citation
from evidence.report.pages.cite import cite_box
from evidence.report.project import Project

ROOT = Path(__file__).parents[2]
AWKWARD = "Disc & 50% {of} #1 \\ a_b ~ $x^2$\nnext"


@pytest.fixture
def whole() -> Citation:
    return read_citation(ROOT / "CITATION.cff")


def test_version_and_date_are_those_of_the_release(whole: Citation) -> None:
    last = releases(Project.at(ROOT))[0]
    assert f"Version {ev.__version__}" == last.title
    assert (whole.version, whole.released) == (ev.__version__, last.date)


def test_bibtex_shows_every_sign_and_closes_every_brace(whole: Citation) -> None:
    entry = replace(whole, part=AWKWARD, address="https://example.org/a_b.html").bibtex()
    bare = entry.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert r"Disc \& 50\% \{of\} \#1 \textbackslash{} a\_b \textasciitilde{} \$x\textasciicircum{}2\$ next" in entry
    assert re.match(r"@misc\{[a-z0-9.-]+,\n", entry)
    assert "url = {https://example.org/a_b.html}" in entry and f"year = {{{whole.released.year}}}" in entry


def test_ris_has_one_field_a_line_and_an_end(whole: Citation) -> None:
    lines = replace(whole, part=AWKWARD, address="https://example.org/").ris().split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1]) and lines[-1] == ""
    assert lines[0] == "TY  - ELEC" and lines[-2] == "ER  - "
    fields = dict(line.split("  - ", 1) for line in lines[:-1])
    assert fields["TI"] == " ".join(AWKWARD.split()) and fields["T2"] == whole.title
    assert fields["DA"] == whole.released.strftime("%Y/%m/%d") and fields["UR"] == "https://example.org/"


def test_a_line_says_page_whole_and_version(whole: Citation) -> None:
    assert whole.line() == f"{whole.authors[0]}. {whole.title}, version {whole.version} ({whole.released})."
    assert "Sciatica. In: " in replace(whole, part="Sciatica").line()
    assert "Does it work? In: " in replace(whole, part="Does it work?").line()


def test_the_box_shows_what_its_files_hold(whole: Citation) -> None:
    one = replace(whole, part=f"<b> & {AWKWARD}")
    box = cite_box(one, "figure")
    assert "\n\n" not in box and "<b>" not in box and "Cite this figure" in box
    files = [unquote(data.split(",", 1)[1]) for data in re.findall(r'href="data:([^"]+)"', box)]
    assert files == [one.bibtex(), one.ris()]
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", box, re.DOTALL)
    assert shown and unescape(shown[1]) == one.bibtex().strip()


def test_people_are_named_and_a_missing_field_is(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_text("title: T\nauthors: [{family-names: Doe, given-names: J}]\nversion: 1.0\n")
    with pytest.raises(InvalidInput, match=r"CITATION\.cff has no field 'date-released'"):
        read_citation(path)
    path.write_text(path.read_text() + "date-released: 2026-01-02\n")
    assert read_citation(path).line() == "Doe, J. T, version 1.0 (2026-01-02)."
