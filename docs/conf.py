"""Sphinx settings of the site; the pages are put together by ``evidence report``."""

import atexit
import gc
import os
import re
import sys
from dataclasses import replace
from functools import cache
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin

from sphinx.search.en import SearchEnglish

import evidence
from evidence.languages import LANGUAGES
from evidence.report.citation import read_citation
from evidence.report.pages.cite import cite_box

sys.modules["matplotlib"] = None  # opengraph would import it for cards that it is not asked for
gc.disable()  # pages are garbage once they are written, and to look for it costs more than the 160 MB it is
atexit.register(gc.freeze)  # nor is it looked for when Python ends, which takes half a second

#: Where the site is published, "" where it is not known: set by ``evidence report`` from pyproject.toml.
base_url = os.environ.get("EVIDENCE_BASE_URL", "")

project = "evidence"
author = "The evidence developers"
copyright = "The evidence developers; text and data CC BY 4.0, code MIT"
language = "en"
extensions = ["myst_parser", "sphinx_copybutton", "sphinx_design", "sphinxext.opengraph"]
extensions += ["sphinx_sitemap"] if base_url else []
html_baseurl = ogp_site_url = base_url
sitemap_url_scheme = "{link}"
ogp_site_name = "Acupuncture evidence"
ogp_social_cards = {"enable": False}  # ours are drawn by evidence report
ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image" />'] if base_url else []
html_favicon = "_static/favicon.svg"
html_theme = "pydata_sphinx_theme"
html_context = {"default_mode": "auto"}
html_title = "Acupuncture evidence"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False  # the reference has one; and search would know entries only of pages made the last time
html_show_search_summary = False  # it fetches pages, which a browser forbids where the site is opened from a disk
#: The front page of each language.
_FRONT = ("index", *(f"{name.replace('_', '-')}/index" for name in LANGUAGES if name != "en"))
html_theme_options = {
    "show_prev_next": False,
    "article_footer_items": ["cite.html"],
    "secondary_sidebar_items": {"**": ["page-toc"], "ask": [], **{page: [] for page in _FRONT}},
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],
    "primary_sidebar_end": [],  # of the theme: a place for advertisements
    "header_links_before_dropdown": 9,
    "footer_start": ["copyright"],
    "footer_end": [],
}
_WITHOUT_SIDEBAR = (
    *_FRONT,
    "ask",
    "claims",
    "coverage",
    "figures",
    "figures/*",
    "method",
    "data",
    "conditions/*",
    "mechanisms/*",
    "integrity",
    "interactive/*",
)
html_sidebars = {page: [] for page in _WITHOUT_SIDEBAR}
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
myst_enable_extensions = ["attrs_block", "colon_fence", "substitution"]
myst_substitutions = {"version": evidence.__version__}
exclude_patterns = ["answer.txt", "files", "_templates"]

_source = Path(__file__).with_name("CITATION.cff")
_citation = read_citation(_source) if _source.is_file() else None


def _title(context):
    return unescape(re.sub("<.*?>", "", context.get("title", "")))


def _share(app, pagename, templatename, context, doctree):
    """Give a page its share image, and how it is cited; before the tags are written."""
    if doctree is None:
        return
    cards = Path(app.srcdir, "files", "cards")
    if cards.is_dir():
        named = [f"cards/{pagename.replace('/', '-')}.png", f"{pagename.replace('figures/', 'figures/social/')}.png"]
        card = next((name for name in named if Path(app.srcdir, "files", name).is_file()), "cards/index.png")
        context["meta"] = {
            **(context["meta"] or {}),
            "og:image": card,
            "og:image:alt": escape(_title(context)),
        }
    if _citation and not pagename.startswith("figures/"):  # a figure's page says how the figure is cited
        address = urljoin(base_url, f"{pagename}.html") if base_url else ""
        context["cite"] = cite_box(replace(_citation, part=_title(context), address=address), "page")


def _tags(app, pagename, templatename, context, doctree):
    """Leave out a second viewport, and addresses where the site has none; describe a page that begins with a table."""
    unwanted = ["viewport"] if base_url else ["viewport", "og:url", "og:image"]
    tags = context.get("metatags", "").splitlines()
    tags = [tag for tag in tags if not any(f'="{word}' in tag for word in unwanted)]
    if not any('name="description"' in tag for tag in tags):
        about = f"{escape(_title(context))}: what randomised trials say about acupuncture for low back conditions."
        tags += [f'<meta {kind} content="{about}" />' for kind in ('name="description"', 'property="og:description"')]
    context["metatags"] = "\n".join(tags)


class _English(SearchEnglish):
    """English, each word brought to its stem once: most stand on many pages."""

    def __init__(self, options):
        super().__init__(options)
        self.stem = cache(self.stem)


def setup(app):
    app.add_search_language(_English)
    app.connect("html-page-context", _share, priority=400)
    app.connect("html-page-context", _tags, priority=900)
