"""The Atom feed: releases and changes of the data, by their own dates."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import NAMESPACE_OID, uuid5

from feedgen.feed import FeedGenerator
from markdown_it import MarkdownIt

from .changes import Change, data_changes, releases
from .project import Project

#: Its name in the site.
FEED = "feed.atom"
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def feed(project: Project) -> bytes:
    """The feed, newest first; the same bytes each time.

    Parameters
    ----------
    project : Project
        Gives the changes and the address of the site.
    """
    changes = sorted([*releases(project), *data_changes(project)], key=lambda change: change.date, reverse=True)
    atom = FeedGenerator()
    atom.id(_name("feed"))
    atom.title("Acupuncture evidence: changes")
    atom.author(name="The evidence developers")
    atom.generator("evidence")
    atom.link(href=f"{project.base_url}index.html", rel="alternate")
    atom.link(href=f"{project.base_url}{FEED}", rel="self")
    atom.updated(_moment(changes[0]) if changes else datetime(1970, 1, 1, tzinfo=UTC))
    for change in changes:
        entry = atom.add_entry(order="append")
        entry.id(_name(f"{change.date} {change.title} {change.text[:60]}"))
        entry.title(f"{change.title}, {change.date}")
        entry.updated(_moment(change))
        entry.link(href=f"{project.base_url}index.html")
        entry.content(_MARKDOWN.render(change.text), type="html")
    said: bytes = atom.atom_str(pretty=True)
    return said


def _moment(change: Change) -> datetime:
    return datetime.combine(change.date, time(), UTC)


def _name(words: str) -> str:
    """A name that stays, wherever the site stands."""
    return uuid5(NAMESPACE_OID, f"acupuncture-evidence {words}").urn
