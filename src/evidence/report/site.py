"""The site: pages written from results, the notebooks and the hand-written pages, made into HTML by Sphinx."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ..answers.results import Results
from ..charts import bundle
from ..derive.evidence_base import EvidenceBase
from ..errors import EvidenceError
from .pages.claims import claims_page
from .pages.conditions import condition_pages
from .pages.data import data_page
from .pages.front import front
from .pages.gallery import gallery
from .pages.interactive import BUNDLE, interactive_pages
from .pages.mechanisms import mechanism_pages
from .pages.reference import reference_pages
from .project import Project


class SiteFailed(EvidenceError):
    """Sphinx could not make the site; the message holds what it said."""


def write_site(project: Project, db: EvidenceBase, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Write the site.

    Parameters
    ----------
    project : Project
        Takes its ``docs``, executed ``notebooks``, ``figures`` and tables; writes its ``site``.
    db : EvidenceBase
        The whole base.
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
    pages = project.root / "build" / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(project.docs, pages)
    for notebook in project.notebooks:
        shutil.copy(notebook, pages / "notebooks")
    _as_they_are(project, pages / "files")
    progress("pages")
    for name, words in written_pages(Results(db), project).items():
        (pages / name).parent.mkdir(exist_ok=True)
        (pages / name).write_text(words, encoding="utf-8")
    progress("Sphinx")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "--builder",
        "html",
        "--fail-on-warning",
        "--keep-going",
        "--quiet",
        "--fresh-env",
        "--doctree-dir",
        str(project.root / "build" / "doctrees"),
        str(pages),
        str(project.root / "build" / "html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SiteFailed(f"the site could not be made:\n{done.stderr or done.stdout}")
    shutil.rmtree(project.site, ignore_errors=True)
    shutil.move(project.root / "build" / "html", project.site)
    return project.site / "index.html"


def written_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown of every page that is written from results."""
    return {
        "answer.txt": front(results, project),
        "claims.md": claims_page(results, project),
        "data.md": data_page(results, project),
        "figures.md": gallery(results, project),
        **condition_pages(results, project),
        **interactive_pages(results, project),
        **mechanism_pages(results, project),
        **reference_pages(),
    }


def _as_they_are(project: Project, files: Path) -> None:
    """Figures, tables and what draws the interactive figures, which the site serves unchanged."""
    shutil.copytree(project.figures, files / "figures", ignore=shutil.ignore_patterns("*.html", "social", "print"))
    for folder in (project.raw, project.processed):
        shutil.copytree(folder, files / folder.relative_to(project.root))
    (files / BUNDLE).write_bytes(bundle())
