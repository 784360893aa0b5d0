"""A page of the site runs the scripts it was made with, and no other: a Content-Security-Policy in each page.

Scripts in files of the site run; of scripts within a page only those that the theme puts there, by their hashes. What a
data file brings in, be it a script, an event handler or a ``javascript:`` link, is not run, even if an escape was
forgotten.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

#: No word of the data stands in this page, so that its inline scripts are the theme's.
_OF_THE_THEME = "search.html"
_INLINE = re.compile(r"<script(?![^>]* src=)[^>]*>(.*?)</script>", re.DOTALL)
_HEAD = "<head>"


def guard(site: Path) -> None:
    """Put a policy into every page.

    Parameters
    ----------
    site : Path
        A folder of pages made by Sphinx.
    """
    theme = set(_INLINE.findall((site / _OF_THE_THEME).read_text(encoding="utf-8")))
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        name = path.relative_to(site).with_suffix("").as_posix()
        own = theme | {f"DOCUMENTATION_OPTIONS.pagename = '{name}';"}
        policy = policy_of(script for script in _INLINE.findall(page) if script in own)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'
        path.write_text(page.replace(_HEAD, f"{_HEAD}\n    {meta}", 1), encoding="utf-8")


def policy_of(scripts: Iterable[str]) -> str:
    """The policy of a page with these scripts in it.

    Parameters
    ----------
    scripts : iterable of str
        Text of each script element that is the theme's.
    """
    hashes = sorted({f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts})
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self' 'unsafe-eval'", *hashes]),  # Vega compiles its expressions
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        ]
    )
