"""Of 100 people, how many improve with the comparison and how many with acupuncture, from the trials' own counts."""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ..base.rows import rows_of
from ..derive.align import arm_sizes
from ..derive.comparisons import comparisons
from ..derive.evidence_base import EvidenceBase
from ..effects.measures.effect_size import effect_size
from ..effects.recover.scales import smd_to_or
from ..errors import SmallSample
from ..languages import _
from ..models.univariate.pool import pool
from .counted import counted
from .grade.synthesis import Synthesis, synthesise
from .pooling import Pooling
from .wording.vocabulary import Vocabulary
from .wording.words import people, trials

#: A condition's own trials tell how many improve without acupuncture from this number of trials on.
_OWN = 2
#: Windows in which improvement is counted, from the most usual.
_WINDOWS = ("short", "intermediate", "long", "unstated", "immediate")
#: A pool is told by its risk ratio where trials with counts hold this much of its weight, in percent.
_COUNTED_SHARE = 50.0
#: Outcomes whose scores a count of people who improved may speak for, to what its definition stands for.
_SPEAKS = {
    "pain": ("pain",),
    "leg_pain": ("pain",),
    "back_pain": ("pain",),
    "disability": ("disability",),
    "function": ("disability",),
    "responder": ("pain", "disability"),
    "global_rating": ("pain", "disability"),
}
ENDS = ("", "_low", "_high")
NAMES = ("risk_comparator", *(f"{what}{end}" for what in ("risk_acupuncture", "difference_per_100") for end in ENDS))


class Risk(NamedTuple):
    """How many improve without acupuncture.

    Attributes
    ----------
    proportion : float
        Mean over trials on the logit scale, random effects.
    least : float
        Lowest proportion of a trial.
    most : float
        Highest.
    k : int
        Trials.
    n : float
        People in their comparator's arms.
    own : bool
        All trials are of the condition asked about; otherwise of any condition.
    """

    proportion: float
    least: float
    most: float
    k: int
    n: float
    own: bool


class Absolute:
    """What effects of a base come to in people of 100.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    ratios : DataFrame
        Its effects as risk ratios.
    pooling : Pooling
        How effects are pooled.
    """

    def __init__(self, db: EvidenceBase, ratios: pd.DataFrame, pooling: Pooling) -> None:
        self._pooling = pooling
        self._stands_for = dict(zip(db.definitions["definition"], db.definitions["stands_for"], strict=True))
        rows = ratios[(ratios["outcome"] == "responder") & ratios["condition"].isin(Vocabulary.of(db).headline)]
        results = {row["result_id"]: row for row in rows_of(db.results)}
        definitions = [results[ids.split("|")[0]]["definition"] for ids in rows["result_ids"]]
        self._ratios = rows.assign(stands_for=[self._stands_for.get(words, "nothing") for words in definitions])
        self._arms = _comparator_arms(db, self._ratios, results)
        self._risks: dict[tuple[str, str, str], Risk | None] = {}

    def risk(self, condition: str, comparator: str, time: str) -> Risk | None:
        """People who improve with a comparator, as their trials count it; None where no trial does.

        Parameters
        ----------
        condition : str
            Whose trials are preferred; with fewer than two, trials of all conditions are taken.
        comparator : str
            What acupuncture is compared with.
        time : str
            The window that is preferred where a trial counts at several.
        """
        asked = condition, comparator, time
        if asked not in self._risks:
            rows = self._arms[self._arms["comparator"] == comparator]
            order = rows["time"].map({name: at for at, name in enumerate(dict.fromkeys([time, *_WINDOWS]))})
            rows = rows.iloc[order.argsort(kind="stable")].drop_duplicates("study").sort_values("study", kind="stable")
            own = rows[rows["condition"] == condition]
            self._risks[asked] = _pooled_risk(own, True) if len(own) >= _OWN else _pooled_risk(rows, False)
        return self._risks[asked]

    def of(self, pooled: Synthesis, without: Collection[str] = ()) -> dict[str, Any]:
        """A pool of standardised differences in people of 100.

        Parameters
        ----------
        pooled : Synthesis
            Of one condition, comparator, outcome and window.
        without : collection of str
            Trials that were left out of it: their counts do not tell what acupuncture does, either.

        Returns
        -------
        dict
            ``risk_comparator`` (of 100 people), ``risk_acupuncture, risk_acupuncture_low, risk_acupuncture_high``,
            ``difference_per_100, difference_per_100_low, difference_per_100_high``, ``per_100_basis`` ("risk ratio of 3
            trials", "SMD as odds ratio", "" where there is none) and ``risk_source``, in words. NaN for outcomes that
            no count of improved people speaks for, and where no comparator's arm counts them.

        Notes
        -----
        R0 is the comparator's risk. Where trials with counts hold half of the pool's weight, R1 = R0 RR (no more than
        1), with RR the pool of their risk ratios; otherwise logit R1 = logit R0 + SMD pi / sqrt(3). The interval is
        that of the effect at R0.

        References
        ----------
        Higgins et al., Cochrane Handbook, chapter 14 and section 15.5.3.2; Chinn (2000), Statistics in Medicine
        19:3127; da Costa et al. (2012), International Journal of Epidemiology 41:1445.
        """
        condition, comparator, outcome, time = _question(pooled)
        risk = self.risk(condition, comparator, time) if outcome in _SPEAKS and pooled.measure == "SMD" else None
        if risk is None:
            return _unknown()
        ratios = self._counted(pooled, (condition, comparator, time), outcome, without)
        if ratios is None:
            basis, ends = "SMD as odds ratio", (pooled.estimate, pooled.ci_low, pooled.ci_high)
            reached = expit(logit(risk.proportion) + smd_to_or(np.array(ends), 0.0).yi)
        else:
            basis, ends = f"risk ratio of {trials(ratios.k)}", (ratios.estimate, ratios.ci_low, ratios.ci_high)
            reached = np.minimum(1.0, risk.proportion * np.exp(ends))
        return _of_100(risk, basis, reached)

    def of_ratio(self, pooled: Synthesis) -> dict[str, Any]:
        """A pool of risk ratios of people who improved in people of 100.

        Parameters
        ----------
        pooled : Synthesis
            Of one condition, comparator and window.

        Returns
        -------
        dict
            As from `of`, with the ratios of the pool itself.
        """
        condition, comparator, _, time = _question(pooled)
        risk = self.risk(condition, comparator, time)
        if risk is None:
            return _unknown()
        reached = np.minimum(1.0, risk.proportion * np.exp([pooled.estimate, pooled.ci_low, pooled.ci_high]))
        return _of_100(risk, f"risk ratio of {trials(pooled.k)}", reached)

    def _counted(
        self, pooled: Synthesis, asked: tuple[str, str, str], outcome: str, without: Collection[str]
    ) -> Synthesis | None:
        """Pooled risk ratio of trials that count people who improved, where they hold half of the weight."""
        rows, (condition, comparator, time) = self._ratios[~self._ratios["study"].isin(list(without))], asked
        rows = rows[(rows["condition"] == condition) & (rows["comparator"] == comparator) & (rows["time"] == time)]
        rows = rows[rows["stands_for"].isin(_SPEAKS[outcome])]
        there = set(rows["study"])
        share = pooled.weight(study in there for study in pooled.columns["study"])
        return synthesise(self._pooling, rows) if share >= _COUNTED_SHARE else None


