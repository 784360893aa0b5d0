"""The answers in other languages than English: a page each, with the parts of the front page and handouts to print."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ...answers.claims.whole import JudgedClaim
from ...answers.for_patients import about_condition
from ...answers.glance import glance
from ...answers.results import Results
from ...answers.wording.words import VERDICTS, ended
from ...files import write
from ...languages import N_, _, available, joined, language, pgettext, tag
from ..cards import front_card
from ..figures.figure import Figure
from ..figures.overview import ranking
from ..figures.presets import BLOG
from ..handout.sheet import file_name, printable
from ..handout.words import question, reading
from ..project import Project, page_name
from .front import folds, opening
from .in_short import in_short
from .language_links import home, links, tag_of
from .markup import fold, text

#: Words of the theme and of the menu on every page.
_FRAME = (
    *(N_("Skip to main content"), N_("Back to top"), N_("Search"), N_("Search the docs ..."), N_("Site navigation")),
    *(N_("Color mode"), N_("System Settings"), N_("Light"), N_("Dark"), N_("More"), N_("Cite this page")),
    *(N_("Conditions"), N_("Ask"), N_("Mechanisms"), N_("Claims"), N_("Figures"), N_("Numbers"), N_("Method")),
    *(N_("Data"), N_("Notebooks"), N_("Guides"), N_("Reference")),
)
#: One of them that stands alone, as text or in an attribute, and what stands before it.
_FRAMED = re.compile(rf'(>\s*|(?:title|aria-label|placeholder)=")({"|".join(map(re.escape, _FRAME))})(?=\s*<|")')


def language_pages(results: Results, project: Project) -> dict[str, bytes]:
    """A page for each language, its figure and its share image: file name to content.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives the date of the data and the address of the site.
    """
    made: dict[str, bytes] = {}
    for name in available()[1:]:
        with language(name):
            with BLOG.dress():
                figure = ranking(results)
                made[f"files/{_picture()}"] = figure.image(".svg")
            made[f"files/cards/{tag()}-index.png"] = front_card(results, project.base_url)
            made[f"{tag()}/index.md"] = _page(results, project, figure).encode()
    return made


def in_their_language(folder: Path, base_url: str = "") -> None:
    """Say in each written page which language it is in, name the others in its head, and translate the site's frame.

    Parameters
    ----------
    folder : Path
        Of the site.
    base_url : str
        Where the site is published; without it the pages name each other by their place in the folder.
    """
    there = [name for name in available() if (folder / home(name)).is_file()]
    for name in there:
        root = base_url or "../" * home(name).count("/")
        others = [("x-default", "en"), *((tag_of(other), other) for other in there)]
        head = "".join(
            f'<link rel="alternate" hreflang="{short}" href="{root}{home(way)}"/>\n' for short, way in others
        )
        page = (folder / home(name)).read_text(encoding="utf-8").replace("</head>", f"{head}</head>", 1)
        with language(name):
            write(folder / home(name), (page if name == "en" else _framed(page)).encode())


def _framed(page: str) -> str:
    """A page whose menu, buttons and ``lang`` are of the language spoken; what the menu leads to is English."""
    page = page.replace('<html lang="en"', f'<html lang="{tag()}"', 1)
    page = page.replace('nav-internal" href=', 'nav-internal" hreflang="en" href=')
    return _FRAMED.sub(lambda found: f"{found[1]}{text(_(found[2]))}", page)


def _page(results: Results, project: Project, figure: Figure) -> str:
    seen, found = glance(results), f"{figure.title} – {figure.topic}"
    said = json.dumps(found, ensure_ascii=False)
    about = "\n    ".join(f"{kind}: {said}" for kind in ("description", "property=og:description"))
    parts = [
        f"---\norphan: true\nmyst:\n  html_meta:\n    {about}\n---",
        f"# {_('Does acupuncture help the back? What randomised trials say')}",
        *opening(seen, project, _way),
        links(),
        *folds(results, seen, _way, "../"),
        *(_condition(results, line.condition) for line in seen.lines),
        f"<p>{text(reading(results))}</p>",
        f'<figure><img src="../{_picture()}" alt="{text(figure.alt)}"><figcaption>{text(found)}</figcaption></figure>',
        _claims(results),
    ]
    return "\n\n".join(parts) + "\n"


def _way(key: str) -> str:
    return f"#{page_name(key)}"


def _condition(results: Results, key: str) -> str:
    """One condition, to open: what is asked, the answers, harms, and the page to print."""
    printed = ""
    if printable():
        address = f"../handouts/{file_name(key, 'a4')}"
        printed = f'<p><a href="{address}">{text(_("For patients, to print on one page"))}</a> (PDF)</p>'
    asked = f"<summary><h2>{text(question(results, key))}</h2></summary>"
    about = f"<p>{text(about_condition(results, key))}</p>"
    every = text(_("Every trial and number (in English)"))
    more = f'<p><a href="../conditions/{page_name(key)}.html" hreflang="en">{every}</a></p>'
    parts = [f'<details id="{page_name(key)}">{asked}', about, in_short(results, key), printed, more, "</details>"]
    return "\n".join(parts)


def _claims(results: Results) -> str:
    """How many claims of the article have each verdict, what the verdicts mean, and each claim with its reason."""
    known = results.claims.verdicts
    rules = "".join(
        f"<li><b>{text(_(name))}</b>: {text(rule)}</li>" for name, rule in VERDICTS.items() if name in known
    )
    way = f'<a href="../claims.html" hreflang="en">{text(_("Each claim with its trials (in English)"))}</a>'
    each = "\n".join(map(_claim, results.claims.judged))
    inside = f"<p>{text(results.claims.sentence())}</p>\n<ul>{rules}</ul>\n{each}\n<p>{way}</p>"
    return fold(_("What the claims of an article are worth"), inside)


def _claim(claim: JudgedClaim) -> str:
    """One claim, its verdict and why, and what would settle it."""
    named, settles = pgettext("claims.claim", claim.question.row["claim"]), claim.settles
    why = ended(_("{name}: {told}", name=_(claim.verdict), told=claim.reason))
    settled = _("What would settle it: {what}.", what=settles) if settles else ""
    return f"<p><b>{text(named)}</b><br>{text(joined(why, settled))}</p>"


def _picture() -> str:
    return f"figures/ranking_pain_sham-{tag()}.svg"
