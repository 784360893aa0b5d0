"""The language of generated sentences and figure words: English, or another for the length of a ``with``.

Sentences are marked where they are made, whole and with named places: ``_("{k} of {n}", k=..., n=...)``. Their
translations stand in ``locale/LANGUAGE/LC_MESSAGES/evidence.po``, which Babel reads. English needs neither.

Examples
--------
>>> import evidence as ev
>>> with ev.language("de"):
...     print(ev.pool([0.2, 0.4, 0.3], [0.04, 0.02, 0.05], method="EE").sentence())
Über 3 Studien beträgt der mittlere Effekt 0,33 (95-%-Konfidenzintervall −0,12 bis 0,77).
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, wraps
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import ParamSpec, TypeVar

from .errors import InvalidInput, require_extra

#: Languages by the names that `language` takes, with what they call themselves.
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "es": "español", "zh_Hans": "简体中文"}
CATALOGUES = Path(__file__).with_name("locale")
_SOURCE = "en"
Given = ParamSpec("Given")
Found = TypeVar("Found")
_spoken: ContextVar[str] = ContextVar("language", default=_SOURCE)


@contextmanager
def language(name: str) -> Iterator[None]:
    """Speak a language inside a ``with``: sentences, captions, figures, numbers and dates.

    Parameters
    ----------
    name : {"en", "de", "es", "zh_Hans"}
        English, German, Spanish or simplified Chinese.

    Yields
    ------
    None
        What is made inside speaks the language.

    Raises
    ------
    InvalidInput
        There is no such language.
    MissingExtra
        Babel is not installed, and the language is not English.

    See Also
    --------
    sentence : what a result permits to say.
    plots : figures, whose words follow.

    Notes
    -----
    It holds for this thread or task alone. Names of authors and titles of papers are not translated; neither are what
    a result prints, names in tables and errors, which are English.

    Examples
    --------
    >>> import evidence as ev
    >>> found = {"outcome": "pain", "comparator": "sham", "k": 8, "n": 1200, "estimate": 0.4, "ci_low": 0.2,
    ...          "ci_high": 0.6, "certainty": "moderate"}
    >>> with ev.language("de"):
    ...     print(ev.sentence(found)[:46])
    Akupunktur verringert wahrscheinlich Schmerzen
    """
    if name not in LANGUAGES:
        raise InvalidInput(f"language={name!r}: choose one of {', '.join(LANGUAGES)}")
    if name != _SOURCE:
        _catalogue(name)
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


def in_english(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """A function whose words are English whatever is spoken: what it gives is kept, and must not hang on who asks."""

    @wraps(function)
    def told(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with language(_SOURCE):
            return function(*args, **kwargs)

    return told


def available() -> tuple[str, ...]:
    """Languages that can be spoken here: English alone without Babel."""
    return tuple(LANGUAGES) if find_spec("babel") else (_SOURCE,)


def spoken() -> str:
    """The language that is spoken here."""
    return _spoken.get()


def tag() -> str:
    """The same as web pages and PDFs name it: "zh-Hans"."""
    return spoken().replace("_", "-")


def in_language(name: str) -> str:
    """A file's or folder's name, with the language where that is not English: "lumbar-sprain-de"."""
    return name if spoken() == _SOURCE else f"{name}-{tag()}"


def _(message: str, /, **named: object) -> str:
    """A whole sentence in the language spoken, its places filled."""
    if spoken() != _SOURCE and message:
        message = _catalogue(spoken()).gettext(message)
    return message.format(**named) if named else message


def ngettext(one: str, many: str, n: float, /, **named: object) -> str:
    """The same for a number ``n``, which fills ``{n}``: each language has its own plural forms."""
    if spoken() == _SOURCE:
        message = one if round(n) == 1 else many
    else:
        message = _catalogue(spoken()).ngettext(one, many, round(n))
    return message.format(**{"n": decimal(n), **named})


def pgettext(context: str, message: str, /) -> str:
    """A word that hangs on its context: the table and column that it stands in."""
    if spoken() == _SOURCE or not message:
        return message
    return _catalogue(spoken()).pgettext(context, message)


def N_(message: str, /) -> str:
    """The message as it is, marked: it is translated where it is said."""
    return message


class Spoken(Mapping[str, str]):
    """Words by their keys, each in the language that is spoken when it is looked up.

    Parameters
    ----------
    words : mapping
        Key to English words, marked by `N_`.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __getitem__(self, key: str) -> str:
        return _(self._words[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def decimal(value: float, digits: int = 0) -> str:
    """A number with fixed digits and grouped thousands: 1,162 in English, 1.162 in German, 1162 in Spanish."""
    if spoken() == _SOURCE:
        return f"{value:,.{digits}f}"
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    numbers = require_extra("babel.numbers", "languages")
    return str(numbers.format_decimal(float(f"{value:.{digits}f}"), format=pattern, locale=spoken()))


def pointed(text: str) -> str:
    """A number written with a point, such as "−0.71", with the decimal sign of the language spoken."""
    return text if spoken() == _SOURCE else text.replace(".", _sign(spoken()))


def joined(*sentences: str) -> str:
    """Sentences in one paragraph; empty ones leave nothing. Chinese has no space between them."""
    text = re.sub(r"[^\S\xa0]+", " ", " ".join(sentences)).strip()  # a space that never breaks stays
    return re.sub("(?<=[，。；：）]) ", "", text) if spoken().startswith("zh") else text


def day_words(day: date) -> str:
    """A date in running text: 28 November 2026.

    Parameters
    ----------
    day : date
    """
    if spoken() == _SOURCE:
        return f"{day.day} {day:%B %Y}"
    return str(require_extra("babel.dates", "languages").format_date(day, "long", locale=spoken()))


@cache
def _sign(name: str) -> str:
    return str(require_extra("babel.numbers", "languages").get_decimal_symbol(name))


@cache
def _catalogue(name: str) -> gettext.GNUTranslations:
    """The translations of a language, as Python's own gettext looks them up."""
    read, write = (require_extra(f"babel.messages.{part}", "languages") for part in ("pofile", "mofile"))
    with (CATALOGUES / name / "LC_MESSAGES" / "evidence.po").open("rb") as file:
        messages = read.read_po(file, locale=name)
    compiled = BytesIO()
    write.write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
