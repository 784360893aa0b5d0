"""Trials whose numbers could not be had, and what the pool would be if they had all found nothing."""

from __future__ import annotations

import math
import warnings
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.rows import rows_of
from ...derive.comparisons import admissible
from ...derive.evidence_base import EvidenceBase
from ...errors import SmallSample
from ...models.univariate.pool import pool
from ...models.wording import number
from ..sound import sound
from ..wording.vocabulary import Vocabulary
from ..wording.words import WINDOWS, outcome_words, people, trials


@dataclass(frozen=True)
class Compared:
    """A randomised trial with an admissible comparison.

    Attributes
    ----------
    study : str
        Its key.
    condition : str
        Its condition.
    people : float
        Randomised; NaN where not known.
    """

    study: str
    condition: str
    people: float


class MissingResults:
    """What randomised trials with an admissible comparison do not tell.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        pairs = admissible(db)
        made = set(zip(pairs["study_id"], pairs["comparator"], strict=True))
        self.comparators = sorted({comparator for _, comparator in made})
        #: Trials by what acupuncture is compared with, in the order of their keys.
        self.compared: dict[str, list[Compared]] = defaultdict(list)
        for trial in rows_of(db.studies.sort_values("study_id")):
            for comparator in self.comparators:
                if (trial["study_id"], comparator) in made:
                    one = Compared(trial["study_id"], trial["condition"], trial["n_randomised"])
                    self.compared[comparator].append(one)
        self._reported = set(zip(db.results["study_id"], db.results["outcome"], strict=True))
        effects = db.effects("SMD")
        self._numbers = set(zip(effects["study"], effects["outcome"], strict=True))
        self._with_number = set(zip(effects["study"], effects["comparator"], strict=True))

    def of(
        self,
        conditions: Collection[str],
        comparator: str,
        outcomes: Collection[str],
        clinical: bool,
        given: Collection[str] = (),
    ) -> list[dict[str, Any]]:
        """Trials whose result for a question is missing.

        Parameters
        ----------
        conditions : collection of str
            Whose trials, as named in the data.
        comparator : str
            What acupuncture is compared with.
        outcomes : collection of str
            What should be measured, as named in the data.
        clinical : bool
            True for what nearly every trial measures (pain, disability): then a trial without any number for this
            comparison counts as missing too. A marker is missed only where a source speaks of it.
        given : collection of str
            Trials that are in the pool.

        Returns
        -------
        list of dict
            ``study_id, n_randomised, why``: "no result that can be read", or "words or a threshold only". A trial that
            gives a number for the outcome in another window, or for other outcomes only, is not counted.
        """
        found = []
        for trial in self.compared.get(comparator, ()):
            if trial.condition not in conditions or trial.study in given:
                continue
            silent = clinical and (trial.study, comparator) not in self._with_number
            worded = any((trial.study, outcome) in self._reported for outcome in outcomes)
            if silent or (worded and not any((trial.study, outcome) in self._numbers for outcome in outcomes)):
                why = "words or a threshold only" if worded else "no result that can be read"
                found.append({"study_id": trial.study, "n_randomised": trial.people, "why": why})
        return found

    def without(self, condition: str, comparator: str, given: Collection[str]) -> list[Compared]:
        """Trials of one comparison that are not in a pool, whatever they measured."""
        return [
            trial
            for trial in self.compared.get(comparator, ())
            if trial.condition == condition and trial.study not in given
        ]


def missing_results(db: EvidenceBase, *, outcome: str = "pain", time: str = "short") -> pd.DataFrame:
    """How much is missing from each pool, and what it would come to if all missing trials had found no difference.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    outcome : str
        What the pools measure.
    time : str
        Their window.

    Returns
    -------
    DataFrame
        One row a condition and comparator with an admissible trial: ``condition, comparator, outcome, time, k, n``,
        ``estimate, ci_low, ci_high`` (SMD as pooled), ``trials_missing, people_missing`` (trials of the comparison that
        give no number for the pool), ``null_estimate, null_ci_low, null_ci_high`` (with every missing trial as 0) and
        ``sentence``.

    See Also
    --------
    certainty : counts what is missing against a pool.
    trim_and_fill : trials that a funnel says are missing.

    Notes
    -----
    A missing trial of n people enters as 0 with the variance 4 / n of an SMD of two equal groups; where its size is not
    known either, with the median size of the trials in the comparison. This is the pessimist's pool, not an estimate:
    it says how much the answer leans on what could be read.

    Examples
    --------
    >>> import evidence as ev
    >>> missing = ev.missing_results(ev.load())
    >>> bool((missing["trials_missing"] > 0).any())
    True
    """
    lookup, words = MissingResults(db), Vocabulary.of(db)
    effects = db.effects("SMD")
    effects = effects[(effects["outcome"] == outcome) & (effects["time"] == time)]
    asked = sorted({(trial.condition, name) for name in lookup.comparators for trial in lookup.compared[name]})
    rows = []
    for condition, comparator in asked:
        there = effects[(effects["condition"] == condition) & (effects["comparator"] == comparator)]
        all_sizes = [trial.people for trial in lookup.without(condition, comparator, ())]
        sizes = [trial.people for trial in lookup.without(condition, comparator, set(there["study"]))]
        there = sound(there)
        n = there["n_acupuncture"].sum() + there["n_comparator"].sum()
        row = {
            "condition": condition,
            "comparator": comparator,
            "outcome": outcome,
            "time": time,
            "k": len(there),
            "n": n,
            "trials_missing": len(sizes),
            "people_missing": _known_sum(sizes),
        }
        usual = pd.Series(all_sizes).median()
        filled = np.array([usual if math.isnan(size) else size for size in sizes])
        filled = filled[~np.isnan(filled)]
        yi = np.concatenate([there["yi"], np.zeros(len(filled))])
        vi = np.concatenate([there["vi"], 4 / filled])
        row |= _pooled(there["yi"].to_numpy(), there["vi"].to_numpy(), "") | _pooled(yi, vi, "null_")
        rows.append(row | {"sentence": _sentence(row, words)})
    return pd.DataFrame(rows)


def _known_sum(sizes: list[float]) -> float:
    return float(sum(size for size in sizes if not math.isnan(size)))


def _pooled(yi: np.ndarray, vi: np.ndarray, prefix: str) -> dict[str, float]:
    names = [f"{prefix}{name}" for name in ("estimate", "ci_low", "ci_high")]
    if not len(yi):
        return dict.fromkeys(names, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # k stands in the row
        fit = pool(yi, vi)
    return dict(zip(names, (fit.estimate, *fit.ci), strict=True))


def _sentence(row: dict[str, Any], words: Vocabulary) -> str:
    about = (
        f"{words.conditions[row['condition']]}, against {words.comparators[row['comparator']]}, "
        f"{outcome_words(row['outcome'])} {WINDOWS[row['time']]}"
    )
    k, missing = row["k"], row["trials_missing"]
    if not missing:
        return f"In {about}: {'the one trial gives' if k == 1 else f'all {k} trials give'} a number."
    size = people(row["people_missing"]) if row["people_missing"] else "size not known"
    gone = f"{trials(missing)} ({size})"
    if not k:
        return f"In {about}: no trial gives a number; missing {'is' if missing == 1 else 'are'} {gone}."
    low, high = row["null_ci_low"], row["null_ci_high"]
    reading = (
        "would still lie above no difference"
        if low > 0
        else ("would lie below no difference" if high < 0 else "would include no difference")
    )
    return (
        f"In {about}: {trials(k)} {'gives' if k == 1 else 'give'} {number(row['estimate'])} SD; "
        f"if the missing {gone} had found nothing, it would be {number(row['null_estimate'])} SD, "
        f"and the interval ({number(low)} to {number(high)}) {reading}."
    )
