"""Load the trial tables and choose among them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from ..effects.arguments import require_path
from ..errors import InvalidData
from .ahead import loaded_ahead
from .folder import read_tables
from .lines import by_population, reviews_by_population
from .package import bundled_root
from .scope import narrowed, vocabulary, words_of

Choice = str | Collection[str] | None

#: What enters unless `TrialTables.select` asks for something else.
HEADLINE: Mapping[str, tuple[str, ...]] = {
    "isolates": ("yes",),
    "needle": ("yes",),
    "excluded": ("no",),
    "phase": ("initial",),
    "randomised": ("yes", "quasi"),
}


@dataclass(frozen=True, repr=False, eq=False)
class TrialTables:
    """The tables of a data folder, typed and checked.

    Attributes
    ----------
    studies : DataFrame
        One row a trial; ``condition`` and ``directness`` are those of the population that it studied
        (`evidence.base.lines`). Here as in the others: the columns of the codebook; missing numbers are NaN, missing
        words "".
    arms : DataFrame
        One row an arm of a trial.
    results : DataFrame
        One row a number (or a direction in words) that a trial reported.
    comparisons : DataFrame
        One row a pair of arms: what the other arm is, and what the pair isolates.
    risk_of_bias : DataFrame
        One row a judged domain of a trial.
    blinding : DataFrame
        One row what a source says about who knew, for a trial and a kind of comparator.
    symptom_duration : DataFrame
        One row how long symptoms had lasted at baseline.
    trial_facts : DataFrame
        One row a fact of conduct: attrition, allocation, analysis.
    conditions : DataFrame
        Vocabulary: what was treated.
    comparators : DataFrame
        Vocabulary: what acupuncture was compared with.
    mechanisms : DataFrame
        Vocabulary: how acupuncture is said to work.
    outcomes : DataFrame
        Vocabulary: what was measured, and where it is claimed to go.
    styles : DataFrame
        Vocabulary: styles of acupuncture.
    instruments : DataFrame
        Scales: range, direction, smallest important difference.
    claims : DataFrame
        What is said about acupuncture, a row a claim.
    published_reviews : DataFrame
        Pooled results of other reviews.
    published_grades : DataFrame
        Certainty that other reviews gave to pooled results.
    published_moderators : DataFrame
        What analyses of individual patients say about effect modifiers.
    definitions : DataFrame
        What trials count as a response, and what it stands for.
    harms : DataFrame
        What trials count as adverse events, and whether it is minor or serious.
    hierarchy : DataFrame
        Which measured outcome speaks for which, by condition.
    follow_up_times : DataFrame
        Weeks that were read from the remarks of a row.
    thresholds : DataFrame
        Smallest worthwhile difference by outcome.
    priors : DataFrame
        Prior of the spread between few trials, by measure.
    certainty_overrides : DataFrame
        Steps of certainty that somebody judged anew.
    integrity_overrides : DataFrame
        Flags of `evidence.screen` that somebody lifted or set, each with its reason.
    whole_number_scales : DataFrame
        Scales on which one person scores a whole number.
    scope : mapping of str to tuple of str
        The choices made by `select` so far.
    root : Path
        The folder the tables came from.
    printed : mapping of str to array
        ``result_id`` and the numbers of the results as the text of their file (see `evidence.base.printed`).
    whole : TrialTables or None
        The base that `select` chose from, None where nothing was chosen.
    """

    studies: pd.DataFrame
    arms: pd.DataFrame
    results: pd.DataFrame
    comparisons: pd.DataFrame
    risk_of_bias: pd.DataFrame
    blinding: pd.DataFrame
    symptom_duration: pd.DataFrame
    trial_facts: pd.DataFrame
    conditions: pd.DataFrame
    comparators: pd.DataFrame
    mechanisms: pd.DataFrame
    outcomes: pd.DataFrame
    styles: pd.DataFrame
    instruments: pd.DataFrame
    claims: pd.DataFrame
    published_reviews: pd.DataFrame
    published_grades: pd.DataFrame
    published_moderators: pd.DataFrame
    definitions: pd.DataFrame
    harms: pd.DataFrame
    hierarchy: pd.DataFrame
    follow_up_times: pd.DataFrame
    thresholds: pd.DataFrame
    priors: pd.DataFrame
    certainty_overrides: pd.DataFrame
    integrity_overrides: pd.DataFrame
    whole_number_scales: pd.DataFrame
    root: Path
    printed: Mapping[str, np.ndarray]
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: TrialTables | None = field(default=None, init=False)  # no argument, so `replace` leaves it behind

    @classmethod
    def load(cls, root: str | Path | None = None) -> Self:
        """Read and check a data folder.

        Parameters
        ----------
        root : path, optional
            Folder with the CSV files of the codebook. Default: the one that the environment variable
            ``EVIDENCE_DATA`` names, else the data that comes with the package.

        Raises
        ------
        InvalidData
            With every problem found, not only the first.

        Examples
        --------
        >>> import evidence as ev
        >>> db = ev.load()
        >>> db.studies["study_id"].is_unique
        True
        """
        folder = require_path("root", root or os.environ.get("EVIDENCE_DATA") or bundled_root())
        if (ahead := loaded_ahead(cls, folder)) is not None:
            return ahead
        tables, printed, problems = read_tables(folder)
        if problems:
            raise InvalidData(problems)
        tables["studies"] = by_population(tables["studies"], tables["conditions"])
        tables["published_reviews"] = reviews_by_population(tables["published_reviews"], tables["conditions"])
        return cls(root=folder, printed=printed, **tables)  # type: ignore[arg-type]  # one frame a field

    def select(
        self,
        *,
        condition: Choice = None,
        mechanism: Choice = None,
        comparator: Choice = None,
        outcome: Choice = None,
        time: Choice = None,
        style: Choice = None,
        directness: Choice = None,
        min_confidence: str | None = None,
        isolates: Choice = None,
        needle: Choice = None,
        excluded: Choice = None,
        phase: Choice = None,
        randomised: Choice = None,
    ) -> Self:
        """A smaller base: every argument is a value, several values, or None for no choice.

        Parameters
        ----------
        condition : str or collection of str
            What was treated (conditions.csv).
        mechanism : str or collection of str
            What the outcome speaks to (mechanisms.csv).
        comparator : str or collection of str
            What acupuncture is compared with.
        outcome : str or collection of str
            What was measured. ``results`` keeps every row of the trials, since one outcome may stand in for another.
        time : str or collection of str
            Window: "immediate", "short", "intermediate", "long" or "unstated".
        style : str or collection of str
            Style of the acupuncture arm (styles.csv).
        directness : str or collection of str
            "direct": the low-back condition itself; "indirect": a related condition.
        min_confidence : {"low", "high"}
            "high" leaves out every doubtful result row.
        isolates : str or collection of str
            Did both arms get the same otherwise? `effects` takes "yes" unless asked here.
        needle : str or collection of str
            Did a needle go through the skin? `effects` takes "yes" unless asked here.
        excluded : str or collection of str
            "no" (the default of `effects`), "yes" or both: pairs with an ``exclude_reason`` in comparisons.csv.
        phase : str or collection of str
            "initial" (the default of `effects`): treatment from its start. "maintenance": pairs of arms that all had
            the same first course, so that they tell what further sessions do (``exclude_reason`` begins
            "maintenance:"). Such pairs enter no other effect, whatever is asked of ``excluded``.
        randomised : str or collection of str
            How trials were allocated; `effects` takes "yes" and "quasi" unless asked here.

        Returns
        -------
        TrialTables
            A base of the same kind, whose ``scope`` says what was chosen.

        Raises
        ------
        InvalidInput
            When a value is not in the vocabulary, with the values that are.
        """
        asked = {
            "condition": condition,
            "mechanism": mechanism,
            "comparator": comparator,
            "outcome": outcome,
            "time": time,
            "style": style,
            "directness": directness,
            "min_confidence": min_confidence,
            "isolates": isolates,
            "needle": needle,
            "excluded": excluded,
            "phase": phase,
            "randomised": randomised,
        }
        words = vocabulary(self)
        scope = dict(self.scope)
        for name, choice in asked.items():
            if choice is not None:
                scope[name] = words_of(name, choice, words[name])
        chosen = narrowed(replace(self, scope=scope))
        object.__setattr__(chosen, "whole", self if self.whole is None else self.whole)
        return chosen

    def __repr__(self) -> str:
        trials = self.studies["condition"].value_counts()
        lines = [
            f"{type(self).__name__}: {len(self.studies)} trials, {len(self.comparisons)} pairs of arms, "
            f"{len(self.results)} results",
            "conditions: " + ", ".join(f"{name} {trials[name]}" for name in sorted(trials.index)),
            "chosen: " + ", ".join(f"{name}={'|'.join(values)}" for name, values in self.scope.items()),
        ]
        return "\n  ".join(line for line in lines if not line.endswith(": "))