def _question(pooled: Synthesis) -> tuple[str, ...]:
    return tuple(str(pooled.columns[name][0]) for name in ("condition", "comparator", "outcome", "time"))


def _unknown() -> dict[str, Any]:
    return dict.fromkeys(NAMES, math.nan) | {"per_100_basis": "", "risk_source": ""}


def _of_100(risk: Risk, basis: str, reached: np.ndarray) -> dict[str, Any]:
    """The comparator's risk, and the proportions reached with acupuncture: estimate and interval."""
    found = _unknown() | {
        "risk_comparator": 100 * risk.proportion,
        "per_100_basis": basis,
        "risk_source": risk_words(risk),
    }
    for end, value in zip(ENDS, reached.tolist(), strict=True):
        found[f"risk_acupuncture{end}"] = 100 * value
        found[f"difference_per_100{end}"] = 100 * (value - risk.proportion)
    return found


def in_people(row: Mapping[str, Any], comparator: str) -> str:
    """Of 100 people, how many improve with either; "" where it is not known.

    Parameters
    ----------
    row : mapping
        What `Absolute.of` gives.
    comparator : str
        Its name in running text.
    """
    if math.isnan(row["risk_comparator"]):
        return ""
    names = {"theirs": "risk_comparator", "ours": "risk_acupuncture"}
    names |= {end: f"risk_acupuncture_{end}" for end in ("low", "high")}
    return _(
        "of 100 people, {theirs} improve with {comparator} and {ours} ({low} to {high}) with acupuncture",
        comparator=comparator,
        **{name: f"{row[column]:.0f}" for name, column in names.items()},
    )


def _comparator_arms(db: EvidenceBase, ratios: pd.DataFrame, results: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """People who improved in the comparator's arms, by trial, comparator and window."""
    sizes = arm_sizes(db)
    theirs = {
        (study, comparator): {arm for part in parts for arm in part.theirs}
        for study, comparator, parts in comparisons(db)
    }
    rows = []
    for row in rows_of(ratios[ratios["stands_for"] != "nothing"]):
        arms = theirs[row["study"], row["comparator"]]
        there = [results[name] for name in row["result_ids"].split("|")]
        counts = [counted(result, sizes) for result in there if result["arm"] in arms]
        events, n = sum(count.events for count in counts), sum(count.n for count in counts)
        if n > 0 and not math.isnan(events):
            names = ("study", "condition", "comparator", "time")
            rows.append({name: row[name] for name in names} | {"events": events, "n": n})
    return pd.DataFrame(rows, columns=["study", "condition", "comparator", "time", "events", "n"])


def _pooled_risk(rows: pd.DataFrame, own: bool) -> Risk | None:
    if rows.empty:
        return None
    shares = rows["events"] / rows["n"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # the number of trials is part of the answer
        fit = pool(effect_size("PLO", xi=rows["events"].to_numpy(), ni=rows["n"].to_numpy()))
    least, most, n = float(shares.min()), float(shares.max()), float(rows["n"].sum())
    return Risk(float(expit(fit.estimate)), least, most, len(rows), n, own)


def risk_words(risk: Risk) -> str:
    """Where a risk comes from, in words.

    Parameters
    ----------
    risk : Risk
    """
    share, least, most = (f"{100 * part:.0f}" for part in (risk.proportion, risk.least, risk.most))
    counted = people(risk.n)
    if risk.k > 1:
        counted = _("{people}, {least} to {most} of 100 from trial to trial", people=counted, least=least, most=most)
    named = {"n": share, "trials": trials(risk.k), "counted": counted}
    if risk.own:
        return _(
            "{n} of 100 in the comparison arms of {trials} of this condition ({counted}), each by its own definition "
            "of improving",
            **named,
        )
    return _(
        "{n} of 100 in the comparison arms of {trials} of all conditions ({counted}), each by its own definition "
        "of improving",
        **named,
    )
