"""What Sphinx is given: only what changed is touched, what went is gone, and a warning is never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.report.site import SiteFailed, _put, _sphinx


def test_only_what_changed_is_touched_and_what_went_is_gone(tmp_path: Path) -> None:
    source, folder = tmp_path / "figure.svg", tmp_path / "pages"
    source.write_bytes(b"<svg/>")
    assert _put({"a.md": b"one", "b.md": b"two", "files/figure.svg": source}, folder)
    before = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    assert not _put({"a.md": b"one", "b.md": b"new", "files/figure.svg": source}, folder), "the same names"
    assert (folder / "b.md").read_bytes() == b"new"
    after = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    assert {path.name for path in after if after[path] != before[path]} == {"b.md"}
    assert _put({"a.md": b"one"}, folder)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["a.md"]


def test_a_warning_stops_the_site_each_time(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    _put({"conf.py": b"", "index.rst": b"Front\n=====\n\n:nothing:`of the kind`\n"}, pages)
    for _ in range(2):  # Sphinx warns of a page when it reads it, and would not read it again
        with pytest.raises(SiteFailed, match="nothing"):
            _sphinx(pages, tmp_path / "html", tmp_path / "doctrees")
    _put({"conf.py": b"", "index.rst": b"Front\n=====\n\nText.\n"}, pages)
    _sphinx(pages, tmp_path / "html", tmp_path / "doctrees")
    assert "Text." in (tmp_path / "html" / "index.html").read_text()
