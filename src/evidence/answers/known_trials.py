"""What each known trial of a comparison tells about a question: the one place that says which results are missing.

The trials of a question are those with an admissible comparison (`evidence.derive.comparisons.admissible`: randomised,
nothing but the needling differs, no reason for exclusion) in the conditions and against the comparator asked about.
Each of them is in one state, so that the counts add up to all trials that made the comparison:

- *pooled*: it is in the result that is looked at;
- *other number*: it gives an effect on the outcome, but at another time (or in another measure);
- *direction*: no effect, but its words say which way the outcome went (`evidence.answers.directions`), at any time;
- *unreadable*: it measured the outcome, or is expected to have, and neither a number nor a direction can be had. A
  source that prints means or a difference without any error is here: no way can be read from it that chance would not
  give as well;
- *other outcomes*: what can be read of it is about other outcomes, and no source says that it measured this one.

**Missing** from a pool are *direction* and *unreadable* together: trials that are known or presumed to have measured
the outcome (ROB-ME, Page et al. 2023) and give no number for it. A trial is known to have when any row of
``results.csv`` is about the outcome, a value before treatment too. It is presumed to have where the outcome is one that
nearly every such trial measures (`MEASURED_BY_ALL`) and the trial gives no effect at all for the comparison: nothing
then says what it did measure. A trial that gives effects on other outcomes only has been read, and is not presumed to
keep this one back.

People are those randomised (``n_randomised``). A trial that does not state them counts as a trial without people, and
wherever people are summed the number of such trials stands beside the sum.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.hierarchy import Hierarchy
from .directions import Directions

State = Literal["pooled", "other number", "direction", "unreadable", "other outcomes"]
#: Without an effect a trial is presumed to have measured these: nearly every trial does.
MEASURED_BY_ALL = ("pain", "disability")


@dataclass(frozen=True)
class Told:
    """What one trial tells.

    Attributes
    ----------
    study : str
        Its key.
    people : float
        Randomised; NaN where not stated.
    state : str
        One of `State`.
    direction : float
        Of a *direction*: 1 in favour of acupuncture, -1 of the comparator, 0 neither; NaN in the other states.
    doubtful : bool
        The direction rests on a doubtful row.
    """

    study: str
    people: float
    state: State
    direction: float = math.nan
    doubtful: bool = False


def stated(trials: Sequence[Told]) -> float:
    """People in some trials, as far as stated."""
    return float(sum(trial.people for trial in trials if not math.isnan(trial.people)))


@dataclass(frozen=True)
class Account:
    """The trials of one question, each with what it tells.

    Attributes
    ----------
    trials : tuple of Told
        In the order of their keys.
    """

    trials: tuple[Told, ...]

    @cached_property
    def missing(self) -> tuple[Told, ...]:
        """Trials that measured it, or are expected to have, and give no number."""
        return self._in("direction", "unreadable")

    @cached_property
    def elsewhere(self) -> tuple[Told, ...]:
        """Trials that give numbers, but not for this: at another time, or on other outcomes only."""
        return self._in("other number", "other outcomes")

    @property
    def people_missing(self) -> float:
        """People in the missing trials, as far as stated."""
        return stated(self.missing)

    @property
    def said(self) -> tuple[int, int, int]:
        """Missing trials that say in words: acupuncture better, no difference, acupuncture worse."""
        ways = [trial.direction for trial in self.missing]
        return ways.count(1.0), ways.count(0.0), ways.count(-1.0)

    def numbers(self) -> dict[str, Any]:
        """The columns that tables share: see `COLUMNS`."""
        better, same, worse = self.said
        return {
            "trials_compared": len(self.trials),
            "people_compared": stated(self.trials),
            "trials_elsewhere": len(self.elsewhere),
            "trials_missing": len(self.missing),
            "people_missing": self.people_missing,
            "unsized_missing": sum(math.isnan(trial.people) for trial in self.missing),
            "said_better": better,
            "said_no_difference": same,
            "said_worse": worse,
            "trials_unreadable": len(self._in("unreadable")),
            "missing": "|".join(trial.study for trial in self.missing),
        }

    def _in(self, *states: State) -> tuple[Told, ...]:
        return tuple(trial for trial in self.trials if trial.state in states)


#: Columns of `Account.numbers`: trials and people of the comparison; trials that tell of other times or outcomes only;
#: trials missing, their people, and how many of them do not state people; which way missing trials say it went; how
#: many say nothing that can be read; their keys, joined by "|".
COLUMNS = tuple(Account(()).numbers())
#: Those of them that add up over conditions.
SUMMED = tuple(name for name in COLUMNS if name != "missing")


class KnownTrials:
    """Every trial of a base with an admissible comparison, and what it tells.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    directions : Directions
        What their words say.
    effects : DataFrame
        Their standardised differences.
    """

    def __init__(self, db: EvidenceBase, directions: Directions, effects: pd.DataFrame) -> None:
        self._directions = directions
        trials = db.studies
        self._condition = dict(zip(trials["study_id"], trials["condition"], strict=True))
        self._people = dict(zip(trials["study_id"], trials["n_randomised"].tolist(), strict=True))
        self._trials: dict[str, list[str]] = defaultdict(list)
        pairs = admissible(db)
        for study, comparator in sorted(set(zip(pairs["study_id"], pairs["comparator"], strict=True))):
            self._trials[comparator].append(study)
        self._measured = _measured(db)
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for study, comparator, outcome in zip(effects["study"], effects["comparator"], effects["outcome"], strict=True):
            self._numbers[study, comparator].add(outcome)

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Condition and comparator of every comparison that a trial made, sorted."""
        return sorted({(self._condition[study], name) for name, made in self._trials.items() for study in made})

    def of(
        self, conditions: Collection[str], comparator: str, outcomes: Collection[str], given: Collection[str] = ()
    ) -> Account:
        """What the trials of a comparison tell about some outcomes.

        Parameters
        ----------
        conditions : collection of str
            Whose trials, as named in the data.
        comparator : str
            What acupuncture is compared with.
        outcomes : collection of str
            What is asked about, as named in the data.
        given : collection of str
            Trials that are in the result that is looked at.

        Returns
        -------
        Account
            Every trial of the comparison, once.
        """
        votes = self._directions.by_trial(conditions, comparator, outcomes)
        presumed = any(outcome in MEASURED_BY_ALL for outcome in outcomes)
        found = []
        for study in self._trials.get(comparator, ()):
            if self._condition[study] not in conditions:
                continue
            known = self._numbers.get((study, comparator), set())
            size = self._people[study]
            if study in given:
                found.append(Told(study, size, "pooled"))
            elif known.intersection(outcomes):
                found.append(Told(study, size, "other number"))
            elif study in votes:
                doubtful = votes[study]["confidence"] == "low"
                found.append(Told(study, size, "direction", votes[study]["direction"], doubtful))
            elif self._measured[study].intersection(outcomes) or (presumed and not known):
                found.append(Told(study, size, "unreadable"))
            else:
                found.append(Told(study, size, "other outcomes"))
        return Account(tuple(found))


def _measured(db: EvidenceBase) -> dict[str, set[str]]:
    """Outcomes that each trial is known to have measured, under their own name and those they stand for."""
    hierarchy = Hierarchy.of(db)
    found: dict[str, set[str]] = defaultdict(set)
    for study, outcome in zip(db.results["study_id"], db.results["outcome"], strict=True):
        found[study].add(outcome)
    for study, rows in db.reported.items():
        found[study].update(outcome for row in rows for outcome in hierarchy.pools(study, row, "SMD"))
    return found
