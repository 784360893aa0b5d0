"""What a package index shows: the README with its links made absolute, and the addresses of the project.

The address is that of the repository that builds the package: ``PROJECT_URL``, else git's ``origin``. A build that
knows neither names no address and leaves the README's pictures out.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURE = re.compile(r"^!\[[^\]]*\]\((?!https?:)[^)]+\)\n\n", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#)([^)]+)\)")


class Address(MetadataHookInterface):
    """Fills ``readme`` and ``urls``."""

    def update(self, metadata: dict[str, object]) -> None:
        address = os.environ.get("PROJECT_URL") or _origin(self.root)
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        if address:
            text = re.sub(r"\]\((?=figures/)", f"]({address}/raw/main/", text)
            text = _LINK.sub(rf"]({address}/blob/main/\1)", text)
            metadata["urls"] = {
                "Homepage": address,
                "Source": address,
                "Issues": f"{address}/issues",
                "Changelog": f"{address}/blob/main/CHANGELOG.md",
            }
        else:
            text = _LINK.sub("]", _PICTURE.sub("", text)).replace("[[", "[")
            metadata["urls"] = {}
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def _origin(root: str) -> str:
    """The web address of git's origin, "" where there is none."""
    told = subprocess.run(
        ["git", "-C", root, "remote", "get-url", "origin"], capture_output=True, text=True, check=False
    )
    found = re.fullmatch(r"(?:https://|git@)([^/:]+)[/:](.+?)(?:\.git)?", told.stdout.strip())
    return f"https://{found[1]}/{found[2]}" if found else ""
