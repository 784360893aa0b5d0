"""Where the numbers of a post can be looked up: each trial with its DOI, or else where it can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...answers.for_patients import Answer
from ...answers.harm.safety import safety
from ...answers.results import Results
from ...base.rows import rows_of
from ...charts.sources import trial_address
from ...derive.labels import labels
from ..figures.headline import headline_comparator


@dataclass(frozen=True)
class Source:
    """A line with a link at its end.

    Attributes
    ----------
    words : str
        Plain text.
    address : str
        Of a page on the web; "" for none.
    """

    words: str
    address: str


def sources(results: Results, key: str, found: Iterable[Answer]) -> tuple[Source, ...]:
    """The trials behind the numbers of a post, by name.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        The condition.
    found : iterable of Answer
        What is said of benefits.
    """
    studies = _behind_answers(results, found) | _behind_figure(results, key) | _behind_harms(results, key)
    names = labels(results.db)
    rows = [row for row in rows_of(results.db.studies) if row["study_id"] in studies]
    rows.sort(key=lambda row: names[row["study_id"]])
    return tuple(Source(f"{names[row['study_id']]}: {row['citation']}", trial_address(row)) for row in rows)


def _behind_answers(results: Results, found: Iterable[Answer]) -> set[str]:
    asked = ("condition", "outcome", "time", "comparator")
    rows = [answer.row for answer in found if answer.row]
    return {study for row in rows for study in results.effects_on(**{name: row[name] for name in asked})["study"]}


def _behind_figure(results: Results, key: str) -> set[str]:
    for outcome in results.words.critical:
        question = {"condition": key, "outcome": outcome, "time": "short"}
        main = headline_comparator(results, key, outcome)
        effects = results.effects_on(**question, **({"comparator": main} if main else {}))
        if len(effects):
            return set(effects["study"])
    return set()


def _behind_harms(results: Results, key: str) -> set[str]:
    arms = safety(results.db).arms
    counted = arms["events"].notna() & arms["n"].notna() & (arms["kind"] != "drug")
    return set(arms.loc[counted & (arms["condition"] == key) & (arms["role"] == "acupuncture"), "study"])
