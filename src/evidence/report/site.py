"""The site: pages written from results, the notebooks and the hand-written pages, made into HTML by Sphinx."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..answers.results import Results
from ..base.collector import fresh_garbage
from ..charts import bundle
from ..errors import EvidenceError
from ..files import linked, put_folder, write_folder
from .ask.file import FILE as ANSWERS
from .cards import cards
from .feed import FEED, feed
from .handout.sheet import handouts
from .pages.beside import grades_table
from .pages.claims import claims_page
from .pages.conditions import condition_pages
from .pages.data import data_page
from .pages.front import front
from .pages.gallery import figure_pages, gallery
from .pages.integrity import integrity_page
from .pages.interactive import BUNDLE, interactive_pages
from .pages.mechanisms import mechanism_pages
from .pages.notebook_page import notebook_page
from .pages.other_languages import in_their_language, language_pages
from .pages.reference import reference_pages
from .policy import guard
from .project import Project


class SiteFailed(EvidenceError):
    """Sphinx could not make the site; the message holds what it said."""


@fresh_garbage()
def write_site(project: Project, results: Results, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Write the site.

    Parameters
    ----------
    project : Project
        Takes its ``docs``, executed ``notebooks``, ``figures``, tables and ``answers``; writes its ``site``.
    results : Results
        Of the whole base.
    progress : callable
        Called with the name of each part.

    Returns
    -------
    Path
        The front page.

    Raises
    ------
    SiteFailed
        When Sphinx reports an error or a warning.
    """
    progress("pages")
    build = project.root / "build"
    pages, html, doctrees, files = (build / name for name in ("pages", "html", "doctrees", "files"))
    if _put(_sources(project, results), pages):
        shutil.rmtree(html, ignore_errors=True)  # Sphinx leaves pages that are no longer asked for
    progress("Sphinx, and files beside it")
    if not project.base_url:
        (html / "sitemap.xml").unlink(missing_ok=True)  # of an address that the site had before
    with ThreadPoolExecutor(1) as beside:
        made = beside.submit(_sphinx, pages, html, doctrees, project.base_url)
        _put(_files(project, results), files)
        made.result()
    progress("site")
    new = build / "site"
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(html, new)
    in_their_language(new, project.base_url)
    guard(new)
    for folder in (pages / "files", files):
        shutil.copytree(folder, new, copy_function=linked, dirs_exist_ok=True)
    put_folder(new, project.site)
    return project.site / "index.html"


def _sphinx(pages: Path, html: Path, doctrees: Path, base_url: str = "") -> None:
    """Make HTML of the pages that have changed since the last time, in one process: more would each load the whole."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "--builder",
        "html",
        "--fail-on-warning",
        "--quiet",
        "--doctree-dir",
        str(doctrees),
        str(pages),
        str(html),
    ]
    address = os.environ | {"EVIDENCE_BASE_URL": base_url}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=address)
    if done.returncode:
        shutil.rmtree(doctrees, ignore_errors=True)  # a page that was read is not warned about a second time
        raise SiteFailed(f"the site could not be made:\n{done.stderr or done.stdout}")


def written_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown of every page that is written from results."""
    return {
        "answer.txt": front(results, project),
        "grades.txt": grades_table(results),
        "claims.md": claims_page(results, project),
        "data.md": data_page(results, project),
        "figures.md": gallery(results, project),
        "integrity.md": integrity_page(results, project),
        **condition_pages(results, project),
        **figure_pages(results, project),
        **interactive_pages(results, project),
        **mechanism_pages(results, project),
        **reference_pages(),
    }


def _sources(project: Project, results: Results) -> dict[str, Path | bytes]:
    """What Sphinx makes the site of, and the share images that pages name: file name to a file or its content."""
    found: dict[str, Path | bytes] = {**_all_of(project.docs, "")}
    found |= {f"notebooks/{path.stem}.md": notebook_page(path).encode() for path in project.notebooks}
    found |= {f"files/figures/social/{path.name}": path for path in project.social.glob("*.png")}
    if project.citation.is_file():
        found[project.citation.name] = project.citation
    found |= {f"files/cards/{name}.png": picture for name, picture in cards(results, project.base_url).items()}
    found |= {name: words.encode() for name, words in written_pages(results, project).items()}
    return found | language_pages(results, project)


def _files(project: Project, results: Results) -> dict[str, Path | bytes]:
    """What the site holds beside its pages: data, figures, handouts, answers, feed and the script of charts."""
    found = _all_of(project.raw, "data/raw") | _all_of(project.processed, "data/processed")
    pictures = [path for path in project.figures.iterdir() if path.is_file() and path.suffix != ".html"]
    found |= {f"figures/{path.name}": path for path in pictures}
    found |= {f"handouts/{name}": pdf for name, pdf in handouts(results, project).items()}
    if project.answers.is_file():
        found[ANSWERS] = project.answers
    return found | {BUNDLE: bundle(), FEED: feed(project)}


def _all_of(folder: Path, place: str) -> dict[str, Path | bytes]:
    """Every file of a folder by where it goes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {(Path(place) / path.relative_to(folder)).as_posix(): path for path in files}


def _put(sources: dict[str, Path | bytes], folder: Path) -> bool:
    """Put the sources into a folder, touching only what is new or different; whether the names have changed."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for place in sorted({posixpath.dirname(name) for name in there | sources.keys()}):  # a folder before those in it
        own = [name for name in sources if posixpath.dirname(name) == place]
        write_folder(folder / place, {posixpath.basename(name): _content(sources[name]) for name in own})
    return there != sources.keys()


def _content(source: Path | bytes) -> bytes:
    return source.read_bytes() if isinstance(source, Path) else source
