"""The site: pages written from results, the notebooks and the hand-written pages, made into HTML by Sphinx."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

import pandas as pd

from ..answers.claims import claims
from ..answers.ranking import rank_conditions, ranking_sentence
from ..answers.words import COMPARATORS, VERDICTS, people
from ..base.package import resources
from ..base.rows import rows_of
from ..effects.table import EvidenceBase
from ..errors import EvidenceError
from .figure import LICENCE
from .figure_files import write_figures
from .project import Project

_ANSWERED = ("sham", "usual_care", "no_treatment")


class SiteFailed(EvidenceError):
    """Sphinx could not make the site; the message holds what it said."""


def write_site(project: Project, db: EvidenceBase) -> Path:
    """Write the site.

    Parameters
    ----------
    project : Project
        Takes its ``docs``, executed ``notebooks`` and ``figures``; writes its ``site``.
    db : EvidenceBase
        The whole base.

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
    (pages / "notebooks").mkdir()
    for notebook in project.notebooks:
        shutil.copy(notebook, pages / "notebooks")
    if not (project.figures / "ranking_pain_sham.svg").is_file():
        write_figures(db, project.figures)
    shutil.copytree(project.figures, pages / "figures", ignore=shutil.ignore_patterns("*.png"))
    (pages / "answer.txt").write_text(answer(db), encoding="utf-8")
    (pages / "claims.md").write_text(claim_cards(db), encoding="utf-8")
    (pages / "codebook.md").write_text(codebook(), encoding="utf-8")
    (pages / "figures.md").write_text(gallery(project.figures), encoding="utf-8")
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


def answer(db: EvidenceBase) -> str:
    """The front page's answer in Markdown: one figure, then a sentence for each comparator."""
    ranking = rank_conditions(db)
    lines = [ranking_sentence(ranking), "", _figure("ranking_pain_sham", ranking_sentence(ranking)), ""]
    for comparator in _ANSWERED[1:]:
        sentence = ranking_sentence(rank_conditions(db, comparator=comparator))
        lines += [f"Against {COMPARATORS[comparator]}: {sentence}", ""]
    with_numbers = db.studies["has_results"].eq("yes").sum()
    lines.append(
        f"The data hold {len(db.studies)} trials of {people(db.studies['n_randomised'].sum())}; "
        f"a result could be read in {with_numbers}. What could not be read counts as missing, and is shown."
    )
    return "\n".join(lines) + "\n"


def claim_cards(db: EvidenceBase) -> str:
    """The claims page: one card a claim, in the order of the article."""
    judged = claims(db)
    counts = ", ".join(f"{verdict} {k}" for verdict, k in judged["verdict"].value_counts().items())
    about = (
        f"A practitioner's article makes {len(judged)} claims. Verdicts: {counts}. "
        "A verdict says how far the trials in the data bear a claim out, not whether it is true."
    )
    lines = ["# The article's claims, one by one", "", about, ""]
    lines += [f"- **{verdict}**: {meaning}" for verdict, meaning in VERDICTS.items()]
    for theme, group in judged.groupby("theme", sort=False):
        lines += ["", f"## {_cell(str(theme)).capitalize()}", ""]
        for row in rows_of(group):
            behind = f"Trials: {row['trials'].replace('|', ', ')}." if row["trials"] else "No trial behind it."
            lines += [f"### {_cell(row['claim'])}", ""]
            lines += [f"**{row['verdict'].capitalize()}.** {_cell(row['sentence'])}", ""]
            lines += [f"Why: {_cell(row['reason'])}. {_cell(behind)}", ""]
    return "\n".join(lines) + "\n"


def codebook() -> str:
    """The data page, from the descriptor of the data package."""
    lines = [
        "# The data and their codebook",
        "",
        "Every number stands as its source prints it: nothing is converted, nothing is filled in. An empty cell "
        "was not reported or could not be read. The tables are CSV files in `data/raw`, described by "
        f"`datapackage.json` (Frictionless); their licence is {LICENCE}.",
        "",
    ]
    for resource in resources().values():
        lines += [
            f"## {resource['title']}: `{resource['path']}`",
            "",
            escape(resource["description"], quote=False),
            "",
            "| column | what it holds | rule |",
            "|---|---|---|",
        ]
        key = resource["schema"].get("primaryKey", [])
        links = {
            field: link["reference"]["resource"]
            for link in resource["schema"].get("foreignKeys", [])
            for field in link["fields"][-1:]
        }
        for field in resource["schema"]["fields"]:
            rules = _rules(field, key, links)
            lines.append(f"| `{field['name']}` | {_cell(field['description'])} | {_cell('; '.join(rules))} |")
        lines.append("")
    return "\n".join(lines)


def gallery(folder: Path) -> str:
    """All figures with their captions."""
    lines = [
        "# Figures",
        "",
        "Each is free to use under CC BY 4.0; `make report` writes them as SVG and PNG into "
        "`figures/`, with a caption and an alt text beside each.",
        "",
    ]
    for path in sorted(folder.glob("*.json")):
        words = pd.read_json(path, typ="series", convert_dates=False)
        lines += [
            f"## {_cell(str(words['title']))}",
            "",
            _figure(path.stem, str(words["alt"])),
            "",
            escape(str(words["caption"]), quote=False),
            "",
        ]
    return "\n".join(lines)


def _figure(name: str, alt: str) -> str:
    return f"```{{image}} figures/{name}.svg\n:alt: {escape(alt, quote=False)}\n:width: 600px\n```"


def _rules(field: dict[str, object], key: list[str], links: dict[str, str]) -> list[str]:
    limits = dict(field.get("constraints", {}))  # type: ignore[call-overload]
    rules = ["key"] if field["name"] in key else []
    if field["name"] in links:
        rules.append(f"in {links[str(field['name'])]}.csv")
    if limits.get("required") and not rules:
        rules.append("always filled")
    if "enum" in limits:
        rules.append(", ".join(limits["enum"]))
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    rules += [f"{word} {limits[name]}" for name, word in words.items() if name in limits]
    if field["type"] == "integer":
        rules.append("whole number")
    return rules


def _cell(text: str) -> str:
    return escape(text, quote=False).replace("|", "\\|")
