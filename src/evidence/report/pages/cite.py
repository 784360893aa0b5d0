"""The box that says how a page or a figure is cited, with files for reference managers."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from ..citation import Citation
from .markup import text

_FILES = (("BibTeX", "bib", "application/x-bibtex"), ("RIS", "ris", "application/x-research-info-systems"))


def cite_box(citation: Citation, what: str) -> str:
    """HTML without blank lines: a line to print, BibTeX to copy, BibTeX and RIS to download, also from a disk.

    Parameters
    ----------
    citation : Citation
        Of the page or figure.
    what : str
        What it is: "page" or "figure".
    """
    said = {"bib": citation.bibtex(), "ris": citation.ris()}
    files = ", ".join(
        f'<a href="data:{kind};charset=utf-8,{quote(said[ending])}" download="{text(citation.key)}.{ending}">{name}</a>'
        for name, ending, kind in _FILES
    )
    return (
        f'<details class="cite"><summary>Cite this {what}</summary>\n<p>{text(citation.line())}</p>\n'
        f'<div class="highlight"><pre tabindex="0" aria-label="BibTeX">{escape(said["bib"].strip())}</pre></div>\n'
        f"<p>Files: {files}.</p></details>"
    )
