"""The answers in other languages than English: a page each, with a figure and the handouts to print."""

from __future__ import annotations

from pathlib import Path

from ...answers.results import Results
from ...languages import LANGUAGES, _, available, joined, language, tag
from ..changes import last_data_change
from ..figures.overview import ranking
from ..figures.presets import BLOG
from ..handout.sheet import file_name, printable, sheets
from ..handout.words import question, reading
from ..project import Project
from .in_short import about_condition, in_short
from .markup import text


def language_pages(results: Results, project: Project) -> dict[str, bytes]:
    """A page for each language, its figure, and its handouts: file name to content.

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
            made[f"{tag()}/index.md"] = _page(results, project).encode()
            made[f"files/{_picture()}"] = _ranking(results)[0]
            for key in results.words.headline if printable() else ():
                made |= {f"files/handouts/{file}": pdf for file, pdf in sheets(results, project, key, ["a4"]).items()}
    return made


def links() -> str:
    """The way to each page, for the front page; "" where there is none."""
    ways = [f'<a href="{_tag(name)}/index.html" {_marks(name)}>{LANGUAGES[name]}</a>' for name in available()[1:]]
    return f'<p class="languages">{" · ".join(ways)}</p>' if ways else ""


def in_their_language(folder: Path) -> None:
    """Say in each written page which language it is in, for readers that speak and search engines.

    Parameters
    ----------
    folder : Path
        Of the site.
    """
    for name in available()[1:]:
        path = folder / _tag(name) / "index.html"
        if path.is_file():
            page = path.read_text(encoding="utf-8")
            path.write_text(page.replace('<html lang="en"', f'<html lang="{_tag(name)}"', 1), encoding="utf-8")


def _page(results: Results, project: Project) -> str:
    _svg, alt, caption = _ranking(results)
    parts = [
        "---\norphan: true\n---",
        f"# {_('Does acupuncture help the back? What randomised trials say')}",
        '<p class="languages"><a href="../index.html" hreflang="en" lang="en">English</a></p>',
        f"<p>{text(joined(last_data_change(project), _('This is no medical advice.')))}</p>",
        *(_condition(results, key) for key in results.words.headline),
        f"<p>{text(reading(results))}</p>",
        f'<figure><img src="../{_picture()}" alt="{text(alt)}"><figcaption>{text(caption)}</figcaption></figure>',
    ]
    return "\n\n".join(parts) + "\n"


def _condition(results: Results, key: str) -> str:
    """One condition: what is asked, the answers, harms, and the page to print."""
    printed = ""
    if printable():
        address = f"../handouts/{file_name(key, 'a4')}"
        printed = f'<p><a href="{address}">{text(_("For patients, to print on one page"))}</a> (PDF)</p>'
    asked = f"<h2>{text(question(results, key))}</h2>\n<p>{text(about_condition(results, key))}</p>"
    return "\n".join([asked, in_short(results, key), printed])


def _ranking(results: Results) -> tuple[bytes, str, str]:
    with BLOG.dress():
        figure = ranking(results)
        return figure.image(".svg"), figure.alt, figure.caption


def _picture() -> str:
    return f"figures/ranking_pain_sham-{tag()}.svg"


def _tag(name: str) -> str:
    with language(name):
        return tag()


def _marks(name: str) -> str:
    return f'hreflang="{_tag(name)}" lang="{_tag(name)}"'
