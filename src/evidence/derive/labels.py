"""What a trial is called wherever readers meet it: "Witt 2006"; "China 2014, knee osteoarthritis (anonymous)".

1. The family name of the first author in latin letters, and the year ("n.d." where it is not known). Where the source
   prints the name in other letters only, the first word of the trial's key, which is the author's.
2. Without an author: country and year as far as they are known, the population in a few words, and in brackets the
   number in a trial register, or "thesis", or "anonymous". Where neither country nor year is known that comes first:
   "Anonymous, lumbar disc herniation".
3. Where trials of a base would begin alike, letters tell them apart, in the order of their keys: "Itoh 2006a",
   "China 2024b, low back pain (anonymous)". So names stay apart where a figure has room for their beginnings only.

A name has 45 characters at most; the population gives way, its first words first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..base.once import once
from ..base.rows import rows_of
from ..base.tables import TrialTables
from .notes import readable

LONGEST = 45
_LETTERS = 2  # room for what tells trials with the same name apart
#: ISO 3166 codes as readers know the countries; others stand as their code.
_COUNTRIES: Mapping[str, str] = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland",
    "CL": "Chile", "CN": "China", "DE": "Germany", "DK": "Denmark", "EG": "Egypt", "ES": "Spain", "FI": "Finland",
    "FR": "France", "GB": "UK", "GR": "Greece", "HK": "Hong Kong", "ID": "Indonesia", "IE": "Ireland",
    "IL": "Israel", "IN": "India", "IR": "Iran", "IT": "Italy", "JP": "Japan", "KR": "Korea", "MX": "Mexico",
    "MY": "Malaysia", "NG": "Nigeria", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PK": "Pakistan",
    "PL": "Poland", "PT": "Portugal", "SA": "Saudi Arabia", "SE": "Sweden", "SG": "Singapore", "TH": "Thailand",
    "TR": "Turkey", "TW": "Taiwan", "US": "USA", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip
_SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|[aeiouv])"
)
_FAMILY, _GIVEN = re.compile(_SYLLABLE), re.compile(f"(?:{_SYLLABLE}-?){{1,2}}")
_THESIS = re.compile(r"\b(thesis|dissertation)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"^(\d\S* or older|.*\b(patients|people|adults|men|women|students|athletes|outpatients|personnel|persons))\b.*? "
    r"(with|after) "
)
_CLAUSE_ENDS = re.compile(
    r"[,;:(]| [<>]|(?<=\D) \d| (?:with|in|of|after|due to|caused|treated|from|who|on|needling|active|despite|awaiting|"
    r"Kellgren|grade|(?:in|out)patients)\b"
)
#: What sources write in several ways, or too short to be understood by itself.
_PLAINER = (
    (re.compile(r"\bLDH\b"), "lumbar disc herniation"),
    (re.compile(r"^(prolapse|protrusion) of (?:the )?lumbar intervertebral disc"), r"lumbar disc \1"),
    (re.compile(r"^\d+ (?=\w+ (?:subjects|volunteers|people|patients))"), ""),
    (re.compile(r"^healthy$"), "healthy people"),
    (re.compile(r"^nerve root type "), "radicular "),
)
#: What a name is made of.
_TOLD = [
    *("study_id", "first_author", "year", "country", "citation", "journal", "registration"),
    *("population", "condition"),
]
_LOOSE = ("and", "or", "of", "the")  # no population begins with these


@once
def labels(db: TrialTables) -> dict[str, str]:
    """Key of every trial to its name.

    Parameters
    ----------
    db : TrialTables
        A base; a trial keeps its name in whatever is selected from it.

    Returns
    -------
    dict of str to str
        In the order of the keys, no name twice.

    Examples
    --------
    >>> import evidence as ev
    >>> labels(ev.load())["brinkhaus-2006"]
    'Brinkhaus 2006'
    """
    if db.whole is not None:
        return labels(db.whole)
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for trial in sorted(rows_of(db.studies[_TOLD]), key=lambda trial: str(trial["study_id"])):
        head, rest = _name(trial)
        alike[head].append((str(trial["study_id"]), rest))
    found = {
        key: f"{head}{_letter(head, at) if trials[1:] else ''}{rest}"
        for head, trials in alike.items()
        for at, (key, rest) in enumerate(trials)
    }
    return dict(sorted(found.items()))


def family_name(author: str) -> str:
    """The family name in latin letters of an author written family name first, "" where there are none.

    Initials and a Chinese given name go; "Guerreiro da Silva" and "Sánchez-Romero" stay whole.

    >>> family_name("Cui Wenying"), family_name("Al Rashoud AS"), family_name("崔文穎 (Cui Wenying)")
    ('Cui', 'Al Rashoud', 'Cui')
    """
    author = unicodedata.normalize("NFC", author)
    if not _latin(author):
        inside = re.search(r"\(([^)]+)\)", author)
        author = inside[1] if inside and _latin(inside[1]) else ""
    words = author.partition(",")[0].split()
    while len(words) > 1 and re.fullmatch(r"([A-Z]\.?-?){1,4}", words[-1]):
        words.pop()
    if len(words) == 2 and _FAMILY.fullmatch(words[0].lower()) and _GIVEN.fullmatch(words[1].lower()):
        words.pop()
    return " ".join(words)


def short_population(population: str, room: int) -> str:
    """What ails the people of a trial, in at most ``room`` characters; "" where it is not said in latin letters.

    >>> short_population("Elderly patients with LDH, acute stage; mean age 71", 30)
    'lumbar disc herniation'
    >>> short_population("chronic non-specific low back pain", 30)
    'non-specific low back pain'
    """
    text = readable(population)
    text = _PEOPLE.sub("", text[:1].lower() + text[1:] if text[1:2].islower() else text)
    text = _plainer(_CLAUSE_ENDS.split(_plainer(text))[0])
    words = text.split()
    while words and (len(" ".join(words)) > room or words[0] in _LOOSE):
        joined = len(words) > 2 and words[1] in ("and", "or")
        words = words[3 if joined else 1 :]
    text = " ".join(words)
    return text if _latin(text) else ""


def _plainer(text: str) -> str:
    for pattern, words in _PLAINER:
        text = pattern.sub(words, text)
    return text


def _name(trial: Mapping[str, Any]) -> tuple[str, str]:
    """How a trial's name begins, and how it goes on: a letter may stand between."""
    key, author = str(trial["study_id"]), str(trial["first_author"])
    year = "" if math.isnan(trial["year"]) else f"{trial['year']:.0f}"
    name = family_name(author) or (author and key.partition("-")[0].capitalize())
    if name:
        return f"{name[: LONGEST - _LETTERS - 5].rstrip()} {year or 'n.d.'}", ""
    country = _COUNTRIES.get(trial["country"], str(trial["country"]))
    thesis = _THESIS.search(f"{trial['citation']} {trial['journal']}")
    kind = str(trial["registration"]) or ("thesis" if thesis else "anonymous")
    heads = {f"{country} {year or 'n.d.'}": f" ({kind})"} if country else {}
    heads |= {year: f" ({kind})"} if year else {kind[:1].upper() + kind[1:]: ""}
    found = []
    for head, end in heads.items():
        room = LONGEST - _LETTERS - len(f"{head}, {end}")
        whom = short_population(trial["population"], room) or str(trial["condition"]).replace("_", " ")[:room]
        found.append((head, f", {whom}{end}"))
        if " " in whom:  # two words say more than a country
            return found[-1]
    return found[0]


def _letter(head: str, at: int) -> str:
    """a, b, ..., z, aa, ab, ...: at once after a year, else after a space."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters if head[-4:].isdigit() else f" {letters}"


def _latin(text: str) -> bool:
    """Has letters, and only such as every font has: latin ones, with diacritics or without."""
    letters = [letter for letter in text if letter.isalpha()]
    known = (letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return bool(letters) and all(known)
