"""Dates of changes, the feed of them, and the one address of the site."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from evidence.errors import InvalidInput
from evidence.report.changes import data_changes, last_data_change, releases
from evidence.report.feed import feed
from evidence.report.project import Project, raw_digest

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LOG = "# Changes\n\n## Next\n\nSoon.\n\n## 0.2.0 (2026-11-28)\n\n- *Much* <b>.\n\n## 0.1.0 (2026-11-22)\n\nFirst.\n"


@pytest.fixture
def dated(few: Project) -> Project:
    (few.root / "CHANGELOG.md").write_text(LOG)
    lines = ["date,change,digest", "2026-11-23,One trial,", f"2026-11-30,Two trials,{raw_digest(few.raw)[:16]}"]
    (few.root / "data" / "changes.csv").write_text("\n".join(lines) + "\n")
    return few


def test_releases_and_changes_are_read_with_their_dates(dated: Project) -> None:
    assert [(change.title, str(change.date)) for change in releases(dated)] == [
        ("Version 0.2.0", "2026-11-28"),
        ("Version 0.1.0", "2026-11-22"),
    ]
    assert releases(dated)[0].text == "- *Much* <b>."
    assert [change.text for change in data_changes(dated)] == ["Two trials", "One trial"]


def test_the_last_change_is_said_as_long_as_it_is_the_last(dated: Project) -> None:
    assert last_data_change(dated) == "The data last changed on 30 November 2026."
    with (dated.raw / "studies.csv").open("a") as file:
        file.write("\n")
    assert last_data_change(dated) == "The data have changed since 30 November 2026."


def test_a_project_without_dates_says_none(few: Project) -> None:
    assert (last_data_change(few), releases(few), data_changes(few)) == ("", [], [])
    assert ElementTree.fromstring(feed(few)).findall("a:entry", ATOM) == []


def test_the_feed_has_every_change_newest_first_and_the_same_bytes_each_time(dated: Project) -> None:
    (dated.root / "pyproject.toml").write_text('[tool.evidence]\nbase_url = "https://example.org/acu"\n')
    atom = ElementTree.fromstring(feed(dated))
    dates = [entry.findtext("a:updated", "", ATOM)[:10] for entry in atom.findall("a:entry", ATOM)]
    assert dates == ["2026-11-30", "2026-11-28", "2026-11-23", "2026-11-22"]
    assert atom.findtext("a:updated", "", ATOM)[:10] == dates[0]
    names = [name.text for name in atom.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(set(names)) == len(dates) + 1
    links = {link.get("rel"): link.get("href") for link in atom.findall("a:link", ATOM)}
    assert links == {"alternate": "https://example.org/acu/index.html", "self": "https://example.org/acu/feed.atom"}
    assert "<em>Much</em> &lt;b&gt;" in atom.findall("a:entry", ATOM)[1].findtext("a:content", "", ATOM)
    assert feed(dated) == feed(dated)


def test_the_address_of_the_site_is_one_setting(few: Project) -> None:
    assert few.base_url == ""
    settings = few.root / "pyproject.toml"
    settings.write_text('[tool.evidence]\nbase_url = "https://example.org/acu/"\n')
    assert few.base_url == "https://example.org/acu/"
    settings.write_text('[tool.evidence]\nbase_url = "javascript:alert(1)"\n')
    with pytest.raises(InvalidInput, match=r"base_url='javascript:alert\(1\)'.*https://"):
        _ = few.base_url


def test_our_own_changes_are_dated() -> None:
    ours = Project.at(Path(__file__).parents[2])
    assert releases(ours) and data_changes(ours) and last_data_change(ours).startswith("The data ")
