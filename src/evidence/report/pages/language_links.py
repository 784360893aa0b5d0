"""Where the page of each language is, and the way to it from the others."""

from __future__ import annotations

from ...languages import LANGUAGES, available, language, spoken, tag


def links() -> str:
    """The ways to the front page in the languages that are not spoken here; "" where there are none."""
    root = "../" * home(spoken()).count("/")
    ways = [
        f'<a href="{root}{home(name)}" {_marks(name)}>{LANGUAGES[name]}</a>' for name in available() if name != spoken()
    ]
    return f'<p class="languages">{" · ".join(ways)}</p>' if ways else ""


def home(name: str) -> str:
    """Where the front page of a language is.

    Parameters
    ----------
    name : str
        A language, as `language` takes it.
    """
    return "index.html" if name == "en" else f"{tag_of(name)}/index.html"


def tag_of(name: str) -> str:
    """A language as web pages name it.

    Parameters
    ----------
    name : str
        As `language` takes it.
    """
    with language(name):
        return tag()


def _marks(name: str) -> str:
    return f'hreflang="{tag_of(name)}" lang="{tag_of(name)}"'
